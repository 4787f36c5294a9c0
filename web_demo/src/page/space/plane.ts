/** A slider in two dimensions: a marker on a plane, moved with a pointer or the arrow keys. */
import { make } from "../dom";
import { say } from "../strings";
import type { Point } from "./layout";

const STEP = 0.02;
const LARGE_STEP = 0.1;

export interface PlaneOptions {
  readonly id: string;
  readonly label: string;
  /** Names of the two values. */
  readonly across: string;
  readonly up: string;
  /** Where the marker may go; the nearest place to what is asked for. */
  allowed?(point: Point): Point;
  onMove(point: Point): void;
}

export interface Plane {
  readonly root: HTMLElement;
  /** Puts the marker somewhere; `meaning` is what is read aloud. */
  set(point: Point, meaning: string): void;
}

/** `content` lies below the marker. Two range inputs carry the values, so that assistive technology knows them as sliders. */
export function createPlane(options: PlaneOptions, content: readonly Node[]): Plane {
  const range = (axis: "x" | "y", name: string): HTMLInputElement => {
    const input = make("input", { type: "range", className: "plane-input", id: `${options.id}-${axis}` });
    Object.assign(input, { min: "0", max: "100", step: "1" });
    input.setAttribute("aria-label", say.axis(options.label, name));
    return input;
  };
  const inputs = { x: range("x", options.across), y: range("y", options.up) };
  inputs.y.setAttribute("aria-orientation", "vertical");
  const marker = make("span", { className: "plane-marker" });
  marker.setAttribute("aria-hidden", "true");
  const root = make("div", { className: "plane", id: options.id }, [...content, marker, inputs.x, inputs.y]);
  root.setAttribute("role", "group");
  root.setAttribute("aria-label", options.label);

  let current: Point = { x: 0.5, y: 0.5 };
  const move = (to: Point): void => {
    const inside = { x: Math.min(1, Math.max(0, to.x)), y: Math.min(1, Math.max(0, to.y)) };
    current = options.allowed?.(inside) ?? inside;
    // Whoever waits for sliders to rest is to know of this one too.
    root.dispatchEvent(new Event("input", { bubbles: true }));
    options.onMove(current);
  };
  const follow = ({ clientX, clientY }: PointerEvent): void => {
    const { left, top, width, height } = root.getBoundingClientRect();
    move({ x: (clientX - left) / width, y: (clientY - top) / height });
  };
  root.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    root.setPointerCapture(event.pointerId);
    inputs.x.focus({ preventScroll: true });
    follow(event);
  });
  root.addEventListener("pointermove", (event) => {
    if (root.hasPointerCapture(event.pointerId)) follow(event);
  });
  root.addEventListener("keydown", (event) => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP : STEP;
    move({ x: current.x + step * direction[0], y: current.y + step * direction[1] });
  });
  // Home, End, page keys and assistive technology change one value.
  inputs.x.addEventListener("input", () => move({ ...current, x: inputs.x.valueAsNumber / 100 }));
  inputs.y.addEventListener("input", () => move({ ...current, y: 1 - inputs.y.valueAsNumber / 100 }));

  let last: { readonly point: Point; readonly meaning: string } | null = null;
  const set = (point: Point, meaning: string): void => {
    current = point;
    const percents = [[inputs.x, Math.round(100 * point.x)], [inputs.y, Math.round(100 * (1 - point.y))]] as const;
    // A key may have moved an input to where the marker may not go.
    for (const [input, percent] of percents) if (input.valueAsNumber !== percent) input.value = String(percent);
    if (last?.meaning === meaning && last.point.x === point.x && last.point.y === point.y) return;
    last = { point, meaning };
    marker.style.setProperty("--x", String(point.x));
    marker.style.setProperty("--y", String(point.y));
    for (const [input, percent] of percents) input.setAttribute("aria-valuetext", say.place(percent, meaning));
  };
  return { root, set };
}

const DIRECTIONS: Partial<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
