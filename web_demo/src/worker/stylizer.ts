/** Pictures in, pictures and style vectors out, of any size. */
import { roundUp } from "../shared/geometry";
import { toPlanes } from "../shared/planes";
import { CodedError, type FrameRequest, type Manner, type Pixels } from "../shared/protocol";
import { extended, folded, seamless, wrappingOf } from "../shared/wrapping";
import { paintCoarseToFine } from "./coarse_to_fine";
import { FilmPainter } from "./film";
import type { Job } from "./job";
import { limitsFor, runSide, smallerThan, tilingFor, type Limits } from "./limits";
import { isOutOfMemory } from "./memory";
import type { Model } from "./model";
import { Recent } from "./recent";

/** While two sliders are moved back and forth, or a film is painted, the same few styles come again and again. */
const REMEMBERED_STYLES = 8;

export class Stylizer {
  private readonly conditionings = new Recent<Float32Array>(REMEMBERED_STYLES);
  private readonly film: FilmPainter;
  private limits: Limits;

  /** @param largestRun A side to take in the place of the contract's; see `limitsFor`. */
  constructor(
    private readonly model: Model,
    largestRun: number | null,
  ) {
    const { content } = model.manifest.preprocessing;
    this.limits = limitsFor(content, largestRun);
    tilingFor(this.limits.tile, content);
    this.film = new FilmPainter(model);
  }

  /** Numbers in a style vector. */
  get embeddingSize(): number {
    return this.model.manifest.embedding_size;
  }

  /** Pictures of at most that many pixels are painted at once. */
  get wholePixels(): number {
    return this.limits.wholePixels;
  }

  /** Fetches what reading a style needs, in the background; nothing for a model that has its styles by number. */
  prepare(): void {
    if (!this.model.readsStyles) return;
    // Whoever reads a style is told where that fails.
    this.model.prepare().catch(() => undefined);
  }

  /** The style vector of a picture that has the size of the contract's style fit; smaller ones are continued by reflection. */
  embed(image: Pixels): Promise<Float32Array> {
    const { style, value_range: range } = this.model.manifest.preprocessing;
    const width = roundUp(image.width, 1, style.smallest_side);
    const height = roundUp(image.height, 1, style.smallest_side);
    const region = { left: 0, top: 0, width, height };
    return this.model.embed({ ...region, values: toPlanes(image, region, range) });
  }

  /** `content` painted with a style vector, at the content's size. */
  async stylize(content: Pixels, embedding: Float32Array, manner: Manner, job: Job): Promise<Pixels> {
    if (manner.wrap) return this.wrapped(content, embedding, manner, job);
    const { stroke } = manner;
    const conditioning = await this.conditionings.get(embedding, () => this.model.condition(embedding));
    for (;;) {
      try {
        return await paintCoarseToFine(this.model, content, conditioning, stroke, this.limits, job);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        this.useLess(content);
        job.smallerTiles(this.limits.tile);
      }
    }
  }

  /** The same, with opposite borders that meet. */
  private async wrapped(content: Pixels, embedding: Float32Array, manner: Manner, job: Job): Promise<Pixels> {
    const { content: rules, strokes } = this.model.manifest.preprocessing;
    const wrapping = wrappingOf(content, rules, strokes, manner.stroke);
    const continued = extended(seamless(content), wrapping);
    return folded(await this.stylize(continued, embedding, { ...manner, wrap: false, stroke: wrapping.stroke }, job), wrapping);
  }

  /** A frame of a film, small enough to be painted at once. */
  async frame(request: FrameRequest): Promise<Pixels> {
    const { embedding } = request;
    return this.film.paint(request, await this.conditionings.get(embedding, () => this.model.condition(embedding)));
  }

  dispose(): void {
    this.model.dispose();
  }

  private useLess(content: Pixels): void {
    const side = runSide(content, this.limits);
    const smaller = smallerThan(side, this.limits, this.model.manifest.preprocessing.content);
    if (smaller === null) throw new CodedError("out-of-memory", `tiles of ${side} × ${side} pixels do not fit`);
    this.limits = smaller;
  }
}
