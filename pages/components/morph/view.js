// Morph: one sample becomes another while t moves, or four mix under a handle; everything is decoded here, frame by frame.
// (evaluator.js, drawing.js and pencil.js stand in front of this text.) Top to bottom: the mount, Figure (what both share), Morph,
// Plane (its map), Corners, Chooser (the row of an end or corner), Screen (a canvas with a sample on it), paths, helpers.
//
// The figure owns what the person moves. `data` sets it when `model` or `revision` changes and never afterwards. Python hears of it
// on release: setStateValue("view", …). An end is {index, z} for a real sample's code, or {z, name} for any other place.
//   morph:   data {figure, model, a, b, path, t, even, overshoot, map, draws, uploaded}   view {a, b, path, t, even, overshoot, choosing, drawing}
//   corners: data {figure, model, corners: [index × 4], at: [u, v]}                       view {corners, at}

export default (component) => mount(component, ".lx-mo", () => component.data.figure === "corners" ? new Corners() : new Morph(), component.data.figure);

globalThis.latentPaths ??= new Map(); // model -> {a, b, points}: the last geodesic that Python found (see ../channel)

const SLICE = 8, BUSY_SLICE = 3; // ms of a frame for what need not be there at once: frames, band, backdrop
const EVEN = 65; // places at which the picture change along a path is measured, as in ae_core/export.py
const FRAMES = 11, FRAMES_BEYOND = 9; // under the slider; with overshoot: so that A and B are among them
const BAND = 100; // parts of t = 0..1 in which the classes are looked up
const SECONDS = 3; // from A to B when it plays
const GRAB = 24; // px around a handle that take hold of it
const PATHS = {
  straight: ["straight", "The line from A to B", []],
  spherical: ["spherical", "Turns the direction evenly, and changes the distance from the middle evenly", [7, 4]],
  geodesic: ["geodesic", "The way on which the picture changes least, found by the server after each release", [2, 3]],
};

class Figure extends Live {
  version = 0; // counts changes of what the slow work depends on
  made = -1; // the version for which it has been done

  arrived(name) { if (this.data.model === name) this.open(); }

  receive(root, data, setStateValue) {
    const { fresh, moved } = this.heed(root, data, setStateValue, data.model);
    if (fresh || moved) this.open(true);
    else if (this.model) { this.accept(); this.refresh(); }
  }

  // Until the model is there the old picture stays.
  async open(restart = false) {
    const { order } = this;
    this.restart ||= restart;
    const model = await modelReady(this.data.model);
    if (this.closed || order !== this.order || !model.count) return;
    const same = this.builtIn === this.root && model === this.model;
    if (same && !this.restart) return;
    const wanted = this.restart ? this.data : this.state(); // a new model under an old name: stay where the hand is
    this.restart = false;
    if (!same) {
      const body = this.root.querySelector(".lx-body"), { figure } = this.data;
      body.replaceChildren(this.root.querySelector(`template[data-figure=${figure}]`).content.cloneNode(true));
      body.className = ["lx-body", `lx-${figure}`, model.shape.length === 2 ? "lx-signal" : "lx-image", model.k === 1 && "lx-one"].filter(Boolean).join(" ");
      this.root.querySelector(".lx-wait").hidden = true;
      body.hidden = false;
      Object.assign(this, { model, body, builtIn: this.root, held: null, range: rangeOf(model) });
      this.observer.disconnect();
      this.build();
    }
    this.start(wanted);
    this.sent = JSON.stringify(this.state());
    this.accept();
    this.refresh();
  }

  accept() {}
  find(id) { return this.body.querySelector(`[data-testid=${id}]`); }

  // ---- the hand ----

  hold(thing) { clearTimeout(this.timer); this.held = thing; }
  release(thing) {
    if (this.held !== thing) return;
    this.held = null;
    this.send();
  }

  send(wait = 0) {
    clearTimeout(this.timer);
    if (wait) { this.timer = setTimeout(() => this.send(), wait); return; }
    if (this.held || this.playing || this.closed) return; // the release will send it
    if (this.request) this.frame(); // what was drawn last belongs to it
    this.describe();
    const text = JSON.stringify(this.state());
    if (text === this.sent) return;
    this.sent = text;
    this.setStateValue("view", JSON.parse(text));
  }

  // A press on the surface, the moves after it, and the release. `press` says what is held, or null.
  listen(surface, press, move) {
    let pointer = null;
    const place = (event) => {
      const { left, top } = surface.getBoundingClientRect();
      return [event.clientX - left, event.clientY - top];
    };
    surface.onpointerdown = (event) => {
      if (event.button !== 0 || pointer !== null) return;
      pointer = event.pointerId;
      surface.setPointerCapture(pointer);
      surface.classList.add("lx-dragging");
      this.hold(surface);
      press(...place(event));
      move(...place(event));
    };
    surface.onpointermove = (event) => { if (event.pointerId === pointer) move(...place(event)); };
    surface.onpointerup = surface.onpointercancel = surface.onlostpointercapture = (event) => {
      if (event.pointerId !== pointer) return;
      pointer = null;
      surface.classList.remove("lx-dragging");
      this.release(surface);
    };
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  changed() { this.version += 1; this.stale = true; this.wake(); } // the slow work has to be done again
  moved() { this.stale = true; this.wake(); }
  wake() { this.request ||= requestAnimationFrame(() => this.frame()); }

  frame() {
    cancelAnimationFrame(this.request);
    this.request = 0;
    if (this.playing) this.advance();
    if (this.drawn) this.readPad();
    const drawn = this.stale;
    if (drawn) {
      const started = performance.now(), { latentStats } = this;
      this.stale = false;
      this.draw();
      latentStats.frames += 1;
      latentStats.ms.push(performance.now() - started);
      if (latentStats.ms.length > 600) latentStats.ms.shift();
    }
    // The hand comes first; but what it changes is not left old for as long as it moves.
    const until = performance.now() + (drawn ? BUSY_SLICE : SLICE);
    if (!this.job && this.made !== this.version) this.job = this.work(this.version);
    while (this.job && performance.now() < until) if (this.job.next().done) this.job = null;
    if (this.playing || this.job || this.stale || this.made !== this.version) this.wake();
    else if (!this.held) this.describe();
  }

  // ---- codes ----

  codeOf(index) { const { codes, k } = this.model; return Array.from(codes.subarray(index * k, (index + 1) * k)); }

  // Its class, by the vote of its nearest codes: of classes with as many votes the one with the nearest code wins. As ae_core.paths.classes_along.
  about(z) {
    const { model } = this, { neighbours = 5, threshold } = model.off_data ?? {};
    const { indexes, distances } = nearestCodes(model, z, neighbours);
    const off = threshold != null && distances.at(-1) > threshold;
    if (!model.labels) return { off, label: 0 };
    const votes = indexes.map((n) => model.labels[n]);
    const counts = votes.map((label) => votes.filter((other) => other === label).length);
    return { off, label: votes[counts.indexOf(Math.max(...counts))] };
  }

  inWords({ off, label }) {
    const { classes } = this.model;
    return [classes && `nearest codes: ${classes[label]}`, off ? "far from all codes, so only a guess" : !classes && "among the codes"].filter(Boolean).join(", ");
  }

  grow(values) { growRange(this.range, values, this.model); }
}

class Morph extends Figure {
  playing = false;
  loop = false;

