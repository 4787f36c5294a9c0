/** How long something will still take. Pure. */

/** Before, it would be a guess: the first frames take longer than the others. */
const ENOUGH_MS = 3000;

/** Seconds left after `elapsed` milliseconds, in which `part` of the whole was done; null while nobody can say. */
export function secondsLeft(elapsed: number, part: number): number | null {
  return elapsed < ENOUGH_MS || part <= 0 ? null : ((elapsed / 1000) * (1 - Math.min(1, part))) / part;
}
