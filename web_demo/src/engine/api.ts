/**
 * The engine as other pages see it. The build hands this file out as engine/impasto.d.ts: it holds nothing but types, and
 * imports nothing.
 */

export type BackendName = "webgpu" | "webgl" | "wasm" | "cpu";

/** RGBA, row by row, 0 to 255; `data.length` is `4 * width * height`. An ImageData is one. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Pixels, a file, an image, a canvas or a frame of a video. */
export type Picture = Pixels | ImageBitmapSource;

/** The block of that name in manifest.json; sides are in pixels. */
export interface Preprocessing {
  readonly version: 1;
  readonly value_range: readonly [0, 1];
  /** How a painting is shown to the style predictor. */
  readonly style: {
    readonly short_side: number;
    readonly longest_aspect: number;
    readonly smallest_side: number;
    readonly resampling: "lanczos3";
  };
  /** How a photograph is shown to the transformer, as a whole or in tiles. */
  readonly content: {
    readonly multiple: number;
    readonly smallest_multiples: number;
    readonly padding: "reflect";
    readonly whole_pixels: number;
    readonly tile: number;
    readonly overlap: number;
    readonly patch: number;
    readonly patches: number;
  };
  /** How strokes keep their share of a picture. */
  readonly strokes: { readonly reference_side: number; readonly factor: number; readonly resampling: "bicubic" };
  readonly colors: { readonly luma: readonly [red: number, green: number, blue: number]; readonly flattest: number };
}

export interface LoadedModel {
  readonly name: string;
  /** Changes with the network, though not with its training. */
  readonly version: string;
  readonly backend: BackendName;
  /** Threads for WebAssembly, 1 elsewhere. */
  readonly threads: number;
  /** False where the browser has no crypto.subtle (plain http from another machine). */
  readonly verified: boolean;
  /** Backends that were tried first, and why they were not kept. */
  readonly rejected: readonly { readonly backend: BackendName; readonly reason: string }[];
  /** Numbers in a style vector. */
  readonly embeddingSize: number;
  /** Whether its export is older than the block `preprocessing`; what was usual then is taken. */
  readonly earlier: boolean;
  /** What happens to pixels before and after the networks; read from the model's manifest.json. */
  readonly preprocessing: Preprocessing;
  /** Pictures of at most that many pixels are painted at once. */
  readonly wholePixels: number;
  /** 16 hexadecimal digits that tell this model from others: style vectors of one mean nothing to another. */
  readonly fingerprint: string;
}

/** Why a backend was left, or started anew. */
export type MoveReason = "context-lost" | "out-of-memory" | "faster";

export interface Move {
  readonly from: BackendName;
  /** With the backend that is used now; the same one where it was started anew. */
  readonly model: LoadedModel;
  readonly reason: MoveReason;
}

export interface StylizerOptions {
  /** Address of the exported model's folder, with the manifest.json in it; relative to the page. */
  readonly models: string | URL;
  /** The backend to prefer; "auto", unless something else is said, takes the first that works. */
  readonly backend?: BackendName | "auto";
  /** Pictures of at most that side squared are painted at once, larger ones in tiles of at most that side; what the model says. */
  readonly largestRun?: number;
  /** Bytes of the model, while it is fetched. */
  readonly onProgress?: (done: number, total: number) => void;
  /** A graphics processor was lost, or memory ran out: painting goes on, what was asked for is begun again. */
  readonly onMove?: (move: Move) => void;
}

export interface PaintOptions {
  /** Size of the strokes; 1, unless something else is said, gives any picture the look of one of 512 pixels. */
  readonly stroke?: number;
  /** Scales `content` down to that long side first. */
  readonly longSide?: number;
  /** Aborting rejects with an "AbortError", between two tiles at the latest. */
  readonly signal?: AbortSignal;
  /** Tiles that are painted, for large pictures. */
  readonly onTiles?: (done: number, total: number) => void;
  /** Memory was short; the picture is begun again in tiles of `side` pixels. */
  readonly onSmallerTiles?: (side: number) => void;
}

export interface Painted {
  readonly image: ImageData;
  readonly ms: number;
}

export interface Stylizer {
  /** What is loaded, and where it runs at the moment. */
  readonly model: LoadedModel;
  /** The style of a picture, as a vector. */
  embed(picture: Picture): Promise<Float32Array>;
  /** The mean of vectors, counted by their weights; equal ones unless told. */
  blend(vectors: readonly Float32Array[], weights?: readonly number[]): Float32Array;
  /** `content` painted in a style, in its own size. */
  stylize(content: Picture, style: Float32Array, options?: PaintOptions): Promise<Painted>;
  /** Ends the worker, and rejects what is still asked for with an "AbortError". */
  dispose(): void;
}

/** Starts a worker and loads the model in it. */
export declare function createStylizer(options: StylizerOptions): Promise<Stylizer>;
