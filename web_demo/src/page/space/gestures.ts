/** Numbers what the visitor does, so that a whole drag, or a row of key presses on one slider, is one step. */

/** Key presses on one slider belong together while they follow each other this quickly. */
const PAUSE_MS = 1000;

export class Gestures {
  /** 0 until the visitor has done anything at all. */
  current = 0;
  private lastKey: { readonly target: EventTarget | null; readonly time: number } = { target: null, time: -Infinity };

  constructor(page: Document) {
    const next = (): void => {
      this.current++;
      this.lastKey = { target: null, time: -Infinity };
    };
    for (const type of ["pointerdown", "pointerup", "pointercancel", "drop", "paste"]) page.addEventListener(type, next, true);
    page.addEventListener("keydown", (event) => this.key(event), true);
  }

  private key({ target, timeStamp, repeat }: KeyboardEvent): void {
    const slider = target instanceof HTMLInputElement && target.type === "range";
    const goesOn = repeat || (slider && target === this.lastKey.target && timeStamp - this.lastKey.time < PAUSE_MS);
    if (!goesOn) this.current++;
    this.lastKey = { target, time: timeStamp };
  }
}
