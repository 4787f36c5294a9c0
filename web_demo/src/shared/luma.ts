/** Keeping a photograph's colours: the painting's brightness with the photograph's chroma. Pure. */
import type { Pixels } from "./pixels";
import type { ColourRules } from "./preprocessing";

/**
 * `painted` with as much of the photograph's colours as `amount` says, 0 to 1; of one size. Luma is the painting's, chroma
 * the photograph's (the luminance transfer of Gatys et al. 2016, arXiv 1606.05897). Where both together lie outside of RGB
 * the chroma is reduced towards grey until they fit, so that luma and hue stay.
 */
export function keepColours(painted: Pixels, photograph: Pixels, amount: number, { luma: [red, green, blue] }: ColourRules): Pixels {
  const { width, height, data: from } = painted;
  const { data: to } = photograph;
  const data = new Uint8ClampedArray(from.length);
  for (let i = 0; i < from.length; i += 4) {
    const [r, g, b] = [from[i] ?? 0, from[i + 1] ?? 0, from[i + 2] ?? 0];
    const [x, y, z] = [to[i] ?? 0, to[i + 1] ?? 0, to[i + 2] ?? 0];
    const light = red * r + green * g + blue * b;
    const grey = red * x + green * y + blue * z;
    // What each channel has beyond the luma, and how much of that fits.
    const factor = Math.min(fitting(x - grey, light), fitting(y - grey, light), fitting(z - grey, light));
    data[i] = r + amount * (light + factor * (x - grey) - r);
    data[i + 1] = g + amount * (light + factor * (y - grey) - g);
    data[i + 2] = b + amount * (light + factor * (z - grey) - b);
    data[i + 3] = from[i + 3] ?? 255;
  }
  return { width, height, data };
}

function fitting(offset: number, light: number): number {
  const room = offset > 0 ? 255 - light : light;
  const size = Math.abs(offset);
  return size > room ? room / size : 1;
}