  constructor() {
    super();
    this.onPath = ({ detail }) => { if (this.model && detail === this.data.model && this.geodesic()) this.changed(); };
    globalThis.addEventListener("latent-path", this.onPath);
  }

  close() {
    globalThis.removeEventListener("latent-path", this.onPath);
    super.close();
  }

  // What is asked for, made to fit the model.
  start({ a, b, path, t, even, overshoot, choosing }) {
    this.ends = { a: this.end(a) ?? this.end({ index: 0 }), b: this.end(b) ?? this.end({ index: this.model.count - 1 }) };
    this.even = !!even;
    this.overshoot = !!overshoot;
    this.path = this.offered(path) ? path : "straight";
    this.t = Math.min(this.high(), Math.max(this.low(), Number.isFinite(t) ? t : 0.5));
    this.choosing = choosing === "b" ? "b" : "a";
    this.sheet = null;
    this.changed();
  }

  end(wanted) {
    const { count, k } = this.model;
    if (Number.isInteger(wanted?.index) && wanted.index >= 0 && wanted.index < count) return { index: wanted.index, z: this.codeOf(wanted.index) };
    return wanted?.z?.length === k && wanted.z.every(Number.isFinite) ? { z: [...wanted.z], name: wanted.name ?? "" } : null;
  }

  offered(path) { return path in PATHS && (path !== "spherical" || (this.model.gaussian && this.model.k > 2)); }
  low() { return this.overshoot ? -0.5 : 0; }
  high() { return this.overshoot ? 1.5 : 1; }
  frames() { return this.overshoot ? FRAMES_BEYOND : FRAMES; }

  // A picture that Python read and encoded: taken once, as the end that is being chosen.
  accept() {
    const { uploaded } = this.data;
    if (!uploaded || uploaded.revision === this.uploadShown) return;
    this.uploadShown = uploaded.revision;
    this.take(this.choosing, this.end({ z: uploaded.z, name: uploaded.name }));
    this.send();
  }

  state() {
    const { ends: { a, b }, path, t, even, overshoot, choosing, sheet } = this;
    return { a, b, path, t, even, overshoot, choosing, drawing: sheet !== null };
  }

  // ---- the parts of the figure ----

  build() {
    const { model, body } = this, size = model.shape.reduce((p, n) => p * n, 1);
    this.slider = this.find("t-slider");
    this.latentStats = this.slider.latentStats = { frames: 0, ms: [] };
    this.slider.oninput = () => { this.play(false); this.t = Number(this.slider.value); this.moved(); if (this.held !== this.slider) this.send(KEY_PAUSE); };
    this.slider.onpointerdown = () => this.hold(this.slider);
    this.slider.onpointerup = this.slider.onpointercancel = this.slider.onlostpointercapture = this.slider.onchange = () => this.release(this.slider);
    this.screens = { decoded: new Screen(this.find("decoded"), model, NETWORK), blend: new Screen(this.find("blend"), model, NEUTRAL) };
    this.blend = new Float32Array(size);
    this.pictures = { a: { z: null, values: new Float32Array(size) }, b: { z: null, values: new Float32Array(size) } };

    this.choosers = Object.fromEntries(["a", "b"].map((key) => [key, new Chooser(key.toUpperCase(), this, {
      choose: () => { this.choosing = key; this.choices(); this.send(KEY_PAUSE); },
      take: (index) => this.choose(key, { index, z: this.codeOf(index) }),
      draw: this.data.draws && (() => this.openSheet(key)),
    })]));
    body.querySelector(".lx-ends").replaceChildren(this.choosers.a.element, this.choosers.b.element);

    const paths = body.querySelector(".lx-paths");
    paths.replaceChildren(...Object.entries(PATHS).map(([name, [label, title, dashes]]) => {
      const button = make("button", { type: "button", role: "radio", title }, make("i", { style: `border-top-style: ${["solid", "dashed", "dotted"][dashes.length && (dashes[0] > 3 ? 1 : 2)]}` }), label);
      button.dataset.path = name;
      button.onclick = () => { this.path = name; this.changed(); this.choices(); this.send(); };
      if (!this.offered(name)) {
        button.disabled = true;
        button.title = model.gaussian ? `Not with ${model.k} number${model.k === 1 ? "" : "s"}: codes lie near a sphere's surface only where there are many dimensions` : "Not here: only a Gaussian prior puts the codes near a sphere, and this model has none";
      }
      return button;
    }));
    radios(paths);
    for (const name of ["even", "overshoot"]) this.find(name).onchange = ({ target }) => {
      this[name] = target.checked;
      this.t = Math.min(this.high(), Math.max(this.low(), this.t));
      this.changed();
      this.refresh();
      this.send();
    };
    this.find("play").onclick = () => this.play(!this.playing);
    this.find("loop").onclick = () => { this.loop = !this.loop; this.find("loop").setAttribute("aria-pressed", this.loop); };

    this.strip = Array.from({ length: FRAMES }, (_, n) => {
      const button = make("button", { type: "button" }, make("canvas", { "aria-hidden": "true" }));
      button.onclick = () => { this.play(false); this.t = this.frameTime(n); this.moved(); this.send(); };
      return { button, screen: new Screen(button.firstChild, model, NETWORK, true) };
    });
    body.querySelector(".lx-strip").replaceChildren(...this.strip.map(({ button }) => button));

    this.plane = new Plane(this, this.find("latent-pad"));
    this.redrawn = new Screen(this.find("redrawn"), model, NETWORK, true);
    this.pencil = new Pencil(this.find("draw-pad"), {
      press: () => this.hold(this.pencil),
      moved: () => { this.drawn = true; this.wake(); }, // turned into pixels in the next frame
      release: () => this.release(this.pencil),
    });
    this.find("clear").onclick = () => this.pencil.clear();
    this.find("done").onclick = () => { this.closeSheet(); this.send(); };
    this.find("sheet").onkeydown = (event) => { if (event.key === "Escape") { event.preventDefault(); this.closeSheet(); this.send(); } };
    for (const canvas of [this.plane.surface, this.find("band"), this.pencil.canvas, this.screens.decoded.canvas, this.strip[0].screen.canvas]) this.observer.observe(canvas);
  }

