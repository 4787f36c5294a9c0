/** The page's side of the protocol: owns the worker, matches answers to requests, caches style vectors. */
import { blend, interpolate } from "../shared/blend";
import { CodedError, type BackendChoice, type LoadedModel, type Pixels, type Request, type Response } from "../shared/protocol";
import { Superseded } from "./latest";

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

type Answer<Kind extends Response["kind"]> = Extract<Response, { kind: Kind }>;
type Body<Kind extends Request["kind"]> = Omit<Extract<Request, { kind: Kind }>, "kind" | "id">;

interface Pending {
  resolve(response: Response): void;
  reject(error: Error): void;
  progress?: ((done: number, total: number) => void) | undefined;
  smallerTiles?: ((side: number) => void) | undefined;
}

export class Engine {
  private readonly pending = new Map<number, Pending>();
  private readonly vectors = new Map<string, Promise<Float32Array>>();
  private readonly worker = new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module" });
  private lastId = 0;
  private styleSize = 256;

  constructor() {
    this.worker.onmessage = ({ data }: MessageEvent<Response>) => this.receive(data);
    this.worker.onerror = (event) => this.fail(new CodedError("failed", event.message || "the worker could not be started"));
  }

  async load(
    modelUrl: string,
    backend: BackendChoice,
    largestRun: number,
    onProgress: (done: number, total: number) => void,
  ): Promise<LoadedModel> {
    const { model } = await this.request("load", { modelUrl, backend, largestRun }, "loaded", { progress: onProgress });
    this.styleSize = model.styleSize;
    return model;
  }

  /** The style vector of a picture, computed once for its id. */
  embed(source: Source): Promise<Float32Array> {
    let vector = this.vectors.get(source.id);
    if (vector === undefined) {
      vector = source
        .pixels(this.styleSize)
        .then((image) => this.request("embed", { image }, "embedded"))
        .then(({ embedding }) => embedding);
      this.vectors.set(source.id, vector);
      vector.catch(() => this.vectors.delete(source.id));
    }
    return vector;
  }

  /**
   * Blends the styles, mixes in the photograph's own by `strength`, and paints. Throws `Superseded` where `signal` aborts
   * before the picture is begun, or between two of its tiles.
   */
  async stylize(
    { photo, content, styles, strength }: Painting,
    signal: AbortSignal,
    listener: TileListener,
  ): Promise<{ image: Pixels; ms: number }> {
    const vectors = await Promise.all(styles.map(({ source }) => this.embed(source)));
    const style = blend(vectors, styles.map(({ weight }) => weight));
    const embedding = strength < 1 ? interpolate(await this.embed(photo), style, strength) : style;
    if (signal.aborted) throw new Superseded();
    const { image, ms } = await this.request("stylize", { content, embedding }, "stylized", {
      signal,
      progress: (done, total) => listener.onTiles(done, total),
      smallerTiles: (side) => listener.onSmallerTiles(side),
    });
    return { image, ms };
  }

  async memory(): Promise<{ tensors: number; bytes: number }> {
    const { tensors, bytes } = await this.request("memory", {}, "memory");
    return { tensors, bytes };
  }

  /** Ends the worker at once; whatever was asked for is rejected as superseded. */
  terminate(): void {
    this.worker.terminate();
    this.fail(new Superseded());
  }

  private async request<Kind extends Exclude<Request["kind"], "cancel">, Reply extends Response["kind"]>(
    kind: Kind,
    body: Body<Kind>,
    expected: Reply,
    options: Pick<Pending, "progress" | "smallerTiles"> & { signal?: AbortSignal } = {},
  ): Promise<Answer<Reply>> {
    const id = ++this.lastId;
    const cancel = (): void => this.post({ kind: "cancel", id: ++this.lastId, target: id });
    options.signal?.addEventListener("abort", cancel, { once: true });
    try {
      const response = await new Promise<Response>((resolve, reject) => {
        this.pending.set(id, { resolve, reject, progress: options.progress, smallerTiles: options.smallerTiles });
        this.post({ kind, id, ...body } as unknown as Request);
      });
      if (response.kind !== expected) throw new CodedError("failed", `expected the answer ${expected}, received ${response.kind}`);
      return response as Answer<Reply>;
    } finally {
      options.signal?.removeEventListener("abort", cancel);
    }
  }

  private post(request: Request): void {
    this.worker.postMessage(request);
  }

  private receive(response: Response): void {
    const pending = this.pending.get(response.id);
    if (pending === undefined) return;
    if (response.kind === "progress") {
      pending.progress?.(response.done, response.total);
      return;
    }
    if (response.kind === "smaller-tiles") {
      pending.smallerTiles?.(response.side);
      return;
    }
    this.pending.delete(response.id);
    if (response.kind === "error") pending.reject(new CodedError(response.code, response.detail));
    else if (response.kind === "cancelled") pending.reject(new Superseded());
    else pending.resolve(response);
  }

  private fail(error: Error): void {
    for (const pending of this.pending.values()) pending.reject(error);
    this.pending.clear();
  }
}
