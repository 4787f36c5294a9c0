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
}

export interface ReadAnswer {
  readonly id: number;
  /** The cut in that size, on white where it is transparent; or why there is none. */
  readonly pixels: Pixels | null;
  readonly error: string;
}
