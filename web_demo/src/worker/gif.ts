/** Writes a GIF, each frame with a palette of its own; a worker, since counting colours takes longer than a page may. */
import { applyPalette, GIFEncoder, quantize } from "gifenc";
import type { GifAnswer, GifRequest } from "../shared/gif";

declare const self: DedicatedWorkerGlobalScope;

/** Four bits a channel decide which colours are one; finer ones take seconds for what nobody sees in 256 colours. */
const FORMAT = "rgba4444";
/** "Restore to background" (GIF89a specification, 23): what was opaque before may be transparent now. */
const CLEARED = 2;

const encoder = GIFEncoder();

self.onmessage = ({ data: request }: MessageEvent<GifRequest>) => {
  if (request === null) {
    encoder.finish();
    const bytes = encoder.bytes();
    answer(bytes, [bytes.buffer]);
    return;
  }
  const { rgba, width, height, ms, plays } = request;
  const palette = quantize(rgba, 256, { format: FORMAT, oneBitAlpha: true });
  const transparentIndex = palette.findIndex(([, , , alpha]) => alpha === 0);
  const transparent = transparentIndex >= 0;
  // Once is said by saying nothing; otherwise it is how often the animation comes again, and 0 for ever.
  const repeat = Number.isFinite(plays) ? Math.max(1, plays) - 1 || -1 : 0;
  encoder.writeFrame(applyPalette(rgba, palette, FORMAT), width, height, {
    palette: palette.map(([red, green, blue]) => [red, green, blue]),
    delay: ms,
    repeat,
    ...(transparent && { transparent, transparentIndex, dispose: CLEARED }),
  });
  answer(null);
};

function answer(value: GifAnswer, transfer: Transferable[] = []): void {
  self.postMessage(value, transfer);
}
