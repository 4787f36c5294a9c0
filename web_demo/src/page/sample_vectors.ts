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
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
}
