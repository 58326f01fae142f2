// What the components draw with. (browser.py puts this text in front of each view.js, as it does evaluator.js.)

const KEY_PAUSE = 400; // ms without a key that count as letting go

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children); // strings become text, never HTML: class and factor names are the user's
  return element;
}

function fromBase64(text) {
  try { return Uint8Array.from(atob(text), (c) => c.charCodeAt(0)); } catch { return null; }
}

function toBase64(bytes) { return btoa(String.fromCharCode(...bytes)); }

// A byte a pixel -> the data's own range.
function toUnit(bytes, range) {
  const [low, high] = range ?? [0, 1];
  return Float32Array.from(bytes, (byte) => low + byte / 255 * (high - low));
}

function squaredError(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return sum;
}

function minus(text) { return text.replace("-", "−"); }
function median(values) { return values.sort((a, b) => a - b)[values.length >> 1]; }

// About `wanted` round numbers inside the range.
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough * 0.999);
  const found = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) found.push(Number((n * step).toPrecision(12)));
  return found;
}

let rem = 1; // how large type is, its usual size being 1: what is written on a canvas follows it, as view.css does
function readRem() { rem = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16; }

// A canvas as many device pixels as its box has; says whether that changed.
function fit(canvas, box) {
  readRem();
  const width = Math.round(box.clientWidth * devicePixelRatio), height = Math.round(box.clientHeight * devicePixelRatio);
  if (!width || (canvas.width === width && canvas.height === height)) return false;
  Object.assign(canvas, { width, height });
  return true;
}

// ---- Colours ----

const ORIGINAL = "#d55e00", PCA = "#0072b2", NETWORK = "#009e73"; // the same three on every page (Okabe & Ito 2008)
const NEUTRAL = "#7c8698"; // a code without a class
// Petroff (2021), "Accessible color sequences for data visualization", arXiv:2107.02270
const PALETTE = ["#3f90da", "#ffa90e", "#bd1f01", "#94a4a2", "#832db6", "#a96b59", "#e76300", "#b9ac70", "#717581", "#92dadd"];
const CIVIDIS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"];

function rgb(colour) {
  const pen = make("canvas", { width: 1, height: 1 }).getContext("2d");
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 1, 1);
  return [...pen.getImageData(0, 0, 1, 1).data].slice(0, 3);
}
function luminance(colour) { // WCAG 2.2
  const [r, g, b] = rgb(colour).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function readTheme(root) {
  const style = getComputedStyle(root), read = (name, otherwise) => style.getPropertyValue(`--st-${name}`).trim() || otherwise;
  const primary = read("primary-color", "#ff4b4b"), background = read("background-color", "#ffffff");
  return {
    primary, background, text: read("text-color", "#31333f"), font: read("font", "sans-serif"),
    mode: luminance(background) < 0.4 ? "dark" : "light",
    onPrimary: luminance(primary) > 0.18 ? "#000000" : "#ffffff", // whichever has the higher contrast
  };
}

// cividis (Nuñez et al. 2018) without the end that the page's background would swallow.
function cividis({ mode }) {
  const [from, to] = mode === "dark" ? [2, 9] : [0, 8];
  const known = CIVIDIS.slice(from, to + 1).map(rgb), shades = 24;
  return Array.from({ length: shades }, (_, n) => {
    const place = n / (shades - 1) * (known.length - 1), i = Math.min(known.length - 2, Math.floor(place));
    return `rgb(${known[i].map((c, j) => Math.round(c + (place - i) * (known[i + 1][j] - c)))})`;
  });
}

// A difference: what is missing, none, what is too much. Nothing differs where it looks like the page.
const DIFFERENCE = { light: ["#1c5fc4", "#f3f4f6", "#c62f2f"], dark: ["#5ea8ff", "#191c22", "#ff6d5f"] };
const DIFFERENCE_RGB = Object.fromEntries(Object.entries(DIFFERENCE).map(([mode, colours]) => [mode, colours.map(rgb)]));

// Colour of a difference −1..1; the root lets small ones be seen.
function difference(value, { mode }) {
  const [missing, none, excess] = DIFFERENCE_RGB[mode], part = Math.min(1, Math.abs(value)) ** 0.7, end = value < 0 ? missing : excess;
  return none.map((c, i) => Math.round(c + part * (end[i] - c)));
}

// ---- Strokes ----

function line(pen, x1, y1, x2, y2) { pen.beginPath(); pen.moveTo(x1, y1); pen.lineTo(x2, y2); pen.stroke(); }
function ring(pen, x, y, radius) { pen.beginPath(); pen.arc(x, y, radius, 0, 2 * Math.PI); }
function write(pen, theme, text, x, y, halo) {
  pen.strokeStyle = theme.background;
  pen.lineWidth = halo;
  pen.lineJoin = "round";
  pen.strokeText(text, x, y);
  pen.fillStyle = theme.text;
  pen.fillText(text, x, y);
}

// ---- Points and names on a map ----

// A point drawn once and stamped: ten thousand of them as paths would take several times as long.
function dot(colour, radius) {
  const side = 2 * Math.ceil((radius + 0.5) * devicePixelRatio), canvas = make("canvas", { width: side, height: side }), pen = canvas.getContext("2d");
  pen.fillStyle = colour;
  ring(pen, side / 2, side / 2, radius * devicePixelRatio);
  pen.fill();
  return canvas;
}

// The more points, the smaller; as wide as the map allows.
function dotRadius(count, width) { return Math.min(3, Math.max(1.3, 170 / Math.sqrt(count || 1))) * Math.sqrt(Math.min(1, width / 500)); }

// A class's name at its place on a map of this width.
function named(pen, theme, name, x, y, width) {
  const size = (width < 260 ? 12 : 15) * rem;
  pen.font = `600 ${size}px ${theme.font}`;
  return { name, x, y, w: pen.measureText(name).width + 6, h: size + 3 };
}

// Names moved apart where two would overlap, and into the map.
function setApart(names, width, height) {
  for (let turn = 0; turn < 30; turn++) for (const a of names) for (const b of names) {
    const overX = (a.w + b.w) / 2 - Math.abs(a.x - b.x), overY = (a.h + b.h) / 2 - Math.abs(a.y - b.y);
    if (a === b || overX <= 0 || overY <= 0) continue;
    const axis = overX < overY ? "x" : "y", push = Math.min(overX, overY) / 2 * (a[axis] < b[axis] || (a[axis] === b[axis] && names.indexOf(a) < names.indexOf(b)) ? -1 : 1);
    a[axis] += push;
    b[axis] -= push;
  }
  for (const place of names) {
    place.x = Math.min(width - place.w / 2, Math.max(place.w / 2, place.x));
    place.y = Math.min(height - 24, Math.max(10, place.y));
  }
}

function writeNames(pen, theme, names) {
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { name, x, y } of names) write(pen, theme, name, x, y, 4);
}
