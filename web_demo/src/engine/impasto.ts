/** The engine for other pages, and for this one: pictures in, style vectors and pictures out. */
import { blend } from "../shared/blend";
import { styleFit } from "../shared/geometry";
import { LARGEST_RUN } from "../shared/protocol";
import type { Stylizer, StylizerOptions } from "./api";
import { atMost, pixelsOf } from "./pixels";
import { Session } from "./session";

export async function createStylizer(options: StylizerOptions): Promise<Stylizer> {
  const { models, backend = "auto", largestRun = LARGEST_RUN, onProgress, onMove } = options;
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
      const image = await pixelsOf(picture, (size) => styleFit(size, session.model.styleSize));
      return (await session.request("embed", { image }, "embedded")).embedding;
    },
    blend: (vectors, weights = vectors.map(() => 1)) => blend(vectors, weights),
    async stylize(picture, style, { longSide = Infinity, signal, onTiles, onSmallerTiles } = {}) {
      const content = await pixelsOf(picture, atMost(longSide));
      const options = { signal, progress: onTiles, smallerTiles: onSmallerTiles };
      const { image, ms } = await session.request("stylize", { content, embedding: style }, "stylized", options);
      return { image: new ImageData(image.data, image.width, image.height), ms };
    },
    dispose: () => session.close(),
  };
}
