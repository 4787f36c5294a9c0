/**
 * Pictures whose opposite borders meet, so that copies of one can be laid side by side. A photograph whose borders do not
 * meet is mixed with its mirror image near them; it is continued with what lies at the opposite borders, and painted so; what was
 * painted twice is faded from one into the other. The same as impasto/wrapping.py, where the numbers are told. Pure.
 */
import { halfUp, roundUp, type Size } from "./geometry";
import type { Mask } from "./masks";
import type { Pixels } from "./pixels";
import { blankPixels } from "./planes";
import type { ContentRules, StrokeRules } from "./preprocessing";

const MEETS = 1.6;
const MIXED = 1 / 8;
const MARGIN = 64;
const FADE = 32;

/** Values row by row; `channels` of each belong together, of which the first `used` count. */
interface Grid extends Size {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly channels: number;
  readonly used: number;
}

/** Where the numbers of one axis lie: line `i` of it begins at `i * step`, and has numbers at all of `places` from there. */
interface Lines {
  readonly count: number;
  readonly step: number;
  readonly places: () => Iterable<number>;
}

/** `picture` with opposite borders that meet; itself where they do already. */
export function seamless(picture: Pixels): Pixels {
  // One by one: an ImageData has them from its prototype, and gives a spread nothing.
  const { width, height } = picture;
  const data = picture.data.slice();
  return meet({ width, height, data, channels: 4, used: 3 }) ? { width, height, data } : picture;
}

/** The same for how much of a picture belongs to a region. */
export function seamlessMask(mask: Mask): Mask {
  const copy = { ...mask, coverage: mask.coverage.slice() };
  return meet({ ...mask, data: copy.coverage, channels: 1, used: 1 }) ? copy : mask;
}

/** Makes the borders meet, in place; false where they did. */
function meet(grid: Grid): boolean {
  const [rows, columns] = linesOf(grid);
  const changed = [mixed(grid, rows), mixed(grid, columns)];
  return changed.includes(true);
}

function linesOf({ width, height, channels, used }: Grid): readonly [rows: Lines, columns: Lines] {
  const along = (count: number, step: number): (() => Iterable<number>) =>
    function* () {
      for (let i = 0; i < count; i++) for (let channel = 0; channel < used; channel++) yield i * step + channel;
    };
  const [right, down] = [channels, channels * width];
  return [
    { count: height, step: down, places: along(width, right) },
    { count: width, step: right, places: along(height, down) },
  ];
}

function mixed({ data }: Grid, { count, step, places }: Lines): boolean {
  const band = Math.max(1, Math.floor(count * MIXED));
  if (count < 2 || seamRatio(data, { count, step, places }) <= MEETS) return false;
  for (let line = 0; line < band; line++) {
    const share = Math.fround(0.25 * (1 + Math.cos((Math.PI * line) / band)));
    const [near, far] = [line * step, (count - 1 - line) * step];
    for (const place of places()) {
      const [first, last] = [data[near + place] ?? 0, data[far + place] ?? 0];
      data[near + place] = halfUp(first + share * (last - first));
      data[far + place] = halfUp(last + share * (first - last));
    }
  }
  return true;
}

function seamRatio(data: ArrayLike<number>, { count, step, places }: Lines): number {
  let [seam, inner] = [0, 0];
  for (const place of places()) {
    seam += Math.abs((data[(count - 1) * step + place] ?? 0) - (data[place] ?? 0));
    for (let line = 1; line < count; line++) inner += Math.abs((data[line * step + place] ?? 0) - (data[(line - 1) * step + place] ?? 0));
  }
  if (inner === 0) return seam > 0 ? Infinity : 0;
  return seam / (inner / (count - 1));
}

export interface Wrapping extends Size {
  /** Pixels that are added on every side, and how many of them are used. */
  readonly margin: number;
  readonly fade: number;
  /** Size of the strokes of the continued picture, for strokes as large as the picture alone would have. */
  readonly stroke: number;
}

/** How a picture of this size is continued, whose strokes have the size `stroke`. */
export function wrappingOf({ width, height }: Size, content: ContentRules, strokes: StrokeRules, stroke: number): Wrapping {
  const longSide = Math.max(width, height);
  const scale = Math.max(1, (longSide * stroke) / strokes.reference_side);
  const margin = roundUp(halfUp(MARGIN * scale), content.multiple);
  return { width, height, margin, fade: halfUp(FADE * scale), stroke: (stroke * longSide) / (longSide + 2 * margin) };
}

export function extended(picture: Pixels, { width, height, margin }: Wrapping): Pixels {
  const result = blankPixels({ width: width + 2 * margin, height: height + 2 * margin });
  const from = new Uint32Array(picture.data.buffer, picture.data.byteOffset, width * height);
  const to = new Uint32Array(result.data.buffer);
  const within = (place: number, length: number): number => (((place - margin) % length) + length) % length;
  const columns = Int32Array.from({ length: result.width }, (_, x) => within(x, width));
  for (let y = 0; y < result.height; y++) {
    const row = width * within(y, height);
    for (let x = 0; x < result.width; x++) to[result.width * y + x] = from[row + (columns[x] ?? 0)] ?? 0;
  }
  return result;
}

/** What was painted of the continued picture, in the size of the picture: its borders meet. */
export function folded(painted: Pixels, { width, height, margin, fade }: Wrapping): Pixels {
  const result = blankPixels({ width, height });
  const wide = 4 * painted.width;
  // The last rows turn into those that were painted before the first one; then the last columns likewise.
  const rows = new Uint8ClampedArray(wide * height);
  rows.set(painted.data.subarray(wide * margin, wide * (margin + height)));
  fadeLast(rows, painted.data, Math.min(fade, height), height, { step: wide, start: margin, places: wide });
  for (let y = 0; y < height; y++) {
    const row = rows.subarray(wide * y, wide * (y + 1));
    const line = result.data.subarray(4 * width * y, 4 * width * (y + 1));
    line.set(row.subarray(4 * margin, 4 * (margin + width)));
    fadeLast(line, row, Math.min(fade, width), width, { step: 4, start: margin, places: 4 });
  }
  return result;
}

/** Lines of `step` numbers; those that count begin at line `start` of what was painted. */
function fadeLast(
  result: Uint8ClampedArray,
  painted: Uint8ClampedArray,
  fade: number,
  length: number,
  { step, start, places }: { readonly step: number; readonly start: number; readonly places: number },
): void {
  for (let i = 0; i < fade; i++) {
    const share = Math.fround((i + 0.5) / fade);
    const target = step * (length - fade + i);
    const there = step * (start - fade + i);
    for (let place = 0; place < places; place++) {
      const here = result[target + place] ?? 0;
      result[target + place] = halfUp(here + share * ((painted[there + place] ?? 0) - here));
    }
  }
}