  frameTime(n) { return Number((this.low() + n / (this.frames() - 1) * (this.high() - this.low())).toFixed(6)); }

  // ---- A and B ----

  take(key, end) {
    if (!end) return;
    this.ends[key] = end;
    this.changed();
    this.choosers[key].show(end);
  }

  // A choice of the person's: show it, then tell Python.
  choose(key, end) {
    this.choosing = key;
    this.closeSheet();
    this.take(key, end);
    this.choices();
    this.send();
  }

  openSheet(key) {
    this.choosing = this.sheet = key;
    this.find("sheet").hidden = false;
    this.find("sheet").querySelector("b").textContent = `draw ${key.toUpperCase()}`;
    this.pictures[key].z = null; // so that it is shown here, too
    this.moved();
    this.pencil.clear();
    this.choices();
    this.note();
    this.find("clear").focus({ preventScroll: true });
    this.send(); // Python sends the encoder when it is wanted
    modelReady(`${this.model.name}:encoder`).then((encoder) => { this.encoder = encoder; this.note(); if (!this.pencil.blank()) { this.drawn = true; this.wake(); } });
  }

  closeSheet() {
    if (this.sheet === null) return;
    this.find("sheet").hidden = true;
    this.choosers[this.sheet].element.querySelector("[data-draw]")?.focus({ preventScroll: true });
    this.sheet = null;
  }

  note() { this.find("sheet").querySelector(".lx-note").textContent = this.encoder ? "Centred and scaled as the training pictures were." : "Fetching the encoder …"; }

  readPad() {
    this.drawn = false;
    const { encoder, model, sheet } = this, [channels, height, width] = model.shape;
    if (!encoder || sheet === null || encoder.k !== model.k) return;
    const grey = this.pencil.raster(height, width);
    if (!grey) return;
    const bytes = Uint8Array.from({ length: channels * height * width }, (_, i) => Math.round(255 * grey[i % grey.length]));
    this.pencil.canvas.pixels = bytes;
    this.take(sheet, { z: Array.from(encoder.encode(toUnit(bytes, model.range))), name: "drawn" });
  }

  // ---- the way ----

  geodesic() {
    const found = latentPaths.get(this.model.name), { a, b } = this.ends;
    return found && String(found.a) === String(a.z) && String(found.b) === String(b.z) ? found.points : null;
  }

  // t -> z along one of the paths; null for a geodesic that has not been found yet.
  way(path) {
    const { a, b } = this.ends;
    if (path !== "geodesic") return (path === "spherical" ? spherical : straight)(a.z, b.z);
    const points = this.geodesic();
    return points && along(points);
  }

  // Where the morph is at t; ends to the last digit.
  at(t) {
    const { a, b } = this.ends;
    if (t === 0 || t === 1) return t ? b.z : a.z;
    if (this.even && this.times && t > 0 && t < 1) t = between(this.times, t * (EVEN - 1));
    return this.current(t);
  }

  // ---- a frame ----

  draw() {
    const { model, t, ends, pictures, screens, blend } = this;
    this.current = this.way(this.path) ?? this.way("straight"); // the straight one meanwhile
    if (!this.even) this.times = null;
    else if (!this.held && this.timesFor !== this.version) { this.timesFor = this.version; this.times = [...evenTimes(model, this.current)].at(-1); }
    for (const key of ["a", "b"]) if (pictures[key].z !== ends[key].z) {
      pictures[key].z = ends[key].z;
      pictures[key].values.set(model.decode(ends[key].z));
      this.choosers[key].picture(pictures[key].values);
      if (key === this.sheet) this.redrawn.show(pictures[key].values, this.range, this.theme);
    }
    this.z = this.at(t);
    const values = model.decode(this.z);
    this.grow(values);
    screens.decoded.show(values, this.range, this.theme);
    const { a, b } = pictures;
    for (let i = 0; i < blend.length; i++) blend[i] = (1 - t) * a.values[i] + t * b.values[i];
    this.grow(blend);
    screens.blend.show(blend, this.range, this.theme);
    this.plane.draw();
    this.readOut();
  }

  readOut() {
    const { slider, t, strip } = this, part = (t - this.low()) / (this.high() - this.low());
    if (this.held !== slider) slider.value = t;
    slider.style.setProperty("--lx-at", part);
    const words = minus(t.toFixed(2)), here = this.inWords(this.about(this.z));
    setText(this.find("t"), `t = ${words}`);
    setText(this.find("here"), here);
    slider.setAttribute("aria-valuetext", `t = ${words}${here && `, ${here}`}`);
    this.plane.surface.dataset.z = this.z.join(",");
    strip.forEach(({ button }, n) => button.setAttribute("aria-current", Math.abs(part * (this.frames() - 1) - n) < 0.01));
  }

  // Frames under the slider, and the classes along the path, a piece at a time.
  *work(version) {
    if (this.even && this.held) { // else it has been done for the picture already
      let times;
      for (times of evenTimes(this.model, this.way(this.path) ?? this.way("straight"))) yield;
      this.times = times;
      this.moved();
    }
    for (const [n, { button, screen }] of this.strip.slice(0, this.frames()).entries()) {
      const t = this.frameTime(n), values = this.model.decode(this.at(t));
      this.grow(values);
      screen.show(values, this.range, this.theme);
      button.setAttribute("aria-label", `t = ${minus(t.toFixed(2))}`);
      yield;
    }
    const low = this.low(), count = Math.round(BAND * (this.high() - low)), labels = [], off = [];
    for (let n = 0; n <= count; n++) {
      const here = this.about(this.at(low + n / BAND));
      labels.push(here.label);
      off.push(here.off);
      yield;
    }
    this.band = { low, labels, off };
    this.drawBand();
    this.made = version;
  }

  // Runs of the same value: [value, first, last].
  runs(values) {
    const found = [];
    values.forEach((value, n) => { if (found.at(-1)?.[0] === value) found.at(-1)[2] = n; else found.push([value, n, n]); });
    return found;
  }

