import { describe, expect, it } from "vitest";
import { fileName } from "../../src/page/download";

describe("fileName", () => {
  it.each([
    ["Cat on a sofa.jpg", "cat-on-a-sofa-impasto-384x256.png"],
    ["Café 2.0.webp", "cafe-2-0-impasto-384x256.png"],
    ["写真.png", "写真-impasto-384x256.png"],
    ["../..", "picture-impasto-384x256.png"],
    ["", "picture-impasto-384x256.png"],
  ])("%j becomes %j", (title, expected) => {
    expect(fileName(title, 384, 256)).toBe(expected);
  });
});
