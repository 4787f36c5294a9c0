/** The two JSON files that the page reads: the exported model's manifest and the list of samples. */
import * as v from "valibot";

const fileSchema = v.object({
  path: v.pipe(
    v.string(),
    v.check((path) => !path.startsWith("/") && !path.includes("..") && !path.includes(":"), "must be a path inside the model folder"),
  ),
  bytes: v.pipe(v.number(), v.integer(), v.minValue(1)),
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits")),
});

function graphSchema<Inputs extends v.ObjectEntries>(inputs: Inputs) {
  return v.pipe(
    v.object({
      model: v.string(),
      inputs: v.object(inputs),
      output: v.string(),
      files: v.pipe(v.array(fileSchema), v.minLength(1)),
    }),
    v.check((graph) => graph.files.some(({ path }) => path === graph.model), "must list its model among its files"),
  );
}

const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1));

const manifestSchema = v.object({
  format: v.literal("impasto-tfjs"),
  version: v.literal(1),
  name: v.string(),
  precision: v.string(),
  value_range: v.pipe(
    v.tuple([v.number(), v.number()]),
    v.check(([low, high]) => low < high, "must be [low, high] with low below high"),
  ),
  size_multiple: positiveInteger,
  embedding_size: positiveInteger,
  style_size: positiveInteger,
  license: v.string(),
  predictor: graphSchema({ style: v.string() }),
  transformer: graphSchema({ content: v.string(), embedding: v.string() }),
});

const sampleSchema = v.object({
  id: v.string(),
  title: v.string(),
  file: v.string(),
  thumb: v.string(),
  credit: v.string(),
  license: v.string(),
});

const samplesSchema = v.object({ photos: v.array(sampleSchema), styles: v.array(sampleSchema) });

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ModelFile = v.InferOutput<typeof fileSchema>;
export type Sample = v.InferOutput<typeof sampleSchema>;
export type Samples = v.InferOutput<typeof samplesSchema>;

/** `value` as a manifest; throws an Error that names the first wrong field, what it should be and what it is. */
export function parseManifest(value: unknown): Manifest {
  return parse(manifestSchema, value, "manifest.json");
}

/** `value` as a list of samples; throws as `parseManifest` does. */
export function parseSamples(value: unknown): Samples {
  return parse(samplesSchema, value, "samples.json");
}

function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown, file: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? "the whole file";
  throw new Error(`${file}: ${field}: ${issue.message}`);
}
