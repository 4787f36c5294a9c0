/**
 * Colours that go on under what is transparent, as impasto/pictures/colours.py lets them: what stays cut out is painted on them, so
 * that its edges hold nothing of a white that is not there. Halves of halves, by means that weigh a colour by what it covers;
 * every size is filled from the next smaller one where it covers too little to tell its colour. Of the picture's own size never
 * more than a strip is held. Pure.
 */
import type { Region, Size } from "./geometry";
import type { Rows } from "./reduction";
import { axis, inFixedPoint, KERNELS, range, type Axis } from "./resample";

/** Of a strip: four megabytes. */
const STRIP_PIXELS = 1 << 20;

interface Level extends Size {
  /** RGBA. */
  readonly data: Uint8ClampedArray;
}

/** Whether anything of a picture shows what is behind it. */
export function isTransparent(size: Size, rows: Rows, pixels = STRIP_PIXELS): boolean {
  for (const data of strips(size, rows, pixels)) for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true;
  return false;
}

/**
 * The picture of these rows, opaque: its colours where they cover, and elsewhere those of what covers nearby; white where
 * nothing covers at all. Rows are asked for twice: now, and when the result's are.
 *
 * @param rows Not premultiplied.
 * @param pixels Of a strip, about.
 */
export function extended(size: Size, rows: Rows, pixels = STRIP_PIXELS): Rows {
  const levels: Level[] = [];
  for (let last: Size = size, from = rows; Math.max(last.width, last.height) > 1; ) {
    const level = halved(last, from, pixels);
    levels.push(level);
    last = level;
    from = (top, count) => level.data.subarray(4 * level.width * top, 4 * level.width * (top + count));
  }
  let found: Level = { width: 1, height: 1, data: new Uint8ClampedArray(4).fill(255) };
  for (const level of levels.reverse()) {
    const data = laidOver(level.data, new Enlarging(found, level).rows(0, level.height));
    found = { width: level.width, height: level.height, data };
  }
  const below = new Enlarging(found, size);
  return (top, count) => laidOver(rows(top, count), below.rows(top, count));
}

/** How much is covered, as a grey picture. */
export function coverOf(rows: Rows): Rows {
  return (top, count) => {
    const data = rows(top, count);
    const result = new Uint8ClampedArray(data.length).fill(255);
    for (let i = 0; i < data.length; i += 4) result[i] = result[i + 1] = result[i + 2] = data[i + 3] ?? 255;
    return result;
  };
}

/** The rows of a part of a picture that is `width` wide. */
export function partOf(rows: Rows, width: number, part: Region): Rows {
  if (part.left === 0 && part.width === width) return (top, count) => rows(part.top + top, count);
  return (top, count) => {
    const data = rows(part.top + top, count);
    const result = new Uint8ClampedArray(4 * part.width * count);
    for (let y = 0; y < count; y++) {
      const start = 4 * (width * y + part.left);
      result.set(data.subarray(start, start + 4 * part.width), 4 * part.width * y);
    }
    return result;
  };
}

function* strips({ width, height }: Size, rows: Rows, pixels: number): Generator<Uint8ClampedArray> {
  const strip = Math.max(1, Math.floor(pixels / width));
  for (let top = 0; top < height; top += strip) yield rows(top, Math.min(strip, height - top));
}

/** Half the size, rounded up. A byte a channel between the two passes too, and premultiplied in both, as in Pillow. */
function halved(from: Size, rows: Rows, pixels: number): Level {
  const [width, height] = [Math.ceil(from.width / 2), Math.ceil(from.height / 2)];
  const across = axis(from.width, width, KERNELS.box, range(width));
  const down = axis(from.height, height, KERNELS.box, range(height));
  const data = new Uint8ClampedArray(4 * width * height);
  const sums = new Float64Array(4 * width);
  // Boxes of neighbours share no row, apart from some of no weight; now and then one lies between them.
  const share = (y: number, row: number): number => down.weights[y]?.[row - (down.first[y] ?? 0)] ?? 0;
  let [y, row] = [0, 0];
  for (const strip of strips(from, rows, pixels)) {
    for (let start = 0; start < strip.length; start += 4 * from.width, row++) {
      if (share(y, row) === 0) continue;
      addHalved(strip, start, across, share(y, row), sums);
      if (share(y, row + 1) > 0) continue;
      writeStraight(sums, data, 4 * width * y);
      sums.fill(0);
      y++;
    }
  }
  return { width, height, data };
}

