// A variant's live figure: what its socket changes, computed here while a hand moves. (evaluator.js, drawing.js and pencil.js stand in front of
// this text.) Top to bottom: the mount; Figure (what all share: models, the digit that goes in, controls, frames); a class for each figure;
// Picture, Trace and Plane; helpers.
//
// data: {figure, revision, roles: {role: {name, title, encodes}}, start, samples: {count, values, labels, classes, limits of signals}, codes: {role: base64 of float32
// (count · k)} of a role that cannot encode here, pca: {mean, components, k} or null} and what the figure's own class reads.
// The figure owns what the person moves, `state`, text and numbers by name: `start` sets it when figure, models or revision change and never afterwards.
// On release Python hears setStateValue("view", state).

export default (component) => mount(component, ".lx-var", () => new FIGURES[component.data.figure](), component.data.figure);

const SLICE = 9; // ms of each frame for what may follow the hand a little later
const MOST_POINTS = 3000; // of a map

class Figure extends Live {
  later = []; // what may follow: functions, each a few ms

  resize() { if (this.body) this.change(); }

  arrived(name) { if (this.names().includes(name)) this.open(); }

  receive(root, data, setStateValue) {
    const { fresh, moved } = this.heed(root, data, setStateValue, data.roles);
    if (fresh || moved) this.open(true);
    else if (this.body) this.refresh();
  }

  names() { return Object.values(this.data.roles).flatMap(({ name, encodes }) => encodes ? [name, `${name}:encoder`] : [name]); }

  // Until every model is there the old figure stays. One without codes is another page's: ours is on its way.
  async open(restart = false) {
    const { order } = this;
    this.restart ||= restart;
    const found = Object.fromEntries((await Promise.all(this.names().map(modelReady))).map((model, n) => [this.names()[n], model]));
    const roles = Object.entries(this.data.roles).map(([role, { name, encodes }]) => [role, { model: found[name], encoder: encodes ? found[`${name}:encoder`] : null }]);
    if (this.closed || order !== this.order || roles.some(([, { model, encoder }]) => !model.count || (encoder && encoder.k !== model.k))) return;
    if (this.restart) this.state = { ...this.data.start };
    this.restart = false;
    this.roles = Object.fromEntries(roles);
    [{ model: this.model }] = Object.values(this.roles);
    this.codes = Object.fromEntries(Object.entries(this.data.codes ?? {}).map(([role, text]) => [role, floats(text)]));
    const { samples, pca } = this.data;
    this.limits = samples?.limits ?? null; // of signals, which are floats; pictures are bytes
    this.noun = this.limits ? "signal" : "digit";
    this.pool = this.limits ? floats(samples.values) : samples ? fromBase64(samples.values) : new Uint8Array();
    this.pca = pca && { k: pca.k, mean: floats(pca.mean), components: halvesToFloats(new Uint16Array(fromBase64(pca.components).buffer)) };
    this.mount();
    this.sent = JSON.stringify(this.state);
    this.refresh();
  }

  mount() {
    const body = this.root.querySelector(".lx-body"), { model } = this;
    this.tiles = {};
    this.observer.disconnect();
    this.body = body;
    body.style.setProperty("--lx-network", NETWORK);
    if (!this.limits) body.style.setProperty("--lx-shape", `${model.shape[2]} / ${model.shape[1]}`);
    body.latentStats = { frames: 0, ms: [] };
    body.replaceChildren(...this.build());
    body.className = `lx-body lx-${this.data.figure}`;
    this.root.querySelector(".lx-wait").hidden = true;
    body.hidden = false;
    for (const canvas of body.querySelectorAll("canvas")) this.observer.observe(canvas);
    this.held = null;
  }

  // ---- parts ----

  // A picture with its name above and a line below. colour: of its bar.
  tile(id, title, { small = "", mine = false, moved = false, colour = "" } = {}) {
    const canvas = make("canvas", { "data-testid": id, role: "img" }), note = make("p", { class: "lx-note" }), caption = make("figcaption", {}, title, " ", make("small", {}, small));
    const element = make("figure", { class: `lx-tile${mine ? " lx-mine" : ""}${moved ? " lx-moved" : ""}`, title: `${title} ${small}` }, caption, canvas, note);
    let bar = null;
    if (colour) {
      bar = make("i", {});
      bar.style.setProperty("--lx-colour", colour);
      element.append(make("div", { class: "lx-bar" }, bar));
    }
    const tile = { element, canvas, note, caption, bar, title, picture: this.picture(canvas, colour || ORIGINAL) };
    this.tiles[id] = tile;
    return element;
  }

  // What shows a sample on a canvas. colour: of a signal's line.
  picture(canvas, colour) { return this.limits ? new Trace(canvas, this, colour) : new Picture(canvas, this.model); }

  title(role) { return [this.data.roles[role].title, { small: this.data.roles[role].small }]; }

  // Shows values in a tile, and their squared error against `clean` under it; gives the error. Values beyond the data's range are cut off.
  show(id, values, clean = null, words = "squared error") {
    const { picture, note, canvas, title } = this.tiles[id];
    picture.show(values, null, clean);
    if (!clean) { canvas.setAttribute("aria-label", title); return null; }
    const error = squaredError(cut(picture.values, this.model.range), clean), text = error.toFixed(error < 10 ? 2 : 1);
    note.replaceChildren(`${words} `, make("b", { "data-testid": `${id}-error` }, text));
    canvas.setAttribute("aria-label", `${title}: ${words} ${text}`);
    return error;
  }

  // Bars under some tiles, as long as their errors.
  bars(errors) {
    const most = Math.max(...Object.values(errors), 1e-9);
    for (const [id, error] of Object.entries(errors)) this.tiles[id].bar?.style.setProperty("--lx-part", error / most);
  }

  button(label, press, attributes = {}) {
    const button = make("button", { type: "button", class: "lx-button", ...attributes }, label);
    button.onclick = () => this.choose(press);
    return button;
  }

  // A slider of a number of the state. format: the number in words.
  slider(key, label, { low, high, step = 0.01, format = (value) => value.toFixed(2), wide = false }) {
    const input = make("input", { type: "range", min: low, max: high, step, "aria-label": label, "data-testid": key }), output = make("output", {});
    input.onpointerdown = () => { clearTimeout(this.timer); this.held = input; };
    input.oninput = () => { this.state[key] = Number(input.value); show(); this.change(); if (this.held !== input) this.send(KEY_PAUSE); };
    const release = () => { if (this.held === input) { this.held = null; this.send(); } };
    input.onpointerup = input.onpointercancel = input.onlostpointercapture = input.onchange = release;
    const show = () => {
      const value = this.state[key], part = (value - low) / (high - low || 1);
      if (Number(input.value) !== value) input.value = value;
      input.style.setProperty("--lx-to", `calc(.625rem + (100% - 1.25rem) * ${part})`); // .625: half the thumb
      output.textContent = format(value);
      input.setAttribute("aria-valuetext", output.textContent);
    };
    this.shows.push(show);
    return make("label", { class: `lx-knob${wide ? " lx-wide" : ""}` }, make("b", {}, label), input, output);
  }

  // A radio group of a text of the state.
  segments(key, label, choices) {
    const element = make("span", { class: "lx-segments", role: "radiogroup", "aria-label": label });
    element.append(...Object.entries(choices).map(([value, words]) => {
      const button = make("button", { type: "button", role: "radio", "data-name": value }, words);
      button.onclick = () => this.choose(() => { this.state[key] = value; });
      return button;
    }));
    radios(element);
    this.shows.push(() => { for (const button of element.children) { const on = button.dataset.name === this.state[key]; button.setAttribute("aria-checked", on); button.tabIndex = on ? 0 : -1; } });
    return element;
  }