  drawBand() {
    const canvas = this.find("band"), { band, theme, model: { classes } } = this;
    fit(canvas, canvas);
    if (!band || !canvas.width) return;
    const pen = canvas.getContext("2d"), width = canvas.width / devicePixelRatio, height = canvas.height / devicePixelRatio, count = band.labels.length - 1;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const runs = this.runs(band.labels), x = (n) => Math.min(width, Math.max(0, (n - 0.5) / count * width));
    for (const [label, from, to] of runs) {
      pen.fillStyle = classes ? PALETTE[label % 10] : NEUTRAL;
      pen.globalAlpha = classes ? 0.9 : 0.45;
      pen.fillRect(x(from), 0, x(to + 1) - x(from), height);
    }
    pen.globalAlpha = 1;
    const away = this.runs(band.off).filter(([off]) => off);
    for (const [, from, to] of away) { // hatched: nobody has ever shown the decoder such a place
      pen.save();
      pen.beginPath();
      pen.rect(x(from), 0, x(to + 1) - x(from), height);
      pen.clip();
      pen.strokeStyle = theme.background;
      pen.lineWidth = 2.5;
      for (let left = -height; left < width; left += 7) line(pen, left, height, left + height, 0);
      pen.restore();
    }
    pen.font = `600 ${12 * rem}px ${theme.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    for (const [n, [label, from, to]] of runs.entries()) {
      if (n) { pen.fillStyle = theme.background; pen.fillRect(x(from) - 1, 0, 2, height); }
      if (classes && x(to + 1) - x(from) > pen.measureText(classes[label]).width + 8) write(pen, theme, classes[label], (x(from) + x(to + 1)) / 2, height / 2 + 0.5, 3.5);
    }
    const time = (n) => minus((band.low + n / BAND).toFixed(2));
    const few = runs.length <= 9; // more would be no sentence
    const names = !classes ? "" : few ? runs.map(([label, from], n) => runs.length === 1 ? `${classes[label]} all the way` : n === 0 ? classes[label] : `→ ${classes[label]} at ${n === 1 ? "t = " : ""}${time(from)}`).join(" ") : `${classes[runs[0][0]]} → … → ${classes[runs.at(-1)[0]]}, with ${runs.length - 1} changes of class on the way`;
    const outside = away.length ? `outside the data ${away.map(([, from, to]) => from === to ? `at ${time(from)}` : `from ${time(from)} to ${time(to)}`).join(" and ")}` : "never outside the data";
    const waiting = this.path === "geodesic" && !this.geodesic() ? "Computing the geodesic … (the straight line meanwhile) · " : "";
    setText(this.find("words"), waiting + [names, outside].filter(Boolean).join("; "));
    canvas.setAttribute("aria-label", `The classes along the path: ${[names, outside].filter(Boolean).join("; ")}`);
  }

  // ---- playing ----

  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.find("play").textContent = on ? "❚❚" : "▶";
    this.find("play").setAttribute("aria-label", on ? "Pause" : "Play");
    if (!on) return this.send();
    this.turn = 1;
    if (this.t >= this.high()) this.t = this.low();
    this.lastTime = performance.now();
    this.wake();
  }

  advance() {
    const now = performance.now(), step = (now - this.lastTime) / 1000 / SECONDS;
    this.lastTime = now;
    this.t += this.turn * step;
    const over = this.t > this.high(), under = this.t < this.low();
    this.t = Math.min(this.high(), Math.max(this.low(), this.t));
    this.stale = true;
    if (!over && !under) return;
    if (this.loop) this.turn = over ? -1 : 1;
    else setTimeout(() => this.play(false)); // after this last frame
  }

  // ---- everything that no frame of a drag changes: choices, theme ----

  choices() {
    const { body, path, choosing } = this;
    for (const button of body.querySelectorAll(".lx-paths button")) {
      button.setAttribute("aria-checked", button.dataset.path === path);
      button.tabIndex = button.dataset.path === path ? 0 : -1;
    }
    for (const key of ["a", "b"]) this.choosers[key].mark(key === choosing);
    this.plane.caption();
  }

  refresh() {
    const { ends, slider } = this;
    this.body.style.setProperty("--lx-on-primary", this.theme.onPrimary);
    this.find("even").checked = this.even;
    this.find("overshoot").checked = this.overshoot;
    this.find("play").textContent = this.playing ? "❚❚" : "▶";
    Object.assign(slider, { min: this.low(), max: this.high() });
    this.body.style.setProperty("--lx-n", this.frames());
    this.strip.forEach(({ button }, n) => { button.hidden = n >= this.frames(); button.dataset.end = { 0: "A", 1: "B" }[this.frameTime(n)] ?? ""; });
    for (const key of ["a", "b"]) { this.choosers[key].show(ends[key]); this.pictures[key].z = null; }
    this.choices();
    this.plane.backdropDrawn = null;
    this.changed();
    this.resize();
  }

  resize() {
    if (!this.model || !this.body.isConnected) return;
    this.pencil.resize();
    const plane = this.plane.resize(), plots = [this.screens.decoded, this.screens.blend].map((screen) => screen.fit()).some(Boolean);
    const frames = this.strip.map(({ screen }) => screen.fit()).some(Boolean), thumbs = Object.values(this.choosers).map((each) => each.screen.fit()).some(Boolean);
    if (thumbs) for (const key of ["a", "b"]) this.pictures[key].z = null;
    if (frames) this.made = -1;
    this.drawBand();
    if ((plane || plots || thumbs) && this.current) { this.stale = true; this.frame(); } // now: the canvas is empty until it is drawn
    else if (plane || plots || frames) this.moved();
  }

  // Only when the hand rests: a screen reader would read every frame.
  describe() {
    const { screens, t, plane, choosing, model } = this;
    if (!this.z) return;
    const words = `t = ${minus(t.toFixed(2))}`;
    screens.decoded.canvas.setAttribute("aria-label", `What the network draws on the ${this.path} path at ${words}; ${this.inWords(this.about(this.z))}`);
    screens.blend.canvas.setAttribute("aria-label", `The pictures of A and B laid over each other at ${words}`);
    plane.surface.setAttribute("aria-label", `Map of the latent space of ${model.title} with the path from A to B. ${model.k > 2 ? "Arrow keys take the next sample for" : "Arrow keys move"} ${choosing.toUpperCase()}${model.k > 2 ? "." : ", with Shift faster."}`);
    plane.surface.setAttribute("aria-valuenow", this.ends[choosing].z[0]);
    plane.surface.setAttribute("aria-valuetext", `${choosing.toUpperCase()} at ${this.ends[choosing].z.slice(0, 4).map((v) => minus(v.toFixed(2))).join(", ")}`);
  }
}

// The map of a morph: codes, the three paths, A and B, and the moving point. Two numbers: the latent plane itself; more: what
// data.map {mean, axes, low, high} projects it to; one: a strip.
class Plane {
  constructor(figure, surface) {
    Object.assign(this, { figure, surface });
    [this.backdrop, this.overlay] = surface.children;
    const { model, data: { map } } = figure;
    this.box = map ?? { low: model.low, high: model.high };
    this.places = new Float32Array(2 * model.count);
    for (let n = 0; n < model.count; n++) this.places.set(this.project(model.codes.subarray(n * model.k, (n + 1) * model.k), n), 2 * n);
    this.listen();
  }

  // A code as fractions of the map, from its left and its top.
  project(z, n = -1) {
    const { model, data: { map } } = this.figure, { low, high } = this.box;
    const [u, v] = map ? map.axes.map((axis) => axis.reduce((sum, weight, i) => sum + weight * (z[i] - map.mean[i]), 0)) : z;
    const part = (value, i) => (value - low[i]) / (high[i] - low[i] || 1);
    if (model.k > 1) return [part(u, 0), 1 - part(v, 1)];
    // One number: the classes get a row each, and within it the samples are strewn so that they can be told apart.
    const strewn = (Math.imul(n + 1, 2654435761) >>> 8) / 2 ** 24;
    return [part(u, 0), n < 0 ? 0.5 : model.classes ? (model.labels[n] + 0.15 + 0.7 * strewn) / model.classes.length : 0.2 + 0.6 * strewn];
  }

  pixels(z) { const [u, v] = this.project(z); return [u * this.width, v * this.height]; }

  // The end that a place on the map means: the place itself, or with more than two numbers the sample that lies nearest to it.
  endAt(x, y) {
    const { figure, width, height, places, box: { low, high } } = this, { model } = figure;
    if (model.k <= 2) {
      const value = (part, i) => Number((low[i] + Math.min(1, Math.max(0, part)) * (high[i] - low[i])).toPrecision(5));
      return { z: model.k === 1 ? [value(x / width, 0)] : [value(x / width, 0), value(1 - y / height, 1)], name: "" };
    }
    let best = Infinity, index = 0;
    for (let n = 0; n < model.count; n++) {
      const away = (places[2 * n] * width - x) ** 2 + (places[2 * n + 1] * height - y) ** 2;
      if (away < best) { best = away; index = n; }
    }
    return { index, z: figure.codeOf(index) };
  }

  listen() {
    const { figure, surface } = this, { model } = figure;
    let grabbed = null, offset = [0, 0];
    figure.listen(surface, (x, y) => {
      figure.play(false);
      const { ends, choosing } = figure, far = (z) => { const [px, py] = this.pixels(z); return Math.hypot(px - x, py - y); };
      const handles = [["t", figure.z], [choosing, ends[choosing].z], ...["a", "b"].map((key) => [key, ends[key].z])].map(([key, z]) => ({ key, z, away: far(z) }));
      // A point that rests on an end would hide it: then the end that is being chosen comes first.
      const resting = handles.find(({ key, away }) => key === choosing && away < GRAB && handles[0].away < GRAB && Math.abs(away - handles[0].away) < 4);
      const nearest = resting ?? handles.reduce((best, each) => each.away < best.away ? each : best);
      grabbed = nearest.away < GRAB ? nearest.key : choosing;
      offset = nearest.away < GRAB ? this.pixels(nearest.z).map((place, i) => place - [x, y][i]) : [0, 0];
      if (grabbed !== "t" && grabbed !== choosing) { figure.choosing = grabbed; figure.choices(); }
      this.pressed = [x, y];
    }, (x, y) => {
      if (this.pressed && offset.some(Boolean) && Math.hypot(x - this.pressed[0], y - this.pressed[1]) < 3) return; // a press alone moves no handle
      this.pressed = null;
      if (grabbed === "t") { figure.t = this.nearestTime(x + offset[0], y + offset[1]); figure.moved(); }
      else figure.take(grabbed, this.endAt(x + offset[0], y + offset[1]));
    });
    surface.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [right, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
      if (!right && !up) return;
      event.preventDefault();
      const key = figure.choosing, end = figure.ends[key], step = (event.shiftKey ? 10 : 1) / 200;
      if (model.k > 2) figure.choosers[key].next(right || up);
      else {
        const z = end.z.map((value, i) => { const span = this.box.high[i] - this.box.low[i]; return Number(Math.min(this.box.high[i], Math.max(this.box.low[i], value + (model.k === 1 ? right || up : [right, up][i]) * step * span)).toPrecision(6)); });
        figure.take(key, { z, name: "" });
        figure.send(KEY_PAUSE);
      }
    };
  }

  // The t whose place on the map is nearest.
  nearestTime(x, y) {
    const { figure } = this, low = figure.low(), high = figure.high();
    let best = Infinity, found = low;
    for (let n = 0; n <= 400; n++) {
      const t = low + n / 400 * (high - low), [px, py] = this.pixels(figure.at(t)), away = Math.hypot(px - x, py - y);
      if (away < best) { best = away; found = t; }
    }
    return Number(found.toFixed(3));
  }

  resize() {
    const { surface, backdrop, overlay } = this, { clientWidth, clientHeight } = surface;
    if (!clientWidth) return false; // in a hidden tab
    Object.assign(this, { width: clientWidth, height: clientHeight });
    const changed = fit(backdrop, surface);
    if (changed) this.backdropDrawn = null;
    return fit(overlay, surface) || changed;
  }

  drawBackdrop() {
    const { figure, width, height, places } = this, { model, theme } = figure, { labels, classes, count } = model;
    this.backdropDrawn = theme.mode;
    const pen = this.backdrop.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const dots = (classes ?? [""]).map((_, c) => dot(classes ? PALETTE[c % 10] : NEUTRAL, dotRadius(count, width)));
    const side = dots[0].width / devicePixelRatio, among = dots.map(() => [[], []]);
    pen.globalAlpha = 0.38; // quiet: the paths are what matters here
    for (let n = 0; n < count; n++) {
      const c = classes ? labels[n] : 0, x = places[2 * n] * width, y = places[2 * n + 1] * height;
      pen.drawImage(dots[c], x - side / 2, y - side / 2, side, side);
      among[c][0].push(x);
      among[c][1].push(y);
    }
    pen.globalAlpha = 1;
    if (!classes) return;
    const names = classes.flatMap((name, c) => among[c][0].length ? [named(pen, theme, name, median(among[c][0]), median(among[c][1]), width)] : []);
    setApart(names, width, height);
    pen.globalAlpha = 0.75;
    writeNames(pen, theme, names);
    pen.globalAlpha = 1;
  }

  caption() {
    const { figure } = this, { model, data: { map }, choosing } = figure, letter = choosing.toUpperCase();
    const where = map ? `The codes, seen along their two leading principal components (${Math.round(100 * map.share)} % of their variance); the paths likewise. Press near a code and it becomes ${letter}.`
      : `Each point is a real sample's code. Drag A, B or the dot; press anywhere else and ${letter} goes there.`;
    setText(figure.find("caption"), where);
  }

