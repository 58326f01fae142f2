// Bottleneck slider: what is left of a picture or a signal when only k numbers of it are kept, by PCA and by a network.
// Everything is computed here while k moves. (evaluator.js stands in front of this text.) Top to bottom: the mount,
// Bottleneck (choices, input, frames, what is sent to Python), Projection (PCA), Curve (error against k), signals, helpers.
//
// The figure owns what the person moves. `data` sets it when `model` or `revision` changes and never afterwards. Python hears of
// it on release: setStateValue("view", {k, bits, residual, spectrum, input}), with input one of
//   {source: "sample", index}   {source: "drawn", values}   {source: "uploaded", name, values}   (values: base64, a byte a pixel)
//   {source: "signal", seed, complexity, noise, phase, frequency}

export default (component) => mount(component, ".lx-bn", () => new Bottleneck());

const DASHES = [5, 6];
const EXACT = 32; // bits of a number that is not rounded

class Bottleneck extends Live {
  preview = null; // k under the pointer that only hovers over the curve

  arrived(name) { if (name.split(":")[0] === this.data.model) this.open(); }

  receive(root, data, setStateValue) {
    const { fresh, moved } = this.heed(root, data, setStateValue, data.model);
    if (fresh || moved) this.open(true);
    else if (this.model) { this.accept(); this.refresh(); }
  }

  // Until the model is there the old picture stays. A model of this name without PCA is another page's: ours is on its way.
  async open(restart = false) {
    const { order, data: { model: name } } = this;
    this.restart ||= restart;
    const model = await modelReady(name);
    const encoder = model.encode ? model : await modelReady(`${name}:encoder`);
    if (this.closed || order !== this.order || !model.pca || !encoder.encode || encoder.k !== model.k) return;
    const same = this.builtIn === this.root && model === this.model && encoder === this.encoder;
    if (same && !this.restart) return;
    const wanted = this.restart ? this.data : this.state(); // a new model under an old name: stay where the hand is
    this.restart = false;
    if (!same) this.build(model, encoder);
    this.start(wanted);
    this.sent = JSON.stringify(this.state());
    this.accept();
    this.refresh();
  }

  // What is asked for, made to fit the model.
  start({ k, bits, residual, spectrum, input }) {
    this.k = Math.min(this.model.k, Math.max(1, Math.round(k) || 8));
    this.bits = bits >= 1 && bits <= 8 ? Math.round(bits) : EXACT;
    this.residual = !!residual && this.kind === "image";
    this.spectrum = !!spectrum && this.kind === "signal";
    this.preview = null;
    this.pencil?.clear();
    const usual = this.kind === "signal" ? { source: "signal" } : { source: "sample", index: 0 };
    if (this.take(input) || this.take(usual)) return;
    this.input = null; // nothing to show yet but the average
    this.setX(this.model.pca.mean);
  }

  // A picture that Python read: shown once, as soon as it is a new one.
  accept() {
    const { uploaded } = this.data;
    if (!uploaded || uploaded.revision === this.uploadShown) return;
    this.uploadShown = uploaded.revision;
    if (this.take({ source: "uploaded", name: uploaded.name ?? "", values: uploaded.values })) this.send();
  }

  // ---- what goes in ----

  // Shows an input if it can be meant; says whether.
  take(input) {
    const { kind, size, data } = this;
    if (kind === "signal") {
      if (input?.source !== "signal") return false;
      this.input = Object.fromEntries([["source", "signal"], ["seed", Math.abs(Math.trunc(input.seed)) || 0], ...Object.entries(this.knobs()).map(([name, { low, high, step, usual }]) => {
        const value = Number.isFinite(input[name]) ? input[name] : usual;
        return [name, Number(Math.min(high, Math.max(low, Math.round(value / step) * step)).toFixed(6))];
      })]);
      this.setX(waveform(this.input, data.signal, size));
      this.clean = this.input.noise > 0 ? waveform({ ...this.input, noise: 0 }, data.signal, size) : null;
      return true;
    }
    if (input?.source === "sample") {
      const { index } = input;
      if (!Number.isInteger(index) || index < 0 || index >= this.count()) return false;
      this.input = { source: "sample", index };
      this.pencil?.clear();
      this.setX(toUnit(this.pool().subarray(index * size, (index + 1) * size), this.range));
      return true;
    }
    if (input?.source !== "drawn" && input?.source !== "uploaded") return false;
    const bytes = fromBase64(input.values);
    if (bytes?.length !== size) return false;
    this.input = { source: input.source, ...(input.source === "uploaded" && { name: String(input.name ?? "") }), values: input.values };
    if (input.source === "uploaded") this.pencil?.clear();
    this.setX(toUnit(bytes, this.range));
    return true;
  }

  setX(x) { this.x = x; this.stale = true; }

  count() { return this.data.samples?.count ?? 0; }
  pool() {
    const { values } = this.data.samples;
    if (this.poolOf !== values) { this.poolOf = values; this.bytes = fromBase64(values); }
    return this.bytes;
  }