  // A canvas that the hand moves on. point(x, y): 0..1 from the top left; arrows(dx, dy, event): −1, 0 or 1 to the right and up.
  drag(canvas, point, arrows, press = () => {}) {
    let pressed = null;
    const moved = (event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      point((event.clientX - left) / width, (event.clientY - top) / height);
      this.change();
    };
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.onpointerdown = (event) => {
      if (event.button !== 0 || this.held) return;
      event.preventDefault();
      canvas.focus({ preventScroll: true });
      clearTimeout(this.timer);
      pressed = event.pointerId;
      canvas.setPointerCapture(pressed);
      this.held = canvas;
      const { left, top, width, height } = canvas.getBoundingClientRect();
      press((event.clientX - left) / width, (event.clientY - top) / height);
      moved(event);
    };
    canvas.onpointermove = (event) => { if (pressed === event.pointerId) moved(event); };
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => {
      if (pressed !== event.pointerId) return;
      pressed = null;
      this.held = null;
      this.send();
    };
    canvas.onkeydown = (event) => {
      const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1], " ": [0, 0], Enter: [0, 0] }[event.key];
      if (!way || !arrows) return;
      event.preventDefault();
      arrows(...way, event);
      this.change();
      this.send(KEY_PAUSE);
    };
  }

  // The digit that goes in: a held-out one, or one drawn by hand.
  input(title = "input", { draws = true } = {}) {
    const { samples } = this.data, element = this.tile("input", title), { canvas } = this.tiles.input;
    const steps = make("div", { class: "lx-steps" });
    element.append(steps);
    const select = make("select", { "aria-label": "A held-out sample of which class", "data-testid": "class" });
    select.append(...samples.classes.map((name, c) => make("option", { value: c }, name)));
    select.onchange = () => this.choose(() => this.step(1, Number(select.value)));
    steps.append(this.button("‹", () => this.step(-1), { "aria-label": `Previous ${this.noun}`, "data-testid": "previous" }), this.button("›", () => this.step(1), { "aria-label": `Next ${this.noun}`, "data-testid": "next" }));
    if (samples.classes.length) steps.append(select);
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.onkeydown = (event) => {
      const turn = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!turn) return;
      event.preventDefault();
      this.choose(() => this.step(turn));
    };
    this.shows.push(() => { if (!this.state.drawn) select.value = samples.labels[this.state.sample]; });
    if (!draws || !("drawn" in this.state) || Object.values(this.data.roles).some(({ encodes }) => !encodes)) return element;
    const sheet = make("canvas", { "data-testid": "draw-pad", role: "img", "aria-label": "A sheet to draw a digit on by mouse, pen or finger" });
    const paper = make("div", { class: "lx-paper lx-blank" }, sheet, make("span", { class: "lx-hint" }, "draw here"));
    paper.hidden = true;
    canvas.before(paper);
    this.pencil = new Pencil(sheet, {
      press: () => { this.held = sheet; },
      moved: () => { this.state.drawn = toBase64(this.pencil.bytes(this.model.shape)); this.change(); },
      release: () => { this.held = null; this.send(); },
    });
    const draw = make("button", { type: "button", class: "lx-button", "data-testid": "draw", "aria-pressed": "false" }, "draw");
    const open = (on) => {
      paper.hidden = !on;
      canvas.hidden = on;
      draw.setAttribute("aria-pressed", on);
      this.pencil.clear();
      if (on) { this.pencil.resize(); this.pencil.show(); }
    };
    draw.onclick = () => { open(paper.hidden); this.choose(() => { this.state.drawn = ""; }); };
    this.closeSheet = () => open(false);
    steps.append(draw);
    this.observer.observe(paper);
    return element;
  }

  // The next sample, of a class or of any.
  step(turn, label = null) {
    const { labels, count } = this.data.samples;
    this.closeSheet?.();
    let n = this.state.sample;
    do n = (n + turn + count) % count; while (label !== null && labels[n] !== label && n !== this.state.sample);
    Object.assign(this.state, { sample: n, ...("drawn" in this.state && { drawn: "" }) });
  }

  // ---- the networks ----

  // The values that go in: the same array until it changes.
  x() {
    const { sample, drawn } = this.state, size = this.model.shape.reduce((a, b) => a * b, 1), key = drawn || sample;
    if (this.xOf !== key) {
      const bytes = (drawn && fromBase64(drawn)) || this.pool.subarray(sample * size, (sample + 1) * size);
      this.xOf = key;
      this.lastX = this.limits ? bytes : toUnit(bytes.length === size ? bytes : new Uint8Array(size), this.model.range);
    }
    return this.lastX;
  }

  label() { return this.state.drawn ? null : this.data.samples.labels[this.state.sample]; }

  // z of x, an array of its own; where a role cannot encode here, of the held-out sample.
  encode(role, x, label = this.label()) {
    const { model, encoder } = this.roles[role];
    if (!encoder) return this.codes[role].slice(this.state.sample * model.k, (this.state.sample + 1) * model.k);
    return encoder.encode(told(x, encoder.told, label)).slice();
  }

  decode(role, z, label = this.label()) {
    const { model } = this.roles[role];
    return model.decode(told(z, model.told, label));
  }

  pcaOf(x, k = this.pca.k) {
    const { mean, components } = this.pca, size = mean.length, made = Float32Array.from(mean);
    for (let c = 0; c < k; c++) {
      let z = 0;
      for (let i = 0, p = c * size; i < size; i++, p++) z += (x[i] - mean[i]) * components[p];
      for (let i = 0, p = c * size; i < size; i++, p++) made[i] += z * components[p];
    }
    return made;
  }

  // ---- what the person does ----

  change() { this.moved = true; this.wake(); }

  // A choice: show it, then tell Python.
  choose(change) { change(); this.refresh(); this.send(); }

  send(wait = 0) {
    clearTimeout(this.timer);
    if (wait) { this.timer = setTimeout(() => this.send(), wait); return; }
    if (this.held || this.closed) return; // the release will send it
    const text = JSON.stringify(this.state);
    if (text === this.sent) return;
    this.sent = text;
    this.setStateValue("view", JSON.parse(text));
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  refresh() { for (const show of this.shows) show(); this.change(); }

  wake() { this.request ||= requestAnimationFrame(() => this.frame()); }

  frame() {
    this.request = 0;
    if (this.closed) return;
    const began = performance.now(), { latentStats } = this.body;
    if (this.moved) {
      this.moved = false;
      this.later = [];
      this.pencil?.resize();
      if (this.tiles.input) this.show("input", this.x());
      this.draw();
      latentStats.frames += 1;
      latentStats.ms.push(performance.now() - began);
      if (latentStats.ms.length > 600) latentStats.ms.shift();
    }
    while (this.later.length && performance.now() - began < SLICE) this.later.shift()();
    if (this.later.length) this.wake();
  }
}

// ---- Any variant: what becomes of a digit -----------------------------------------------------------------------------

class Rebuild extends Figure {
  build() {
    this.shows = [];
    const tiles = Object.keys(this.data.roles).map((role, n) => this.tile(n ? role : "decoded", this.title(role)[0], { ...this.title(role)[1], mine: !n, colour: NETWORK }));
    if (this.pca) tiles.push(this.tile("pca", "PCA", { small: numbers(this.pca.k), colour: PCA }));
    return [make("div", { class: "lx-stage" }, this.input(), ...tiles)];
  }

  draw() {
    const x = this.x(), errors = {};
    Object.keys(this.data.roles).forEach((role, n) => {
      const id = n ? role : "decoded", z = this.encode(role, x);
      if (!n) this.body.dataset.z = z.join(",");
      errors[id] = this.show(id, this.decode(role, z), x);
    });
    if (this.pca) errors.pca = this.show("pca", this.pcaOf(x), x);
    this.bars(errors);
  }
}

// ---- Denoising: noise on the input, the clean one asked back ------------------------------------------------------------

class Noise extends Figure {
  build() {
    this.shows = [];
    const tools = make("div", { class: "lx-tools" },
      this.segments("kind", "What disturbs the input", { gaussian: "Gaussian", masking: "masking", "salt-pepper": "salt & pepper" }),
      this.slider("amount", "amount", { low: 0, high: 1 }),
      this.button("other noise", () => { this.state.seed = (this.state.seed + 1) % 1000; }, { "data-testid": "again" }));
    const outputs = Object.keys(this.data.roles).map((role, n) => this.tile(n ? role : "decoded", this.title(role)[0], { ...this.title(role)[1], mine: !n, colour: NETWORK }));
    return [tools, make("div", { class: "lx-stage" }, this.input("the clean one"), this.tile("seen", "what they see", { colour: NEUTRAL }), ...outputs)];
  }