  draw() {
    if (!this.width) return;
    if (!this.backdropDrawn) this.drawBackdrop();
    const { figure, overlay, width, height } = this, { theme, ends, path: chosen } = figure, pen = overlay.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.lineJoin = "round";
    const names = Object.keys(PATHS).filter((name) => figure.offered(name)).sort((a, b) => (a === chosen) - (b === chosen));
    for (const name of names) {
      const way = figure.way(name), strong = name === chosen;
      if (!way) continue;
      const from = strong ? figure.low() : 0, to = strong ? figure.high() : 1;
      pen.beginPath();
      for (let n = 0; n <= 96; n++) pen.lineTo(...this.pixels(way(from + n / 96 * (to - from))));
      for (const [colour, extra] of strong ? [[theme.background, 3], [theme.text, 0]] : [[theme.text, 0]]) {
        pen.setLineDash(extra ? [] : PATHS[name][2]);
        pen.strokeStyle = colour;
        pen.globalAlpha = strong ? 1 : 0.6;
        pen.lineWidth = (strong ? 2.5 : 1.25) + extra;
        pen.stroke();
      }
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.font = `600 ${12 * rem}px ${theme.font}`;
    for (const key of ["a", "b"]) {
      const [x, y] = this.pixels(ends[key].z).map((place, i) => Math.min([width, height][i] - 13, Math.max(13, place))), filled = figure.choosing === key;
      ring(pen, x, y, 11 * rem);
      pen.fillStyle = filled ? theme.text : theme.background;
      pen.strokeStyle = filled ? theme.background : theme.text;
      pen.lineWidth = 2;
      pen.fill();
      pen.stroke();
      pen.fillStyle = filled ? theme.background : theme.text;
      pen.fillText(key.toUpperCase(), x, y + 0.5);
    }
    handle(pen, theme, ...this.pixels(figure.z), 6);
  }
}

// ---- Four corners -------------------------------------------------------------------------------------------------------

const TILES = 5; // along a side of the pad
const LETTERS = ["A", "B", "C", "D"]; // top left, top right, bottom left, bottom right

class Corners extends Figure {
  touched = false;

