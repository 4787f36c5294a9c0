/** Arithmetic on style vectors. Pure. */

/** Weights that add up to 1, in proportion; throws where they are negative, not finite, or all zero. */
export function normaliseWeights(weights: readonly number[]): number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  if (weights.some((weight) => !Number.isFinite(weight) || weight < 0) || sum <= 0) {
    throw new RangeError(`weights must be finite, not negative and not all zero, received [${weights.join(", ")}]`);
  }
  return weights.map((weight) => weight / sum);
}

/** The same, for what is shown: equal ones where every slider stands at zero. */
export function shownWeights(weights: readonly number[]): number[] {
  return normaliseWeights(weights.every((weight) => weight === 0) ? weights.map(() => 1) : weights);
}

/** Whole percentages of the shown weights that add up to exactly 100 (largest remainders first). */
export function percentages(weights: readonly number[]): number[] {
  const exact = (weights.length === 0 ? [] : shownWeights(weights)).map((weight) => weight * 100);
  const whole = exact.map(Math.floor);
  const missing = exact.length === 0 ? 0 : 100 - whole.reduce((total, value) => total + value, 0);
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value - Math.floor(value) }))
    .sort((a, b) => b.remainder - a.remainder);
  for (const { index } of byRemainder.slice(0, missing)) whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}

/** The mean of `vectors`, each counted by its normalised weight. */
export function blend(vectors: readonly Float32Array[], weights: readonly number[]): Float32Array {
  const first = vectors[0];
  if (first === undefined) throw new RangeError("a blend needs at least one style vector, received none");
  if (vectors.length !== weights.length) {
    throw new RangeError(`expected one weight for each of ${vectors.length} style vectors, received ${weights.length}`);
  }
  const result = new Float32Array(first.length);
  normaliseWeights(weights).forEach((weight, index) => {
    const vector = vectors[index];
    if (vector?.length !== first.length) {
      throw new RangeError(`style vectors must have one length, received ${first.length} and ${vector?.length}`);
    }
    vector.forEach((value, i) => (result[i] = (result[i] ?? 0) + weight * value));
  });
  return result;
}

/** From `own` (strength 0: the photo's own vector) straight to `style` (strength 1), and on along that line beyond it. */
export function interpolate(own: Float32Array, style: Float32Array, strength: number): Float32Array {
  if (!Number.isFinite(strength) || strength < 0) throw new RangeError(`strength must be a finite number from 0 on, received ${strength}`);
  return style.map((value, i) => (1 - strength) * (own[i] ?? 0) + strength * value);
}