/** Adds `weight` times a row, premultiplied and half as wide, to `sums`. */
function addHalved(data: Uint8ClampedArray, row: number, { first, weights }: Axis, weight: number, sums: Float64Array): void {
  for (let x = 0; x < weights.length; x++) {
    const own = weights[x] ?? [];
    let [red, green, blue, alpha] = [0, 0, 0, 0];
    let source = row + 4 * (first[x] ?? 0);
    for (let k = 0; k < own.length; k++, source += 4) {
      const share = own[k] ?? 0;
      const cover = data[source + 3] ?? 0;
      red += share * divided((data[source] ?? 0) * cover);
      green += share * divided((data[source + 1] ?? 0) * cover);
      blue += share * divided((data[source + 2] ?? 0) * cover);
      alpha += share * cover;
    }
    const target = 4 * x;
    sums[target] = (sums[target] ?? 0) + weight * Math.floor(red + 0.5);
    sums[target + 1] = (sums[target + 1] ?? 0) + weight * Math.floor(green + 0.5);
    sums[target + 2] = (sums[target + 2] ?? 0) + weight * Math.floor(blue + 0.5);
    sums[target + 3] = (sums[target + 3] ?? 0) + weight * Math.floor(alpha + 0.5);
  }
}

function writeStraight(sums: Float64Array, data: Uint8ClampedArray, target: number): void {
  for (let i = 0; i < sums.length; i += 4) {
    const alpha = Math.floor((sums[i + 3] ?? 0) + 0.5);
    for (let channel = 0; channel < 3; channel++) {
      const value = Math.floor((sums[i + channel] ?? 0) + 0.5);
      data[target + i + channel] = alpha === 0 ? value : Math.floor((255 * value) / alpha);
    }
    data[target + i + 3] = alpha;
  }
}

/** `above` on `below`, opaque. An eighth of a pixel says its colour to a few per cent, after rounding to 8 bits. Writes into `below`. */
function laidOver(above: Uint8ClampedArray, below: Uint8ClampedArray): Uint8ClampedArray {
  for (let i = 0; i < above.length; i += 4) {
    const mask = Math.min(8 * (above[i + 3] ?? 0), 255);
    for (let channel = i; channel < i + 3; channel++) below[channel] = divided((below[channel] ?? 0) * (255 - mask) + (above[channel] ?? 0) * mask);
    below[i + 3] = 255;
  }
  return below;
}

/** A larger copy of an opaque picture, bilinearly, some rows at a time; rows have to be asked for downwards. */
class Enlarging {
  private readonly across: Axis;
  private readonly down: Axis;
  /** Rows of the picture in the new width. */
  private readonly wide = new Map<number, Uint8ClampedArray>();

  constructor(
    private readonly from: Level,
    private readonly to: Size,
  ) {
    this.across = inFixedPoint(axis(from.width, to.width, KERNELS.bilinear, range(to.width)));
    this.down = inFixedPoint(axis(from.height, to.height, KERNELS.bilinear, range(to.height)));
  }

  rows(top: number, count: number): Uint8ClampedArray {
    const length = 4 * this.to.width;
    const data = new Uint8ClampedArray(length * count);
    const sums = new Float64Array(length);
    for (let y = 0; y < count; y++) {
      const first = this.down.first[top + y] ?? 0;
      for (const row of this.wide.keys()) if (row < first) this.wide.delete(row);
      sums.fill(0.5);
      (this.down.weights[top + y] ?? []).forEach((weight, k) => {
        const row = this.row(first + k);
        for (let i = 0; i < length; i++) sums[i] = (sums[i] ?? 0) + weight * (row[i] ?? 0);
      });
      for (let i = 0; i < length; i++) data[length * y + i] = Math.floor(sums[i] ?? 0);
    }
    return data;
  }

  private row(y: number): Uint8ClampedArray {
    const known = this.wide.get(y);
    if (known !== undefined) return known;
    const { across, from, to } = this;
    const row = new Uint8ClampedArray(4 * to.width).fill(255);
    for (let x = 0; x < to.width; x++) {
      const own = across.weights[x] ?? [];
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0.5;
        const start = 4 * (from.width * y + (across.first[x] ?? 0)) + channel;
        for (let k = 0; k < own.length; k++) sum += (own[k] ?? 0) * (from.data[start + 4 * k] ?? 0);
        row[4 * x + channel] = Math.floor(sum);
      }
    }
    this.wide.set(y, row);
    return row;
  }
}

/** A product of two bytes over 255, rounded. */
function divided(product: number): number {
  return Math.floor(product / 255 + 0.5);
}
