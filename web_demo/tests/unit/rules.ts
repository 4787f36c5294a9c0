/** A preprocessing block with the numbers of the shipped model, to be varied. */
import type { ContentRules, Preprocessing } from "../../src/shared/preprocessing";

export const RULES: Preprocessing = {
  version: 1,
  value_range: [0, 1],
  style: { short_side: 256, longest_aspect: 2, smallest_side: 32, resampling: "lanczos3" },
  content: { multiple: 16, smallest_multiples: 4, padding: "reflect", whole_pixels: 1048576, tile: 768, overlap: 112, patch: 256, patches: 4 },
  strokes: { reference_side: 512, factor: 3, resampling: "bicubic" },
  colors: { luma: [0.299, 0.587, 0.114], flattest: 0.001 },
};

export function contentRules(change: Partial<ContentRules> = {}): ContentRules {
  return { ...RULES.content, ...change };
}