  // The next sample, of class `name` or of any.
  next(name) {
    const { labels } = this.data.samples, n = this.count(), from = this.input?.source === "sample" ? this.input.index : this.lastIndex ?? -1;
    for (let step = 1; step <= n; step++) {
      const index = (from + step + n) % n;
      if (name != null && labels[index] !== name) continue;
      this.lastIndex = index;
      this.choose(() => this.take({ source: "sample", index }));
      return;
    }
  }

  label() { return this.input?.source === "sample" ? this.data.samples.labels?.[this.input.index] ?? null : null; }

  // Sliders of a signal: name -> what it is called and where it may go.
  knobs() {
    const { complexity, noise, frequency, trained } = this.data.signal, [low, high] = frequency;
    return {
      complexity: { title: "sinusoids added", low: complexity[0], high: complexity[1], step: 1, usual: trained?.complexity ?? Math.min(3, complexity[1]), show: String },
      frequency: { title: "base frequency", low, high, step: tidy((high - low) / 60), usual: low, show: (v) => v.toFixed(2), unit: " cycles a window" },
      phase: { title: "phase", low: 0, high: 1, step: 0.01, usual: 0, show: (v) => v.toFixed(2), unit: " turns" },
      noise: { title: "noise", low: noise[0], high: noise[1], step: tidy((noise[1] - noise[0]) / 100), usual: trained?.noise ?? noise[0], show: (v) => v.toFixed(2) },
    };
  }

  // ---- the parts of the figure ----

  build(model, encoder) {
    const kind = model.shape.length === 2 ? "signal" : "image";
    const body = this.root.querySelector(".lx-body");
    body.replaceChildren(this.root.querySelector("template").content.cloneNode(true));
    for (const part of body.querySelectorAll("[data-for]")) if (part.dataset.for !== kind) part.remove();
    body.className = `lx-body lx-${kind}`;
    this.root.querySelector(".lx-wait").hidden = true;
    body.hidden = false;

    const size = model.shape.reduce((a, b) => a * b, 1), find = (id) => body.querySelector(`[data-testid=${id}]`);
    Object.assign(this, { model, encoder, kind, size, body, builtIn: this.root, range: model.range ?? null, held: null });
    this.projection = new Projection(model.pca, size);
    this.codes = new Float32Array(model.k); // of x, rounded
    this.kept = new Float32Array(model.k); // the first k of them
    this.results = { original: new Float32Array(size), pca: new Float32Array(size), network: new Float32Array(size) };
    this.limits = null;
    this.canvas = { network: find("decoded"), pca: find("pca"), original: find("original"), spectrum: find("spectrum") };
    for (const name of ["network", "pca", "original"]) if (this.canvas[name]) this.canvas[name].values = new Float32Array(size);

    this.slider = find("bottleneck-slider");
    this.slider.max = model.k;
    this.slider.latentStats = { frames: 0, ms: [] };
    this.slide(this.slider, (k) => this.move(k));
    this.curve = new Curve(find("curve"), model.k, {
      hover: (k) => { this.preview = k; this.wake(); },
      press: (k) => { this.hold(this.curve); this.move(k); },
      release: () => this.release(this.curve),
    });
    const bits = find("bits");
    this.slide(bits, (value) => { this.bits = value > 8 ? EXACT : value; this.stale = true; this.wake(); });

    if (kind === "image") this.buildImage(find); else this.buildSignal(find);
    this.observer.disconnect();
    for (const element of [this.curve.surface, this.pencil?.canvas, ...body.querySelectorAll(".lx-plot")]) if (element) this.observer.observe(element);
  }

  buildImage(find) {
    const { model, canvas, body } = this, [, height, width] = model.shape;
    for (const name of ["original", "pca", "network"]) Object.assign(canvas[name], { height, width });
    this.pixels = new ImageData(width, height);
    find("residual").onchange = ({ target }) => this.choose(() => { this.residual = target.checked; });
    find("next").onclick = () => this.next(this.lastClass);
    this.pencil = new Pencil(find("draw-pad"), {
      press: () => this.hold(this.pencil),
      moved: () => { this.drawn = true; this.wake(); }, // turned into pixels in the next frame
      release: () => this.release(this.pencil),
    });
    find("clear").onclick = () => { this.pencil.clear(); this.drawn = false; this.refresh(); };
    const open = find("open-pad"), pad = body.querySelector(".lx-draw");
    open.onclick = () => {
      const shown = pad.classList.toggle("lx-shown");
      open.setAttribute("aria-expanded", shown);
      open.textContent = shown ? "close" : "draw";
    };
    if (!this.count()) open.click(); // nothing else to choose from
  }

  buildSignal(find) {
    const list = this.body.querySelector(".lx-knobs");
    this.sliders = Object.fromEntries(Object.entries(this.knobs()).map(([name, { title, low, high, step, unit }]) => {
      const input = make("input", { type: "range", min: low, max: high, step, "data-testid": name });
      list.insertBefore(make("label", { class: "lx-knob" }, make("span", {}, title, make("i", {}, unit ? `,${unit}` : "")), " ", make("b", {}), input), list.lastElementChild);
      this.slide(input, (value) => { this.take({ ...this.input, [name]: value }); this.wake(); });
      return [name, input];
    }));
    find("new-signal").onclick = () => this.choose(() => this.take({ ...this.input, seed: (this.input.seed + 1) % 2 ** 31 }));
    find("spectrum-toggle").onchange = ({ target }) => this.choose(() => { this.spectrum = target.checked; });
  }

