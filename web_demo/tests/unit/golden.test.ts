/** The cases that Python writes (tests/golden in the folder above), and is held to as well: both sides do the same. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as v from "valibot";
import { decodeStyle, encodeStyle } from "../../src/page/space/share_code";
import { blend, interpolate } from "../../src/shared/blend";
import { coverOf, extended as extendedRows, isTransparent } from "../../src/shared/extension";
import { fitWithin, reflectIndex, roundUp, styleFit } from "../../src/shared/geometry";
import { keepColours } from "../../src/shared/luma";
import { layOver, shareOf, type Mask } from "../../src/shared/masks";
import { mosaicOf } from "../../src/shared/mosaic";
import type { Pixels } from "../../src/shared/pixels";
import { preprocessingSchema, type ColourRules, type StrokeRules, type StyleRules } from "../../src/shared/preprocessing";
import { recolour } from "../../src/shared/recolour";
import { reduce } from "../../src/shared/reduction";
import { resize, type Resampling } from "../../src/shared/resample";
import { sourceOf } from "../../src/shared/source";
import { paintedOver, putBack, strokeLevels } from "../../src/shared/strokes";
import { tilesOf } from "../../src/shared/tiling";
import { extended, folded, seamless, seamlessMask, wrappingOf, type Wrapping } from "../../src/shared/wrapping";
import { NoiseFilter } from "../../src/worker/noise";
import { contentRules, RULES } from "./rules";

type Picture = readonly (readonly (readonly number[])[])[];

function golden(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../tests/golden/${name}.json`, import.meta.url), "utf8"));
}

function pixels(picture: Picture): Pixels {
  const values = picture.flatMap((row) => row.flatMap((pixel) => [...pixel, 255]));
  return { width: picture[0]?.length ?? 0, height: picture.length, data: Uint8ClampedArray.from(values) };
}

/** Largest difference of any channel, in levels of 255. */
function apart({ data, width, height }: Pixels, expected: Picture): number {
  expect([height, width]).toEqual([expected.length, expected[0]?.length]);
  const values = expected.flat(2);
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - (data[4 * Math.floor(i / 3) + (i % 3)] ?? NaN))), 0);
}

/** "NaN" and "Infinity", which JSON does not have. */
const number = (value: number | string): number => Number(value);

