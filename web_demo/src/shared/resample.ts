/**
 * Pictures in another size, as Pillow makes them, so that Python and the page see the same: separable filters that grow with
 * the reduction (antialiased), weights cut and normalised anew at borders, columns before rows. Pure.
 */
import { reflectIndex, type Region, type Size } from "./geometry";
import type { Pixels } from "./protocol";

export type Resampling = "lanczos3" | "bicubic";

/** How photographs are reduced, as impasto/pictures/reading.py does it. */
export const PHOTOGRAPHS: Resampling = "lanczos3";

interface Kernel {
  readonly support: number;
  at(x: number): number;
}

export const KERNELS: Record<Resampling | "bilinear" | "box", Kernel> = {
  box: { support: 0.5, at: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, at: (x) => Math.max(0, 1 - Math.abs(x)) },
  lanczos3: { support: 3, at: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
  // Keys' cubic with a = -0.5.
  bicubic: {
    support: 2,
    at(signed) {
      const x = Math.abs(signed);
      if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
      return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    },
  },
};

/** For positions along an axis: the first that each is made of, and the weights from there on. */
export interface Axis {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

export function axis(from: number, to: number, kernel: Kernel, positions: ArrayLike<number>): Axis {
  const scale = from / to;
  const stretch = Math.max(1, scale);
  const first = new Int32Array(positions.length);
  const weights = Array.from(positions, (position, i) => {
    const centre = (position + 0.5) * scale;
    const start = Math.max(0, Math.floor(centre - kernel.support * stretch + 0.5));
    const end = Math.min(from, Math.floor(centre + kernel.support * stretch + 0.5));
    // Times the inverse, as there: a box decides by the last bit which of two pixels has the one on its border.
    const own = Float64Array.from({ length: end - start }, (_, k) => kernel.at((start + k - centre + 0.5) * (1 / stretch)));
    const sum = own.reduce((total, weight) => total + weight, 0);
    first[i] = start;
    return own.map((weight) => weight / sum);
  });
  return { first, weights };
}

/** The same with weights of 22 bits, as Pillow has them for bytes: what lies between two levels is rounded to the same one. */
export function inFixedPoint({ first, weights }: Axis): Axis {
  return { first, weights: weights.map((own) => own.map((weight) => Math.round(weight * 2 ** 22) / 2 ** 22)) };
}

/** `image` in another size, opaque; what is transparent is laid on white. */
export function resize(image: Pixels, size: Size, resampling: Resampling): Pixels {
  const resizing = new Resizing(image, size, resampling);
  resizing.add(opaque(image.data));
  return resizing.finish();
}

/** A picture in another size, made of its rows as they come. */
export class Resizing {
  private readonly columns: Axis;
  private readonly rows: Axis;
  /** Of the new width. Between the two passes too a byte a channel, as in Pillow. */
  private readonly narrow: Uint8ClampedArray;
  private filled = 0;

  constructor(
    private readonly from: Size,
    private readonly to: Size,
    resampling: Resampling,
  ) {
    const kernel = KERNELS[resampling];
    this.columns = axis(from.width, to.width, kernel, range(to.width));
    this.rows = axis(from.height, to.height, kernel, range(to.height));
    this.narrow = new Uint8ClampedArray(3 * to.width * from.height);
  }

  /** Takes in the next rows, RGBA; alpha is not looked at. */
  add(data: Uint8ClampedArray): void {
    const { columns, narrow, from } = this;
    const count = columns.weights.length;
    let target = this.filled;
    for (let row = 0; row < data.length; row += 4 * from.width) {
      for (let x = 0; x < count; x++) {
        const own = columns.weights[x] ?? [];
        let [red, green, blue] = [0, 0, 0];
        let source = row + 4 * (columns.first[x] ?? 0);
        for (let k = 0; k < own.length; k++, source += 4) {
          const weight = own[k] ?? 0;
          red += weight * (data[source] ?? 0);
          green += weight * (data[source + 1] ?? 0);
          blue += weight * (data[source + 2] ?? 0);
        }
        narrow[target++] = red;
        narrow[target++] = green;
        narrow[target++] = blue;
      }
    }
    this.filled = target;
  }

  /** The result, opaque, once all rows are there. */
  finish(): Pixels {
    const { narrow, rows } = this;
    const { width, height } = this.to;
    const data = new Uint8ClampedArray(4 * width * height);
    const sums = new Float64Array(3 * width);
    for (let y = 0; y < height; y++) {
      sums.fill(0);
      const own = rows.weights[y] ?? [];
      for (let k = 0; k < own.length; k++) {
        const weight = own[k] ?? 0;
        const start = 3 * width * ((rows.first[y] ?? 0) + k);
        for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + weight * (narrow[start + i] ?? 0);
      }
      let target = 4 * width * y;
      for (let i = 0; i < sums.length; i += 3) {
        data[target++] = sums[i] ?? 0;
        data[target++] = sums[i + 1] ?? 0;
        data[target++] = sums[i + 2] ?? 0;
        data[target++] = 255;
      }
    }
    return { width, height, data };
  }
}

/** The part `region` of interleaved RGB floats of size `from`, enlarged to `to`; what lies beyond `to` is reflected. */
export function enlarged(values: Float32Array, from: Size, to: Size, region: Region, resampling: Resampling): Float32Array {
  const kernel = KERNELS[resampling];
  const along = (start: number, count: number, length: number): Int32Array =>
    Int32Array.from({ length: count }, (_, i) => reflectIndex(start + i, length));
  const columns = axis(from.width, to.width, kernel, along(region.left, region.width, to.width));
  const rows = axis(from.height, to.height, kernel, along(region.top, region.height, to.height));
  const top = rows.first.reduce((least, row) => Math.min(least, row), from.height);
  const bottom = rows.first.reduce((most, row, i) => Math.max(most, row + (rows.weights[i]?.length ?? 0)), 0);
  const length = 3 * region.width;
  const wide = new Float32Array(length * (bottom - top));
  for (let y = top; y < bottom; y++) {
    let target = length * (y - top);
    for (let x = 0; x < region.width; x++) {
      const own = columns.weights[x] ?? [];
      let [red, green, blue] = [0, 0, 0];
      let source = 3 * (from.width * y + (columns.first[x] ?? 0));
      for (let k = 0; k < own.length; k++, source += 3) {
        const weight = own[k] ?? 0;
        red += weight * (values[source] ?? 0);
        green += weight * (values[source + 1] ?? 0);
        blue += weight * (values[source + 2] ?? 0);
      }
      wide[target++] = red;
      wide[target++] = green;
      wide[target++] = blue;
    }
  }
  const result = new Float32Array(length * region.height);
  for (let y = 0; y < region.height; y++) {
    const own = rows.weights[y] ?? [];
    for (let k = 0; k < own.length; k++) {
      const weight = own[k] ?? 0;
      const [target, source] = [length * y, length * ((rows.first[y] ?? 0) + k - top)];
      for (let i = 0; i < length; i++) result[target + i] = (result[target + i] ?? 0) + weight * (wide[source + i] ?? 0);
    }
  }
  return result;
}

/** RGBA laid on white where it is transparent. */
function opaque(data: Uint8ClampedArray): Uint8ClampedArray {
  let transparent = false;
  for (let i = 3; i < data.length && !transparent; i += 4) transparent = data[i] !== 255;
  if (!transparent) return data;
  const result = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) {
    const alpha = (data[i | 3] ?? 255) / 255;
    result[i] = (data[i] ?? 0) * alpha + 255 * (1 - alpha);
  }
  return result;
}

/** 0 and on. */
export function range(length: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => i);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
