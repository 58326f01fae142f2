// @ts-check
// While presenting, a figure and the words below it are whole in the window: figures measure in rem, so the type of the
// page is made as large as lets everything fit. What is read aloud has a size of its own (present.css).

const LEAST = 7; // px a rem
const SHARE = 0.031; // of the window's height: the largest rem
const STEP = 0.94;

const main = () => /** @type {HTMLElement | null} */ (document.querySelector('[data-testid="stMain"]'));

/** Whether something lies below the window's end. */
function overflows() {
  const element = main();
  return !!element && element.scrollHeight > element.clientHeight + 1;
}

/** @param {boolean} on @param {AbortSignal} signal its end @param {number} [usual] px a rem, where that fits */
export function fitToWindow(on, signal, usual = 20) {
  const { style } = document.documentElement;
  style.fontSize = "";
  if (!on) return;
  let timer = 0;
  const fit = () => {
    let size = usual < 20 ? usual : Math.max(usual, SHARE * innerHeight);
    style.fontSize = `${size}px`;
    while (overflows() && size > LEAST) {
      size *= STEP;
      style.fontSize = `${size}px`;
    }
  };
  const soon = () => {
    clearTimeout(timer);
    timer = window.setTimeout(fit, 120);
  };
  // What comes later, or grows: only then is it measured again, and only what has not been fitted.
  let seen = "";
  const look = setInterval(() => {
    const element = main();
    const drawn = element?.querySelectorAll("canvas, .lx-body:not([hidden])").length;
    const now = `${innerWidth} ${innerHeight} ${drawn} ${overflows()}`;
    if (now !== seen) soon();
    seen = now;
  }, 250);
  addEventListener("resize", soon, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(look);
    clearTimeout(timer);
    style.fontSize = "";
  });
  fit();
}
