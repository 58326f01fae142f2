// @ts-check
// The way of a morph: its ends, the path between them, and the code at t.
import { along, between, evenTimes, spherical, straight } from "../math/paths.js";

/** @typedef {import("../types").MorphEnd} End */

/** The paths, and how each is drawn. dashes: of a line on the map; border: the same of an element. */
export const PATHS = {
  straight: { label: "straight", title: "The line from A to B", dashes: [], border: "solid" },
  spherical: {
    label: "spherical",
    title: "Turns the direction evenly, and changes the distance from the middle evenly",
    dashes: [7, 4],
    border: "dashed",
  },
  geodesic: {
    label: "geodesic",
    title: "The way on which the picture changes least, found by the server after each release",
    dashes: [2, 3],
    border: "dotted",
  },
};

export class Route {
  /** @type {{a: End, b: End}} */ ends;
  /** name of the path that is chosen */
  path = "straight";
  /** whether t runs so that what is decoded changes evenly */
  even = false;
  /** whether t goes beyond the ends */
  overshoot = false;
  /** @type {number[] | null} the t of places with the same change from each to the next */
  times = null;
  /** @type {import("../math/paths.js").Path} */ #current;
  #timesFor = -1;

  /**
   * @param {import("../runtime/model.js").Model} model
   * @param {() => {a: number[], b: number[], points: number[][]} | undefined} found the last geodesic of the model
   * @param {number} evenPoints at which the change along a path is measured
   */
  constructor(model, found, evenPoints) {
    this.model = model;
    this.found = found;
    this.evenPoints = evenPoints;
  }

  /** Only a Gaussian prior puts codes near a sphere, and only in many dimensions. @param {string} path */
  offers(path) {
    return Object.hasOwn(PATHS, path) && (path !== "spherical" || (this.model.gaussian && this.model.k > 2));
  }

  low() {
    return this.overshoot ? -0.5 : 0;
  }

  high() {
    return this.overshoot ? 1.5 : 1;
  }

  /** The points of the geodesic between these ends; null while the one that was found last is between others. */
  geodesic() {
    const { a, b } = this.ends;
    const found = this.found();
    return found && String(found.a) === String(a.z) && String(found.b) === String(b.z) ? found.points : null;
  }

  /** t -> z along one of the paths; null for a geodesic that has not been found yet. @param {string} name */
  along(name) {
    const { a, b } = this.ends;
    if (name !== "geodesic") return (name === "spherical" ? spherical : straight)(a.z, b.z);
    const points = this.geodesic();
    return points && along(points);
  }

  isWaiting() {
    return this.path === "geodesic" && !this.geodesic();
  }

  /**
   * Follow the ends and what is chosen.
   * @param {number} version of them @param {boolean} atOnce whether even times are computed now, not piece by piece
   */
  update(version, atOnce) {
    this.#current = this.along(this.path) ?? this.along("straight"); // the straight one meanwhile
    if (!this.even) this.times = null;
    if (!this.even || !atOnce || this.#timesFor === version) return;
    this.#timesFor = version;
    this.times = [...this.evenTimes()].at(-1);
  }

  evenTimes() {
    return evenTimes(this.model.decode, this.#current, this.evenPoints);
  }

  /** The code at t; at the ends theirs, to the last digit. @param {number} t */
  at(t) {
    const { a, b } = this.ends;
    if (t === 0 || t === 1) return t ? b.z : a.z;
    const evened = this.even && this.times && t > 0 && t < 1;
    return this.#current(evened ? between(this.times, t * (this.evenPoints - 1)) : t);
  }
}
