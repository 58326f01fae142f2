// @ts-check
// A guess of a place or a curve beside what is right, drawn so that it prints.

const SVG = "http://www.w3.org/2000/svg";
const [WIDTH, HEIGHT, EDGE] = [240, 110, 6];

/** @param {string} tag @param {Record<string, string | number>} attributes @param {Element[]} children */
function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Of a dot or a curve a small plot, else nothing.
 * @param {import("../types").LessonStep} step @param {number[] | undefined} guess
 */
export function guessPlot(step, guess) {
  if (!guess || (step.guess !== "dot" && step.guess !== "curve")) return null;
  const part = (value) => (value - step.low) / (step.high - step.low);
  const place = (u, v) => [EDGE + u * (WIDTH - 2 * EDGE), EDGE + (1 - v) * (HEIGHT - 2 * EDGE)];
  const drawn = (/** @type {number[]} */ values, attributes) => {
    if (step.guess === "dot") {
      const [cx, cy] = place(part(values[0]), part(values[1]));
      return shape("circle", { cx, cy, r: 4, ...attributes });
    }
    const points = values.map((value, n) => place(n / (values.length - 1), part(value)).join(","));
    return shape("polyline", { points: points.join(" "), fill: "none", ...attributes });
  };
  return shape(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: "img",
      "aria-label": "My guess (dashed) and what is so (thick)",
    },
    shape("rect", { x: 0.5, y: 0.5, width: WIDTH - 1, height: HEIGHT - 1, fill: "none", stroke: "#bbb" }),
    drawn(step.right, { stroke: "#00785a", "stroke-width": 3 }),
    drawn(guess, { stroke: "#16181d", "stroke-width": 2, "stroke-dasharray": "5 4", fill: "none" }),
  );
}
