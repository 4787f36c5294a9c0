/** Keeps the picture in step with the state: loads the model, paints what is wanted, newest wish first. */
import { fitWithin } from "../shared/geometry";
import type { FrameOptions, PainterOptions } from "../engine/api";
import { CodedError, type BackendChoice, type BackendName, type LoadedModel, type Pixels } from "../shared/protocol";
import type { Photograph } from "../shared/reading";
import { recolour } from "../shared/recolour";
import { seamless } from "../shared/wrapping";
import { Engine, type Move, type Painting, type Source, type TileListener } from "./engine";
import { Latest, Superseded } from "./latest";
import type { Library } from "./library";
import { Pace } from "./pace";
import { PictureError } from "./pictures";
import { FINE, fineMs, painterOf, type PainterName } from "./painters/choosing";
import { layersOf, withoutRegions } from "./regions/regions";
import { SliderRest } from "./rest";
import type { Stage } from "./stage";
import {
  motifKey,
  setFailed,
  setLoaded,
  setMessage,
  setPainted,
  setPainting,
  setPhotoSize,
  setProgress,
  setTiles,
  startLoading,
  wantedKey,
  type State,
  type Store,
} from "./state";
import { errorSentence, say } from "./strings";

/** A frame of a film, as the painter is given it. */
export interface Frame extends FrameOptions {
  readonly bitmap: ImageBitmap | VideoFrame;
}

/** A picture that was painted, and what it was painted from. */
export interface Result {
  readonly photograph: Photograph;
  readonly image: Pixels;
  readonly ms: number;
}

export class Painter {
  private engine: Engine | null = null;
  private readonly queue = new Latest();
  private key: string | null = null;
  private previous: State | null = null;
  /** The photograph of which a result or a preview is on the stage. */
  private shownId: string | null = null;
  /** What the result on the stage shows, whoever painted it; null while it is a preview. */
  private shownMotif: string | null = null;
  private readonly pace = new Pace();
  private readonly rest = new SliderRest(document);

  constructor(
    private readonly store: Store,
    private readonly library: Library,
    private readonly stage: Stage,
    private readonly modelUrl: string,
    private readonly largestRun: number | null,
    private readonly rememberedBackend: () => BackendName | null,
  ) {
    store.subscribe((state) => this.follow(state));
  }

  /** Loads the model in a fresh worker: the old one, its backend and its memory go at once. */
  async start(choice: BackendChoice): Promise<void> {
    this.engine?.terminate();
    this.pace.forget();
    const engine = new Engine({
      models: this.modelUrl,
      backend: choice,
      first: this.rememberedBackend(),
      largestRun: this.largestRun,
      onProgress: (done, total) => this.store.update((state) => setProgress(state, done, total)),
      onMove: (move) => this.moved(move),
    });
    this.engine = engine;
    this.store.update((state) => startLoading(state, choice));
    try {
      const model = await engine.ready();
      if (choice !== "auto" && model.backend !== choice) {
        const note = say.unavailable(choice, model.backend);
        this.store.update((state) => setMessage(state, { tone: "note", text: note }));
      } else if (!model.verified) {
        this.store.update((state) => setMessage(state, { tone: "note", text: say.unverified }));
      } else if (model.earlier) {
        this.store.update((state) => setMessage(state, { tone: "note", text: say.earlier }));
      }
      this.store.update((state) => setLoaded(state, model));
    } catch (error) {
      if (!(error instanceof Superseded)) this.store.update((state) => setFailed(state, sentenceFor(error)));
    }
  }

  /** The style vector of one of the page's pictures. */
  async embed(id: string): Promise<Float32Array> {
    if (this.engine === null) throw new Superseded();
    return this.engine.embed(this.source(id));
  }

  /** Goes on with another backend once that is ready; says so. */
  async prefer(backend: BackendName): Promise<void> {
    await this.engine?.prefer(backend);
  }

  /** Fetches a further painter; see `Stylizer.loadPainter`. */
  async loadPainter(name: string, options: PainterOptions): Promise<{ ms: number; pixels: number }> {
    if (this.engine === null) throw new Superseded();
    return this.engine.loadPainter(name, options);
  }

  /** Of the first painter, in milliseconds a pixel; null until a picture has been painted. */
  get msPerPixel(): number | null {
    return this.pace.measured;
  }

