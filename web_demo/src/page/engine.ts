/** The engine as the page uses it: styles are asked for by name, and their vectors kept. */
import type { Move, Painted } from "../engine/api";
import { stylizerOn } from "../engine/impasto";
import { Session, type SessionOptions } from "../engine/session";
import { interpolate } from "../shared/blend";
import type { BackendName, LoadedModel, Pixels } from "../shared/protocol";
import { Superseded } from "./latest";

export type { Move };

/** A picture as the engine needs it: `id` names it in the cache, pixels are made only when its vector is not there. */
export interface Source {
  readonly id: string;
  pixels(shortSide: number): Promise<Pixels>;
}

export interface Painting {
  readonly photo: Source;
  /** The photograph at the size of the result. */
  readonly content: Pixels;
  readonly styles: readonly { readonly source: Source; readonly weight: number }[];
  readonly strength: number;
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
    let vector = this.vectors.get(source.id);
    if (vector === undefined) {
      vector = this.ready()
        .then(({ styleSize }) => source.pixels(styleSize))
        .then((image) => this.stylizer.embed(image));
      this.vectors.set(source.id, vector);
      vector.catch(() => this.vectors.delete(source.id));
    }
    return vector;
  }

  /**
   * Blends the styles, mixes in the photograph's own by `strength`, and paints. Throws `Superseded` where `signal` aborts
   * before the picture is begun, or between two of its tiles.
   */
  async stylize({ photo, content, styles, strength }: Painting, signal: AbortSignal, listener: TileListener): Promise<Painted> {
    const vectors = await Promise.all(styles.map(({ source }) => this.embed(source)));
    const style = this.stylizer.blend(vectors, styles.map(({ weight }) => weight));
    const mixed = strength === 1 ? style : interpolate(await this.embed(photo), style, strength);
    if (signal.aborted) throw new Superseded();
    return this.stylizer.stylize(content, mixed, {
      signal,
      onTiles: (done, total) => listener.onTiles(done, total),
      onSmallerTiles: (side) => listener.onSmallerTiles(side),
    });
  }

  /** Goes on with another backend once that is ready. */
  prefer(backend: BackendName): Promise<void> {
    return this.session.prefer(backend);
  }

  /** For how long nothing has been computed, in milliseconds. */
  restedMs(): number {
    return this.session.restedMs();
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
