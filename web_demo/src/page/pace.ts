/** When a picture takes so long that a preview comes first, and how large that is. */
import type { Size } from "../shared/geometry";
import { INITIAL_SIZE } from "./sizes";

/** Waiting longer than this is noticed. */
const NOTICEABLE_MS = 250;
/** Smaller previews show too little. */
const SMALLEST_PREVIEW = 256;
/** A preview that is not much smaller than the picture would only delay it. */
const WORTHWHILE = 2;
/** Until a run has been timed, pictures of the initial size are taken to be quick, larger ones not. */
const UNTIMED_MS_PER_PIXEL = NOTICEABLE_MS / INITIAL_SIZE ** 2;

export class Pace {
  private msPerPixel: number | null = null;
  private fromPreview = true;

  /** Small pictures cost more for each pixel, so a preview's time counts only until there is another. */
  note({ width, height }: Size, ms: number, preview: boolean): void {
    if (preview && !this.fromPreview) return;
    this.msPerPixel = ms / (width * height);
    this.fromPreview = preview;
  }

  /** Another backend has another pace. */
  forget(): void {
    this.msPerPixel = null;
    this.fromPreview = true;
  }

  /**
   * The long side of the preview to be painted before a picture of size `wanted`; null where none is needed. Pictures
   * that are painted in tiles always have one, since there is nothing else to be seen before the last tile.
   *
   * @param wholePixels Larger pictures than that are painted in tiles.
   * @param alike Long side of the largest picture that is painted in one step, and so has the strokes of larger ones: a
   *   preview of it looks just like the result. It is that large where the pace allows.
   * @param otherMs How long the picture takes where another painter than this pace's paints it; its previews are this one's.
   */
  previewSide({ width, height }: Size, wholePixels: number, alike: number, otherMs: number | null = null): number | null {
    const longSide = Math.max(width, height);
    const worthwhile = otherMs !== null && otherMs > NOTICEABLE_MS ? 1 : Math.sqrt(WORTHWHILE);
    const quick = this.msPerPixel === null ? 0 : Math.sqrt(NOTICEABLE_MS / this.msPerPixel / (width * height)) * longSide;
    const side = Math.floor(Math.min(Math.max(SMALLEST_PREVIEW, Math.min(quick, alike, longSide / worthwhile)), Math.sqrt(wholePixels) / 2, longSide));
    if (worthwhile > 1 && longSide <= side * worthwhile) return null;
    const slow = (otherMs ?? width * height * (this.msPerPixel ?? UNTIMED_MS_PER_PIXEL)) > NOTICEABLE_MS;
    return slow || width * height > wholePixels ? side : null;
  }

  /** In milliseconds a pixel, of a picture that was no preview; null where none has been painted. */
  get measured(): number | null {
    return this.fromPreview ? null : this.msPerPixel;
  }
}
