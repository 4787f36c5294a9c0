/** Pictures whose regions have styles of their own. */
import { isBlank, layOver } from "../shared/masks";
import type { Manner, Pixels, Region } from "../shared/protocol";
import { seamlessMask } from "../shared/wrapping";
import type { Job } from "./job";
import type { Stylizer } from "./stylizer";

/**
 * `content` painted with `embedding`, and each of `regions` in its own style, mixed where masks are soft. The picture is
 * painted once for each style as a whole, so that each is just what it would be alone: norms look at the whole picture, and
 * the graph has one gamma and beta for all of it.
 */
export async function paintRegions(
  stylizer: Pick<Stylizer, "stylize">,
  content: Pixels,
  embedding: Float32Array,
  regions: readonly Region[],
  manner: Manner,
  job: Job,
): Promise<Pixels> {
  const masks = regions.map(({ mask }) => (manner.wrap ? seamlessMask(mask) : mask));
  const layers = regions.map((region, index) => ({ ...region, index })).filter(({ mask }) => !isBlank(mask));
  const pass = (number: number): Job => ({
    ...job,
    progress: (done, total) => job.progress(number * total + done, (layers.length + 1) * total),
  });
  const result = await stylizer.stylize(content, embedding, manner, pass(0));
  for (const [position, layer] of layers.entries()) {
    await job.checkpoint();
    layOver(result, await stylizer.stylize(content, layer.embedding, manner, pass(position + 1)), masks, layer.index);
  }
  return result;
}
