/** Painting with strokes in proportion to the picture: small first, then larger and larger, each over the one before. */
import type { Size } from "../shared/geometry";
import type { Pixels } from "../shared/protocol";
import { PHOTOGRAPHS, resize } from "../shared/resample";
import { sourceOf } from "../shared/source";
import { paintedOver, putBack, strokeLevels } from "../shared/strokes";
import type { Job } from "./job";
import type { Limits } from "./limits";
import type { Model } from "./model";
import { paintIn, tilesFor } from "./tiled";

/**
 * `content` painted, at its size. Of its own size exist its bytes and the result's; copies in between take an eighth of
 * them more. Progress counts tiles of all levels, where a level has several.
 *
 * @param stroke Size of the strokes, over that of a picture of the reference size.
 */
export async function paintCoarseToFine(
  model: Model,
  content: Pixels,
  conditioning: Float32Array,
  stroke: number,
  limits: Limits,
  job: Job,
): Promise<Pixels> {
  const { strokes: rules, value_range: range } = model.manifest.preprocessing;
  const levels = strokeLevels(content, rules, stroke);
  const tiles = levels.map((size) => tilesFor(model, size, limits).length);
  const total = tiles.reduce((sum, count) => sum + count, 0);
  let done = 0;
  // Pictures that are painted at once, even twice, are there before progress could be read.
  const progress = (): void => {
    if (total > levels.length) job.progress(done, total);
  };
  progress();
  const { checkpoint } = job;
  const painted = (): void => {
    done++;
    progress();
  };
  const photographs = await reducedTo(content, levels.slice(0, -1), job);
  let result: Pixels | null = null;
  for (const [level, photograph] of photographs.entries()) {
    const copy = photographs[level - 1];
    const below = result;
    const plain = sourceOf(photograph, range);
    const picture = copy && below ? paintedOver(plain, copy, below, range, rules) : plain;
    if (level > 0) await checkpoint();
    result = await paintIn(model, picture, conditioning, limits, { checkpoint, painted });
    if (below) putBack(result, below, rules);
  }
  if (result === null) throw new Error("a picture has at least one level");
  return result;
}

/** As `reductions` in impasto/strokes.py: the photograph as it is read at each of `sizes`, and then itself. */
async function reducedTo(photograph: Pixels, sizes: readonly Size[], job: Job): Promise<Pixels[]> {
  const found: Pixels[] = [];
  for (const size of sizes) {
    await job.checkpoint();
    found.push(resize(photograph, size, PHOTOGRAPHS));
  }
  return [...found, photograph];
}