  start({ corners, at }) {
    const fits = (n) => Number.isInteger(n) && n >= 0 && n < this.model.count;
    this.corners = LETTERS.map((_, i) => fits(corners?.[i]) ? corners[i] : i % this.model.count);
    this.place = (at?.length === 2 && at.every(Number.isFinite) ? at : [0.5, 0.5]).map((part) => Math.min(1, Math.max(0, part)));
    this.changed();
  }

  state() { return { corners: this.corners, at: this.place }; }

  build() {
    const { model, body } = this;
    this.surface = this.find("latent-pad");
    [this.backdrop, this.overlay] = this.surface.children;
    this.latentStats = this.surface.latentStats = { frames: 0, ms: [] };
    this.screen = new Screen(this.find("decoded"), model, NETWORK);
    this.tiles = [];
    this.choosers = LETTERS.map((letter, i) => new Chooser(letter, this, { take: (index) => { this.corners[i] = index; this.choosers[i].show({ index }); this.changed(); this.send(); } }));
    body.querySelector(".lx-ends").replaceChildren(...this.choosers.map(({ element }) => element));
    this.find("shuffle").onclick = () => {
      const { labels, count } = model, seen = new Set();
      this.corners = LETTERS.map(() => {
        let index = 0;
        for (let turn = 0; turn < 40; turn++) { index = Math.floor(Math.random() * count); if (!labels || !seen.has(labels[index])) break; } // four different classes, where there are so many
        seen.add(labels?.[index]);
        return index;
      });
      this.refresh();
      this.send();
    };
    const move = (x, y) => this.move([x, y].map((value) => (value / this.side * TILES - 0.5) / (TILES - 1))); // a tile shows what its middle decodes to
    this.listen(this.surface, () => {}, move);
    this.surface.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [right, down] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
      if (!right && !down && event.key !== "Home") return;
      event.preventDefault();
      const step = event.shiftKey ? 0.1 : 0.01, [u, v] = this.place;
      this.move(event.key === "Home" ? [0.5, 0.5] : [u + right * step, v + down * step]);
      this.send(KEY_PAUSE);
    };
    for (const element of [this.surface, this.screen.canvas]) this.observer.observe(element);
  }

  move(place) {
    this.touched = true;
    this.place = place.map((part) => Number(Math.min(1, Math.max(0, part)).toFixed(4)));
    this.moved();
  }

  weights([u, v]) { return [(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v]; }

  mixture(place) {
    const weights = this.weights(place), { codes, k } = this.model, z = new Array(k).fill(0);
    this.corners.forEach((index, c) => { for (let i = 0; i < k; i++) z[i] += weights[c] * codes[index * k + i]; });
    return z;
  }

  draw() {
    const { model, place, surface, screen, theme } = this, [u, v] = place;
    this.z = this.mixture(place);
    const values = model.decode(this.z);
    this.grow(values);
    screen.show(values, this.range, theme);
    surface.dataset.z = this.z.join(",");
    setText(this.find("here"), this.inWords(this.about(this.z)));
    const mix = this.find("mix");
    if (!mix.childElementCount) mix.replaceChildren(...LETTERS.map((letter) => make("span", {}, make("i", {}, `${letter} `), make("b", {}))));
    this.weights(place).forEach((weight, c) => setText(mix.children[c].lastChild, `${Math.round(100 * weight)} %`));
    if (!this.side) return;
    const pen = this.overlay.getContext("2d"), spot = (part) => (part * (TILES - 1) + 0.5) / TILES * this.side;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, this.side, this.side);
    handle(pen, theme, spot(u), spot(v), 7.5);
    const hint = this.body.querySelector(".lx-drag");
    hint.hidden = this.touched;
    if (!this.touched) hint.style.transform = `translate(${spot(u) + 18}px, ${spot(v) - 12}px)`;
  }

  *work(version) {
    const order = Array.from({ length: TILES * TILES }, (_, n) => n), corner = (n) => [0, TILES - 1, TILES * (TILES - 1), TILES * TILES - 1].indexOf(n);
    order.sort((a, b) => (corner(a) < 0) - (corner(b) < 0)); // the corners first
    for (const n of order) {
      const values = this.model.decode(this.mixture([n % TILES / (TILES - 1), Math.floor(n / TILES) / (TILES - 1)]));
      this.grow(values);
      this.tiles[n] = Float32Array.from(values);
      if (corner(n) >= 0) this.choosers[corner(n)].picture(values);
      yield;
    }
    this.drawTiles();
    this.made = version;
  }

