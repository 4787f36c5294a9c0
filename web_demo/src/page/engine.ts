/** The engine as the page uses it: styles are asked for by name, and their vectors kept. */
import type { FrameOptions, Move, Painted, PainterOptions, Stylizer, StylizerOptions } from "../engine/api";
import { createStylizer } from "../engine/impasto";
import { interpolate, shownWeights } from "../shared/blend";
import type { Mask } from "../shared/masks";
import type { BackendName, LoadedModel, Manner, Pixels } from "../shared/protocol";
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
  readonly manner: Manner;
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
  private readonly ending = new AbortController();
  private readonly stylizer: Promise<Stylizer>;
  /** The same, once it is there. */
  private loaded: Stylizer | null = null;

  /** Begins to load at once. */
  constructor(options: StylizerOptions) {
    this.stylizer = createStylizer({ ...options, signal: this.ending.signal }).then((stylizer) => (this.loaded = stylizer));
    // Told to whoever asks for something.
    this.stylizer.catch(() => undefined);
  }

  /** The model as it runs now. */
  async ready(): Promise<LoadedModel> {
    return (await this.stylizer).model;
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
          const compute = async (): Promise<Float32Array> => (await this.stylizer).embed(image);
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
    return (await this.stylizer).blend(vectors, shownWeights(styles.map(({ weight }) => weight)));
  }

  /**
   * Blends the styles, mixes in the photograph's own by `strength`, and paints. Throws `Superseded` where `signal` aborts
   * before the picture is begun, or between two of its tiles.
   */
  async stylize({ content, regions, manner, ...painting }: Painting, signal: AbortSignal, listener: TileListener): Promise<Painted> {
    const mixed = await this.mix(painting.styles, painting);
    const parts = await Promise.all(regions.map(async ({ styles, mask }) => ({ mask, style: await this.mix(styles, painting) })));
    const stylizer = await this.stylizer;
    if (signal.aborted) throw new Superseded();
    const onTiles = (done: number, total: number): void => listener.onTiles(done, total);
    const onSmallerTiles = (side: number): void => listener.onSmallerTiles(side);
    return stylizer.stylize(content, mixed, { ...manner, regions: parts, signal, onTiles, onSmallerTiles });
  }

  /** The vector of a blend, with the photograph's own mixed in. */
  async mix(styles: Styles, { photo, strength }: Pick<Painting, "photo" | "strength">): Promise<Float32Array> {
    const style = await this.blend(styles);
    return strength === 1 ? style : interpolate(await this.embed(photo), style, strength);
  }

  /** Fetches a further painter, and tells how long it takes here for a picture of so many pixels. */
  async loadPainter(name: string, options: PainterOptions): Promise<{ ms: number; pixels: number }> {
    return (await this.stylizer).loadPainter(name, options);
  }

  /** Goes on with another backend once that is ready. */
  async prefer(backend: BackendName): Promise<void> {
    await (await this.stylizer).prefer(backend);
  }

  /** For how long nothing has been computed, in milliseconds. */
  restedMs(): number {
    return this.loaded?.restedMs() ?? 0;
  }

  /** Paints a frame of a film; takes its bitmap. Throws `Superseded` where the backend was lost, and the frame with it. */
  async frame(bitmap: ImageBitmap | VideoFrame, style: Float32Array, options: FrameOptions): Promise<Pixels> {
    return (await this.stylizer).frame(bitmap, style, options);
  }

  async memory(): Promise<{ tensors: number; bytes: number }> {
    return (await this.stylizer).memory();
  }

  /** Ends the worker at once; whatever was asked for is rejected as superseded. */
  terminate(): void {
    this.ending.abort();
  }
}