  /** For how long nothing has been computed, in milliseconds. */
  restedMs(): number {
    return this.engine?.restedMs() ?? 0;
  }

  /** The vector of the blend that is chosen, at full strength; null where nothing is. */
  async blendVector(): Promise<Float32Array | null> {
    const { state } = this.store;
    const ready = state.phase === "ready" && state.active.length > 0;
    return ready && this.engine ? this.engine.blend(this.styles(state.active, state)) : null;
  }

  /** Tensors and bytes that the worker holds; for tests of leaks. */
  memory(): Promise<{ tensors: number; bytes: number }> | undefined {
    return this.engine?.memory();
  }

  /** A backend was lost and replaced. What is wanted is asked for again by the engine, or, with another backend, by its key. */
  private moved({ from, model, reason }: Move): void {
    this.pace.forget();
    this.store.update((state) => setMessage(setLoaded(state, model), { tone: "note", text: say.moved(reason, from, model.backend) }));
  }

  /**
   * A frame of a film, painted; null while there is nothing to paint with.
   *
   * @param own What strength mixes the blend with.
   * @param capture Called once everything else is there, so that the frame is the newest one.
   * @param wish Whose blend and strength: those of this moment, unless a film is to have the same ones throughout.
   */
  async frame(own: Source, capture: () => Promise<Frame>, wish: State = this.store.state): Promise<Pixels | null> {
    const { engine } = this;
    const { active, strength } = wish;
    if (this.store.state.phase !== "ready" || engine === null || active.length === 0) return null;
    const styles = active.map(({ id, weight }) => ({ source: this.source(id), weight }));
    const embedding = await engine.mix(styles, { photo: own, strength });
    const { bitmap, ...frame } = await capture();
    return engine.frame(bitmap, embedding, frame);
  }

  /**
   * A photograph apart from the one that is shown, with the blend, strength and size of `wish`. Regions belong to the one
   * that was chosen then. Throws `Superseded` where `signal` aborts, or the backend is replaced.
   */
  async still(photoId: string, wish: State, signal: AbortSignal, onTiles: TileListener["onTiles"]): Promise<Result> {
    const { engine } = this;
    if (engine === null) throw new Superseded();
    const state = photoId === wish.photoId ? wish : { ...withoutRegions(wish), photoId };
    const photograph = toPaint(state, await this.library.fresh(photoId, wish.size));
    const wished = this.painting(state, photoId, photograph, painterOf(state));
    const painted = await engine.stylize(wished, signal, { onTiles, onSmallerTiles: () => undefined });
    return { photograph, ...painted };
  }

  private follow(state: State): void {
    const { previous } = this;
    this.previous = state;
    const emptied = state.active.length === 0 && (previous?.active.length ?? 0) > 0;
    if (state.photoId !== previous?.photoId || emptied) {
      this.shownId = this.shownMotif = null;
      void this.showPhotograph(state);
    }
    const key = wantedKey(state);
    if (key === this.key) return;
    this.key = key;
    if (key !== null) void this.paint(state, key);
    else if (state.painting) this.store.update((current) => setPainting(current, false));
  }

  private async showPhotograph({ photoId, size }: State): Promise<void> {
    if (photoId === null) return;
    try {
      const full = await this.library.size(photoId);
      this.store.update((current) => setPhotoSize(current, photoId, full));
      const photograph = await this.library.content(photoId, size);
      if (this.store.state.photoId === photoId && this.shownId !== photoId) this.stage.showPhotograph(photograph);
    } catch (error) {
      this.report(error);
    }
  }

  private async paint(state: State, key: string): Promise<void> {
    this.store.update((current) => setPainting(current, true));
    try {
      const result = await this.queue.run((signal) => this.compute(state, signal, key));
      if (this.show(state, result)) this.shownMotif = motifKey(state);
      if (key !== this.key) return;
      const { width, height } = result.image;
      const painter = painterOf(state);
      this.store.update((latest) => setPainting(setPainted(latest, { width, height, ms: result.ms, painter }), false));
    } catch (error) {
      if (key !== this.key || error instanceof Superseded) return;
      this.store.update((current) => setPainting(current, false));
      this.report(error);
    }
  }

  /** While a slider moves, a result that a newer wish has overtaken still shows where the picture is going. */
  private show(state: State, { photograph, image }: Result): boolean {
    const current = this.store.state;
    const fits = current.photoId === state.photoId && current.size === state.size && current.active.length > 0 && !current.live;
    if (!fits) return false;
    this.shownId = state.photoId;
    this.stage.showResult(photograph, image);
    return true;
  }

