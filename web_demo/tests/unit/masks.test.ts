import { describe, expect, it } from "vitest";
import { BACKGROUND, falloff, stroke, strokeInto } from "../../src/shared/brush";
import { blankMask, copyOf, isBlank, layOver, shareOf, sameCoverage, type Mask } from "../../src/shared/masks";
import type { Pixels } from "../../src/shared/protocol";

const hard = { radius: 0.1, feather: 0, erase: false };
const at = (mask: Mask | undefined, x: number, y: number): number | undefined => mask?.coverage[Math.floor(y * mask.height) * mask.width + Math.floor(x * mask.width)];
const flat = (width: number, height: number, value: number): Pixels => ({
  width,
  height,
  data: new Uint8ClampedArray(4 * width * height).fill(value),
});
const row = (...coverage: number[]): Mask => ({ width: coverage.length, height: 1, coverage: Uint8Array.from(coverage) });

describe("strokeInto", () => {
  it("changes what stroke changes, in place, and says within which cells", () => {
    const masks = [blankMask({ width: 400, height: 200 }), blankMask({ width: 400, height: 200 })];
    const brush = { radius: 0.1, feather: 0.5, erase: false };
    const [from, to] = [{ x: 0.3, y: 0.5 }, { x: 0.5, y: 0.6 }];
    const expected = stroke(masks, 1, from, to, brush);
    const own = masks.map(copyOf);
    const touched = strokeInto(own, 1, from, to, brush);
    expect(own.map((mask, i) => sameCoverage(mask, expected[i] ?? mask))).toEqual([true, true]);
    const cells = own[1]?.coverage.reduce<number[]>((all, value, cell) => (value > 0 ? [...all, cell] : all), []) ?? [];
    const { left = 0, top = 0, width = 0, height = 0 } = touched ?? {};
    const inside = (cell: number): boolean => cell % 400 >= left && cell % 400 < left + width && Math.floor(cell / 400) >= top && Math.floor(cell / 400) < top + height;
    expect(cells.length).toBeGreaterThan(1000);
    expect(cells.every(inside)).toBe(true);
    expect([left, top, width, height]).toEqual([79, 59, 162, 102]);
  });
});

describe("stroke", () => {
  const blank = [blankMask({ width: 4000, height: 2000 }), blankMask({ width: 4000, height: 2000 })];
  it("paints a capsule of the brush's width, in parts of the long side", () => {
    const [mask] = stroke(blank, 0, { x: 0.3, y: 0.5 }, { x: 0.7, y: 0.5 }, hard);
    expect([mask?.width, mask?.height]).toEqual([512, 256]);
    // Half a width of 0.1 to the left of the stroke, and 0.2 of the height above it, since the height is half the width.
    expect([at(mask, 0.21, 0.5), at(mask, 0.19, 0.5), at(mask, 0.5, 0.31), at(mask, 0.5, 0.29)]).toEqual([255, 0, 255, 0]);
    expect(blank.every(isBlank)).toBe(true);
  });
  it("takes from other regions what it gives; erasing and the background take only", () => {
    const place = { x: 0.5, y: 0.5 };
    const first = stroke(blank, 0, place, place, hard);
    const second = stroke(first, 1, place, place, hard);
    expect(second.map((mask) => at(mask, 0.5, 0.5))).toEqual([0, 255]);
    expect(stroke(second, 0, place, place, { ...hard, erase: true }).map((mask) => at(mask, 0.5, 0.5))).toEqual([0, 255]);
    expect(stroke(second, 1, place, place, { ...hard, erase: true }).every(isBlank)).toBe(true);
    expect(stroke(second, BACKGROUND, place, place, hard).every(isBlank)).toBe(true);
  });
  it("may leave the picture", () => {
    const [mask] = stroke(blank, 0, { x: -1, y: -1 }, { x: 2, y: 2 }, hard);
    expect([at(mask, 0, 0), at(mask, 0.999, 0.999), at(mask, 0.999, 0)]).toEqual([255, 255, 0]);
  });
});

describe("falloff", () => {
  it("is hard without feather, and half way at half of it", () => {
    expect([0, 0.99, 1].map((distance) => falloff(distance, 0))).toEqual([1, 1, 0]);
    expect([0.2, 0.5, 0.75, 1].map((distance) => falloff(distance, 0.5))).toEqual([1, 1, 0.5, 0]);
  });
});

describe("shareOf", () => {
  it("lays layers so that their weights are a partition of unity", () => {
    for (const coverages of [[0.2, 0.3, 0.4], [0.5, 0.5, 0.5], [0, 1, 0], [0.7, 0, 0.6], [0, 0, 0]]) {
      // What is left of the background and of each layer once all are laid.
      const left = coverages.reduce<number[]>(
        (weights, _, index) => {
          const share = shareOf(coverages, index);
          return [...weights.map((weight) => weight * (1 - share)), share];
        },
        [1],
      );
      const sum = coverages.reduce((total, value) => total + value, 0);
      const wanted = [Math.max(0, 1 - sum), ...coverages.map((value) => value / Math.max(1, sum))];
      expect(left).toEqual(wanted.map((value) => expect.closeTo(value, 9) as unknown));
      expect(left.reduce((total, value) => total + value, 0)).toBeCloseTo(1, 9);
    }
  });
});

describe("layOver", () => {
  it("mixes by the mask, stretched over the picture", () => {
    const result = flat(4, 1, 100);
    layOver(result, flat(4, 1, 200), [row(0, 255)], 0);
    // Cell centres lie at 1 and 3: pixels at 0.5, 1.5, 2.5, 3.5 get 0, 1/4, 3/4 and all.
    expect([0, 1, 2, 3].map((x) => result.data[4 * x])).toEqual([100, 125, 175, 200]);
  });
  it("leaves opaque what is opaque, and equal layers equal", () => {
    const result = flat(5, 3, 255);
    layOver(result, flat(5, 3, 255), [row(10, 200, 90), row(245, 50, 0)], 0);
    layOver(result, flat(5, 3, 255), [row(10, 200, 90), row(245, 50, 0)], 1);
    expect(new Set(result.data)).toEqual(new Set([255]));
  });
});
