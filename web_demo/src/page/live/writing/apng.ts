/** PNG files of single frames, put together as an animation (PNG specification, third edition, "Animation information"). Pure. */
import { joined } from "../../bytes";
import { chunk, name, PNG_HEAD } from "../../png";
import { exportErrors } from "../../strings";
import { LiveError } from "../source";
import type { Animation, EncodedFrame } from "./writer";

const LONGEST_DELAY = 0xffff;

export function assemblePng({ width, height, plays }: Animation, frames: readonly EncodedFrame[]): Uint8Array<ArrayBuffer>[] {
  let sequence = 0;
  let head: Uint8Array | null = null;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (const { bytes, ms } of frames) {
    const { header, pixels } = contentOf(bytes);
    if (head === null) {
      head = header;
      parts.push(bytes.slice(0, PNG_HEAD), chunk("IHDR", header), chunk("sRGB", Uint8Array.of(0)));
      parts.push(chunk("acTL", numbers(frames.length, Number.isFinite(plays) ? plays : 0)));
    } else if (header.some((byte, i) => byte !== head?.[i])) {
      // All frames are of one kind of pixels.
      throw new LiveError(exportErrors.noEncoder);
    }
    // Time over 1000; the frame takes the place of all that was there before it.
    const time = new Uint8Array(6);
    const view = new DataView(time.buffer);
    view.setUint16(0, Math.min(LONGEST_DELAY, ms));
    view.setUint16(2, 1000);
    const first = sequence === 0;
    parts.push(chunk("fcTL", joined([numbers(sequence++, width, height, 0, 0), time])));
    parts.push(first ? chunk("IDAT", pixels) : chunk("fdAT", joined([numbers(sequence++), pixels])));
  }
  parts.push(chunk("IEND", new Uint8Array(0)));
  return parts;
}

/** The header's data, and the pixels of all chunks that have some. */
function contentOf(bytes: Uint8Array<ArrayBuffer>): { header: Uint8Array; pixels: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const data = (at: number): Uint8Array => bytes.subarray(at + 8, at + 8 + view.getUint32(at));
  const pixels: Uint8Array[] = [];
  for (let at = PNG_HEAD; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    if (view.getUint32(at + 4) === name("IDAT")) pixels.push(data(at));
  }
  return { header: data(PNG_HEAD), pixels: joined(pixels) };
}

function numbers(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setUint32(4 * i, value));
  return new Uint8Array(view.buffer);
}
