/** The engine for other pages, and for this one: pictures in, style vectors and pictures out. */
import { blend } from "../shared/blend";
import type { Stylizer, StylizerOptions } from "./api";
import { atMost, pixelsOf, stylePixelsOf } from "./pixels";
import { Session } from "./session";

export async function createStylizer(options: StylizerOptions): Promise<Stylizer> {
  const { models, backend = "auto", largestRun = null, onProgress, onMove } = options;
  const folder = new URL(models, document.baseURI).href;
  const modelUrl = folder.endsWith("/") ? folder : `${folder}/`;
  const session = new Session({ modelUrl, backend, largestRun, onProgress, onMove });
  await session.ready();
  return stylizerOn(session);
}

/** The engine on a session that is ready, or will be. */
export function stylizerOn(session: Session): Stylizer {
  return {
    get model() {
      return session.model;
    },
    async embed(picture) {
      const image = await stylePixelsOf(picture, session.model.preprocessing.style);
      return (await session.request("embed", { image }, "embedded")).embedding;
    },
    blend: (vectors, weights = vectors.map(() => 1)) => blend(vectors, weights),
    async stylize(picture, style, { longSide = Infinity, stroke = 1, signal, onTiles, onSmallerTiles } = {}) {
      const content = await pixelsOf(picture, atMost(longSide), session.model.preprocessing.strokes.resampling);
      const options = { signal, progress: onTiles, smallerTiles: onSmallerTiles };
      const { image, ms } = await session.request("stylize", { content, embedding: style, stroke }, "stylized", options);
      return { image: new ImageData(image.data, image.width, image.height), ms };
    },
    dispose: () => session.close(),
  };
}
