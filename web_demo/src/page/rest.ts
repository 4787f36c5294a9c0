/** Tells when sliders rest: while one is moved, only previews are worth painting. */
import { Superseded } from "./latest";

/** A slider that has not moved for so long rests. */
const REST_MS = 200;
/** One that is still held by then may move on, but somebody looks at the picture. */
const HELD_REST_MS = 1000;

export class SliderRest {
  private moved = -Infinity;
  private held = false;

  /** @param page What all sliders are in. */
  constructor(page: EventTarget) {
    // Captured, so that it is known before the state follows.
    const listen = (type: string, note: (event: Event) => void): void => page.addEventListener(type, note, { capture: true });
    listen("input", (event) => {
      if (isSlider(event.target)) this.moved = performance.now();
    });
    listen("pointerdown", (event) => (this.held = isSlider(event.target)));
    listen("pointerup", () => (this.held = false));
    listen("pointercancel", () => (this.held = false));
  }

  /** Resolves once no slider moves; throws `Superseded` where `signal` aborts before. */
  async wait(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw new Superseded();
      const left = this.moved + (this.held ? HELD_REST_MS : REST_MS) - performance.now();
      if (left <= 0) return;
      await new Promise<void>((resolve) => {
        setTimeout(resolve, Math.min(left, REST_MS));
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    }
  }
}

/** Also one in two dimensions, which tells of its moves by itself; see space/plane.ts. */
function isSlider(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type === "range";
  return target instanceof HTMLElement && target.closest(".plane") !== null;
}