  // A range input: `moved` hears of every step, Python of the last one.
  slide(input, moved) {
    input.onpointerdown = () => this.hold(input);
    input.oninput = () => { moved(Number(input.value)); if (this.held !== input) this.send(KEY_PAUSE); };
    input.onpointerup = input.onpointercancel = input.onlostpointercapture = input.onchange = () => this.release(input);
  }

  hold(thing) { clearTimeout(this.timer); this.held = thing; }
  release(thing) {
    if (this.held !== thing) return;
    this.held = null;
    this.send();
  }

  move(k) {
    this.preview = null;
    this.k = Math.min(this.model.k, Math.max(1, k));
    this.wake();
  }

  // A choice of the person's: show it, then tell Python.
  choose(change) {
    change();
    this.refresh();
    this.send();
  }

  state() {
    const { k, bits, residual, spectrum, input } = this;
    return { k, bits, residual, spectrum, input };
  }

  send(wait = 0) {
    clearTimeout(this.timer);
    if (wait) { this.timer = setTimeout(() => this.send(), wait); return; }
    if (this.held || this.closed) return; // the release will send it
    if (this.request) this.frame(); // what was drawn last belongs to it
    this.describe();
    const text = JSON.stringify(this.state());
    if (text === this.sent) return;
    this.sent = text;
    this.setStateValue("view", JSON.parse(text));
  }

  // Everything that no frame of a drag changes: choices, theme, the curve.
  refresh() {
    const { body, kind, data, theme, curve } = this;
    body.style.setProperty("--lx-on-primary", theme.onPrimary);
    this.slider.value = this.k;
    body.querySelector("[data-testid=bits]").value = this.bits === EXACT ? 9 : this.bits;
    if (kind === "image") this.refreshImage();
    else {
      const signal = body.querySelector("[data-testid=spectrum-toggle]");
      signal.checked = this.spectrum;
      body.classList.toggle("lx-beside", this.spectrum);
      this.canvas.spectrum.hidden = !this.spectrum;
    }
    curve.set(data.curve, theme);
    this.resize();
    this.wake();
    this.described = false;
  }

  refreshImage() {
    const { body, data, theme, pencil, residual } = this, { samples } = data;
    const chips = body.querySelector(".lx-classes"), classes = samples?.labels ? samples.classes ?? [] : [];
    const signature = classes.join("\n");
    if (chips.dataset.classes !== signature) {
      chips.dataset.classes = signature;
      chips.parentElement.classList.toggle("lx-six", classes.length > 0 && classes.every((name) => name.length < 3));
      chips.replaceChildren(...classes.map((name) => {
        const button = make("button", { type: "button", "aria-label": `A sample of class ${name}` }, name);
        button.onclick = () => this.next(name);
        return button;
      }));
    }
    const label = this.label();
    if (label !== null) this.lastClass = label;
    classes.forEach((name, n) => chips.children[n].setAttribute("aria-pressed", name === label));
    body.querySelector(".lx-next").hidden = !this.count();
    body.querySelector("[data-testid=residual]").checked = residual;
    const scale = body.querySelector(".lx-scale");
    scale.hidden = !residual;
    scale.querySelector("i").style.background = `linear-gradient(90deg, ${Array.from({ length: 17 }, (_, n) => `rgb(${difference(n / 8 - 1, theme)})`).join()})`;
    const digit = ["mnist", "digits"].includes(this.model.data);
    pencil.show(theme);
    pencil.canvas.setAttribute("aria-label", `A sheet to draw ${digit ? "a digit" : "a picture"} on by mouse, pen or finger; the class buttons are the keyboard's way`);
    body.querySelector(".lx-note").textContent = !pencil.blank() ? "" : this.input?.source === "drawn" ? "The pictures keep your last drawing." : digit ? "Your digit is centred and scaled as the training digits were." : "What you draw is centred and scaled.";
  }

  // ---- frames: events only move numbers; drawing waits for the screen's next frame ----

  wake() { this.request ||= requestAnimationFrame(() => this.frame()); }

  frame() {
    cancelAnimationFrame(this.request);
    this.request = 0;
    const started = performance.now();
    if (this.drawn) this.readPad();
    const k = this.preview ?? this.k;
    this.compute(k);
    if (this.kind === "image") this.drawImages(); else this.drawSignals();
    this.curve.mark(k);
    this.readOut(k);
    const { latentStats } = this.slider;
    latentStats.frames += 1;
    latentStats.ms.push(performance.now() - started);
    if (latentStats.ms.length > 600) latentStats.ms.shift();
    if (!this.described && !this.held) this.describe();
  }

  readPad() {
    this.drawn = false;
    const bytes = this.pencil.bytes(this.model.shape);
    if (!bytes) return;
    const before = this.input?.source;
    this.take({ source: "drawn", values: toBase64(bytes) });
    if (before !== "drawn") this.refreshImage();
  }

