// @ts-check
// Small pictures that follow the hand as fast as there is time.

/** @typedef {{paint: () => void, stale?: boolean}} Tile */

export class Tiles {
  /** @type {Tile[]} */ list = [];
  #turn = 0;

  /** These have to be painted again. @param {Tile[]} [tiles] */
  touch(tiles = this.list) {
    for (const tile of tiles) tile.stale = true;
  }

  /**
   * Paint until a time, at least one; says whether more are left. One after the other from where it stopped last, so
   * that each gets its turn also while the hand never rests.
   * @param {number} until performance.now()
   */
  paint(until) {
    for (let n = 0; n < this.list.length; n++) {
      const next = (this.#turn + 1) % this.list.length;
      const tile = this.list[next];
      if (tile.stale && performance.now() > until) return true;
      this.#turn = next;
      if (!tile.stale) continue;
      tile.stale = false;
      tile.paint();
    }
    return false;
  }

  isStale() {
    return this.list.some((tile) => tile.stale);
  }
}
