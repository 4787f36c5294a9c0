/** Painting a picture of any size in bounded memory: statistics of the whole first, then tile after tile. */
import { blankPixels, toPlanes, writePlanes } from "../shared/planes";
import type { Pixels } from "../shared/protocol";
import { clip, tilesOf } from "../shared/tiling";
import type { Job } from "./job";
import { paddedSize, tilingFor } from "./limits";
import type { Model } from "./model";
import { affineOf } from "./statistics";

/**
 * `content` painted in tiles.
 *
 * @param sides What one run of the network may take, in pixels: the largest side of a tile, and the side whose square is
 *   looked at for statistics.
 */
export async function paintTiled(
  model: Model,
  content: Pixels,
  conditioning: Float32Array,
  sides: { readonly tile: number; readonly statistics: number },
  job: Job,
): Promise<Pixels> {
  const { manifest } = model;
  const range = manifest.value_range;
  const tiles = tilesOf(paddedSize(content, manifest), tilingFor(sides.tile, manifest));
  const result = blankPixels(content);
  job.progress(0, tiles.length);
  const affine = await affineOf(model, content, conditioning, sides.statistics);
  for (const [index, { input, core }] of tiles.entries()) {
    await job.checkpoint();
    const values = await model.paintTile({ ...input, values: toPlanes(content, input, range) }, affine);
    writePlanes(values, input, range, result, clip(core, content));
    job.progress(index + 1, tiles.length);
  }
  return result;
}
