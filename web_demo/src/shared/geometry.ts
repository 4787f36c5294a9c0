/** Sizes and padding, in whole pixels. Pure. */
import type { StyleRules } from "./preprocessing";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A rectangle of pixels; `left` and `top` belong to it. */
export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** The largest size of the same shape whose long side is at most `longSide`; never larger than the picture, never below 1. */
export function fitWithin({ width, height }: Size, longSide: number): Size {
  return scaled({ width, height }, Math.min(1, longSide / Math.max(width, height)), Math.round);
}

/** The largest size of the same shape with at most `area` pixels; never larger than the picture, never below 1 a side. */
export function fitArea({ width, height }: Size, area: number): Size {
  if (width * height <= area) return { width, height };
  // A line that is one pixel wide cannot be made any narrower.
  const scale = Math.min(Math.sqrt(area / (width * height)), area / Math.max(width, height));
  return scaled({ width, height }, scale, Math.floor);
}

function scaled({ width, height }: Size, scale: number, round: (length: number) => number): Size {
  return { width: Math.max(1, round(width * scale)), height: Math.max(1, round(height * scale)) };
}

/** How a picture comes to the style predictor's size. */
export interface StyleFit {
  /** What is cut out of it. */
  readonly cut: Region;
  /** What that is reduced to; never more than it has. */
  readonly size: Size;
}

/** What of a picture of this size the style predictor is shown. */
export function styleFit({ width, height }: Size, { short_side: side, longest_aspect: aspect }: StyleRules): StyleFit {
  const longest = halfUp(Math.min(width, height) * aspect);
  const kept = { width: Math.min(width, longest), height: Math.min(height, longest) };
  const scale = Math.min(1, side / Math.min(kept.width, kept.height));
  const size = { width: halfUp(kept.width * scale), height: halfUp(kept.height * scale) };
  const cut = { left: Math.floor((width - kept.width) / 2), top: Math.floor((height - kept.height) / 2), ...kept };
  return { cut, size };
}

/** The nearest whole number, halves upwards. */
export function halfUp(value: number): number {
  return Math.floor(value + 0.5);
}

/** The smallest multiple of `multiple` that is at least `length` and at least `minimum`. */
export function roundUp(length: number, multiple: number, minimum = 1): number {
  return Math.ceil(Math.max(length, minimum) / multiple) * multiple;
}

/**
 * Where position `index` of a padded line comes from: the line mirrored at its ends without repeating the end itself,
 * again and again if the padding is longer than the line. A line of one pixel repeats that pixel.
 */
export function reflectIndex(index: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const position = ((index % period) + period) % period;
  return position < length ? position : period - position;
}
