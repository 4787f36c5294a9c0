/** Animations for the tests, written byte by byte: a white square that moves over stripes, each frame for as long as it is told. */
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import type { Upload } from "./pictures";

/** In milliseconds, a frame each. */
export type Delays = readonly number[];

const [WIDTH, HEIGHT] = [96, 64];
/** Black, white and six colours. */
const COLOURS = [0x000000, 0xffffff, 0xd03030, 0x30a040, 0x3050d0, 0xd0b020, 0xa030c0, 0x20b0b0];

/** Numbers of colours, row by row. */
function frame(index: number, count: number): Uint8Array {
  const left = count === 1 ? 0 : Math.round(((WIDTH - 32) * index) / (count - 1));
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return x >= left && x < left + 32 && y >= 16 && y < 48 ? 1 : 2 + Math.floor((6 * x) / WIDTH);
  });
}

/**
 * GIF89a, to be shown once; codes are written without compression: a clear code comes before the table could grow. With `cut`, the
 * stripe on the right is transparent.
 */
export function gif(name: string, delays: Delays, cut = false): Upload {
  const parts: Buffer[] = [Buffer.from("GIF89a"), words(WIDTH, HEIGHT), Buffer.from([0x82, 0, 0])];
  parts.push(Buffer.from(COLOURS.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255])));
  for (const [index, delay] of delays.entries()) {
    // Each frame in the place of the one before it.
    parts.push(Buffer.from([0x21, 0xf9, 4, cut ? 9 : 0]), words(delay / 10), Buffer.from([cut ? 7 : 0, 0]));
    parts.push(Buffer.from([0x2c]), words(0, 0, WIDTH, HEIGHT), Buffer.from([0, 3]));
    const [clear, end] = [8, 9];
    const codes = [...frame(index, delays.length)].flatMap((colour, i) => (i % 4 === 0 ? [clear, colour] : [colour]));
    const bits = [...codes, end].reduce<{ bytes: number[]; rest: number; held: number }>(
      (all, code) => {
        all.rest |= code << all.held;
        all.held += 4;
        if (all.held >= 8) {
          all.bytes.push(all.rest & 255);
          all.rest >>= 8;
          all.held -= 8;
        }
        return all;
      },
      { bytes: [], rest: 0, held: 0 },
    );
    const bytes = [...bits.bytes, bits.rest];
    for (let at = 0; at < bytes.length; at += 255) {
      const block = bytes.slice(at, at + 255);
      parts.push(Buffer.from([block.length, ...block]));
    }
    parts.push(Buffer.from([0]));
  }
  parts.push(Buffer.from([0x3b]));
  return { name, mimeType: "image/gif", buffer: Buffer.concat(parts) };
}

/** PNG with the chunks acTL, fcTL and fdAT (PNG specification, third edition). */
export function apng(name: string, delays: Delays): Upload {
  const chunk = (kind: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    return Buffer.concat([bigEndian(data.length), body, bigEndian(crc32(body))]);
  };
  let sequence = 0;
  const parts: Buffer[] = [Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])];
  parts.push(chunk("IHDR", Buffer.concat([bigEndian(WIDTH, HEIGHT), Buffer.from([8, 2, 0, 0, 0])])));
  parts.push(chunk("acTL", bigEndian(delays.length, 0)));
  for (const [index, delay] of delays.entries()) {
    const times = Buffer.alloc(6);
    times.writeUInt16BE(delay, 0);
    times.writeUInt16BE(1000, 2);
    parts.push(chunk("fcTL", Buffer.concat([bigEndian(sequence++, WIDTH, HEIGHT, 0, 0), times])));
    const colours = frame(index, delays.length);
    const rows = Array.from({ length: HEIGHT }, (_, y) => [0, ...[...colours.subarray(WIDTH * y, WIDTH * (y + 1))].flatMap(rgb)]);
    const data = deflateSync(Buffer.from(rows.flat()));
    parts.push(index === 0 ? chunk("IDAT", data) : chunk("fdAT", Buffer.concat([bigEndian(sequence++), data])));
  }
  parts.push(chunk("IEND", Buffer.alloc(0)));
  return { name, mimeType: "image/png", buffer: Buffer.concat(parts) };
}

/** WebP with the chunks VP8X, ANIM and ANMF; what is in the frames is written by the browser. */
export async function webp(page: Page, name: string, delays: Delays): Promise<Upload> {
  const three = (value: number): Buffer => Buffer.from([value & 255, (value >> 8) & 255, value >> 16]);
  const chunk = (kind: string, data: Buffer): Buffer =>
    Buffer.concat([Buffer.from(kind), littleEndian(data.length), data, Buffer.alloc(data.length % 2)]);
  const size = [three(WIDTH - 1), three(HEIGHT - 1)];
  const parts: Buffer[] = [chunk("VP8X", Buffer.concat([Buffer.from([2, 0, 0, 0]), ...size])), chunk("ANIM", Buffer.alloc(6))];
  for (const [index, delay] of delays.entries()) {
    const still = await encoded(page, [...frame(index, delays.length)].flatMap((colour) => [...rgb(colour), 255]));
    const place = Buffer.concat([three(0), three(0), ...size, three(delay), Buffer.from([2])]);
    parts.push(chunk("ANMF", Buffer.concat([place, pixelsOf(still)])));
  }
  const body = Buffer.concat([Buffer.from("WEBP"), ...parts]);
  return { name, mimeType: "image/webp", buffer: Buffer.concat([Buffer.from("RIFF"), littleEndian(body.length), body]) };
}

/** The chunk with the pixels of a WebP file; browsers may write a header and a profile before it. */
function pixelsOf(file: Buffer): Buffer {
  for (let at = 12; ; ) {
    const length = file.readUInt32LE(at + 4);
    const end = at + 8 + length + (length % 2);
    if (/^VP8[ L]$/.test(file.toString("latin1", at, at + 4))) return file.subarray(at, end);
    at = end;
  }
}

async function encoded(page: Page, pixels: readonly number[]): Promise<Buffer> {
  const bytes = await page.evaluate(
    async ([data, width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      canvas.getContext("2d", { alpha: false })?.putImageData(new ImageData(Uint8ClampedArray.from(data), width, height), 0, 0);
      const blob = await canvas.convertToBlob({ type: "image/webp", quality: 0.95 });
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [pixels, WIDTH, HEIGHT] as const,
  );
  return Buffer.from(bytes);
}

function rgb(number: number): readonly number[] {
  const colour = COLOURS[number] ?? 0;
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

function bigEndian(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => buffer.writeUInt32BE(value, 4 * i));
  return buffer;
}

function littleEndian(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

/** 16 bits each, the lower byte first. */
function words(...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length);
  values.forEach((value, i) => buffer.writeUInt16LE(value, 2 * i));
  return buffer;
}
