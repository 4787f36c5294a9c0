/** The brush on the picture: by pointer, or by arrow keys and the space bar. */
import { BACKGROUND, stroke, type Mask, type Place } from "../../shared/masks";
import { byId, make } from "../dom";
import type { State } from "../state";
import { text } from "../strings";

/** Of an arrow key, in parts of the long side; with Shift. */
const STEP = 0.02;
const LONG_STEP = 0.1;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Adds the brush to the picture's frame; `onStroke` gets the masks once a stroke ends. Returns the function that shows a state. */
export function createBrush(onStroke: (masks: readonly Mask[]) => void): (state: State) => void {
  const layer = make("canvas", { id: "mask", className: "mask", tabIndex: 0, hidden: true });
  layer.setAttribute("role", "application");
  layer.setAttribute("aria-label", text.brushLabel);
  layer.setAttribute("aria-describedby", "regions-hint");
  const cursor = make("div", { className: "brush-cursor", hidden: true });
  byId("compare", HTMLInputElement).after(layer, cursor);

  let state: State | null = null;
  /** With the stroke that is under way. */
  let masks: readonly Mask[] = [];
  let place: Place = { x: 0.5, y: 0.5 };
  let painting = false;

  const draw = (): void => {
    const mask = state === null ? undefined : masks[state.regions.selected - 1];
    const [first] = masks;
    if (first === undefined) return;
    const { width, height } = first;
    if (layer.width !== width || layer.height !== height) Object.assign(layer, { width, height });
    const image = new ImageData(width, height);
    mask?.coverage.forEach((coverage, cell) => {
      // Stripes, so that it cannot be taken for a colour of the picture.
      const stripe = ((cell % width) + Math.floor(cell / width)) % 12 < 6;
      image.data.set(stripe ? [255, 255, 255, 0.35 * coverage] : [20, 16, 12, 0.35 * coverage], 4 * cell);
    });
    layer.getContext("2d")?.putImageData(image, 0, 0);
  };
  const showCursor = (): void => {
    const [first] = masks;
    if (state === null || first === undefined) return;
    cursor.style.setProperty("--brush-x", `${100 * place.x}%`);
    cursor.style.setProperty("--brush-y", `${100 * place.y}%`);
    const across = (2 * state.regions.brush.radius * Math.max(first.width, first.height)) / first.width;
    cursor.style.setProperty("--brush-width", `${100 * across}%`);
  };
  const paint = (to: Place): void => {
    if (state === null) return;
    const { selected, brush } = state.regions;
    const from = painting ? place : to;
    masks = selected === 0 ? stroke(masks, BACKGROUND, from, to, { ...brush, erase: false }) : stroke(masks, selected - 1, from, to, brush);
    painting = true;
    place = to;
    draw();
    showCursor();
  };
  const end = (): void => {
    if (!painting) return;
    painting = false;
    onStroke(masks);
  };
  const placeOf = ({ clientX, clientY }: PointerEvent): Place => {
    const { left, top, width, height } = layer.getBoundingClientRect();
    return { x: (clientX - left) / width, y: (clientY - top) / height };
  };

  layer.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    layer.setPointerCapture(event.pointerId);
    paint(placeOf(event));
  });
  layer.addEventListener("pointermove", (event) => {
    if (painting && event.buttons !== 0) paint(placeOf(event));
    else place = placeOf(event);
    showCursor();
  });
  for (const type of ["pointerup", "pointercancel", "blur"]) layer.addEventListener(type, end);
  layer.addEventListener("keydown", (event) => {
    const [x, y] = ARROWS[event.key] ?? [0, 0];
    const [first] = masks;
    if (event.key === " " && !event.repeat) paint(place);
    else if ((x !== 0 || y !== 0) && first) {
      const step = (event.shiftKey ? LONG_STEP : STEP) * Math.max(first.width, first.height);
      const to = { x: within(place.x + (x * step) / first.width), y: within(place.y + (y * step) / first.height) };
      if (painting) paint(to);
      else place = to;
      showCursor();
    } else if (event.key !== " ") return;
    // Neither scrolls the page.
    event.preventDefault();
    event.stopPropagation();
  });
  layer.addEventListener("keyup", (event) => {
    if (event.key === " ") end();
  });

  return (next) => {
    const { regions } = next;
    const same = state?.regions.masks === regions.masks && state.regions.selected === regions.selected;
    state = next;
    layer.hidden = cursor.hidden = !regions.brushing || regions.masks.length === 0;
    if (!same) {
      painting = false;
      masks = regions.masks;
      draw();
    }
    showCursor();
  };
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
