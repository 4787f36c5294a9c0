import { describe, expect, it } from "vitest";
import { Pace } from "../../src/page/pace";

const size = (width: number, height = width): { width: number; height: number } => ({ width, height });

describe("Pace", () => {
  it("takes small pictures to be quick until it knows", () => {
    const pace = new Pace();
    expect(pace.previewSide(size(384), 1024 ** 2, 512)).toBeNull();
    expect(pace.previewSide(size(512), 1024 ** 2, 512)).toBe(256);
  });
  it("wants a preview where the last run's pace makes more than 250 ms", () => {
    const pace = new Pace();
    pace.note(size(100), 10, false);
    // A thousandth of a millisecond a pixel: 250 000 pixels take 250 ms.
    expect(pace.previewSide(size(500), 1024 ** 2, 512)).toBeNull();
    // Half as many pixels: 501 / sqrt 2.
    expect(pace.previewSide(size(501), 1024 ** 2, 512)).toBe(354);
    pace.note(size(100), 40, false);
    expect(pace.previewSide(size(500), 1024 ** 2, 512)).toBe(256);
  });
  it("trusts previews only while there is nothing else", () => {
    const pace = new Pace();
    pace.note(size(256), 256 ** 2, true);
    expect(pace.previewSide(size(384), 1024 ** 2, 512)).toBe(256);
    pace.note(size(1000), 1, false);
    pace.note(size(256), 256 ** 2, true);
    expect(pace.previewSide(size(384), 1024 ** 2, 512)).toBeNull();
    pace.forget();
    expect(pace.previewSide(size(512), 1024 ** 2, 512)).toBe(256);
  });
  it("always wants one before tiles, and none that is nearly as large as the picture", () => {
    const pace = new Pace();
    pace.note(size(1000), 1, false);
    // As large as the strokes stay alike.
    expect(pace.previewSide(size(2000, 1000), 1024 ** 2, 512)).toBe(512);
    expect(pace.previewSide(size(2000, 1000), 1024 ** 2, 128)).toBe(256);
    expect(pace.previewSide(size(500, 400), 400 ** 2, 512)).toBe(200);
    pace.note(size(10), 10_000, false);
    expect(pace.previewSide(size(360), 1024 ** 2, 512)).toBeNull();
    expect(pace.previewSide(size(363), 1024 ** 2, 512)).toBe(256);
  });
});
