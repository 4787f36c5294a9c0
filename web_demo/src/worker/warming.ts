/** Runs of a painter that nobody sees: the first, for which everything is compiled, and those that are timed. */
import { PLAIN } from "../shared/protocol";
import type { Job } from "./job";
import type { Stylizer } from "./stylizer";

const WARM_UP_SIDE = 64;
/** Large enough that a GPU is not judged by what it costs to talk to it, small enough for a slow processor. */
const TIMED_SIDE = 256;
/** Timed more than once only where that is quick. */
const SLOW_MS = 400;

const QUIETLY: Job = { checkpoint: () => Promise.resolve(), progress: () => undefined, smallerTiles: () => undefined };

/** Compiles what has to be compiled, and throws where the backend cannot compute the model. */
export async function warmUp(stylizer: Stylizer): Promise<void> {
  await paint(stylizer, WARM_UP_SIDE);
}

/** How long a picture of so many pixels takes once everything is compiled. */
export async function timed(stylizer: Stylizer): Promise<{ ms: number; pixels: number }> {
  // Other sizes are compiled anew on graphics processors.
  await paint(stylizer, TIMED_SIDE);
  const first = await time(stylizer);
  return { ms: first > SLOW_MS ? first : Math.min(first, await time(stylizer)), pixels: TIMED_SIDE ** 2 };
}

async function time(stylizer: Stylizer): Promise<number> {
  const start = performance.now();
  await paint(stylizer, TIMED_SIDE);
  return performance.now() - start;
}

async function paint(stylizer: Stylizer, side: number): Promise<void> {
  const data = Uint8ClampedArray.from({ length: 4 * side ** 2 }, (_, i) => (i * 37) % 256);
  // Any style takes as long as any other.
  await stylizer.stylize({ width: side, height: side, data }, new Float32Array(stylizer.embeddingSize), PLAIN, QUIETLY);
}
