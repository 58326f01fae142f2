// Replay: a training as a film. A slider over the epochs moves the map of the codes and the reconstructions beside it, live and
// afterwards, in the page. (evaluator.js and drawing.js stand in front of this text.) Top to bottom: the mount, Replay (time,
// frames, what is sent to Python), Cloud (the map), Grid (inputs and reconstructions), helpers.
//
// data: { run, title, epochs_total, chunks: how many `snapshot_blob` sends, live, k, map_title, axes: [across, up],
//   gaussian: whether the prior's circles are drawn (k = 2), classes: [name] or null, labels: base64 of bytes (N) or null,
//   factors: [{name, unit, values: base64 of float32 (N)}] or null, inputs: base64 of bytes (0..1) or of float32,
//   inputs_shape: [M, ...shape], range: [low, high] or null, epoch: where to start, null for the newest, revision }
//
// The figure owns what the person moves. `data` sets it when `run` or `revision` changes and never afterwards. Python hears of it
// on release: setStateValue("view", {epoch}), null for the newest, which is followed while the training goes on.
// What rests is an epoch that was measured; between two of them, while something moves, points go in straight lines.

export default (component) => mount(component, ".lx-replay", () => new Replay());

const GLIDE = 400, STEP = 150; // ms to a new epoch, ms to the one that was asked for
const FILM = 8; // seconds of a whole training at speed 1 ×; a short one is not slowed below PACE
const PACE = 4; // epochs a second
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

class Replay extends Live {
  snapshots = []; // {epoch, map (N * 2), made (M * prod(shape))}, by epoch
  at = null; // where the film stands, in epochs; null until the epochs are there
  goal = null; // the epoch where it comes to rest
  following = true; // the newest, also when a newer one comes
  held = false; // whether a hand is on the slider
  playing = false;
  glide = null; // {from, to, began, lasts}

  constructor() { super("latent-snapshots"); }

  arrived(run) { if (run === this.data.run) this.gather(); }

  receive(root, data, setStateValue) {
    // Fewer chunks than before: a new training took this run's name, and what came later in the old one must not mix with it.
    if (data.run === this.data?.run && data.chunks < this.data.chunks) for (const chunk of latentSnapshots.get(data.run)?.keys() ?? []) if (chunk >= data.chunks) latentSnapshots.get(data.run).delete(chunk);
    const { fresh, moved } = this.heed(root, data, setStateValue, data.run);
    if (moved) this.build();
    if (fresh) this.restart();
    this.cloud.set(data, this.theme);
    this.grid.set(data, this.theme);
    this.gather();
    this.refresh();
  }

  restart() {
    this.hold(false);
    Object.assign(this, { at: null, goal: null, playing: false, glide: null, following: !Number.isFinite(this.data.epoch) });
    this.cloud.box = null;
    this.sent = JSON.stringify(this.state());
  }

  build() {
    const find = (id) => this.root.querySelector(`[data-testid=${id}]`);
    Object.assign(this, { body: this.root.querySelector(".lx-body"), slider: find("epoch-slider"), play: find("play"), live: find("live"), label: find("epoch-label"), speed: find("speed") });
    this.cloud = new Cloud(find("replay-map"), find("replay-caption"));
    this.grid = new Grid(find("replay-pictures"), this.root.querySelector(".lx-key small"));
    const { slider } = this;
    slider.onpointerdown = () => this.hold(true);
    slider.oninput = () => this.slide(Number(slider.value));
    slider.onpointerup = slider.onpointercancel = slider.onlostpointercapture = slider.onchange = () => this.release();
    this.root.querySelector(".lx-move").onkeydown = (event) => this.key(event);
    this.play.onclick = () => this.toggle();
    this.live.onclick = () => { if (this.at !== null) { this.go(this.newest(), GLIDE); this.send(); } };
    const colour = find("replay-colour");
    colour.onchange = () => { this.cloud.colour = colour.value; this.refresh(); };
    this.colour = colour;
    this.observer.disconnect();
    for (const element of [this.cloud.canvas, this.grid.canvas]) this.observer.observe(element);
  }

  // ---- the epochs that are there ----

