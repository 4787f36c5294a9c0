/** The sizes that a result can have: an ascending row of long sides, and the photograph's own. Pure. */
import { fitWithin, type Size } from "../shared/geometry";

/** Size bound that stands for the photograph's own size, whatever that is. */
export const FULL_SIZE = Infinity;
export const INITIAL_SIZE = 384;
export const SMALLEST_SIZE = 128;

const LONG_SIDES = [SMALLEST_SIZE, 192, 256, INITIAL_SIZE, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288];

export interface SizeChoice {
  /** Upper bound of the result's long side: what the state holds. */
  readonly bound: number;
  /** The result's size; null while the photograph's is unknown. */
  readonly size: Size | null;
}

/** What can be chosen for a photograph of size `photo`; the last one is its full size. */
export function sizeChoices(photo: Size | null): SizeChoice[] {
  const choice = (bound: number): SizeChoice => ({ bound, size: photo && fitWithin(photo, bound) });
  const smaller = LONG_SIDES.filter((side) => photo === null || side < Math.max(photo.width, photo.height));
  return [...smaller, FULL_SIZE].map(choice);
}

/** The choice that `bound` means for this photograph: the largest one within it. */
export function chosenSize(choices: readonly SizeChoice[], bound: number): SizeChoice | undefined {
  const last = choices.at(-1);
  const within = choices.filter((choice) => choice.bound <= bound).at(-1);
  const reachesAll = last?.size != null && Math.max(last.size.width, last.size.height) <= bound;
  return reachesAll ? last : (within ?? choices[0]);
}
