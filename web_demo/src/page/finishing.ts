/** A result as a file: cut out as its photograph was, where the format has transparency, with its resolution and the mark of sRGB. */
import { encode } from "./download";
import type { Format } from "./formats";
import type { Library } from "./library";
import { readResolution, withMetadata } from "./metadata";

/** Notes of cameras and large previews may come before what is looked for. */
const HEAD = 1 << 20;

/** Null, or another type than was asked for, where the browser cannot write it. What is on the canvas now counts, whatever comes later. */
export async function fileOf(canvas: HTMLCanvasElement, format: Format, library: Library, photoId: string): Promise<Blob | null> {
  const original = library.original(photoId);
  // Browsers lay on black what a format cannot keep transparent.
  const onWhite = format.type === "image/jpeg" && library.mayBeCutOut(photoId);
  const blob = await (onWhite ? encodedOnWhite(canvas, format) : encode(canvas, format));
  if (blob?.type !== format.type) return blob;
  const resolution = original === undefined ? null : await resolutionOf(original);
  const bytes = withMetadata(new Uint8Array(await blob.arrayBuffer()), resolution);
  return new Blob([bytes], { type: blob.type });
}

async function encodedOnWhite(canvas: HTMLCanvasElement, format: Format): Promise<Blob | null> {
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  const context = copy.getContext("2d");
  if (context !== null) {
    context.fillStyle = "#fff";
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, 0, 0);
  }
  const blob = await encode(copy, format);
  copy.width = copy.height = 0;
  return blob;
}

/** A file that cannot be read any more has none. */
async function resolutionOf(file: Blob): Promise<ReturnType<typeof readResolution>> {
  try {
    // In a WebP file it stands behind the pixels.
    const part = file.type === "image/webp" ? file : file.slice(0, HEAD);
    return readResolution(new Uint8Array(await part.arrayBuffer()));
  } catch {
    return null;
  }
}
