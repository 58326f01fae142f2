// @ts-check
// What figures show as a picture to keep: their canvases and their words, each where it stands on the page.

const SCALE = 2; // pixels of the picture a pixel of the page
const MARGIN = 16; // px of the page
const LEFT_OUT = "[aria-hidden=true].lx-hint, .lx-drag, .lx-wait, template, [hidden]";

/** @param {Element} element */
const seen = (element) =>
  element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest(LEFT_OUT);

/** The figures of a page that are on the screen. @returns {HTMLElement[]} */
export function figuresOf(root = document) {
  return /** @type {HTMLElement[]} */ ([...root.querySelectorAll('[data-testid="stMain"] .lx-body')]).filter(seen);
}

/** The lines of text in an element: {text, x, y, style}. @param {HTMLElement} element */
function* linesOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const parent = /** @type {HTMLElement} */ (node.parentElement);
    if (!node.textContent?.trim() || !seen(parent) || parent.closest("select, button.lx-button")) continue;
    range.selectNodeContents(node);
    const [box] = range.getClientRects();
    if (box?.width) yield { text: node.textContent.trim().replace(/\s+/g, " "), box, style: getComputedStyle(parent) };
  }
}

/** Figures as one canvas, on the page's background. @param {HTMLElement[]} figures */
export function drawPicture(figures) {
  const boxes = figures.map((figure) => figure.getBoundingClientRect());
  const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
  const top = Math.min(...boxes.map((box) => box.top)) - MARGIN;
  const width = Math.max(...boxes.map((box) => box.right)) + MARGIN - left;
  const height = Math.max(...boxes.map((box) => box.bottom)) + MARGIN - top;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(SCALE * width);
  canvas.height = Math.round(SCALE * height);
  const ctx = canvas.getContext("2d");
  ctx.scale(SCALE, SCALE);
  ctx.fillStyle = getComputedStyle(document.querySelector('[data-testid="stApp"]') ?? document.body).backgroundColor;
  ctx.fillRect(0, 0, width, height);
  ctx.translate(-left, -top);
  for (const figure of figures) {
    for (const each of figure.querySelectorAll("canvas")) {
      if (!seen(each) || !each.width || !each.height) continue;
      const box = each.getBoundingClientRect();
      ctx.imageSmoothingEnabled = getComputedStyle(each).imageRendering !== "pixelated";
      ctx.drawImage(each, box.left, box.top, box.width, box.height);
    }
    ctx.textBaseline = "middle";
    for (const { text, box, style } of linesOf(figure)) {
      ctx.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      ctx.fillStyle = style.color;
      ctx.fillText(text, box.left, (box.top + box.bottom) / 2);
    }
  }
  return canvas;
}

/** Let the browser keep the page's figures as a PNG; says whether there were any. @param {string} name of the file */
export function keepPicture(name) {
  const figures = figuresOf();
  if (!figures.length) return false;
  drawPicture(figures).toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${name}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }, "image/png");
  return true;
}
