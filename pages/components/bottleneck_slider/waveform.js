// @ts-check
// Signals that are made here: sums of sinusoids with noise; and the amplitudes of their frequencies.
import { boxMuller, mulberry32 } from "../math/random.js";

const GOLDEN = 0.618033988749895; // its multiples never bunch

/** @typedef {{seed: number, complexity: number, noise: number, phase: number, frequency: number}} Recipe */

/**
 * x(t) = Σ a sin(2π(f t + φ)) + noise, as ae_core/data/sinusoids.py makes them. The seed fixes every sinusoid, however
 * many are added: one more changes none of the others. The first is the slowest, the others spread evenly over the rest
 * of the range.
 * @param {Recipe} recipe frequency: the slowest, cycles a window; phase: turns that are added to all
 * @param {{frequency: number[], amplitude: number[]}} limits [least, most] each
 * @param {number} length
 */
export function waveform({ seed, complexity, noise, phase, frequency }, limits, length) {
  const x = new Float32Array(length);
  const draw = mulberry32(seed);
  const gauss = mulberry32(seed ^ 0x5bd1e995);
  const [least, most] = limits.amplitude;
  for (let j = 0; j < complexity; j++) {
    const u = draw();
    const a = least + draw() * (most - least);
    const turn = draw();
    const part = j === 0 ? 0 : (j * GOLDEN + 0.1 * u) % 1;
    const f = frequency + part * (limits.frequency[1] - frequency);
    for (let i = 0; i < length; i++) x[i] += a * Math.sin(2 * Math.PI * ((f * i) / length + turn + phase));
  }
  for (let i = 0; i < length; i++) x[i] += noise * boxMuller(gauss(), gauss());
  return x;
}

/**
 * Amplitude of each whole frequency up to `most`: |DFT| · 2 / n (the mean once).
 * @param {Float32Array} x @param {number} most
 */
export function amplitudes(x, most) {
  const n = x.length;
  const count = Math.min(most, n >> 1) + 1;
  const result = new Float32Array(count);
  const table = (wave) => Float64Array.from({ length: n }, (_, i) => wave((2 * Math.PI * i) / n));
  const cos = table(Math.cos);
  const sin = table(Math.sin);
  for (let f = 0; f < count; f++) {
    let re = 0;
    let im = 0;
    for (let i = 0; i < n; i++) {
      const turn = (f * i) % n;
      re += x[i] * cos[turn];
      im += x[i] * sin[turn];
    }
    result[f] = (Math.hypot(re, im) * (f === 0 || 2 * f === n ? 1 : 2)) / n;
  }
  return result;
}
