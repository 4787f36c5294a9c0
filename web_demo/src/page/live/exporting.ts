/** "Save as video", and animations as what they are: every frame of a film is painted, with a bar that says how far that is, and a way out. */
import type { Pixels } from "../../shared/protocol";
import { byId } from "../dom";
import { fileName, save } from "../download";
import { Superseded } from "../latest";
import type { Frame, Painter } from "../painter";
import { ProgressCard } from "../progress_card";
import type { State, Store } from "../state";
import { film as say, say as sentences } from "../strings";
import type { Film } from "./film";
import type { FilmFile } from "./film_file";
import { secondsLeft } from "./remaining";
import { LiveError } from "./source";

/** Long sides to choose from, in pixels. */
export const EXPORT_SIDES = [256, 384, 512, 720] as const;
const DEFAULT_SIDE = 384;
/** Names of formats, which are the same in every language. */
const NAMES = { "image/gif": "GIF", "image/png": "APNG", "image/webp": "WebP" } as const;
/** While another backend starts. */
const RETRY_MS = 200;

export interface ExportHandlers {
  /** What is to be saved; null where nothing can be. */
  film(): { readonly source: FilmFile; readonly film: Film } | null;
  /** From the first frame to the last one the film is not to be played. */
  onBusy(busy: boolean): void;
  onFrame(image: Pixels): void;
  onSaved(sentence: string): void;
  onError(error: unknown): void;
  announce(sentence: string): void;
}

export class Exporting {
  private readonly root = byId("live-export-place", HTMLElement);
  private readonly button = byId("live-export", HTMLButtonElement);
  private readonly animationButton = byId("live-export-animation", HTMLButtonElement);
  private readonly side = byId("live-export-size", HTMLSelectElement);
  private readonly card = new ProgressCard("exporting", () => this.cancel());
  private running: AbortController | null = null;
  /** Gets the focus when it is over. */
  private pressed = this.button;

  constructor(
    private readonly store: Store,
    private readonly painter: Painter,
    private readonly handlers: ExportHandlers,
  ) {
    this.side.replaceChildren(...EXPORT_SIDES.map((side) => new Option(sentences.pixels(side), String(side))));
    this.side.value = String(DEFAULT_SIDE);
    this.button.addEventListener("click", () => void this.run(false));
    this.animationButton.addEventListener("click", () => void this.run(true));
  }

  get on(): boolean {
    return this.running !== null;
  }

  /** Offers what can be saved of the film; of null, nothing. */
  suit(film: FilmFile | null): void {
    this.root.hidden = film === null;
    const animation = film?.animation ?? null;
    this.animationButton.hidden = animation === null;
    if (animation !== null) this.animationButton.textContent = say.saveAs(NAMES[animation]);
  }

  /** Gives the film up that is being painted. */
  cancel(): void {
    if (this.running === null) return;
    this.running.abort();
    this.end();
    this.handlers.announce(say.exportCancelled);
  }

  private async run(asAnimation: boolean): Promise<void> {
    const chosen = this.handlers.film();
    const wish = this.store.state;
    if (chosen === null || this.running !== null) return;
    if (wish.phase !== "ready" || wish.active.length === 0) {
      this.handlers.onError(new LiveError(wish.phase === "ready" ? sentences.pickPainting : say.waiting));
      return;
    }
    const { film, source: { file, animation } } = chosen;
    const running = (this.running = new AbortController());
    const { signal } = running;
    const start = performance.now();
    this.pressed = asAnimation ? this.animationButton : this.button;
    this.begin();
    try {
      const { exportFilm } = await import("./export");
      const result = await exportFilm({
        file,
        animation,
        asAnimation,
        side: Number(this.side.value),
        signal,
        paint: async (capture) => {
          const image = await this.paint(film, capture, wish, signal);
          if (!signal.aborted) this.handlers.onFrame(image);
          return image;
        },
        onProgress: (part) => {
          if (!signal.aborted) this.show(part, secondsLeft(performance.now() - start, part));
        },
      });
      if (signal.aborted) return;
      const { blob, width, height, extension, frames, soundLost } = result;
      const name = fileName(file.name, width, height, extension);
      save(blob, name);
      this.end();
      this.handlers.onSaved(say.exported(name, frames, width, height, soundLost));
    } catch (error) {
      if (signal.aborted) return;
      this.end();
      this.handlers.onError(error);
    }
  }

  /** A frame with the blend of the beginning. Where the backend is lost meanwhile, it is painted with the next one. */
  private async paint(film: Film, capture: () => Promise<Frame>, wish: State, signal: AbortSignal): Promise<Pixels> {
    for (;;) {
      signal.throwIfAborted();
      const { phase, message } = this.store.state;
      if (phase === "failed") throw new LiveError(message?.text);
      try {
        const image = await this.painter.frame(film.own, capture, wish);
        if (image !== null) return image;
      } catch (error) {
        if (!(error instanceof Superseded)) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  private begin(): void {
    this.handlers.onBusy(true);
    this.show(0, null);
    this.disabled = true;
    this.card.focus();
    this.handlers.announce(say.exportBegins);
  }

  private end(): void {
    this.running = null;
    this.disabled = false;
    this.card.hide(() => this.pressed);
    this.handlers.onBusy(false);
  }

  private set disabled(disabled: boolean) {
    this.button.disabled = this.animationButton.disabled = this.side.disabled = disabled;
  }

  private show(part: number, left: number | null): void {
    this.card.show(part, say.exporting(Math.floor(100 * part), left));
  }
}
