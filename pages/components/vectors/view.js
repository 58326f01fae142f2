// Vectors: moving through a latent space without a map. Everything is computed here while a slider moves. (evaluator.js, drawing.js and
// pencil.js stand in front of this text.) Top to bottom: the mount; Figure (what the three share: frames, sliders, what is sent to
// Python); Arithmetic (a code plus attribute vectors), Traversals (a slider for each dimension), Samples (draws from the prior); Picture; helpers.
//
// data: {mode, models: [name, …], revision, view: where to start}, and
//   arithmetic  vectors: [{name, title, unit, vector}], means: a mean code for each class or null, or null without classes
//   traversals  gaussian, kl or null, centre, scale: what 0 and 1 on a slider are, note
//   samples     draw: {seed, sets: [{mean, offsets}]}, one for each model, base64 of float32 (k) and (N · k); titles, notes
// The figure owns what the person moves: `data` sets it when mode, models or revision change and never afterwards.
// On release Python hears setStateValue("view", state()).

export default (component) => mount(component, ".lx-more", () => new { arithmetic: Arithmetic, traversals: Traversals, samples: Samples }[component.data.mode](), component.data.mode);

const SLICE = 9; // ms of each frame for everything but the large picture
const NEAREST = 5; // codes that are named
const MOST_SIGMA = 3; // a slider's end, in standard deviations
const MOST_SHARE = 2; // the same, of a difference of classes
const OTHERS = 8;
const FRAMES = 9; // decodes in a row
const FIRST_ROWS = 32;
const DEAD = 0.01; // nats
const SIDE = 6; // samples along a side of the grid

class Figure extends Live {
  tiles = []; // small pictures: {stale, paint()}; they follow as fast as there is time
  turn = 0;
  moved = false;

  arrived(name) { if (this.data.models.includes(name)) this.open(); }

  receive(root, data, setStateValue) {
    const { fresh, moved } = this.heed(root, data, setStateValue, data.models);
    if (fresh || moved) this.open(true);
    else if (this.models) this.refresh();
  }

  // Until every model is there the old picture stays. One of this name without codes is another page's: ours is on its way.
  async open(restart = false) {
    const { order } = this;
    this.restart ||= restart;
    const models = await Promise.all(this.data.models.map(modelReady));
    if (this.closed || order !== this.order || models.some((model) => !model.count)) return;
    const same = this.builtIn === this.root && models.every((model, n) => model === this.models?.[n]);
    if (same && !this.restart) return;
    const wanted = this.restart ? this.data.view ?? {} : this.state();
    this.restart = false;
    this.models = models;
    [this.model] = models;
    if (!same) this.mount();
    this.start(wanted);
    this.sent = JSON.stringify(this.state());
    this.refresh();
  }

  mount() {
    const body = this.root.querySelector(".lx-body"), signal = this.model.shape.length === 2;
    body.replaceChildren(this.root.querySelector(`template[data-mode=${this.data.mode}]`).content.cloneNode(true));
    body.className = `lx-body lx-${this.data.mode} lx-${signal ? "signal" : "image"}`;
    this.root.querySelector(".lx-wait").hidden = true;
    body.hidden = false;
    Object.assign(this, { body, signal, builtIn: this.root, held: null, tiles: [] });
    this.surface = this.find("latent-pad");
    this.surface.latentStats = { frames: 0, decodeMs: [] };
    this.decoded = new Picture(this.find("decoded"), this.model, { axes: true, wide: this.data.mode === "traversals" });
    this.build();
    this.observer.disconnect();
    for (const canvas of body.querySelectorAll("canvas")) this.observer.observe(canvas);
  }

  find(id) { return this.body.querySelector(`[data-testid=${id}]`); }
  part(name) { return this.body.querySelector(`.lx-${name}`); }

  // A range input: `moved` hears of every step, Python of the last one; a double click is `usual`.
  slide(input, moved, usual) {
    input.onpointerdown = () => { clearTimeout(this.timer); this.held = input; };
    input.oninput = () => { moved(Number(input.value)); this.change(); if (this.held !== input) this.send(KEY_PAUSE); };
    const release = () => { if (this.held === input) { this.held = null; this.send(); } };
    input.onpointerup = input.onpointercancel = input.onlostpointercapture = input.onchange = release;
    input.ondblclick = () => this.choose(() => moved(usual));
  }

  // The slider's value, and its bar: from 0 to where it stands.
  set(input, value) {
    if (this.held !== input && Number(input.value) !== value) input.value = value;
    const part = (place) => (place - input.min) / (input.max - input.min), ends = [part(Math.max(0, input.min)), part(Math.min(input.max, Math.max(input.min, value)))].sort((a, b) => a - b);
    ends.forEach((end, n) => input.style.setProperty(n ? "--lx-to" : "--lx-from", end ? `calc(.5rem + (100% - 1rem) * ${end})` : "0%")); // .5: half the thumb
  }

