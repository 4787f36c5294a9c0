import { describe, expect, it } from "vitest";
import { chosenSize, FULL_SIZE, sizeChoices } from "../../src/page/sizes";

describe("sizeChoices", () => {
  it("go up to the photograph's own size", () => {
    const choices = sizeChoices({ width: 1600, height: 1200 });
    expect(choices.map(({ bound }) => bound)).toEqual([128, 192, 256, 384, 512, 768, 1024, 1536, FULL_SIZE]);
    expect(choices.at(-2)?.size).toEqual({ width: 1536, height: 1152 });
    expect(choices.at(-1)?.size).toEqual({ width: 1600, height: 1200 });
  });
  it("never repeat the full size, and never exceed it", () => {
    expect(sizeChoices({ width: 768, height: 1024 }).map(({ bound }) => bound)).toEqual([128, 192, 256, 384, 512, 768, FULL_SIZE]);
    expect(sizeChoices({ width: 5, height: 18 })).toEqual([{ bound: FULL_SIZE, size: { width: 5, height: 18 } }]);
  });
  it("are bounds only while the photograph's size is not known", () => {
    expect(sizeChoices(null)[0]).toEqual({ bound: 128, size: null });
  });
});

describe("chosenSize", () => {
  const choices = sizeChoices({ width: 800, height: 500 });
  it.each([
    [384, 384],
    [400, 384],
    [768, 768],
    [800, FULL_SIZE],
    [4096, FULL_SIZE],
    [FULL_SIZE, FULL_SIZE],
    [1, 128],
  ])("of bound %d is the one of bound %d", (bound, expected) => {
    expect(chosenSize(choices, bound)?.bound).toBe(expected);
  });
  it("is the full size of a small photograph", () => {
    expect(chosenSize(sizeChoices({ width: 5, height: 18 }), 384)?.bound).toBe(FULL_SIZE);
  });
});
