/** The two JSON files that the page reads: the exported model's manifest and the list of samples. */
import * as v from "valibot";
import { withPreprocessing } from "./earlier";
import { preprocessingSchema } from "./preprocessing";

const positiveInteger = v.pipe(v.number(), v.integer(), v.minValue(1));

const fileSchema = v.object({
  path: v.pipe(
    v.string(),
    v.check((path) => !path.startsWith("/") && !path.includes("..") && !path.includes(":"), "must be a path inside the model folder"),
  ),
  bytes: positiveInteger,
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hexadecimal digits")),
});

/** One graph: TensorFlow.js's names of its inputs and outputs, and its files. */
function graphSchema<Inputs extends string, Outputs extends string>(inputs: readonly Inputs[], outputs: readonly Outputs[]) {
  return v.pipe(
    v.object({
      model: v.string(),
      inputs: names(inputs),
      outputs: names(outputs),
      files: v.pipe(v.array(fileSchema), v.minLength(1)),
      affine_nodes: v.nullable(v.array(v.object({ node: v.string(), size: positiveInteger }))),
    }),
    v.check((graph) => graph.files.some(({ path }) => path === graph.model), "must list its model among its files"),
  );
}

function names<Name extends string>(expected: readonly Name[]) {
  const entries = Object.fromEntries(expected.map((name) => [name, v.string()])) as Record<Name, v.StringSchema<undefined>>;
  return v.object(entries);
}

const manifestSchema = v.pipe(
  v.object({
    format: v.literal("impasto-export"),
    version: v.literal(3),
    runtime: v.literal("tfjs"),
    name: v.string(),
    precision: v.string(),
    embedding_size: positiveInteger,
    /** Numbers that one style becomes for the transformer. */
    conditioning_size: positiveInteger,
    preprocessing: preprocessingSchema,
    license: v.string(),
    /** Of the artefact that was exported, whatever the format; exports of before have none. */
    fingerprint: v.nullish(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "must be 16 lower-case hexadecimal digits"))),
    /** Further painters of the same style space; each has a manifest in a folder of its name, with paths relative to this one. */
    painters: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, "must be a name"))), []),
    /** Names of the styles that it has by number, where it was made for a few; none of a model of any style. */
    styles: v.nullish(
      v.pipe(
        v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(300))),
        v.check((names) => new Set(names).size === names.length, "must be different names"),
      ),
    ),
    predictor: graphSchema(["style"], ["embedding"]),
    conditioning: graphSchema(["embedding"], ["conditioning"]),
    transformer: graphSchema(["content", "conditioning"], ["stylised", "affine"]),
  }),
  v.forward(
    v.check(({ styles, embedding_size: size }) => (styles?.length ?? 0) <= size, "must be at most as many as an embedding has numbers"),
    ["styles"],
  ),
  v.forward(
    v.check(({ transformer, conditioning_size: size }) => {
      const nodes = transformer.affine_nodes ?? [];
      return nodes.reduce((sum, node) => sum + node.size, 0) === size;
    }, "must list affine_nodes whose sizes add up to conditioning_size"),
    ["transformer"],
  ),
);

const sampleSchema = v.object({
  id: v.string(),
  title: v.string(),
  file: v.string(),
  thumb: v.string(),
  /** Of `file`, in pixels: the page makes room for a picture before it is there. */
  width: positiveInteger,
  height: positiveInteger,
  credit: v.string(),
  license: v.string(),
});

const samplesSchema = v.object({ photos: v.array(sampleSchema), styles: v.array(sampleSchema) });

export type Manifest = v.InferOutput<typeof manifestSchema>;
/** What a graph's entry has in any case; the names of its inputs and outputs are its own. */
export interface GraphEntry<Input extends string, Output extends string> {
  readonly model: string;
  readonly inputs: Readonly<Record<Input, string>>;
  readonly outputs: Readonly<Record<Output, string>>;
}
export type ModelFile = v.InferOutput<typeof fileSchema>;
export type Sample = v.InferOutput<typeof sampleSchema>;
export type Samples = v.InferOutput<typeof samplesSchema>;

/**
 * `value` as a manifest, also one of version 2, which knew no preprocessing; throws an Error that names the first wrong
 * field, what it should be and what it is.
 */
export function parseManifest(value: unknown): Manifest {
  return parse(manifestSchema, withPreprocessing(value), "manifest.json");
}

/** `value` as a list of samples; throws as `parseManifest` does. */
export function parseSamples(value: unknown): Samples {
  return parse(samplesSchema, value, "samples.json");
}

/**
 * The artefact's fingerprint; where the manifest has none, the first 16 digits of all files' checksums, put together by
 * exclusive or: 16 hexadecimal digits, whatever the files' order.
 */
export function fingerprintOf({ fingerprint, predictor, conditioning, transformer }: Manifest): string {
  if (fingerprint != null) return fingerprint;
  const files = [predictor, conditioning, transformer].flatMap((graph) => graph.files);
  const digit = (i: number): number => files.reduce((mixed, { sha256 }) => mixed ^ parseInt(sha256.charAt(i), 16), 0);
  return Array.from({ length: 16 }, (_, i) => digit(i).toString(16)).join("");
}

function parse<Schema extends v.GenericSchema>(schema: Schema, value: unknown, file: string): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue) ?? "the whole file";
  throw new Error(`${file}: ${field}: ${issue.message}`);
}
