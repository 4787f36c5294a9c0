/**
 * Noise of a camera, taken out of a film over time: a network paints it as strokes that jump from frame to frame. Pure.
 *
 * A pixel follows the frame at once where it differs from what was before by more than noise does, as everything that moves
 * does; otherwise it follows slowly, and keeps the mean of some frames. Noise differs from pixel to pixel and movement does
 * not, so that the mean difference of nine neighbours tells one from the other. How much noise there is the film tells
 * itself: at most what the frame has from pixel to pixel, and at most what most pixels change by.
 */
import type { Size } from "../shared/geometry";

/** Share of a new frame where nothing but noise has changed. */
const SLOWEST = 0.15;
/** Differences of that many times the usual one are movement. */
const MOVED = 2.5;
/** From the second difference of neighbouring pixels to the mean of nine pixels' differences in time, of a camera's soft noise. */
const FROM_SPACE = 0.3;
/** Every so many pixels are looked at to find out how much noise there is. */
const SAMPLED = 13;

/** Interleaved RGB floats. */
export interface Planes extends Size {
  readonly values: Float32Array;
}

export class NoiseFilter {
  private stream: number | null = null;
  private last: Planes | null = null;

  /** The frame with less noise; the next of another stream, or of another size, is the first one again. */
  clean(frame: Planes, stream: number): Float32Array {
    const { last } = this;
    const known = last !== null && this.stream === stream && last.width === frame.width && last.height === frame.height;
    this.stream = stream;
    const values = known ? followed(last, frame) : frame.values.slice();
    this.last = { ...frame, values };
    return values;
  }
}

function followed(last: Planes, frame: Planes): Float32Array {
  const { width, height, values } = frame;
  const change = values.map((value, i) => value - (last.values[i] ?? 0));
  const moved = meansOfNine(change, frame);
  const usual = Math.min(median(moved, SAMPLED), FROM_SPACE * roughness(frame));
  // A film without any noise is not touched.
  const scale = 1 / Math.max(MOVED * usual, Number.EPSILON);
  const result = new Float32Array(values.length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const share = Math.min(1, Math.max(SLOWEST, ((moved[pixel] ?? 0) * scale) ** 2));
    for (let i = 3 * pixel; i < 3 * pixel + 3; i++) result[i] = (last.values[i] ?? 0) + share * (change[i] ?? 0);
  }
  return result;
}

/** How far the mean of a pixel and its eight neighbours is from 0, mean of the three channels; at borders, the border itself counts again. */
function meansOfNine(values: Float32Array, { width, height }: Size): Float32Array {
  const found = new Float32Array(width * height);
  const at = (place: number, length: number): number => Math.min(length - 1, Math.max(0, place));
  for (let y = 0; y < height; y++) {
    const rows = [-1, 0, 1].map((step) => 3 * width * at(y + step, height));
    for (let x = 0; x < width; x++) {
      let all = 0;
      for (let channel = 0; channel < 3; channel++) {
        const [left, here, right] = [3 * at(x - 1, width) + channel, 3 * x + channel, 3 * at(x + 1, width) + channel];
        let sum = 0;
        for (const row of rows) sum += (values[row + left] ?? 0) + (values[row + here] ?? 0) + (values[row + right] ?? 0);
        all += Math.abs(sum);
      }
      found[width * y + x] = all / 27;
    }
  }
  return found;
}

/** The median second difference of green, across and down: what is left of a picture where edges are passed over. */
function roughness({ width, height, values }: Planes): number {
  if (width < 3 || height < 3) return 0;
  const found: number[] = [];
  const across = (place: number): number => (values[place - 3] ?? 0) - 2 * (values[place] ?? 0) + (values[place + 3] ?? 0);
  for (let pixel = width + 1; pixel < width * (height - 1) - 1; pixel += SAMPLED) {
    const place = 3 * pixel + 1;
    found.push(Math.abs(across(place - 3 * width) - 2 * across(place) + across(place + 3 * width)));
  }
  return median(Float32Array.from(found), 1);
}

function median(values: Float32Array, step: number): number {
  const sampled = step === 1 ? values : values.filter((_, i) => i % step === 0);
  return sampled.sort()[Math.floor(sampled.length / 2)] ?? 0;
}