  draw() {
    const x = this.x(), seen = this.seen(x), errors = { seen: this.show("seen", seen, x, "off by") };
    Object.keys(this.data.roles).forEach((role, n) => {
      const id = n ? role : "decoded", z = this.encode(role, seen);
      if (!n) this.body.dataset.z = z.join(",");
      errors[id] = this.show(id, this.decode(role, z), x);
    });
    this.bars(errors);
  }

  // As ae_core/corruption.py does it; black and white are the ends of the data's range, of signals the ends of these samples'.
  seen(x) {
    const { kind, amount, seed } = this.state, [low, high] = this.model.range ?? this.limits ?? [0, 1];
    if (this.noiseOf !== seed) { this.noiseOf = seed; this.uniform = uniforms(seed, x.length); this.normal = normals(seed, x.length); }
    if (kind === "gaussian") return x.map((value, i) => value + amount * this.normal[i]);
    if (kind === "masking") return x.map((value, i) => this.uniform[i] < amount ? 0 : value);
    return x.map((value, i) => this.uniform[i] < amount / 2 ? low : this.uniform[i] < amount ? high : value);
  }
}

// ---- Masked: patches hidden by hand -------------------------------------------------------------------------------------

class Mask extends Figure {
  build() {
    this.shows = [];
    const [, height, width] = this.model.shape, { patch } = this.data;
    Object.assign(this, { across: Math.ceil(width / patch), down: Math.ceil(height / patch), cursor: 0 });
    const tools = make("div", { class: "lx-tools" },
      this.button(`hide ${Math.round(this.data.share * 100)} % at random`, () => { this.state.seed = (this.state.seed + 1) % 1000; this.atRandom(); }, { "data-testid": "again" }),
      this.button("the upper half", () => this.hide((n) => n < this.across * Math.floor(this.down / 2))),
      this.button("hide nothing", () => this.hide(() => false)),
      make("span", { class: "lx-quiet" }, "paint over the picture to hide patches; begin on a hidden one to uncover"));
    const outputs = Object.keys(this.data.roles).map((role, n) => this.tile(n ? role : "decoded", this.title(role)[0], { ...this.title(role)[1], mine: !n, colour: NETWORK }));
    const stage = make("div", { class: "lx-stage" }, this.input("the whole one"), this.tile("seen", "what they see", { moved: true, colour: NEUTRAL }), ...outputs);
    if (this.state.mask.length !== this.across * this.down) this.atRandom();
    let hides = true;
    const at = (x, y) => Math.min(this.down - 1, Math.max(0, Math.floor(y * height / patch))) * this.across + Math.min(this.across - 1, Math.max(0, Math.floor(x * width / patch)));
    const set = (n, on) => { this.state.mask = this.state.mask.slice(0, n) + (on ? "1" : "0") + this.state.mask.slice(n + 1); };
    this.drag(this.tiles.seen.canvas, (x, y) => set(at(x, y), hides), (dx, dy, event) => {
      if (!dx && !dy) set(this.cursor, this.state.mask[this.cursor] === "0");
      else if (event) this.cursor = Math.min(this.down - 1, Math.max(0, Math.floor(this.cursor / this.across) - dy)) * this.across + Math.min(this.across - 1, Math.max(0, this.cursor % this.across + dx));
    }, (x, y) => { hides = this.state.mask[at(x, y)] === "0"; });
    return [tools, stage];
  }

  hide(which) { this.state.mask = Array.from({ length: this.across * this.down }, (_, n) => which(n) ? "1" : "0").join(""); }

  atRandom() {
    const count = this.across * this.down, order = uniforms(this.state.seed, count), sorted = [...order].sort();
    this.hide((n) => order[n] < (sorted[Math.round(this.data.share * count)] ?? 2));
  }

  draw() {
    const x = this.x(), [, height, width] = this.model.shape, { patch } = this.data, { mask } = this.state;
    const covered = (i) => mask[Math.floor(Math.floor(i / width) % height / patch) * this.across + Math.floor(i % width / patch)] === "1";
    const seen = x.map((value, i) => covered(i) ? 0 : value), errors = {};
    this.show("seen", seen, null);
    this.tiles.seen.picture.shade((i) => covered(i));
    this.tiles.seen.note.textContent = `${[...mask].filter((bit) => bit === "1").length} of ${mask.length} patches hidden`;
    this.tiles.seen.canvas.setAttribute("aria-label", `Paint to hide patches; arrows move, space hides. ${this.tiles.seen.note.textContent}; at row ${Math.floor(this.cursor / this.across) + 1}, column ${this.cursor % this.across + 1}`);
    if (document.activeElement === this.tiles.seen.canvas && this.tiles.seen.canvas.matches(":focus-visible")) this.tiles.seen.picture.mark(this.cursor % this.across * patch, Math.floor(this.cursor / this.across) * patch, patch, this.theme);
    Object.keys(this.data.roles).forEach((role, n) => {
      const id = n ? role : "decoded", z = this.encode(role, seen);
      if (!n) this.body.dataset.z = z.join(",");
      errors[id] = this.show(id, this.decode(role, z), x);
    });
    this.bars(errors);
  }
}

// ---- Sparse: which units fire --------------------------------------------------------------------------------------------

const STRONGEST = 12; // units whose pictures are shown

class Units extends Figure {
  build() {
    this.shows = [];
    const { k } = this.model;
    this.bar = make("canvas", { "data-testid": "bars", role: "img" });
    this.row = make("div", { class: "lx-row" });
    this.row.style.setProperty("--lx-count", STRONGEST);
    this.words = make("p", { class: "lx-title", "data-testid": "active" });
    this.units = Array.from({ length: Math.min(STRONGEST, k) }, () => {
      const canvas = make("canvas", { role: "img", "data-testid": "unit" }), note = make("p", {});
      this.row.append(make("figure", {}, canvas, note));
      return { canvas, note, picture: new Picture(canvas, this.model) };
    });
    const stage = make("div", { class: "lx-stage" }, this.input(), this.tile("decoded", "from the strongest", { mine: true }),
      make("div", { class: "lx-plot lx-column" }, this.words, this.bar, make("p", { class: "lx-quiet" }, `each of the ${k} units, the strongest first; those that are used in colour`)));
    this.slide = this.slider("n", "use only the", { low: 0, high: this.data.most, step: 1, format: (n) => `${n} strongest`, wide: true });
    return [this.slide, stage, make("p", { class: "lx-title" }, "What the strongest say: the decoder's picture of one unit alone, less that of none"), this.row];
  }

  draw() {
    const x = this.x(), z = this.encode("variant", x), { n } = this.state;
    const order = Array.from(z, (_, i) => i).sort((a, b) => z[b] - z[a]), kept = new Float32Array(z.length);
    for (const i of order.slice(0, n)) kept[i] = z[i];
    this.body.dataset.z = kept.join(",");
    this.show("decoded", this.decode("variant", kept), x);
    const on = z.filter((value) => value > this.data.floor).length;
    this.words.textContent = `${on} of ${z.length} units on (${Math.round(100 * on / z.length)} %)`;
    this.drawBars(z, order, n);
    const none = this.decode("variant", new Float32Array(z.length)).slice(), span = (this.model.range?.[1] ?? 1) - (this.model.range?.[0] ?? 0);
    this.units.forEach(({ canvas, note, picture }, rank) => this.later.push(() => {
      const i = order[rank], alone = new Float32Array(z.length), used = rank < n && z[i] > 0;
      alone[i] = z[i];
      const made = this.decode("variant", alone);
      picture.show(none.map((value, p) => made[p] - value), (value) => difference(value / span, this.theme));
      note.textContent = z[i] > 0 ? `unit ${i + 1} · ${z[i].toFixed(1)}` : "off";
      canvas.parentElement.style.opacity = used ? 1 : 0.35;
      canvas.setAttribute("aria-label", `What unit ${i + 1} adds`);
    }));
  }

