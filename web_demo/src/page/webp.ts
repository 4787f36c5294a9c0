/** Exif in WebP files, which have it in their extended form alone (WebP container specification). Pure. */
import { resolutionOfTiff, tiffOf, type Resolution } from "./exif";

/** RIFF, the length of what follows, WEBP. */
const HEAD = 12;
/** A chunk's name and length. */
export const CHUNK = 8;
/** Of the extended header. */
const [HAS_EXIF, HAS_ALPHA] = [0x08, 0x10];

interface Chunk {
  readonly kind: string;
  /** Where its data begins, and where the next chunk does. */
  readonly at: number;
  readonly end: number;
}

export function isWebp(view: DataView): boolean {
  return view.byteLength > HEAD && view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250;
}

/** Null where the file says none. */
export function resolutionOfWebp(view: DataView): Resolution | null {
  const exif = chunksOf(view).find(({ kind }) => kind === "EXIF");
  if (exif === undefined) return null;
  // Some programs write what stands before the block in JPEG files here too.
  const start = view.getUint32(exif.at) === 0x45786966 ? exif.at + 6 : exif.at;
  return resolutionOfTiff(new DataView(view.buffer, view.byteOffset + start, exif.end - start));
}

/** The file in its extended form with an Exif block of ours, in the place of another one; itself where it has no pixels that we know. */
export function intoWebp(bytes: Uint8Array<ArrayBuffer>, resolution: Resolution | null): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = chunksOf(view);
  const header = extended(view, chunks);
  if (header === null) return bytes;
  const kept = chunks.filter(({ kind }) => kind !== "VP8X" && kind !== "EXIF");
  const parts = [header, ...kept.map(({ at, end }) => bytes.subarray(at - CHUNK, end)), chunk("EXIF", tiffOf(resolution))];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const result = new Uint8Array(HEAD + length);
  result.set(bytes.subarray(0, HEAD));
  new DataView(result.buffer).setUint32(4, HEAD - CHUNK + length, true);
  let filled = HEAD;
  for (const part of parts) {
    result.set(part, filled);
    filled += part.length;
  }
  return result;
}

/** The extended header, that of the file or one for its pixels, with the mark of Exif. */
function extended(view: DataView, chunks: readonly Chunk[]): Uint8Array | null {
  const there = chunks.find(({ kind }) => kind === "VP8X");
  if (there !== undefined) {
    const header = new Uint8Array(view.buffer, view.byteOffset + there.at, there.end - there.at).slice();
    header[0] = (header[0] ?? 0) | HAS_EXIF;
    return chunk("VP8X", header);
  }
  const [pixels] = chunks;
  let size: { readonly width: number; readonly height: number; readonly alpha: boolean };
  if (pixels?.kind === "VP8 ") {
    const side = (at: number): number => view.getUint16(pixels.at + at, true) & 0x3fff;
    size = { width: side(6), height: side(8), alpha: false };
  } else if (pixels?.kind === "VP8L") {
    const bits = view.getUint32(pixels.at + 1, true);
    size = { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1, alpha: ((bits >> 28) & 1) === 1 };
  } else return null;
  const header = new DataView(new ArrayBuffer(10));
  header.setUint8(0, HAS_EXIF | (size.alpha ? HAS_ALPHA : 0));
  // Sides less one, in three bytes each; the second overwrites what the first has of a fourth.
  header.setUint32(4, size.width - 1, true);
  header.setUint16(7, (size.height - 1) & 0xffff, true);
  return chunk("VP8X", new Uint8Array(header.buffer));
}

export function chunksOf(view: DataView): Chunk[] {
  const chunks: Chunk[] = [];
  for (let start = HEAD; start + CHUNK <= view.byteLength; ) {
    const kind = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(start + i)));
    const length = view.getUint32(start + 4, true);
    const end = Math.min(view.byteLength, start + CHUNK + length + (length % 2));
    chunks.push({ kind, at: start + CHUNK, end });
    start = end;
  }
  return chunks;
}

export function chunk(kind: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(CHUNK + data.length + (data.length % 2));
  for (let i = 0; i < 4; i++) bytes[i] = kind.charCodeAt(i);
  new DataView(bytes.buffer).setUint32(4, data.length, true);
  bytes.set(data, CHUNK);
  return bytes;
}
