/** Looking closer: wheel, pinch, keys, buttons; a drag moves the picture, or the divider where it begins there. */
import { fitWithin } from "../shared/geometry";
import { byId, make, write } from "./dom";
import type { State } from "./state";
import { say, text } from "./strings";
import { FIT, limitsFor, moved, zoomedAt, type View } from "./view";

const STEP = 1.25;
/** Of the frame, for Shift and an arrow key. */
const PAN_STEP = 0.1;
/** Pixels around the divider in which a drag moves it. */
const HANDLE = 24;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};
const MIDDLE = { x: 0.5, y: 0.5 };

/** Connects the frame and its buttons; returns the function that shows a state. */
export function createZoom(): (state: State) => void {
  const frame = byId("frame", HTMLElement);
  const compare = byId("compare", HTMLInputElement);
  const shown = make("output", { className: "zoom-value" });
  let view: View = FIT;
  let state: State | null = null;
  /** Of the frame, as it was last laid out: to ask for it amid other changes would have the browser lay out twice. */
  let width = 0;

  /** The zoom at which a pixel of the result is one of the screen. */
  const actual = (): number => {
    if (state?.photoSize == null || width === 0) return 1;
    return fitWithin(state.photoSize, state.size).width / devicePixelRatio / width;
  };
  const show = (next: View): void => {
    view = next;
    frame.style.setProperty("--zoom", String(view.zoom));
    frame.style.setProperty("--view-x", `${100 * view.x}%`);
    frame.style.setProperty("--view-y", `${100 * view.y}%`);
    frame.classList.toggle("zoomed", view.zoom > 1);
    write(shown, say.percent(Math.round((100 * view.zoom) / actual())));
  };
  const zoom = (factor: number, at = MIDDLE): void => show(zoomedAt(view, factor, at, limitsFor(actual())));
  const inFrame = ({ clientX, clientY }: MouseEvent): { x: number; y: number } => {
    const place = frame.getBoundingClientRect();
    return { x: (clientX - place.left) / place.width, y: (clientY - place.top) / place.height };
  };

  const button = (id: string, label: string, name: string, onClick: () => void): HTMLButtonElement => {
    const element = make("button", { id, type: "button", className: "button quiet", textContent: label, title: name });
    element.setAttribute("aria-label", name);
    element.addEventListener("click", onClick);
    return element;
  };
  byId("zoom", HTMLElement).append(
    button("zoom-out", "−", text.zoomOut, () => zoom(1 / STEP)),
    shown,
    button("zoom-in", "+", text.zoomIn, () => zoom(STEP)),
    button("zoom-fit", text.zoomFit, text.zoomFit, () => show(FIT)),
    button("zoom-actual", say.percent(100), say.percent(100), () => zoom(actual() / view.zoom)),
  );

  frame.addEventListener(
    "wheel",
    (event) => {
      // Where the page scrolls, the wheel is for that, unless Ctrl is held (as it is for pinches on a touchpad).
      const { scrollHeight, clientHeight } = document.documentElement;
      if (!event.ctrlKey && scrollHeight > clientHeight) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : 30;
      zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.002)), inFrame(event));
    },
    { passive: false },
  );
  // Keys count only while something of the stage has the focus.
  frame.closest(".stage")?.addEventListener("keydown", (event) => {
    if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof HTMLSelectElement) return;
    const [x, y] = (event.shiftKey && view.zoom > 1 && ARROWS[event.key]) || [0, 0];
    if (event.key === "+" || event.key === "=") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
    else if (event.key === "0") show(FIT);
    else if (x !== 0 || y !== 0) show(moved(view, PAN_STEP * x, PAN_STEP * y));
    else return;
    event.preventDefault();
  });

  const pointers = new Map<number, { x: number; y: number }>();
  let dragging: "view" | "divider" | null = null;
  /** Where the divider was before a second finger came. */
  let split = compare.value;
  const moveDivider = (percent: number): void => {
    compare.value = String(percent);
    compare.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const onMask = (event: Event): boolean => event.target instanceof HTMLCanvasElement && event.target.id === "mask";
  frame.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (pointers.size === 0) split = compare.value;
    pointers.set(event.pointerId, inFrame(event));
    if (view.zoom <= 1 || onMask(event)) return;
    const divider = (compare.valueAsNumber / 100) * frame.clientWidth;
    // At the left border the handle stands inside.
    const reach = compare.valueAsNumber === 0 ? 2 * HANDLE : HANDLE;
    dragging = Math.abs(inFrame(event).x * frame.clientWidth - divider) <= reach ? "divider" : "view";
    frame.setPointerCapture(event.pointerId);
  });
  frame.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = inFrame(event);
    pointers.set(event.pointerId, now);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    const [other] = others;
    if (other !== undefined && !onMask(event)) {
      const apart = (place: { x: number; y: number }): number =>
        Math.hypot((place.x - other.x) * frame.clientWidth, (place.y - other.y) * frame.clientHeight);
      zoom(apart(now) / Math.max(1, apart(before)), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      if (compare.value !== split) moveDivider(Number(split));
    } else if (dragging === "view") show(moved(view, now.x - before.x, now.y - before.y));
    else if (dragging === "divider") moveDivider(Math.round(100 * now.x));
  });
  const up = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) dragging = null;
  };
  for (const type of ["pointerup", "pointercancel"] as const) frame.addEventListener(type, up);

  show(FIT);
  // The frame is another size where a phone is turned or a window is pulled: what is told of the picture, too.
  new ResizeObserver(() => {
    width = frame.clientWidth;
    show(zoomedAt(view, 1, MIDDLE, limitsFor(actual())));
  }).observe(frame);
  return (next) => {
    const other = next.photoId !== state?.photoId;
    const same = !other && next.size === state?.size && next.photoSize === state.photoSize;
    state = next;
    if (!same) show(other ? FIT : zoomedAt(view, 1, MIDDLE, limitsFor(actual())));
  };
}
