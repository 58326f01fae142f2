// @ts-check
// The worker: it trains in slices, and hears of knobs between them. The same module tells the page its address, so that
// the linker need know nothing of workers: a worker imports the page's blob: modules as the page does.
import { Session } from "./session.js";

const SLICE = 12; // ms of steps between two looks at what was said
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
  const channel = new MessageChannel();
  const answer = () => {
    if (!asked || !session) return;
    asked = false;
    const frame = session.frame();
    postMessage(frame, { transfer: [frame.weights.buffer, frame.codes.buffer] });
  };
  const turn = () => {
    running = false;
    if (session?.playing) {
      const end = performance.now() + SLICE;
      do session.step();
      while (!slow && session.playing && performance.now() < end);
    }
    answer();
    next();
  };
  const next = () => {
    if (running || !session?.playing) return;
    running = true;
    if (slow) setTimeout(turn, SLOW);
    else channel.port2.postMessage(0);
  };
  channel.port1.onmessage = turn;
  const handlers = {
    open({ samples, recipe, knobs, playing, generation }) {
      session = new Session(samples, recipe, knobs, generation);
      session.playing = playing;
    },
    knobs({ knobs }) {
      if (session) session.knobs = knobs;
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
    frame() {
      asked = true;
    },
  };
  addEventListener("message", ({ data }) => {
    handlers[data.kind](data);
    if (!session?.playing) answer();
    next();
  });
}

if (!("document" in globalThis) && "postMessage" in globalThis && "importScripts" in globalThis) serve();
