/** Loading: the model's files, a backend on which the model runs, and one small run of everything. */
import { CodedError, type BackendName, type LoadedModel, type Request } from "../shared/protocol";
import { fingerprintOf } from "../shared/manifest";
import { activate, threadCount } from "./backend";
import { candidates } from "./candidates";
import { fetchModelFiles, type ModelFiles } from "./model_files";
import { Model } from "./model";
import { Painters } from "./painters";
import { Stylizer } from "./stylizer";
import { warmUp } from "./warming";

export async function loadStylizer(
  { modelUrl, backend: choice, largestRun, first, without }: Extract<Request, { kind: "load" }>,
  onProgress: (done: number, total: number) => void,
): Promise<{ painters: Painters; model: LoadedModel }> {
  const fetching = fetchModelFiles(modelUrl, onProgress);
  // Told where it is waited for, which is later.
  fetching.catch(() => undefined);
  const rejected: { backend: BackendName; reason: string }[] = [];
  const reject = (backend: BackendName, error: unknown): void => {
    rejected.push({ backend, reason: error instanceof Error ? error.message : String(error) });
  };
  for (const backend of candidates(choice, first, without)) {
    try {
      // Backends are programs to be fetched, too: on the way together with the model.
      await activate(backend, backend === choice);
    } catch (error) {
      reject(backend, error);
      continue;
    }
    const files = await fetching;
    try {
      const stylizer = await tried(files, largestRun);
      const { name, embedding_size: embeddingSize, preprocessing, transformer, painters } = files.manifest;
      const version = transformer.files.find(({ path }) => path === transformer.model)?.sha256.slice(0, 16) ?? "";
      const threads = await threadCount();
      const fingerprint = fingerprintOf(files.manifest);
      const { verified, earlier } = files;
      const { wholePixels } = stylizer;
      const styles = files.manifest.styles ?? [];
      return {
        painters: new Painters(stylizer, files, (further) => tried(further, largestRun)),
        model: { name, version, backend, threads, verified, earlier, rejected, embeddingSize, preprocessing, wholePixels, fingerprint, painters, styles },
      };
    } catch (error) {
      // A damaged model is damaged on every backend.
      if (error instanceof CodedError && error.code === "model-damaged") throw error;
      reject(backend, error);
    }
  }
  // Without its files no backend can compute the model: that is what is to be told.
  await fetching;
  throw new CodedError("no-backend", rejected.map(({ backend, reason }) => `${backend}: ${reason}`).join("; "));
}

/** Compiles what has to be compiled, and throws where the backend cannot compute the model. */
async function tried(files: ModelFiles, largestRun: number | null): Promise<Stylizer> {
  const model = await Model.load(files);
  try {
    const stylizer = new Stylizer(model, largestRun);
    await warmUp(stylizer);
    return stylizer;
  } catch (error) {
    model.dispose();
    throw error;
  }
}
