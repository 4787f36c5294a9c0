/** What the page asks of the worker that reads pictures, and what it is told. */
import type { Region, Size } from "./geometry";
import type { Pixels } from "./pixels";
import type { Bitmap } from "./protocol";
import type { Resampling } from "./resample";

export interface ReadRequest {
  readonly id: number;
  /** An ImageBitmap; transferred, and closed by the worker. */
  readonly bitmap: Bitmap;
  readonly cut: Region;
  /** No larger than the cut. */
  readonly size: Size;
  readonly resampling: Resampling;
  /** Colours go on under what is transparent, instead of white. */
  readonly extend: boolean;
}

/** A picture, opaque, and how much of every pixel it covers. */
export interface Photograph extends Pixels {
  /** 0 to 255; null where nothing shows through, or nobody asked. */
  readonly cover: Uint8Array<ArrayBuffer> | null;
}

export interface ReadAnswer {
  readonly id: number;
  /** The cut in that size, or null. */
  readonly photograph: Photograph | null;
  /** There is none, since this browser does not let pages read canvases truly. */
  readonly falsified: boolean;
  /** Why else there is none. */
  readonly error: string;
}