  gather() {
    const { data } = this, chunks = [...latentSnapshots.get(data.run) ?? []].filter(([number]) => number < data.chunks).map(([, chunk]) => chunk);
    const first = this.at === null;
    if (first && chunks.length < data.chunks) { this.snapshots = []; return this.refresh(); } // not piece by piece
    this.snapshots = chunks.flatMap((chunk) => chunk.snapshots).sort((a, b) => a.epoch - b.epoch);
    if (!this.snapshots.length) return this.refresh();
    this.cloud.reach(this.snapshots);
    if (first) { this.jump(this.following ? this.newest() : this.nearest(data.epoch)); this.following ||= this.at === this.newest(); }
    else if (this.following && !this.held && !this.playing) this.go(this.newest(), GLIDE);
    else if (!this.held && !this.playing && !this.glide) this.jump(this.nearest(this.at)); // its epoch may have been thinned out
    this.refresh();
  }

  oldest() { return this.snapshots[0].epoch; }
  newest() { return this.snapshots.at(-1).epoch; }
  index(epoch) { // of the nearest snapshot
    return this.snapshots.reduce((best, { epoch: other }, n) => Math.abs(other - epoch) < Math.abs(this.snapshots[best].epoch - epoch) ? n : best, 0);
  }
  nearest(epoch) { return this.snapshots[this.index(epoch)].epoch; }

  // Between which two snapshots the film stands, and how far from the first to the second.
  between() {
    const { snapshots, at } = this, next = snapshots.findIndex(({ epoch }) => epoch > at);
    if (next < 1) return [next ? snapshots.at(-1) : snapshots[0], null, 0];
    const [a, b] = [snapshots[next - 1], snapshots[next]];
    return [a, b, calm() && this.playing ? 0 : (at - a.epoch) / (b.epoch - a.epoch)];
  }

  // ---- time ----

  jump(epoch) { Object.assign(this, { at: epoch, goal: epoch, glide: null }); this.wake(); }

  go(epoch, lasts) {
    this.playing = false;
    this.following = epoch === this.newest();
    if (calm()) this.jump(epoch);
    else if (this.goal !== epoch || this.at !== epoch) {
      if (this.glide?.to !== epoch) this.glide = { from: this.at, to: epoch, began: performance.now(), lasts };
      this.goal = epoch;
    }
    this.refresh();
  }

  slide(value) {
    if (this.at === null) return;
    const at = Math.min(this.newest(), Math.max(this.oldest(), value));
    Object.assign(this, { at, goal: this.nearest(at), glide: null, playing: false, following: at === this.newest() });
    this.wake();
  }

  hold(held) { clearTimeout(this.timer); this.held = held; }

  release() {
    this.hold(false);
    if (this.at === null) return;
    this.go(this.nearest(this.at), STEP); // to an epoch that was measured
    this.send();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.at === null || event.target.matches("select")) return;
    if (event.key === " " && event.target === this.slider) this.toggle();
    else {
      const last = this.snapshots.length - 1, page = Math.max(1, Math.round(last / 10)), here = this.index(this.goal);
      const to = { ArrowRight: here + 1, ArrowUp: here + 1, ArrowLeft: here - 1, ArrowDown: here - 1, PageUp: here + page, PageDown: here - page, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      this.go(this.snapshots[Math.min(last, Math.max(0, to))].epoch, STEP);
      this.send(KEY_PAUSE);
    }
    event.preventDefault();
  }

  toggle() {
    if (this.playing) return this.release();
    if (this.snapshots.length < 2) return;
    if (this.at >= this.newest()) this.at = this.oldest();
    Object.assign(this, { playing: true, following: false, glide: null, last: performance.now() });
    this.refresh();
  }

  state() { return { epoch: this.following ? null : this.goal ?? this.data.epoch }; }

