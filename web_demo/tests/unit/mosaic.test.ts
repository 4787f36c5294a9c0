import { describe, expect, it } from "vitest";
import { mosaicOf, mosaicPlanes } from "../../src/shared/mosaic";
import { sourceOf } from "../../src/shared/source";
import { contentRules } from "./rules";

const lefts = (width: number, multiple: number, largest?: number): number[] =>
  mosaicOf({ width, height: 256 }, contentRules({ multiple }), largest).patches.map(({ left }) => left);

describe("mosaicOf", () => {
  it("takes sixteen patches of 256 from border to border", () => {
    const mosaic = mosaicOf({ width: 4000, height: 3008 }, contentRules());
    expect([mosaic.width, mosaic.height, mosaic.columns, mosaic.patches.length]).toEqual([1024, 1024, 4, 16]);
    // (4000 - 256) / 3 = 1248 = 78 * 16; (3008 - 256) / 3 = 917.33, nearest 57 * 16 = 912 and 115 * 16 = 1840.
    expect(mosaic.patches.slice(0, 4).map(({ left }) => left)).toEqual([0, 1248, 2496, 3744]);
    expect(mosaic.patches.filter(({ left }) => left === 0).map(({ top }) => top)).toEqual([0, 912, 1840, 2752]);
    expect(mosaic.patches.every(({ width, height }) => width === 256 && height === 256)).toBe(true);
  });
  it.each([
    [256, 16, [0]],
    [512, 16, [0, 256]],
    [511, 1, [0]],
    [800, 16, [0, 272, 544]],
    // (1008 - 256) / 2 = 376 = 23.5 * 16: half up, as impasto/geometry.py rounds.
    [1008, 16, [0, 384, 752]],
    [1024, 4, [0, 256, 512, 768]],
    [1300, 4, [0, 348, 696, 1044]],
  ])("of %i pixels, on a grid of %i: %j", (width, multiple, expected) => {
    expect(lefts(width, multiple)).toEqual(expected);
  });
  it("takes a narrow picture in its whole width", () => {
    const mosaic = mosaicOf({ width: 64, height: 20_000 }, contentRules());
    expect([mosaic.width, mosaic.height, mosaic.columns]).toEqual([64, 1024, 1]);
  });
  it("takes fewer patches, then smaller ones, where less fits", () => {
    expect(lefts(4000, 16, 512)).toEqual([0, 3744]);
    const small = mosaicOf({ width: 4000, height: 4000 }, contentRules(), 200);
    expect([small.width, small.height, small.patches.length]).toEqual([192, 192, 1]);
  });
});

describe("mosaicPlanes", () => {
  it("lays the patches side by side, row by row, with the picture's padding", () => {
    // Every pixel is its own number: 8 * y + x. Patches of 4 of the padded picture, 8 x 8, at 0 and 4.
    const [width, height] = [8, 7];
    const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : Math.floor(i / 4)));
    const patches = [0, 4].flatMap((top) => [4, 0].map((left) => ({ left, top, width: 4, height: 4 })));
    const values = mosaicPlanes(sourceOf({ width, height, data }, [0, 255]), { width: 8, height: 8, columns: 2, patches });
    const red = Array.from({ length: 64 }, (_, i) => Math.round(values[3 * i] ?? NaN));
    const row = (y: number): number[] => red.slice(8 * y, 8 * y + 8);
    expect(row(0)).toEqual([4, 5, 6, 7, 0, 1, 2, 3]);
    expect(row(6)).toEqual([52, 53, 54, 55, 48, 49, 50, 51]);
    // Row 7 lies below the picture: row 5 again.
    expect(row(7)).toEqual([44, 45, 46, 47, 40, 41, 42, 43]);
  });
});
