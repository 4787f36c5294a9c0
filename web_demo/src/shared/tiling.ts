/** Cutting a picture into overlapping tiles. Pure. */
import type { Region, Size } from "./geometry";

export interface Tile {
  /** What the network is shown: the tile and the content around it that its pixels depend on. */
  readonly input: Region;
  /** The tile itself: the part of the network's output that is kept. */
  readonly core: Region;
}

export interface Tiling {
  /** Largest side of `input`, in pixels; a multiple of `multiple`. */
  readonly limit: number;
  /** Pixels around a tile that its pixels depend on; a multiple of `multiple`. */
  readonly overlap: number;
  /** Inputs begin and end at multiples of this, where strided convolutions keep their phase. */
  readonly multiple: number;
}

/** Of one axis: input and core as [start, end). */
interface Span {
  readonly input: readonly [number, number];
  readonly core: readonly [number, number];
}

/**
 * Tiles for a picture whose sides are multiples of `multiple`, row by row. Cores cover every pixel exactly once. Inputs
 * all have one size, since GPUs compile their programs for each size anew; they touch the picture's borders, where the
 * network pads as it does for the whole picture, or reach at least `overlap` beyond the core.
 */
export function tilesOf(size: Size, tiling: Tiling): Tile[] {
  const columns = spans(size.width, tiling);
  return spans(size.height, tiling).flatMap((row) =>
    columns.map((column) => ({ input: regionOf(column.input, row.input), core: regionOf(column.core, row.core) })),
  );
}

function spans(length: number, { limit, overlap, multiple }: Tiling): Span[] {
  for (const [name, value] of Object.entries({ length, limit, overlap })) {
    if (value % multiple !== 0) throw new RangeError(`${name} must be a multiple of ${multiple}, received ${value}`);
  }
  if (length <= limit) return [{ input: [0, length], core: [0, length] }];
  if (limit <= 2 * overlap) throw new RangeError(`tiles must be larger than twice their overlap of ${overlap}, received ${limit}`);
  // The outermost tiles overlap on one side only.
  const count = Math.ceil((length - 2 * overlap) / (limit - 2 * overlap));
  const side = Math.ceil((length + 2 * overlap * (count - 1)) / count / multiple) * multiple;
  const starts = Array.from({ length: count }, (_, i) => Math.floor((i * (length - side)) / (count - 1) / multiple) * multiple);
  // Neighbours meet in the middle of what they share.
  const seams = starts.slice(1).map((start, i) => Math.floor((start + (starts[i] ?? 0) + side) / 2));
  return starts.map((start, i) => ({ input: [start, start + side], core: [seams[i - 1] ?? 0, seams[i] ?? length] }));
}

function regionOf([left, right]: readonly [number, number], [top, bottom]: readonly [number, number]): Region {
  return { left, top, width: right - left, height: bottom - top };
}

/** `region` without what of it lies to the right of a picture of `size`, or below it. */
export function clip({ left, top, width, height }: Region, size: Size): Region {
  return { left, top, width: Math.min(width, size.width - left), height: Math.min(height, size.height - top) };
}
