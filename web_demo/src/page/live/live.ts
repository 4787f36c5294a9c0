/** The live mode: a camera is painted in the photograph's place, until it is stopped or a picture is taken. */
import { byId } from "../dom";
import { sentenceFor, type Painter } from "../painter";
import { setLive, setMessage, type State, type Store } from "../state";
import { film as say, say as sentences } from "../strings";
import { Camera, CameraError } from "./camera";
import { Film } from "./film";
import { pictureOf } from "./still";
import { LiveView } from "./view";

export interface LiveOptions {
  /** A size to stay at, for measurements. */
  readonly side: number | null;
  /** A frame is to become the photograph. */
  onPicture(picture: File): void;
  announce(sentence: string): void;
}

export class Live {
  private readonly opener = byId("camera", HTMLButtonElement);
  private readonly view: LiveView;
  private camera: Camera | null = null;
  private film: Film | null = null;
  private shown: State | null = null;
  /** Grows with every start and stop, so that what was begun before is told from what goes on. */
  private turn = 0;

  constructor(
    private readonly store: Store,
    private readonly painter: Painter,
    private readonly options: LiveOptions,
  ) {
    this.view = new LiveView({
      onKeep: () => void this.keep(),
      onSwitch: () => void this.startCamera(this.camera?.next ?? null),
      onStop: () => this.stop(),
    });
    this.opener.addEventListener("click", () => (this.store.state.live ? this.stop() : void this.startCamera()));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && this.store.state.live) this.stop();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && this.camera !== null) this.stop(say.hidden);
    });
    addEventListener("pagehide", () => this.release());
    store.subscribe((state) => this.follow(state));
  }

  /** Stops everything; the photograph is painted again. */
  stop(note: string | null = null): void {
    this.release();
    this.view.close(this.opener);
    this.store.update((state) => setLive(state, false));
    if (note !== null) this.store.update((state) => setMessage(state, { tone: "note", text: note }));
    this.options.announce(say.stopped);
  }

  private follow(state: State): void {
    const { shown } = this;
    this.shown = state;
    this.opener.setAttribute("aria-pressed", String(state.live));
    if (shown === null || !state.live) return;
    if (shown.live && state.photoId !== shown.photoId) this.stop();
    else if (state.active !== shown.active || state.strength !== shown.strength || state.phase !== shown.phase) this.film?.renew();
  }

  private async startCamera(id: string | null = null): Promise<void> {
    // Some machines can have one camera open at a time.
    this.release();
    const turn = this.turn;
    try {
      const camera = await Camera.open(id);
      if (turn !== this.turn || document.hidden) {
        camera.stop();
        return;
      }
      this.camera = camera;
      camera.onEnd(() => {
        if (this.camera === camera) this.stop(say.ended);
      });
      if (!this.store.state.live) {
        this.store.update((state) => setLive(state, true));
        this.view.open();
        this.options.announce(say.started);
      }
      this.view.setMirrored(camera.facesVisitor);
      this.view.setSwitchable(camera.next !== null);
      this.view.video.srcObject = camera.stream;
      this.show();
      await this.view.video.play();
    } catch (error) {
      // Where the next start came before the video could play, that one shows what there is.
      if (turn === this.turn) this.fail(error);
    }
  }

  private show(): void {
    const film = (this.film = new Film(
      this.view.video,
      (own, capture) => this.painter.frame(own, capture),
      {
        show: (image, perSecond) => this.view.show(image, perSecond),
        showPlain: () => this.view.showPlain(this.store.state.phase === "ready" ? sentences.pickPainting : say.waiting),
      },
      this.options.side,
    ));
    film.run().catch((error: unknown) => {
      if (this.film === film) this.fail(error);
    });
  }

  /** The present frame, in the camera's own size, becomes the photograph. */
  private async keep(): Promise<void> {
    try {
      const picture = await pictureOf(this.view.video, say.pictureName(new Date()));
      this.stop();
      this.options.onPicture(picture);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.stop();
    const text = error instanceof CameraError ? error.message : sentenceFor(error);
    this.store.update((state) => setMessage(state, { tone: "error", text }));
  }

  /** Lets go of the camera: its light goes off. */
  private release(): void {
    this.turn++;
    this.film?.stop();
    this.film = null;
    this.camera?.stop();
    this.camera = null;
    this.view.video.srcObject = null;
  }
}
