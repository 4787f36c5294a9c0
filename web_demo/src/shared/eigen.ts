/** Eigenvalues and eigenvectors of small symmetric matrices, by Jacobi's rotations. Pure. */

const SWEEPS = 60;
const NEGLIGIBLE = 1e-18;

export interface EigenPair {
  readonly value: number;
  /** Of length 1; its largest component is positive, so that equal input gives equal output. */
  readonly vector: readonly number[];
}

/** All pairs of the symmetric `matrix` (rows), largest value first. */
export function eigenPairs(matrix: readonly (readonly number[])[]): EigenPair[] {
  const size = matrix.length;
  const a = matrix.map((row) => Float64Array.from(row));
  const vectors = a.map((_, i) => Float64Array.from({ length: size }, (_, j) => (i === j ? 1 : 0)));
  const at = (rows: readonly Float64Array[], i: number, j: number): number => rows[i]?.[j] ?? 0;
  const put = (rows: readonly Float64Array[], i: number, j: number, value: number): void => {
    const row = rows[i];
    if (row) row[j] = value;
  };
  const scale = a.reduce((sum, row) => sum + row.reduce((squares, value) => squares + value * value, 0), 0);

  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rest = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rest += at(a, p, q) ** 2;
    if (rest <= NEGLIGIBLE * scale) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(a, p, q) === 0) continue;
        // The rotation in the plane (p, q) that makes a[p][q] zero (Golub and Van Loan, section 8.5).
        const theta = (at(a, q, q) - at(a, p, p)) / (2 * at(a, p, q));
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
        const c = 1 / Math.hypot(t, 1);
        const s = t * c;
        const turn = (rows: readonly Float64Array[], i: number, j: number, k: number, l: number): void => {
          const [x, y] = [at(rows, i, j), at(rows, k, l)];
          put(rows, i, j, c * x - s * y);
          put(rows, k, l, s * x + c * y);
        };
        for (let k = 0; k < size; k++) turn(a, k, p, k, q);
        for (let k = 0; k < size; k++) turn(a, p, k, q, k);
        for (let k = 0; k < size; k++) turn(vectors, k, p, k, q);
      }
    }
  }
  return a
    .map((_, j) => ({ value: at(a, j, j), vector: upright(vectors.map((row) => row[j] ?? 0)) }))
    .sort((one, other) => other.value - one.value);
}

function upright(vector: readonly number[]): number[] {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) + 1e-9 ? value : best), 0);
  return vector.map((value) => (largest < 0 ? -value : value));
}
