/** The engine as the page uses it: styles are asked for by name, and their vectors kept. */
import type { Move, Painted } from "../engine/api";
import { stylizerOn } from "../engine/impasto";
import { Session, type SessionOptions } from "../engine/session";
import { interpolate, shownWeights } from "../shared/blend";
import type { Mask } from "../shared/masks";
import type { BackendName, FrameRequest, LoadedModel, Pixels } from "../shared/protocol";
import { Superseded } from "./latest";
import { cachedVector } from "./space/vector_cache";

export type { Move };

/** A picture as the engine needs it: `id` names it in the cache, pixels are made only when its vector is not there. */
export interface PictureSource {
  readonly id: string;
  /** Its vector, where it came with the picture, and the fingerprint of the model that it is of. */
  readonly known?: { readonly model: string; readonly vector: Float32Array } | undefined;
  pixels(model: LoadedModel): Promise<Pixels>;
}

/** A picture, or a style that is known by its vector only. */
export type Source = PictureSource | { readonly id: string; readonly vector: Float32Array };

type Styles = readonly { readonly source: Source; readonly weight: number }[];

export interface Painting {
  readonly photo: Source;
  /** The photograph at the size of the result. */
  readonly content: Pixels;
  readonly styles: Styles;
  readonly strength: number;
  /** Size of the strokes, over that of a picture of the contract's reference size. */
  readonly stroke: number;
  /** Parts of the photograph with styles of their own. */
  readonly regions: readonly { readonly styles: Styles; readonly mask: Mask }[];
}

/** What is told while a large picture is painted. */
export interface TileListener {
  onTiles(done: number, total: number): void;
  /** Memory was short; the picture is begun again in tiles of `side` pixels. */
  onSmallerTiles(side: number): void;
}

export class Engine {
  private readonly vectors = new Map<string, Promise<Float32Array>>();
  /** For requests of the page's own; they survive the loss of a backend as all others. */
  private readonly session: Session;
  private readonly stylizer;

  /** Begins to load at once. */
  constructor(options: SessionOptions) {
    this.session = new Session(options);
    this.stylizer = stylizerOn(this.session);
  }

  ready(): Promise<LoadedModel> {
    return this.session.ready();
  }

  /** The style vector of a picture, computed once for its id. */
  embed(source: Source): Promise<Float32Array> {
    if ("vector" in source) return Promise.resolve(source.vector);
    let vector = this.vectors.get(source.id);
    if (vector === undefined) {
      vector = this.ready()
        .then(async (model) => {
          if (source.known?.model === model.fingerprint) return source.known.vector;
          const image = await source.pixels(model);
          const compute = async (): Promise<Float32Array> => (await this.session.request("embed", { image }, "embedded")).embedding;
          return cachedVector(image, model.fingerprint, compute);
        });
      this.vectors.set(source.id, vector);
      vector.catch(() => this.vectors.delete(source.id));
    }
    return vector;
  }

  /** The mean of styles, by their weights. */
  async blend(styles: Styles): Promise<Float32Array> {
    const vectors = await Promise.all(styles.map(({ source }) => this.embed(source)));
    return this.stylizer.blend(vectors, shownWeights(styles.map(({ weight }) => weight)));
  }

  /**
   * Blends the styles, mixes in the photograph's own by `strength`, and paints. Throws `Superseded` where `signal` aborts
   * before the picture is begun, or between two of its tiles.
   */
  async stylize({ content, regions, stroke, ...painting }: Painting, signal: AbortSignal, listener: TileListener): Promise<Painted> {
    const mixed = await this.mix(painting.styles, painting);
    const parts = await Promise.all(regions.map(async ({ styles, mask }) => ({ mask, embedding: await this.mix(styles, painting) })));
    if (signal.aborted) throw new Superseded();
    const onTiles = (done: number, total: number): void => listener.onTiles(done, total);
    const onSmallerTiles = (side: number): void => listener.onSmallerTiles(side);
    if (parts.length === 0) return this.stylizer.stylize(content, mixed, { stroke, signal, onTiles, onSmallerTiles });
    const body = { content, embedding: mixed, regions: parts, stroke };
    const options = { signal, progress: onTiles, smallerTiles: onSmallerTiles };
    const { image, ms } = await this.session.request("stylize-regions", body, "stylized", options);
    return { image: new ImageData(image.data, image.width, image.height), ms };
  }

  /** The vector of a blend, with the photograph's own mixed in. */
  async mix(styles: Styles, { photo, strength }: Pick<Painting, "photo" | "strength">): Promise<Float32Array> {
    const style = await this.blend(styles);
    return strength === 1 ? style : interpolate(await this.embed(photo), style, strength);
  }

  /** Goes on with another backend once that is ready. */
  prefer(backend: BackendName): Promise<void> {
    return this.session.prefer(backend);
  }

  /** For how long nothing has been computed, in milliseconds. */
  restedMs(): number {
    return this.session.restedMs();
  }

  /** Paints a frame of a film; takes its bitmap. Throws `Superseded` where the backend was lost, and the frame with it. */
  async frame(frame: Omit<FrameRequest, "kind" | "id">): Promise<Pixels> {
    try {
      return (await this.session.request("frame", frame, "framed", { transfer: [frame.bitmap] })).image;
    } catch (error) {
      // The session asks another worker, but a bitmap can be given away only once.
      if (error instanceof DOMException && error.name === "DataCloneError") throw new Superseded();
      throw error;
    }
  }

  async memory(): Promise<{ tensors: number; bytes: number }> {
    const { tensors, bytes } = await this.session.request("memory", {}, "memory");
    return { tensors, bytes };
  }

  /** Ends the worker at once; whatever was asked for is rejected as superseded. */
  terminate(): void {
    this.session.close();
  }
}
