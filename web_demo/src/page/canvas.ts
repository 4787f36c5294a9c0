/** Pixels onto a canvas. */
import type { Pixels } from "../shared/protocol";

/** Gives `canvas` the size of `pixels`, where it has another, and shows them. */
export function paint(canvas: HTMLCanvasElement | OffscreenCanvas, { data, width, height }: Pixels): void {
  // Setting a size clears the canvas, which shows as a flash.
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  // Pixels that are put, shown and read are kept where they are put: the first canvas on the graphics processor holds up the page's own
  // thread until that one answers. Both kinds give a context of this name; the types of their union say less.
  const context = (canvas as OffscreenCanvas).getContext("2d", { willReadFrequently: true });
  context?.putImageData(new ImageData(data, width, height), 0, 0);
}
