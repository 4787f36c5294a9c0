/**
 * What a picture file says about itself beside its pixels: that its colours are sRGB, and at which resolution it was taken.
 * Pixels are upright already, and written so. Pure.
 */

/** Dots an inch, across and up. */
export interface Resolution {
  readonly x: number;
  readonly y: number;
}

const METRES_AN_INCH = 0.0254;
const PNG_HEAD = 8;
/** Perceptual, the rendering intent for photographs (PNG specification, 11.3.3.5). */
const PERCEPTUAL = 0;

/** The resolution that a JPEG file (JFIF density, or Exif) or a PNG file (pHYs) says; null where it says none. */
export function readResolution(bytes: Uint8Array): Resolution | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint32(0) === 0x89504e47) return ofPng(view);
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
      const found = ofTiff(new DataView(view.buffer, view.byteOffset + at + 10, view.getUint16(at + 2) - 8));
      if (found !== null) return found;
    }
  }
  return jfif;
}

/** The first directory of Exif's TIFF block: XResolution, YResolution and their unit (Exif 2.32, 4.6.4). */
function ofTiff(view: DataView): Resolution | null {
  const little = view.getUint16(0) === 0x4949;
  const start = view.getUint32(4, little);
  const values = new Map<number, number>();
  for (let i = 0; i < view.getUint16(start, little); i++) {
    const at = start + 2 + 12 * i;
    const [tag, type] = [view.getUint16(at, little), view.getUint16(at + 2, little)];
    if (type === 3) values.set(tag, view.getUint16(at + 8, little));
    if (type !== 5) continue;
    const place = view.getUint32(at + 8, little);
    values.set(tag, view.getUint32(place, little) / view.getUint32(place + 4, little));
  }
  const scale = values.get(296) === 3 ? 2.54 : 1;
  return sane((values.get(282) ?? 0) * scale, (values.get(283) ?? 0) * scale);
}

function sane(x: number, y: number): Resolution | null {
  const fits = (value: number): boolean => value >= 1 && value <= 65_535;
  return fits(x) && fits(y) ? { x: Math.round(x), y: Math.round(y) } : null;
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
  const exif = exifOf(resolution);
  const segment = new Uint8Array(4);
  new DataView(segment.buffer).setUint32(0, 0xffe1_0000 + exif.length + 2);
  return joined([result.subarray(0, head), segment, exif, result.subarray(head)]);
}

function exifOf(resolution: Resolution | null): Uint8Array {
  const { x, y } = resolution ?? { x: 72, y: 72 };
  const view = new DataView(new ArrayBuffer(6 + 112));
  [0x45, 0x78, 0x69, 0x66, 0, 0].forEach((byte, i) => view.setUint8(i, byte));
  const at = 6;
  view.setUint32(at, 0x4d4d_002a);
  view.setUint32(at + 4, 8);
  view.setUint16(at + 8, 5);
  const entry = (offset: number, tag: number, type: number, value: number): void => {
    view.setUint16(at + offset, tag);
    view.setUint16(at + offset + 2, type);
    view.setUint32(at + offset + 4, 1);
    if (type === 3) view.setUint16(at + offset + 8, value);
    else view.setUint32(at + offset + 8, value);
  };
  // Orientation, XResolution, YResolution, ResolutionUnit (inches), and where the second directory lies, with ColorSpace (sRGB).
  entry(10, 274, 3, 1);
  entry(22, 282, 5, 92);
  entry(34, 283, 5, 100);
  entry(46, 296, 3, 2);
  entry(58, 34_665, 4, 74);
  view.setUint16(at + 74, 1);
  entry(76, 40_961, 3, 1);
  [x, 1, y, 1].forEach((value, i) => view.setUint32(at + 92 + 4 * i, value));
  return new Uint8Array(view.buffer);
}

function chunk(kind: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  view.setUint32(4, name(kind));
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** CRC-32 (PNG specification, annex D). */
function crc(bytes: Uint8Array): number {
  let sum = 0xffff_ffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb8_8320 : sum >>> 1;
  }
  return (sum ^ 0xffff_ffff) >>> 0;
}

function name(kind: string): number {
  return Array.from(kind).reduce((value, char) => value * 256 + char.charCodeAt(0), 0);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
