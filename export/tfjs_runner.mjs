// Runs exported graph models in TensorFlow.js on files of raw float32 numbers, for export/tfjs_runtime.py.
//
//   node tfjs_runner.mjs NODE_MODULES BACKEND        BACKEND: wasm or cpu
//
// One JSON object a line. First it says { runtime }; then it answers every request from standard input,
//   { model, feeds: { tensor: { file, shape } }, outputs: [ { tensor, file } ] }
// with { shapes: [ ... ] } once the outputs' files are written, or with { error }. `model` is the path of a
// model.json, which is loaded once; a fed tensor may be any node of the graph.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";

const [nodeModules, backendName] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(nodeModules), "resolve-from-here.js"));
const core = require("@tensorflow/tfjs-core");
const converter = require("@tensorflow/tfjs-converter");
const backend = require(`@tensorflow/tfjs-backend-${backendName}`);
if (backendName === "wasm") {
  const home = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  backend.setWasmPaths(`${home}/dist/`);
}
if (!(await core.setBackend(backendName))) {
  throw new Error(`TensorFlow.js has no working backend ${backendName}`);
}

function bytes(file) {
  const read = readFileSync(file);
  return read.buffer.slice(read.byteOffset, read.byteOffset + read.byteLength);
}

function fromDisk(modelPath) {
  return {
    async load() {
      const model = JSON.parse(readFileSync(modelPath, "utf8"));
      const shards = model.weightsManifest.flatMap((group) => group.paths);
      const weights = Buffer.concat(shards.map((name) => readFileSync(path.join(path.dirname(modelPath), name))));
      return {
        modelTopology: model.modelTopology,
        weightSpecs: model.weightsManifest.flatMap((group) => group.weights),
        weightData: weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.byteLength),
        signature: model.signature,
        format: model.format,
      };
    },
  };
}

const loaded = new Map();
async function graph(modelPath) {
  if (!loaded.has(modelPath)) {
    loaded.set(modelPath, await converter.loadGraphModel(fromDisk(modelPath)));
  }
  return loaded.get(modelPath);
}

async function answer({ model, feeds, outputs }) {
  const network = await graph(model);
  const inputs = Object.fromEntries(
    Object.entries(feeds).map(([name, { file, shape }]) => [
      name,
      core.tensor(new Float32Array(bytes(file)), shape, "float32"),
    ]),
  );
  const names = outputs.map(({ tensor }) => tensor);
  const results = [network.execute(inputs, names)].flat();
  for (const [index, result] of results.entries()) {
    const values = await result.data();
    writeFileSync(outputs[index].file, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  }
  const shapes = results.map(({ shape }) => shape);
  core.dispose([...results, ...Object.values(inputs)]);
  return { shapes };
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

say({ runtime: `tfjs-${backendName} ${core.version_core}` });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    say(await answer(JSON.parse(line)));
  } catch (error) {
    say({ error: String(error) });
  }
}
