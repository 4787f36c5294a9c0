/** What is taken along of a live picture as a video: what is seen while it is recorded, or a whole film. */
import type { Pixels } from "../../shared/protocol";
import type { Painter } from "../painter";
import { setMessage, type Store } from "../state";
import { Exporting } from "./exporting";
import type { Film } from "./film";
import { FilmFile } from "./film_file";
import { Recording } from "./recording";
import type { LiveSource } from "./source";
import type { Transport } from "./transport";
import type { LiveView } from "./view";

export interface TakesHandlers {
  /** What is painted live; null where nothing is. */
  of(): { readonly source: LiveSource; readonly film: Film } | null;
  report(error: unknown): void;
  announce(sentence: string): void;
}

export class Takes {
  private readonly recording: Recording;
  private readonly exporting: Exporting;

  constructor(
    private readonly store: Store,
    painter: Painter,
    private readonly view: LiveView,
    private readonly transport: Transport,
    private readonly handlers: TakesHandlers,
  ) {
    const tell = {
      onSaved: (sentence: string) => this.note(sentence),
      onError: (error: unknown) => handlers.report(error),
      announce: (sentence: string) => {
        store.update((state) => setMessage(state, null));
        handlers.announce(sentence);
      },
    };
    this.recording = new Recording({
      ...tell,
      title: () => handlers.of()?.source.title ?? "",
      onKeepSize: (keep) => {
        const film = handlers.of()?.film;
        film?.keepSize(keep);
        film?.renew();
      },
    });
    this.exporting = new Exporting(store, painter, {
      ...tell,
      film: () => {
        const { source, film } = handlers.of() ?? {};
        return source instanceof FilmFile && film ? { source, film } : null;
      },
      onBusy: (busy) => this.setBusy(busy),
      onFrame: (image) => view.show(image, 0),
    });
    addEventListener("beforeunload", (event) => {
      if (this.recording.on || this.saving) event.preventDefault();
    });
  }

  /** Whether a whole film is being painted. */
  get saving(): boolean {
    return this.exporting.on;
  }

  suit(source: LiveSource): void {
    this.exporting.suit(source instanceof FilmFile ? source : null);
  }

  /** A frame is shown. Resolves when there may be another. */
  frame(image: Pixels): Promise<void> {
    return this.recording.frame(image);
  }

  /** Gives up the film that is being painted; false where there is none. */
  cancel(): boolean {
    const { saving } = this;
    this.exporting.cancel();
    return saving;
  }

  /** The live picture ends: what was recorded is saved. */
  release(): void {
    this.exporting.cancel();
    this.recording.finish();
  }

  /** While a film is painted from its beginning to its end it is not played, and nothing else can be done with it. */
  private setBusy(busy: boolean): void {
    const { view, transport, recording } = this;
    if (busy) {
      recording.finish();
      transport.halt();
      view.say("");
    } else {
      transport.resume();
    }
    this.handlers.of()?.film.rest(busy);
    view.busy = transport.disabled = recording.disabled = busy;
  }

  /** What was saved; after the reason for which it ended, where there is one. */
  private note(sentence: string): void {
    this.store.update((state) => {
      const text = state.message === null ? sentence : `${state.message.text} ${sentence}`;
      return setMessage(state, { tone: "note", text });
    });
  }
}