  // x -> its codes (once for an x), cut after k numbers, back again by both.
  compute(k) {
    const { model, encoder, projection, results, codes, kept, x, bits } = this;
    if (this.stale) {
      this.stale = false;
      codes.set(encoder.encode(x));
      const { mean, std } = codeSpread(model);
      roundCodes(codes, mean, std, bits);
      projection.start(x, bits);
    }
    kept.set(codes);
    kept.fill(0, k);
    this.keep(results.original, x);
    this.keep(results.network, model.decode(kept));
    this.keep(results.pca, projection.at(k));
    this.error = { network: squaredError(results.network, results.original), pca: squaredError(results.pca, results.original) };
    this.passed = this.kind === "signal" && this.clean ? this.noisePassed(k) : null;
  }

  // Which share of the noise's energy comes out again: both rebuild the signal with its noise and without, and differ by it.
  noisePassed(k) {
    const { model, encoder, projection, results, kept, x, clean } = this, noise = x.map((value, i) => value - clean[i]), zero = new Float32Array(noise.length);
    kept.set(encoder.encode(clean));
    kept.fill(0, k);
    const energy = squaredError(noise, zero);
    return { network: squaredError(results.network, model.decode(kept)) / energy, pca: projection.energy(noise, k) / energy };
  }

  // Into the range that the data can have: nothing outside it can be shown, so nothing outside it is measured.
  keep(into, values) {
    into.set(values);
    if (!this.range) return;
    const [low, high] = this.range;
    for (let i = 0; i < into.length; i++) { if (into[i] < low) into[i] = low; else if (into[i] > high) into[i] = high; }
  }

  drawImages() {
    const { results, canvas, residual, range, theme } = this, [low, high] = range ?? [0, 1], span = high - low;
    for (const name of ["original", "pca", "network"]) {
      const { values } = canvas[name], apart = residual && name !== "original";
      for (let i = 0; i < values.length; i++) values[i] = apart ? results[name][i] - results.original[i] : results[name][i];
      this.toPixels(values, apart ? (value) => difference(value / span, theme) : null, low, 255 / span);
      canvas[name].getContext("2d").putImageData(this.pixels, 0, 0);
    }
  }

  toPixels(values, colour, low, scale) {
    const { model: { shape: [channels, height, width] }, pixels: { data } } = this, area = height * width;
    for (let i = 0, p = 0; i < area; i++, p += 4) {
      const shade = colour?.(values[i]);
      for (let c = 0; c < 3; c++) data[p + c] = shade ? shade[c] : Math.round((values[i + (channels === 3 ? c * area : 0)] - low) * scale); // clamped by the array
      data[p + 3] = 255;
    }
  }

  drawSignals() {
    const { results, canvas, theme, size } = this;
    canvas.network.values.set(results.network);
    Object.assign(canvas.network, { original: results.original, pca: results.pca });
    this.limits ??= { wave: 1.2, tone: 0.8 }; // they only ever grow: else the curve would seem to stand still while its axis moves
    const { limits } = this;
    for (const values of Object.values(results)) limits.wave = grown(limits.wave, values);
    // The dashes come last: where both agree, each is still seen.
    const lines = [["original", ORIGINAL, 1.75, []], ["network", NETWORK, 2.75, []], ["pca", PCA, 1.75, DASHES]];
    const plot = new Plot(canvas.network, theme, { left: 44 * rem, right: 16 * rem, top: 6, bottom: 20 * rem });
    if (plot.pen) {
      plot.scale([0, size - 1], [-limits.wave, limits.wave]);
      plot.grid(4);
      plot.axis("0", `${size} samples`);
      for (const [name, colour, width, dashes] of lines) plot.line(results[name], colour, width, dashes);
    }
    if (!this.spectrum) return;
    const tones = Object.fromEntries(lines.map(([name]) => [name, amplitudes(results[name], 64)]));
    for (const values of Object.values(tones)) limits.tone = grown(limits.tone, values);
    canvas.spectrum.values = tones.network;
    const chart = new Plot(canvas.spectrum, theme, { left: 30 * rem, right: 8, top: 6, bottom: 20 * rem });
    if (!chart.pen) return;
    chart.scale([-0.5, tones.original.length - 0.5], [0, limits.tone]);
    chart.grid(3);
    chart.axis("0", `${tones.original.length - 1} cycles a window`);
    chart.bars(tones.original, ORIGINAL);
    for (const [name, colour, width, dashes] of lines.slice(1)) chart.line(tones[name], colour, width, dashes);
  }

