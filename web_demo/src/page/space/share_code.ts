/**
 * A style vector and its strength as text for a link: version, model, strength and the numbers in 16 bits each, with a
 * checksum, in the URL-safe alphabet of base64 (RFC 4648, section 5). Pure.
 */

export interface SharedStyle {
  readonly vector: Float32Array;
  readonly strength: number;
}

export type ShareProblem = "damaged" | "version" | "model";

export class ShareError extends Error {
  constructor(readonly problem: ShareProblem) {
    super(problem);
  }
}

const VERSION = 1;
const LEVELS = 32_767;
/** Version, eight bytes of the model, strength in percent, how many numbers, the largest of them. */
const HEAD = 1 + 8 + 1 + 2 + 4;
const CHECKSUM = 4;

/** @param model 16 hexadecimal digits, as in LoadedModel. */
export function encodeStyle({ vector, strength }: SharedStyle, model: string): string {
  const bytes = new Uint8Array(HEAD + 2 * vector.length + CHECKSUM);
  const view = new DataView(bytes.buffer);
  const largest = Math.fround(vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  view.setUint8(0, VERSION);
  view.setBigUint64(1, BigInt(`0x${model}`));
  view.setUint8(9, Math.round(100 * strength));
  view.setUint16(10, vector.length);
  view.setFloat32(12, largest);
  vector.forEach((value, i) => view.setInt16(HEAD + 2 * i, largest > 0 ? Math.round((value / largest) * LEVELS) : 0));
  view.setUint32(bytes.length - CHECKSUM, checksum(bytes.subarray(0, -CHECKSUM)));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Throws a `ShareError` where the text is not what `encodeStyle` made, or was made with another model. */
export function decodeStyle(code: string, model: string, length: number): SharedStyle {
  const bytes = bytesOf(code);
  const view = new DataView(bytes.buffer);
  if (bytes.length < HEAD + CHECKSUM) throw new ShareError("damaged");
  if (view.getUint32(bytes.length - CHECKSUM) !== checksum(bytes.subarray(0, -CHECKSUM))) throw new ShareError("damaged");
  if (view.getUint8(0) !== VERSION) throw new ShareError("version");
  if (view.getBigUint64(1) !== BigInt(`0x${model}`)) throw new ShareError("model");
  const largest = view.getFloat32(12);
  const fits = view.getUint16(10) === length && bytes.length === HEAD + 2 * length + CHECKSUM && Number.isFinite(largest);
  if (!fits) throw new ShareError("damaged");
  const vector = Float32Array.from({ length }, (_, i) => (largest * view.getInt16(HEAD + 2 * i)) / LEVELS);
  return { vector, strength: view.getUint8(9) / 100 };
}

function bytesOf(code: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]+$/.test(code)) throw new ShareError("damaged");
  try {
    return Uint8Array.from(atob(code.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
  } catch {
    throw new ShareError("damaged");
  }
}

/** FNV-1a with 32 bits: finds slips of copying, and is no protection against anybody. */
export function checksum(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193) >>> 0, 0x811c9dc5);
}
