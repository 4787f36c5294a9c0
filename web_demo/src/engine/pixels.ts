/** Pictures as pixels, in the way in which the page reads its own. */
import { fitWithin, styleFit, type Region, type Size } from "../shared/geometry";
import type { StyleRules } from "../shared/preprocessing";
import { reduce } from "../shared/reduction";
import { PHOTOGRAPHS, type Resampling } from "../shared/resample";
import { rowsOf } from "../shared/rows";
import type { Picture, Pixels } from "./api";

/** What of a picture is read, in which size and how. */
interface Reading {
  readonly cut: Region;
  readonly size: Size;
  readonly resampling: Resampling;
}

/** `picture` with a long side of at most `longSide`, on white where it is transparent. */
export async function pixelsOf(picture: Picture, longSide: number): Promise<Pixels> {
  if (isPixels(picture) && Math.max(picture.width, picture.height) <= longSide) return picture;
  return read(picture, ({ width, height }) => ({
    cut: { left: 0, top: 0, width, height },
    size: fitWithin({ width, height }, longSide),
    resampling: PHOTOGRAPHS,
  }));
}

/** `picture` as the style predictor is shown it. */
export async function stylePixelsOf(picture: Picture, rules: StyleRules): Promise<Pixels> {
  if (isPixels(picture)) {
    const { cut, size } = styleFit(picture, rules);
    if ([cut, size].every(({ width, height }) => width === picture.width && height === picture.height)) return picture;
  }
  return read(picture, (size) => ({ ...styleFit(size, rules), resampling: rules.resampling }));
}

function isPixels(picture: Picture): picture is Pixels {
  return "data" in picture;
}

async function read(picture: Picture, plan: (size: Size) => Reading): Promise<Pixels> {
  const bitmap = await createImageBitmap(isPixels(picture) ? new ImageData(picture.data, picture.width, picture.height) : picture);
  try {
    const { cut, size, resampling } = plan(bitmap);
    const context = new OffscreenCanvas(cut.width, 1).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("this browser has no 2D canvas");
    return reduce(cut, size, resampling, rowsOf(context, bitmap, cut));
  } finally {
    bitmap.close();
  }
}
