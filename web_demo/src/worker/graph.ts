/** One graph of the model on the active TensorFlow.js backend. Holds weights only; every run frees what it made. */
import { loadGraphModel, type GraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import type { GraphEntry } from "../shared/manifest";
import { beginRun, checkRun } from "./memory";
import { artifactsOf, type ModelFiles } from "./model_files";

export interface Values {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export class Graph<Input extends string, Output extends string> {
  private constructor(
    private readonly model: GraphModel,
    private readonly inputs: Readonly<Record<Input, string>>,
    private readonly outputs: Readonly<Record<Output, string>>,
  ) {}

  static async load<Input extends string, Output extends string>(
    files: ModelFiles,
    entry: GraphEntry<Input, Output>,
    rewired = (topology: object): object => topology,
  ): Promise<Graph<Input, Output>> {
    const artifacts = artifactsOf(files, entry.model);
    const modelTopology = rewired(artifacts.modelTopology as object);
    const model = await loadGraphModel({ load: () => Promise.resolve({ ...artifacts, modelTopology }) });
    return new Graph(model, entry.inputs, entry.outputs);
  }

  /**
   * The outputs `wanted`, flat. Nothing is computed that they do not need.
   *
   * @param nodes Values of inner nodes by name, which are then not computed either.
   */
  async run<Wanted extends Output>(
    feeds: Partial<Record<Input, Values>>,
    wanted: readonly Wanted[],
    nodes: Readonly<Record<string, Values>> = {},
  ): Promise<Record<Wanted, Float32Array>> {
    beginRun();
    const tensors = tf.tidy(() => {
      const inputs: Record<string, tf.Tensor> = {};
      for (const name in this.inputs) {
        const feed = feeds[name];
        if (feed) inputs[this.inputs[name]] = tensorOf(feed);
      }
      for (const [node, feed] of Object.entries(nodes)) inputs[node] = tensorOf(feed);
      return [this.model.execute(inputs, wanted.map((name) => this.outputs[name]))].flat();
    });
    try {
      // Outside of tidy, since reading back from a GPU is asynchronous.
      const results = await Promise.all(tensors.map((tensor) => tensor.data<"float32">()));
      checkRun();
      return Object.fromEntries(wanted.map((name, i) => [name, finite(results[i])])) as Record<Wanted, Float32Array>;
    } finally {
      tf.dispose(tensors);
    }
  }

  dispose(): void {
    this.model.dispose();
  }
}

function tensorOf({ shape, values }: Values): tf.Tensor {
  return tf.tensor(values, [...shape], "float32");
}

/** Looks at both ends only: what is not finite spreads through the norms to every number. */
function finite(values: Float32Array | undefined): Float32Array {
  if (values === undefined || !Number.isFinite(values[0]) || !Number.isFinite(values[values.length - 1])) {
    throw new Error("the result holds numbers that are not finite");
  }
  return values;
}
