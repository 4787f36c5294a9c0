/**
 * The messages between the page and its worker. Every request carries an id; every answer repeats it.
 * Pictures travel as RGBA bytes and styles as vectors, so neither side needs to know the other's objects.
 */

import type { Mask } from "./masks";
import type { Preprocessing } from "./preprocessing";
import type { Pixels } from "./pixels";

export type { Pixels };

export const BACKENDS = ["webgpu", "webgl", "wasm", "cpu"] as const;
export type BackendName = (typeof BACKENDS)[number];
export type BackendChoice = BackendName | "auto";

/** A part of a picture that has a style of its own. */
export interface Region {
  readonly embedding: Float32Array;
  /** All masks of a picture have one size, whatever the picture's. */
  readonly mask: Mask;
}

/** How a picture is painted. */
export interface Manner {
  /** A further painter of the model, fetched where it is not there yet; null for the first one. */
  readonly painter: string | null;
  /** Size of the strokes, over that of a picture of the manifest's reference size. */
  readonly stroke: number;
  /** Whether opposite borders of the result meet, so that copies of it can be laid side by side. */
  readonly wrap: boolean;
}

/** What is meant where nothing is said. */
export const PLAIN: Manner = { painter: null, stroke: 1, wrap: false };

/** What the page and the worker know of an ImageBitmap, whose type only they have. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  close(): void;
}

/** A frame of a film, to be painted at `width` x `height`, steadily: with little change from the frame before. */
export interface FrameRequest {
  readonly kind: "frame";
  readonly id: number;
  /** An ImageBitmap or a VideoFrame of any size; transferred, and closed by the worker. */
  readonly bitmap: Pick<Bitmap, "close">;
  readonly width: number;
  readonly height: number;
  readonly embedding: Float32Array;
  /** Frames of one stream follow one another; another number says that the scene has changed. */
  readonly stream: number;
  /** When the frame is shown, in milliseconds. */
  readonly time: number;
}

export type Request =
  /**
   * Fetch the model below `modelUrl` (ends in a slash), choose a backend, run once. `largestRun`, in pixels: pictures of
   * at most that side squared are painted at once, larger ones in tiles of at most that side; null for what the model's
   * manifest says. `first` is tried before the
   * usual order, those in `without` not at all.
   */
  | {
      readonly kind: "load";
      readonly id: number;
      readonly modelUrl: string;
      readonly backend: BackendChoice;
      readonly largestRun: number | null;
      readonly first: BackendName | null;
      readonly without: readonly BackendName[];
    }
  /** The style vector of a picture, which has the size of the manifest's style fit already. */
  | { readonly kind: "embed"; readonly id: number; readonly image: Pixels }
  /** Fetch and try a further painter of the model, and time it. Progress counts its bytes. */
  | { readonly kind: "load-painter"; readonly id: number; readonly name: string }
  /**
   * `content` painted with the style `embedding`, and each of `regions` with its own; same size, any size. Progress counts
   * tiles where there are several.
   */
  | {
      readonly kind: "stylize";
      readonly id: number;
      readonly content: Pixels;
      readonly embedding: Float32Array;
      readonly regions: readonly Region[];
      readonly manner: Manner;
    }
  | FrameRequest
  /** Tensors and bytes held, for tests of leaks. */
  | { readonly kind: "memory"; readonly id: number }
  /** Drop request `target` if it has not begun, or stop it between two tiles. */
  | { readonly kind: "cancel"; readonly id: number; readonly target: number }
  | { readonly kind: "dispose"; readonly id: number };

export interface LoadedModel {
  readonly name: string;
  /** Of the network: models that differ in nothing but training share it. */
  readonly version: string;
  readonly backend: BackendName;
  /** Threads for WebAssembly, 1 elsewhere. */
  readonly threads: number;
  /** False where the browser has no crypto.subtle (plain http from another machine). */
  readonly verified: boolean;
  /** Backends that were tried first, and why they were not kept. */
  readonly rejected: readonly { readonly backend: BackendName; readonly reason: string }[];
  readonly embeddingSize: number;
  /** Whether its export is older than the preprocessing block; what was usual then is taken. */
  readonly earlier: boolean;
  /** What happens to pixels before and after the networks. */
  readonly preprocessing: Preprocessing;
  /** Pictures of at most that many pixels are painted at once. */
  readonly wholePixels: number;
  /** 16 hexadecimal digits that tell this style space from others: style vectors of one mean nothing to another. */
  readonly fingerprint: string;
  /** Names of further painters, which can be loaded besides, and paint with the same style vectors. */
  readonly painters: readonly string[];
  /** Names of the styles that it has by number, where it was made for a few; none of a model of any style. */
  readonly styles: readonly string[];
}

export type ErrorCode = "model-missing" | "model-damaged" | "no-backend" | "context-lost" | "out-of-memory" | "failed";

export type Response =
  /** Bytes of a model or tiles of a picture. */
  | { readonly kind: "progress"; readonly id: number; readonly done: number; readonly total: number }
  /** Memory was short: the picture is begun again, in tiles of at most `side`. */
  | { readonly kind: "smaller-tiles"; readonly id: number; readonly side: number }
  | { readonly kind: "loaded"; readonly id: number; readonly model: LoadedModel }
  /** A painter is there, and paints a picture of `pixels` pixels in `ms`. */
  | { readonly kind: "painter-loaded"; readonly id: number; readonly ms: number; readonly pixels: number }
  | { readonly kind: "embedded"; readonly id: number; readonly embedding: Float32Array }
  | { readonly kind: "stylized"; readonly id: number; readonly image: Pixels; readonly ms: number }
  | { readonly kind: "framed"; readonly id: number; readonly image: Pixels }
  | { readonly kind: "memory"; readonly id: number; readonly tensors: number; readonly bytes: number }
  /** Not an answer: the graphics processor was lost, and this worker can compute nothing any more. */
  | { readonly kind: "lost"; readonly id: 0; readonly backend: BackendName }
  /** Not an answer: a request could not be deserialised, so that nobody knows which one it was. */
  | { readonly kind: "unreadable"; readonly id: 0 }
  | { readonly kind: "cancelled"; readonly id: number }
  | { readonly kind: "disposed"; readonly id: number }
  | { readonly kind: "error"; readonly id: number; readonly code: ErrorCode; readonly detail: string };

/** An error that keeps its code when it crosses from the worker to the page. */
export class CodedError extends Error {
  constructor(
    readonly code: ErrorCode,
    detail: string,
  ) {
    super(detail);
    this.name = "CodedError";
  }
}

export function isBackendChoice(value: string | null): value is BackendChoice {
  return value === "auto" || (BACKENDS as readonly string[]).includes(value ?? "");
}
