/** Strokes of a brush, round and soft, into masks. Pure. */
import type { Region } from "./geometry";
import { copyOf, FULL, type Mask } from "./masks";

/** A place on the picture, from its left upper corner (0, 0) to its right lower one (1, 1). */
export interface Place {
  readonly x: number;
  readonly y: number;
}

export interface Brush {
  /** In parts of the picture's long side. */
  readonly radius: number;
  /** How much of the radius is soft, 0 to 1. */
  readonly feather: number;
  readonly erase: boolean;
}

/** What a stroke paints where it belongs to none of the regions. */
export const BACKGROUND = -1;

/**
 * The masks after a straight stroke for region `index`. It takes from the others what it gives to that one, so that the
 * last stroke counts; for `BACKGROUND` it takes only. All masks have one size.
 */
export function stroke(masks: readonly Mask[], index: number, from: Place, to: Place, brush: Brush): Mask[] {
  const next = masks.map(copyOf);
  strokeInto(next, index, from, to, brush);
  return next;
}

/**
 * The same, into the masks themselves, as a brush needs that moves a hundred times a second. Returns which cells it has touched.
 * A row of a stroke is one span, with a span of its hard middle in it; only the rim between the two is looked at cell by cell.
 */
export function strokeInto(masks: readonly Mask[], index: number, from: Place, to: Place, { radius, feather, erase }: Brush): Region | null {
  const [first] = masks;
  if (first === undefined) return null;
  const { width, height } = first;
  // In cells; cell (x, y) has its centre at (x + 0.5, y + 0.5).
  const reach = Math.max(1, radius * Math.max(width, height));
  const a = { x: from.x * width - 0.5, y: from.y * height - 0.5 };
  const b = { x: to.x * width - 0.5, y: to.y * height - 0.5 };
  const [left, right] = [Math.max(0, Math.floor(Math.min(a.x, b.x) - reach)), Math.min(width - 1, Math.ceil(Math.max(a.x, b.x) + reach))];
  const [top, bottom] = [Math.max(0, Math.floor(Math.min(a.y, b.y) - reach)), Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + reach))];
  if (right < left || bottom < top) return null;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = dx * dx + dy * dy;
  const hard = reach * (1 - feather);
  const rim = rimOf(feather);
  const middle = hard * hard;
  const scale = RIM_STEPS / (reach * reach - middle || 1);
  const touched = new Uint8Array(width);
  for (let y = top; y <= bottom; y++) {
    const [start, end] = cells(spanOf(a, b, reach, y), left, right);
    if (end < start) continue;
    const [full, fullEnd] = cells(spanOf(a, b, hard, y), start, end);
    const [offA, offB] = [y - a.y, y - b.y];
    for (let x = start; x <= end; x++) {
      if (x === full && fullEnd >= full) x = fullEnd + 1;
      if (x > end) break;
      const [besideA, besideB] = [x - a.x, x - b.x];
      const along = besideA * dx + offA * dy;
      let squared: number;
      if (along <= 0) squared = besideA * besideA + offA * offA;
      else if (along >= length) squared = besideB * besideB + offB * offB;
      else squared = besideA * besideA + offA * offA - (along * along) / length;
      // Down to a whole number, as bit operators do it in no time.
      const place = ((squared - middle) * scale + 0.5) | 0;
      touched[x] = rim[place < 0 ? 0 : place > RIM_STEPS ? RIM_STEPS : place] ?? 0;
    }
    if (fullEnd >= full) touched.fill(FULL, full, fullEnd + 1);
    for (let region = 0; region < masks.length; region++) {
      const coverage = masks[region]?.coverage;
      if (coverage === undefined || (erase && region !== index)) continue;
      const row = coverage.subarray(width * y + start, width * y + end + 1);
      if (region === index && !erase) give(row, touched, start);
      else take(row, touched, start);
    }
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

function give(row: Uint8Array, touched: Uint8Array, start: number): void {
  for (let i = 0; i < row.length; i++) {
    const value = touched[start + i] ?? 0;
    if (value > (row[i] ?? 0)) row[i] = value;
  }
}

function take(row: Uint8Array, touched: Uint8Array, start: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = FULL - (touched[start + i] ?? 0);
    if (left < (row[i] ?? 0)) row[i] = left;
  }
}

type Span = readonly [number, number];
const NOWHERE: Span = [Infinity, -Infinity];

/** Whole places of a span, between two. */
function cells([from, to]: Span, left: number, right: number): Span {
  return [Math.max(left, Math.ceil(from)), Math.min(right, Math.floor(to))];
}

/** Where row `y` lies within `reach` of the line from `a` to `b`: at the discs about its ends, or between them. */
function spanOf(a: Place, b: Place, reach: number, y: number): Span {
  const spans = [disc(a, reach, y), disc(b, reach, y), rectangle(a, b, reach, y)];
  return [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
}

function disc({ x, y: centre }: Place, reach: number, y: number): Span {
  const squared = reach * reach - (y - centre) ** 2;
  return squared < 0 ? NOWHERE : [x - Math.sqrt(squared), x + Math.sqrt(squared)];
}

/** The rectangle of a stroke: no further along than its ends, and no further aside than its reach. */
function rectangle(a: Place, b: Place, reach: number, y: number): Span {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy);
  if (length === 0) return NOWHERE;
  const off = y - a.y;
  // Along: 0 <= dx (x - a.x) + dy off <= length^2. Aside: |dx off - dy (x - a.x)| <= reach length.
  const along = within(dx, -dy * off, length * length - dy * off);
  const aside = within(-dy, -reach * length - dx * off, reach * length - dx * off);
  const [from, to] = [a.x + Math.max(along[0], aside[0]), a.x + Math.min(along[1], aside[1])];
  return from > to ? NOWHERE : [from, to];
}

/** The u for which `low <= slope u <= high`. */
function within(slope: number, low: number, high: number): Span {
  if (slope === 0) return low <= 0 && high >= 0 ? [-Infinity, Infinity] : NOWHERE;
  return slope > 0 ? [low / slope, high / slope] : [high / slope, low / slope];
}

/** Steps of squared distance from the hard middle to the rim's end. */
const RIM_STEPS = 4096;
let rim: { readonly feather: number; readonly values: Uint8Array } | null = null;

/** What a brush of this feather gives at every step. */
function rimOf(feather: number): Uint8Array {
  if (rim?.feather === feather) return rim.values;
  const inner = (1 - feather) ** 2;
  const values = Uint8Array.from({ length: RIM_STEPS + 1 }, (_, i) =>
    Math.round(FULL * falloff(Math.sqrt(inner + ((1 - inner) * i) / RIM_STEPS), feather)),
  );
  rim = { feather, values };
  return values;
}

/** 1 in the hard middle, 0 from the rim on, smooth between. */
export function falloff(distance: number, feather: number): number {
  if (distance >= 1) return 0;
  const t = feather === 0 ? 1 : Math.min(1, (1 - distance) / feather);
  return t * t * (3 - 2 * t);
}
