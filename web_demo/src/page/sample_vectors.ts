/** Style vectors that come with the samples, so that the first picture needs no style predictor. */
import * as v from "valibot";

const schema = v.object({
  /** Fingerprint of the model that they are of. */
  model: v.string(),
  /** By a style's id: float32 numbers, little endian, in base64. */
  styles: v.record(v.string(), v.pipe(v.string(), v.base64(), v.transform(floats))),
});

export interface SampleVectors {
  readonly model: string;
  readonly styles: Readonly<Record<string, Float32Array>>;
}

/** `value`, as `python -m export vectors` writes it; null where it is something else: the samples are looked at then. */
export function parseVectors(value: unknown): SampleVectors | null {
  const result = v.safeParse(schema, value);
  return result.success ? result.output : null;
}

function floats(text: string): Float32Array {
  const bytes = atob(text);
  const view = new DataView(new ArrayBuffer(bytes.length));
  // Plain loops: some ten thousand numbers are read while the page starts.
  for (let i = 0; i < bytes.length; i++) view.setUint8(i, bytes.charCodeAt(i));
  const numbers = new Float32Array(Math.floor(bytes.length / 4));
  for (let i = 0; i < numbers.length; i++) numbers[i] = view.getFloat32(4 * i, true);
  return numbers;
}
