import { describe, expect, it } from "vitest";
import { fitsOneRun, limitsFor, paddedSize, runSide, smallerThan, tilingFor } from "../../src/worker/limits";
import { contentRules } from "./rules";

const rules = contentRules();

describe("paddedSize", () => {
  it("is a multiple, and enough for the network's own padding", () => {
    expect(paddedSize({ width: 201, height: 64 }, rules)).toEqual({ width: 208, height: 64 });
    expect(paddedSize({ width: 1, height: 3 }, rules)).toEqual({ width: 64, height: 64 });
    expect(paddedSize({ width: 1, height: 9 }, contentRules({ multiple: 4, smallest_multiples: 2 }))).toEqual({ width: 8, height: 12 });
  });
});

describe("limitsFor", () => {
  it("are the contract's, or those that are asked for", () => {
    expect(limitsFor(rules, null)).toEqual({ wholePixels: 1048576, tile: 768, mosaic: Infinity });
    expect(limitsFor(rules, 400)).toEqual({ wholePixels: 160_000, tile: 400, mosaic: Infinity });
  });
  it.each([
    [1024, 1024, true],
    [1025, 1024, false],
    [20_000, 52, true],
  ])("%i x %i at once: %s", (width, height, expected) => {
    expect(fitsOneRun({ width, height }, limitsFor(rules, null).wholePixels)).toBe(expected);
    expect(runSide({ width, height }, limitsFor(rules, null))).toBe(expected ? 1024 : 768);
  });
});

describe("tilingFor", () => {
  it("rounds the limit down to the multiple", () => {
    expect(tilingFor(1000, rules)).toEqual({ limit: 992, overlap: 112, multiple: 16 });
    expect(tilingFor(64, contentRules({ multiple: 4, overlap: 0 }))).toEqual({ limit: 64, overlap: 0, multiple: 4 });
  });
  it("refuses tiles that would be nearly all overlap", () => {
    expect(() => tilingFor(280, rules)).toThrow("tiles of 280 pixels are too small for an overlap of 112 pixels");
  });
});

describe("smallerThan", () => {
  it("halves whatever did not fit, as long as something is left of a tile", () => {
    const first = smallerThan(1024, limitsFor(rules, null), rules);
    expect(first).toEqual({ wholePixels: 512 ** 2, tile: 512, mosaic: 512 });
    expect(smallerThan(768, limitsFor(rules, null), rules)).toEqual({ wholePixels: 384 ** 2, tile: 384, mosaic: 384 });
    expect(first && smallerThan(512, first, rules)).toBeNull();
  });
});
