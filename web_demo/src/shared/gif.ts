/** What the page and the worker that writes GIFs tell each other. */
import type { Size } from "./geometry";

export interface GifFrame extends Size {
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
  readonly ms: number;
  /** How often the animation is shown; infinite for ever. The first frame's counts. */
  readonly plays: number;
}

/** Frames, one after the other, and null after the last one. */
export type GifRequest = GifFrame | null;
/** To each, once it is written, null; in the end the file. */
export type GifAnswer = Uint8Array<ArrayBuffer> | null;
