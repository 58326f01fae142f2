// @ts-check
// The line that says whether a place lies among the data.

const STATES = {
  far: "Far from anything the network has seen: the picture is a guess.",
  inside: "Inside the data",
  "": "",
};

/** @param {HTMLElement} status @param {boolean | null} far as `isFar` says; null: nothing is said */
export function showDataState(status, far) {
  const state = far === null ? "" : far ? "far" : "inside";
  if (status.dataset.state === state) return;
  status.dataset.state = state;
  status.lastElementChild.textContent = STATES[state];
}
