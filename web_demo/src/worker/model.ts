/** The model: three graphs, and what goes in and comes out of them as numbers. */
import type { Size } from "../shared/geometry";
import type { Manifest } from "../shared/manifest";
import { Graph, type Values } from "./graph";
import { withPredictor, type ModelFiles } from "./model_files";
import { steadyNode, withSteadyNodes } from "./steady_graph";

/** Interleaved RGB floats in the manifest's value range. */
export interface Planes extends Size {
  readonly values: Float32Array;
}

export class Model {
  private predictor: Promise<Graph<"style", "embedding">> | null = null;

  private constructor(
    readonly manifest: Manifest,
    private readonly files: ModelFiles,
    private readonly conditioning: Graph<"embedding", "conditioning">,
    private readonly transformer: Graph<"content" | "conditioning", "stylised" | "affine">,
  ) {}

  static async load(files: ModelFiles): Promise<Model> {
    const { manifest } = files;
    const { outputs, affine_nodes: nodes } = manifest.transformer;
    const steady = (topology: object): object => withSteadyNodes(topology, outputs.stylised, (nodes ?? []).map(({ node }) => node));
    return new Model(
      manifest,
      files,
      await Graph.load(files, manifest.conditioning),
      await Graph.load(files, manifest.transformer, steady),
    );
  }

  /** Whether any painting is a style, or only those are that the model was made for. */
  get readsStyles(): boolean {
    return (this.manifest.styles ?? []).length === 0;
  }

  /** Fetches and loads the style predictor, if that has not been done; tried again where it failed. */
  prepare(): Promise<Graph<"style", "embedding">> {
    if (this.predictor === null) {
      this.predictor = withPredictor(this.files).then((files) => Graph.load(files, this.manifest.predictor));
      this.predictor.catch(() => (this.predictor = null));
    }
    return this.predictor;
  }

  /** The style vector of a picture. */
  async embed(style: Planes): Promise<Float32Array> {
    const predictor = await this.prepare();
    const { embedding } = await predictor.run({ style: picture(style) }, ["embedding"]);
    return expectLength(embedding, this.manifest.embedding_size, "the style predictor");
  }

  /** What a style vector becomes for the transformer: gamma and beta of every norm. */
  async condition(embedding: Float32Array): Promise<Float32Array> {
    const { conditioning } = await this.conditioning.run({ embedding: row(embedding) }, ["conditioning"]);
    return expectLength(conditioning, this.manifest.conditioning_size, "the conditioning graph");
  }

  /** The picture painted as a whole, with its own statistics. */
  async paint(content: Planes, conditioning: Float32Array): Promise<Float32Array> {
    const feeds = { content: picture(content), conditioning: row(conditioning) };
    return (await this.transformer.run(feeds, ["stylised"])).stylised;
  }

  /** Scale and shift of every norm for this picture: `affine`, which holds the picture's statistics. */
  async statistics(content: Planes, conditioning: Float32Array): Promise<Float32Array> {
    const feeds = { content: picture(content), conditioning: row(conditioning) };
    const { affine } = await this.transformer.run(feeds, ["affine"]);
    return expectLength(affine, this.manifest.conditioning_size, "the transformer's statistics");
  }

  /** A part of a picture, painted with the statistics of the whole. */
  async paintTile(content: Planes, affine: Float32Array): Promise<Float32Array> {
    return (await this.transformer.run({ content: picture(content) }, ["stylised"], this.split(affine))).stylised;
  }

  /**
   * A frame of a film, painted with `given` where it is not null, and the frame's own scale and shift of every norm, from
   * the same run. (Where `given` is not its own, those of the later norms are what they are after the given earlier ones.)
   */
  async paintFrame(
    content: Planes,
    conditioning: Float32Array,
    given: Float32Array | null,
  ): Promise<{ stylised: Float32Array; affine: Float32Array }> {
    const feeds = { content: picture(content), conditioning: row(conditioning) };
    const nodes = given === null ? {} : this.split(given, steadyNode);
    const { stylised, affine } = await this.transformer.run(feeds, ["stylised", "affine"], nodes);
    return { stylised, affine: expectLength(affine, this.manifest.conditioning_size, "the transformer's statistics") };
  }

  dispose(): void {
    void this.predictor?.then((graph) => graph.dispose()).catch(() => undefined);
    this.conditioning.dispose();
    this.transformer.dispose();
  }

  private split(affine: Float32Array, named = (node: string): string => node): Record<string, Values> {
    const nodes: Record<string, Values> = {};
    let start = 0;
    for (const { node, size } of this.manifest.transformer.affine_nodes ?? []) {
      nodes[named(node)] = { shape: [size], values: affine.subarray(start, start + size) };
      start += size;
    }
    return nodes;
  }
}

function picture({ width, height, values }: Planes): Values {
  return { shape: [1, height, width, 3], values };
}

function row(values: Float32Array): Values {
  return { shape: [1, values.length], values };
}

function expectLength(vector: Float32Array, length: number, from: string): Float32Array {
  if (vector.length !== length) throw new Error(`${from} returned ${vector.length} numbers, expected ${length}`);
  return vector;
}
