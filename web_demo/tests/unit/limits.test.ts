import { describe, expect, it } from "vitest";
import { fitsOneRun, paddedSize, smallerRun, tilingFor } from "../../src/worker/limits";

const model = { size_multiple: 16, overlap: 101 };

describe("paddedSize", () => {
  it("is a multiple, and enough for the network's own padding", () => {
    expect(paddedSize({ width: 201, height: 64 }, model)).toEqual({ width: 208, height: 64 });
    expect(paddedSize({ width: 1, height: 3 }, model)).toEqual({ width: 64, height: 64 });
  });
});

describe("fitsOneRun", () => {
  it.each([
    [1024, 1024, true],
    [1040, 1024, false],
    [2048, 512, true],
    [2064, 64, false],
  ])("%i x %i: %s", (width, height, expected) => {
    expect(fitsOneRun({ width, height }, 1024)).toBe(expected);
  });
});

describe("tilingFor", () => {
  it("rounds the overlap up and the limit down to the multiple", () => {
    expect(tilingFor(1000, model)).toEqual({ limit: 992, overlap: 112, multiple: 16 });
    expect(tilingFor(64, { size_multiple: 4, overlap: 0 })).toEqual({ limit: 64, overlap: 0, multiple: 4 });
  });
  it("refuses tiles that would be nearly all overlap", () => {
    expect(() => tilingFor(280, model)).toThrow("tiles of 280 pixels are too small for an overlap of 101 pixels");
  });
});

describe("smallerRun", () => {
  it("halves as long as something is left of a tile", () => {
    expect(smallerRun(1024, model)).toBe(512);
    expect(smallerRun(512, model)).toBeNull();
  });
});