  send(wait = 0) {
    clearTimeout(this.timer);
    if (wait) { this.timer = setTimeout(() => this.send(), wait); return; }
    if (this.held || this.playing || this.closed) return; // the release will send it
    const text = JSON.stringify(this.state());
    if (text === this.sent) return;
    this.sent = text;
    this.setStateValue("view", JSON.parse(text));
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  wake() { this.request ||= requestAnimationFrame((now) => this.frame(now)); }

  frame(now) {
    cancelAnimationFrame(this.request);
    this.request = 0;
    if (this.at === null) return;
    this.advance(now);
    const grows = this.cloud.grow(now), [a, b, part] = this.between();
    this.cloud.draw(a, b, part);
    this.cloud.canvas.epoch = this.at;
    this.grid.draw(a, b, part);
    this.readOut();
    if (this.playing || this.glide || grows) this.wake();
    else if (!this.held) this.describe();
  }

  advance(now) {
    if (this.glide) {
      const { from, to, began, lasts } = this.glide, part = Math.min(1, Math.max(0, (now - began) / lasts));
      this.at = part < 1 ? from + (to - from) * (1 - (1 - part) ** 3) : to;
      if (part === 1) this.glide = null;
    }
    if (!this.playing) return;
    const pace = Math.max(PACE, (this.newest() - this.oldest()) / FILM) * Number(this.speed.value);
    this.at = Math.min(this.newest(), this.at + Math.max(0, now - this.last) / 1000 * pace);
    this.last = now;
    this.goal = this.nearest(this.at);
    if (this.at < this.newest()) return;
    Object.assign(this, { playing: false, following: true });
    this.refresh();
    this.send();
  }

  // Everything that no frame changes: choices, theme, what can be pressed.
  refresh() {
    const { root, data, snapshots, slider, play, live, speed, body, colour, cloud, playing, at } = this;
    const some = at !== null;
    body.className = ["lx-body", data.k === 1 && "lx-strip", data.inputs_shape.length === 3 && "lx-signal"].filter(Boolean).join(" ");
    root.querySelector(".lx-title").textContent = data.map_title;
    root.querySelector(".lx-title").title = `${data.title}: ${data.map_title}`;
    root.querySelector(".lx-wait").textContent = some ? "" : data.chunks ? "Loading the epochs…" : data.live ? "The first epoch is on its way …" : "No epoch of this run was kept.";
    const names = cloud.colours();
    colour.parentElement.hidden = names.length < 2;
    if (colour.dataset.names !== names.join("\n")) {
      colour.dataset.names = names.join("\n");
      colour.replaceChildren(...names.map((name) => make("option", { value: name }, name)));
    }
    colour.value = cloud.colour;
    slider.min = some ? this.oldest() : 0;
    // While it trains the slider is as long as the training will be: a new epoch then moves nothing but the grey behind it.
    slider.max = some ? Math.max(this.newest(), data.live ? data.epochs_total : 0) : 1;
    slider.disabled = play.disabled = speed.disabled = snapshots.length < 2;
    play.classList.toggle("lx-playing", playing);
    play.setAttribute("aria-label", playing ? "Pause" : "Play");
    play.title = `${playing ? "Pause" : "Play"} (Space)`;
    live.style.visibility = data.live ? "" : "hidden"; // hidden rather than gone: nothing moves when the training ends
    live.setAttribute("aria-pressed", this.following);
    this.label.style.setProperty("--lx-words", `${this.words(data.epochs_total).length}ch`);
    cloud.look = null;
    cloud.write();
    this.grid.look = null;
    this.resize();
    if (!some) {
      slider.value = slider.min;
      this.label.textContent = this.words(0);
      cloud.clear();
      this.grid.draw(null, null, 0);
    }
    this.wake();
  }

  words(epoch) { return `epoch ${epoch} of ${this.data.epochs_total}`; }

  readOut() {
    const { slider, at } = this, low = Number(slider.min), long = Number(slider.max) - low || 1, words = this.words(this.nearest(at));
    if (Number(slider.value) !== at) slider.value = at;
    slider.style.setProperty("--lx-at", (at - low) / long);
    const known = (this.newest() - low) / long;
    slider.style.setProperty("--lx-known", known < 1 ? known : 2); // to the track's end, past the thumb's middle
    if (this.label.textContent !== words) this.label.textContent = words;
    slider.setAttribute("aria-valuetext", words);
    this.live.setAttribute("aria-pressed", this.following);
  }

  // Only at rest: a screen reader would read every frame.
  describe() {
    const { data, cloud, grid } = this, words = this.words(this.goal);
    const say = (element, text) => { if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text); };
    say(cloud.canvas, `Map of ${cloud.count} held-out samples after ${words}: ${data.map_title}. ${data.title}`);
    say(grid.canvas, `${data.inputs_shape[0]} held-out samples and what the network makes of them after ${words}`);
  }

