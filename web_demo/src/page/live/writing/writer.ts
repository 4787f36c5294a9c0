/** Where the painted frames of a film go. */
import type { Size } from "../../../shared/geometry";

export interface FrameWriter {
  /** Of the frames that it takes. */
  readonly size: Size;
  readonly extension: string;
  /** Whether there is sound that cannot be taken along. */
  readonly soundLost: boolean;
  /** Takes the sound along while frames are added; ends once both have. */
  copySound(): Promise<void>;
  /** Writes what is on the canvas, shown from `time` on for `duration` seconds. Resolves when there may be another one. */
  add(frame: OffscreenCanvas, time: number, duration: number): Promise<void>;
  /** There are no more frames. */
  end(): void;
  /** The file; after all frames and the sound. */
  finish(): Promise<Blob>;
  cancel(): Promise<void>;
}

/** A frame as the browser encodes it, shown for `ms` milliseconds. */
export interface EncodedFrame {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly ms: number;
}

export interface Animation extends Size {
  /** How often it is shown; infinite for ever. */
  readonly plays: number;
}
