/** Frames of a film, one after the other, as fast as they come. */
import { blankPixels, toPlanes, writePlanes } from "../shared/planes";
import type { FrameRequest, Pixels } from "../shared/protocol";
import { paddedSize } from "./limits";
import type { Model } from "./model";
import { NoiseFilter } from "./noise";
import { Steadiness } from "./steadiness";

export class FilmPainter {
  private readonly steadiness = new Steadiness();
  private readonly noise = new NoiseFilter();
  private readonly canvas = new OffscreenCanvas(1, 1);
  private readonly context = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });

  constructor(private readonly model: Model) {}

  /** `request.bitmap` at the size asked for, painted. One run of the graph, which also tells the frame's statistics. */
  async paint(request: FrameRequest, conditioning: Float32Array): Promise<Pixels> {
    const { width, height, stream, time } = request;
    const { content: rules, value_range: range } = this.model.manifest.preprocessing;
    const content = this.read(request);
    const region = { left: 0, top: 0, ...paddedSize(content, rules) };
    const plain = { ...region, values: toPlanes(content, region, range) };
    const planes = { ...region, values: this.noise.clean(plain, stream) };
    const given = this.steadiness.before({ stream, width, height, conditioning });
    const { stylised, affine } = await this.model.paintFrame(planes, conditioning, given);
    this.steadiness.after(affine, time);
    const result = blankPixels(content);
    writePlanes(stylised, region, range, result, { left: 0, top: 0, width, height });
    return result;
  }

  private read({ bitmap, width, height }: FrameRequest): Pixels {
    const { canvas, context } = this;
    if (context === null) throw new Error("this browser has no 2D canvas in workers");
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    // Set anew: a new size forgets it.
    context.imageSmoothingQuality = "medium";
    context.drawImage(bitmap as ImageBitmap | VideoFrame, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  }
}
