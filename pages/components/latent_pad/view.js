// Latent pad: drag a point on the map of a latent space and watch the network decode it, frame by frame, in the page.
// (evaluator.js stands in front of this text.) Top to bottom: the mount, LatentPad (what the views share: choices, the one
// handle, what is sent to Python), Sheet (a picture of one's own, drawn or uploaded), View (one model: map, decode, readouts,
// where the picture lands), and small helpers.
//
// The pad owns what the person moves. `data` sets it when `views` or `revision` changes and never afterwards, so an answer
// from a slow server cannot pull the handle back. Python hears of it on release: setStateValue("view", …).

export default (component) => mount(component, ".lx-pad", () => new LatentPad());

const BACKDROPS = {
  points: ["Codes", "Where the encoder puts real samples, a point each"],
  manifold: ["Decoded", "What the network draws at each place of the map"],
  distance: ["Distance", "How far each place is from the codes of real samples"],
  stretch: ["Stretch", "How fast the output changes when you move there"],
  consistency: ["Consistency", "How far from its place the network puts the picture that it draws there"],
};
const HEAT = { distance: { light: "#46557a", dark: "#a9b8e0" }, stretch: { light: "#8f5f00", dark: "#e6b94d" }, consistency: { light: "#75489c", dark: "#c6a4ee" } };
const UNKNOWN = 0.95; // of the held-out samples are rebuilt better than what is called unknown
const SLICE = 7; // ms of each idle frame for the decoded map

class LatentPad extends Live {
  views = [];
  models = [];
  dragging = null; // the pointer that holds the handle
  touched = false; // whether the person has found out that it moves

  resize() {
    this.views.forEach((view) => view.resize());
    this.sheet?.pencil.resize();
  }

  arrived(name) {
    if (this.data.views.includes(name)) this.open();
    if (this.data.views.includes(name.replace(/:encoder$/, "")) && this.sheet) { this.sheet.stale = true; this.wake(); }
  }

  receive(root, data, setStateValue) {
    const { fresh, moved } = this.heed(root, data, setStateValue, data.views);
    root.style.setProperty("--lx-on-primary", this.theme.onPrimary);
    if (fresh || moved) this.open(true);
    else if (this.views.length) { this.sheet.accept(); this.refresh(); }
  }

  // Until every model is there the old picture stays.
  async open(restart = false) {
    const order = this.order;
    this.restart ||= restart;
    const models = await Promise.all(this.data.views.map(modelReady));
    if (this.closed || order !== this.order) return;
    const same = this.builtIn === this.root && models.length === this.models.length && models.every((model, n) => model === this.models[n]);
    if (same && !this.restart) return;
    this.start(models, this.restart ? this.data : this.state()); // a new model under an old name: stay where the hand is
    this.restart = false;
    if (!same) this.build(models);
    this.views.forEach((view, n) => view.moveTo(this.places[n]));
    this.sheet.start(this.wantedSheet);
    this.sent = JSON.stringify(this.state());
    this.sheet.accept();
    this.refresh();
  }

  // What is asked for, made to fit the models.
  start(models, { z, backdrop, colour, hidden, axes, sheet }) {
    const [first] = models;
    this.wantedSheet = sheet ?? null;
    const usable = (a) => Array.isArray(a) && a.length === 2 && a[0] !== a[1] && a.every((i) => Number.isInteger(i) && i >= 0 && i < first.k);
    const start = Array.isArray(z) && z.length === first.k && z.every(Number.isFinite) ? z : first.centre;
    // One handle: the same relative place in every view; a dimension that only the second has starts at its centre.
    this.places = models.map((model) => model.centre.map((centre, i) => i < first.k ? at(model, i, fraction(first, i, start[i])) : centre));
    const names = [...(first.classes ? ["class"] : []), ...first.factors.map((factor) => factor.name)];
    Object.assign(this, {
      backdrop: BACKDROPS[backdrop] ? backdrop : "points",
      colours: names,
      colour: names.includes(colour) ? colour : names[0] ?? "none",
      hidden: new Set((hidden ?? []).filter((c) => c < (first.classes?.length ?? 0))),
      axes: usable(axes) ? [...axes] : [0, Math.min(1, first.k - 1)],
    });
  }

  build(models) {
    const $ = (name) => this.root.querySelector(name);
    const [first] = models;
    const body = $(".lx-body");
    this.models = models;
    this.builtIn = this.root;
    this.parts = Object.fromEntries(["segments", "colour", "axes", "dims", "legend", "sheet"].map((name) => [name, $(`.lx-${name}`)]));
    const { segments, colour, axes, dims, legend, sheet } = this.parts;
    body.append(dims, legend, sheet); // out of the view that goes
    this.observer.disconnect();
    const template = $("template").content.firstElementChild;
    this.views = models.map((model, n) => new View(this, model, template.cloneNode(true), n));
    $(".lx-views").replaceChildren(...this.views.map((view) => view.element));
    if (models.length === 1) { this.views[0].element.append(dims, sheet); this.views[0].find("foot").append(legend); } else body.insertBefore(sheet, legend);
    this.sheet = new Sheet(this, sheet, $(".lx-open"));
    body.className = ["lx-body", models.length > 1 && "lx-compare", first.k > 2 && "lx-many", first.k === 1 && "lx-line", first.shape.length === 2 && "lx-signal", first.classes && "lx-named"].filter(Boolean).join(" ");
    $(".lx-wait").hidden = true;
    body.hidden = false;

    segments.replaceChildren(...Object.entries(BACKDROPS).map(([name, [label, title]]) => {
      const button = make("button", { type: "button", title, role: "radio" }, label);
      button.dataset.backdrop = name;
      button.onclick = () => this.choose({ backdrop: name });
      return button;
    }));
    radios(segments);

    colour.hidden = !first.factors.length;
    const select = colour.querySelector("select");
    select.replaceChildren(...this.colours.map((name) => make("option", { value: name }, name)));
    select.onchange = () => this.choose({ colour: select.value });

    axes.hidden = first.k < 3;
    axes.querySelectorAll("select").forEach((choice, n) => {
      choice.replaceChildren(...first.centre.map((_, i) => make("option", { value: i }, `z${i + 1}`)));
      choice.onchange = () => {
        const picked = [...this.axes];
        picked[n] = Number(choice.value);
        if (picked[n] === this.axes[1 - n]) picked[1 - n] = this.axes[n]; // choosing the other's dimension swaps them
        this.choose({ axes: picked });
      };
    });
    this.views.forEach((view) => [view.surface, view.canvas].forEach((element) => this.observer.observe(element)));
    this.observer.observe(this.sheet.pencil.canvas);
  }

