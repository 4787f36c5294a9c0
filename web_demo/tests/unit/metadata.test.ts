import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readResolution, withMetadata } from "../../src/page/metadata";

/** One grey pixel, as files: a PNG by hand (its pixels do not matter here), and the head of a JPEG with JFIF at 72 dots an inch. */
const png = Uint8Array.from(Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==", "base64"));
const jpeg = Uint8Array.from(Buffer.from("ffd8ffe000104a46494600010101004800480000ffdb0004000000ffda0002ffd9", "hex"));

describe("resolution and colours", () => {
  it("are written into a PNG file, and are there when it is read again", () => {
    expect(readResolution(png)).toBeNull();
    const marked = withMetadata(png, { x: 300, y: 150 });
    expect(readResolution(marked)).toEqual({ x: 300, y: 150 });
    const text = Buffer.from(marked).toString("latin1");
    // sRGB with its length, intent and sum, as the specification's own example has it.
    expect(text).toContain("\0\0\0\x01sRGB\0\xae\xce\x1c\xe9");
    expect(text.indexOf("pHYs")).toBeLessThan(text.indexOf("IDAT"));
    expect(withMetadata(marked, { x: 72, y: 72 })).toEqual(marked);
  });
  it("are written into a JPEG file, in JFIF and in Exif", () => {
    expect(readResolution(jpeg)).toEqual({ x: 72, y: 72 });
    const marked = withMetadata(jpeg, { x: 300, y: 150 });
    expect(readResolution(marked)).toEqual({ x: 300, y: 150 });
    expect(Buffer.from(marked.subarray(0, 20)).toString("hex")).toBe("ffd8ffe000104a4649460001010101 2c00960000".replaceAll(" ", ""));
    expect(Buffer.from(marked.subarray(20, 30)).toString("hex")).toBe("ffe100784578696600 00".replaceAll(" ", ""));
    expect(readResolution(withMetadata(jpeg, null))).toEqual({ x: 72, y: 72 });
  });
  it("leave other files, and broken ones, alone", () => {
    const webp = Uint8Array.from(Buffer.from("RIFF\x04\0\0\0WEBP", "latin1"));
    expect(withMetadata(webp, { x: 300, y: 300 })).toBe(webp);
    expect([readResolution(png.subarray(0, 20)), readResolution(jpeg.subarray(0, 9)), readResolution(new Uint8Array(0))]).toEqual([null, null, null]);
  });
  it("are what Python's reader of pictures finds", ({ skip }) => {
    const marked = withMetadata(png, { x: 300, y: 150 });
    const code = "import sys,io;from PIL import Image;i=Image.open(io.BytesIO(sys.stdin.buffer.read()));print(*map(round,i.info['dpi']),'srgb' in i.info)";
    let found = "";
    try {
      found = execFileSync("../.venv/bin/python", ["-c", code], { input: marked, encoding: "utf8" });
    } catch {
      skip();
    }
    expect(found.trim()).toBe("300 150 True");
  });
});
