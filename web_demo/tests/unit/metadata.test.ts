import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readResolution, withMetadata } from "../../src/page/metadata";

/** One grey pixel, as files: a PNG by hand (its pixels do not matter here), and the head of a JPEG with JFIF at 72 dots an inch. */
const png = Uint8Array.from(Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==", "base64"));
const jpeg = Uint8Array.from(Buffer.from("ffd8ffe000104a46494600010101004800480000ffdb0004000000ffda0002ffd9", "hex"));

/** Of RIFF: a name, the length, the data and a byte that makes it even. */
function chunk(kind: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(kind), length, data, Buffer.alloc(data.length % 2)]);
}

function webp(chunks: Buffer): Uint8Array<ArrayBuffer> {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(4 + chunks.length);
  return Uint8Array.from(Buffer.concat([Buffer.from("RIFF"), length, Buffer.from("WEBP"), chunks]));
}

/** The heads of a lossy picture (RFC 6386, 9.1) and of one without loss, both of 5 x 7 pixels. */
const lossy = chunk("VP8 ", Buffer.from("300100" + "9d012a" + "0500" + "0700", "hex"));
const lossless = (alpha: boolean): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = 0x2f;
  head.writeUInt32LE(4 | (6 << 14) | (alpha ? 1 << 28 : 0), 1);
  return chunk("VP8L", head);
};

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
  it.each([
    ["lossy", Buffer.concat([lossy, chunk("JUNK", Buffer.from("x"))]), false],
    ["without loss", lossless(false), false],
    ["without loss, and transparent", lossless(true), true],
    ["in the extended form", Buffer.concat([chunk("VP8X", Buffer.from([0x30, 0, 0, 0, 4, 0, 0, 6, 0, 0])), chunk("ICCP", Buffer.from("icc")), lossy]), true],
  ])("are written into a WebP file: %s", (_, chunks, transparent) => {
    const marked = withMetadata(webp(chunks), { x: 300, y: 150 });
    expect(readResolution(marked)).toEqual({ x: 300, y: 150 });
    expect(readResolution(webp(chunks))).toBeNull();
    const file = Buffer.from(marked);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(file.toString("latin1", 8, 16)).toBe("WEBPVP8X");
    // Exif, transparency and a profile where there is one; and the size, less one.
    const profile = chunks.includes("ICCP") ? 0x20 : 0;
    expect(file[20]).toBe(0x08 | (transparent ? 0x10 : 0) | profile);
    expect([file.readUIntLE(24, 3), file.readUIntLE(27, 3)]).toEqual([4, 6]);
    // Behind the pixels: upright (tag 274 with 1), in sRGB (tag 40961 with 1).
    const exif = file.indexOf("EXIF");
    expect(exif).toBeGreaterThan(file.indexOf("VP8 ") + file.indexOf("VP8L"));
    const tiff = file.subarray(exif + 8).toString("hex");
    expect(tiff).toContain("0112" + "0003" + "00000001" + "0001");
    expect(tiff).toContain("a001" + "0003" + "00000001" + "0001");
    // An Exif block that is there gives way to ours.
    const again = withMetadata(marked, { x: 72, y: 72 });
    expect(again.length).toBe(marked.length);
    expect(readResolution(again)).toEqual({ x: 72, y: 72 });
  });
  it("leave other files, and broken ones, alone", () => {
    const gif = Uint8Array.from(Buffer.from("GIF89a", "latin1"));
    expect(withMetadata(gif, { x: 300, y: 300 })).toBe(gif);
    const empty = Uint8Array.from(Buffer.from("RIFF\x04\0\0\0WEBP", "latin1"));
    expect(withMetadata(empty, { x: 300, y: 300 })).toBe(empty);
    expect(readResolution(empty)).toBeNull();
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
  it.for(["lossless=True", "quality=80"])("are what Python's reader finds in a WebP file with transparency, whose pixels stay (%s)", (how, { skip }) => {
    const python = (code: string, input?: Uint8Array): Buffer => execFileSync("../.venv/bin/python", ["-c", `import sys,io;from PIL import Image;${code}`], { input });
    let file: Buffer;
    try {
      file = python(`i=Image.linear_gradient("L").resize((20,12));i=Image.merge("RGBA",(i,i,i,i));i.save(sys.stdout.buffer,"WEBP",${how})`);
    } catch {
      skip();
      return;
    }
    const read = "i=Image.open(io.BytesIO(sys.stdin.buffer.read()));e=i.getexif();print(i.mode,i.size,sum(i.tobytes()),";
    const plain = python(`${read})`, file).toString().trim();
    const marked = python(`${read}e[274],*map(round,(e[282],e[283])),e.get_ifd(34665)[40961])`, withMetadata(Uint8Array.from(file), { x: 300, y: 150 }));
    expect(marked.toString().trim()).toBe(`${plain} 1 300 150 1`);
  });
});
