/** The engine, for this page and others: pictures in, style vectors and pictures out. */
import { blend } from "../shared/blend";
import type { Stylizer, StylizerOptions } from "./api";
import { pixelsOf, stylePixelsOf } from "./pixels";
import { Session } from "./session";
import { Superseded } from "./superseded";

export async function createStylizer(options: StylizerOptions): Promise<Stylizer> {
  const { models, backend = "auto", first = null, largestRun = null, signal, onProgress, onMove } = options;
  if (signal?.aborted === true) throw new Superseded();
  const folder = new URL(models, document.baseURI).href;
  const modelUrl = folder.endsWith("/") ? folder : `${folder}/`;
  const session = new Session({ modelUrl, backend, first, largestRun, onProgress, onMove });
  signal?.addEventListener("abort", () => session.close(), { once: true });
  await session.ready();
  return stylizerOn(session);
}

function stylizerOn(session: Session): Stylizer {
  return {
    get model() {
      return session.model;
    },
    async embed(picture) {
      const image = await stylePixelsOf(picture, session.model.preprocessing.style);
      return (await session.request("embed", { image }, "embedded")).embedding;
    },
    blend: (vectors, weights = vectors.map(() => 1)) => blend(vectors, weights),
    async stylize(picture, style, { longSide = Infinity, painter = null, stroke = 1, wrap = false, regions = [], signal, onTiles, onSmallerTiles } = {}) {
      const content = await pixelsOf(picture, longSide);
      const body = {
        content,
        embedding: style,
        regions: regions.map(({ style: embedding, mask }) => ({ embedding, mask })),
        manner: { painter, stroke, wrap },
      };
      const options = { signal, progress: onTiles, smallerTiles: onSmallerTiles };
      const { image, ms } = await session.request("stylize", body, "stylized", options);
      return { image: new ImageData(image.data, image.width, image.height), ms };
    },
    async loadPainter(name, { onProgress, signal } = {}) {
      const { ms, pixels } = await session.request("load-painter", { name }, "painter-loaded", { progress: onProgress, signal });
      return { ms, pixels };
    },
    async frame(bitmap, embedding, { width, height, stream, time }) {
      const body = { bitmap, embedding, width, height, stream, time };
      try {
        return (await session.request("frame", body, "framed", { transfer: [bitmap] })).image;
      } catch (error) {
        // The session asks another worker, but a bitmap can be given away only once.
        if (error instanceof DOMException && error.name === "DataCloneError") throw new Superseded();
        throw error;
      }
    },
    prefer: (backend) => session.prefer(backend),
    restedMs: () => session.restedMs(),
    async memory() {
      const { tensors, bytes } = await session.request("memory", {}, "memory");
      return { tensors, bytes };
    },
    dispose: () => session.close(),
  };
}
