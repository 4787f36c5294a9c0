/** Numbers from runs. */

/**
 * @param {readonly number[]} values  not empty
 * @param {number} part  0.5 for the median
 * @returns {number}
 */
export function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  const position = part * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(position)] ?? NaN, sorted[Math.ceil(position)] ?? NaN];
  return low + (high - low) * (position - Math.floor(position));
}

/**
 * @param {readonly number[]} values
 * @returns {number}
 */
export function median(values) {
  return quantile(values, 0.5);
}

/**
 * How many times longer `a` takes than `b`, round against round: the median, and the middle half. What slows the machine
 * down for a while slows both down.
 *
 * @param {readonly number[]} a
 * @param {readonly number[]} b  of the same rounds
 * @returns {{ ratio: number, low: number, high: number }}
 */
export function ratio(a, b) {
  const paired = a.map((value, round) => value / (b[round] ?? NaN));
  return { ratio: median(paired), low: quantile(paired, 0.25), high: quantile(paired, 0.75) };
}
