/** The live mode: a camera or a video file is painted in the photograph's place, until it is stopped or a frame is kept. */
import { byId } from "../dom";
import { sentenceFor, type Painter } from "../painter";
import { setLive, setMessage, type State, type Store } from "../state";
import { film as say, say as sentences } from "../strings";
import { Camera } from "./camera";
import { Film } from "./film";
import { FilmFile } from "./film_file";
import type { AnimationType } from "./motion";
import { LiveError, type LiveSource } from "./source";
import { pictureOf } from "./still";
import { Takes } from "./takes";
import { Transport } from "./transport";
import { LiveView } from "./view";

export interface LiveOptions {
  /** A size to stay at, for measurements. */
  readonly side: number | null;
  /** A frame is to become the photograph. */
  onPicture(picture: File): void;
  announce(sentence: string): void;
}

export class Live {
  private readonly cameraButton = byId("camera", HTMLButtonElement);
  private readonly videoInput = byId("choose-video", HTMLInputElement);
  private readonly view: LiveView;
  private readonly transport: Transport;
  private readonly takes: Takes;
  private source: LiveSource | null = null;
  private film: Film | null = null;
  private shown: State | null = null;
  /** Grows with every start and stop, so that what was begun before is told from what goes on. */
  private turn = 0;
  /** Aborted when what is being opened is not wanted any more. */
  private opening = new AbortController();

  constructor(
    private readonly store: Store,
    private readonly painter: Painter,
    private readonly options: LiveOptions,
  ) {
    this.view = new LiveView({
      onKeep: () => void this.keep(),
      onSwitch: () => {
        // Read now: when it is opened, there is no camera any more.
        const next = this.source?.next;
        void this.start(() => Camera.open(next));
      },
      onStop: () => this.stop(),
    });
    this.transport = new Transport(this.view.video, () => this.film?.cut());
    this.takes = new Takes(store, painter, this.view, this.transport, {
      of: () => (this.source === null || this.film === null ? null : { source: this.source, film: this.film }),
      report: (error) => this.report(error),
      announce: (sentence) => options.announce(sentence),
    });
    this.cameraButton.addEventListener("click", () => {
      if (this.source?.kind === "camera") this.stop();
      else void this.start(() => Camera.open());
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || !this.store.state.live) return;
      if (!this.takes.cancel()) this.stop();
    });
    document.addEventListener("visibilitychange", () => this.hide(document.hidden));
    addEventListener("pagehide", () => this.release());
    store.subscribe((state) => this.follow(state));
  }

  /** Plays a video file of the visitor's. */
  openFile(file: File): Promise<void> {
    return this.start(() => Promise.resolve(new FilmFile(file)));
  }

  /** Plays an animation of the visitor's, as a film. */
  openAnimation(file: File, type: AnimationType): Promise<void> {
    return this.start((signal) => {
      this.store.update((state) => setMessage(state, { tone: "note", text: say.preparing(file.name) }));
      return FilmFile.ofAnimation(file, type, signal);
    });
  }

  /** Stops everything; the photograph is painted again. */
  stop(note: string | null = null): void {
    const opener = this.source?.kind === "film" ? this.videoInput : this.cameraButton;
    const { live } = this.store.state;
    this.release();
    this.view.close(opener);
    this.store.update((state) => setLive(state, false));
    if (note !== null) this.store.update((state) => setMessage(state, { tone: "note", text: note }));
    if (live) this.options.announce(say.stopped);
  }

  private follow(state: State): void {
    const { shown } = this;
    this.shown = state;
    if (shown === null || !state.live) return;
    if (shown.live && state.photoId !== shown.photoId) this.stop();
    else if (state.active !== shown.active || state.strength !== shown.strength || state.phase !== shown.phase) this.film?.renew();
  }

  private async start(open: (signal: AbortSignal) => Promise<LiveSource>): Promise<void> {
    // Some machines can have one camera open at a time.
    this.release();
    const { turn, opening } = this;
    let source: LiveSource | null = null;
    try {
      source = await open(opening.signal);
      if (turn === this.turn) await source.attach(this.view.video);
      if (turn !== this.turn || (source.kind === "camera" && document.hidden)) {
        source.stop();
        return;
      }
      this.use(source);
      if (source.kind === "camera") await this.view.video.play();
    } catch (error) {
      source?.stop();
      // Where the next start came before the video could play, that one shows what there is.
      if (turn === this.turn) this.fail(error);
    }
  }

  private use(source: LiveSource): void {
    this.source = source;
    source.onEnd((sentence) => {
      if (this.source === source) this.stop(sentence);
    });
    this.markOpeners();
    const { live } = this.store.state;
    this.store.update((state) => setLive(state, true));
    if (!live) this.view.open();
    this.options.announce(say.started[source.kind]);
    this.view.suit(source);
    this.transport.usable = source.kind === "film";
    this.takes.suit(source);
    this.show();
  }

  private show(): void {
    const film = (this.film = new Film(
      this.view.video,
      (own, capture) => this.painter.frame(own, capture),
      {
        show: (image, perSecond) => {
          this.view.show(image, perSecond);
          return this.takes.frame(image);
        },
        showPlain: () => this.view.showPlain(this.store.state.phase === "ready" ? sentences.pickPainting : say.waiting),
      },
      this.options.side,
    ));
    film.run().catch((error: unknown) => {
      if (this.film === film) this.fail(error);
    });
    // A film may have shown its first frame already, and may not be playing.
    film.renew();
  }

  /** The present frame, in the size of the camera or the film, becomes the photograph. */
  private async keep(): Promise<void> {
    const { source } = this;
    if (source === null) return;
    try {
      const picture = await pictureOf(this.view.video, source.pictureName());
      this.stop();
      this.options.onPicture(picture);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Nobody looks, or somebody does again. */
  private hide(hidden: boolean): void {
    if (hidden && this.source?.kind === "camera") this.stop(say.hidden);
    if (this.source?.kind !== "film" || this.takes.saving) return;
    if (!hidden) {
      this.transport.resume();
      return;
    }
    this.takes.release();
    this.transport.halt();
  }

  private fail(error: unknown): void {
    this.stop();
    this.report(error);
  }

  private report(error: unknown): void {
    const text = error instanceof LiveError ? error.message : sentenceFor(error);
    this.store.update((state) => setMessage(state, { tone: "error", text }));
  }

  /** Lets go of the camera, whose light goes off, or of the file. */
  private release(): void {
    this.turn++;
    this.opening.abort();
    this.opening = new AbortController();
    this.takes.release();
    this.film?.stop();
    this.film = null;
    this.source?.stop();
    this.source = null;
    this.markOpeners();
  }

  private markOpeners(): void {
    this.cameraButton.setAttribute("aria-pressed", String(this.source?.kind === "camera"));
    byId("video-tile", HTMLElement).classList.toggle("active", this.source?.kind === "film");
  }
}