describe("golden cases", () => {
  it("of the contract are read", () => {
    expect(v.parse(preprocessingSchema, golden("preprocessing"))).toEqual({ ...RULES, content: { ...RULES.content, overlap: 160 } });
  });

  it("of the style fit", () => {
    interface Case extends Record<"width" | "height" | "left" | "top" | "right" | "bottom" | "padded_width" | "padded_height", number> {
      readonly rules: StyleRules;
    }
    // The files hold the size twice under one name: of the picture, and, after it, of the result.
    const sizes = [[256, 256], [1000, 2000], [4000, 100], [300, 333], [101, 300], [20, 33], [1, 1000], [257, 515], [3000, 1999], [640, 480], [31, 31], [5, 5000], [513, 256]] as const;
    (golden("fit") as Case[]).forEach((found, i) => {
      const [width, height] = sizes[i] ?? [0, 0];
      const { cut, size } = styleFit({ width, height }, found.rules);
      expect(cut).toEqual({ left: found.left, top: found.top, width: found.right - found.left, height: found.bottom - found.top });
      expect(size).toEqual({ width: found.width, height: found.height });
      const least = found.rules.smallest_side;
      expect([roundUp(size.width, 1, least), roundUp(size.height, 1, least)]).toEqual([found.padded_width, found.padded_height]);
    });
  });

  it("of padding", () => {
    interface Padding {
      readonly multiple: number;
      readonly smallest_multiples: number;
      readonly sides: readonly { readonly side: number; readonly padded: number }[];
      readonly reflections: readonly { readonly start: number; readonly length: number; readonly places: readonly number[] }[];
    }
    const { multiple, smallest_multiples: fewest, sides, reflections } = golden("padding") as Padding;
    for (const { side, padded } of sides) expect(roundUp(side, multiple, fewest * multiple)).toBe(padded);
    for (const { start, length, places } of reflections) expect(places.map((_, i) => reflectIndex(start + i, length))).toEqual(places);
  });

  it("of tiles and the mosaic", () => {
    interface Tiles {
      readonly tiles: readonly { readonly side: number; readonly tile: number; readonly overlap: number; readonly multiple: number; readonly spans: readonly (readonly number[])[] }[];
      readonly mosaic: readonly { readonly side: number; readonly starts: readonly number[] }[];
      readonly patch: number;
    }
    const { tiles, mosaic } = golden("tiles") as Tiles;
    for (const { side, tile, overlap, multiple, spans } of tiles) {
      const found = tilesOf({ width: side, height: multiple }, { limit: tile, overlap, multiple });
      expect(found.map(({ input, core }) => [input.left, input.left + input.width, core.left, core.left + core.width])).toEqual(spans);
    }
    const lengths = [64, 256, 496, 512, 1040, 1536, 4000];
    mosaic.forEach(({ side, starts }, i) => {
      const { patches } = mosaicOf({ width: lengths[i] ?? 0, height: 16 }, contentRules());
      expect(patches.map(({ left }) => left)).toEqual(starts);
      expect(patches[0]?.width).toBe(side);
    });
  });

  it("of blends and strength", () => {
    interface Blends {
      readonly vectors: readonly (readonly number[])[];
      readonly cases: readonly { readonly weights: readonly number[]; readonly blend: readonly number[] }[];
      readonly refused: readonly (readonly (number | string)[])[];
    }
    const { vectors, cases, refused } = golden("blend") as Blends;
    const styles = vectors.map((vector) => Float32Array.from(vector));
    for (const { weights, blend: expected } of cases) {
      blend(styles, weights).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5));
    }
    for (const weights of refused) expect(() => blend(styles, weights.map(number))).toThrow(RangeError);

    interface Strengths {
      readonly own: readonly number[];
      readonly style: readonly number[];
      readonly cases: readonly { readonly strength: number; readonly vector: readonly number[] }[];
      readonly refused: readonly (number | string)[];
    }
    const { own, style, ...strengths } = golden("strength") as Strengths;
    const mixed = (strength: number): Float32Array => interpolate(Float32Array.from(own), Float32Array.from(style), strength);
    for (const { strength, vector } of strengths.cases) mixed(strength).forEach((value, i) => expect(value).toBeCloseTo(vector[i] ?? NaN, 5));
    for (const strength of strengths.refused) expect(() => mixed(number(strength))).toThrow(RangeError);
  });

  it("of colours", () => {
    interface Colours {
      readonly rules: ColourRules;
      readonly recolour: readonly { readonly style: Picture; readonly content: Picture; readonly result: Picture }[];
      readonly luma: readonly { readonly stylised: Picture; readonly content: Picture; readonly result: Picture }[];
    }
    const { rules, ...cases } = golden("colours") as Colours;
    // Half a level, for rounding to bytes.
    for (const { style, content, result } of cases.recolour) expect(apart(recolour(pixels(style), pixels(content), rules), result)).toBeLessThan(0.52);
    for (const { stylised, content, result } of cases.luma) {
      expect(apart(keepColours(pixels(stylised), pixels(content), 1, rules), result)).toBeLessThan(0.52);
    }
  });

  it("of resampling", () => {
    interface Resampled {
      readonly picture: Picture;
      readonly cases: readonly { readonly resampling: string; readonly width: number; readonly height: number; readonly result: Picture }[];
    }
    const { picture, cases } = golden("resampling") as Resampled;
    const used = cases.filter(({ resampling }) => resampling !== "bilinear");
    expect(used.length).toBeGreaterThan(3);
    for (const { resampling, width, height, result } of used) {
      expect(apart(resize(pixels(picture), { width, height }, resampling as Resampling), result)).toBeLessThanOrEqual(1);
    }
  });

  it("of large pictures that are read in a smaller size", () => {
    interface Reductions {
      readonly cases: readonly { readonly width: number; readonly height: number; readonly long_side: number; readonly result: Picture }[];
    }
    const { cases } = golden("reductions") as Reductions;
    const at = (x: number, y: number, c: number): number => (c === 3 ? 255 : (3 * x + 5 * y + ((x * y * (c + 1)) % 31) + 40 * c) % 256);
    for (const { width, height, long_side: side, result } of cases) {
      const asked: number[] = [];
      const rows = (top: number, count: number): Uint8ClampedArray => {
        asked.push(top, count);
        return Uint8ClampedArray.from({ length: 4 * width * count }, (_, i) => at(Math.floor(i / 4) % width, top + Math.floor(i / (4 * width)), i % 4));
      };
      const to = fitWithin({ width, height }, side);
      expect(apart(reduce({ width, height }, to, "lanczos3", rows), result)).toBeLessThanOrEqual(1);
      expect(asked).toEqual([0, height]);
      // The same in strips of a few rows, whatever their number is.
      const strips = reduce({ width, height }, to, "lanczos3", rows, 5 * width);
      expect(apart(strips, result)).toBeLessThanOrEqual(1);
      expect(asked.length).toBeGreaterThan(4);
    }
  });

  it("of colours that go on under what is transparent", () => {
    interface Extending {
      readonly cases: readonly (Readonly<Record<"width" | "height" | "long_side" | "radius2" | "slope", number>> & {
        readonly result: Picture;
        readonly cover: readonly (readonly number[])[];
      })[];
    }
    for (const { width, height, long_side: side, radius2, slope, result, cover } of (golden("extending") as Extending).cases) {
      const at = (x: number, y: number, c: number): number =>
        c === 3
          ? (radius2 - (x - Math.floor(width / 3)) ** 2 - (y - Math.floor(height / 2)) ** 2) * slope
          : (3 * x + 5 * y + ((x * y * (c + 1)) % 31) + 40 * c) % 256;
      const rows = (top: number, count: number): Uint8ClampedArray =>
        Uint8ClampedArray.from({ length: 4 * width * count }, (_, i) => at(Math.floor(i / 4) % width, top + Math.floor(i / (4 * width)), i % 4));
      const [from, to] = [{ width, height }, fitWithin({ width, height }, side)];
      expect(isTransparent(from, rows)).toBe(true);
      // In one strip, and in strips of a row or two.
      for (const strip of [1 << 20, 2 * width]) {
        expect(apart(reduce(from, to, "lanczos3", extendedRows(from, rows, strip), strip), result)).toBeLessThanOrEqual(1);
      }
      const grey = cover.map((row) => row.map((value) => [value, value, value]));
      expect(apart(reduce(from, to, "lanczos3", coverOf(rows)), grey)).toBeLessThanOrEqual(1);
    }
    expect(isTransparent({ width: 3, height: 2 }, (_, count) => new Uint8ClampedArray(12 * count).fill(255))).toBe(false);
  });

  it("of strokes", () => {
    interface Strokes {
      readonly rules: StrokeRules;
      readonly levels: readonly { readonly width: number; readonly height: number; readonly stroke: number; readonly levels: readonly (readonly number[])[] }[];
      readonly step: Readonly<Record<"photo" | "reduced" | "coarse" | "sum" | "painted" | "result", Picture>> & {
        readonly region: { readonly top: number; readonly bottom: number; readonly left: number; readonly right: number; readonly values: Picture };
      };
    }
    const { rules, levels, step } = golden("strokes") as Strokes;
    for (const { width, height, stroke, levels: expected } of levels) {
      expect(strokeLevels({ width, height }, rules, stroke).map((size) => [size.width, size.height])).toEqual(expected);
    }
    const photo = sourceOf(pixels(step.photo), [0, 255]);
    const summed = paintedOver(photo, pixels(step.reduced), pixels(step.coarse), [0, 255], rules);
    const { top, bottom, left, right, values } = step.region;
    for (const [region, expected] of [
      [{ left: 0, top: 0, width: 22, height: 15 }, step.sum],
      [{ left, top, width: right - left, height: bottom - top }, values],
    ] as const) {
      summed.planes(region).forEach((value, i) => expect(Math.abs(value - (expected.flat(2)[i] ?? NaN))).toBeLessThan(0.02));
    }
    const painted = pixels(step.painted);
    putBack(painted, pixels(step.coarse), rules);
    expect(apart(painted, step.result)).toBeLessThanOrEqual(1);
  });

  it("of regions", () => {
    interface Regions {
      readonly below: Picture;
      readonly layers: readonly Picture[];
      readonly masks: readonly (readonly (readonly number[])[])[];
      readonly result: Picture;
      readonly shares: readonly { readonly coverages: readonly number[]; readonly shares: readonly number[] }[];
    }
    const { below, layers, masks, result, shares } = golden("regions") as Regions;
    const laid = pixels(below);
    const coverages: Mask[] = masks.map((mask) => ({ width: mask[0]?.length ?? 0, height: mask.length, coverage: Uint8Array.from(mask.flat()) }));
    layers.forEach((layer, index) => layOver(laid, pixels(layer), coverages, index));
    expect(apart(laid, result)).toBeLessThanOrEqual(1);
    for (const { coverages: at, shares: expected } of shares) expected.forEach((share, index) => expect(shareOf(at, index)).toBeCloseTo(share, 5));
  });

  it("of wrapping", () => {
    interface Wrapped {
      readonly seamless: readonly { readonly picture: Picture; readonly result: Picture }[];
      readonly mask: Readonly<Record<"mask" | "result", readonly (readonly number[])[]>>;
      readonly sizes: readonly (Wrapping & { readonly given: readonly [number, number, number] })[];
      readonly fold: Wrapping & Readonly<Record<"extended" | "painted" | "result", Picture>>;
    }
    const { seamless: cases, mask, sizes, fold } = golden("wrapping") as Wrapped;
    for (const { picture, result } of cases) expect(apart(seamless(pixels(picture)), result)).toBeLessThanOrEqual(1);
    const maskOf = (rows: readonly (readonly number[])[]): Mask => ({ width: rows[0]?.length ?? 0, height: rows.length, coverage: Uint8Array.from(rows.flat()) });
    seamlessMask(maskOf(mask.mask)).coverage.forEach((value, i) => expect(Math.abs(value - (mask.result.flat()[i] ?? NaN))).toBeLessThanOrEqual(1));
    for (const { given: [width, height, stroke], ...expected } of sizes) {
      const { stroke: wide, ...found } = wrappingOf({ width, height }, RULES.content, RULES.strokes, stroke);
      expect({ ...found, stroke: 0 }).toEqual({ ...expected, stroke: 0 });
      expect(wide).toBeCloseTo(expected.stroke, 10);
    }
    const { width, height, margin } = fold;
    const inner = { data: folded(pixels(fold.extended), { ...fold, fade: 0 }).data, width, height };
    expect(apart(extended(inner, { ...fold, margin }), fold.extended)).toBe(0);
    expect(apart(folded(pixels(fold.painted), fold), fold.result)).toBeLessThanOrEqual(1);
  });

  it("of noise that is taken out of a film", () => {
    const filter = new NoiseFilter();
    for (const [index, { frame, result }] of (golden("noise") as { readonly frame: Picture; readonly result: Picture }[]).entries()) {
      const values = Float32Array.from(frame.flat(2));
      const cleaned = filter.clean({ width: frame[0]?.length ?? 0, height: frame.length, values }, 1);
      result.flat(2).forEach((value, i) => expect(Math.abs(value - (cleaned[i] ?? NaN)), `${index}, ${i}`).toBeLessThan(0.01));
    }
  });

  it("of share codes", () => {
    interface Codes {
      readonly model: string;
      readonly cases: readonly { readonly vector: readonly number[]; readonly strength: number; readonly code: string }[];
      readonly damaged: readonly string[];
      readonly other_model: string;
    }
    const { model, cases, damaged, other_model: other } = golden("share_codes") as Codes;
    for (const { vector, strength, code } of cases) {
      expect(encodeStyle({ vector: Float32Array.from(vector), strength }, model)).toBe(code);
      expect(decodeStyle(code, model, vector.length).strength).toBe(strength);
      expect(() => decodeStyle(code, other, vector.length)).toThrow("model");
    }
    for (const code of damaged) expect(() => decodeStyle(code, model, cases[0]?.vector.length ?? 0)).toThrow("damaged");
  });
});