  drawBars(z, order, n) {
    const { bar, theme } = this, pen = paper(bar), width = bar.clientWidth, height = bar.clientHeight, most = Math.max(z[order[0]], 1e-9), shown = Math.min(z.length, 160), step = width / shown;
    for (let rank = 0; rank < shown; rank++) {
      pen.fillStyle = rank < n ? theme.primary : NEUTRAL;
      const tall = Math.max(1, z[order[rank]] / most * (height - 4));
      pen.fillRect(rank * step, height - tall, Math.max(1, step - (step > 3 ? 1 : 0)), tall);
    }
    bar.setAttribute("aria-label", `${this.words.textContent}; ${n} of them used`);
  }
}

// ---- Contractive: how far the code moves ----------------------------------------------------------------------------------

const DRAWS = 24;

class Contraction extends Figure {
  build() {
    this.shows = [];
    const tools = make("div", { class: "lx-tools" }, this.slider("amount", "noise on the input, σ", { low: 0, high: 0.5 }),
      this.button("other noise", () => { this.state.seed = (this.state.seed + 1) % 1000; }, { "data-testid": "again" }),
      make("span", { class: "lx-quiet" }, `each line: where the code of the digit goes under one of ${DRAWS} draws of that noise`));
    this.maps = Object.keys(this.data.roles).map((role) => {
      const canvas = make("canvas", { "data-testid": `map-${role}`, role: "img" }), note = make("p", { class: "lx-note" }), bar = make("i", {}), { mean, axes, low, high } = this.data.planes[role];
      const { model } = this.roles[role], project = (z) => axes.map((axis) => axis.reduce((sum, a, i) => sum + a * (z[i] - mean[i]), 0));
      const count = Math.min(MOST_POINTS, model.count), points = new Float32Array(2 * count);
      for (let n = 0; n < count; n++) points.set(project(model.codes.subarray(n * model.k, (n + 1) * model.k)), 2 * n);
      bar.style.setProperty("--lx-colour", role === "variant" ? NETWORK : NEUTRAL);
      const [title, { small }] = this.title(role);
      const element = make("figure", { class: "lx-map" }, make("figcaption", {}, title, " ", make("small", {}, small)), canvas, note, make("div", { class: "lx-bar" }, bar));
      return { role, canvas, note, bar, project, element, plane: new Plane(canvas, { low, high, points, labels: model.labels, classes: model.classes }) };
    });
    const seen = this.tile("decoded", "with the noise");
    return [tools, make("div", { class: "lx-stage" }, make("div", { class: "lx-pair" }, this.input(), seen), ...this.maps.map(({ element }) => element))];
  }

  draw() {
    const x = this.x(), { amount, seed } = this.state;
    if (this.noiseOf !== seed) { this.noiseOf = seed; this.normal = normals(seed, x.length * DRAWS); }
    const noisy = (draw) => x.map((value, i) => value + amount * this.normal[draw * x.length + i]);
    this.show("decoded", noisy(0));
    const moved = this.maps.map(({ role, plane, project }) => {
      const z = this.encode(role, x), there = Array.from({ length: DRAWS }, (_, n) => this.encode(role, noisy(n)));
      if (role === "variant") this.body.dataset.z = there[0].join(",");
      plane.draw(this.theme, (pen) => {
        const [cx, cy] = plane.at(project(z));
        pen.strokeStyle = this.theme.primary;
        pen.lineWidth = 1.4;
        for (const to of there) { const [px, py] = plane.at(project(to)); line(pen, cx, cy, px, py); pen.fillStyle = this.theme.primary; ring(pen, px, py, 2.2); pen.fill(); }
        pen.fillStyle = this.theme.text;
        ring(pen, cx, cy, 3.5);
        pen.fill();
      });
      const far = Math.sqrt(there.reduce((sum, to) => sum + squaredError(to, z), 0) / DRAWS);
      return far / this.data.planes[role].spread;
    });
    const most = Math.max(...moved, 1e-9);
    this.maps.forEach(({ note, bar, canvas, role }, n) => {
      note.replaceChildren("z moves by ", make("b", { "data-testid": `moved-${role}` }, `${(100 * moved[n]).toFixed(1)} %`), " of the codes' spread");
      bar.style.setProperty("--lx-part", moved[n] / most);
      canvas.setAttribute("aria-label", `The map of the ${this.data.roles[role].title}: ${note.textContent}`);
    });
  }
}

// ---- VAE: μ, σ, ε -----------------------------------------------------------------------------------------------------------

const EPSILON = 3.5; // the enlarged cloud's edge, in σ

class Epsilon extends Figure {
  build() {
    this.shows = [];
    const { model } = this, reach = Math.max(...model.high);
    const map = make("canvas", { "data-testid": "map", role: "img" }), cloud = make("canvas", { "data-testid": "latent-pad", role: "application", "aria-label": "ε: arrows move it" });
    this.map = new Plane(map, { low: [-reach, -reach], high: [reach, reach], points: model.codes.subarray(0, 2 * MOST_POINTS), labels: model.labels, classes: model.classes });
    this.cloud = new Plane(cloud, { low: [-EPSILON, -EPSILON], high: [EPSILON, EPSILON] });
    this.note = make("p", { class: "lx-note", "data-testid": "words" });
    this.kl = make("p", { class: "lx-note" });
    this.drag(cloud, (x, y) => { this.state.e1 = clip((2 * x - 1) * EPSILON, -EPSILON, EPSILON); this.state.e2 = clip((1 - 2 * y) * EPSILON, -EPSILON, EPSILON); },
      (dx, dy) => { this.state.e1 = clip(this.state.e1 + dx * 0.1, -EPSILON, EPSILON); this.state.e2 = clip(this.state.e2 + dy * 0.1, -EPSILON, EPSILON); });
    let turn = 0;
    const again = this.button("draw ε again", () => { const [a, b] = normals(performance.now() + turn++, 2); this.state.e1 = clip(a, -EPSILON, EPSILON); this.state.e2 = clip(b, -EPSILON, EPSILON); }, { "data-testid": "again" });
    const figure = (title, canvas, note, extra = "") => make("figure", { class: `lx-map lx-half${extra}` }, make("figcaption", {}, title), canvas, note);
    return [make("div", { class: "lx-stage" }, this.input("x"), figure("its cloud on the map", map, this.kl), figure("the cloud, enlarged: drag ε", cloud, this.note, " lx-moved"), this.tile("decoded", "decoded", { mine: true })),
      make("div", { class: "lx-tools" }, again, this.button("ε = 0", () => { this.state.e1 = this.state.e2 = 0; }), make("span", { class: "lx-quiet" }, "dashed: the prior, 1, 2 and 3 σ; small ellipses: the clouds of other held-out digits"))];
  }

  posterior(x) {
    const { mu, logvar } = this.roles.variant.encoder.posterior(x);
    return { mu: Array.from(mu), sigma: Array.from(logvar, (value) => Math.exp(value / 2)) };
  }