  resize() {
    if (!this.body?.isConnected) return;
    const map = this.cloud.fit(), pictures = this.grid.fit();
    if (!map && !pictures) return;
    if (this.at !== null) this.frame(performance.now()); // now: the canvas is empty until it is drawn
    else this.grid.draw(null, null, 0);
  }
}

// ---- The map: a point a held-out sample ------------------------------------------------------------------------------------

class Cloud {
  colour = null; // "class", a factor's name, or "none"
  box = null; // what the map shows: [[low, high] across, [low, high] up]
  target = null; // what it is going to show: everything so far

  constructor(canvas, caption) {
    Object.assign(this, { canvas, caption, count: 0 });
    canvas.positions = new Float32Array(0); // data units
    canvas.replayStats = { frames: 0, ms: [] };
  }

  set(data, theme) {
    Object.assign(this, { data, theme });
    if (this.labelsOf !== data.labels) { this.labelsOf = data.labels; this.labels = data.labels ? fromBase64(data.labels) : null; }
    const factors = JSON.stringify(data.factors ?? []);
    if (this.factorsOf !== factors) {
      this.factorsOf = factors;
      this.factors = (data.factors ?? []).map(({ name, unit, values: text }) => {
        const values = floats(text), sorted = values.slice().sort(), end = sorted.length - 1; // 1 % at each end is left out: one outlier must not take the scale
        return { name, unit: unit ?? "", values, low: sorted[Math.floor(end * 0.01)], high: sorted[Math.ceil(end * 0.99)] };
      });
    }
    if (!this.colours().includes(this.colour)) [this.colour] = this.colours();
  }

  colours() {
    const names = [...(this.labels && this.data.classes ? ["class"] : []), ...this.factors.map(({ name }) => name)];
    return names.length ? names : ["none"];
  }

  // The box around all epochs: 99 % of each epoch's points, and the prior's circles. It grows and never shrinks, so that nothing jumps.
  reach(snapshots) {
    const round = this.data.gaussian && this.data.k === 2;
    const axes = [0, 1].map((axis) => {
      let [low, high] = this.box && this.target ? this.target.around[axis] : [Infinity, -Infinity];
      for (const snapshot of snapshots) {
        snapshot.reach ??= [0, 1].map((i) => quantiles(snapshot.map, i));
        [low, high] = [Math.min(low, snapshot.reach[axis][0]), Math.max(high, snapshot.reach[axis][1])];
      }
      return low <= high ? [low, high] : [-1, 1];
    });
    const most = round ? Math.max(3, ...axes.flat().map(Math.abs)) : 0; // round circles, centred
    this.target = { around: axes, box: axes.map(([low, high]) => {
      if (round) return [-1.06 * most, 1.06 * most];
      const margin = 0.06 * (high - low) || 1;
      return [low - margin, high + margin];
    }) };
    this.box ??= structuredClone(this.target.box);
  }

  // A step of this frame towards the target; says whether there is more to go.
  grow(now) {
    const { box, target } = this, part = calm() ? 1 : 1 - Math.exp(-Math.min(50, now - (this.grown ?? now - 16)) / 120);
    let more = false;
    this.grown = now;
    box.forEach((ends, axis) => ends.forEach((value, end) => {
      const goal = target.box[axis][end], gap = goal - value, near = Math.abs(gap) < 1e-3 * (target.box[axis][1] - target.box[axis][0]);
      ends[end] = near ? goal : value + part * gap;
      more ||= !near && part < 1;
    }));
    if (!more) this.grown = undefined;
    return more;
  }

