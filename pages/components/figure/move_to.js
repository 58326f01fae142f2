// @ts-check

/**
 * An event by which a lesson moves what the hand moves otherwise: a pad's dot goes to `detail.z`; `detail.ends`: it has
 * arrived.
 */
export const MOVE_TO = "lx-move-to";
