import { describe, expect, it } from "vitest";
import { fileName, formatOf } from "../../src/page/download";

describe("fileName", () => {
  it.each([
    ["Cat on a sofa.jpg", "cat-on-a-sofa-impasto-384x256.png"],
    ["Café 2.0.webp", "cafe-2-0-impasto-384x256.png"],
    ["写真.png", "写真-impasto-384x256.png"],
    ["../..", "picture-impasto-384x256.png"],
    ["", "picture-impasto-384x256.png"],
  ])("%j becomes %j", (title, expected) => {
    expect(fileName(title, 384, 256, "png")).toBe(expected);
  });
});

describe("formatOf", () => {
  it("finds a format by its type, and falls back to the one that every browser writes", () => {
    expect(formatOf("image/jpeg")).toMatchObject({ extension: "jpg", quality: 0.92 });
    expect(formatOf("image/tiff").name).toBe("PNG");
  });
});