  draw() {
    const x = this.x(), { mu, sigma } = this.posterior(x), epsilon = [this.state.e1, this.state.e2], z = mu.map((m, i) => Math.fround(m + sigma[i] * epsilon[i])), { theme, map, cloud } = this;
    this.body.dataset.z = z.join(",");
    this.show("decoded", this.decode("variant", z), x);
    const size = x.length;
    this.others ??= Array.from({ length: Math.min(20, this.data.samples.count) }, (_, n) => Math.floor(n * this.data.samples.count / 20)).map((n) => this.posterior(toUnit(this.pool.subarray(n * size, (n + 1) * size), this.model.range)));
    map.draw(theme, (pen) => {
      prior(pen, map, theme);
      pen.strokeStyle = theme.text;
      pen.globalAlpha = 0.55;
      pen.lineWidth = 1;
      for (const other of this.others) map.ellipse(pen, other.mu, other.sigma);
      pen.globalAlpha = 1;
      pen.strokeStyle = theme.primary;
      pen.lineWidth = 2;
      map.ellipse(pen, mu, sigma.map((s) => 2 * s));
      handle(pen, theme, ...map.at(z), 4);
    });
    cloud.draw(theme, (pen) => {
      pen.strokeStyle = theme.primary;
      pen.lineWidth = 1.5;
      for (const r of [1, 2, 3]) { pen.globalAlpha = 1 / r; cloud.ellipse(pen, [0, 0], [r, r]); }
      pen.globalAlpha = 1;
      pen.fillStyle = theme.text;
      pen.font = `${12 * rem}px ${theme.font}`;
      const [cx, cy] = cloud.at([0, 0]), [ex, ey] = cloud.at(epsilon);
      pen.fillText("μ", cx + 5, cy + 15);
      pen.strokeStyle = theme.text;
      line(pen, cx, cy, ex, ey);
      handle(pen, theme, ex, ey, 8);
    });
    const words = (values) => minus(values.map((value) => value.toFixed(2)).join(", ")).replaceAll(" -", " −");
    this.note.textContent = `z = μ + σ·ε: (${words(z)}) = (${words(mu)}) + (${words(sigma)}) · (${words(epsilon)})`;
    const kl = mu.reduce((sum, m, i) => sum - 0.5 * (1 + 2 * Math.log(sigma[i]) - m * m - sigma[i] ** 2), 0);
    this.kl.replaceChildren("KL to the prior ", make("b", { "data-testid": "kl" }, `${kl.toFixed(2)} nats`));
    this.map.canvas.setAttribute("aria-label", `The map: ${this.kl.textContent}; ${this.note.textContent}`);
    cloud.canvas.setAttribute("aria-label", `ε, arrows move it: ${words(epsilon)}`);
  }
}

// ---- β: six weights of the KL term ------------------------------------------------------------------------------------------

const GLIDING = 1500; // codes that move

class Beta extends Figure {
  build() {
    this.shows = [];
    const { betas } = this.data, map = make("canvas", { "data-testid": "map", role: "img" });
    this.turned = betas.map(({ role, turn }) => {
      const { codes } = this.roles[role].model, made = new Float32Array(2 * Math.min(GLIDING, codes.length / 2));
      for (let n = 0; n < made.length; n += 2) for (let i = 0; i < 2; i++) made[n + i] = codes[n] * turn[0][i] + codes[n + 1] * turn[1][i];
      return made;
    });
    const reach = this.data.reach;
    this.map = new Plane(map, { low: [-reach, -reach], high: [reach, reach], labels: this.model.labels, classes: this.model.classes, points: this.turned[0], glides: true });
    this.curve = make("canvas", { "data-testid": "curve", role: "img" });
    this.note = make("p", { class: "lx-note" });
    this.row = make("div", { class: "lx-row" });
    this.row.style.setProperty("--lx-count", 5);
    this.draws = Array.from({ length: 5 }, () => { const canvas = make("canvas", { role: "img", "aria-hidden": true }); this.row.append(canvas); return new Picture(canvas, this.model); });
    const input = this.input("x");
    return [this.slider("at", "β", { low: 0, high: betas.length - 1, wide: true, format: (at) => `β = ${betas[Math.round(at)].beta}` }),
      make("div", { class: "lx-stage" }, make("figure", { class: "lx-map" }, make("figcaption", {}, "the codes of the same digits"), map, this.note),
        make("div", { class: "lx-pair" }, input, this.tile("decoded", "rebuilt from μ", { mine: true })),
        make("div", { class: "lx-plot lx-column" }, make("p", { class: "lx-title" }, "rate and distortion"), this.curve, make("p", { class: "lx-quiet" }, "five draws of z from this digit's cloud, decoded:"), this.row))];
  }

  draw() {
    const { betas } = this.data, { at } = this.state, low = Math.floor(at), high = Math.min(betas.length - 1, low + 1), part = at - low, now = Math.round(at), { role } = betas[now];
    const { points } = this.map, glided = points === this.glided ? points : (this.glided = new Float32Array(this.turned[0].length));
    for (let i = 0; i < glided.length; i++) glided[i] = this.turned[low][i] + part * (this.turned[high][i] - this.turned[low][i]);
    this.map.points = glided;
    const x = this.x(), { mu, logvar } = this.roles[role].encoder.posterior(x), mean = Float32Array.from(mu), sigma = Array.from(logvar, (value) => Math.exp(value / 2)), { turn } = betas[now];
    this.map.draw(this.theme, (pen) => {
      prior(pen, this.map, this.theme);
      handle(pen, this.theme, ...this.map.at([0, 1].map((i) => mean[0] * turn[0][i] + mean[1] * turn[1][i])), 5);
    });
    this.body.dataset.z = mean.join(",");
    this.body.dataset.role = role;
    this.show("decoded", this.decode(role, mean), x);
    const normal = normals(7, 10);
    this.draws.forEach((picture, n) => picture.show(this.decode(role, mean.map((m, i) => m + sigma[i] * normal[2 * n + i]))));
    this.drawCurve(at);
    this.note.textContent = `β = ${betas[now].beta}: KL ${betas[now].kl.toFixed(2)} nats, reconstruction ${betas[now].reconstruction.toFixed(1)} nats`;
    this.map.canvas.setAttribute("aria-label", this.note.textContent);
    this.curve.setAttribute("aria-label", `Rate and distortion: ${betas.map(({ beta, kl, reconstruction }) => `β ${beta}: ${kl.toFixed(2)} and ${reconstruction.toFixed(1)} nats`).join("; ")}`);
  }

  drawCurve(at) {
    const { theme, data: { betas }, curve } = this, pen = paper(curve), width = curve.clientWidth, height = curve.clientHeight;
    const span = (values) => { const [a, b] = [Math.min(...values), Math.max(...values)]; return [a - 0.08 * (b - a || 1), b + 0.12 * (b - a || 1)]; };
    const [xl, xh] = span(betas.map(({ kl }) => kl)), [yl, yh] = span(betas.map(({ reconstruction }) => reconstruction));
    const left = 44 * rem, under = 34 * rem, px = (kl) => left + (kl - xl) / (xh - xl) * (width - left - 12), py = (value) => height - under - (value - yl) / (yh - yl) * (height - under - 12);
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.fillStyle = pen.strokeStyle = theme.text;
    pen.textAlign = "right";
    for (const tick of ticks(yl, yh, 4)) { pen.globalAlpha = 0.13; line(pen, left, py(tick), width - 8, py(tick)); pen.globalAlpha = 0.75; pen.fillText(tick, left - 6, py(tick) + 4); }
    pen.textAlign = "center";
    for (const tick of ticks(xl, xh, 5)) pen.fillText(tick, px(tick), height - 19 * rem);
    pen.fillText("KL, nats a digit (rate)", (left + width - 12) / 2, height - 4);
    pen.textAlign = "left";
    pen.fillText("reconstruction, nats (distortion)", left + 2, 9 * rem);
    pen.globalAlpha = 1;
    pen.strokeStyle = NETWORK;
    pen.lineWidth = 2;
    pen.beginPath();
    for (const { kl, reconstruction } of betas) pen.lineTo(px(kl), py(reconstruction));
    pen.stroke();
    for (const { beta, kl, reconstruction } of betas) {
      pen.fillStyle = NETWORK;
      ring(pen, px(kl), py(reconstruction), 3.5);
      pen.fill();
      write(pen, theme, `β ${beta}`, Math.min(width - 40, px(kl) + 7), py(reconstruction) - 5, 3);
    }
    const low = betas[Math.floor(at)], high = betas[Math.min(betas.length - 1, Math.floor(at) + 1)], part = at % 1, mix = (key) => low[key] + part * (high[key] - low[key]);
    handle(pen, theme, px(mix("kl")), py(mix("reconstruction")), 6);
  }
}

// ---- Conditional VAE: style by drag, class by choice --------------------------------------------------------------------------