  segments(element, choices, choose) {
    element.replaceChildren(...Object.entries(choices).map(([name, [label, title]]) => {
      const button = make("button", { type: "button", title, role: "radio" }, label);
      button.dataset.name = name;
      button.onclick = () => this.choose(() => choose(name));
      return button;
    }));
    radios(element);
  }

  mark(element, chosen) {
    for (const button of element.children) {
      button.setAttribute("aria-checked", button.dataset.name === chosen);
      button.tabIndex = button.dataset.name === chosen ? 0 : -1;
    }
  }

  // ---- the sample to start from ----

  // The menu of classes, and "another".
  buildBase() {
    const { model } = this, select = this.find("base-class"), another = this.find("another");
    this.part("class").hidden = !model.classes;
    const there = (model.classes ?? []).flatMap((name, c) => model.labels.includes(c) ? [make("option", { value: c }, name)] : []);
    select.replaceChildren(...there);
    const from = () => this.base ?? this.lastBase;
    select.onchange = () => this.choose(() => this.startFrom(this.next(from(), Number(select.value))));
    another.onclick = () => this.choose(() => this.startFrom(this.next(from(), model.labels?.[from()])));
  }

  startFrom(n) { this.base = n; }

  markBase() {
    const { model } = this, base = this.base ?? this.lastBase, name = model.classes?.[model.labels[base]];
    if (model.classes) this.find("base-class").value = model.labels[base];
    this.find("another").textContent = name !== undefined && name.length < 14 ? `another ${name}` : "another";
  }

  // The next code after n, of that class or of any.
  next(n, label) {
    const { labels, count } = this.model;
    for (let step = 1; step <= count; step++) {
      const m = (n + step) % count;
      if (!labels || label === undefined || labels[m] === label) return m;
    }
    return n;
  }

  code(n) { return this.model.codes.subarray(n * this.model.k, (n + 1) * this.model.k); }

  // ---- what the person does ----

  change() { this.moved = true; this.touch(); this.wake(); }

  // A choice: show it, then tell Python.
  choose(change) {
    change();
    this.refresh();
    this.send();
  }

  send(wait = 0) {
    clearTimeout(this.timer);
    if (wait) { this.timer = setTimeout(() => this.send(), wait); return; }
    if (this.held || this.closed) return; // the release will send it
    this.describe();
    const text = JSON.stringify(this.state());
    if (text === this.sent) return;
    this.sent = text;
    this.setStateValue("view", JSON.parse(text));
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  // Every small picture has to be drawn again.
  touch() { for (const tile of this.tiles) tile.stale = true; }

  wake() { this.request ||= requestAnimationFrame(() => this.frame()); }

  frame() {
    this.request = 0;
    const began = performance.now();
    if (this.moved) this.drawMain();
    // One after the other from where the last frame stopped, so that each gets its turn also while the hand never rests.
    let busy = false;
    for (let n = 0; n < this.tiles.length; n++) {
      const tile = this.tiles[this.turn = (this.turn + 1) % this.tiles.length];
      if (!tile.stale) continue;
      if (performance.now() - began > SLICE) { busy = true; this.turn -= 1; break; }
      tile.stale = false;
      tile.paint();
    }
    if (busy) this.wake();
  }

  drawMain() {
    const began = performance.now(), { latentStats } = this.surface;
    this.moved = false;
    this.draw();
    latentStats.frames += 1;
    latentStats.decodeMs.push(performance.now() - began);
    if (latentStats.decodeMs.length > 600) latentStats.decodeMs.shift();
    if (!this.described && !this.held) this.describe();
  }

  show(model, z) {
    this.surface.dataset.z = Array.from(z).join(",");
    this.decoded.show(model.decode(z), this.theme);
  }

  // A canvas of a signal has the screen's resolution; one of a picture the model's own, whatever its size.
  resize() { if (this.signal) { this.moved = true; this.touch(); this.wake(); } }

  describe() {
    this.described = true;
    const { canvas } = this.decoded;
    canvas.setAttribute("aria-label", `Decoded ${this.signal ? "signal" : "picture"}: ${this.words()}`);
  }

  // The classes of the nearest codes, in words.
  near(model, z) {
    const place = this.find("nearest");
    if (!model.classes) { place.textContent = ""; return null; }
    const near = nearestCodes(model, z, Math.max(NEAREST, model.off_data?.neighbours ?? 0));
    const names = near.indexes.slice(0, NEAREST).map((n) => model.classes[model.labels[n]]);
    place.replaceChildren(make("i", {}, "the nearest codes: "), make("b", {}, names.join(" ")));
    return near;
  }
}

// ---- A code plus attribute vectors --------------------------------------------------------------------------------------

class Arithmetic extends Figure {
  start({ base, strengths, plus, minus, share, others }) {
    const { vectors, means } = this.data, known = (c) => Number.isInteger(c) && means?.[c];
    this.base = Number.isInteger(base) && base >= 0 && base < this.model.count ? base : 0;
    this.strengths = Object.fromEntries(vectors.map(({ name }) => [name, Number.isFinite(strengths?.[name]) ? strengths[name] : 0]));
    // From its own class to the one whose mean is nearest.
    const apart = (a, b) => Math.hypot(...means[a].map((value, i) => value - means[b][i]));
    this.minus = known(minus) ? minus : means ? this.model.labels[this.base] : null;
    this.plus = known(plus) ? plus : means?.map((_, c) => c).filter((c) => c !== this.minus && means[c]).sort((a, b) => apart(a, this.minus) - apart(b, this.minus))[0] ?? null;
    this.share = Number.isFinite(share) && this.plus !== null ? share : 0;
    this.others = others === "same" || !this.model.classes ? "same" : "all";
  }

