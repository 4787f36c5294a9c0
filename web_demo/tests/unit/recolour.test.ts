import { describe, expect, it } from "vitest";
import { inverseRoot, momentsOf, recolour, root, spectral } from "../../src/shared/recolour";
import type { Pixels } from "../../src/shared/protocol";
import { RULES } from "./rules";

/** A row of opaque pixels. */
const row = (...colours: readonly (readonly [number, number, number])[]): Pixels => ({
  width: colours.length,
  height: 1,
  data: Uint8ClampedArray.from(colours.flatMap((colour) => [...colour, 255])),
});
const closeTo = (values: readonly number[]): unknown[] => values.map((value) => expect.closeTo(value, 9) as unknown);

/** Channels that vary independently: by 10, 20 and 30 about 100. */
const style = row([110, 120, 130], [110, 80, 70], [90, 120, 70], [90, 80, 130]);
/** By 20, 20 and 15 about 100, 120 and 60. */
const content = row([120, 140, 75], [120, 100, 45], [80, 140, 45], [80, 100, 75]);

describe("momentsOf", () => {
  it("are mean and covariance", () => {
    expect(momentsOf(style)).toEqual({ mean: [100, 100, 100], covariance: [100, 0, 0, 0, 400, 0, 0, 0, 900] });
    // Red and green go together, blue against them.
    expect(momentsOf(row([10, 20, 9], [14, 24, 5])).covariance).toEqual([4, 4, -4, 4, 4, -4, -4, -4, 4]);
  });
});

describe("spectral", () => {
  it("takes roots in the eigenvectors' basis", () => {
    // Eigenvalues 4 along (1, 1, 0), 1 along (1, -1, 0), 9 along blue.
    const matrix = [2.5, 1.5, 0, 1.5, 2.5, 0, 0, 0, 9];
    expect(spectral(matrix, root)).toEqual(closeTo([1.5, 0.5, 0, 0.5, 1.5, 0, 0, 0, 3]));
    expect(spectral(matrix, inverseRoot(1e-3))).toEqual(closeTo([0.75, -0.25, 0, -0.25, 0.75, 0, 0, 0, 1 / 3]));
  });
  it("finds the matrix again, whatever it is", () => {
    const matrix = [5, 2, -1, 2, 4, 1.5, -1, 1.5, 6];
    expect(spectral(matrix, (value) => value)).toEqual(closeTo(matrix));
  });
  it("does not invert directions without variance", () => {
    // Grey pixels: all variance along (1, 1, 1), eigenvalue 12.
    const inverse = spectral(new Array<number>(9).fill(4), inverseRoot(1e-3));
    expect(inverse).toEqual(closeTo(new Array<number>(9).fill(1 / 3 / Math.sqrt(12))));
  });
});

describe("recolour", () => {
  it("maps independent channels by the quotients of their deviations", () => {
    // Times 2, 1 and 1/2, about the new means.
    expect([...recolour(style, content, RULES.colors).data]).toEqual([...content.data]);
  });
  it("gives a grey painting the photograph's mean, and no colour from noise", () => {
    const grey = row([100, 100, 100], [100, 100, 100]);
    expect([...recolour(grey, content, RULES.colors).data]).toEqual([100, 120, 60, 255, 100, 120, 60, 255]);
  });
  it("changes nothing for a picture's own colours", () => {
    expect([...recolour(style, style, RULES.colors).data]).toEqual([...style.data]);
  });
});
