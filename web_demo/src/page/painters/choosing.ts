/** Which of the two painters paints a photograph: `fast`, which is there from the start, or `fine`, which is larger. Pure. */
import { fitWithin, type Size } from "../../shared/geometry";
import type { StrokeRules } from "../../shared/preprocessing";
import { strokeLevels } from "../../shared/strokes";

/** The larger painter's name, in the model's manifest too. */
export const FINE = "fine";
export const PAINTERS = ["fast", FINE] as const;
export type PainterName = (typeof PAINTERS)[number];
export type PainterChoice = PainterName | "auto";
export const PAINTER_CHOICES = ["auto", ...PAINTERS] as const;

export function isPainterChoice(value: unknown): value is PainterChoice {
  return PAINTER_CHOICES.some((choice) => choice === value);
}

/** What has become of the larger painter. */
export interface Fine {
  /** "absent" where the model has none; "waiting" until it is worth fetching. */
  readonly status: "absent" | "waiting" | "fetching" | "ready" | "failed";
  /** Bytes, while it is fetched. */
  readonly progress: { readonly done: number; readonly total: number } | null;
  /** Measured on this machine. */
  readonly msPerPixel: number | null;
}

export const NO_FINE: Fine = { status: "absent", progress: null, msPerPixel: null };

/** Pictures that `fine` paints within this are worth waiting for, unless the visitor says otherwise. */
const WORTH_MS = 1000;
/** How much longer `fine` takes than `fast`: 3.0 to 3.6 times, in WebAssembly at 256 and 512 px. */
const TIMES_FAST = 3.3;

/** What a painter is chosen by. */
export interface Wish {
  readonly painter: PainterChoice;
  readonly fine: Fine;
  /** Of the photograph, where it is known, and the bound of the result's long side. */
  readonly photoSize: Size | null;
  readonly size: number;
  readonly stroke: number;
  readonly model: { readonly preprocessing: { readonly strokes: StrokeRules } } | null;
}

/** The painter that is to paint: `fine` where that is chosen, or quick enough, and there. */
export function painterOf(wish: Wish): PainterName {
  const { painter, fine } = wish;
  if (painter === "fast" || fine.status !== "ready") return "fast";
  if (painter === FINE) return FINE;
  const ms = fineMs(wish);
  return ms !== null && ms <= WORTH_MS ? FINE : "fast";
}

/** How long `fine` takes for the picture that is wanted, as measured; null where that is not known. */
export function fineMs({ fine, ...wish }: Wish): number | null {
  const pixels = paintedPixels(wish);
  return fine.msPerPixel === null || pixels === null ? null : fine.msPerPixel * pixels;
}

/**
 * Whether the larger painter is to be fetched now: it was chosen, or is likely to be quick enough.
 *
 * @param fast The other painter's time, in milliseconds a pixel, where it is known.
 */
export function isWorthFetching({ fine, painter, ...wish }: Wish, fast: number | null, savesData: boolean): boolean {
  if (fine.status !== "waiting" || painter === "fast") return false;
  if (painter === FINE) return true;
  const pixels = paintedPixels(wish);
  return !savesData && fast !== null && pixels !== null && TIMES_FAST * fast * pixels <= WORTH_MS;
}

/** Whether `fine` was timed while the machine was busy: by the other's time it would be quick enough. */
export function isWorthTimingAgain({ fine, painter, ...wish }: Wish, fast: number | null): boolean {
  const ms = fineMs({ fine, painter, ...wish });
  const pixels = paintedPixels(wish);
  if (painter !== "auto" || fine.status !== "ready" || ms === null || pixels === null || fast === null) return false;
  return ms > WORTH_MS && TIMES_FAST * fast * pixels <= WORTH_MS;
}

/** Of all levels of strokes. */
function paintedPixels({ photoSize, size, stroke, model }: Pick<Wish, "photoSize" | "size" | "stroke" | "model">): number | null {
  if (photoSize === null || model === null) return null;
  const levels = strokeLevels(fitWithin(photoSize, size), model.preprocessing.strokes, stroke);
  return levels.reduce((sum, { width, height }) => sum + width * height, 0);
}
