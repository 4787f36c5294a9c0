/** Giving one picture the colours of another: mean and covariance of red, green and blue. Pure. */
import { eigenPairs } from "./eigen";
import type { ColourRules } from "./preprocessing";
import type { Pixels } from "./protocol";

/** Three rows of three, row by row. */
export type Matrix = readonly number[];

export interface Moments {
  /** Red, green, blue; 0 to 255. */
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

/**
 * `style` with the colour mean and covariance of `content`. The linear map is `C_content^(1/2) C_style^(-1/2)` with
 * symmetric roots (Gatys et al. 2016, arXiv 1606.05897), as in Python's `stylize.color`; Cholesky factors would match the
 * moments too, but depend on the order of the channels.
 */
export function recolour(style: Pixels, content: Pixels, { flattest }: ColourRules): Pixels {
  const [from, to] = [momentsOf(style), momentsOf(content)];
  const map = product(spectral(to.covariance, root), spectral(from.covariance, inverseRoot(flattest)));
  // Constant parts of each channel: mean_content - map mean_style.
  const shift = [0, 1, 2].map((i) => at(to.mean, i) - [0, 1, 2].reduce((sum, j) => sum + at(map, 3 * i + j) * at(from.mean, j), 0));
  const data = new Uint8ClampedArray(style.data.length);
  for (let p = 0; p < data.length; p += 4) {
    const [red, green, blue] = [at(style.data, p), at(style.data, p + 1), at(style.data, p + 2)];
    for (let i = 0; i < 3; i++) {
      data[p + i] = at(map, 3 * i) * red + at(map, 3 * i + 1) * green + at(map, 3 * i + 2) * blue + at(shift, i);
    }
    data[p + 3] = at(style.data, p + 3);
  }
  return { width: style.width, height: style.height, data };
}

/** Mean and covariance of a picture's colours; transparency is not looked at. */
export function momentsOf({ data }: Pick<Pixels, "data">): Moments {
  const count = data.length / 4;
  const sums = [0, 0, 0];
  for (let p = 0; p < data.length; p += 4) for (let i = 0; i < 3; i++) sums[i] = at(sums, i) + at(data, p + i);
  // Divided once, so that a picture of one colour has just that mean, and no variance that is but rounding.
  const mean = sums.map((sum) => sum / count);
  const covariance = new Array<number>(9).fill(0);
  for (let p = 0; p < data.length; p += 4) {
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const term = (at(data, p + i) - at(mean, i)) * (at(data, p + j) - at(mean, j));
        covariance[3 * i + j] = at(covariance, 3 * i + j) + term / count;
      }
    }
  }
  return { mean, covariance };
}

/** A function of a symmetric matrix: of its eigenvalues, in its eigenvectors' basis. */
export function spectral(symmetric: Matrix, of: (value: number, largest: number) => number): Matrix {
  const pairs = eigenPairs([0, 3, 6].map((row) => symmetric.slice(row, row + 3)));
  const largest = pairs[0]?.value ?? 0;
  return symmetric.map((_, index) => {
    const [i, j] = [Math.floor(index / 3), index % 3];
    return pairs.reduce((sum, { value, vector }) => sum + of(Math.max(0, value), largest) * at(vector, i) * at(vector, j), 0);
  });
}

export function root(value: number): number {
  return Math.sqrt(value);
}

/** Zero where the root is at most the share `flattest` of the largest one: stretching it would blow up noise. */
export function inverseRoot(flattest: number): (value: number, largest: number) => number {
  return (value, largest) => (Math.sqrt(value) > flattest * Math.sqrt(largest) ? 1 / Math.sqrt(value) : 0);
}

function product(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, index) => {
    const [row, column] = [3 * Math.floor(index / 3), index % 3];
    return at(a, row) * at(b, column) + at(a, row + 1) * at(b, column + 3) + at(a, row + 2) * at(b, column + 6);
  });
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