  readOut(k) {
    const { body, slider, size, error, model, bits, data } = this;
    if (this.preview !== null || this.held !== slider) slider.value = k;
    slider.style.setProperty("--lx-at", (k - 1) / (model.k - 1 || 1));
    const write = (id, text) => {
      const place = body.querySelector(`[data-testid=${id}]`);
      if (place.textContent !== text) place.textContent = text;
    };
    write("pca-error", short(error.pca));
    write("network-error", short(error.network));
    write("ratio", ratioInWords(error));
    const share = data.curve?.explained?.[k - 1] ?? model.pca.variance.subarray(0, k).reduce((a, b) => a + b, 0) / (model.pca.total || 1);
    const few = size / k, parts = [
      k > size ? `${k} numbers kept for ${size}` : `${k} of ${size} numbers kept`,
      k < size ? `${Number(few.toFixed(few < 9.95 ? 1 : 0))} times fewer` : k === size ? "as many as it has" : "more than it has",
      `PCA explains ${percent(share)} of the variance`,
    ];
    const kept = body.querySelector("[data-testid=kept]"), said = parts.join(" · ");
    if (this.said !== said || !kept.childElementCount) {
      this.said = said;
      const [first, ...others] = parts;
      kept.replaceChildren(make("span", {}, make("b", {}, `${k}`), first.slice(`${k}`.length)), ...others.flatMap((words) => [" ", make("span", {}, make("i", {}, "· "), words)]));
    }
    slider.setAttribute("aria-valuetext", `${said}; squared error: network ${short(error.network)}, PCA ${short(error.pca)}`);
    write("caption", this.curve.caption(k));
    const many = k * bits, bytes = Math.ceil(many / 8), unit = `byte${bytes === 1 ? "" : "s"}`;
    write("bytes", `${k} number${k === 1 ? "" : "s"} × ${bits} bit${bits === 1 ? "" : "s"} = ${many % 8 ? `${many} bits, ${bytes} ${unit}` : `${bytes} ${unit}`}`);
    body.querySelector(".lx-bits b").textContent = bits;
    body.querySelector("[data-testid=bits]").setAttribute("aria-valuetext", bits === EXACT ? "32 bits, not rounded" : `${bits} bits`);
    write("source", this.source());
    if (this.kind === "image") write("note", this.input?.source === "sample" && data.samples.note ? ` · ${data.samples.note}` : "");
    if (this.kind === "signal") {
      for (const [name, { show, unit }] of Object.entries(this.knobs())) {
        const input = this.sliders[name], value = this.input[name];
        if (this.held !== input) input.value = value;
        input.previousElementSibling.textContent = show(value);
        input.setAttribute("aria-valuetext", show(value) + (unit ?? ""));
      }
    }
  }

  // What the input is, in words.
  source() {
    const { input } = this, label = this.label();
    if (input?.source === "signal") {
      const n = input.complexity;
      const made = `${n} sinusoid${n === 1 ? "" : "s"}: ${3 * n} numbers made it`;
      if (!this.passed) return made;
      const [pca, network] = [this.passed.pca, this.passed.network].map((share) => `${Math.round(100 * share)} %`);
      return `${made}, and noise: PCA lets ${pca} of it through, the network ${network}`;
    }
    if (input?.source === "sample") return label !== null ? `class ${label}` : `sample ${input.index + 1}`;
    if (input?.source === "uploaded") return input.name || "your picture";
    return input ? "drawn by hand" : "the average";
  }

  // Only when the hand rests: a screen reader would read every frame.
  describe() {
    const { canvas, error, k, kind } = this;
    if (!error) return;
    this.described = true;
    const say = (element, text) => element.setAttribute("aria-label", text);
    const network = `squared error ${short(error.network)}`, pca = `squared error ${short(error.pca)}`;
    if (kind === "image") {
      const what = this.residual ? "Difference to the original of what" : "What";
      say(canvas.original, `The original: ${this.source()}`);
      say(canvas.pca, `${what} PCA makes of ${k} numbers, ${pca}`);
      say(canvas.network, `${what} the network makes of ${k} numbers, ${network}`);
    } else {
      say(canvas.network, `The signal (${this.source()}) and what PCA (${pca}) and the network (${network}) make of ${k} numbers`);
      say(canvas.spectrum, "Amplitude at each frequency of the signal, of PCA's and of the network's");
    }
    say(this.curve.surface, this.curve.words(k));
  }

  resize() {
    if (!this.model || !this.body.isConnected) return;
    let redraw = this.curve.resize();
    if (this.pencil) this.pencil.resize();
    for (const canvas of this.body.querySelectorAll(".lx-plot:not([hidden])")) redraw = fit(canvas, canvas) || redraw;
    if (redraw && this.error) this.frame(); // now: the canvas is empty until it is drawn
  }
}

// Each dimension of the code with its own mean and standard deviation.
function codeSpread(model) {
  if (model.spread) return model.spread;
  const { k, codes, count } = model, mean = new Float64Array(k), std = new Float64Array(k).fill(1);
  if (model.code_std) { std.set(model.code_std); mean.set(model.code_mean ?? []); } else if (count > 1) {
    for (let i = 0; i < k; i++) {
      let sum = 0, squares = 0;
      for (let n = 0; n < count; n++) { sum += codes[n * k + i]; squares += codes[n * k + i] ** 2; }
      mean[i] = sum / count;
      std[i] = Math.sqrt(Math.max(0, squares / count - mean[i] ** 2));
    }
  }
  return (model.spread = { mean, std });
}

// In place: mean ± 3 standard deviations in 2^bits equal cells, each number to the middle of its cell.
function roundCodes(codes, mean, std, bits) {
  if (bits >= EXACT) return;
  const cells = 2 ** bits;
  for (let i = 0; i < codes.length; i++) {
    const low = mean[i] - 3 * std[i], step = 6 * std[i] / cells;
    if (step > 0) codes[i] = low + (Math.min(cells - 1, Math.max(0, Math.floor((codes[i] - low) / step))) + 0.5) * step;
  }
}