  // A choice of the person's: show it, then tell Python.
  choose(change, wait = 0) {
    Object.assign(this, change);
    this.refresh();
    this.send(wait);
  }

  // Everything but the handle: runs for a choice, new fields, a new theme.
  refresh() {
    const { segments, colour, axes } = this.parts;
    for (const button of segments.children) {
      const name = button.dataset.backdrop, on = name === this.backdrop;
      button.disabled = name in HEAT && this.models.every((model) => model.k < 2);
      button.setAttribute("aria-checked", on);
      button.tabIndex = on ? 0 : -1;
    }
    if (!segments.querySelector('[tabindex="0"]:not(:disabled)')) segments.firstElementChild.tabIndex = 0;
    colour.querySelector("select").value = this.colour;
    axes.querySelectorAll("select").forEach((choice, n) => { choice.value = this.axes[n]; });
    // They colour the codes, which the decoded map does not show; hidden rather than gone, so that nothing moves.
    for (const part of [this.parts.legend, colour]) part.style.visibility = this.backdrop === "manifold" ? "hidden" : "";
    this.drawLegend();
    this.drawSliders();
    this.sheet.refresh();
    this.views.forEach((view) => view.refresh());
    this.wake();
  }

  drawLegend() {
    const { legend } = this.parts, [{ classes }] = this.models;
    if (this.colour === "none") return legend.replaceChildren();
    if (this.colour !== "class") {
      delete legend.dataset.classes;
      const { low, high, unit } = this.views[0].factorRange();
      const bar = make("span", { class: "lx-scale", style: `background: linear-gradient(90deg, ${cividis(this.theme).join()})` });
      return legend.replaceChildren(make("span", { class: "lx-bar" }, `${this.colour}  ${minus(short(low))}`, bar, `${minus(short(high))} ${unit}`));
    }
    const signature = classes.join("\n");
    if (legend.dataset.classes !== signature || legend.childElementCount !== classes.length) {
      legend.dataset.classes = signature;
      legend.replaceChildren(...classes.map((name, c) => {
        const button = make("button", { type: "button", title: `${name}: hide or show; double-click for this one alone` }, make("span", { class: "lx-dot", style: `background: ${PALETTE[c % 10]}` }), name);
        const alone = () => {
          const others = classes.map((_, i) => i).filter((i) => i !== c);
          const already = !this.hidden.has(c) && others.every((i) => this.hidden.has(i));
          this.choose({ hidden: new Set(already ? [] : others) }, 300);
        };
        button.onclick = (event) => {
          if (event.altKey) return alone();
          const hidden = new Set(this.hidden);
          if (!hidden.delete(c)) hidden.add(c);
          this.choose({ hidden }, 300); // wait for a possible second click
        };
        button.ondblclick = (event) => { if (!event.altKey) alone(); };
        return button;
      }));
    }
    [...legend.children].forEach((button, c) => button.setAttribute("aria-pressed", !this.hidden.has(c)));
  }

  drawSliders() {
    const { dims } = this.parts, [view] = this.views, { model } = view;
    dims.hidden = model.k < 3;
    const others = model.centre.map((_, i) => i).filter((i) => model.k > 2 && !this.axes.includes(i));
    const signature = `${model.stamp} ${others}`;
    if (dims.dataset.others !== signature) {
      dims.dataset.others = signature;
      dims.replaceChildren(...others.map((i) => {
        const input = make("input", { type: "range", min: model.low[i], max: model.high[i], step: "any", "aria-label": `z${i + 1}` });
        input.dataset.dimension = i;
        input.oninput = () => { clearTimeout(this.timer); this.sliding = true; this.move(view, { [i]: Number(input.value) }); };
        input.onchange = () => { this.sliding = false; this.views.forEach((each) => each.drawBackdrop()); this.send(150); };
        input.ondblclick = () => { this.move(view, { [i]: model.centre[i] }); input.onchange(); };
        return make("label", { title: "Double-click: back to the centre" }, `z${i + 1}`, input, make("output", {}));
      }));
    }
    this.readSliders();
  }

  readSliders() {
    for (const { children: [input, output] } of this.parts.dims.children) {
      const [{ z, model }] = this.views, i = input.dataset.dimension;
      if (Number(input.value) !== z[i]) input.value = z[i];
      output.textContent = shown(model, i, z[i]);
      input.setAttribute("aria-valuetext", output.textContent);
    }
  }

  // ---- the handle ----

  // values: {dimension: value} in `from`'s own units; the other view goes to the same relative place.
  move(from, values) {
    this.touched = true;
    for (const view of this.views) {
      const z = [...view.z];
      for (const [i, value] of Object.entries(values)) if (i < view.model.k) z[i] = view === from ? value : at(view.model, i, fraction(from.model, i, value));
      view.moveTo(z);
    }
    this.wake();
  }

  release() {
    this.dragging = null;
    this.views.forEach((view) => view.describe());
    this.send();
  }

  state() {
    return { z: [...this.views[0].z], backdrop: this.backdrop, colour: this.colour, hidden: [...this.hidden].sort((a, b) => a - b), axes: [...this.axes], sheet: this.sheet.state() };
  }

