/**
 * The page's pictures by id. What is kept of them decoded is bounded, however many there are: photographs by least recent
 * use, paintings at the size at which their style is read. The rest is decoded anew when it is needed.
 */
import { fitArea, fitWithin, type Size } from "../shared/geometry";
import type { StyleRules } from "../shared/preprocessing";
import type { Pixels } from "../shared/protocol";
import type { Photograph } from "../shared/reading";
import { Bounded } from "./keeping/bounded";
import { read, readStyle } from "./reading";

/** Long side that is kept of a photograph; the browser makes it, and it serves for sizes to which that makes no difference. */
const KEPT_LONG_SIDE = 2048;
const AMPLE = 4;
/** In bytes: about five photographs, and the styles of some two hundred paintings. */
const KEPT_PHOTOGRAPHS = 64e6;
const KEPT_STYLES = 80e6;
/** Canvases of more pixels, or longer ones, do not work in every browser. */
const LARGEST_RESULT = { area: 50e6, longSide: 16_384 };

/** Decodes a picture in its own size; may be called again and again. The caller closes the bitmap. */
export type Load = () => Promise<ImageBitmap>;

interface Kept {
  /** At most `KEPT_LONG_SIDE` long; closed, and of no width, once it is dropped. */
  readonly bitmap: ImageBitmap;
  /** Whether it is the photograph itself. */
  readonly whole: boolean;
  /** The largest size in which the picture can be painted: its own, unless that is beyond what browsers can show. */
  readonly size: Size;
}

export class Library {
  private readonly loaders = new Map<string, Load>();
  private readonly originals = new Map<string, () => Blob>();
  private readonly vectors = new Map<string, Float32Array>();
  private readonly photographs = new Bounded<Kept>(KEPT_PHOTOGRAPHS, ({ bitmap }) => bitmap.close());
  private readonly styles = new Bounded<Pixels>(KEPT_STYLES);
  /** Photographs that are being decoded. */
  private readonly decoding = new Map<string, Promise<Kept>>();
  private readonly known = new Map<string, { readonly model: string; readonly vector: Float32Array }>();
  private lastContent: { readonly key: string; readonly pixels: Promise<Photograph> } | null = null;

  /** @param original The file of a picture of the visitor's, as it is at the moment of asking. */
  add(id: string, load: Load, original?: () => Blob): void {
    this.loaders.set(id, load);
    if (original !== undefined) this.originals.set(id, original);
  }

  original(id: string): Blob | undefined {
    return this.originals.get(id)?.();
  }

  /** Whether the picture may be transparent; none of the page's own samples is. */
  mayBeCutOut(id: string): boolean {
    const original = this.original(id);
    return original !== undefined && original.type !== "image/jpeg";
  }

  /** A photograph that has been decoded once already; takes the bitmap. */
  async keepPhotograph(id: string, decoded: ImageBitmap): Promise<void> {
    await this.keep(id, Promise.resolve(decoded));
  }

  /** A painting that has been decoded once already; takes the bitmap. Before there are rules nothing can be kept of it. */
  async keepStyle(id: string, decoded: ImageBitmap, rules: StyleRules | undefined): Promise<void> {
    if (rules === undefined) decoded.close();
    else await this.readStyle(id, decoded, rules, false);
  }

  /** The vector of a picture, for the model of that fingerprint. */
  know(id: string, model: string, vector: Float32Array): void {
    this.known.set(id, { model, vector });
  }

  /** What is known of a picture's vector without looking at it. */
  knownVector(id: string): { readonly model: string; readonly vector: Float32Array } | undefined {
    return this.known.get(id);
  }

  /** A style without a picture. */
  addVector(id: string, vector: Float32Array): void {
    this.vectors.set(id, vector);
  }

  /** The vector of a style that has no picture. */
  vector(id: string): Float32Array | undefined {
    return this.vectors.get(id);
  }

  /** Forgets a picture, and all that is kept of it. */
  remove(id: string): void {
    this.loaders.delete(id);
    this.originals.delete(id);
    this.vectors.delete(id);
    this.known.delete(id);
    this.photographs.delete(id);
    if (this.lastContent?.key.endsWith(` ${id}`) === true) this.lastContent = null;
  }

