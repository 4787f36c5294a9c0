/**
 * Whether this browser lets pages read canvases truly; some add noise, or hand out nothing but white, so that visitors are
 * not recognised. Found out where pictures are read: the page's own thread would wait for its first canvas.
 */

const SIDE = 16;
/** Of 255. Some browsers change the lowest bit here and there, which nobody sees. */
const TOLERANCE = 4;

let falsified: boolean | null = null;

/** Draws a pattern once, and compares it with what is read. */
export function readsFalsely(): boolean {
  return (falsified ??= compare());
}

function compare(): boolean {
  const context = new OffscreenCanvas(SIDE, SIDE).getContext("2d", { willReadFrequently: true });
  if (context === null) return false;
  const pattern = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE ** 2; i++) pattern.data.set([(i * 53) % 256, (i * 97) % 256, (i * 151) % 256, 255], 4 * i);
  context.putImageData(pattern, 0, 0);
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  const wrong = new Set<number>();
  pattern.data.forEach((value, i) => {
    if (Math.abs(value - (data[i] ?? 0)) > TOLERANCE) wrong.add(Math.floor(i / 4));
  });
  return wrong.size > SIDE;
}