class Classes extends Figure {
  build() {
    this.shows = [];
    const { model } = this, reach = this.reach = Math.max(...model.high.slice(0, 2)), pad = make("canvas", { "data-testid": "latent-pad", role: "application" });
    const two = new Float32Array(2 * Math.min(MOST_POINTS, model.count));
    for (let n = 0; n < two.length / 2; n++) two.set(model.codes.subarray(n * model.k, n * model.k + 2), 2 * n);
    this.map = new Plane(pad, { low: [-reach, -reach], high: [reach, reach], points: two, labels: model.labels });
    this.drag(pad, (x, y) => { this.state.x = clip((2 * x - 1) * reach, -reach, reach); this.state.y = clip((1 - 2 * y) * reach, -reach, reach); },
      (dx, dy) => { this.state.x = clip(this.state.x + dx * reach / 50, -reach, reach); this.state.y = clip(this.state.y + dy * reach / 50, -reach, reach); });
    this.row = make("div", { class: `lx-row${this.limits ? " lx-lines" : ""}` });
    this.row.style.setProperty("--lx-count", 5);
    this.pictures = model.classes.map((name, c) => {
      const canvas = make("canvas", { "data-testid": c ? `class-${c}` : "decoded", role: "img", "aria-label": this.limits ? `A signal of the class ${name} in this style` : `A ${name} in this handwriting` });
      this.row.append(make("figure", {}, canvas, make("p", {}, name)));
      return this.picture(canvas, NETWORK);
    });
    let turn = 0;
    const tools = make("div", { class: "lx-tools" },
      this.button(this.limits ? "another style" : "another handwriting", () => { [this.state.x, this.state.y] = Array.from(normals(performance.now() + turn++, 2), (value) => clip(value, -reach, reach)); }, { "data-testid": "again" }),
      this.button(`that of this ${this.noun}`, () => this.copy(), { "data-testid": "copy" }));
    return [make("div", { class: "lx-stage" },
      make("figure", { class: "lx-map lx-moved" }, make("figcaption", {}, "the style, z: drag"), pad, make("p", { class: "lx-note" }, `dashed: the prior, 1, 2 and 3 σ; dots: held-out ${this.noun}s`)),
      make("div", { class: "lx-grow lx-column" }, make("p", { class: "lx-title" }, `every class in that style${this.limits && model.shape[0] > 1 ? "; thick: channel 1" : ""}`), this.row),
      make("div", { class: "lx-column" }, this.input("take a style from", { draws: false }), tools))];
  }

  copy() {
    const z = this.encode("variant", this.x());
    [this.state.x, this.state.y] = [clip(z[0], -this.reach, this.reach), clip(z[1], -this.reach, this.reach)];
  }

  draw() {
    const { model, theme } = this, z = new Float32Array(model.k);
    z[0] = this.state.x;
    z[1] = this.state.y;
    this.body.dataset.z = z.join(",");
    this.pictures.forEach((picture, c) => picture.show(this.decode("variant", z, c)));
    this.map.draw(theme, (pen) => { prior(pen, this.map, theme); handle(pen, theme, ...this.map.at(z), 8); });
    this.map.canvas.setAttribute("aria-label", `Style: ${minus(z[0].toFixed(2))}, ${minus(z[1].toFixed(2))}; arrows move it`);
  }
}

// ---- VQ-VAE: a picture as tokens ------------------------------------------------------------------------------------------------

class Tokens extends Figure {
  build() {
    this.shows = [];
    const { model } = this, { grid, codes } = model.codebook, [down, across] = grid.length === 2 ? grid : [1, grid[0]], count = down * across;
    const element = this.tile("decoded", "from its tokens: press one", { mine: true }), { canvas } = this.tiles.decoded;
    const places = make("div", { class: `lx-places${grid.length === 2 ? "" : " lx-in-a-row"}`, role: "group", "aria-label": "Tokens" });
    places.style.setProperty("--lx-across", across);
    this.places = Array.from({ length: count }, (_, t) => {
      const button = make("button", { type: "button", class: "lx-token", "data-testid": "token" });
      button.onclick = () => this.choose(() => { this.state.place = t; });
      return button;
    });
    places.append(...this.places);
    if (grid.length === 2) { const over = make("div", { class: "lx-over" }); canvas.before(over); over.append(canvas, places); canvas.style.cssText = "width:100%;border-radius:8px;image-rendering:pixelated"; } else canvas.after(places);
    const most = Math.max(...this.data.usage, 1e-9);
    this.book = Array.from({ length: codes }, (_, c) => {
      const small = make("canvas", { "aria-hidden": true }), bar = make("i", {}), button = make("button", { type: "button", "data-testid": "code", title: `code ${c}: taken for ${(100 * this.data.usage[c]).toFixed(1)} % of the tokens` }, small, bar, String(c));
      bar.style.setProperty("--lx-part", this.data.usage[c] / most);
      button.onclick = () => this.choose(() => this.put(this.state.place, c));
      return { button, small, picture: new Picture(make("canvas", {}), model) };
    });
    const book = make("div", { class: "lx-book", role: "group", "aria-label": "The codebook" });
    book.append(...this.book.map(({ button }) => button));
    this.said = make("p", { class: "lx-title" });
    return [make("div", { class: "lx-stage" }, this.input("input"), element,
      make("div", { class: "lx-grow lx-column" }, this.said, book)),
      make("div", { class: "lx-tools" }, this.button("back to its own tokens", () => { this.state.edits = ""; }, { "data-testid": "reset" }), make("span", { class: "lx-quiet" }, this.data.words))];
  }

  step(turn, label) { super.step(turn, label); this.state.edits = ""; }

  edits() { return new Map(this.state.edits ? this.state.edits.split(".").map((pair) => pair.split("-").map(Number)) : []); }

  put(place, code) {
    const edits = this.edits().set(place, code);
    if (this.own[place] === code) edits.delete(place);
    this.state.edits = [...edits].map(([t, c]) => `${t}-${c}`).join(".");
  }

  draw() {
    const { model } = this, x = this.x(), { codebook } = model, count = this.places.length;
    this.own = Array.from(codebook.tokens(this.encode("variant", x))); // the code's own vectors are the nearest to themselves
    const tokens = [...this.own], { place } = this.state;
    for (const [t, c] of this.edits()) if (t < count && c < codebook.codes) tokens[t] = c;
    const decoded = (list) => model.decode(codebook.fromTokens(list));
    this.body.dataset.tokens = tokens.join(",");
    this.show("decoded", decoded(tokens), x);
    this.places.forEach((button, t) => {
      button.textContent = tokens[t];
      button.setAttribute("aria-pressed", t === place);
      button.setAttribute("aria-label", `Token ${t + 1}: code ${tokens[t]}`);
      button.classList.toggle("lx-changed", tokens[t] !== this.own[t]);
    });
    this.said.textContent = `Another code for token ${place + 1}: what would be there`;
    const [left, top, wide, tall] = this.around(place);
    this.book.forEach(({ button, picture, small }, c) => {
      button.setAttribute("aria-pressed", c === tokens[place]);
      this.later.push(() => {
        const changed = [...tokens];
        changed[place] = c;
        picture.show(decoded(changed));
        Object.assign(small, { width: wide, height: tall });
        small.getContext("2d").drawImage(picture.canvas, left, top, wide, tall, 0, 0, wide, tall);
      });
    });
  }

  // The part of the picture around a token, twice as wide as its place: [left, top, width, height]; all of it where tokens have no places.
  around(place) {
    const { shape: [, height, width], codebook: { grid } } = this.model;
    if (grid.length !== 2) return [0, 0, width, height];
    const [down, across] = grid, wide = Math.ceil(2 * width / across), tall = Math.ceil(2 * height / down);
    const from = (index, count, whole, part) => clip(Math.round((index + 0.5) * whole / count - part / 2), 0, whole - part);
    return [from(place % across, across, width, wide), from(Math.floor(place / across), down, height, tall), wide, tall];
  }
}

// ---- AE against VAE: the holes -----------------------------------------------------------------------------------------------------

const FIELD = 14; // arrows along a side

