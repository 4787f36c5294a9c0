/** Rows of a picture as bytes, drawn a few at a time onto one canvas; of the page's thread or of a worker's. */
import type { Region } from "./geometry";
import type { Rows } from "./reduction";

/** What the 2D contexts of both have. */
interface Drawing<Image> {
  readonly canvas: { height: number };
  fillStyle: unknown;
  fillRect(x: number, y: number, width: number, height: number): void;
  clearRect(x: number, y: number, width: number, height: number): void;
  drawImage(image: Image, sx: number, sy: number, sw: number, sh: number, x: number, y: number, width: number, height: number): void;
  getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray };
}

/**
 * Reads rows of a part of `image`, from `top` in it on; the canvas is as wide as the part.
 *
 * @param onWhite Where it is transparent; otherwise it stays so.
 */
export function rowsOf<Image>(context: Drawing<Image>, image: Image, part: Region, onWhite = true): Rows {
  const { left, top: first, width } = part;
  return (top, count) => {
    if (context.canvas.height !== count) context.canvas.height = count;
    if (onWhite) {
      context.fillStyle = "#fff";
      context.fillRect(0, 0, width, count);
    } else context.clearRect(0, 0, width, count);
    context.drawImage(image, left, first + top, width, count, 0, 0, width, count);
    return context.getImageData(0, 0, width, count).data;
  };
}