  fit() {
    const changed = fit(this.canvas, this.canvas);
    [this.width, this.height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    if (changed) this.look = null;
    return changed;
  }

  x(value) { const [[low, high]] = this.box; return (value - low) / (high - low) * this.width; }
  y(value) { const [, [low, high]] = this.box; return (high - value) / (high - low) * this.height; }

  clear() {
    const pen = this.canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
  }

  draw(a, b, part) {
    if (!this.width) return;
    const started = performance.now(), { canvas } = this, pen = canvas.getContext("2d");
    this.count = a.map.length / 2;
    if (canvas.positions.length !== a.map.length) { canvas.positions = new Float32Array(a.map.length); this.write(); }
    const { positions } = canvas;
    for (let i = 0; i < positions.length; i++) positions[i] = b ? a.map[i] + part * (b.map[i] - a.map[i]) : a.map[i];
    this.clear();
    this.drawPrior(pen);
    this.drawPoints(pen, positions);
    this.drawAxes(pen);
    if (this.colour === "class") this.drawNames(pen, a, b, part);
    const { replayStats } = canvas;
    replayStats.frames += 1;
    replayStats.ms.push(performance.now() - started);
    if (replayStats.ms.length > 600) replayStats.ms.shift();
  }

  // Which stamp each point gets: once for a colour, a theme, a size.
  prepare() {
    const { colour, count, data, labels, theme, width } = this, factor = this.factors.find(({ name }) => name === colour);
    const colours = colour === "class" ? data.classes.map((_, c) => PALETTE[c % 10]) : factor ? cividis(theme) : [NEUTRAL];
    const dots = colours.map((each) => dot(each, dotRadius(count, width)));
    const shade = (value) => Math.min(dots.length - 1, Math.max(0, Math.round((value - factor.low) / (factor.high - factor.low || 1) * (dots.length - 1)))) || 0; // || 0: no number
    this.look = { dots, strength: factor ? 0.85 : 0.62, of: Array.from({ length: count }, (_, n) => colour === "class" ? labels[n] % dots.length : factor ? shade(factor.values[n]) : 0) };
  }

  drawPoints(pen, positions) {
    if (this.look?.of.length !== this.count) this.prepare();
    const { count, look: { dots, of, strength }, box: [[left, right], [low, high]], width, height } = this;
    const side = dots[0].width / devicePixelRatio, across = width / (right - left), up = height / (high - low);
    pen.globalAlpha = strength;
    for (let n = 0; n < count; n++) {
      const x = (positions[2 * n] - left) * across, y = (high - positions[2 * n + 1]) * up;
      if (x > -side && x < width + side && y > -side && y < height + side) pen.drawImage(dots[of[n]], x - side / 2, y - side / 2, side, side);
    }
    pen.globalAlpha = 1;
  }

  // Each class's name at the median of its codes. The names of two epochs are set apart each for itself and then glide like the
  // points: set apart anew in every frame they would hop.
  drawNames(pen, a, b, part) {
    const [from, to] = [this.names(pen, a), b ? this.names(pen, b) : []];
    const places = from.map(({ name, x, y }, n) => ({ name, x: to[n] ? x + part * (to[n].x - x) : x, y: to[n] ? y + part * (to[n].y - y) : y }));
    writeNames(pen, this.theme, places);
  }

  names(pen, snapshot) {
    const { data: { classes }, labels, theme, width, height } = this;
    snapshot.medians ??= medians(snapshot.map, labels, classes.length);
    const names = classes.flatMap((name, c) => snapshot.medians[c] ? [named(pen, theme, name, this.x(snapshot.medians[c][0]), this.y(snapshot.medians[c][1]), width)] : []);
    setApart(names, width, height);
    return names;
  }

  drawPrior(pen) {
    const { data: { gaussian, k }, theme } = this;
    if (!gaussian || k !== 2) return;
    const x = this.x(0), y = this.y(0);
    pen.font = `${10 * rem}px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const sigma of [1, 2, 3]) {
      pen.globalAlpha = 0.25;
      pen.lineWidth = 1;
      pen.strokeStyle = theme.text;
      ring(pen, x, y, this.x(sigma) - x);
      pen.stroke();
      pen.globalAlpha = 0.85;
      write(pen, theme, `${sigma} σ`, x + (this.x(sigma) - x) * Math.SQRT1_2, y + (this.x(sigma) - x) * Math.SQRT1_2, 3);
    }
    pen.globalAlpha = 1;
  }

  drawAxes(pen) {
    const { data: { axes: [across, up], k }, theme, width, height, box: [[left, right], [low, high]] } = this;
    pen.font = `${11 * rem}px ${theme.font}`;
    const label = (text, x, y, align, baseline) => { pen.textAlign = align; pen.textBaseline = baseline; pen.globalAlpha = 0.78; write(pen, theme, text, x, y, 3); pen.globalAlpha = 1; };
    const mark = (...at) => { pen.globalAlpha = 0.45; pen.strokeStyle = theme.text; pen.lineWidth = 1; line(pen, ...at); };
    const room = width - pen.measureText(across).width - 22;
    for (const tick of ticks(left, right, width < 260 ? 2 : 5)) {
      const x = this.x(tick);
      if (x < 22 || x > room) continue;
      mark(x, height, x, height - 4);
      label(minus(String(tick)), x, height - 7, "center", "bottom");
    }
    label(across, width - 8, height - 7, "right", "bottom");
    if (k > 1) for (const tick of ticks(low, high, width < 260 ? 2 : 5)) {
      const y = this.y(tick);
      if (y < 32 || y > height - 26) continue;
      mark(0, y, 4, y);
      label(minus(String(tick)), 7, y, "left", "middle");
    }
    if (k > 1 && up) label(up, 8, 7, "left", "top");
  }

  // What the points are, and what their colours mean.
  write() {
    const { caption, count, theme, colour } = this, factor = this.factors.find(({ name }) => name === colour);
    const words = make("span", {}, count ? `${count.toLocaleString("en")} held-out samples` : "");
    if (!factor) return caption.replaceChildren(words);
    const bar = make("i", { class: "lx-scale", style: `background: linear-gradient(90deg, ${cividis(theme).join()})` });
    caption.replaceChildren(words, make("span", {}, `${factor.name} ${number(factor.low)}`), bar, make("span", {}, `${number(factor.high)} ${factor.unit}`));
  }
}

// ---- Inputs and what the network makes of them --------------------------------------------------------------------------------

class Grid {
  constructor(canvas, note) {
    Object.assign(this, { canvas, note });
    canvas.values = canvas.inputs = new Float32Array(0); // (M * prod(shape)): what is shown
  }

  set(data, theme) {
    Object.assign(this, { data, theme });
    if (this.inputsOf === data.inputs) return;
    this.inputsOf = data.inputs;
    this.shape = data.inputs_shape.slice(1);
    this.count = data.inputs_shape[0];
    this.size = this.shape.reduce((a, b) => a * b, 1);
    const bytes = fromBase64(data.inputs);
    const inputs = this.canvas.inputs = bytes.length === this.count * this.size ? toFloats(bytes) : floats(data.inputs);
    // A fixed scale: what the data can be, else what these inputs are.
    const low = inputs.reduce((a, b) => Math.min(a, b), Infinity), high = inputs.reduce((a, b) => Math.max(a, b), -Infinity), margin = this.shape.length === 2 ? 0.06 * (high - low) || 1 : 0;
    this.range = data.range && this.shape.length === 3 ? data.range : [low - margin, high + margin];
    this.look = null;
  }

  fit() {
    const changed = fit(this.canvas, this.canvas);
    if (changed) this.look = null;
    return changed;
  }

  // Without a snapshot: the inputs alone.
  draw(a, b, part) {
    const { canvas } = this, width = canvas.width / devicePixelRatio, height = canvas.height / devicePixelRatio;
    // A quick cross-fade half-way between two epochs.
    const weight = b ? Math.min(1, Math.max(0, (part - 0.35) / 0.3)) : 0, look = [a?.epoch, b?.epoch, weight].join();
    if (!width || look === this.look) return;
    this.look = look;
    if (a) {
      if (canvas.values.length !== a.made.length) canvas.values = new Float32Array(a.made.length);
      for (let i = 0; i < a.made.length; i++) canvas.values[i] = weight ? a.made[i] + weight * (b.made[i] - a.made[i]) : a.made[i];
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (this.shape.length === 3) this.drawPictures(pen, width, height, !!a); else this.drawSignals(pen, width, height, !!a);
  }

  // Bands of two rows, inputs above what is made of them; as many columns as make the pictures largest.
  drawPictures(pen, width, height, made) {
    const { count, shape: [, tall, wide], canvas } = this, bar = 9, gap = 4, apart = 14;
    let best = { w: 0 };
    for (let columns = 1; columns <= count; columns++) {
      const bands = Math.ceil(count / columns);
      const w = Math.min(132, (width - bar - (columns - 1) * gap) / columns, ((height - (bands - 1) * apart) / bands - gap) / 2 * wide / tall);
      if (w > best.w) best = { w, columns, bands };
    }
    const w = best.w, h = w * tall / wide;
    this.note.textContent = "";
    pen.imageSmoothingEnabled = w < wide; // pixels stay pixels
    for (const [row, values, colour] of [[0, canvas.inputs, ORIGINAL], ...(made ? [[1, canvas.values, NETWORK]] : [])]) {
      const sheet = this.sheet(values);
      for (let m = 0; m < count; m++) {
        const top = Math.floor(m / best.columns) * (2 * h + gap + apart) + row * (h + gap), column = m % best.columns;
        pen.drawImage(sheet, 0, m * tall, wide, tall, bar + column * (w + gap), top, w, h);
        pen.fillStyle = colour;
        if (column === 0) pen.fillRect(0, top, 3, h);
      }
    }
  }

  // All samples one below the other, a canvas pixel each.
  sheet(values) {
    const { count, size, shape: [channels, tall, wide], range: [low, high] } = this, area = tall * wide, scale = 255 / (high - low || 1);
    const canvas = this.paper ??= make("canvas", {});
    if (canvas.width !== wide || canvas.height !== tall * count) Object.assign(canvas, { width: wide, height: tall * count });
    const pixels = new ImageData(wide, tall * count), { data } = pixels;
    for (let m = 0, p = 0; m < count; m++) for (let i = 0; i < area; i++, p += 4) {
      for (let c = 0; c < 3; c++) data[p + c] = Math.round((values[m * size + i + (channels === 3 ? c * area : 0)] - low) * scale); // clamped by the array
      data[p + 3] = 255;
    }
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    return canvas;
  }

  // Two columns of plots, as many as stay legible; the reconstruction lies over the input, which is
  // broader: where both agree, each is still seen.
  drawSignals(pen, width, height, made) {
    const { count, size, shape: [channels, length], canvas, range: [low, high], theme } = this;
    const lanes = Math.min(channels, 6), columns = Math.min(2, count), rows = Math.min(Math.ceil(count / columns), Math.max(1, Math.floor(height / Math.max(48, 22 * lanes))));
    const w = (width - (columns - 1) * 20) / columns, h = (height - (rows - 1) * 8) / rows, lane = h / lanes;
    const fewer = [count > rows * columns && `${rows * columns} of ${count} samples`, channels > lanes && `${lanes} of ${channels} channels`];
    this.note.textContent = fewer.filter(Boolean).join(", ");
    pen.lineJoin = "round";
    for (let m = 0; m < Math.min(count, rows * columns); m++) {
      const left = m % columns * (w + 20), top = Math.floor(m / columns) * (h + 8);
      for (let c = 0; c < lanes; c++) {
        const y = (value) => top + lane * c + 2 + (high - Math.min(high, Math.max(low, value))) / (high - low) * (lane - 4);
        pen.globalAlpha = 0.18;
        pen.strokeStyle = theme.text;
        pen.lineWidth = 1;
        if (low < 0 && high > 0) line(pen, left, y(0), left + w, y(0));
        pen.globalAlpha = 1;
        for (const [values, colour, thick] of [[canvas.inputs, ORIGINAL, 4], ...(made ? [[canvas.values, NETWORK, 1.75]] : [])]) {
          pen.strokeStyle = colour;
          pen.lineWidth = lane < 34 ? thick * 0.75 : thick;
          pen.beginPath();
          for (let i = 0; i < length; i++) pen.lineTo(left + i / (length - 1) * w, y(values[m * size + c * length + i]));
          pen.stroke();
        }
      }
    }
  }
}

// ---- Helpers ------------------------------------------------------------------------------------------------------------------

function floats(text) { return new Float32Array(fromBase64(text).buffer); }

// Where the middle 99 % of one axis lie; what is no number is left out.
function quantiles(map, axis) {
  const values = map.filter((value, i) => i % 2 === axis && Number.isFinite(value)).sort(), end = values.length - 1;
  return end < 0 ? [Infinity, -Infinity] : [values[Math.floor(end * 0.005)], values[Math.ceil(end * 0.995)]];
}

function medians(map, labels, count) {
  const places = Array.from({ length: count }, () => [[], []]);
  for (let n = 0; n < map.length / 2; n++) if (Number.isFinite(map[2 * n] + map[2 * n + 1])) [0, 1].forEach((axis) => places[labels[n]]?.[axis].push(map[2 * n + axis]));
  return places.map(([xs, ys]) => xs.length ? [median(xs), median(ys)] : null);
}

function number(value) { return minus(String(Number(value.toPrecision(3)))); }
