// What the components draw with. (browser.py puts this text in front of each view.js, as it does evaluator.js.)

const KEY_PAUSE = 400; // ms without a key that count as letting go

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children); // strings become text, never HTML: class and factor names are the user's
  return element;
}

function minus(text) { return text.replace("-", "−"); }

// About `wanted` round numbers inside the range.
function ticks(low, high, wanted) {
  const rough = (high - low) / wanted, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((m) => m >= rough * 0.999);
  const found = [];
  for (let n = Math.ceil(low / step); n * step <= high; n++) found.push(Number((n * step).toPrecision(12)));
  return found;
}

// ---- Colours ----

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
