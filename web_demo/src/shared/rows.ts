/** Rows of a picture as bytes, drawn a few at a time onto one canvas; of the page's thread or of a worker's. */
import type { Region } from "./geometry";
import type { Rows } from "./reduction";

/** What the 2D contexts of both have. */
interface Drawing<Image> {
  readonly canvas: { height: number };
  fillStyle: unknown;
  fillRect(x: number, y: number, width: number, height: number): void;
  drawImage(image: Image, sx: number, sy: number, sw: number, sh: number, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

/** Reads rows of a part of `image`, from `top` in it on, on white where it is transparent; the canvas is as wide as the part. */
export function rowsOf<Image>(context: Drawing<Image>, image: Image, part: Region): Rows {
  const { left, top: first, width } = part;
  return (top, count) => {
    if (context.canvas.height !== count) context.canvas.height = count;
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, count);
    context.drawImage(image, left, first + top, width, count, 0, 0, width, count);
    return context.getImageData(0, 0, width, count).data;
  };
}