  state() { return { base: this.base, strengths: { ...this.strengths }, plus: this.plus, minus: this.minus, share: this.share, others: this.others }; }

  build() {
    const { model, data } = this;
    this.before = new Picture(this.find("base"), model);
    this.difference = new Picture(this.find("difference"), model);
    this.buildBase();
    this.find("reset").onclick = () => this.choose(() => { for (const name in this.strengths) this.strengths[name] = 0; this.share = 0; });
    this.rows = data.vectors.map(({ name, title }) => this.row(name, make("b", {}, title), MOST_SIGMA, 0.05, (value) => { this.strengths[name] = value; }));
    const classes = data.means?.flatMap((mean, c) => mean ? [c] : []) ?? [];
    if (classes.length > 1) {
      const [plus, minus] = ["plus", "minus"].map((sign) => {
        const select = make("select", { "data-testid": sign, "aria-label": sign === "plus" ? "Class whose mean is added" : "Class whose mean is taken away" });
        select.append(...classes.map((c) => make("option", { value: c }, model.classes[c])));
        select.onchange = () => this.choose(() => { this[sign] = Number(select.value); });
        return select;
      });
      this.rows.push(this.row("class", make("span", { class: "lx-choice" }, plus, "−", minus), MOST_SHARE, 0.05, (value) => { this.share = value; }));
    }
    this.surface.replaceChildren(...this.rows.map(({ element }) => element));

    const alike = "other samples of its class", all = "samples of the other classes";
    this.part("segments").hidden = !model.classes;
    this.segments(this.part("segments"), { same: ["its class", alike], all: ["other classes", all] }, (name) => { this.others = name; });
    const pairs = Array.from({ length: Math.min(OTHERS, model.count - 1) }, () => {
      const [before, after] = ["other-before", "other"].map((id) => make("canvas", { "data-testid": id, "aria-hidden": true }));
      const button = make("button", { type: "button", class: "lx-tile" }, before, after);
      const pair = { button, before: new Picture(before, model), after: new Picture(after, model), n: 0 };
      button.onclick = () => this.choose(() => { this.base = pair.n; });
      return pair;
    });
    this.pairs = pairs;
    this.find("strip").replaceChildren(...pairs.map(({ button }) => button));
    const paint = (picture, z) => { picture.canvas.dataset.z = z.join(","); picture.show(model.decode(z), this.theme); };
    this.befores = pairs.map((pair) => ({ paint: () => paint(pair.before, [...this.code(pair.n)]) }));
    this.afters = pairs.map((pair) => ({ paint: () => paint(pair.after, this.z(pair.n)) }));
    this.tiles = [...this.afters, ...this.befores];
  }

  row(name, title, most, step, moved) {
    const input = make("input", { type: "range", min: -most, max: most, step, "data-testid": `slider-${name}` });
    const [output, measured] = [make("output", {}), make("small", { "data-testid": `measured-${name}` })];
    this.slide(input, moved, 0);
    return { name, input, output, measured, element: make("div", { class: "lx-row" }, title, input, output, measured) };
  }

  // A code, moved.
  z(n) {
    const { data: { vectors, means }, strengths, plus, minus, share, model: { k } } = this, z = Array.from(this.code(n));
    for (const { name, vector } of vectors) if (strengths[name]) for (let i = 0; i < k; i++) z[i] += strengths[name] * vector[i];
    if (share) for (let i = 0; i < k; i++) z[i] += share * (means[plus][i] - means[minus][i]);
    return z.map(Math.fround); // as torch will
  }

  touch() { for (const tile of this.afters) tile.stale = true; }

