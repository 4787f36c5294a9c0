/** The worker's side of the protocol: one request after the other, and nothing but typed messages. */
import * as tf from "@tensorflow/tfjs-core";
import { CodedError, type ErrorCode, type Request, type Response } from "../shared/protocol";
import { loadStylizer } from "./loading";
import { isLost, onLoss } from "./loss";
import { isOutOfMemory } from "./memory";
import { Cancelled, RequestQueue, type Checkpoint } from "./queue";
import { paintRegions } from "./regions";
import { timed } from "./warming";
import type { Painters } from "./painters";

declare const self: DedicatedWorkerGlobalScope;

type Question = Exclude<Request, { kind: "cancel" }>;

let painters: Painters | null = null;
onLoss((backend) => reply({ kind: "lost", id: 0, backend }));
const queue = new RequestQueue<Question>(handle);

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  if (request.kind === "cancel") queue.cancel(request.target);
  else if (request.kind === "load-painter") void fetchFirst(request);
  else queue.push(request);
};

/** Files of a painter are waited for outside of the queue, so that painting goes on meanwhile. */
async function fetchFirst(request: Extract<Question, { kind: "load-painter" }>): Promise<void> {
  const { id, name } = request;
  try {
    await loaded().fetch(name, (done, total) => reply({ kind: "progress", id, done, total }));
    queue.push(request);
  } catch (error) {
    fail(id, error);
  }
}

self.onmessageerror = () => reply({ kind: "unreadable", id: 0 });

async function handle(request: Question, checkpoint: Checkpoint): Promise<void> {
  const { id } = request;
  try {
    await checkpoint();
    await answer(request, checkpoint);
  } catch (error) {
    if (error instanceof Cancelled) {
      reply({ kind: "cancelled", id });
      return;
    }
    fail(id, error);
  }
}

function fail(id: number, error: unknown): void {
  reply({ kind: "error", id, code: codeOf(error), detail: error instanceof Error ? error.message : String(error) });
}

function codeOf(error: unknown): ErrorCode {
  // Whatever went wrong then went wrong for that.
  if (isLost()) return "context-lost";
  if (error instanceof CodedError) return error.code;
  return isOutOfMemory(error) ? "out-of-memory" : "failed";
}

async function answer(request: Question, checkpoint: Checkpoint): Promise<void> {
  const { id } = request;
  const progress = (done: number, total: number): void => reply({ kind: "progress", id, done, total });
  switch (request.kind) {
    case "load": {
      const loaded = await loadStylizer(request, progress);
      painters?.dispose();
      painters = loaded.painters;
      reply({ kind: "loaded", id, model: loaded.model });
      break;
    }
    case "load-painter": {
      reply({ kind: "painter-loaded", id, ...(await timed(await loaded().get(request.name))) });
      break;
    }
    case "embed": {
      const embedding = await loaded().first.embed(request.image);
      reply({ kind: "embedded", id, embedding });
      break;
    }
    case "stylize": {
      const painter = await loaded().get(request.manner.painter);
      const start = performance.now();
      const smallerTiles = (side: number): void => reply({ kind: "smaller-tiles", id, side });
      const job = { checkpoint, progress, smallerTiles };
      const image = await paintRegions(painter, request.content, request.embedding, request.regions, request.manner, job);
      reply({ kind: "stylized", id, image, ms: performance.now() - start }, [image.data.buffer]);
      loaded().first.prepare();
      break;
    }
    case "frame": {
      const image = await loaded().first.frame(request).finally(() => request.bitmap.close());
      reply({ kind: "framed", id, image }, [image.data.buffer]);
      break;
    }
    case "memory": {
      const { numTensors, numBytes } = tf.memory();
      reply({ kind: "memory", id, tensors: numTensors, bytes: numBytes });
      break;
    }
    case "dispose":
      painters?.dispose();
      painters = null;
      reply({ kind: "disposed", id });
  }
}

function loaded(): Painters {
  if (painters === null) throw new Error("the model has not been loaded");
  return painters;
}

function reply(response: Response, transfer: Transferable[] = []): void {
  self.postMessage(response, transfer);
}