class Holes extends Figure {
  build() {
    this.shows = [];
    this.sides = Object.keys(this.data.roles).map((role, n) => {
      const { model } = this.roles[role], canvas = make("canvas", { "data-testid": n ? `pad-${role}` : "latent-pad", role: "application" }), note = make("p", { class: "lx-note" });
      const plane = new Plane(canvas, { low: model.low, high: model.high, points: model.codes.subarray(0, 2 * MOST_POINTS), labels: model.labels, classes: model.classes });
      this.drag(canvas, (x, y) => { this.state.x = clip(x, 0, 1); this.state.y = clip(1 - y, 0, 1); },
        (dx, dy) => { this.state.x = clip(this.state.x + dx / FIELD, 0, 1); this.state.y = clip(this.state.y + dy / FIELD, 0, 1); });
      const element = make("figure", { class: "lx-map lx-moved lx-half" }, make("figcaption", {}, ...this.title(role).slice(0, 1)), canvas, note);
      return { role, plane, note, model, element, tile: this.tile(n ? role : "decoded", "decoded there", { mine: true }), id: n ? role : "decoded", field: [] };
    });
    return [make("div", { class: "lx-stage" }, ...this.sides.flatMap(({ element, tile }) => [element, tile])),
      make("div", { class: "lx-tools" }, this.segments("field", "What the map shows", { off: "the codes", on: "where each place comes back" }), make("span", { class: "lx-quiet" }, "thick arrow: from z to encode(decode(z))"))];
  }

  place(model, x, y) { return [x, y].map((part, i) => Math.fround(model.low[i] + part * (model.high[i] - model.low[i]))); }

  draw() {
    const { x, y, field } = this.state;
    for (const side of this.sides) {
      const { role, model, id, note, plane } = side, z = this.place(model, x, y);
      if (id === "decoded") this.body.dataset.z = z.join(",");
      const made = this.decode(role, z);
      this.show(id, made);
      const back = Array.from(this.encode(role, made)), part = Math.hypot(...back.map((value, i) => (value - z[i]) / (model.high[i] - model.low[i])));
      note.replaceChildren("comes back ", make("b", { "data-testid": `drift-${role}` }, `${(100 * part).toFixed(1)} %`), " of the map's width away");
      side.live = { z, back };
      this.paint(side);
      plane.canvas.setAttribute("aria-label", `Map of the ${this.data.roles[role].title}: arrows move the place; ${note.textContent}`);
      if (field === "on") for (let row = side.field.length / FIELD; row < FIELD; row++) this.later.push(() => this.fill(side, row));
    }
  }

  // Where a row of places comes back.
  fill(side, row) {
    const { role, model } = side;
    for (let column = 0; column < FIELD; column++) {
      const z = this.place(model, (column + 0.5) / FIELD, (row + 0.5) / FIELD);
      side.field.push([z, Array.from(this.encode(role, this.decode(role, z)))]);
    }
    this.paint(side);
  }

  paint({ plane, field, live: { z, back } }) {
    const { theme } = this;
    plane.draw(theme, (pen) => {
      pen.strokeStyle = pen.fillStyle = theme.text;
      pen.lineWidth = 1.1;
      pen.globalAlpha = 0.75;
      if (this.state.field === "on") for (const [from, to] of field) arrow(pen, ...plane.at(from), ...plane.at(to), 4);
      pen.globalAlpha = 1;
      pen.strokeStyle = pen.fillStyle = theme.primary;
      pen.lineWidth = 3;
      arrow(pen, ...plane.at(z), ...plane.at(back), 9);
      handle(pen, theme, ...plane.at(z), 7);
    });
  }
}

// ---- Linear: the same subspace as PCA, other axes ------------------------------------------------------------------------------------

const SHOWN_AXES = 8;

class Axes extends Figure {
  build() {
    this.shows = [];
    const count = Math.min(SHOWN_AXES, this.model.k);
    const row = (title, id) => {
      const element = make("div", { class: "lx-row" });
      element.style.setProperty("--lx-count", count);
      const cells = Array.from({ length: count }, () => {
        const canvas = make("canvas", { role: "img", "data-testid": id }), note = make("p", {});
        element.append(make("figure", {}, canvas, note));
        return { canvas, note, picture: new Picture(canvas, this.model) };
      });
      return { cells, element: make("div", { class: "lx-column" }, make("p", { class: "lx-title" }, title), element) };
    };
    this.rows = [row("PCA's axes", "axis-pca"), row("the autoencoder's, one for each number of its code", "axis-own"), row("PCA's axes, sent through the autoencoder", "axis-through")];
    return [make("div", { class: "lx-stage" }, this.input(), this.tile("decoded", ...this.title("variant").slice(0, 1), { mine: true, colour: NETWORK }), this.tile("pca", "PCA", { small: numbers(this.pca.k), colour: PCA }),
      make("div", { class: "lx-grow lx-column" }, ...this.rows.map(({ element }) => element)))];
  }

  draw() {
    const x = this.x(), z = this.encode("variant", x), { mean, components } = this.pca, size = mean.length;
    this.body.dataset.z = z.join(",");
    this.bars({ decoded: this.show("decoded", this.decode("variant", z), x), pca: this.show("pca", this.pcaOf(x), x) });
    if (this.drawnFor === this.theme.mode) return; // they do not depend on what goes in
    const k = this.model.k, decode = (code) => this.decode("variant", code).slice(), none = decode(new Float32Array(k)), through = (values) => decode(this.encode("variant", values)), centre = through(mean);
    const shown = ({ canvas, note, picture }, values, words) => {
      const most = values.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-9);
      picture.show(values, (value) => difference(value / most, this.theme));
      note.textContent = words;
      canvas.setAttribute("aria-label", words || "an axis");
    };
    for (let n = 0; n < this.rows[0].cells.length; n++) {
      this.later.push(() => {
        const axis = components.subarray(n * size, (n + 1) * size), unit = new Float32Array(k), step = 5; // far enough that half-precision weights do not matter
        unit[n] = 1;
        shown(this.rows[0].cells[n], axis, `axis ${n + 1}`);
        shown(this.rows[1].cells[n], decode(unit).map((value, i) => value - none[i]), `z${n + 1}`);
        const kept = through(mean.map((value, i) => value + step * axis[i])).map((value, i) => (value - centre[i]) / step), length = Math.hypot(...kept);
        shown(this.rows[2].cells[n], kept, `${(100 * length).toFixed(1)} % kept`);
        if (n === this.rows[0].cells.length - 1) this.drawnFor = this.theme.mode;
      });
    }
  }
}

// ---- Nested: any number of numbers ---------------------------------------------------------------------------------------------------

class Cut extends Figure {
  build() {
    this.shows = [];
    return [this.slider("k", "numbers kept", { low: 1, high: this.model.k, step: 1, format: (k) => `${k} of ${this.model.k}`, wide: true }),
      make("div", { class: "lx-stage" }, this.input(), this.tile("decoded", ...this.title("variant").slice(0, 1), { mine: true, colour: NETWORK }), this.tile("pca", "PCA", { colour: PCA }))];
  }

  draw() {
    const x = this.x(), z = this.encode("variant", x), { k } = this.state;
    z.fill(0, k);
    this.body.dataset.z = z.join(",");
    this.bars({ decoded: this.show("decoded", this.decode("variant", z), x), pca: this.show("pca", this.pcaOf(x, Math.min(k, this.pca.k)), x) });
  }
}

const FIGURES = { rebuild: Rebuild, noise: Noise, "signal-noise": Noise, "signal-classes": Classes, mask: Mask, units: Units, contraction: Contraction, epsilon: Epsilon, beta: Beta, classes: Classes, tokens: Tokens, holes: Holes, axes: Axes, cut: Cut };

// ---- A picture, and a map --------------------------------------------------------------------------------------------------------------

class Picture {
  constructor(canvas, { shape: [channels, height, width], range }) {
    Object.assign(canvas, { width, height });
    Object.assign(this, { canvas, channels, area: height * width, range: range ?? [0, 1], pixels: new ImageData(width, height) });
    this.values = canvas.values = new Float32Array(channels * height * width);
  }

