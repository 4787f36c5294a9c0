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
  /** 16 hexadecimal digits that tell this style space from others: style vectors of one mean nothing to another. */
  readonly fingerprint: string;
  /** Names of further painters, which can be loaded besides, and paint with the same style vectors. */
  readonly painters: readonly string[];
  /**
   * Names of the styles of a model that was made for a few: the vector of one is 1 at its place and 0 elsewhere. None of a
   * model of any style.
   */
  readonly styles: readonly string[];
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
  /** With "auto": the one to begin with. */
  readonly first?: BackendName | null;
  /** Pictures of at most that side squared are painted at once, larger ones in tiles of at most that side; what the model says. */
  readonly largestRun?: number | null;
  /** Aborting ends the engine, while it is loaded or later, as `dispose` does. */
  readonly signal?: AbortSignal;
  /** Bytes of the model, while it is fetched. */
  readonly onProgress?: (done: number, total: number) => void;
  /** A graphics processor was lost, or memory ran out: painting goes on, what was asked for is begun again. */
  readonly onMove?: (move: Move) => void;
}

/** A part of a picture that has a style of its own. */
export interface PaintedRegion {
  readonly style: Float32Array;
  /** How much each cell belongs to the part, row by row, 0 to 255; stretched over the picture. All masks of a picture have one size. */
  readonly mask: { readonly width: number; readonly height: number; readonly coverage: Uint8Array<ArrayBuffer> };
}

export interface PaintOptions {
  /** One of the model's further painters, fetched where it is not there yet; null, or nothing, for the first. */
  readonly painter?: string | null;
  /** Whether opposite borders of the result meet, so that copies of it can be laid side by side. */
  readonly wrap?: boolean;
  readonly regions?: readonly PaintedRegion[];
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

export interface PainterOptions {
  /** Bytes of the painter, while it is fetched. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Aborting rejects with an "AbortError", once the files are there at the latest. */
  readonly signal?: AbortSignal;
}

/** A frame of a film: which one, and at which size it is painted. */
export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  /** Frames of one stream follow one another, and are painted steadily; another number says that the scene has changed. */
  readonly stream: number;
  /** When the frame is shown, in milliseconds. */
  readonly time: number;
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
  /** Fetches one of the model's further painters, and tells how long it takes for a picture of so many pixels here. */
  loadPainter(name: string, options?: PainterOptions): Promise<{ readonly ms: number; readonly pixels: number }>;
  /** A frame of a film, painted by the first painter; takes the bitmap, and closes it. Rejects with an "AbortError" where the backend was lost, and the frame with it. */
  frame(bitmap: ImageBitmap | VideoFrame, style: Float32Array, options: FrameOptions): Promise<Pixels>;
  /** Goes on with another backend once that is ready; until then the present one paints. */
  prefer(backend: BackendName): Promise<void>;
  /** For how long nothing has been asked for, in milliseconds. */
  restedMs(): number;
  /** Tensors and bytes that the worker holds; for tests of leaks. */
  memory(): Promise<{ readonly tensors: number; readonly bytes: number }>;
  /** Ends the worker, and rejects what is still asked for with an "AbortError". */
  dispose(): void;
}

/** Starts a worker and loads the model in it. */
export declare function createStylizer(options: StylizerOptions): Promise<Stylizer>;
