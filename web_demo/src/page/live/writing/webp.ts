/** WebP files of single frames, put together as an animation (WebP container specification, "Animation"). Pure. */
import { joined } from "../../bytes";
import { chunk, CHUNK, chunksOf } from "../../webp";
import type { Animation, EncodedFrame } from "./writer";

/** Of the extended header. */
const [IS_ANIMATED, HAS_ALPHA] = [0x02, 0x10];
/** A frame takes the place of all that was there before it. */
const NOT_BLENDED = 2;
const MOST_PLAYS = 0xffff;

export function assembleWebp({ width, height, plays }: Animation, frames: readonly EncodedFrame[]): Uint8Array<ArrayBuffer>[] {
  const size = [...three(width - 1), ...three(height - 1)];
  const loops = Number.isFinite(plays) ? Math.min(MOST_PLAYS, plays) : 0;
  const parts = [
    chunk("VP8X", Uint8Array.of(IS_ANIMATED | HAS_ALPHA, 0, 0, 0, ...size)),
    // Where nothing covers it the ground is transparent.
    chunk("ANIM", Uint8Array.of(0, 0, 0, 0, loops & 255, loops >> 8)),
    ...frames.map(({ bytes, ms }) => {
      const place = Uint8Array.of(...three(0), ...three(0), ...size, ...three(ms), NOT_BLENDED);
      return chunk("ANMF", joined([place, pixelsOf(bytes)]));
    }),
  ];
  const head = new DataView(new ArrayBuffer(12));
  head.setUint32(0, 0x52494646);
  head.setUint32(4, 4 + parts.reduce((sum, { length }) => sum + length, 0), true);
  head.setUint32(8, 0x57454250);
  return [new Uint8Array(head.buffer), ...parts];
}

/** Transparency and pixels of a file of one frame, each with its head. */
function pixelsOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  const chunks = chunksOf(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const kept = chunks.filter(({ kind }) => ["ALPH", "VP8 ", "VP8L"].includes(kind));
  return joined(kept.map(({ at, end }) => bytes.subarray(at - CHUNK, end)));
}

function three(value: number): readonly number[] {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255];
}