  refresh() {
    const { model, data, body, theme } = this;
    this.markBase();
    this.mark(this.part("segments"), this.others);
    const scale = this.part("scale").querySelector("i");
    scale.style.background = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, n) => `rgb(${difference(n / 8 - 1, theme)})`).join()})`;
    for (const sign of ["plus", "minus"]) if (data.means && this.find(sign)) this.find(sign).value = this[sign];
    this.find("slider-class")?.setAttribute("aria-label", `Mean of ${model.classes?.[this.plus]} less mean of ${model.classes?.[this.minus]}`);
    // The next ones after the base; of the other classes one each.
    let n = this.base;
    const seen = new Set(model.classes ? [model.labels[n]] : []);
    for (const pair of this.pairs) {
      for (let step = 0; step < model.count; step++) {
        n = this.next(n, this.others === "same" ? model.labels?.[this.base] : undefined);
        if (this.others === "same" || !seen.has(model.labels[n])) break;
      }
      if (model.classes) { seen.add(model.labels[n]); if (seen.size === model.classes.length) seen.clear(); }
      pair.n = n;
      pair.button.setAttribute("aria-label", `Start from this ${model.classes ? model.classes[model.labels[n]] : "one"}`);
      pair.button.title = pair.button.getAttribute("aria-label");
    }
    for (const tile of this.tiles) tile.stale = true;
    const values = model.decode(this.code(this.base));
    this.before.show(values, theme);
    this.measuredBefore = measured(this.before.values, model.shape);
    body.querySelector("[data-testid=base]").setAttribute("aria-label", `Decoded picture before: ${model.classes ? model.classes[model.labels[this.base]] : `sample ${this.base}`}`);
    this.moved = true;
    this.described = false;
    this.wake();
  }

  draw() {
    const { model, theme } = this, z = this.z(this.base);
    this.show(model, z);
    const { values, range: [low, high] } = this.decoded;
    this.difference.show(values.map((value, i) => value - this.before.values[i]), theme, (value) => difference(value / (high - low), theme));
    this.readOut(z);
  }

  readOut(z) {
    const after = measured(this.decoded.values, this.model.shape), before = this.measuredBefore;
    for (const { name, input, output, measured: place } of this.rows) {
      const value = name === "class" ? this.share : this.strengths[name], unit = this.data.vectors.find((vector) => vector.name === name)?.unit;
      this.set(input, value);
      output.textContent = name === "class" ? `${signed(value)} ×` : `${signed(value)} σ`;
      place.textContent = name === "class" ? `1 × is the way from the mean of the ${this.model.classes[this.minus]}s to that of the ${this.model.classes[this.plus]}s` : `${minus(before[name].toFixed(1))} → ${minus(after[name].toFixed(1))}${unit === "°" ? "" : " "}${unit}`;
      input.setAttribute("aria-valuetext", `${output.textContent}, ${place.textContent}`);
      if (name !== "class") input.setAttribute("aria-label", this.data.vectors.find((vector) => vector.name === name).title);
    }
    const near = this.near(this.model, z), status = this.part("status"), { neighbours, threshold } = this.model.off_data ?? {};
    const state = threshold == null || !near ? "" : near.distances[Math.min(neighbours, near.distances.length) - 1] > threshold ? "far" : "inside";
    if (status.dataset.state === state) return;
    status.dataset.state = state;
    status.lastElementChild.textContent = { far: "Far from anything the network has seen: the picture is a guess.", inside: "Inside the data", "": "" }[state];
  }

  words() {
    const added = this.rows.flatMap(({ name, input, output }) => Number(input.value) ? [`${name === "class" ? input.getAttribute("aria-label") : name} ${output.textContent}`] : []);
    return `${this.model.classes ? this.model.classes[this.model.labels[this.base]] : `sample ${this.base}`} with ${added.join(", ") || "nothing added"}`;
  }
}

// What ae_core/attributes.py measures: thickness, width and height in pixels, slant in degrees.
function measured(values, [, height, width]) {
  const at = (x, y) => x < 0 || y < 0 || x >= width || y >= height ? 0 : Math.min(1, Math.max(0, values[y * width + x]));
  let ink = 0, mx = 0, my = 0, xx = 0, yy = 0, xy = 0, outline = 0;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) { const v = at(x, y); ink += v; mx += v * x; my -= v * y; }
  const total = Math.max(ink, 1e-9), own = ink > 1e-9 ? 1 / 12 : 0;
  mx /= total;
  my /= total;
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    const v = at(x, y) / total, dx = x - mx, dy = -y - my;
    xx += v * dx * dx; yy += v * dy * dy; xy += v * dx * dy;
  }
  for (let y = -1; y < height; y++) for (let x = -1; x < width; x++) { // around each corner where four pixels meet
    const [a, b, c, d] = [at(x, y), at(x + 1, y), at(x, y + 1), at(x + 1, y + 1)];
    for (const across of [b - a, d - c]) for (const down of [c - a, d - b]) outline += Math.sqrt(across * across + down * down) / 4;
  }
  xx += own;
  yy += own;
  return {
    thickness: (outline - Math.sqrt(Math.max(0, outline ** 2 - 4 * Math.PI * ink))) / Math.PI,
    slant: Math.atan2(xy, Math.max(yy, 1e-9)) * 180 / Math.PI,
    width: Math.sqrt(12 * Math.max(0, xx - xy ** 2 / Math.max(yy, 1e-9))),
    height: Math.sqrt(12 * yy),
  };
}

// ---- A slider for each dimension ----------------------------------------------------------------------------------------

class Traversals extends Figure {
  start({ base, moved }) {
    const { model } = this;
    this.base = Number.isInteger(base) && base >= 0 && base < model.count ? base : null;
    this.lastBase = this.base ?? 0;
    // What was moved, in standard deviations; every other dimension is where the base has it.
    this.sliders = new Map(Object.entries(moved ?? {}).map(([i, value]) => [Number(i), value]).filter(([i, value]) => Number.isInteger(i) && i >= 0 && i < model.k && Number.isFinite(value)));
    if ([...this.sliders.keys()].some((i) => this.rank.indexOf(i) >= this.rows.length)) this.unfold();
  }

  state() { return { base: this.base, moved: Object.fromEntries([...this.sliders].sort(([a], [b]) => a - b)) }; }

  build() {
    const { model, data: { kl, scale, gaussian } } = this;
    this.rank = model.centre.map((_, i) => i).sort((a, b) => kl ? kl[b] - kl[a] : scale[b] - scale[a]);
    this.segments(this.part("segments"), { middle: ["the middle", gaussian ? "z = 0, where the prior is densest" : "the mean of the codes"], sample: ["a sample", "The code of a held-out sample"] }, (name) => {
      this.sliders.clear();
      this.base = name === "sample" ? this.lastBase : null;
    });
    this.buildBase();
    this.find("reset").onclick = () => this.choose(() => this.sliders.clear());
    this.body.classList.toggle("lx-few", model.k <= 5);
    const all = this.find("all");
    all.hidden = model.k <= FIRST_ROWS;
    all.textContent = `show all ${model.k} dimensions`;
    all.onclick = () => { this.unfold(); this.refresh(); };
    this.rows = [];
    this.addRows(FIRST_ROWS);
  }

  startFrom(n) { this.base = n; this.sliders.clear(); }

  unfold() { this.addRows(this.model.k); this.find("all").hidden = true; }

  addRows(most) {
    const { model, data: { kl, scale } } = this;
    for (const i of this.rank.slice(this.rows.length, most)) {
      const canvas = make("canvas", { "data-testid": `row-${i + 1}`, "aria-hidden": true }), output = make("output", {});
      const input = make("input", { type: "range", min: -MOST_SIGMA, max: MOST_SIGMA, step: 0.05, "aria-label": `z${i + 1}`, "data-testid": `slider-${i + 1}` });
      const worth = kl ? `${kl[i] < 0.005 ? "0" : kl[i].toFixed(2)} nats` : `σ ${short(scale[i])}`, dead = Boolean(kl && kl[i] < DEAD);
      const element = make("div", { class: `lx-dim${dead ? " lx-dead" : ""}`, title: dead ? "Says nothing about the sample: the decoder has learned to overlook it" : "Double-click the slider: back to the start" }, make("span", {}, make("b", {}, `z${i + 1}`), make("small", {}, worth)), make("div", {}, canvas, input), output);
      const row = { i, canvas, input, output, element, tiles: [] };
      this.slide(input, (value) => this.sliders.set(i, value), 0);
      input.ondblclick = () => this.choose(() => this.sliders.delete(i));
      this.press(row);
      row.picture = new Picture(canvas, model, { count: FRAMES, wide: true });
      const places = Array.from({ length: FRAMES }, (_, n) => n);
      // The curves of a row are drawn together, so they are decoded together.
      row.tiles = this.signal ? [{ paint: () => this.paint(row, places) }] : places.map((n) => ({ paint: () => this.paint(row, [n]) }));
      this.rows.push(row);
      this.observer.observe(canvas);
    }
    this.surface.replaceChildren(...this.rows.map(({ element }) => element));
    this.surface.style.setProperty("--lx-half", Math.ceil(this.rows.length / 2));
    this.tiles = this.rows.flatMap((row) => row.tiles);
  }

  // The pictures of a row are a slider too.
  press({ i, canvas, input }) {
    let pressed = null;
    const point = (event) => {
      const { left, width } = canvas.getBoundingClientRect(), part = ((event.clientX - left) / width * FRAMES - 0.5) / (FRAMES - 1);
      this.sliders.set(i, Number((Math.round(Math.min(1, Math.max(-1, 2 * part - 1)) * MOST_SIGMA * 20) / 20).toFixed(2)));
      this.change();
    };
    canvas.onpointerdown = (event) => {
      if (event.button !== 0 || this.held) return;
      clearTimeout(this.timer);
      pressed = event.pointerId;
      canvas.setPointerCapture(pressed);
      this.held = canvas;
      point(event);
    };
    canvas.onpointermove = (event) => { if (pressed === event.pointerId) point(event); };
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => {
      if (pressed !== event.pointerId) return;
      pressed = null;
      this.held = null;
      input.focus({ preventScroll: true });
      this.send();
    };
  }

  paint(row, places) {
    const z = this.z();
    for (const n of places) {
      z[row.i] = this.at(row.i, (n / (FRAMES - 1) * 2 - 1) * MOST_SIGMA);
      row.picture.keep(this.model.decode(z), n);
      if (!this.signal) row.picture.draw(this.theme, null, n);
    }
    if (this.signal) row.picture.draw(this.theme);
  }

  at(i, sigmas) { const { centre, scale } = this.data; return Math.fround(centre[i] + sigmas * scale[i]); }
  sigmas(i, value) { const { centre, scale } = this.data; return (value - centre[i]) / (scale[i] || 1); }

  z() {
    const z = this.base === null ? this.data.centre.map(Math.fround) : Array.from(this.code(this.base));
    for (const [i, value] of this.sliders) z[i] = this.at(i, value);
    return z;
  }

  // A row shows all values of its own dimension: its slider changes every row but itself.
  touch() { for (const row of this.rows) if (this.held !== row.input && this.held !== row.canvas) for (const tile of row.tiles) tile.stale = true; }

  refresh() {
    if (this.base !== null) this.lastBase = this.base;
    this.mark(this.part("segments"), this.base === null ? "middle" : "sample");
    this.markBase();
    for (const tile of this.tiles) tile.stale = true;
    this.find("note").textContent = this.data.note ?? "";
    this.moved = true;
    this.described = false;
    this.wake();
  }

  draw() {
    const z = this.z();
    this.show(this.model, z);
    this.near(this.model, z);
    for (const { i, input, output } of this.rows) {
      const value = this.sigmas(i, z[i]), text = `${signed(value)} σ`;
      if (output.textContent === text) continue;
      this.set(input, value);
      output.textContent = text;
      input.setAttribute("aria-valuetext", text);
    }
  }

  words() {
    const from = this.base === null ? "the middle" : this.model.classes ? `a ${this.model.classes[this.model.labels[this.base]]}` : `sample ${this.base}`;
    return [`from ${from}`, ...[...this.sliders].slice(0, 12).map(([i, value]) => `z${i + 1} ${signed(value)}`)].join(", ");
  }
}

// ---- Draws from the prior -----------------------------------------------------------------------------------------------

class Samples extends Figure {
  hover = null; // {grid, n} under the pointer or with the focus

  start({ temperature, radius, near, seed }) {
    const number = (value, low, high, usual) => Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : usual;
    this.temperature = number(temperature, 0, 2, 1);
    this.radius = number(radius, 0, 1.5, 0.3);
    this.seed = Number.isInteger(seed) && seed >= 0 ? seed : 0;
    // For each grid the samples whose neighbourhoods were entered, the last one on the screen.
    this.paths = this.models.map((model, g) => Array.isArray(near?.[g]) && near[g].length === model.k ? [near[g].map(Math.fround)] : []);
    const inside = this.paths.findLastIndex((path) => path.length);
    this.pick = { grid: Math.max(0, inside), n: 0 };
  }

  state() { return { seed: this.seed, temperature: this.temperature, radius: this.radius, near: this.paths.map((path) => path.at(-1) ?? null) }; }

  build() {
    const { models, data } = this;
    for (const [id, name] of [["temperature", "temperature"], ["radius", "radius"]]) this.slide(this.find(id), (value) => { this[name] = value; }, id === "radius" ? 0.3 : 1);
    this.find("draw").onclick = () => this.choose(() => { this.seed = (this.seed + 1) % 2 ** 31; this.paths.forEach((path) => { path.length = 0; }); this.pick = { grid: 0, n: 0 }; });
    this.grids = models.map((model, g) => {
      const title = make("b", {}), about = make("small", {}), back = make("button", { type: "button", class: "lx-button", "data-testid": "back" }, "← back");
      back.onclick = () => this.choose(() => { this.paths[g].pop(); this.pick = { grid: g, n: 0 }; });
      const places = make("div", { class: "lx-grid", role: "group", "aria-label": `Samples of ${data.titles[g]}` });
      const pictures = Array.from({ length: SIDE * SIDE }, (_, n) => {
        const canvas = make("canvas", { "data-testid": "sample", "data-grid": g, "aria-hidden": true });
        const button = make("button", { type: "button", class: "lx-tile", tabindex: n ? -1 : 0, "aria-label": `Sample ${n + 1}: more like this` }, canvas);
        const look = () => { this.hover = { grid: g, n }; this.moved = true; this.wake(); };
        const leave = () => { if (this.hover?.grid === g && this.hover.n === n) { this.hover = null; this.moved = true; this.wake(); } };
        button.onpointerenter = (event) => { if (event.pointerType === "mouse") look(); };
        button.onfocus = () => { if (button.matches(":focus-visible")) look(); };
        button.onpointerleave = button.onblur = leave;
        button.onclick = () => this.choose(() => { this.paths[g].push(this.z(g, n)); this.pick = { grid: g, n: 0 }; this.hover = null; });
        return { button, canvas, picture: new Picture(canvas, model) };
      });
      places.append(...pictures.map(({ button }) => button));
      places.onkeydown = (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: SIDE, ArrowUp: -SIDE }[event.key];
        const from = pictures.findIndex(({ button }) => button === event.target), to = from + by;
        if (!by || !pictures[to]) return;
        event.preventDefault();
        pictures[from].button.tabIndex = -1;
        pictures[to].button.tabIndex = 0;
        pictures[to].button.focus();
      };
      const element = make("section", { class: "lx-set" }, make("div", { class: "lx-head" }, make("span", {}, title, about), back), places);
      return { model, element, title, about, back, pictures };
    });
    this.surface.replaceChildren(...this.grids.map(({ element }) => element));
    this.body.classList.toggle("lx-two", models.length > 1);
    this.tiles = this.grids.flatMap(({ pictures, model }, g) => pictures.map(({ picture, canvas }, n) => ({
      paint: () => {
        const z = this.z(g, n);
        canvas.dataset.z = z.join(",");
        picture.show(model.decode(z), this.theme);
      },
    })));
  }

  // Sample n of grid g: mean + temperature · offset, or around the chosen one; that itself comes first.
  z(g, n) {
    const { mean, offsets } = this.sets[g], k = this.models[g].k, centre = this.paths[g].at(-1);
    return Array.from({ length: k }, (_, i) => Math.fround(centre ? centre[i] + (n && this.radius * offsets[n * k + i]) : mean[i] + this.temperature * offsets[n * k + i]));
  }

  refresh() {
    const { data } = this;
    // A new draw comes from Python: until it is there the old one stays.
    if (!this.sets || data.draw.seed === this.seed) this.sets = data.draw.sets.map(({ mean, offsets }) => ({ mean: floats(mean), offsets: floats(offsets) }));
    const inside = this.paths.map((path) => path.length > 0);
    this.grids.forEach(({ title, about, back, pictures }, g) => {
      title.textContent = data.titles[g];
      about.textContent = inside[g] ? "around the first one" : data.notes[g];
      back.style.visibility = inside[g] ? "" : "hidden"; // its place stays
      pictures[0].button.classList.toggle("lx-chosen", inside[g]);
    });
    for (const [id, usable] of [["temperature", !inside.every(Boolean)], ["radius", inside.some(Boolean)]]) {
      this.find(id).disabled = !usable;
      this.find(id).parentElement.classList.toggle("lx-off", !usable);
      this.find(id).parentElement.title = usable ? "" : id === "radius" ? "Press a sample first: the grid then shows its neighbourhood" : "Go back to the draws first";
    }
    for (const tile of this.tiles) tile.stale = true;
    this.moved = true;
    this.described = false;
    this.wake();
  }

  draw() {
    const { grid, n } = this.hover ?? this.pick, z = this.z(grid, n), model = this.models[grid];
    this.decoded.of(model);
    this.show(model, z);
    this.near(model, z);
    this.find("picked").textContent = this.data.titles[grid];
    this.find("note").textContent = `sample ${n + 1}${this.hover ? ": press for more like this" : ""}`;
    for (const [id, text] of [["temperature", this.temperature.toFixed(2)], ["radius", this.radius.toFixed(2)]]) {
      const input = this.find(id);
      this.set(input, this[id]);
      input.nextElementSibling.textContent = text;
    }
  }

  words() { return `${this.find("picked").textContent} ${this.find("note").textContent}, temperature ${this.temperature.toFixed(2)}`; }
}

// ---- A decode, or a row of them, on a canvas ----------------------------------------------------------------------------

class Picture {
  // count: how many in a row; wide: of a signal, whether there is room for what lies at the map's ends.
  constructor(canvas, model, { axes = false, count = 1, wide = false } = {}) {
    Object.assign(this, { canvas, axes, count, wide });
    this.of(model);
  }

  of(model) {
    if (model === this.model) return;
    this.model = model;
    this.range = rangeOf(model, this.wide);
    this.size = model.shape.reduce((a, b) => a * b, 1);
    this.values = this.canvas.values = new Float32Array(this.size * this.count);
    if (model.shape.length === 2) return;
    const [, height, width] = model.shape;
    Object.assign(this.canvas, { height, width: width * this.count });
    this.pixels = new ImageData(width, height);
  }

  // place: in a row of them.
  keep(values, place = 0) { this.values.set(values, place * this.size); }

  // colour: of a value, instead of its grey.
  draw(theme, colour = null, place = 0) { if (this.model.shape.length === 2) this.drawSignal(theme); else this.drawImage(colour, place); }

  show(values, theme, colour = null) { this.keep(values); this.draw(theme, colour); }

  drawImage(colour, place) {
    const { model: { shape: [channels, height, width] }, pixels: { data }, size } = this, values = this.values.subarray(place * size, (place + 1) * size);
    const area = height * width, [low, high] = this.range, scale = 255 / (high - low);
    for (let i = 0, p = 0; i < area; i++, p += 4) {
      const shade = colour?.(values[i]);
      for (let c = 0; c < 3; c++) data[p + c] = shade ? shade[c] : Math.round((values[i + (channels === 3 ? c * area : 0)] - low) * scale); // clamped by the array
      data[p + 3] = 255;
    }
    this.canvas.getContext("2d").putImageData(this.pixels, place * width, 0);
  }

  drawSignal(theme) {
    const { canvas, axes, count, size, range: [low, high], model: { shape: [channels, length] } } = this;
    fit(canvas, canvas);
    const ratio = devicePixelRatio, width = canvas.width / ratio, height = canvas.height / ratio, pen = canvas.getContext("2d");
    const left = axes ? 34 * rem : 3, right = axes ? 6 : 3, bottom = axes ? height - 20 * rem : height - 2, lane = (bottom - 4) / channels, step = width / count;
    const y = (value, c) => 4 + lane * (c + 1) - 2 - (value - low) / (high - low) * (lane - 4);
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (axes) {
      pen.font = `${11 * rem}px ${theme.font}`;
      pen.lineWidth = 1;
      pen.strokeStyle = pen.fillStyle = theme.text;
      for (let c = 0; c < channels; c++) for (const tick of ticks(low, high, lane > 120 ? 4 : 1)) {
        if (lane < 24 && tick !== 0) continue;
        const h = Math.round(y(tick, c)) + 0.5;
        pen.globalAlpha = 0.13;
        line(pen, left, h, width - right, h);
        pen.globalAlpha = 0.72;
        pen.textAlign = "right";
        pen.textBaseline = "middle";
        if (lane >= 24) pen.fillText(minus(String(tick)), left - 6, h);
      }
      pen.textBaseline = "alphabetic";
      pen.textAlign = "left";
      pen.fillText("0", left, height - 5);
      pen.textAlign = "right";
      pen.fillText(`${length} samples`, width - right, height - 5);
      pen.globalAlpha = 1;
    }
    pen.strokeStyle = NETWORK;
    pen.lineWidth = axes ? 2.25 : channels > 1 ? 0.8 : 1.3;
    pen.lineJoin = "round";
    for (let n = 0; n < count; n++) for (let c = 0; c < channels; c++) {
      pen.beginPath();
      for (let i = 0; i < length; i++) pen.lineTo(n * step + left + i / (length - 1) * (step - left - right), y(this.values[n * size + c * length + i], c));
      pen.stroke();
    }
  }
}

// ---- Helpers ------------------------------------------------------------------------------------------------------------

// The range of a model's values; where its header gives none, what decoded codes span, and if it is to be wide the map's ends too.
const ranges = new WeakMap();
function rangeOf(model, wide) {
  if (model.range) return model.range;
  if (!ranges.has(model)) {
    const span = (places, [low, high]) => {
      for (const z of places) for (const value of model.decode(z)) { low = Math.min(low, value); high = Math.max(high, value); }
      return [low, high];
    };
    const codes = Array.from({ length: 96 }, (_, n) => Math.floor(n * model.count / 96) * model.k).map((from) => model.codes.subarray(from, from + model.k));
    const ends = model.centre.slice(0, 24).flatMap((_, i) => [model.low, model.high].map((end) => model.centre.map((value, j) => j === i ? end[i] : value)));
    const usual = span(codes, [Infinity, -Infinity]), widened = span(ends, usual);
    ranges.set(model, [usual, widened].map(([low, high]) => { const margin = 0.08 * (high - low) || 1; return [low - margin, high + margin]; }));
  }
  return ranges.get(model)[wide ? 1 : 0];
}

function floats(text) { return new Float32Array(fromBase64(text).buffer); }
function signed(value) { return `${value > 0 ? "+" : ""}${minus((Math.abs(value) < 0.005 ? 0 : value).toFixed(2))}`; }
function short(value) { return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2); }
