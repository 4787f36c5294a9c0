import { describe, expect, it } from "vitest";
import { blend, interpolate, normaliseWeights, percentages, shownWeights } from "../../src/shared/blend";

describe("normaliseWeights", () => {
  it("keeps proportions and adds up to 1", () => {
    expect(normaliseWeights([1, 3])).toEqual([0.25, 0.75]);
    expect(normaliseWeights([0, 0.2])).toEqual([0, 1]);
  });
  it("shares equally where all are zero only for what is shown", () => {
    expect(shownWeights([0, 0])).toEqual([0.5, 0.5]);
    expect(shownWeights([1, 3])).toEqual([0.25, 0.75]);
    expect(() => normaliseWeights([0, 0])).toThrow("not all zero, received [0, 0]");
  });
  it("refuses negative and infinite weights, naming them", () => {
    expect(() => normaliseWeights([1, -1])).toThrow("received [1, -1]");
    expect(() => normaliseWeights([Infinity])).toThrow("received [Infinity]");
  });
});

describe("percentages", () => {
  it("adds up to 100 whatever the rounding", () => {
    expect(percentages([1, 1, 1])).toEqual([34, 33, 33]);
    expect(percentages([1, 5])).toEqual([17, 83]);
    expect(percentages([])).toEqual([]);
  });
});

describe("blend", () => {
  const a = Float32Array.of(0, 4);
  const b = Float32Array.of(2, 0);
  it("is the weighted mean", () => {
    expect([...blend([a, b], [1, 3])]).toEqual([1.5, 1]);
    expect([...blend([a, b], [0.5, 0])]).toEqual([0, 4]);
  });
  it("names what does not fit", () => {
    expect(() => blend([], [])).toThrow("at least one style vector");
    expect(() => blend([a, b], [1])).toThrow("one weight for each of 2 style vectors, received 1");
    expect(() => blend([a, Float32Array.of(1)], [1, 1])).toThrow("one length, received 2 and 1");
  });
});

describe("interpolate", () => {
  it("goes from the photograph's own vector to the style's", () => {
    const own = Float32Array.of(1, 1);
    const style = Float32Array.of(3, -1);
    expect([...interpolate(own, style, 0)]).toEqual([1, 1]);
    expect([...interpolate(own, style, 0.25)]).toEqual([1.5, 0.5]);
    expect([...interpolate(own, style, 1)]).toEqual([3, -1]);
    expect([...interpolate(own, style, 1.5)]).toEqual([4, -2]);
  });
});
