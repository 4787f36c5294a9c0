/** Fetching a model: every file once, those of the style predictor later, its checksum compared with the manifest's, with progress in bytes. */
import type { io } from "@tensorflow/tfjs-core";
import { isEarlier } from "../shared/earlier";
import { fingerprintOf, parseManifest, type Manifest, type ModelFile } from "../shared/manifest";
import { CodedError } from "../shared/protocol";
import { seldom } from "./seldom";

type GraphName = "predictor" | "conditioning" | "transformer";

/** What painting needs; the style predictor is fetched after the first picture, or when a style has to be read. */
const FIRST: readonly GraphName[] = ["conditioning", "transformer"];

export interface ModelFiles {
  readonly manifest: Manifest;
  /** Of the folder; ends in a slash. */
  readonly modelUrl: string;
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
  /** Whether checksums could be compared; crypto.subtle exists on https and localhost only. */
  readonly verified: boolean;
  /** Whether the manifest is of a version that knew no preprocessing; what was usual then is taken. */
  readonly earlier: boolean;
}

export async function fetchModelFiles(
  modelUrl: string,
  onProgress: (done: number, total: number) => void,
): Promise<ModelFiles> {
  const { manifest, earlier } = await fetchManifest(new URL("manifest.json", modelUrl));
  const files = await fetchGraphs(modelUrl, manifest, FIRST, onProgress);
  return { manifest, modelUrl, files, verified: "subtle" in crypto, earlier };
}

/** The files of the style predictor besides. */
export async function withPredictor(files: ModelFiles): Promise<ModelFiles> {
  const more = await fetchGraphs(files.modelUrl, files.manifest, ["predictor"], () => undefined);
  return { ...files, files: new Map([...files.files, ...more]) };
}

/** Those of a further painter, without the style predictor, which it shares. */
export async function fetchPainter(
  { manifest: first, modelUrl, ...files }: ModelFiles,
  name: string,
  onProgress: (done: number, total: number) => void,
): Promise<ModelFiles> {
  if (!first.painters.includes(name)) throw new CodedError("model-missing", `the painter ${name}, which manifest.json does not name`);
  const { manifest } = await fetchManifest(new URL(`${name}/manifest.json`, modelUrl));
  if (fingerprintOf(manifest) !== fingerprintOf(first)) throw new CodedError("model-damaged", `${name}/manifest.json is of another model`);
  return { ...files, manifest, modelUrl, files: await fetchGraphs(modelUrl, manifest, FIRST, onProgress) };
}

async function fetchGraphs(
  modelUrl: string,
  manifest: Manifest,
  names: readonly GraphName[],
  onProgress: (done: number, total: number) => void,
): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const wanted = names.flatMap((name) => manifest[name].files);
  const total = wanted.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  // A slow line brings hundreds of pieces, and the page renders whatever it is told.
  const report = seldom(onProgress);
  report(0, total);
  const entries = await Promise.all(
    wanted.map(async (file) => {
      const content = await fetchFile(modelUrl, file, (bytes) => report((done += bytes), total));
      return [file.path, content] as const;
    }),
  );
  return new Map(entries);
}

async function fetchManifest(url: URL): Promise<{ manifest: Manifest; earlier: boolean }> {
  const response = await get(url);
  // Some servers answer an unknown path with the start page instead of 404.
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  if (!response.ok || !isJson) throw new CodedError("model-missing", `${url.pathname} (status ${response.status})`);
  try {
    const value: unknown = await response.json();
    return { manifest: parseManifest(value), earlier: isEarlier(value) };
  } catch (error) {
    throw new CodedError("model-damaged", String(error instanceof Error ? error.message : error));
  }
}

async function fetchFile(
  modelUrl: string,
  file: ModelFile,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await get(new URL(file.path, modelUrl));
  if (!response.ok || response.body === null) {
    throw new CodedError("model-missing", `${file.path} (status ${response.status})`);
  }
  const content = new Uint8Array(file.bytes);
  let received = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    if (received + part.value.length <= file.bytes) content.set(part.value, received);
    received += part.value.length;
    onBytes(part.value.length);
  }
  if (received !== file.bytes) {
    throw new CodedError("model-damaged", `${file.path}: expected ${file.bytes} bytes, received ${received}`);
  }
  await verify(file, content);
  return content;
}

async function get(url: URL): Promise<globalThis.Response> {
  try {
    return await fetch(url);
  } catch {
    throw new CodedError("model-missing", `${url.pathname} (no answer from the server)`);
  }
}

async function verify(file: ModelFile, content: Uint8Array<ArrayBuffer>): Promise<void> {
  if (!("subtle" in crypto)) return;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const sha256 = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (sha256 !== file.sha256) {
    throw new CodedError("model-damaged", `${file.path}: expected sha256 ${file.sha256}, received ${sha256}`);
  }
}

interface GraphJson {
  readonly modelTopology: object;
  readonly signature?: Record<string, unknown>;
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: io.WeightsManifestEntry[] }[];
}

/** What TensorFlow.js asks for when it loads a graph model, taken from the files already here. */
export function artifactsOf({ files }: ModelFiles, modelPath: string): io.ModelArtifacts {
  const bytes = (path: string): Uint8Array<ArrayBuffer> => {
    const content = files.get(path);
    if (content === undefined) throw new CodedError("model-damaged", `${path} is used by ${modelPath} but not in manifest.json`);
    return content;
  };
  const json = JSON.parse(new TextDecoder().decode(bytes(modelPath))) as GraphJson;
  const folder = modelPath.slice(0, modelPath.lastIndexOf("/") + 1);
  return {
    modelTopology: json.modelTopology,
    ...(json.signature && { signature: json.signature }),
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: json.weightsManifest.flatMap(({ paths }) => paths.map((path) => bytes(folder + path).buffer)),
  };
}
