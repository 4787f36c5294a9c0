/** The two graphs of the model on the active TensorFlow.js backend. Holds weights only; every run frees what it made. */
import { loadGraphModel, type GraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import { fromPlanes, roundUp, toPlanes, type Size } from "../shared/geometry";
import type { Manifest } from "../shared/manifest";
import type { Pixels } from "../shared/protocol";
import { artifactsOf, type ModelFiles } from "./model_files";

/** The transformer pads by reflection inside, which needs a few positions at its lowest resolution. */
const FEWEST_MULTIPLES = 4;
/** MobileNetV2 halves its input five times. */
const SMALLEST_STYLE = 32;
const WARM_UP_SIDE = 64;

export class Stylizer {
  private constructor(
    private readonly manifest: Manifest,
    private readonly predictor: GraphModel,
    private readonly transformer: GraphModel,
  ) {}

  static async load(files: ModelFiles): Promise<Stylizer> {
    const { manifest } = files;
    const graph = (path: string): Promise<GraphModel> =>
      loadGraphModel({ load: () => Promise.resolve(artifactsOf(files, path)) });
    const predictor = await graph(manifest.predictor.model);
    const transformer = await graph(manifest.transformer.model);
    return new Stylizer(manifest, predictor, transformer);
  }

  /** The style vector of a picture of any size. */
  async embed(image: Pixels): Promise<Float32Array> {
    const { inputs, output } = this.manifest.predictor;
    const size = { width: roundUp(image.width, 1, SMALLEST_STYLE), height: roundUp(image.height, 1, SMALLEST_STYLE) };
    const vector = await this.run(image, size, (tensor) => this.predictor.execute({ [inputs.style]: tensor }, output));
    if (vector.length !== this.manifest.embedding_size) {
      throw new Error(`the style predictor returned ${vector.length} numbers, expected ${this.manifest.embedding_size}`);
    }
    return vector;
  }

  /** `content` painted with a style vector, at the content's size. */
  async stylize(content: Pixels, embedding: Float32Array): Promise<Pixels> {
    const { inputs, output } = this.manifest.transformer;
    const padded = this.paddedSize(content);
    const values = await this.run(content, padded, (tensor) => {
      const vector = tf.tensor2d(embedding, [1, this.manifest.embedding_size]);
      return this.transformer.execute({ [inputs.content]: tensor, [inputs.embedding]: vector }, output);
    });
    return fromPlanes(values, padded, content, this.manifest.value_range);
  }

  /** One small run of both graphs: compiles what has to be compiled, and throws where the backend cannot compute. */
  async warmUp(): Promise<void> {
    const data = Uint8ClampedArray.from({ length: 4 * WARM_UP_SIDE ** 2 }, (_, i) => (i * 37) % 256);
    const image = { width: WARM_UP_SIDE, height: WARM_UP_SIDE, data };
    const embedding = await this.embed(image);
    await this.stylize(image, embedding);
  }

  dispose(): void {
    this.predictor.dispose();
    this.transformer.dispose();
  }

  private paddedSize({ width, height }: Pixels): Size {
    const multiple = this.manifest.size_multiple;
    const smallest = FEWEST_MULTIPLES * multiple;
    return { width: roundUp(width, multiple, smallest), height: roundUp(height, multiple, smallest) };
  }

  private async run(
    image: Pixels,
    padded: Size,
    execute: (input: tf.Tensor4D) => tf.Tensor | tf.Tensor[],
  ): Promise<Float32Array> {
    const values = toPlanes(image, padded, this.manifest.value_range);
    const output = tf.tidy(() => {
      const tensor = tf.tensor4d(values, [1, padded.height, padded.width, 3]);
      const result = execute(tensor);
      if (Array.isArray(result)) throw new Error(`expected one output tensor, received ${result.length}`);
      return result;
    });
    // Outside of tidy, since reading back from a GPU is asynchronous.
    const result = (await output.data()) as Float32Array;
    output.dispose();
    if (!Number.isFinite(result[0]) || !Number.isFinite(result[result.length - 1])) {
      throw new Error("the result holds numbers that are not finite");
    }
    return result;
  }
}
