import { describe, expect, it } from "vitest";
import { fitWithin, fromPlanes, reflectIndex, roundUp, styleFit, toPlanes } from "../../src/shared/geometry";

const RANGE = [0, 1] as const;
const gray = (...values: number[]): Uint8ClampedArray => Uint8ClampedArray.from(values.flatMap((v) => [v, v, v, 255]));

describe("fitWithin", () => {
  it("scales the long side down and rounds the short one", () => {
    expect(fitWithin({ width: 4000, height: 3000 }, 384)).toEqual({ width: 384, height: 288 });
    expect(fitWithin({ width: 300, height: 1000 }, 512)).toEqual({ width: 154, height: 512 });
  });
  it("never enlarges, and never reaches zero", () => {
    expect(fitWithin({ width: 201, height: 133 }, 384)).toEqual({ width: 201, height: 133 });
    expect(fitWithin({ width: 5000, height: 1 }, 384)).toEqual({ width: 384, height: 1 });
  });
});

describe("styleFit", () => {
  it("gives the short side the size of training, enlarging where needed", () => {
    expect(styleFit({ width: 800, height: 600 }, 256)).toEqual({ width: 341, height: 256 });
    expect(styleFit({ width: 1, height: 1 }, 256)).toEqual({ width: 256, height: 256 });
  });
  it("limits a panorama to twice the short side", () => {
    expect(styleFit({ width: 4000, height: 100 }, 256)).toEqual({ width: 512, height: 256 });
  });
});

describe("roundUp", () => {
  it.each([
    [200, 4, 1, 200],
    [201, 4, 1, 204],
    [1, 4, 16, 16],
    [17, 8, 16, 24],
  ])("%i to a multiple of %i, at least %i, is %i", (length, multiple, minimum, expected) => {
    expect(roundUp(length, multiple, minimum)).toBe(expected);
  });
});

describe("reflectIndex", () => {
  it("mirrors without repeating the end, as often as needed", () => {
    expect(Array.from({ length: 9 }, (_, i) => reflectIndex(i, 3))).toEqual([0, 1, 2, 1, 0, 1, 2, 1, 0]);
    expect([-1, -2, -3].map((i) => reflectIndex(i, 3))).toEqual([1, 2, 1]);
  });
  it("repeats a single pixel", () => {
    expect([0, 1, 7].map((i) => reflectIndex(i, 1))).toEqual([0, 0, 0]);
  });
});

describe("toPlanes and fromPlanes", () => {
  it("pads at the right and the bottom by reflection", () => {
    const image = { width: 3, height: 2, data: gray(0, 51, 102, 153, 204, 255) };
    const values = toPlanes(image, { width: 4, height: 4 }, RANGE);
    const red = Array.from({ length: 16 }, (_, i) => Math.round(5 * (values[3 * i] ?? NaN)));
    expect(red).toEqual([0, 1, 2, 1, 3, 4, 5, 4, 0, 1, 2, 1, 3, 4, 5, 4]);
  });
  it("pads a single pixel", () => {
    const values = toPlanes({ width: 1, height: 1, data: gray(255) }, { width: 16, height: 16 }, RANGE);
    expect(values.every((value) => value === 1)).toBe(true);
  });
  it("lays transparency on white", () => {
    const data = Uint8ClampedArray.of(0, 0, 0, 0);
    expect([...toPlanes({ width: 1, height: 1, data }, { width: 1, height: 1 }, RANGE)]).toEqual([1, 1, 1]);
  });
  it("uses the value range of the model", () => {
    const image = { width: 2, height: 1, data: gray(0, 255) };
    expect([...toPlanes(image, image, [-1, 1])]).toEqual([-1, -1, -1, 1, 1, 1]);
  });
  it("gives every byte back after a round trip through an odd size", () => {
    const data = Uint8ClampedArray.from({ length: 4 * 7 * 5 }, (_, i) => (i % 4 === 3 ? 255 : (i * 53) % 256));
    const padded = { width: 8, height: 8 };
    for (const range of [RANGE, [-1, 1] as const]) {
      const back = fromPlanes(toPlanes({ width: 7, height: 5, data }, padded, range), padded, { width: 7, height: 5 }, range);
      expect(back).toEqual({ width: 7, height: 5, data });
    }
  });
  it("clamps what lies outside the range", () => {
    const size = { width: 1, height: 1 };
    expect([...fromPlanes([-0.5, 0.5, 1.5], size, size, RANGE).data]).toEqual([0, 128, 255, 255]);
  });
});
