/** Pictures as bytes: how they travel between the page and its worker. */

/** RGBA, row by row, 0 to 255; `data.length` is `4 * width * height`. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}
