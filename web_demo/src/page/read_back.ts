/** Whether this browser lets pages read canvases truly; some add noise, or hand out nothing but white, so that visitors are not recognised. */

const SIDE = 16;
/** Of 255. Some browsers change the lowest bit here and there, which nobody sees. */
const TOLERANCE = 4;

let falsified: boolean | null = null;

/** Draws a pattern once, and compares it with what is read. */
export function readsFalsely(): boolean {
  return (falsified ??= compare());
}

function compare(): boolean {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (context === null) return false;
  const colour = (i: number): readonly [number, number, number] => [(i * 53) % 256, (i * 97) % 256, (i * 151) % 256];
  for (let i = 0; i < SIDE ** 2; i++) {
    context.fillStyle = `rgb(${colour(i).join(" ")})`;
    context.fillRect(i % SIDE, Math.floor(i / SIDE), 1, 1);
  }
  const { data } = context.getImageData(0, 0, SIDE, SIDE);
  let wrong = 0;
  for (let i = 0; i < SIDE ** 2; i++) {
    if (colour(i).some((value, channel) => Math.abs(value - (data[4 * i + channel] ?? 0)) > TOLERANCE)) wrong++;
  }
  return wrong > SIDE;
}
