/** Scaling down by averaging. Pure. */
import { blankPixels } from "./planes";
import type { Size } from "./geometry";
import type { Pixels } from "./protocol";

/**
 * A picture scaled down to `size`, which must not be larger: every pixel is the mean of the area that it covers, pixels
 * on its border counted by the part that is inside. Transparent pixels are laid on white. Works row by row, so that it
 * needs no memory beyond the result.
 */
export function shrink(image: Pixels, size: Size): Pixels {
  const { width, height, data } = image;
  if (size.width > width || size.height > height || size.width < 1 || size.height < 1) {
    throw new RangeError(`a picture of ${width}x${height} cannot be scaled down to ${size.width}x${size.height}`);
  }
  const result = blankPixels(size);
  const columns = coverage(width, size.width);
  const sums = [new Float64Array(3 * size.width), new Float64Array(3 * size.width)] as const;
  let [current, next] = sums;
  const rows = coverage(height, size.height);
  const area = (width / size.width) * (height / size.height);
  for (let y = 0; y < height; y++) {
    const target = rows.first[y] ?? 0;
    const share = rows.share[y] ?? 1;
    addRow(data, 4 * width * y, columns, current, share, share < 1 ? next : null);
    if (y + 1 === height || (rows.first[y + 1] ?? 0) > target) {
      writeRow(result.data, 4 * size.width * target, current, area);
      current.fill(0);
      [current, next] = [next, current];
    }
  }
  return result;
}

/** For every source position: the first target that it lies in, and how much of it does; the rest lies in the next one. */
interface Coverage {
  readonly first: Int32Array;
  readonly share: Float64Array;
}

function coverage(length: number, targets: number): Coverage {
  const first = new Int32Array(length);
  const share = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    // Whole numbers: position i spans [i * targets, (i + 1) * targets) where a target spans `length`.
    const target = Math.floor((i * targets) / length);
    const inside = Math.min((target + 1) * length, (i + 1) * targets) - i * targets;
    first[i] = target;
    share[i] = inside / targets;
  }
  return { first, share };
}

/** Adds one source row to the sums of the target row that it lies in, and what is left of it to those of the next. */
function addRow(
  data: Uint8ClampedArray,
  start: number,
  { first, share }: Coverage,
  sums: Float64Array,
  rowShare: number,
  nextSums: Float64Array | null,
): void {
  let source = start;
  for (let x = 0; x < first.length; x++) {
    const target = 3 * (first[x] ?? 0);
    const inside = share[x] ?? 1;
    const alpha = (data[source + 3] ?? 255) / 255;
    const white = 255 * (1 - alpha);
    for (let c = 0; c < 3; c++) {
      const value = (data[source + c] ?? 0) * alpha + white;
      const here = value * inside;
      sums[target + c] = (sums[target + c] ?? 0) + here * rowShare;
      if (nextSums) nextSums[target + c] = (nextSums[target + c] ?? 0) + here * (1 - rowShare);
      if (inside < 1) {
        const beyond = value - here;
        sums[target + 3 + c] = (sums[target + 3 + c] ?? 0) + beyond * rowShare;
        if (nextSums) nextSums[target + 3 + c] = (nextSums[target + 3 + c] ?? 0) + beyond * (1 - rowShare);
      }
    }
    source += 4;
  }
}

function writeRow(data: Uint8ClampedArray, start: number, sums: Float64Array, area: number): void {
  let target = start;
  for (let i = 0; i < sums.length; i += 3) {
    data[target++] = (sums[i] ?? 0) / area;
    data[target++] = (sums[i + 1] ?? 0) / area;
    data[target++] = (sums[i + 2] ?? 0) / area;
    data[target++] = 255;
  }
}