  send(wait = 0) {
    clearTimeout(this.timer);
    if (wait) { this.timer = setTimeout(() => this.send(), wait); return; }
    if (this.dragging !== null || this.sliding || this.sheet.held || this.closed) return; // the release will send it
    if (this.sheet.inked) this.frame(); // what was drawn last belongs to it
    this.views.forEach((view) => view.describe());
    const text = JSON.stringify(this.state());
    if (text === this.sent) return;
    this.sent = text;
    this.setStateValue("view", JSON.parse(text));
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  wake() { this.request ||= requestAnimationFrame(() => this.frame()); }

  frame() {
    cancelAnimationFrame(this.request);
    this.request = 0;
    const landed = this.sheet.update();
    const moved = this.views.map((view) => view.update(landed)).some(Boolean);
    if (moved && this.models[0].k > 2) this.readSliders();
    const busy = this.views.filter((view) => view.filling());
    if (!moved && !landed && this.dragging === null) busy.forEach((view) => view.fill(SLICE / busy.length)); // the hand comes first
    if (busy.length) this.wake();
  }
}

// ---- A picture of one's own: drawn or uploaded, encoded in every frame, and where it lands -----------------------------

class Sheet {
  open = false;
  values = ""; // the picture in base64, a byte a value; none while the sheet is blank
  x = null; // the same in the data's own range
  held = false; // the pen is down
  inked = false; // it moved since the last frame
  stale = false; // not encoded yet

  constructor(pad, element, button) {
    const find = (name) => element.querySelector(`[data-testid=${name}]`), [{ shape, data }] = pad.models;
    const what = ["mnist", "digits"].includes(data) ? "digit" : "picture";
    Object.assign(this, { pad, element, button, what, size: shape.reduce((a, b) => a * b, 1), given: find("drawn") });
    this.pencil = new Pencil(find("draw-pad"), {
      press: () => { clearTimeout(pad.timer); this.held = true; },
      moved: () => { this.inked = true; pad.wake(); }, // turned into pixels in the next frame
      release: () => { this.held = false; pad.send(); },
    });
    this.pencil.canvas.setAttribute("aria-label", `A sheet to draw a ${what} on by mouse, pen or finger; uploading one, below the map, is the keyboard's way`);
    this.pencil.canvas.latentStats = { frames: 0, ms: [] };
    element.querySelector(".lx-results").replaceChildren(...pad.views.map((view) => view.result));
    if (shape.length === 3) {
      [, this.given.height, this.given.width] = shape;
      this.pixels = new ImageData(this.given.width, this.given.height);
    }
    button.textContent = `Draw a ${what}`;
    button.onclick = () => this.turn(!this.open);
    find("close-sheet").onclick = () => this.turn(false);
    find("clear-sheet").onclick = () => { this.pencil.clear(); this.take(""); pad.wake(); pad.send(); };
    element.onkeydown = (event) => { if (event.key === "Escape") { event.preventDefault(); this.turn(false); } };
  }

  turn(open) {
    this.open = open;
    this.pad.refresh();
    this.pad.send();
    if (open) this.element.scrollIntoView({ block: "nearest" }); else this.button.focus();
  }

  start(wanted) {
    this.open = !!wanted && !!this.pad.data.draws;
    this.pencil.clear();
    this.take(wanted?.values);
  }

  // A picture that Python read: shown once, as soon as it is a new one.
  accept() {
    const { pad } = this, { uploaded } = pad.data;
    if (!uploaded || uploaded.revision === pad.uploadShown) return;
    pad.uploadShown = uploaded.revision;
    this.open = true;
    this.pencil.clear();
    this.take(uploaded.values);
    pad.send();
  }

  take(values) {
    const bytes = fromBase64(values ?? ""), fits = bytes?.length === this.size;
    this.values = fits ? values : "";
    this.x = fits ? toUnit(bytes, this.pad.models[0].range) : null;
    this.stale = true;
  }

  state() { return this.open ? { values: this.values } : null; }

  refresh() {
    const { pad, open, button, element, given } = this;
    button.hidden = !pad.data.draws;
    button.setAttribute("aria-expanded", open);
    element.hidden = !open;
    pad.root.querySelector(".lx-body").classList.toggle("lx-drawing", open);
    given.setAttribute("aria-label", `What goes into the network: ${this.values ? "your picture" : "nothing yet"}`);
    this.pencil.resize();
    this.stale = true;
  }

  // A frame: what was drawn becomes pixels, and every model says where they lie. Nothing when nothing was drawn.
  update() {
    const { pad, given, pencil, pixels } = this;
    if (!this.open || !(this.stale || this.inked)) return false;
    const started = performance.now(), bytes = this.inked ? pencil.bytes(pad.models[0].shape) : null;
    if (bytes) this.take(toBase64(bytes));
    this.inked = this.stale = false;
    given.values = this.x ?? new Float32Array(this.size);
    pad.views[0].toPixels(given.values, pixels);
    given.getContext("2d").putImageData(pixels, 0, 0);
    pad.views.forEach((view) => view.land(this.x));
    const { latentStats } = pencil.canvas;
    latentStats.frames += 1;
    latentStats.ms.push(performance.now() - started);
    if (latentStats.ms.length > 600) latentStats.ms.shift();
    return true;
  }
}

class View {
  constructor(pad, model, element, index) {
    Object.assign(this, { pad, model, element, index, z: [...model.centre], drawn: null });
    element.dataset.view = model.name;
    this.find("title").textContent = model.title;
    this.surface = this.find("surface");
    this.backdrop = this.find("backdrop");
    this.overlay = this.find("overlay");
    this.hint = this.find("hint");
    this.canvas = element.querySelector("[data-testid=decoded]");
    this.result = this.find("result");
    this.made = this.result.querySelector("canvas");
    this.surface.setAttribute("aria-label", `Map of the latent space of ${model.title}. Arrow keys move, with Shift faster; Home goes to the centre.`);
    this.surface.latentStats = { frames: 0, decodeMs: [] };
    this.signal = model.shape.length === 2;
    this.canvas.values = new Float32Array(model.shape.reduce((a, b) => a * b, 1));
    if (!this.signal) {
      const [, height, width] = model.shape;
      for (const canvas of [this.canvas, this.made]) Object.assign(canvas, { height, width });
      this.pixels = new ImageData(width, height);
      this.made.values = new Float32Array(this.canvas.values.length);
    }
    this.result.querySelector(".lx-whose").textContent = model.title;
    this.result.querySelector("button").onclick = () => { this.goToMark(); pad.send(); };
    this.setRange();
    this.listen();
  }

  find(name) { return this.element.querySelector(`.lx-${name}`); }

