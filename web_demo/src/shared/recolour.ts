/** Giving one picture the colours of another: mean and covariance of red, green and blue. Pure. */
import type { Pixels } from "./protocol";

/** Three rows of three, row by row. */
export type Matrix = readonly number[];

export interface Moments {
  /** Red, green, blue; 0 to 255. */
  readonly mean: readonly number[];
  readonly covariance: Matrix;
}

/** Directions in which a picture varies this much less than in its widest are not stretched: that would blow up noise. */
const FLATTEST = 1e-3;

/**
 * `style` with the colour mean and covariance of `content`. The linear map is `C_content^(1/2) C_style^(-1/2)` with
 * symmetric roots (Gatys et al. 2016, arXiv 1606.05897), as in Python's `stylize.color`; Cholesky factors would match the
 * moments too, but depend on the order of the channels.
 */
export function recolour(style: Pixels, content: Pixels): Pixels {
  const [from, to] = [momentsOf(style), momentsOf(content)];
  const map = product(spectral(to.covariance, root), spectral(from.covariance, inverseRoot));
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
  const mean = [0, 0, 0];
  for (let p = 0; p < data.length; p += 4) for (let i = 0; i < 3; i++) mean[i] = at(mean, i) + at(data, p + i) / count;
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
  const { values, vectors } = eigen(symmetric);
  const largest = Math.max(...values);
  const scaled = vectors.map((entry, index) => entry * of(Math.max(0, at(values, index % 3)), largest));
  return product(scaled, transposed(vectors));
}

export function root(value: number): number {
  return Math.sqrt(value);
}

/** Zero where the root is hardly anything beside the largest one. */
export function inverseRoot(value: number, largest: number): number {
  return Math.sqrt(value) > FLATTEST * Math.sqrt(largest) ? 1 / Math.sqrt(value) : 0;
}

/** Eigenvalues, and eigenvectors as columns, of a symmetric matrix: Jacobi's rotations (Golub and Van Loan, section 8.5). */
function eigen(symmetric: Matrix): { values: readonly number[]; vectors: Matrix } {
  let [matrix, vectors]: [Matrix, Matrix] = [symmetric, [1, 0, 0, 0, 1, 0, 0, 0, 1]];
  // Converges quadratically; a handful of sweeps are enough for doubles.
  for (let sweep = 0; sweep < 10; sweep++) {
    for (const [p, q] of [[0, 1], [0, 2], [1, 2]] as const) {
      const off = at(matrix, 3 * p + q);
      if (off === 0) continue;
      const angle = 0.5 * Math.atan2(2 * off, at(matrix, 4 * q) - at(matrix, 4 * p));
      const rotation = [1, 0, 0, 0, 1, 0, 0, 0, 1];
      rotation[4 * p] = rotation[4 * q] = Math.cos(angle);
      rotation[3 * p + q] = Math.sin(angle);
      rotation[3 * q + p] = -Math.sin(angle);
      matrix = product(transposed(rotation), product(matrix, rotation));
      vectors = product(vectors, rotation);
    }
  }
  return { values: [at(matrix, 0), at(matrix, 4), at(matrix, 8)], vectors };
}

function product(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 9 }, (_, index) => {
    const [row, column] = [3 * Math.floor(index / 3), index % 3];
    return at(a, row) * at(b, column) + at(a, row + 1) * at(b, column + 3) + at(a, row + 2) * at(b, column + 6);
  });
}

function transposed(matrix: Matrix): Matrix {
  return [0, 3, 6, 1, 4, 7, 2, 5, 8].map((index) => at(matrix, index));
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0;
}
