/**
 * What happens to pixels before and after the networks, as data that travels with a model: the `preprocessing` block of its
 * manifest. Python reads the same one (impasto/contract.py), and tests/golden holds both sides to it.
 */
import * as v from "valibot";

const whole = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least));
const share = v.pipe(v.number(), v.finite(), v.minValue(0));

const styleSchema = v.object({
  /** Larger pictures are reduced to this short side, smaller ones keep their size. */
  short_side: whole(1),
  /** Long side over short side; longer pictures are cut to it about their centre. */
  longest_aspect: v.pipe(v.number(), v.finite(), v.minValue(1)),
  /** Smaller pictures are continued by reflection. */
  smallest_side: whole(1),
  resampling: v.literal("lanczos3"),
});

const contentSchema = v.pipe(
  v.object({
    /** Of height and width. */
    multiple: whole(1),
    /** Least height and width, in multiples. */
    smallest_multiples: whole(1),
    padding: v.literal("reflect"),
    /** Pictures of up to so many pixels are painted whole, larger ones in tiles. */
    whole_pixels: whole(1),
    /** Largest side of what is painted at once where there are tiles. */
    tile: whole(1),
    /** Pixels around a tile that its painted pixels can depend on. */
    overlap: whole(0),
    /** Side of the patches that statistics are measured on where there are tiles, and how many there are an axis at most. */
    patch: whole(1),
    patches: whole(1),
  }),
  v.check(({ tile, overlap, patch, multiple }) => [tile, overlap, patch].every((side) => side % multiple === 0), "must have tile, overlap and patch that are multiples of multiple"),
  v.check(({ tile, overlap }) => tile > 2 * overlap, "must have a tile of more than twice the overlap"),
);

const strokesSchema = v.object({
  /** Long side of the picture whose look larger ones keep, at stroke 1. */
  reference_side: whole(1),
  /** How much larger a level is than the one below it, at most. */
  factor: v.pipe(v.number(), v.finite(), v.minValue(1.5)),
  /** Of what painting changes at a level; the photograph itself is reduced as it is when it is read. */
  resampling: v.literal("bicubic"),
});

const coloursSchema = v.object({
  /** Weights of red, green and blue. */
  luma: v.tuple([share, share, share]),
  /** Directions in which a style's colours vary less than this share of the widest one are left out of recolouring. */
  flattest: share,
});

export const preprocessingSchema = v.object({
  version: v.literal(1),
  value_range: v.tuple([v.literal(0), v.literal(1)]),
  style: styleSchema,
  content: contentSchema,
  strokes: strokesSchema,
  colors: coloursSchema,
});

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

export type Preprocessing = DeepReadonly<v.InferOutput<typeof preprocessingSchema>>;
export type StyleRules = Preprocessing["style"];
export type ContentRules = Preprocessing["content"];
export type StrokeRules = Preprocessing["strokes"];
export type ColourRules = Preprocessing["colors"];