  /** The picture that is wanted; where that takes long, a small one is shown first, and alone while a slider moves. */
  private async compute(state: State, signal: AbortSignal, key: string): Promise<Result> {
    const { photoId, size, stroke, model } = state;
    const { engine } = this;
    if (photoId === null || engine === null || model === null) throw new Superseded();
    const painter = painterOf(state);
    const paint = async (plain: Photograph, by: PainterName, preview: boolean): Promise<Result> => {
      const photograph = toPaint(state, plain);
      const painted = await engine.stylize(this.painting(state, photoId, photograph, by), signal, this.listener(key));
      if (engine === this.engine && by !== FINE) this.pace.note(photograph, painted.ms, preview);
      return { photograph, ...painted };
    };
    const wanted = fitWithin(await this.library.size(photoId), size);
    const alike = model.preprocessing.strokes.reference_side / stroke;
    const side = this.pace.previewSide(wanted, model.wholePixels, alike, painter === FINE ? fineMs(state) : null);
    // What the other painter has painted is the best preview.
    if (side !== null && this.shownMotif !== motifKey(state)) {
      this.shownMotif = null;
      const preview = await paint(await this.library.sketch(photoId, side), "fast", true);
      // What is shown now is not what can be downloaded.
      if (this.show(state, preview)) this.store.update((current) => setPainted(current, null));
      await this.rest.wait(signal);
    }
    return paint(await this.library.content(photoId, size), painter, false);
  }

  /** What the engine is asked for. */
  private painting(state: State, photoId: string, content: Pixels, painter: PainterName): Painting {
    const [styles = [], ...others] = layersOf(state).map((layer) => this.styles(layer, state));
    const regions = state.regions.masks.map((mask, index) => ({ mask, styles: others[index] ?? styles }));
    const { strength, stroke, wrap } = state;
    const manner = { painter: painter === FINE ? FINE : null, stroke, wrap };
    return { photo: this.own(photoId), content, styles, strength, manner, regions };
  }

  /** Shows how far the picture of `key` is, as long as that is the one that is wanted. */
  private listener(key: string): TileListener {
    const update = (change: (state: State) => State): void => {
      if (key === this.key) this.store.update(change);
    };
    return {
      onTiles: (done, total) => update((state) => setTiles(state, done, total)),
      onSmallerTiles: (side) => update((state) => setMessage(state, { tone: "note", text: say.smallerTiles(side) })),
    };
  }

  private styles(blend: State["active"], { colours, photoId }: State): { readonly source: Source; readonly weight: number }[] {
    const recolour = colours.recolour && photoId !== null;
    return blend.map(({ id, weight }) => ({ source: recolour ? this.recoloured(id, photoId) : this.source(id), weight }));
  }

  private source(id: string): Source {
    const vector = this.library.vector(id);
    return vector ? { id, vector } : { id, known: this.library.knownVector(id), pixels: ({ preprocessing }) => this.library.style(id, preprocessing.style) };
  }

  /** A photograph that strength mixes with. */
  private own(id: string): Source {
    return { id, known: this.library.knownVector(id), pixels: ({ preprocessing }) => this.library.ownStyle(id, preprocessing.style) };
  }

  /** A painting in the colours of a photograph. */
  private recoloured(id: string, photoId: string): Source {
    if (this.library.vector(id)) return this.source(id);
    const pixels = async ({ preprocessing: { style, colors } }: LoadedModel): Promise<Pixels> =>
      recolour(await this.library.style(id, style), await this.library.ownStyle(photoId, style), colors);
    return { id: `${id} in the colours of ${photoId}`, pixels };
  }

  private report(error: unknown): void {
    this.store.update((state) => setMessage(state, { tone: "error", text: sentenceFor(error) }));
  }
}

/** The photograph as it is painted: its colours may be kept, and then have to meet at the borders too. */
function toPaint({ wrap }: State, photograph: Photograph): Photograph {
  return wrap ? { ...seamless(photograph), cover: photograph.cover } : photograph;
}

export function sentenceFor(error: unknown): string {
  if (error instanceof PictureError) return error.message;
  if (error instanceof CodedError) return errorSentence(error.code, error.message);
  return errorSentence("failed", error instanceof Error ? error.message : String(error));
}
