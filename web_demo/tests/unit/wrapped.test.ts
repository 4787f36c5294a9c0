/** What the worker does around a network for pictures that wrap; the network itself stands for any that looks at a few neighbours. */
import { describe, expect, it, vi } from "vitest";
import type { Manifest } from "../../src/shared/manifest";
import { PLAIN, type Pixels } from "../../src/shared/protocol";
import { seamless } from "../../src/shared/wrapping";
import type { Job } from "../../src/worker/job";
import type { Model, Planes } from "../../src/worker/model";
import { Stylizer } from "../../src/worker/stylizer";
import { RULES } from "./rules";

// Of films alone; Node has none.
vi.stubGlobal("OffscreenCanvas", class {
  getContext(): null {
    return null;
  }
});

const QUIETLY: Job = { checkpoint: () => Promise.resolve(), progress: () => undefined, smallerTiles: () => undefined };

/** Means over seven columns: at borders they know less, as networks do. */
function blurred({ width, height, values }: Planes): Float32Array {
  return Float32Array.from(values, (_, i) => {
    const [channel, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    let sum = 0;
    for (let step = -3; step <= 3; step++) sum += values[3 * (width * Math.min(height - 1, y) + Math.min(width - 1, Math.max(0, x + step))) + channel] ?? 0;
    return sum / 7;
  });
}

/** As a browser's ImageData, which has its entries from its prototype. */
class PictureData {
  constructor(private readonly given: Pixels) {}
  get width(): number {
    return this.given.width;
  }
  get height(): number {
    return this.given.height;
  }
  get data(): Pixels["data"] {
    return this.given.data;
  }
}

const model = {
  manifest: { preprocessing: RULES, embedding_size: 2 } as unknown as Manifest,
  condition: () => Promise.resolve(new Float32Array(2)),
  paint: (planes: Planes) => Promise.resolve(blurred(planes)),
} as unknown as Model;

describe("a picture that wraps", () => {
  it("is what the network makes of endless copies of it, brought back to its size", async () => {
    const [width, height] = [90, 70];
    const data = Uint8ClampedArray.from({ length: 4 * width * height }, (_, i) => (i % 4 === 3 ? 255 : 40 + 2 * (Math.floor(i / 4) % width) + (i % 4) * 9));
    const content = new PictureData({ width, height, data });
    const painted = await new Stylizer(model, null).stylize(content, new Float32Array(2), { ...PLAIN, wrap: true }, QUIETLY);
    expect([painted.width, painted.height]).toEqual([width, height]);
    const source = seamless({ width, height, data });
    expect(source.data).not.toEqual(data);
    for (let y = 0; y < height; y++) {
      for (const x of [0, 1, 40, 88, 89]) {
        let sum = 0;
        for (let step = -3; step <= 3; step++) sum += source.data[4 * (width * y + ((x + step + width) % width))] ?? 0;
        expect(Math.abs((painted.data[4 * (width * y + x)] ?? NaN) - sum / 7)).toBeLessThanOrEqual(1.5);
      }
    }
  });
});
