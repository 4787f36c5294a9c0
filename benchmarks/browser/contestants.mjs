/** What is measured: exports with a manifest, and bare graph models. */
import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

/**
 * @typedef {import("./page/contract").Contestant} Contestant
 * @typedef {import("./page/contract").Graph} Graph
 * @typedef {{ contestant: Contestant, folder: string, download: Download }} Entry
 * @typedef {{ transformer: number, style: number | null, gzip: number }} Download  bytes; gzip: of all of it
 */

/**
 * Reads `NAME=FOLDER` (an export, manifest version 3) or `NAME=FOLDER/model.json` (a bare transformer); NAME may be absent.
 *
 * @param {string} argument
 * @returns {Entry}
 */
export function contestant(argument) {
  const equals = argument.indexOf("=");
  const location = path.resolve(argument.slice(equals + 1));
  const bare = location.endsWith(".json");
  const folder = bare ? path.dirname(location) : location;
  const name = equals > 0 ? argument.slice(0, equals) : path.basename(folder);
  return bare ? bareGraph(name, folder, path.basename(location)) : exported(name, folder);
}

/**
 * @param {string} name
 * @param {string} folder
 * @returns {Entry}
 */
function exported(name, folder) {
  const file = path.join(folder, "manifest.json");
  const manifest = readJson(file);
  if (manifest.runtime !== "tfjs" || manifest.version !== 3 || manifest.transformer?.inputs?.conditioning === undefined) {
    throw new Error(`${file}: expected an Impasto export for tfjs with a conditioning network (version 3)`);
  }
  const { predictor, conditioning, transformer } = manifest;
  const { content, conditioning: vector } = transformer.inputs;
  /** @type {(part: any, inputs: Record<string, string>, output: string) => Graph} */
  const graph = (part, inputs, output) => ({ url: `models/${name}/${part.model}`, inputs, output: part.outputs[output] });
  return {
    folder,
    contestant: {
      name,
      transformer: graph(transformer, { content, vector }, "stylised"),
      vectorShape: [1, manifest.conditioning_size],
      style: {
        predictor: graph(predictor, predictor.inputs, "embedding"),
        conditioning: graph(conditioning, conditioning.inputs, "conditioning"),
        size: manifest.preprocessing.style.short_side,
      },
    },
    download: {
      transformer: bytesOf(folder, transformer.files),
      style: bytesOf(folder, predictor.files) + bytesOf(folder, conditioning.files),
      gzip: gzipped(folder, [predictor, conditioning, transformer].flatMap((part) => part.files.map(pathOf))),
    },
  };
}

/**
 * A graph whose one input of three channels is the picture and whose other input is the style's vector.
 *
 * @param {string} name
 * @param {string} folder
 * @param {string} model
 * @returns {Entry}
 */
function bareGraph(name, folder, model) {
  const file = path.join(folder, model);
  const { modelTopology, weightsManifest, signature } = readJson(file);
  /** @type {{ name: string, shape: number[] }[]} */
  const inputs = modelTopology.node
    .filter((/** @type {any} */ node) => node.op === "Placeholder")
    .map((/** @type {any} */ node) => ({
      name: node.name,
      shape: (node.attr.shape.shape.dim ?? []).map((/** @type {any} */ d) => Number(d.size)),
    }));
  const content = inputs.find(({ shape }) => shape.length !== 2 && shape.at(-1) !== 100);
  const vector = inputs.find((input) => input !== content);
  if (content === undefined || vector === undefined || inputs.length !== 2) {
    throw new Error(`${file}: expected two inputs, a picture and a vector, found ${JSON.stringify(inputs)}`);
  }
  const output = signature?.outputs?.stylised?.name;
  const files = [model, ...weightsManifest.flatMap((/** @type {{ paths: string[] }} */ group) => group.paths)];
  return {
    folder,
    contestant: {
      name,
      transformer: {
        url: `models/${name}/${model}`,
        inputs: { content: content.name, vector: vector.name },
        ...(output === undefined ? {} : { output }),
      },
      vectorShape: vector.shape.map((size) => Math.max(1, size)),
    },
    download: {
      transformer: bytesOf(folder, files.map((name) => ({ path: name }))),
      style: null,
      gzip: gzipped(folder, files),
    },
  };
}

/**
 * @param {string} folder
 * @param {{ path: string }[]} files
 * @returns {number}
 */
function bytesOf(folder, files) {
  return files.reduce((sum, file) => sum + statSync(path.join(folder, pathOf(file))).size, 0);
}

/**
 * @param {string} folder
 * @param {string[]} files
 * @returns {number}
 */
function gzipped(folder, files) {
  return files.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(folder, file))).length, 0);
}

/**
 * @param {{ path: string }} file
 * @returns {string}
 */
function pathOf(file) {
  return file.path;
}

/**
 * @param {string} file
 * @returns {any}
 */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Error(`${file}: expected JSON (${error instanceof Error ? error.message : error})`, { cause: error });
  }
}
