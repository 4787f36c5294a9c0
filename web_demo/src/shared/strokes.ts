/**
 * Strokes whose size is a share of the picture's, however large it is. A network's strokes have a fixed size in pixels, so
 * that a large picture is painted coarse to fine: a small one first, and each larger one over what the one before has made
 * of it, which keeps the large strokes and adds edges and the relief of paint. Pure.
 *
 *   lower level:  p = reduce(photograph), painted: c
 *   this level:   f = paint(photograph + enlarge(c - p)),  result = f + enlarge(c - reduce(f))
 */
import { halfUp, type Region, type Size } from "./geometry";
import type { ValueRange } from "./planes";
import type { StrokeRules } from "./preprocessing";
import type { Pixels } from "./protocol";
import { enlarged, resize } from "./resample";
import type { Source } from "./source";

/** Rows that are worked on at once where the whole picture is. */
const STRIP = 64;

/**
 * The sizes at which a picture is painted in turn, the smallest first and its own last. The smallest has a long side of
 * `reference_side / stroke`; a picture that is no larger is painted at its own size alone.
 *
 * @param stroke Size of the strokes, over that of the reference picture's.
 */
export function strokeLevels({ width, height }: Size, { reference_side: reference, factor }: StrokeRules, stroke: number): Size[] {
  if (!Number.isFinite(stroke) || stroke <= 0) throw new RangeError(`stroke must be a finite number above 0, received ${stroke}`);
  const ratio = (Math.max(width, height) * stroke) / reference;
  if (ratio <= 1) return [{ width, height }];
  // A hair below, so that a ratio of exactly `factor` takes one step on every machine.
  const steps = Math.max(1, Math.ceil(Math.log(ratio) / Math.log(factor) - 1e-9));
  const lower = Array.from({ length: steps }, (_, i) => {
    const scale = ratio ** (-(steps - i) / steps);
    return { width: Math.max(1, halfUp(width * scale)), height: Math.max(1, halfUp(height * scale)) };
  });
  return [...lower, { width, height }];
}

/** What one picture has more than another of its size: interleaved RGB, 0 to 255. */
interface Difference extends Size {
  readonly values: Float32Array;
}

function differenceOf(one: Pixels, other: Pixels): Difference {
  const { width, height } = one;
  const values = new Float32Array(3 * width * height);
  let target = 0;
  for (let i = 0; i < one.data.length; i += 4) {
    for (let channel = i; channel < i + 3; channel++) values[target++] = (one.data[channel] ?? 0) - (other.data[channel] ?? 0);
  }
  return { width, height, values };
}

/** `photograph` with what painting has changed in a smaller copy of it. */
export function paintedOver(photograph: Source, copy: Pixels, painted: Pixels, [low, high]: ValueRange, { resampling }: StrokeRules): Source {
  const change = differenceOf(painted, copy);
  const scale = (high - low) / 255;
  const { width, height } = photograph;
  return {
    width,
    height,
    planes(region) {
      const values = photograph.planes(region);
      const more = enlarged(change.values, change, { width, height }, region, resampling);
      for (let i = 0; i < values.length; i++) values[i] = Math.min(high, Math.max(low, (values[i] ?? 0) + scale * (more[i] ?? 0)));
      return values;
    },
  };
}

/** As in impasto/strokes.py, where what they are worth is told. */
const PASSES = 3;

/**
 * Gives `fine`, in place, the large strokes of `coarse`; `PASSES` times, since clipping, and what a reduction loses of an
 * enlargement, leave some of the difference.
 */
export function putBack(fine: Pixels, coarse: Pixels, rules: StrokeRules): void {
  for (let pass = 0; pass < PASSES; pass++) putBackOnce(fine, coarse, rules);
}

function putBackOnce(fine: Pixels, coarse: Pixels, { resampling }: StrokeRules): void {
  const { width, height, data } = fine;
  const lost = differenceOf(coarse, resize(fine, coarse, resampling));
  for (let top = 0; top < height; top += STRIP) {
    const region: Region = { left: 0, top, width, height: Math.min(STRIP, height - top) };
    const more = enlarged(lost.values, lost, { width, height }, region, resampling);
    let target = 4 * width * top;
    for (let i = 0; i < more.length; i += 3, target += 4) {
      for (let channel = 0; channel < 3; channel++) data[target + channel] = (data[target + channel] ?? 0) + (more[i + channel] ?? 0);
    }
  }
}
