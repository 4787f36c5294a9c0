/** The picture: result and photograph on top of each other, a divider between them, progress. */
import type { Size } from "../shared/geometry";
import { keepColours } from "../shared/luma";
import type { ColourRules } from "../shared/preprocessing";
import type { Pixels } from "../shared/protocol";
import type { Photograph } from "../shared/reading";
import { paint } from "./canvas";
import { byId, write } from "./dom";
import type { State } from "./state";
import { say } from "./strings";

/** Shorter runs than this show no progress bar: it would only flicker. */
const PATIENCE_MS = 150;

export class Stage {
  private readonly frame = byId("frame", HTMLElement);
  private readonly canvas = byId("result", HTMLCanvasElement);
  private readonly photograph = byId("photograph", HTMLCanvasElement);
  private readonly compare = byId("compare", HTMLInputElement);
  private readonly loading = byId("loading", HTMLElement);
  private readonly loadingBar = byId("loading-bar", HTMLProgressElement);
  private readonly loadingText = byId("loading-text", HTMLElement);
  /** The result as it was painted. */
  private painted: Pixels | null = null;
  /** The photograph, in the result's size. */
  private source: Photograph | null = null;
  private rules: ColourRules | null = null;
  /** How much of the photograph's colours the shown result keeps, 0 to 1. */
  private kept = 0;
  /** Until the first picture is shown; its place is kept as soon as its shape is known. */
  private empty = true;
  private busyTimer: ReturnType<typeof setTimeout> | null = null;
  /** The next frame in which the result is mixed anew: a slider moves more often than that. */
  private mixing: number | null = null;

  constructor() {
    this.compare.addEventListener("input", () => this.split(this.compare.valueAsNumber));
    this.split(0);
  }

  /** Holds the result in its own size, with the colours that are chosen now. */
  get result(): HTMLCanvasElement {
    if (this.mixing !== null) this.showPainted();
    return this.canvas;
  }

  /** Shows the photograph alone, until there is a result. */
  showPhotograph(photograph: Photograph): void {
    this.empty = false;
    this.fit(photograph);
    this.showSource(photograph);
    this.painted = this.source = null;
    this.frame.classList.remove("painted");
  }

  showResult(photograph: Photograph, result: Pixels): void {
    this.fit(result);
    this.showSource(photograph);
    this.painted = result;
    this.source = photograph;
    this.showPainted();
    this.frame.classList.add("painted");
  }

  update({ phase, progress, painting, colours, photoSize, model }: State): void {
    this.rules = model?.preprocessing.colors ?? this.rules;
    if (this.empty && photoSize !== null) this.fit(photoSize);
    const kept = colours.keep ? colours.amount : 0;
    if (kept !== this.kept) {
      this.kept = kept;
      this.mixing ??= requestAnimationFrame(() => this.showPainted());
    }
    this.loading.hidden = phase !== "loading";
    if (phase === "loading") {
      const { done, total } = progress ?? { done: 0, total: 1 };
      // Without a value the bar shows that something is under way, but not how far.
      if (done < total) this.loadingBar.value = done / total;
      else this.loadingBar.removeAttribute("value");
      write(this.loadingText, say.loading(done, total));
    }
    this.frame.setAttribute("aria-busy", String(painting));
    if (!painting) {
      if (this.busyTimer !== null) clearTimeout(this.busyTimer);
      this.busyTimer = null;
      this.frame.classList.remove("busy");
    } else {
      this.busyTimer ??= setTimeout(() => this.frame.classList.add("busy"), PATIENCE_MS);
    }
  }

  private showSource(photograph: Photograph): void {
    paint(this.photograph, cutOut(photograph, photograph));
    this.frame.classList.toggle("cut-out", photograph.cover !== null);
  }

  private showPainted(): void {
    if (this.mixing !== null) cancelAnimationFrame(this.mixing);
    this.mixing = null;
    const { painted, source, rules, kept } = this;
    if (painted !== null && source !== null) compose(this.canvas, source, painted, kept, rules);
  }

  private fit({ width, height }: Size): void {
    const ratio = String(width / height);
    // Setting it lays the page out.
    if (this.frame.style.getPropertyValue("--ratio") !== ratio) this.frame.style.setProperty("--ratio", ratio);
  }

  private split(percent: number): void {
    this.frame.style.setProperty("--split", `${percent}%`);
    this.frame.classList.toggle("whole", percent === 0);
    this.compare.setAttribute("aria-valuetext", say.shown(percent));
  }
}

/** Shows a result with as much of the photograph's colours as is kept, and as transparent as that is. */
export function compose(canvas: HTMLCanvasElement, photograph: Photograph, result: Pixels, kept: number, rules: ColourRules | null): void {
  paint(canvas, cutOut(kept > 0 && rules !== null ? keepColours(result, photograph, kept, rules) : result, photograph));
}

function cutOut({ data, width, height }: Pixels, { cover }: Photograph): Pixels {
  if (cover === null) return { data, width, height };
  const clear = data.slice();
  cover.forEach((share, i) => (clear[4 * i + 3] = share));
  return { data: clear, width, height };
}
