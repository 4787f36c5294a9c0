import { describe, expect, it } from "vitest";
import { clip, tilesOf, type Tiling } from "../../src/shared/tiling";

const SHAPES: readonly (readonly [name: string, width: number, height: number, tiling: Tiling])[] = [
  ["12 megapixels", 4000, 3008, { limit: 1024, overlap: 112, multiple: 16 }],
  ["one step over the limit", 1028, 1024, { limit: 1024, overlap: 52, multiple: 4 }],
  ["a panorama", 20_000, 64, { limit: 1024, overlap: 112, multiple: 16 }],
  ["a tower", 16, 9000, { limit: 512, overlap: 52, multiple: 4 }],
  ["hardly more than overlap", 1200, 800, { limit: 288, overlap: 112, multiple: 16 }],
  ["no overlap", 700, 500, { limit: 100, overlap: 0, multiple: 4 }],
  ["a large multiple", 2048, 1984, { limit: 640, overlap: 64, multiple: 64 }],
];

describe.each(SHAPES)("tiles of %s (%i x %i)", (_, width, height, tiling) => {
  const tiles = tilesOf({ width, height }, tiling);

  it("cover every pixel exactly once", () => {
    const count = new Uint8Array(width * height);
    for (const { core } of tiles) {
      for (let y = core.top; y < core.top + core.height; y++) {
        const start = y * width + core.left;
        for (let i = start; i < start + core.width; i++) count[i] = (count[i] ?? 0) + 1;
      }
    }
    expect(count.every((times) => times === 1)).toBe(true);
  });

  it("show the network the overlap on every side, or the picture's border", () => {
    for (const { input, core } of tiles) {
      const sides = [
        [input.left, core.left, 0],
        [input.top, core.top, 0],
        [width - input.left - input.width, width - core.left - core.width, 0],
        [height - input.top - input.height, height - core.top - core.height, 0],
      ] as const;
      for (const [outer, inner, border] of sides) {
        expect(outer).toBeGreaterThanOrEqual(0);
        expect(outer === border || inner - outer >= tiling.overlap).toBe(true);
      }
    }
  });

  it("have one size within the limit, and begin on the network's grid", () => {
    for (const { input } of tiles) {
      expect([input.width, input.height]).toEqual([tiles[0]?.input.width, tiles[0]?.input.height]);
      expect(Math.max(input.width, input.height)).toBeLessThanOrEqual(tiling.limit);
      for (const number of [input.left, input.top, input.width, input.height]) expect(number % tiling.multiple).toBe(0);
    }
  });

  it("are no more than needed", () => {
    const needed = (length: number): number =>
      length <= tiling.limit ? 1 : Math.ceil((length - 2 * tiling.overlap) / (tiling.limit - 2 * tiling.overlap));
    expect(tiles).toHaveLength(needed(width) * needed(height));
  });
});

describe("tilesOf", () => {
  const tiling = { limit: 64, overlap: 16, multiple: 16 };
  it("leaves what fits in one piece", () => {
    const whole = { left: 0, top: 0, width: 64, height: 16 };
    expect(tilesOf(whole, tiling)).toEqual([{ input: whole, core: whole }]);
  });
  it("lets two tiles meet in the middle of what they share", () => {
    const [first, second] = tilesOf({ width: 96, height: 16 }, tiling);
    expect(first).toEqual({ input: { left: 0, top: 0, width: 64, height: 16 }, core: { left: 0, top: 0, width: 48, height: 16 } });
    expect(second).toEqual({ input: { left: 32, top: 0, width: 64, height: 16 }, core: { left: 48, top: 0, width: 48, height: 16 } });
  });
  it("names what does not fit", () => {
    expect(() => tilesOf({ width: 100, height: 16 }, tiling)).toThrow("length must be a multiple of 16, received 100");
    expect(() => tilesOf({ width: 96, height: 16 }, { ...tiling, overlap: 32 })).toThrow("larger than twice their overlap of 32, received 64");
  });
});

describe("clip", () => {
  it("drops what lies beyond the picture", () => {
    const region = { left: 40, top: 0, width: 24, height: 16 };
    expect(clip(region, { width: 61, height: 13 })).toEqual({ left: 40, top: 0, width: 21, height: 13 });
    expect(clip(region, { width: 100, height: 100 })).toEqual(region);
  });
});