  /** Bytes of pictures that are kept decoded. */
  get bytes(): number {
    return this.photographs.weight + this.styles.weight;
  }

  /** The largest size in which the picture can be painted. */
  async size(id: string): Promise<Size> {
    return (await this.small(id)).size;
  }

  /** The picture with a long side of at most `longSide`; its colours go on under what is transparent. The newest one is kept. */
  content(id: string, longSide: number): Promise<Photograph> {
    const key = `${longSide} ${id}`;
    if (this.lastContent?.key !== key) {
      const pixels = this.fresh(id, longSide);
      this.lastContent = { key, pixels };
      pixels.catch(() => {
        if (this.lastContent?.pixels === pixels) this.lastContent = null;
      });
    }
    return this.lastContent.pixels;
  }

  /** The same, not kept. */
  async fresh(id: string, longSide: number): Promise<Photograph> {
    const { bitmap, whole, size: largest } = await this.small(id);
    const size = fitWithin(largest, longSide);
    const enough = whole || Math.max(bitmap.width, bitmap.height) >= AMPLE * Math.max(size.width, size.height);
    return read(await (enough ? createImageBitmap(bitmap) : this.load(id)), size, this.mayBeCutOut(id));
  }

  /** The picture with a long side of at most `longSide`, to be shown while a large one is on its way; not kept. */
  async sketch(id: string, longSide: number): Promise<Photograph> {
    const { bitmap } = await this.small(id);
    return read(await createImageBitmap(bitmap), fitWithin(bitmap, longSide), this.mayBeCutOut(id));
  }

  /** A painting as the style predictor sees it: on white where it is transparent. */
  style(id: string, rules: StyleRules): Promise<Pixels> {
    return this.predicted(id, rules, false);
  }

  /** A photograph as the style predictor sees it: as it is painted, colours going on under what is transparent. */
  ownStyle(id: string, rules: StyleRules): Promise<Pixels> {
    return this.predicted(id, rules, this.mayBeCutOut(id));
  }

  private async predicted(id: string, rules: StyleRules, extend: boolean): Promise<Pixels> {
    const known = this.styles.get(styleKey(id, rules, extend));
    if (known !== undefined) return known;
    const kept = this.photographs.get(id);
    return this.readStyle(id, await (kept === undefined ? this.load(id) : createImageBitmap(kept.bitmap)), rules, extend);
  }

  /** Takes the bitmap. */
  private async readStyle(id: string, bitmap: ImageBitmap, rules: StyleRules, extend: boolean): Promise<Pixels> {
    const pixels = await readStyle(bitmap, rules, extend);
    this.styles.set(styleKey(id, rules, extend), pixels, pixels.data.length);
    return pixels;
  }

  private async small(id: string): Promise<Kept> {
    for (;;) {
      const kept = this.photographs.get(id) ?? (await (this.decoding.get(id) ?? this.keep(id, this.load(id))));
      // Another one may have taken its place while it was waited for.
      if (kept.bitmap.width > 0) return kept;
    }
  }

  private keep(id: string, decoded: Promise<ImageBitmap>): Promise<Kept> {
    const kept = decoded.then(reduced).then((photograph) => {
      this.photographs.set(id, photograph, 4 * photograph.bitmap.width * photograph.bitmap.height);
      return photograph;
    });
    this.decoding.set(id, kept);
    return kept.finally(() => this.decoding.delete(id));
  }

  private load(id: string): Promise<ImageBitmap> {
    const load = this.loaders.get(id);
    return load ? load() : Promise.reject(new Error(`no picture with the id ${id}`));
  }
}

function styleKey(id: string, rules: StyleRules, extend: boolean): string {
  return `${JSON.stringify(rules)} ${extend} ${id}`;
}

async function reduced(bitmap: ImageBitmap): Promise<Kept> {
  const size = fitWithin(fitArea(bitmap, LARGEST_RESULT.area), LARGEST_RESULT.longSide);
  const { width, height } = fitWithin(bitmap, KEPT_LONG_SIDE);
  if (width === bitmap.width && height === bitmap.height) return { bitmap, whole: true, size };
  const smaller = await createImageBitmap(bitmap, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
  bitmap.close();
  return { bitmap: smaller, whole: false, size };
}