function ratioInWords({ network, pca }) {
  if (pca < 1e-6) return network < 5e-4 ? "both keep everything" : "PCA keeps everything here, the network not";
  const ratio = network / pca, text = ratio.toFixed(2);
  if (text === "1.00") return "the network's error equals PCA's";
  return ratio < 1 ? `the network's error is ${text} of PCA's` : `here the network is worse: ${text} times PCA's error`;
}

// PCA of one x, from any number of its codes: moving k by one adds or takes away one component.
class Projection {
  constructor({ mean, components, variance }, size) {
    Object.assign(this, { mean, components, size, most: variance.length, std: Array.from(variance, Math.sqrt) });
    this.codes = new Float64Array(this.most);
    this.sum = new Float64Array(size); // double: what is added and taken away a thousand times must not drift
  }

  start(x, bits) {
    const { mean, components, codes, size } = this;
    for (let i = 0, p = 0; i < this.most; i++) {
      let z = 0;
      for (let d = 0; d < size; d++) z += components[p++] * (x[d] - mean[d]);
      codes[i] = z;
    }
    roundCodes(codes, new Float64Array(this.most), this.std, bits);
    this.sum.set(mean);
    this.k = 0;
  }

  at(k) {
    const wanted = Math.min(k, this.most); // past the input's own dimension there is nothing to add
    while (this.k < wanted) this.add(this.k++, 1);
    while (this.k > wanted) this.add(--this.k, -1);
    return this.sum;
  }

  // Of a difference to the mean: what of it lies in the first k components.
  energy(values, k) {
    const { components, size } = this;
    let total = 0;
    for (let i = 0, p = 0; i < Math.min(k, this.most); i++) {
      let z = 0;
      for (let d = 0; d < size; d++) z += components[p++] * values[d];
      total += z * z;
    }
    return total;
  }

  add(i, sign) {
    const { components, sum, size } = this, z = sign * this.codes[i];
    for (let d = 0, p = i * size; d < size; d++) sum[d] += z * components[p++];
  }
}

// ---- Held-out error against k: a chart that is also a slider. Its marker stands above the slider's thumb. ----------

class Curve {
  get left() { return 44 * rem; } // px beside the plot; view.css insets the slider by the same
  get right() { return 16 * rem; }

  constructor(surface, most, { hover, press, release }) {
    Object.assign(this, { surface, most, k: 1 });
    [this.backdrop, this.overlay] = surface.children;
    let pressed = null;
    const place = (event) => {
      const { left } = surface.getBoundingClientRect();
      const part = (event.clientX - left - this.left) / (this.width - this.left - this.right);
      return Math.min(most, Math.max(1, Math.round(1 + part * (most - 1))));
    };
    surface.onpointerdown = (event) => {
      if (event.button !== 0 || pressed !== null) return;
      pressed = event.pointerId;
      surface.setPointerCapture(pressed);
      press(place(event));
    };
    surface.onpointermove = (event) => {
      if (pressed === event.pointerId) press(place(event));
      else if (pressed === null && event.pointerType === "mouse" && !event.buttons) hover(place(event));
    };
    surface.onpointerleave = () => { if (pressed === null) hover(null); };
    surface.onpointerup = surface.onpointercancel = surface.onlostpointercapture = (event) => {
      if (pressed !== event.pointerId) return;
      pressed = null;
      release();
    };
  }

  set(data, theme) {
    const usable = data?.network?.length && data?.pca?.length ? data : null;
    const look = JSON.stringify([usable, theme]);
    this.surface.parentElement.hidden = !usable;
    if (look === this.look) return;
    Object.assign(this, { look, data: usable, theme });
    if (!this.resize()) this.draw();
  }

  resize() {
    const { clientWidth, clientHeight } = this.surface;
    if (!clientWidth || !this.data) return false;
    Object.assign(this, { width: clientWidth, height: clientHeight });
    const changed = fit(this.backdrop, this.surface);
    if (!fit(this.overlay, this.surface) && !changed) return false;
    this.draw();
    this.mark(this.k);
    return true;
  }

  error(name, k) { return this.data[name][k - 1] ?? null; }

  draw() {
    if (!this.data) return;
    const { data, theme, most } = this, plot = new Plot(this.backdrop, theme, { left: this.left, right: this.right, top: 8, bottom: 20 * rem });
    if (!plot.pen) return;
    const points = (data.points ?? []).filter((point) => point.k >= 1 && point.k <= most && point.error > 0);
    const errors = [...data.network.slice(0, most), ...data.pca.slice(0, most), ...points.map((point) => point.error)].filter((e) => e > 0);
    const high = Math.max(...errors, 1e-9), low = Math.max(Math.min(...errors, high), high * 1e-5);
    plot.scale([1, most], [low / 1.3, high * 1.2], true);
    this.plot = plot;
    plot.grid(4);
    const { pen } = plot;
    pen.textBaseline = "alphabetic";
    pen.textAlign = "center";
    const step = ticks(0, most, this.width < 420 ? 4 : 8);
    for (const k of [1, ...step.filter((k) => k > (step[1] ?? 0) * 0.3 && Number.isInteger(k))]) {
      pen.globalAlpha = 0.72;
      pen.fillStyle = theme.text;
      pen.fillText(k, plot.x(k), this.height - 5);
    }
    pen.globalAlpha = 1;
    plot.line(data.network.slice(0, most), NETWORK, 2.75, [], 1);
    plot.line(data.pca.slice(0, most), PCA, 2, DASHES, 1);
    this.write(plot, points);
  }