  // colour: of a value, instead of its grey.
  show(values, colour = null) {
    const { channels, area, range: [low, high], pixels: { data } } = this, scale = 255 / (high - low);
    this.values.set(values);
    for (let i = 0, p = 0; i < area; i++, p += 4) {
      const shade = colour?.(values[i]);
      for (let c = 0; c < 3; c++) data[p + c] = shade ? shade[c] : Math.round((values[i + (channels === 3 ? c * area : 0)] - low) * scale); // clamped by the array
      data[p + 3] = 255;
    }
    this.canvas.getContext("2d").putImageData(this.pixels, 0, 0);
  }

  // What is hidden is hatched, so that it differs from what is black.
  shade(hidden) {
    const { data, width } = this.pixels;
    for (let i = 0, p = 0; i < this.area; i++, p += 4) if (hidden(i)) data.set((i % width + Math.floor(i / width)) % 4 ? [58, 62, 72] : [92, 97, 110], p);
    this.canvas.getContext("2d").putImageData(this.pixels, 0, 0);
  }

  mark(x, y, side, { primary }) {
    const pen = this.canvas.getContext("2d");
    pen.strokeStyle = primary;
    pen.lineWidth = 1;
    pen.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
  }
}

// A signal as lines on one scale: the first channel thick, the others thin behind it. It has Picture's `show` and `canvas.values`.
class Trace {
  constructor(canvas, figure, colour) {
    const [channels, length] = figure.model.shape;
    canvas.classList.add("lx-trace");
    Object.assign(this, { canvas, figure, colour, channels, length });
    this.values = canvas.values = new Float32Array(channels * length);
  }

  // clean: another signal whose first channel is drawn behind, to compare with.
  show(values, _, clean = null) {
    this.values.set(values);
    const { canvas, channels, length, figure: { theme, limits: [low, high] } } = this, pen = paper(canvas), { clientWidth: width, clientHeight: height } = canvas;
    const margin = 0.12 * (high - low) || 1, y = (value) => (high + margin - value) / (high - low + 2 * margin) * height;
    const stroke = (from, channel, colour, wide, alpha) => {
      Object.assign(pen, { strokeStyle: colour, lineWidth: wide, globalAlpha: alpha, lineJoin: "round" });
      pen.beginPath();
      for (let i = 0; i < length; i++) pen.lineTo(3 + i / (length - 1) * (width - 6), y(from[channel * length + i]));
      pen.stroke();
    };
    for (let c = channels - 1; c > 0; c--) stroke(this.values, c, theme.text, 1, 0.28);
    if (clean) stroke(clean, 0, ORIGINAL, 1.2, 0.8);
    stroke(this.values, 0, this.colour, 2.2, 1);
    pen.globalAlpha = 1;
  }
}

// A map of two dimensions: dots, class names at their middles, and what the figure draws over them.
class Plane {
  constructor(canvas, { low, high, points = new Float32Array(0), labels = null, classes = null, glides = false }) { Object.assign(this, { canvas, low, high, points, labels, classes, glides }); }

  at([x, y]) { return [(x - this.low[0]) / (this.high[0] - this.low[0]) * this.canvas.clientWidth, (1 - (y - this.low[1]) / (this.high[1] - this.low[1])) * this.canvas.clientHeight]; }

  ellipse(pen, centre, radii) {
    const [x, y] = this.at(centre), { clientWidth: width, clientHeight: height } = this.canvas;
    pen.beginPath();
    pen.ellipse(x, y, radii[0] / (this.high[0] - this.low[0]) * width, radii[1] / (this.high[1] - this.low[1]) * height, 0, 0, 2 * Math.PI);
    pen.stroke();
  }

  draw(theme, over) {
    const pen = paper(this.canvas), { clientWidth: width, clientHeight: height } = this.canvas, key = `${width} ${height} ${devicePixelRatio} ${theme.mode}`;
    if (!width) return;
    if (this.glides) this.dots(pen, theme);
    else {
      if (this.key !== key) {
        this.key = key;
        this.backdrop = make("canvas", { width: this.canvas.width, height: this.canvas.height });
        const behind = this.backdrop.getContext("2d");
        behind.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
        this.dots(behind, theme);
      }
      pen.drawImage(this.backdrop, 0, 0, width, height);
    }
    over(pen);
  }

  dots(pen, theme) {
    const { points, labels, canvas } = this, count = points.length / 2, radius = dotRadius(count, canvas.clientWidth), sums = new Map();
    const stamps = labels ? PALETTE.map((colour) => dot(colour, radius)) : [dot(NEUTRAL, radius)], side = stamps[0].width / devicePixelRatio;
    pen.globalAlpha = 0.75;
    for (let n = 0; n < count; n++) {
      const [x, y] = this.at([points[2 * n], points[2 * n + 1]]), label = labels ? labels[n] : 0;
      pen.drawImage(stamps[label % stamps.length], x - side / 2, y - side / 2, side, side);
      const sum = sums.get(label) ?? [0, 0, 0];
      sums.set(label, [sum[0] + x, sum[1] + y, sum[2] + 1]);
    }
    pen.globalAlpha = 1;
    if (!this.classes) return;
    const names = [...sums].map(([label, [x, y, n]]) => named(pen, theme, this.classes[label], x / n, y / n, canvas.clientWidth));
    setApart(names, canvas.clientWidth, canvas.clientHeight);
    writeNames(pen, theme, names);
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
  }
}

// ---- Helpers ------------------------------------------------------------------------------------------------------------------------------

// A canvas' pen in the page's pixels, on a clean sheet.
function paper(canvas) {
  fit(canvas, canvas);
  const pen = canvas.getContext("2d");
  pen.setTransform(1, 0, 0, 1, 0, 0);
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  return pen;
}

function handle(pen, theme, x, y, radius) {
  pen.fillStyle = theme.primary;
  pen.strokeStyle = theme.background;
  pen.lineWidth = 2;
  ring(pen, x, y, radius);
  pen.fill();
  pen.stroke();
}

function arrow(pen, x1, y1, x2, y2, head) {
  const angle = Math.atan2(y2 - y1, x2 - x1), long = Math.hypot(x2 - x1, y2 - y1);
  if (long < 1) return;
  line(pen, x1, y1, x2, y2);
  pen.beginPath();
  pen.moveTo(x2, y2);
  for (const side of [2.6, -2.6]) pen.lineTo(x2 + Math.min(head, long) * Math.cos(angle + side), y2 + Math.min(head, long) * Math.sin(angle + side));
  pen.fill();
}

function prior(pen, plane, theme) {
  pen.strokeStyle = theme.text;
  pen.lineWidth = 1;
  pen.setLineDash([4, 4]);
  pen.globalAlpha = 0.6;
  for (const r of [1, 2, 3]) plane.ellipse(pen, [0, 0], [r, r]);
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

// Numbers for a network that is told the class behind them.
function told(values, classes, label) {
  if (!classes || label === null || label === undefined) return values;
  const made = new Float32Array(values.length + classes);
  made.set(values);
  made[values.length + label] = 1;
  return made;
}

function cut(values, range) { return range ? values.map((value) => clip(value, range[0], range[1])) : values; }
function clip(value, low, high) { return Math.min(high, Math.max(low, value)); }
function floats(text) { return new Float32Array(fromBase64(text).buffer); }
function numbers(k) { return `${k} number${k > 1 ? "s" : ""}`; }

// mulberry32: the same numbers for the same seed, 0..1.
function uniforms(seed, count) {
  let a = Math.imul(Math.floor(seed) + 1, 2654435761);
  return Float32Array.from({ length: count }, () => {
    a = (a + 0x6D2B79F5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}

// Box & Muller 1958.
function normals(seed, count) {
  const u = uniforms(seed, 2 * count);
  return Float32Array.from({ length: count }, (_, i) => Math.sqrt(-2 * Math.log(1 - u[2 * i])) * Math.cos(2 * Math.PI * u[2 * i + 1]));
}