  // The decodes of a 5 × 5 grid, faint, and the four corners in full.
  drawTiles() {
    const { backdrop, side, model, theme, tiles, range } = this;
    if (!side || tiles.length < TILES * TILES) return;
    const pen = backdrop.getContext("2d"), wide = side / TILES, gap = side * 0.006;
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, side, side);
    this.sheet ??= make("canvas", {});
    tiles.forEach((values, n) => {
      const x = n % TILES * wide, y = Math.floor(n / TILES) * wide, c = [0, TILES - 1, TILES * (TILES - 1), TILES * TILES - 1].indexOf(n);
      pen.globalAlpha = c < 0 ? 0.42 : 1;
      if (model.shape.length === 3) {
        paint(this.sheet, values, model, range);
        pen.imageSmoothingEnabled = true;
        pen.imageSmoothingQuality = "high";
        pen.drawImage(this.sheet, x + gap, y + gap, wide - 2 * gap, wide - 2 * gap);
      } else trace(pen, values, model, range, NETWORK, { x: x + 6, y: y + 6, width: wide - 12, height: wide - 12, thick: 1.4 });
      if (c < 0) return;
      pen.font = `600 ${14 * rem}px ${theme.font}`;
      pen.textAlign = c % 2 ? "right" : "left";
      pen.textBaseline = c < 2 ? "top" : "bottom";
      write(pen, theme, LETTERS[c], c % 2 ? side - 8 : 8, c < 2 ? 8 : side - 7, 4);
    });
    pen.globalAlpha = 1;
  }

  refresh() {
    this.body.style.setProperty("--lx-on-primary", this.theme.onPrimary);
    this.choosers.forEach((each, c) => each.show({ index: this.corners[c] }));
    this.changed();
    this.resize();
  }

  resize() {
    if (!this.model || !this.body.isConnected || !this.surface.clientWidth) return;
    this.side = this.surface.clientWidth;
    const redraw = [fit(this.backdrop, this.surface), fit(this.overlay, this.surface), this.screen.fit(), ...this.choosers.map((each) => each.screen.fit())].some(Boolean);
    if (!redraw) return;
    this.made = -1;
    this.drawTiles();
    this.stale = true;
    this.frame(); // now: the canvas is empty until it is drawn
  }

  describe() {
    if (!this.z) return;
    const { classes, labels } = this.model, name = (c) => classes ? classes[labels[this.corners[c]]] : `sample ${this.corners[c]}`;
    const mix = this.weights(this.place).map((weight, c) => `${LETTERS[c]} (${name(c)}) ${Math.round(100 * weight)} %`).join(", ");
    this.surface.setAttribute("aria-label", "A square whose corners are four samples. Arrow keys move the handle, with Shift faster; Home goes to the middle.");
    this.surface.setAttribute("aria-valuenow", this.place[0]);
    this.surface.setAttribute("aria-valuetext", mix);
    this.screen.canvas.setAttribute("aria-label", `What the network draws from the mixture of ${mix}`);
  }
}

// ---- The row of an end or a corner: its letter, its picture, its class, another of that class -----------------------------

class Chooser {
  constructor(letter, figure, { choose, take, draw }) {
    const { model } = figure, { classes, labels, count } = model;
    Object.assign(this, { figure, model, take, index: 0 });
    const head = choose ? make("button", { type: "button", class: "lx-letter", title: `The map and an upload set ${letter}` }, letter) : make("span", { class: "lx-letter" }, letter);
    if (choose) head.onclick = choose;
    const canvas = make("canvas", { class: "lx-thumb", "aria-hidden": "true" });
    this.screen = new Screen(canvas, model, NETWORK, true);
    if (classes) {
      this.select = make("select", { "aria-label": `Class of ${letter}`, "data-testid": `class-${letter.toLowerCase()}` }, ...classes.flatMap((name, c) => labels.includes(c) ? [make("option", { value: c }, name)] : []));
      this.elsewhere = make("option", { value: "", hidden: "", disabled: "" }, "–"); // a place that is no sample's
      this.select.append(this.elsewhere);
      this.select.onchange = () => take(labels.indexOf(Number(this.select.value)));
    } else {
      this.select = make("input", { type: "number", min: 0, max: count - 1, step: 1, "aria-label": `Sample for ${letter}`, "data-testid": `class-${letter.toLowerCase()}` });
      this.select.onchange = () => { const index = Math.round(Number(this.select.value)); if (index >= 0 && index < count) take(index); else this.show(this.end); };
    }
    this.another = make("button", { type: "button", "data-testid": `another-${letter.toLowerCase()}` }, "another");
    this.another.onclick = () => this.next(1);
    this.what = make("span", { class: "lx-what" });
    const sketch = draw ? [make("button", { type: "button", "data-draw": "", "data-testid": `draw-${letter.toLowerCase()}` }, "draw")] : [];
    if (draw) sketch[0].onclick = draw;
    this.element = make("div", { class: "lx-end", role: "group", "aria-label": letter }, head, canvas, this.select, this.another, ...sketch, this.what);
    this.head = head;
  }

  // The next sample (the one before with −1), of the same class where there are classes.
  next(turn) {
    const { model: { labels, count }, index, select } = this, wanted = labels && select.value !== "" ? Number(select.value) : null;
    for (let step = 1; step <= count; step++) {
      const other = (index + turn * step + count * step) % count;
      if (wanted === null || labels[other] === wanted) return this.take(other);
    }
  }

  mark(chosen) { this.head.setAttribute("aria-pressed", chosen); }
  picture(values) { this.screen.show(values, this.figure.range, this.figure.theme); }

  show(end) {
    const { model: { classes, labels }, select } = this;
    this.end = end;
    const sample = end.index !== undefined;
    if (sample) this.index = end.index;
    select.value = !sample ? "" : classes ? labels[end.index] : end.index;
    setText(this.another, classes && sample ? `another ${classes[labels[end.index]]}` : "another");
    setText(this.what, sample ? classes ? `sample ${end.index}` : "" : end.name || "a place on the map");
    this.what.title = this.what.textContent;
  }
}

// ---- A canvas with a sample on it: a picture at the model's own resolution, or a signal's curve ----------------------------

class Screen {
  constructor(canvas, model, colour, small = false) {
    Object.assign(this, { canvas, model, colour, small, signal: model.shape.length === 2 });
    canvas.values = new Float32Array(model.shape.reduce((product, n) => product * n, 1));
    if (!this.signal) [, canvas.height, canvas.width] = model.shape;
  }

  fit() { return this.signal && fit(this.canvas, this.canvas); }

  show(values, range, theme) {
    const { canvas, model, colour, small, signal } = this;
    canvas.values.set(values);
    if (!signal) return paint(canvas, values, model, range);
    const width = canvas.width / devicePixelRatio, height = canvas.height / devicePixelRatio, pen = canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const left = small ? 2 : 34 * rem, box = { x: left, y: small ? 2 : 6, width: width - left - (small ? 2 : 8), height: height - (small ? 4 : 6 + 20 * rem), thick: small ? 1.25 : 2.25 };
    if (!(box.width > 4 && box.height > 4)) return; // in a hidden tab
    if (!small) axes(pen, theme, model, range, box);
    trace(pen, values, model, range, colour, box);
  }
}