  // Names at the curves and the points, each where nothing else is written.
  write(plot, points) {
    const { data, theme, most, width, height } = this, { pen } = plot, taken = [];
    const free = (box) => box.x >= this.left && box.x + box.w <= width - 2 && box.y >= 2 && box.y + box.h <= height - 20 * rem && taken.every((other) => box.x + box.w < other.x || other.x + other.w < box.x || box.y + box.h < other.y || other.y + other.h < box.y);
    const dots = points.map((point) => ({ ...point, x: plot.x(point.k), y: plot.y(point.error) }));
    for (const { x, y } of dots) taken.push({ x: x - 6, y: y - 6, w: 12, h: 12 });
    // Blocked for names: the curves themselves.
    const curves = (name) => { for (let k = 1; k <= most; k++) if (data[name][k - 1] > 0) taken.push({ x: plot.x(k) - 2, y: plot.y(data[name][k - 1]) - 2, w: 4, h: 4 }); };
    curves("pca");
    curves("network");
    const name = (text, x, y, ways) => {
      const w = pen.measureText(text).width, h = 13 * rem;
      for (const [across, down] of ways) { // 1: right of it or below, −1: left or above, 0: centred
        const box = { x: x + (across - 1) * w / 2 + across * 8, y: y + (down - 1) * h / 2 + down * 8, w, h };
        if (!free(box)) continue;
        taken.push(box);
        write(pen, theme, text, box.x, box.y + h - 3, 3);
        return true;
      }
      return false;
    };
    pen.textAlign = "left";
    pen.textBaseline = "alphabetic";
    pen.font = `600 ${12 * rem}px ${theme.font}`;
    for (const [text, values, ways] of [["PCA", data.pca, [[0, -1], [1, -1], [1, -1.6]]], ["network", data.network, [[0, 1], [-1, 1], [-1, 1.6], [0, -1], [1, -1]]]]) {
      [0.42, 0.3, 0.55, 0.7, 0.2, 0.85, 0.12].some((part) => {
        const k = Math.max(1, Math.round(most * part));
        return values[k - 1] > 0 && name(text, plot.x(k), plot.y(values[k - 1]), ways);
      });
    }
    pen.font = `${11 * rem}px ${theme.font}`;
    for (const { x, y } of dots) {
      pen.beginPath();
      for (const [dx, dy] of [[0, -5.5], [5.5, 0], [0, 5.5], [-5.5, 0]]) pen.lineTo(x + dx, y + dy);
      pen.closePath();
      pen.fillStyle = theme.background;
      pen.fill();
      pen.strokeStyle = NETWORK;
      pen.lineWidth = 2;
      pen.stroke();
    }
    if (width >= 420) for (const { name: text, x, y } of dots) name(text, x, y, [[0, -1], [1, 0], [-1, 0], [0, 1], [1, -1], [1, 1], [-1, 1], [-1, -1], [0, 1.8], [0, -1.8]]);
  }

  mark(k) {
    this.k = k;
    const { plot, overlay, theme, width, height } = this;
    if (!plot || !this.data) return;
    const pen = overlay.getContext("2d"), x = plot.x(k);
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = theme.primary;
    pen.lineWidth = 2;
    line(pen, x, 0, x, height - 19);
    for (const [name, colours] of [["pca", [theme.background, PCA, theme.background]], ["network", [NETWORK]]]) { // a ring, and a dot that fits into it
      const error = this.error(name, k);
      if (error > 0) colours.forEach((colour, n) => { pen.fillStyle = colour; ring(pen, x, plot.y(error), [7, 6, 4][name === "pca" ? n : 2]); pen.fill(); });
    }
  }

  caption(k) {
    if (!this.data) return "";
    const [network, pca] = [this.error("network", k), this.error("pca", k)];
    const here = network === null || pca === null ? "" : ` · at ${k}: PCA ${short(pca)}, network ${short(network)}`;
    return `${this.data.unit ?? "held-out error"}${here}${this.data.points?.length ? " · ◇ trained for one size" : ""}`;
  }

  words(k) { return `Held-out error against the numbers kept, logarithmic. ${this.caption(k)}. The slider above moves the marker.`; }
}

// ---- A small plot: axes, lines, bars; in CSS pixels -----------------------------------------------------------------

class Plot {
  constructor(canvas, theme, { left, right, top, bottom }) {
    const width = canvas.width / devicePixelRatio, height = canvas.height / devicePixelRatio;
    if (!(width > left + right && height > top + bottom)) return; // in a hidden tab
    Object.assign(this, { theme, width, height, box: { left, right: width - right, top, bottom: height - bottom } });
    const pen = this.pen = canvas.getContext("2d");
    pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.font = `${11 * rem}px ${theme.font}`;
    pen.lineJoin = "round";
  }

  scale([from, to], [low, high], log = false) {
    const { left, right, top, bottom } = this.box, bend = log ? (v) => Math.log(Math.max(v, low)) : (v) => v;
    Object.assign(this, { low, high, log });
    this.x = (i) => left + (i - from) / (to - from || 1) * (right - left);
    this.y = (value) => bottom - (bend(value) - bend(low)) / (bend(high) - bend(low) || 1) * (bottom - top);
  }

