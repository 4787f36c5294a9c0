import { describe, expect, it } from "vitest";
import { fitArea, fitWithin, reflectIndex, roundUp, styleFit, type StyleFit } from "../../src/shared/geometry";
import { RULES } from "./rules";

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

describe("fitArea", () => {
  it("keeps the shape and the bound", () => {
    expect(fitArea({ width: 4000, height: 3000 }, 1_000_000)).toEqual({ width: 1154, height: 866 });
    expect(fitArea({ width: 1000, height: 1000 }, 1_000_000)).toEqual({ width: 1000, height: 1000 });
  });
  it("never enlarges, and bounds a line too", () => {
    expect(fitArea({ width: 20, height: 10 }, 1_000_000)).toEqual({ width: 20, height: 10 });
    expect(fitArea({ width: 2_000_000, height: 1 }, 1_000_000)).toEqual({ width: 1_000_000, height: 1 });
    expect(fitArea({ width: 3, height: 3_000_000 }, 1_000_000)).toEqual({ width: 1, height: 1_000_000 });
  });
});

describe("styleFit", () => {
  const fit = (width: number, height: number): StyleFit => styleFit({ width, height }, RULES.style);
  it("brings the short side to the rules' size", () => {
    expect(fit(800, 600)).toMatchObject({ cut: { left: 0, top: 0, width: 800, height: 600 }, size: { width: 341, height: 256 } });
    // 257 / 600 * 801 = 342.04: sizes are rounded, not cut.
    expect(fit(600, 801).size).toEqual({ width: 256, height: 342 });
  });
  it("never enlarges", () => {
    expect(fit(1, 1).size).toEqual({ width: 1, height: 1 });
    expect(fit(200, 300).size).toEqual({ width: 200, height: 300 });
  });
  it("cuts what is longer than twice its width out of the middle", () => {
    expect(fit(4000, 101)).toMatchObject({ cut: { left: 1899, top: 0, width: 202, height: 101 }, size: { width: 202, height: 101 } });
    expect(fit(1000, 2001)).toMatchObject({ cut: { left: 0, top: 0, width: 1000, height: 2000 }, size: { width: 256, height: 512 } });
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
