/** Loading what is measured, and feeding it. */
import * as tf from "@tensorflow/tfjs-core";
import { loadGraphModel, type GraphModel } from "@tensorflow/tfjs-converter";
import type { Contestant, Graph, Pictures } from "./contract";

export class Network {
  private readonly contents = new Map<number, tf.Tensor>();

  private constructor(
    readonly contestant: Contestant,
    private readonly graph: GraphModel,
    private readonly pictures: Pictures,
    private vector: tf.Tensor,
  ) {}

  static async load(contestant: Contestant, pictures: Pictures): Promise<Network> {
    const graph = await loadGraphModel(contestant.transformer.url);
    const vector = tf.randomNormal([...contestant.vectorShape], 0, 1, "float32", 1);
    return new Network(contestant, graph, pictures, vector);
  }

  /** Makes the content picture ready, so that no run has to. */
  async prepare(size: number): Promise<void> {
    if (!this.contents.has(size)) this.contents.set(size, await picture(this.pictures.content, size));
  }

  /** From now on paints in the style of a picture. */
  useStyle(vector: tf.Tensor): void {
    this.vector.dispose();
    this.vector = vector;
  }

  /** Runs once, and waits for nothing. */
  start(size: number): tf.Tensor {
    const content = this.contents.get(size);
    if (content === undefined) throw new Error(`${this.contestant.name} has no picture of ${size} pixels`);
    const { inputs } = this.contestant.transformer;
    return execute(this.graph, this.contestant.transformer, {
      [inputs["content"] ?? ""]: content,
      [inputs["vector"] ?? ""]: this.vector,
    });
  }

  async run(size: number): Promise<void> {
    await finish(this.start(size));
  }
}

/** The two small networks that make a style's vector. */
export class StyleNetworks {
  private constructor(
    private readonly style: NonNullable<Contestant["style"]>,
    private readonly predictor: GraphModel,
    private readonly conditioning: GraphModel,
    private readonly picture: tf.Tensor,
  ) {}

  static async load(style: NonNullable<Contestant["style"]>, pictures: Pictures): Promise<StyleNetworks> {
    const [predictor, conditioning, pixels] = await Promise.all([
      loadGraphModel(style.predictor.url),
      loadGraphModel(style.conditioning.url),
      picture(pictures.style, style.size),
    ]);
    return new StyleNetworks(style, predictor, conditioning, pixels);
  }

  vector(): tf.Tensor {
    const { predictor, conditioning } = this.style;
    const embedding = execute(this.predictor, predictor, { [predictor.inputs["style"] ?? ""]: this.picture });
    const vector = execute(this.conditioning, conditioning, { [conditioning.inputs["embedding"] ?? ""]: embedding });
    embedding.dispose();
    return vector;
  }

  async run(): Promise<void> {
    await finish(this.vector());
  }
}

/** Reads a tensor back, which is when GPU backends have computed it, and frees it. */
export async function finish(tensor: tf.Tensor): Promise<void> {
  await tensor.data();
  tensor.dispose();
}

function execute(model: GraphModel, graph: Graph, feeds: tf.NamedTensorMap): tf.Tensor {
  return tf.tidy(() => {
    const result = model.execute(feeds, graph.output);
    if (!(result instanceof tf.Tensor)) throw new Error(`${graph.url} has several outputs and none is named`);
    return result;
  });
}

/** `[1, size, size, 3]` in [0, 1]: the middle square of a picture, or random pixels. */
async function picture(address: string | null, size: number): Promise<tf.Tensor> {
  if (address === null) return tf.randomUniform([1, size, size, 3], 0, 1, "float32", 1);
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const bitmap = await createImageBitmap(await answer.blob());
  const context = new OffscreenCanvas(size, size).getContext("2d");
  if (context === null) throw new Error("no 2D canvas");
  const side = Math.min(bitmap.width, bitmap.height);
  context.drawImage(bitmap, (bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side, 0, 0, size, size);
  const { data } = context.getImageData(0, 0, size, size);
  const values = new Float32Array(size * size * 3);
  for (let i = 0; i < size * size; i++) {
    for (let c = 0; c < 3; c++) values[3 * i + c] = (data[4 * i + c] ?? 0) / 255;
  }
  return tf.tensor4d(values, [1, size, size, 3]);
}