  grid(wanted) {
    const { pen, theme, box, low, high } = this;
    pen.lineWidth = 1;
    pen.strokeStyle = pen.fillStyle = theme.text;
    pen.textAlign = "right";
    pen.textBaseline = "middle";
    for (const tick of this.log ? decades(low, high, wanted) : ticks(low, high, wanted)) {
      const y = Math.round(this.y(tick)) + 0.5;
      pen.globalAlpha = 0.13;
      line(pen, box.left, y, box.right, y);
      pen.globalAlpha = 0.72;
      pen.fillText(minus(String(Number(tick.toPrecision(6)))), box.left - 6, y);
    }
    pen.globalAlpha = 1;
  }

  axis(first, last) {
    const { pen, box, height, theme } = this;
    pen.globalAlpha = 0.72;
    pen.fillStyle = theme.text;
    pen.textBaseline = "alphabetic";
    pen.textAlign = "left";
    pen.fillText(first, box.left, height - 5);
    pen.textAlign = "right";
    pen.fillText(last, box.right, height - 5);
    pen.globalAlpha = 1;
  }

  line(values, colour, width, dashes, first = 0) {
    const { pen } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dashes);
    pen.beginPath();
    for (let i = 0; i < values.length; i++) pen.lineTo(this.x(i + first), this.y(values[i]));
    pen.stroke();
    pen.setLineDash([]);
  }

  bars(values, colour) {
    const { pen } = this, wide = Math.max(1.5, 0.62 * (this.x(1) - this.x(0)));
    pen.fillStyle = colour;
    pen.globalAlpha = 0.55;
    for (let i = 0; i < values.length; i++) pen.fillRect(this.x(i) - wide / 2, this.y(values[i]), wide, this.y(0) - this.y(values[i]));
    pen.globalAlpha = 1;
  }
}

// ---- Signals ------------------------------------------------------------------------------------------------------------

// x(t) = Σ a sin(2π(f t + φ)) + noise, as ae_core/data/sinusoids.py makes them. The seed fixes every sinusoid, however many are
// added: one more changes none of the others. The first is the slowest, the others spread over the rest of the range evenly.
function waveform({ seed, complexity, noise, phase, frequency }, { frequency: [, top], amplitude }, length) {
  const x = new Float32Array(length), draw = randomNumbers(seed), gauss = randomNumbers(seed ^ 0x5bd1e995);
  for (let j = 0; j < complexity; j++) {
    const [u, a, p] = [draw(), amplitude[0] + draw() * (amplitude[1] - amplitude[0]), draw()];
    const part = j === 0 ? 0 : (j * 0.618033988749895 + 0.1 * u) % 1; // the golden ratio's multiples never bunch
    const f = frequency + part * (top - frequency);
    for (let i = 0; i < length; i++) x[i] += a * Math.sin(2 * Math.PI * (f * i / length + p + phase));
  }
  for (let i = 0; i < length; i++) x[i] += noise * Math.sqrt(-2 * Math.log(1 - gauss())) * Math.cos(2 * Math.PI * gauss()); // Box & Muller
  return x;
}

// mulberry32: 32 bits of state, the same numbers in every browser.
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Amplitude of each whole frequency: |DFT| · 2 / n (the mean once).
function amplitudes(x, most) {
  const n = x.length, count = Math.min(most, n >> 1) + 1, found = new Float32Array(count);
  const [cos, sin] = [Math.cos, Math.sin].map((wave) => Float64Array.from({ length: n }, (_, i) => wave(2 * Math.PI * i / n)));
  for (let f = 0; f < count; f++) {
    let re = 0, im = 0;
    for (let i = 0; i < n; i++) { const turn = f * i % n; re += x[i] * cos[turn]; im += x[i] * sin[turn]; }
    found[f] = Math.hypot(re, im) * (f === 0 || 2 * f === n ? 1 : 2) / n;
  }
  return found;
}

function grown(limit, values) {
  for (let i = 0; i < values.length; i++) if (Math.abs(values[i]) > limit) limit = Math.abs(values[i]) * 1.05;
  return limit;
}

// ---- Helpers ------------------------------------------------------------------------------------------------------------

function short(value) {
  if (value > 0 && value < 0.0005) return "< 0.001";
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 || value === 0 ? 2 : 3);
}
// Never rounded up to all of it.
function percent(share) {
  const part = 100 * share;
  return `${part >= 99.9999 ? "100" : part < 99 ? part.toFixed(0) : (Math.floor(part * 10) / 10).toFixed(1)} %`;
}
function tidy(step) { return Number(step.toPrecision(1)); }

// As `ticks`, for a logarithmic axis: 1, 2, 5, 10, … or only the powers of ten.
function decades(low, high, wanted) {
  for (const digits of [[1, 2, 5], [1, 3], [1]]) {
    const found = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) for (const digit of digits) found.push(Number(`${digit}e${power}`));
    const inside = found.filter((tick) => tick >= low && tick <= high);
    if (inside.length <= wanted + 2 || digits.length === 1) return inside;
  }
}
