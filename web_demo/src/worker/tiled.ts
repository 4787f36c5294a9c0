/** Painting a picture of any size in bounded memory: statistics of the whole first, then tile after tile. */
import { blankPixels, writePlanes } from "../shared/planes";
import type { Pixels } from "../shared/protocol";
import type { Source } from "../shared/source";
import { clip, tilesOf, type Tile } from "../shared/tiling";
import type { Checkpoint } from "./queue";
import { fitsOneRun, paddedSize, tilingFor, type Limits } from "./limits";
import type { Model } from "./model";
import { affineOf } from "./statistics";

/** The tiles of a picture; a single one where it is painted at once. */
export function tilesFor(model: Model, picture: Pick<Source, "width" | "height">, limits: Limits): Tile[] {
  const { content: rules } = model.manifest.preprocessing;
  const padded = paddedSize(picture, rules);
  const whole = { left: 0, top: 0, ...padded };
  if (fitsOneRun(picture, limits.wholePixels)) return [{ input: whole, core: whole }];
  return tilesOf(padded, tilingFor(limits.tile, rules));
}

/** `picture` painted, at once or in tiles; `painted` is called after each, `checkpoint` before each of several. */
export async function paintIn(
  model: Model,
  picture: Source,
  conditioning: Float32Array,
  limits: Limits,
  { checkpoint, painted }: { readonly checkpoint: Checkpoint; readonly painted: () => void },
): Promise<Pixels> {
  const range = model.manifest.preprocessing.value_range;
  const tiles = tilesFor(model, picture, limits);
  const whole = fitsOneRun(picture, limits.wholePixels);
  const affine = whole ? null : await affineOf(model, picture, conditioning, limits);
  const result = blankPixels(picture);
  for (const { input, core } of tiles) {
    if (!whole) await checkpoint();
    const planes = { ...input, values: picture.planes(input) };
    const values = affine === null ? await model.paint(planes, conditioning) : await model.paintTile(planes, affine);
    writePlanes(values, input, range, result, clip(core, picture));
    painted();
  }
  return result;
}
