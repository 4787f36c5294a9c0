/** Chunks of PNG files (PNG specification, 5.3). Pure. */

/** Bytes before the first chunk. */
export const PNG_HEAD = 8;

export function chunk(kind: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
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

/** A chunk's name as the number that it is read as. */
export function name(kind: string): number {
  return Array.from(kind).reduce((value, char) => value * 256 + char.charCodeAt(0), 0);
}
