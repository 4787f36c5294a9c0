/** Exports of before: what a manifest of version 2 implied, and said at its top level. Pure. */
import { roundUp } from "./geometry";
import type { Preprocessing } from "./preprocessing";

/** What every page of then did. */
const THEN: Preprocessing = {
  version: 1,
  value_range: [0, 1],
  style: { short_side: 256, longest_aspect: 2, smallest_side: 32, resampling: "lanczos3" },
  content: { multiple: 16, smallest_multiples: 4, padding: "reflect", whole_pixels: 1024 ** 2, tile: 768, overlap: 160, patch: 256, patches: 4 },
  strokes: { reference_side: 512, factor: 3, resampling: "bicubic" },
  colors: { luma: [0.299, 0.587, 0.114], flattest: 1e-3 },
};

/** Whether this is a manifest of version 2, which had no preprocessing. */
export function isEarlier(value: unknown): boolean {
  return (value as { version?: unknown } | null)?.version === 2;
}

/** A manifest of version 2 as one of version 3; anything else as it is. */
export function withPreprocessing(value: unknown): unknown {
  if (!isEarlier(value)) return value;
  const earlier = value as { size_multiple?: unknown; style_size?: unknown; overlap?: unknown };
  const number = (given: unknown, otherwise: number): number => (typeof given === "number" ? given : otherwise);
  const multiple = number(earlier.size_multiple, THEN.content.multiple);
  const overlap = roundUp(number(earlier.overlap, THEN.content.overlap), multiple, 0);
  const style = { ...THEN.style, short_side: number(earlier.style_size, THEN.style.short_side) };
  return { ...earlier, version: 3, preprocessing: { ...THEN, style, content: { ...THEN.content, multiple, overlap } } };
}