  // A fixed scale, else the curve would seem to stand still while its axis moves. Where the header gives none: what decoded
  // codes span; it only ever grows.
  setRange() {
    const { model } = this;
    this.range = model.range ? [...model.range] : [Infinity, -Infinity];
    if (model.range) return;
    for (let n = 0; n < 48; n++) {
      const from = Math.floor(n * model.count / 48) * model.k;
      this.grow(model.decode(model.count ? model.codes.subarray(from, from + model.k) : model.centre));
    }
    const margin = 0.06 * (this.range[1] - this.range[0]) || 1;
    this.range = [this.range[0] - margin, this.range[1] + margin];
  }

  grow(values) {
    if (this.model.range) return;
    let [low, high] = this.range;
    for (let i = 0; i < values.length; i++) { if (values[i] < low) low = values[i]; if (values[i] > high) high = values[i]; }
    this.range = [low, high];
  }

  listen() {
    const { surface, pad, model } = this;
    const point = (event) => {
      const { left, top, width, height } = surface.getBoundingClientRect();
      const [a, b] = pad.axes;
      const values = { [a]: at(model, a, (event.clientX - left) / width) };
      if (model.k > 1) values[b] = at(model, b, 1 - (event.clientY - top) / height);
      pad.move(this, values);
    };
    const centre = () => pad.move(this, Object.fromEntries(pad.axes.map((i) => [i, model.centre[i]])));
    const onMark = (event) => {
      const { left, top } = surface.getBoundingClientRect(), mark = this.mark();
      return !!mark && Math.hypot(event.clientX - left - mark.x, event.clientY - top - mark.y) < (event.pointerType === "touch" ? 22 : 14);
    };
    let last = { time: -1e9 }, pinned = false;
    surface.onpointerdown = (event) => {
      if (event.button !== 0 || pad.dragging !== null) return;
      clearTimeout(pad.timer);
      const again = event.timeStamp - last.time < 350 && Math.hypot(event.clientX - last.x, event.clientY - last.y) < 16;
      last = { time: again ? -1e9 : event.timeStamp, x: event.clientX, y: event.clientY };
      if (again) { centre(); pad.release(); return; } // double click or double tap
      surface.setPointerCapture(event.pointerId);
      surface.classList.add("lx-dragging");
      pad.dragging = event.pointerId;
      pinned = onMark(event);
      if (pinned) this.goToMark(); else point(event);
    };
    surface.onpointermove = (event) => {
      if (pad.dragging === null) surface.style.cursor = onMark(event) ? "pointer" : "";
      if (pad.dragging !== event.pointerId) return;
      if (pinned && Math.hypot(event.clientX - last.x, event.clientY - last.y) < 6) return; // a click on the mark, with an unsteady hand
      pinned = false;
      if (Math.hypot(event.clientX - last.x, event.clientY - last.y) >= 16) last.time = -1e9; // a drag is no half of a double click
      point(event);
    };
    const release = (event) => {
      if (pad.dragging !== event.pointerId) return;
      surface.classList.remove("lx-dragging");
      pad.release();
    };
    surface.onpointerup = surface.onpointercancel = surface.onlostpointercapture = release;
    surface.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const [right, up] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key] ?? [0, 0];
      if (!right && !up && event.key !== "Home") return;
      event.preventDefault();
      const steps = event.shiftKey ? 10 : 1, values = {};
      const nudge = (i, sign) => { if (sign) values[i] = this.z[i] + sign * steps * (model.high[i] - model.low[i]) / 200; };
      if (model.k > 1) { nudge(pad.axes[0], right); nudge(pad.axes[1], up); } else nudge(0, right || up);
      if (event.key === "Home") centre(); else pad.move(this, values);
      pad.send(KEY_PAUSE);
    };
  }

  moveTo(z) { this.z = z.map((value, i) => snap(this.model, i, value)); }

  // ---- a frame: decode, draw, read out. Nothing when z is where it was. ----

  // `landed`: the mark may have moved.
  update(landed = false) {
    if (!this.width) return false;
    if (this.drawn && this.z.every((value, i) => value === this.drawn[i])) { if (landed) this.drawOverlay(); return false; }
    const started = performance.now();
    const values = this.model.decode(this.z);
    if (this.signal) this.drawSignal(values); else this.drawImage(values);
    const { latentStats } = this.surface;
    latentStats.frames += 1;
    latentStats.decodeMs.push(performance.now() - started);
    if (latentStats.decodeMs.length > 600) latentStats.decodeMs.shift();

    this.canvas.values.set(values);
    this.drawn = [...this.z];
    this.near = this.model.count ? nearestCodes(this.model, this.z, this.model.off_data?.neighbours ?? 1) : null;
    this.drawOverlay();
    this.readOut();
    return true;
  }

  drawImage(values) {
    this.toPixels(values, this.pixels);
    this.canvas.getContext("2d").putImageData(this.pixels, 0, 0);
  }

  toPixels(values, { data }) {
    const [channels, height, width] = this.model.shape, area = height * width, [low, high] = this.range, scale = 255 / (high - low);
    for (let i = 0, p = 0; i < area; i++, p += 4) {
      for (let c = 0; c < 3; c++) data[p + c] = Math.round((values[i + (channels === 3 ? c * area : 0)] - low) * scale); // clamped by the array
      data[p + 3] = 255;
    }
  }

  drawSignal(values) {
    this.grow(values);
    const { canvas, pad: { theme }, model } = this, [channels, length] = model.shape;
    const ratio = devicePixelRatio, width = canvas.width / ratio, height = canvas.height / ratio, left = 34 * rem, bottom = height - 20 * rem;
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const lane = (bottom - 4) / channels, [low, high] = this.range;
    const x = (i) => left + i / (length - 1) * (width - left - 6);
    const y = (value, c) => 4 + lane * (c + 1) - 2 - (value - low) / (high - low) * (lane - 4);
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.lineWidth = 1;
    for (let c = 0; c < channels; c++) {
      pen.strokeStyle = pen.fillStyle = theme.text;
      for (const tick of ticks(low, high, lane > 120 ? 4 : 1)) {
        if (lane < 24 && tick !== 0) continue;
        const h = Math.round(y(tick, c)) + 0.5;
        pen.globalAlpha = 0.13;
        line(pen, left, h, width - 6, h);
        pen.globalAlpha = 0.72;
        pen.textAlign = "right";
        pen.textBaseline = "middle";
        if (lane >= 24) pen.fillText(minus(short(tick, true)), left - 6, h);
      }
      const name = model.channels?.[c]?.name;
      if (name && lane >= 24) { pen.textAlign = "left"; pen.textBaseline = "top"; pen.fillText(name, left + 4, 4 + lane * c + 2); }
    }
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
    pen.fillText("0", left, height - 5);
    pen.textAlign = "right";
    pen.fillText(`${length} samples`, width - 6, height - 5);
    pen.globalAlpha = 1;
    pen.strokeStyle = NETWORK;
    pen.lineWidth = channels > 3 ? 1.6 : 2.25;
    pen.lineJoin = "round";
    for (let c = 0; c < channels; c++) {
      pen.beginPath();
      for (let i = 0; i < length; i++) pen.lineTo(x(i), y(values[c * length + i], c));
      pen.stroke();
    }
  }

  readOut() {
    const { model, near, pad, surface } = this, { neighbours, threshold } = model.off_data ?? {};
    const axes = this.axes();
    surface.dataset.z = this.z.join(",");
    const text = axes.map((i) => `z${i + 1} ${shown(model, i, this.z[i])}`);
    const place = this.find("z");
    if (place.childElementCount !== axes.length) place.replaceChildren(...axes.map(() => make("span", {}, make("i", {}), make("b", {}))));
    axes.forEach((i, n) => {
      const [label, value] = place.children[n].children;
      label.textContent = `z${i + 1} `;
      value.textContent = shown(model, i, this.z[i]);
    });
    const far = near !== null && threshold != null && near.distances[Math.min(neighbours, near.distances.length) - 1] > threshold;
    if (near) {
      const [sample] = near.indexes, away = `${short(near.distances[0])} away`;
      const line = this.find("near");
      if (!line.childElementCount) line.append(make("i", {}), make("span", { class: "lx-dot" }), make("b", {}), make("span", {}));
      const [label, dot, name, distance] = line.children;
      dot.hidden = !model.classes;
      if (model.classes) dot.style.background = PALETTE[model.labels[sample] % 10];
      name.textContent = this.sampleName(sample);
      // Factors take more than a line: the distance goes in front, where it cannot be cut off.
      label.textContent = model.classes ? "nearest code: " : `nearest code, ${away}${name.textContent && ": "}`;
      distance.textContent = model.classes ? ` · ${away}` : "";
      const spoken = /^\d$/.test(name.textContent) ? `digit ${name.textContent}` : name.textContent;
      text.push(`nearest: ${spoken || "a sample"}, ${away}`);
      if (far) text.push("far from the data");
    }
    const status = this.find("status"), state = threshold == null || !near ? "" : far ? "far" : "inside";
    if (status.dataset.state !== state) {
      status.dataset.state = state;
      status.lastElementChild.textContent = { far: "Far from anything the network has seen: the picture is a guess.", inside: "Inside the data", "": "" }[state];
    }
    const [a] = axes;
    const attributes = { "aria-valuemin": model.low[a], "aria-valuemax": model.high[a], "aria-valuenow": this.z[a], "aria-valuetext": text.join(", ") };
    for (const [name, value] of Object.entries(attributes)) surface.setAttribute(name, value);
    this.spoken = text.join(", ");
    if (!this.described) this.describe();
  }

  // What real sample this is: its class, else the factors that made it.
  sampleName(n) {
    const { classes, labels, factors, factors_of } = this.model;
    if (classes) return classes[labels[n]];
    return factors.map(({ name, unit }, f) => `${name} ${minus(short(factors_of[n * factors.length + f]))}${unit ? ` ${unit}` : ""}`).join(", ");
  }

  // Only when the hand rests: a screen reader would read every frame.
  describe() {
    this.described = true;
    const { shape } = this.model;
    const what = this.signal ? `Decoded signal, ${shape[0] > 1 ? `${shape[0]} channels of ` : ""}${shape[1]} samples` : `Decoded image, ${shape[2]} by ${shape[1]} pixels`;
    this.canvas.setAttribute("aria-label", `${what}, at ${this.spoken ?? "the centre"}`);
    this.made.setAttribute("aria-label", `What the network makes of your picture: ${this.saidOfIt ?? "nothing yet"}`);
  }

  axes() { return this.model.k > 1 ? this.pad.axes.map((i) => Math.min(i, this.model.k - 1)) : [0]; }

  // ---- where a picture of one's own lands: encoded, decoded again, and how unusual its error is ----

  land(x) {
    const { model, made, result, pad } = this, encoder = x && latentModels.get(`${model.name}:encoder`);
    this.landed = null;
    if (encoder?.encode && encoder.k === model.k) {
      const posterior = encoder.posterior?.(x), mu = Array.from(posterior?.mu ?? encoder.encode(x));
      const sigma = posterior ? Array.from(posterior.logvar, (value) => Math.exp(value / 2)) : null, [low, high] = model.range ?? [-Infinity, Infinity];
      made.values.set(model.decode(mu));
      for (let i = 0; i < x.length; i++) made.values[i] = Math.min(high, Math.max(low, made.values[i])); // nothing outside can be shown, so it is not measured
      this.landed = { mu, sigma, error: squaredError(made.values, x) };
    } else made.values.fill(0);
    this.toPixels(made.values, this.pixels);
    made.getContext("2d").putImageData(this.pixels, 0, 0);

    const { mu, sigma, error } = this.landed ?? {}, [told, verdict] = mu ? this.verdict(error) : ["", ""];
    const lines = result.querySelectorAll(".lx-error, .lx-lands");
    if (mu) lines[0].replaceChildren(make("b", {}, `squared error ${short(error)}`), told, make("b", {}, verdict));
    else lines[0].textContent = x ? "Loading the encoder…" : "Draw: with every stroke the encoder says where on the map it belongs.";
    const outside = mu?.some((value, i) => value < model.low[i] || value > model.high[i]);
    lines[1].textContent = mu ? `lands at ${this.axes().map((i) => `z${i + 1} ${shown(model, i, mu[i])}${sigma ? ` ± ${sigma[i].toPrecision(1)}` : ""}`).join(", ")}${outside ? ", outside this map" : ""}` : "";
    result.querySelector("button").hidden = !mu;
    this.saidOfIt = mu ? `squared error ${short(error)}${told}${verdict}` : "nothing yet";
    const mark = this.mark();
    Object.assign(result.dataset, { mu: mu ?? "", sigma: sigma ?? "", mark: mark ? [mark.x, mark.y, mark.rx, mark.ry] : "" });
    if (!pad.sheet.held) this.describe();
  }

  // The error against what held-out samples have, in words.
  verdict(error) {
    const { quantiles, mean } = this.pad.data.usual?.[this.model.name] ?? {}, many = `${this.pad.sheet.what}s`;
    if (quantiles) {
      const below = quantiles.filter((each) => each <= error).length - 1; // percent
      if (below >= 100 * UNKNOWN) return [`, more than ${below === 100 ? "any" : `${below} % of`} held-out ${below === 100 ? this.pad.sheet.what : many} ${below === 100 ? "has" : "have"}: `, "the model does not know this."];
      if (below >= 50) return [`, more than ${below} % of held-out ${many} have: `, "still usual for it."];
      return [below < 0 ? `, less than any held-out ${this.pad.sheet.what} has: ` : `, less than ${99 - below} % of held-out ${many} have: `, "the model knows this."];
    }
    if (!mean) return [".", ""];
    return [`; held-out ${many} had ${short(mean)} on average after its training (they are not on this machine): `, error > 2 * mean ? "the model hardly knows this." : "not unusual."];
  }

  // Where the mark is on the map and how wide the posterior's σ, in CSS pixels; a mark outside stays at the edge.
  mark() {
    if (!this.landed || !this.pad.sheet.open || !this.width) return null;
    const { landed: { mu, sigma }, model, width, height } = this, [a, b] = this.axes();
    const wide = (i, length) => sigma && i !== undefined ? sigma[i] / (model.high[i] - model.low[i]) * length : 0;
    return {
      x: Math.min(width, Math.max(0, this.x(mu[a]))), y: Math.min(height, Math.max(0, this.y(mu[b]))),
      rx: wide(a, width), ry: wide(b, height),
    };
  }

  goToMark() { this.pad.move(this, { ...this.landed.mu }); }

  // A diamond that is open in the middle, so that the ellipse in it is seen however small it is.
  drawMark(pen) {
    const mark = this.mark(), { theme } = this.pad;
    if (!mark) return;
    const { x, y, rx, ry } = mark, reach = 13;
    if (rx) {
      pen.beginPath();
      pen.ellipse(x, y, Math.max(1, rx), Math.max(1, ry || 6), 0, 0, 2 * Math.PI);
      pen.fillStyle = pen.strokeStyle = ORIGINAL;
      pen.globalAlpha = 0.4;
      pen.fill();
      pen.globalAlpha = 1;
      pen.lineWidth = 1.25;
      pen.stroke();
    }
    pen.lineJoin = "miter";
    for (const [colour, width] of [[theme.background, 6], [ORIGINAL, 3]]) {
      pen.beginPath();
      for (const [dx, dy] of [[0, -reach], [reach, 0], [0, reach], [-reach, 0]]) pen.lineTo(x + dx, y + dy);
      pen.closePath();
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
  }

  // ---- where things are on the map, in CSS pixels ----

  x(value) { const [a] = this.axes(); return fraction(this.model, a, value) * this.width; }
  y(value) { const [, b] = this.axes(); return b === undefined ? this.height / 2 : (1 - fraction(this.model, b, value)) * this.height; }

  codeAt(n) {
    const { model: { codes, k, labels, classes } } = this, [a, b] = this.axes();
    if (b !== undefined) return [this.x(codes[n * k + a]), this.y(codes[n * k + b])];
    // One number: the classes get a row each, and within it the samples are strewn so that they can be told apart.
    const strewn = (Math.imul(n + 1, 2654435761) >>> 8) / 2 ** 24;
    const row = classes ? (labels[n] + 0.15 + 0.7 * strewn) / classes.length : 0.2 + 0.6 * strewn;
    return [this.x(codes[n]), 8 + row * (this.height - 32)];
  }

  resize() {
    const { clientWidth, clientHeight } = this.surface;
    if (!clientWidth) return false; // in a hidden tab
    this.width = clientWidth;
    this.height = clientHeight;
    const backdrop = fit(this.backdrop, this.surface);
    if (backdrop) this.drawBackdrop();
    const overlay = fit(this.overlay, this.surface), plot = this.signal && fit(this.canvas, this.canvas);
    if (overlay || plot) { this.drawn = null; this.update(); } // now: the canvas is empty until it is drawn
    return backdrop;
  }

  // The same data again, or only another view's fields: nothing is drawn.
  refresh() {
    const { pad: { theme, backdrop, colour, hidden, axes } } = this;
    const look = JSON.stringify([theme, backdrop, colour, [...hidden], axes, backdrop in HEAT && this.field(backdrop)]);
    const redrawn = this.resize();
    if (look === this.look) return;
    this.look = look;
    if (!redrawn) this.drawBackdrop();
    this.drawn = null; // the handle, the curve and the readouts follow the theme and the axes too
  }

  // ---- the map's backdrop ----

  field(name) {
    const field = this.pad.data.fields?.[this.model.name]?.[name];
    return field && (!field.axes || String(field.axes) === String(this.axes())) ? field : null;
  }

  drawBackdrop() {
    if (!this.width) return;
    const { pad: { backdrop, theme }, backdrop: canvas } = this;
    const pen = canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, this.width, this.height);
    this.startMosaic();
    const caption = this.find("caption"), field = backdrop in HEAT ? this.field(backdrop) : null;
    caption.replaceChildren();
    if (field) {
      const colour = HEAT[backdrop][theme.mode], unit = field.unit ? ` ${field.unit}` : "";
      pen.imageSmoothingEnabled = true;
      pen.imageSmoothingQuality = "high";
      pen.drawImage(this.heatMap(backdrop, field, colour), 0, 0, this.width, this.height);
      const bar = make("span", { class: "lx-scale", style: `background: linear-gradient(90deg, color-mix(in srgb, ${colour} 4%, transparent), ${colour} 85%)` });
      caption.append(minus(short(field.low)), bar, `${minus(short(field.high))}${unit}`, make("span", { title: field.text ?? "" }, field.text ?? BACKDROPS[backdrop][1]));
    } else if (backdrop in HEAT && this.model.k > 1) {
      caption.append(make("span", {}, "Computing this slice of the map…"));
    } else if (backdrop === "manifold") {
      this.drawMosaic(pen);
      caption.append(make("span", {}, "What the network draws at each place"));
    } else {
      const count = this.model.count.toLocaleString("en"), where = "real samples, each where the encoder puts it";
      caption.append(make("span", {}, `${count} ${where}`));
    }
    if (backdrop !== "manifold") this.drawPoints(pen, field ? 0.3 : 1);
    this.drawAxes(pen);
  }

  heatMap(name, field, colour) {
    const key = [name, field.values, colour].join();
    if (this.heat?.key !== key) {
      const [width, height] = field.size, values = atob(field.values), pixels = new ImageData(width, height), [r, g, b] = rgb(colour);
      for (let i = 0; i < width * height; i++) pixels.data.set([r, g, b, Math.round(8 + 0.8 * values.charCodeAt(i))], i * 4);
      const canvas = make("canvas", { width, height });
      canvas.getContext("2d").putImageData(pixels, 0, 0);
      this.heat = { key, canvas };
    }
    return this.heat.canvas;
  }

  // Where the colour scale of the chosen factor ends: 1 % at each end is left out, so that one outlier does not take it all.
  factorRange() {
    const { factors, factors_of, count } = this.model, f = factors.findIndex((factor) => factor.name === this.pad.colour);
    const sorted = Float32Array.from({ length: count }, (_, n) => factors_of[n * factors.length + f]).sort();
    return { f, low: sorted[Math.floor(count * 0.01)], high: sorted[Math.ceil(count * 0.99) - 1], unit: factors[f].unit ?? "" };
  }

  drawPoints(pen, strength) {
    const { pad: { colour, hidden, theme }, model: { labels, classes, factors, factors_of, count } } = this;
    const byClass = colour === "class" && classes, byFactor = !byClass && factors.some((factor) => factor.name === colour);
    const radius = dotRadius(count, this.width);
    const colours = byClass ? classes.map((_, c) => PALETTE[c % 10]) : byFactor ? cividis(theme) : [NEUTRAL];
    const { f, low, high } = byFactor ? this.factorRange() : {};
    const dots = colours.map((each) => dot(each, radius));
    const side = dots[0].width / devicePixelRatio;
    pen.globalAlpha = strength * (byFactor ? 0.85 : 0.62);
    for (let n = 0; n < count; n++) {
      if (byClass && hidden.has(labels[n])) continue;
      const part = byFactor ? Math.round((factors_of[n * factors.length + f] - low) / (high - low || 1) * (dots.length - 1)) : 0;
      const [x, y] = this.codeAt(n);
      pen.drawImage(dots[byClass ? labels[n] : Math.min(dots.length - 1, Math.max(0, part))], x - side / 2, y - side / 2, side, side);
    }
    pen.globalAlpha = 1;
    if (byClass) this.drawNames(pen);
  }

  // Each class's name at the median of its codes, moved apart where two would overlap.
  drawNames(pen) {
    const { model: { classes, labels, count }, pad: { hidden, theme }, width, height } = this;
    const places = classes.map(() => [[], []]);
    for (let n = 0; n < count; n++) { const [x, y] = this.codeAt(n), [xs, ys] = places[labels[n]]; xs.push(x); ys.push(y); }
    const names = classes.flatMap((name, c) => places[c][0].length && !hidden.has(c) ? [named(pen, theme, name, median(places[c][0]), median(places[c][1]), width)] : []);
    setApart(names, width, height);
    writeNames(pen, theme, names);
  }

  drawAxes(pen) {
    const { pad: { backdrop }, width, height, model } = this, [a, b] = this.axes();
    const onImages = backdrop === "manifold" && !this.signal; // white on black in both themes, as the pictures are
    const theme = { ...this.pad.theme, ...(onImages && { text: "#ffffff", background: "#000000" }) };
    const unit = model.gaussian && width >= 260 ? " (prior σ)" : "";
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.lineWidth = 1;
    pen.strokeStyle = theme.text;
    const strong = backdrop === "manifold" ? 1 : 0.78;
    const label = (text, x, y, align, baseline) => { pen.textAlign = align; pen.textBaseline = baseline; pen.globalAlpha = strong; write(pen, theme, text, x, y, 3); pen.globalAlpha = 1; };
    const mark = (...at) => { pen.globalAlpha = 0.45; pen.strokeStyle = theme.text; pen.lineWidth = 1; line(pen, ...at); };
    const name = `z${a + 1}${unit}`, room = width - pen.measureText(name).width - 22;
    for (const tick of ticks(model.low[a], model.high[a], width < 260 ? 2 : 5)) {
      const x = fraction(model, a, tick) * width;
      if (x < 22 || x > room) continue;
      mark(x, height, x, height - 4);
      label(minus(short(tick, true)), x, height - 7, "center", "bottom");
    }
    label(name, width - 8, height - 7, "right", "bottom");
    if (b === undefined) return;
    for (const tick of ticks(model.low[b], model.high[b], width < 260 ? 2 : 5)) {
      const y = (1 - fraction(model, b, tick)) * height;
      if (y < 32 || y > height - 26) continue;
      mark(0, y, 4, y);
      label(minus(short(tick, true)), 7, y, "left", "middle");
    }
    label(`z${b + 1}${unit}`, 8, 7, "left", "top");
  }

  // ---- "Decoded": the map as a mosaic, filled from the middle a few milliseconds a frame ----

  startMosaic() {
    if (this.pad.backdrop !== "manifold") return;
    const { model, width } = this, axes = this.axes();
    const across = this.signal ? (width < 260 ? 6 : 10) : width < 260 ? 11 : width < 420 ? 15 : 19;
    const down = model.k > 1 ? across : 1;
    const rest = this.z.map((value, i) => axes.includes(i) ? 0 : value);
    const key = [across, axes, rest].join(";");
    if (this.mosaic?.key === key) return;
    const old = this.mosaic?.across === across ? this.mosaic : null; // paint the new tiles over the old ones: no flicker
    const tiles = Array.from({ length: across * down }, (_, n) => n);
    const off = (n) => Math.hypot(n % across - (across - 1) / 2, Math.floor(n / across) - (down - 1) / 2);
    tiles.sort((a, b) => off(a) - off(b));
    this.mosaic = { key, across, down, rest, axes, tiles, next: 0, values: old?.values ?? [], canvas: old?.canvas ?? null };
    if (!this.signal && !old) this.mosaic.canvas = make("canvas", { width: across * model.shape[2], height: down * model.shape[1] });
    this.pad.wake();
  }

  filling() { return this.pad.backdrop === "manifold" && this.mosaic && this.mosaic.next < this.mosaic.tiles.length; }

  fill(budget) {
    const { mosaic, model } = this, { across, down, axes: [a, b], rest, tiles } = mosaic, [, height, width] = model.shape;
    const started = performance.now(), z = [...rest];
    const pen = mosaic.canvas?.getContext("2d"), pixels = pen && new ImageData(width, height);
    while (mosaic.next < tiles.length && performance.now() - started < budget) {
      const tile = tiles[mosaic.next++], column = tile % across, row = Math.floor(tile / across);
      z[a] = at(model, a, (column + 0.5) / across);
      if (b !== undefined) z[b] = at(model, b, 1 - (row + 0.5) / down);
      const values = model.decode(z);
      if (this.signal) { mosaic.values[tile] = Float32Array.from(values); continue; }
      this.toPixels(values, pixels);
      pen.putImageData(pixels, column * width, row * height);
    }
    this.drawBackdrop();
  }

  drawMosaic(pen) {
    const { mosaic, width, height, model } = this, { across, down } = mosaic;
    if (mosaic.canvas) {
      pen.imageSmoothingEnabled = true;
      pen.imageSmoothingQuality = "high";
      const tall = width / across * down * model.shape[1] / model.shape[2]; // square tiles also where there is one row only
      pen.drawImage(mosaic.canvas, 0, down > 1 ? 0 : (height - tall) / 2, width, down > 1 ? height : tall);
      return;
    }
    const [channels, length] = model.shape, [low, high] = this.range, w = width / across, h = height / down;
    pen.strokeStyle = NETWORK;
    pen.lineWidth = channels > 1 ? 0.8 : 1.2;
    mosaic.values.forEach((values, tile) => {
      const left = tile % across * w + 4, top = Math.floor(tile / across) * h + 4;
      for (let c = 0; c < channels; c++) {
        pen.beginPath();
        for (let i = 0; i < length; i++) pen.lineTo(left + i / (length - 1) * (w - 8), top + (c + 1 - Math.min(1, Math.max(0, (values[c * length + i] - low) / (high - low)))) * (h - 8) / channels);
        pen.stroke();
      }
    });
  }

  // ---- the handle and the thread to the nearest code ----

  drawOverlay() {
    const { pad, overlay, width, height, near, hint } = this, { theme } = pad, [a, b] = this.axes();
    const pen = overlay.getContext("2d"), x = this.x(this.z[a]), y = this.y(this.z[b]);
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (b === undefined) { pen.strokeStyle = theme.primary; pen.lineWidth = 1.5; line(pen, x, 0, x, height); }
    if (near) {
      const [cx, cy] = this.codeAt(near.indexes[0]);
      for (const [colour, extra] of [[theme.background, 2.5], [theme.text, 0]]) { // a halo, then the line: reads on any backdrop
        pen.strokeStyle = colour;
        pen.lineWidth = 1.25 + extra;
        line(pen, x, y, cx, cy);
        ring(pen, cx, cy, 4);
        pen.stroke();
      }
    }
    this.drawMark(pen);
    for (const [colour, radius] of [["rgb(0 0 0 / .65)", 11], ["#ffffff", 10], [theme.primary, 7.5]]) {
      pen.fillStyle = colour;
      ring(pen, x, y, radius);
      pen.fill();
    }
    hint.hidden = pad.touched || pad.sheet.open || this.index > 0;
    if (!hint.hidden) {
      const left = x > width * 0.6;
      hint.style.setProperty("--lx-nudge", left ? "-4px" : "4px");
      hint.style.transform = `translate(${left ? `calc(${x - 18}px - 100%)` : `${x + 18}px`}, ${Math.min(height - 26, Math.max(2, y - 12))}px)`;
    }
  }
}

