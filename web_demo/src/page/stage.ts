/** The picture: result and photograph on top of each other, a divider between them, progress. */
import type { Pixels } from "../shared/protocol";
import { byId } from "./dom";
import type { State } from "./state";
import { say } from "./strings";

/** Shorter runs than this show no progress bar: it would only flicker. */
const PATIENCE_MS = 150;

export class Stage {
  private readonly frame = byId("frame", HTMLElement);
  /** Holds the result in its own size. */
  readonly result = byId("result", HTMLCanvasElement);
  private readonly photograph = byId("photograph", HTMLCanvasElement);
  private readonly compare = byId("compare", HTMLInputElement);
  private readonly loading = byId("loading", HTMLElement);
  private readonly loadingBar = byId("loading-bar", HTMLProgressElement);
  private readonly loadingText = byId("loading-text", HTMLElement);
  private busyTimer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    this.compare.addEventListener("input", () => this.split(this.compare.valueAsNumber));
    this.split(0);
  }

  /** Shows the photograph alone, until there is a result. */
  showPhotograph(photograph: ImageData): void {
    this.fit(photograph);
    paint(this.photograph, photograph);
    this.frame.classList.remove("painted");
  }

  showResult(photograph: ImageData, result: Pixels): void {
    this.fit(result);
    paint(this.photograph, photograph);
    paint(this.result, new ImageData(result.data, result.width, result.height));
    this.frame.classList.add("painted");
  }

  update({ phase, progress, painting }: State): void {
    this.loading.hidden = phase !== "loading";
    if (phase === "loading") {
      const { done, total } = progress ?? { done: 0, total: 1 };
      // Without a value the bar shows that something is under way, but not how far.
      if (done < total) this.loadingBar.value = done / total;
      else this.loadingBar.removeAttribute("value");
      this.loadingText.textContent = say.loading(done, total);
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

  private fit({ width, height }: { width: number; height: number }): void {
    this.frame.style.setProperty("--ratio", String(width / height));
  }

  private split(percent: number): void {
    this.frame.style.setProperty("--split", `${percent}%`);
    this.frame.classList.toggle("whole", percent === 0);
    this.compare.setAttribute("aria-valuetext", say.shown(percent));
  }
}

function paint(canvas: HTMLCanvasElement, pixels: ImageData): void {
  // Setting a size clears the canvas, which shows as a flash.
  if (canvas.width !== pixels.width || canvas.height !== pixels.height) {
    canvas.width = pixels.width;
    canvas.height = pixels.height;
  }
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
}