function paint(canvas, values, { shape: [channels, height, width] }, [low, high]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const pixels = new ImageData(width, height), { data } = pixels, area = height * width, scale = 255 / (high - low);
  for (let i = 0, p = 0; i < area; i++, p += 4) {
    for (let c = 0; c < 3; c++) data[p + c] = Math.round((values[i + (channels === 3 ? c * area : 0)] - low) * scale); // clamped by the array
    data[p + 3] = 255;
  }
  canvas.getContext("2d").putImageData(pixels, 0, 0);
}

function trace(pen, values, { shape: [channels, length] }, [low, high], colour, { x, y, width, height, thick }) {
  pen.strokeStyle = colour;
  pen.lineWidth = thick;
  pen.lineJoin = "round";
  for (let c = 0; c < channels; c++) {
    pen.beginPath();
    for (let i = 0; i < Math.max(2, length); i++) { // a window of one sample is a level
      const value = values[c * length + Math.min(i, length - 1)];
      pen.lineTo(x + i / (length - 1 || 1) * width, y + (c + 1 - (value - low) / (high - low)) * height / channels);
    }
    pen.stroke();
  }
}

function axes(pen, theme, { shape: [channels, length] }, [low, high], { x, y, width, height }) {
  const lane = height / channels;
  pen.font = `${11 * rem}px ${theme.font}`;
  pen.lineWidth = 1;
  pen.strokeStyle = pen.fillStyle = theme.text;
  pen.textAlign = "right";
  pen.textBaseline = "middle";
  for (let c = 0; c < channels; c++) for (const tick of ticks(low, high, lane > 120 ? 4 : 1)) {
    const h = Math.round(y + lane * (c + 1) - (tick - low) / (high - low) * lane) + 0.5;
    pen.globalAlpha = 0.13;
    line(pen, x, h, x + width, h);
    pen.globalAlpha = 0.72;
    if (lane >= 24) pen.fillText(minus(String(tick)), x - 6, h);
  }
  pen.textBaseline = "alphabetic";
  pen.textAlign = "left";
  pen.fillText("0", x, y + height + 15 * rem);
  pen.textAlign = "right";
  pen.fillText(`${length} sample${length === 1 ? "" : "s"}`, x + width, y + height + 15 * rem);
  pen.globalAlpha = 1;
}

// A fixed scale, else the curve would seem to stand still while its axis moves. Where the model has none: what decoded codes
// span; it only ever grows.
function rangeOf(model) {
  if (model.range) return [...model.range];
  const range = [Infinity, -Infinity];
  for (let n = 0; n < 48; n++) {
    const from = Math.floor(n * model.count / 48) * model.k;
    growRange(range, model.decode(model.codes.subarray(from, from + model.k)), model);
  }
  const margin = 0.06 * (range[1] - range[0]) || 1;
  return [range[0] - margin, range[1] + margin];
}

function growRange(range, values, model) {
  if (model.range) return;
  for (let i = 0; i < values.length; i++) { if (values[i] < range[0]) range[0] = values[i]; if (values[i] > range[1]) range[1] = values[i]; }
}

// ---- Paths: t -> z, as in ae_core/paths.py ------------------------------------------------------------------------------------

function straight(a, b) { return (t) => a.map((value, i) => (1 - t) * value + t * b[i]); }

// The direction turns evenly while the norm goes evenly from one end's to the other's (Shoemake 1985).
function spherical(a, b) {
  const dot = (u, v) => u.reduce((sum, value, i) => sum + value * v[i], 0), norm = (u) => Math.sqrt(dot(u, u));
  const lengths = [norm(a), norm(b)];
  if (Math.min(...lengths) === 0 || a.length === 1) return straight(a, b);
  const u = a.map((value) => value / lengths[0]), v = b.map((value) => value / lengths[1]), cosine = dot(u, v);
  let across = v.map((value, i) => value - cosine * u[i]);
  const angle = Math.atan2(norm(across), cosine);
  if (norm(across) < 1e-9) {
    if (angle < 1) return straight(a, b);
    const least = u.reduce((best, value, i) => Math.abs(value) < Math.abs(u[best]) ? i : best, 0); // opposite ends: through the axis nearest to perpendicular
    across = u.map((value, i) => (i === least) - u[least] * value);
  }
  const size = norm(across);
  across = across.map((value) => value / size);
  return (t) => {
    const reach = (1 - t) * lengths[0] + t * lengths[1], [cos, sin] = [Math.cos(t * angle), Math.sin(t * angle)];
    return u.map((value, i) => reach * (cos * value + sin * across[i]));
  };
}

// Through points, evenly; beyond the ends on in the direction of the last step.
function along(points) {
  const last = points.length - 1;
  return (t) => {
    const i = Math.min(last - 1, Math.max(0, Math.floor(t * last))), part = t * last - i;
    return points[i].map((value, d) => (1 - part) * value + part * points[i + 1][d]);
  };
}

// A list of numbers at a fractional place.
function between(values, at) {
  const i = Math.min(values.length - 2, Math.floor(at)), part = at - i;
  return (1 - part) * values[i] + part * values[i + 1];
}

// The t of EVEN places with the same picture change from each to the next; yields nothing until it is done, then the list.
function* evenTimes(model, way) {
  const arc = [0];
  let before = null;
  for (let n = 0; n < EVEN; n++) {
    const values = Float32Array.from(model.decode(way(n / (EVEN - 1))));
    if (before) arc.push(Math.sqrt(squaredError(values, before)));
    before = values;
    yield null;
  }
  const total = arc.reduce((sum, step) => sum + step, 0);
  if (!total) return;
  for (let n = 1; n < EVEN; n++) arc[n] += arc[n - 1] + 1e-9 * total / (EVEN - 1);
  const times = [];
  for (let n = 0, j = 0; n < EVEN; n++) {
    const wanted = n / (EVEN - 1) * arc[EVEN - 1];
    while (j < EVEN - 2 && arc[j + 1] <= wanted) j += 1;
    times.push((j + (wanted - arc[j]) / (arc[j + 1] - arc[j])) / (EVEN - 1));
  }
  yield times;
}

// ---- Helpers ------------------------------------------------------------------------------------------------------------------

function setText(element, text) { if (element.textContent !== text) element.textContent = text; }

// What is moved is a dot in the accent on every page.
function handle(pen, theme, x, y, radius) {
  for (const [colour, size] of [["rgb(0 0 0 / .65)", radius + 3.5], ["#ffffff", radius + 2.5], [theme.primary, radius]]) {
    pen.fillStyle = colour;
    ring(pen, x, y, size);
    pen.fill();
  }
}
