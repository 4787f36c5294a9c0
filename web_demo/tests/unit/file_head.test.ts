import { describe, expect, it } from "vitest";
import { isHeic, readHead } from "../../src/page/file_head";

const file = (bytes: Uint8Array<ArrayBuffer>): Blob => new Blob([bytes]);
const ascii = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** The first 33 bytes of a PNG file: signature and IHDR (PNG specification, 5.2 and 11.2.2). */
function pngHead(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(33);
  bytes.set([137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82]);
  new DataView(bytes.buffer).setUint32(16, width);
  new DataView(bytes.buffer).setUint32(20, height);
  return bytes;
}

describe("the head of a file", () => {
  it("tells the size without the picture", async () => {
    expect(await readHead(file(pngHead(20_000, 15_000)))).toEqual({ heic: false, size: { width: 20_000, height: 15_000 } });
  });
  it("tells HEIC whatever the name, and not AVIF, which browsers read", () => {
    const brands = (major: string, ...others: string[]): Uint8Array => ascii(`\0\0\0\x20ftyp${major}\0\0\0\0${others.join("")}`);
    expect([brands("heic", "mif1", "heic"), brands("mif1", "mif1", "heic"), brands("avif", "avif", "mif1"), brands("mp42", "isom")].map(isHeic)).toEqual([true, true, false, false]);
    expect(isHeic(pngHead(1, 1))).toBe(false);
  });
  it("knows no size of what is no picture, and nothing of what cannot be read", async () => {
    expect(await readHead(file(ascii("no picture at all")))).toEqual({ heic: false, size: null });
    const gone = { slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotReadableError")) }) } as unknown as Blob;
    expect(await readHead(gone)).toBeNull();
  });
});
