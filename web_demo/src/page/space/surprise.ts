/** Random blends that can be had again: the same seed and the same styles give the same blend. Pure. */
import type { ActiveStyle } from "../state";

/** Seeds are short enough to be read out and typed. */
export const SEEDS = 1_000_000;
const FEWEST = 2;
const MOST = 4;

/** Tommy Ettinger's generator Mulberry32: numbers from 0 to below 1. */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A few of the styles with random weights, that add up to 1. */
export function surprise(seed: number, ids: readonly string[]): ActiveStyle[] {
  const random = mulberry32(seed);
  const rest = [...ids];
  const count = Math.min(rest.length, FEWEST + Math.floor(random() * (MOST - FEWEST + 1)));
  const chosen = Array.from({ length: count }, () => rest.splice(Math.floor(random() * rest.length), 1)).flat();
  // Exponential variates, divided by their sum, spread evenly over all blends of these styles.
  const raw = chosen.map(() => -Math.log(1 - random()) + 0.05);
  const sum = raw.reduce((total, value) => total + value, 0);
  return chosen.map((id, i) => ({ id, weight: (raw[i] ?? 0) / sum }));
}

/** The seed of the next step: from a typed one the same walk always follows. */
export function nextSeed(seed: number): number {
  return Math.floor(mulberry32(seed ^ 0x5eed)() * SEEDS);
}

/** What was typed as a seed; null where it is none. */
export function parseSeed(typed: string): number | null {
  return /^\d{1,6}$/.test(typed.trim()) ? Number(typed) : null;
}
