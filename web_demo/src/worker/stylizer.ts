/** Pictures in, pictures and style vectors out, of any size. */
import { roundUp } from "../shared/geometry";
import { blankPixels, toPlanes, writePlanes } from "../shared/planes";
import { CodedError, LARGEST_RUN, type FrameRequest, type Pixels } from "../shared/protocol";
import { FilmPainter } from "./film";
import type { Job } from "./job";
import { fitsOneRun, paddedSize, smallerRun, tilingFor } from "./limits";
import { isOutOfMemory } from "./memory";
import type { Model } from "./model";
import { Recent } from "./recent";
import { paintTiled } from "./tiled";

/** MobileNetV2 halves its input five times. */
const SMALLEST_STYLE = 32;
/** While two sliders are moved back and forth, or a film is painted, the same few styles come again and again. */
const REMEMBERED_STYLES = 8;

export class Stylizer {
  private readonly conditionings = new Recent<Float32Array>(REMEMBERED_STYLES);
  private readonly film: FilmPainter;
  /** What is looked at for statistics: a run of the usual size, however small the tiles are. */
  private statisticsRun = LARGEST_RUN;

  /**
   * @param largestRun Pictures of at most that side squared are painted at once, larger ones in tiles of at most that
   *   side; halved for good where memory turns out to be short.
   */
  constructor(
    private readonly model: Model,
    private largestRun: number,
  ) {
    tilingFor(largestRun, model.manifest);
    this.film = new FilmPainter(model);
  }

  /** The style vector of a picture of any size. */
  embed(image: Pixels): Promise<Float32Array> {
    const width = roundUp(image.width, 1, SMALLEST_STYLE);
    const height = roundUp(image.height, 1, SMALLEST_STYLE);
    const region = { left: 0, top: 0, width, height };
    return this.model.embed({ ...region, values: toPlanes(image, region, this.model.manifest.value_range) });
  }

  /** `content` painted with a style vector, at the content's size. */
  async stylize(content: Pixels, embedding: Float32Array, job: Job): Promise<Pixels> {
    const conditioning = await this.conditionings.get(embedding, () => this.model.condition(embedding));
    for (;;) {
      try {
        if (fitsOneRun(content, this.largestRun)) return await this.paintWhole(content, conditioning);
        const sides = { tile: this.largestRun, statistics: this.statisticsRun };
        return await paintTiled(this.model, content, conditioning, sides, job);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        this.useLess();
        job.smallerTiles(this.largestRun);
      }
    }
  }

  /** A frame of a film, small enough to be painted at once. */
  async frame(request: FrameRequest): Promise<Pixels> {
    const { embedding } = request;
    return this.film.paint(request, await this.conditionings.get(embedding, () => this.model.condition(embedding)));
  }

  dispose(): void {
    this.model.dispose();
  }

  private async paintWhole(content: Pixels, conditioning: Float32Array): Promise<Pixels> {
    const range = this.model.manifest.value_range;
    const region = { left: 0, top: 0, ...paddedSize(content, this.model.manifest) };
    const values = await this.model.paint({ ...region, values: toPlanes(content, region, range) }, conditioning);
    const result = blankPixels(content);
    writePlanes(values, region, range, result, { left: 0, top: 0, width: content.width, height: content.height });
    return result;
  }

  private useLess(): void {
    const half = smallerRun(this.largestRun, this.model.manifest);
    if (half === null) throw new CodedError("out-of-memory", `tiles of ${this.largestRun} × ${this.largestRun} pixels do not fit`);
    this.largestRun = this.statisticsRun = half;
  }
}