// ---- Helpers ----------------------------------------------------------------------------------------------------------

// Places on an axis: a fraction of its extent <-> a value.
function fraction({ low, high }, i, value) { return (value - low[i]) / (high[i] - low[i] || 1); }
function at({ low, high }, i, part) { return low[i] + part * (high[i] - low[i]); }

// A step of about a ten-thousandth of the extent: far below a pixel, and the short decimal text is then the value itself,
// so that a link, the page and Python mean the same point.
function stepExponent({ low, high }, i) { return Math.floor(Math.log10((high[i] - low[i] || 1) / 10000)); }
function snap(model, i, value) {
  const exponent = stepExponent(model, i), step = 10 ** exponent;
  const steps = Math.min(Math.floor(model.high[i] / step + 1e-6), Math.max(Math.ceil(model.low[i] / step - 1e-6), Math.round(value / step)));
  return Number((steps * step).toFixed(Math.max(0, -exponent))) || 0; // || 0: no minus zero
}

// Read out: as many decimals as tell two arrow-key steps apart.
function shown({ low, high }, i, value) { return minus(value.toFixed(Math.min(20, Math.max(0, Math.ceil(-Math.log10((high[i] - low[i] || 1) / 200)))))); }
function short(value, trim = false) {
  const size = Math.abs(value), text = value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2);
  return trim ? String(Number(text)) : text;
}
