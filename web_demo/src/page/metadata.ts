/**
 * What a picture file says about itself beside its pixels: that its colours are sRGB, and at which resolution it was taken.
 * Pixels are upright already, and written so. Pure.
 */

import { resolutionOfTiff, sane, tiffOf, type Resolution } from "./exif";
import { joined } from "./bytes";
import { chunk, name, PNG_HEAD } from "./png";
import { intoWebp, isWebp, resolutionOfWebp } from "./webp";

const METRES_AN_INCH = 0.0254;
/** Perceptual, the rendering intent for photographs (PNG specification, 11.3.3.5). */
const PERCEPTUAL = 0;
/** What stands before the TIFF block in a JPEG file. */
const EXIF = Uint8Array.of(0x45, 0x78, 0x69, 0x66, 0, 0);

/** The resolution that a JPEG file (JFIF density, or Exif), a PNG file (pHYs) or a WebP file (Exif) says; null where it says none. */
export function readResolution(bytes: Uint8Array): Resolution | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47) return ofPng(view);
    if (isWebp(view)) return resolutionOfWebp(view);
    return view.getUint16(0) === 0xffd8 ? ofJpeg(view) : null;
  } catch {
    // The file ends in the middle of something.
    return null;
  }
}

/** `bytes` with the resolution and the mark of sRGB in them, as far as the format can; others come back as they are. */
export function withMetadata(bytes: Uint8Array<ArrayBuffer>, resolution: Resolution | null): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length > 33 && view.getUint32(0) === 0x89504e47) return intoPng(bytes, view, resolution);
  if (isWebp(view)) return intoWebp(bytes, resolution);
  return bytes.length > 4 && view.getUint16(0) === 0xffd8 ? intoJpeg(bytes, resolution) : bytes;
}

function ofPng(view: DataView): Resolution | null {
  for (let at = PNG_HEAD; ; at += 12 + view.getUint32(at)) {
    const kind = view.getUint32(at + 4);
    if (kind === name("IDAT")) return null;
    if (kind !== name("pHYs")) continue;
    const inMetres = view.getUint8(at + 16) === 1;
    return inMetres ? sane(view.getUint32(at + 8) * METRES_AN_INCH, view.getUint32(at + 12) * METRES_AN_INCH) : null;
  }
}

function ofJpeg(view: DataView): Resolution | null {
  let jfif: Resolution | null = null;
  for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xe0 && view.getUint32(at + 4) === name("JFIF")) {
      const scale = [0, 1, 2.54][view.getUint8(at + 11)] ?? 0;
      jfif = sane(view.getUint16(at + 12) * scale, view.getUint16(at + 14) * scale);
    } else if (marker === 0xe1 && view.getUint32(at + 4) === name("Exif")) {
      const found = resolutionOfTiff(new DataView(view.buffer, view.byteOffset + at + 10, view.getUint16(at + 2) - 8));
      if (found !== null) return found;
    }
  }
  return jfif;
}

function intoPng(bytes: Uint8Array<ArrayBuffer>, view: DataView, resolution: Resolution | null): Uint8Array<ArrayBuffer> {
  const added: Uint8Array[] = [];
  if (!says(view, "sRGB") && !says(view, "iCCP")) added.push(chunk("sRGB", Uint8Array.of(PERCEPTUAL)));
  if (resolution !== null && !says(view, "pHYs")) {
    const data = new DataView(new ArrayBuffer(9));
    data.setUint32(0, Math.round(resolution.x / METRES_AN_INCH));
    data.setUint32(4, Math.round(resolution.y / METRES_AN_INCH));
    data.setUint8(8, 1);
    added.push(chunk("pHYs", new Uint8Array(data.buffer)));
  }
  // All of them have to stand before the pixels; right behind the head they do.
  const head = PNG_HEAD + 12 + view.getUint32(PNG_HEAD);
  return joined([bytes.subarray(0, head), ...added, bytes.subarray(head)]);
}

/** Whether the file has such a chunk before its pixels. */
function says(view: DataView, kind: string): boolean {
  for (let at = PNG_HEAD; at + 8 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === name(kind)) return true;
    if (view.getUint32(at + 4) === name("IDAT")) return false;
  }
  return false;
}

/** An Exif block behind JFIF's: upright, sRGB, and the resolution. */
function intoJpeg(bytes: Uint8Array<ArrayBuffer>, resolution: Resolution | null): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const jfif = view.getUint16(2) === 0xffe0;
  const head = jfif ? 4 + view.getUint16(4) : 2;
  const result = bytes.slice();
  if (jfif && resolution !== null) {
    const own = new DataView(result.buffer);
    own.setUint8(13, 1);
    own.setUint16(14, resolution.x);
    own.setUint16(16, resolution.y);
  }
  const exif = joined([EXIF, tiffOf(resolution)]);
  const segment = new Uint8Array(4);
  new DataView(segment.buffer).setUint32(0, 0xffe1_0000 + exif.length + 2);
  return joined([result.subarray(0, head), segment, exif, result.subarray(head)]);
}
