/** The brush on the picture: by pointer, or by arrow keys and the space bar. */
import type { Region } from "../../shared/geometry";
import { BACKGROUND, strokeInto, type Place } from "../../shared/brush";
import { copyOf, sameCoverage, type Mask } from "../../shared/masks";
import { byId, make } from "../dom";
import type { State } from "../state";
import { text } from "../strings";

/** Of an arrow key, in parts of the long side; with Shift. */
const STEP = 0.02;
const LONG_STEP = 0.1;
/** Of the veil over a region, by how much a cell belongs to it: all four bytes of a pixel at once, of which browsers have the first one lowest. */
const veil = (colour: number): Uint32Array => Uint32Array.from({ length: 256 }, (_, coverage) => ((Math.round(0.35 * coverage) << 24) | colour) >>> 0);
const [LIGHT, DARK] = [veil(0xff_ffff), veil(0x0c_1014)];
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
  let undrawn: Region | null = null;

  /** Draws the selected region, or a part of it: an event of the pointer has to be through long before the next frame. */
  const draw = (part?: Region): void => {
    const coverage = state === null ? undefined : masks[state.regions.selected - 1]?.coverage;
    const [first] = masks;
    if (first === undefined) return;
    const { width, height } = first;
    if (layer.width !== width || layer.height !== height) Object.assign(layer, { width, height });
    const { left, top, ...size } = part ?? { left: 0, top: 0, width, height };
    const image = new ImageData(size.width, size.height);
    const shown = new Uint32Array(image.data.buffer);
    for (let y = 0, i = 0; coverage !== undefined && y < size.height; y++) {
      let cell = width * (top + y) + left;
      // Stripes, so that it cannot be taken for a colour of the picture.
      for (let x = 0; x < size.width; x++, i++, cell++) shown[i] = ((left + x + top + y) % 12 < 6 ? LIGHT : DARK)[coverage[cell] ?? 0] ?? 0;
    }
    layer.getContext("2d")?.putImageData(image, left, top);
  };
  /** Several events come before a frame; they are drawn together. */
  const drawSoon = (part: Region): void => {
    if (undrawn === null) {
      requestAnimationFrame(() => {
        if (undrawn !== null) draw(undrawn);
        undrawn = null;
      });
    }
    undrawn = undrawn === null ? part : around(undrawn, part);
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
    // Once a stroke: those of the state stay as they are.
    if (!painting) masks = masks.map(copyOf);
    const [index, tool] = selected === 0 ? [BACKGROUND, { ...brush, erase: false }] : [selected - 1, brush];
    const touched = strokeInto(masks, index, from, to, tool);
    painting = true;
    place = to;
    if (touched !== null) drawSoon(touched);
    showCursor();
  };
  const end = (): void => {
    if (!painting) return;
    painting = false;
    const before = state?.regions.masks ?? [];
    // A mask that the stroke did not change is the one that it was.
    onStroke(masks.map((mask, i) => (before[i] !== undefined && sameCoverage(mask, before[i]) ? before[i] : mask)));
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
      undrawn = null;
      draw();
    }
    showCursor();
  };
}

/** The smallest rectangle around both. */
function around(a: Region, b: Region): Region {
  const [left, top] = [Math.min(a.left, b.left), Math.min(a.top, b.top)];
  const [right, bottom] = [Math.max(a.left + a.width, b.left + b.width), Math.max(a.top + a.height, b.top + b.height)];
  return { left, top, width: right - left, height: bottom - top };
}

function within(value: number): number {
  return Math.min(1, Math.max(0, value));
}
