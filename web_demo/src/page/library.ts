/** The page's pictures by id: small versions are kept, large ones decoded anew when they are needed. */
import { fitArea, fitWithin, type Size } from "../shared/geometry";
import type { StyleRules } from "../shared/preprocessing";
import type { Pixels } from "../shared/protocol";
import { rasterise, rasteriseStyle } from "./pictures";

/** Long side that is kept of every picture. */
const KEPT_LONG_SIDE = 2048;
/** Canvases of more pixels, or longer ones, do not work in every browser. */
const LARGEST_RESULT = { area: 50e6, longSide: 16_384 };

/** Decodes a picture in its own size; may be called again and again. The caller closes the bitmap. */
export type Load = () => Promise<ImageBitmap>;

interface Kept {
  /** At most `KEPT_LONG_SIDE` long. */
  readonly bitmap: ImageBitmap;
  /** The largest size in which the picture can be painted: its own, unless that is beyond what browsers can show. */
  readonly size: Size;
}

export class Library {
  private readonly loaders = new Map<string, Load>();
  private readonly kept = new Map<string, Promise<Kept>>();
  private readonly vectors = new Map<string, Float32Array>();
  private lastContent: { readonly key: string; readonly pixels: Promise<ImageData> } | null = null;

  /** @param decoded The picture, where it has been decoded once already. */
  add(id: string, load: Load, decoded?: ImageBitmap): void {
    this.loaders.set(id, load);
    if (decoded) void this.keep(id, Promise.resolve(decoded));
  }

  /** A style without a picture. */
  addVector(id: string, vector: Float32Array): void {
    this.vectors.set(id, vector);
  }

  /** The vector of a style that has no picture. */
  vector(id: string): Float32Array | undefined {
    return this.vectors.get(id);
  }

  /** The largest size in which the picture can be painted. */
  async size(id: string): Promise<Size> {
    return (await this.small(id)).size;
  }

  /** The picture with a long side of at most `longSide`, on white where it is transparent. The newest one is kept. */
  content(id: string, longSide: number): Promise<ImageData> {
    const key = `${longSide} ${id}`;
    if (this.lastContent?.key !== key) {
      const pixels = this.rasterised(id, longSide);
      this.lastContent = { key, pixels };
      pixels.catch(() => {
        if (this.lastContent?.pixels === pixels) this.lastContent = null;
      });
    }
    return this.lastContent.pixels;
  }

  /** The picture with a long side of at most `longSide`, to be shown while a large one is on its way; not kept. */
  async sketch(id: string, longSide: number): Promise<ImageData> {
    const { bitmap } = await this.small(id);
    return rasterise(bitmap, fitWithin(bitmap, longSide));
  }

  /** The picture as the style predictor sees it. Needed once, so nothing is kept for it. */
  async style(id: string, rules: StyleRules): Promise<Pixels> {
    const kept = this.kept.get(id);
    if (kept) {
      const { bitmap } = await kept;
      return rasteriseStyle(bitmap, rules);
    }
    const bitmap = await this.load(id);
    try {
      return rasteriseStyle(bitmap, rules);
    } finally {
      bitmap.close();
    }
  }

  private async rasterised(id: string, longSide: number): Promise<ImageData> {
    const { bitmap, size: largest } = await this.small(id);
    const size = fitWithin(largest, longSide);
    if (size.width <= bitmap.width && size.height <= bitmap.height) return rasterise(bitmap, size);
    const large = await this.load(id);
    try {
      return rasterise(large, size);
    } finally {
      large.close();
    }
  }

  private small(id: string): Promise<Kept> {
    return this.kept.get(id) ?? this.keep(id, this.load(id));
  }

  private keep(id: string, decoded: Promise<ImageBitmap>): Promise<Kept> {
    const kept = decoded.then(reduced);
    this.kept.set(id, kept);
    kept.catch(() => this.kept.delete(id));
    return kept;
  }

  private load(id: string): Promise<ImageBitmap> {
    const load = this.loaders.get(id);
    return load ? load() : Promise.reject(new Error(`no picture with the id ${id}`));
  }
}

async function reduced(bitmap: ImageBitmap): Promise<Kept> {
  const size = fitWithin(fitArea(bitmap, LARGEST_RESULT.area), LARGEST_RESULT.longSide);
  const { width, height } = fitWithin(bitmap, KEPT_LONG_SIDE);
  if (width === bitmap.width && height === bitmap.height) return { bitmap, size };
  const smaller = await createImageBitmap(bitmap, { resizeWidth: width, resizeHeight: height, resizeQuality: "high" });
  bitmap.close();
  return { bitmap: smaller, size };
}
