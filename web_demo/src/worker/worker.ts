/** The worker's side of the protocol: one request after the other, and nothing but typed messages. */
import * as tf from "@tensorflow/tfjs-core";
import { CodedError, type BackendChoice, type BackendName, type LoadedModel, type Request, type Response } from "../shared/protocol";
import { activate, candidates, threadCount } from "./backend";
import { fetchModelFiles } from "./model_files";
import { Stylizer } from "./stylizer";

declare const self: DedicatedWorkerGlobalScope;

let stylizer: Stylizer | null = null;
let tail: Promise<void> = Promise.resolve();
/** Requests that have been received and not yet begun. */
const waiting = new Set<number>();
const cancelled = new Set<number>();

self.onmessage = ({ data: request }: MessageEvent<Request>) => {
  if (request.kind === "cancel") {
    if (waiting.has(request.target)) cancelled.add(request.target);
    return;
  }
  waiting.add(request.id);
  tail = tail.then(() => handle(request));
};

async function handle(request: Exclude<Request, { kind: "cancel" }>): Promise<void> {
  // A turn of the event loop, so that a cancellation sent during the previous run is seen before this one begins.
  await new Promise((resolve) => setTimeout(resolve));
  waiting.delete(request.id);
  const { id } = request;
  if (cancelled.delete(id)) {
    reply({ kind: "cancelled", id });
    return;
  }
  try {
    await answer(request);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    reply({ kind: "error", id, code: error instanceof CodedError ? error.code : "failed", detail });
  }
}

async function answer(request: Exclude<Request, { kind: "cancel" }>): Promise<void> {
  const { id } = request;
  switch (request.kind) {
    case "load": {
      const model = await load(request.modelUrl, request.backend, (done, total) => reply({ kind: "progress", id, done, total }));
      reply({ kind: "loaded", id, model });
      break;
    }
    case "embed": {
      const embedding = await loaded().embed(request.image);
      reply({ kind: "embedded", id, embedding });
      break;
    }
    case "stylize": {
      const start = performance.now();
      const image = await loaded().stylize(request.content, request.embedding);
      reply({ kind: "stylized", id, image, ms: performance.now() - start }, [image.data.buffer]);
      break;
    }
    case "memory": {
      const { numTensors, numBytes } = tf.memory();
      reply({ kind: "memory", id, tensors: numTensors, bytes: numBytes });
      break;
    }
    case "dispose":
      stylizer?.dispose();
      stylizer = null;
      reply({ kind: "disposed", id });
  }
}

async function load(
  modelUrl: string,
  choice: BackendChoice,
  onProgress: (done: number, total: number) => void,
): Promise<LoadedModel> {
  const files = await fetchModelFiles(modelUrl, onProgress);
  const rejected: { backend: BackendName; reason: string }[] = [];
  for (const backend of candidates(choice)) {
    let candidate: Stylizer | null = null;
    try {
      await activate(backend, backend === choice);
      candidate = await Stylizer.load(files);
      await candidate.warmUp();
      stylizer?.dispose();
      stylizer = candidate;
      const { name, embedding_size: embeddingSize, style_size: styleSize } = files.manifest;
      return { name, backend, threads: await threadCount(), verified: files.verified, rejected, embeddingSize, styleSize };
    } catch (error) {
      candidate?.dispose();
      // A damaged model is damaged on every backend.
      if (error instanceof CodedError) throw error;
      rejected.push({ backend, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  throw new CodedError("no-backend", rejected.map(({ backend, reason }) => `${backend}: ${reason}`).join("; "));
}

function loaded(): Stylizer {
  if (stylizer === null) throw new Error("the model has not been loaded");
  return stylizer;
}

function reply(response: Response, transfer: Transferable[] = []): void {
  self.postMessage(response, transfer);
}
