import { describe, expect, it } from "vitest";
import { blankPixels, toPlanes, writePlanes } from "../../src/shared/planes";
import type { Pixels } from "../../src/shared/protocol";

const RANGE = [0, 1] as const;
const gray = (...values: number[]): Uint8ClampedArray<ArrayBuffer> => Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, 255]));
const all = (width: number, height: number) => ({ left: 0, top: 0, width, height });
const noise = (width: number, height: number): Pixels => ({
  width,
  height,
  data: Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : (i * 53) % 256)),
});

describe("toPlanes", () => {
  const image = { width: 3, height: 2, data: gray(0, 51, 102, 153, 204, 255) };
  const red = (region: { left: number; top: number; width: number; height: number }): number[] =>
    [...toPlanes(image, region, RANGE)].filter((_, i) => i % 3 === 0).map((value) => Math.round(5 * value));

  it("pads at the right and the bottom by reflection", () => {
    expect(red(all(4, 4))).toEqual([0, 1, 2, 1, 3, 4, 5, 4, 0, 1, 2, 1, 3, 4, 5, 4]);
  });
  it("takes a region as it is in the whole, its padding too", () => {
    expect(red({ left: 2, top: 1, width: 2, height: 3 })).toEqual([5, 4, 2, 1, 5, 4]);
    expect(red({ left: 0, top: 1, width: 1, height: 1 })).toEqual([3]);
  });
  it("pads a single pixel", () => {
    const values = toPlanes({ width: 1, height: 1, data: gray(255) }, all(16, 16), RANGE);
    expect(values.every((value) => value === 1)).toBe(true);
  });
  it("lays transparency on white", () => {
    const data = Uint8ClampedArray.of(0, 0, 0, 0);
    expect([...toPlanes({ width: 1, height: 1, data }, all(1, 1), RANGE)]).toEqual([1, 1, 1]);
  });
  it("uses the value range of the model", () => {
    expect([...toPlanes({ width: 2, height: 1, data: gray(0, 255) }, all(2, 1), [-1, 1])]).toEqual([-1, -1, -1, 1, 1, 1]);
  });
});

describe("writePlanes", () => {
  it("gives every byte back after a round trip through an odd size", () => {
    const image = noise(7, 5);
    for (const range of [RANGE, [-1, 1] as const]) {
      const back = blankPixels(image);
      writePlanes(toPlanes(image, all(8, 8), range), all(8, 8), range, back, all(7, 5));
      expect(back).toEqual(image);
    }
  });
  it("writes its part and nothing else", () => {
    const image = noise(6, 5);
    const back = blankPixels(image);
    const region = { left: 1, top: 1, width: 4, height: 4 };
    writePlanes(toPlanes(image, region, RANGE), region, RANGE, back, { left: 2, top: 2, width: 3, height: 2 });
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 6; x++) {
        const at = 4 * (6 * y + x);
        const inside = x >= 2 && x < 5 && y >= 2 && y < 4;
        expect([...back.data.subarray(at, at + 4)]).toEqual(inside ? [...image.data.subarray(at, at + 4)] : [0, 0, 0, 0]);
      }
    }
  });
  it("clamps what lies outside the range", () => {
    const back = blankPixels({ width: 1, height: 1 });
    writePlanes([-0.5, 0.5, 1.5], all(1, 1), RANGE, back, all(1, 1));
    expect([...back.data]).toEqual([0, 128, 255, 255]);
  });
});
