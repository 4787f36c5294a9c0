import { describe, expect, it } from "vitest";
import { fileName } from "../../src/page/download";
import { formatOf } from "../../src/page/formats";

describe("fileName", () => {
  it.each([
    ["Cat on a sofa.jpg", "cat-on-a-sofa-impasto-384x256.png"],
    ["Café 2.0.webp", "café-2-0-impasto-384x256.png"],
    ["パンダ.png", "パンダ-impasto-384x256.png"],
    ["हिन्दी.jpg", "हिन्दी-impasto-384x256.png"],
    ["ภาพถ่าย.heic", "ภาพถ่าย-impasto-384x256.png"],
    ["한국 여행.jpg", "한국-여행-impasto-384x256.png"],
    ["й.jpg", "й-impasto-384x256.png"],
    // As some file systems keep it: decomposed.
    ["パンダ.png".normalize("NFD"), "パンダ-impasto-384x256.png"],
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
