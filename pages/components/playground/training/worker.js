// @ts-check
// The worker: it trains in slices, and hears of knobs between them. The same module tells the page its address, so that
// the linker need know nothing of workers: a worker imports the page's blob: modules as the page does.
import { Session } from "./session.js";

const SLICE = 5; // ms of steps between two looks at what was said
const SLOW = 50; // ms a step when it is to be watched

/** Start one. @param {(frame: import("./session.js").Frame) => void} onFrame @returns {Worker} */
export function startWorker(onFrame) {
  const worker = new Worker(import.meta.url, { type: "module" });
  worker.onmessage = ({ data }) => onFrame(data);
  return worker;
}

function serve() {
  /** @type {Session | null} */
  let session = null;
  let slow = false;
  let asked = false;
  let running = false;
  let limit = Number.POSITIVE_INFINITY; // steps that it may not pass: two that are compared go side by side
  const channel = new MessageChannel();
  const answer = () => {
    if (!asked || !session) return;
    asked = false;
    const frame = session.frame();
    postMessage(frame, { transfer: [frame.weights.buffer, frame.codes.buffer] });
  };
  const mayStep = () => session?.playing && session.steps.count < limit;
  const turn = () => {
    running = false;
    const end = performance.now() + SLICE;
    while (mayStep()) {
      session.step();
      if (slow || performance.now() >= end) break;
    }
    answer();
    next();
  };
  const next = () => {
    if (running || !mayStep()) return;
    running = true;
    if (slow) setTimeout(turn, SLOW);
    else channel.port2.postMessage(0);
  };
  channel.port1.onmessage = turn;
  const handlers = {
    open({ samples, recipe, knobs, use, playing, generation }) {
      session = new Session(samples, recipe, knobs, use, generation);
      session.playing = playing;
    },
    knobs({ knobs }) {
      if (session) session.knobs = knobs;
    },
    use({ use }) {
      session?.use(use);
    },
    play({ playing }) {
      if (session) session.playing = playing && !session.diverged;
    },
    step() {
      session?.step();
    },
    speed({ slow: wanted }) {
      slow = wanted;
    },
    frame({ until }) {
      asked = true;
      limit = until;
    },
  };
  addEventListener("message", ({ data }) => {
    handlers[data.kind](data);
    next();
    if (!running) answer();
  });
}

// In the page, and in Node, it is only told where it is.
if (typeof document === "undefined" && typeof self === "object") serve();
