// @ts-check
// What the components of a page share. `channel` puts it here as it comes from Python; figures read it and subscribe.

/**
 * Values by name; whoever subscribes hears of each that comes, also of one that replaces another.
 * @template T
 * @extends {Map<string, T>}
 */
export class Store extends Map {
  /** @type {Set<(name: string) => void>} */ #listeners = new Set();
  #limit;

  /** @param {number} [limit] names that it keeps: the one that was put longest ago goes first */
  constructor(limit = Number.POSITIVE_INFINITY) {
    super();
    this.#limit = limit;
  }

  /** @param {string} name @param {T} value */
  put(name, value) {
    this.delete(name); // to the end
    this.set(name, value);
    if (this.size > this.#limit) this.delete(this.keys().next().value);
    for (const listener of [...this.#listeners]) listener(name);
  }

  /** @param {(name: string) => void} listener @returns {() => void} unsubscribe */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The value of this name, as soon as there is one. @param {string} name @returns {Promise<T>} */
  ready(name) {
    return new Promise((resolve) => {
      if (this.has(name)) return resolve(this.get(name));
      const unsubscribe = this.subscribe((other) => {
        if (other !== name) return;
        unsubscribe();
        resolve(this.get(name));
      });
    });
  }
}

/** Models by name; they stay when their component goes. @type {Store<import("./model.js").Model>} */
export const models = new Store();

/**
 * Chunks of snapshots, by run and number; a run looked at earlier is sent again when its components come back.
 * @type {Store<Map<number, ReturnType<typeof import("./snapshots.js").parseSnapshots>>>}
 */
export const snapshots = new Store(8);

/**
 * Detections by name: blocks of bytes, the whole one and a part of it in full.
 * @type {Store<{main?: Uint8Array, detail?: Uint8Array}>}
 */
export const signals = new Store(3);

/**
 * The last geodesic of a model: the way from a to b (k) through points (T, k).
 * @type {Store<{model: string, a: number[], b: number[], points: number[][]}>}
 */
export const paths = new Store();

/**
 * Held-out samples by the data's name: a byte a value, low to high of range, one sample after the other.
 * @type {Store<{values: Uint8Array, range: [number, number]}>}
 */
export const samples = new Store(3);

/** @param {string} name */
export function modelReady(name) {
  return models.ready(name);
}
