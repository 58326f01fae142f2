// Drawing by hand: a sheet to draw a digit on, and the digit as pixels. (browser.py puts this text in front of each view.js.)

// Strokes are kept as lines, not as pixels: a digit drawn small or large then gets a pen as thick as the training digits'.
// MNIST: the digit scaled so that its longer side is 20 of 28 pixels, its centre of mass in the middle (LeCun et al. 1998);
// pens there are about 2.4 pixels wide at half their darkness (median of 300 digits). scikit-learn's 8×8 digits fill their height, with pens of 1.85 pixels.
const STYLE = (height) => height >= 16 ? { box: height * 20 / 28, pen: height * 2.6 / 28, soft: 1 } : { box: height, pen: height * 1.85 / 8, soft: 0.5 };
const FINE = 4; // sub-pixels along a pixel
const PEN = 0.075; // of the sheet: what the pen looks like while drawing

class Pencil {
  strokes = [];

  constructor(canvas, { press, moved, release }) {
    this.canvas = canvas;
    let pressed = null;
    const point = (event) => {
      const { left, top, width, height } = canvas.getBoundingClientRect();
      this.strokes.at(-1).push([(event.clientX - left) / width, (event.clientY - top) / height]);
    };
    canvas.onpointerdown = (event) => {
      if (event.button !== 0 || pressed !== null) return;
      event.preventDefault();
      pressed = event.pointerId;
      canvas.setPointerCapture(pressed);
      this.strokes.push([]);
      point(event);
      press();
      this.show();
      moved();
    };
    canvas.onpointermove = (event) => {
      if (pressed !== event.pointerId) return;
      const fine = event.getCoalescedEvents?.() ?? [];
      for (const each of fine.length ? fine : [event]) point(each);
      this.show();
      moved();
    };
    canvas.onpointerup = canvas.onpointercancel = canvas.onlostpointercapture = (event) => {
      if (pressed !== event.pointerId) return;
      pressed = null;
      release();
    };
  }

  blank() { return this.strokes.length === 0; }
  clear() { this.strokes = []; this.show(); }

  resize() { if (fit(this.canvas, this.canvas)) this.show(); }

  // The sheet: white on black, as the pictures are.
  show() {
    const { canvas } = this, pen = canvas.getContext("2d"), { width } = canvas;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = "#000000";
    pen.fillRect(0, 0, width, canvas.height);
    pen.strokeStyle = "#ffffff";
    this.trace(pen, width, 0, 0, PEN * width);
    canvas.parentElement.classList.toggle("lx-blank", this.blank());
  }

  trace(pen, scale, x, y, width) {
    pen.lineWidth = width;
    pen.lineCap = pen.lineJoin = "round";
    for (const stroke of this.strokes) {
      pen.beginPath();
      for (const [px, py] of stroke) pen.lineTo(x + px * scale, y + py * scale);
      if (stroke.length === 1) pen.lineTo(x + stroke[0][0] * scale + 0.01, y + stroke[0][1] * scale); // a dot
      pen.stroke();
    }
  }

  // The drawing as height × width numbers 0..1, centred and scaled as the training pictures were; null when blank.
  raster(height, width) {
    const points = this.strokes.flat();
    if (!points.length) return null;
    const { box, pen: thick, soft } = STYLE(Math.min(height, width));
    const [xs, ys] = [0, 1].map((axis) => points.reduce(([low, high], p) => [Math.min(low, p[axis]), Math.max(high, p[axis])], [Infinity, -Infinity]));
    const tall = Math.max(xs[1] - xs[0], ys[1] - ys[0], 0.06); // a dot stays a dot
    const scale = (box - thick) / tall;
    const half = [xs, ys].map(([low, high]) => (high - low) * scale / 2 + thick / 2);
    const middle = [(xs[0] + xs[1]) / 2 * scale, (ys[0] + ys[1]) / 2 * scale];
    const ink = (dx, dy) => this.ink(height, width, scale, width / 2 - middle[0] + dx, height / 2 - middle[1] + dy, thick);
    const first = ink(0, 0), [mx, my] = centreOfMass(first, width * FINE, height * FINE);
    // Its centre of mass to the middle, as far as the whole of it stays on the picture.
    const shift = [[width / 2 - mx / FINE, width / 2 - half[0]], [height / 2 - my / FINE, height / 2 - half[1]]].map(([by, room]) => Math.min(Math.max(0, room), Math.max(-Math.max(0, room), by)));
    return shrink(ink(...shift), height, width, soft);
  }

  // The same for a model's shape, a byte a value, every channel alike.
  bytes([channels, height, width]) {
    const grey = this.raster(height, width);
    return grey && Uint8Array.from({ length: channels * grey.length }, (_, i) => Math.round(255 * grey[i % grey.length]));
  }

  // Ink 0..255 of each sub-pixel.
  ink(height, width, scale, x, y, thick) {
    this.sheet ??= make("canvas", {});
    const { sheet } = this, w = width * FINE, h = height * FINE;
    if (sheet.width !== w || sheet.height !== h) Object.assign(sheet, { width: w, height: h });
    const pen = sheet.getContext("2d", { willReadFrequently: true });
    pen.clearRect(0, 0, w, h);
    this.trace(pen, scale * FINE, x * FINE, y * FINE, thick * FINE);
    const { data } = pen.getImageData(0, 0, w, h), ink = new Uint8Array(w * h);
    for (let i = 0; i < ink.length; i++) ink[i] = data[4 * i + 3];
    return ink;
  }
}

function centreOfMass(ink, width, height) {
  let mass = 0, mx = 0, my = 0;
  for (let y = 0, i = 0; y < height; y++) for (let x = 0; x < width; x++, i++) { mass += ink[i]; mx += ink[i] * (x + 0.5); my += ink[i] * (y + 0.5); }
  return mass ? [mx / mass, my / mass] : [width / 2, height / 2];
}

// Sub-pixels to pixels with a tent filter that reaches `soft` pixels each way: edges as soft as in the training pictures.
function shrink(ink, height, width, soft) {
  const reach = Math.max(soft, 0.5) * FINE, weights = [];
  for (let d = -Math.ceil(reach - FINE / 2); d < FINE + Math.ceil(reach - FINE / 2); d++) weights.push([d, soft > 0.5 ? Math.max(0, reach - Math.abs(d + 0.5 - FINE / 2)) : 1]);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  const rows = new Float32Array(height * FINE * width), result = new Float32Array(height * width);
  for (let y = 0; y < height * FINE; y++) for (let x = 0; x < width; x++) for (const [d, weight] of weights) {
    const at = x * FINE + d;
    if (at >= 0 && at < width * FINE) rows[y * width + x] += weight * ink[y * width * FINE + at];
  }
  for (let y = 0; y < height; y++) for (const [d, weight] of weights) {
    const at = y * FINE + d;
    if (at >= 0 && at < height * FINE) for (let x = 0; x < width; x++) result[y * width + x] += weight * rows[at * width + x];
  }
  for (let i = 0; i < result.length; i++) result[i] = Math.min(1, result[i] / (total * total * 255));
  return result;
}
