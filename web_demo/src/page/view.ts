/** Which part of the picture its frame shows. Pure. */

/** Lengths are parts of the frame's width and height; the picture fills the frame where `zoom` is 1. */
export interface View {
  readonly zoom: number;
  /** Where the picture's left upper corner lies. */
  readonly x: number;
  readonly y: number;
}

/** Smallest and largest zoom. */
export type Limits = readonly [least: number, most: number];

export const FIT: View = { zoom: 1, x: 0, y: 0 };
/** How much larger than its own pixels a picture may be shown, and in any case than the frame. */
const LARGEST = 8;

/** @param actual The zoom at which a pixel of the picture is a pixel of the screen. */
export function limitsFor(actual: number): Limits {
  return [Math.min(1, actual), Math.max(LARGEST, LARGEST * actual)];
}

/** Nearer or farther by `factor`; what is at (x, y) of the frame stays there, unless a border of the picture would come in. */
export function zoomedAt(view: View, factor: number, at: { readonly x: number; readonly y: number }, [least, most]: Limits): View {
  const zoom = Math.min(most, Math.max(least, view.zoom * factor));
  const by = zoom / view.zoom;
  return bounded({ zoom, x: at.x - by * (at.x - view.x), y: at.y - by * (at.y - view.y) });
}

export function moved(view: View, dx: number, dy: number): View {
  return bounded({ ...view, x: view.x + dx, y: view.y + dy });
}

/** No gaps beside a picture that is larger than the frame, a smaller one in the middle. */
function bounded({ zoom, x, y }: View): View {
  const within = (start: number): number => (zoom < 1 ? (1 - zoom) / 2 : Math.min(0, Math.max(1 - zoom, start)));
  return { zoom, x: within(x), y: within(y) };
}
