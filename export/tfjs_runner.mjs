// Runs exported graph models in TensorFlow.js on files of raw float32 numbers.
//
//   node tfjs_runner.mjs JOB.json REPORT.json
//
// JOB.json: { nodeModules, backend: "wasm" | "cpu", runs: [{ model, inputs: { tensor: FEED }, output, result,
// repeats }] } `model` is the path of a model.json; FEED is { file, shape }, or { answer: index of an earlier
// run }. REPORT.json: { runtime, runs: [{ shape, milliseconds }] }, milliseconds the fastest of `repeats`
// runs after the first.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [jobPath, reportPath] = process.argv.slice(2);
const job = JSON.parse(readFileSync(jobPath, "utf8"));
const require = createRequire(path.join(path.resolve(job.nodeModules), "resolve-from-here.js"));
const core = require("@tensorflow/tfjs-core");
const converter = require("@tensorflow/tfjs-converter");
const backend = require(`@tensorflow/tfjs-backend-${job.backend}`);
if (job.backend === "wasm") {
  const home = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  backend.setWasmPaths(`${home}/dist/`);
}
if (!(await core.setBackend(job.backend))) {
  throw new Error(`TensorFlow.js has no working backend ${job.backend}`);
}

function floats(file) {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function fromDisk(modelPath) {
  return {
    async load() {
      const model = JSON.parse(readFileSync(modelPath, "utf8"));
      const shards = model.weightsManifest.flatMap((group) => group.paths);
      const weights = Buffer.concat(shards.map((name) => readFileSync(path.join(path.dirname(modelPath),
      name)))); return {
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

const runs = [];
for (const { model, inputs, output, result, repeats = 0 } of job.runs) {
  const network = await graph(model);
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, feed]) => {
      const earlier = "answer" in feed;
      const { file, shape } = earlier ? { file: job.runs[feed.answer].result, ...runs[feed.answer] } : feed;
      return [name, core.tensor(floats(file), shape, "float32")];
    }),
  );
  const answer = network.execute(feeds, output);
  const values = await answer.data();
  writeFileSync(result, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  let milliseconds = null;
  for (let index = 0; index < repeats; index += 1) {
    const start = performance.now();
    const again = network.execute(feeds, output);
    await again.data();
    const elapsed = performance.now() - start;
    milliseconds = milliseconds === null ? elapsed : Math.min(milliseconds, elapsed);
    again.dispose();
  }
  runs.push({ shape: answer.shape, milliseconds });
  core.dispose([answer, ...Object.values(feeds)]);
}
writeFileSync(reportPath, JSON.stringify({ runtime: `tfjs-${job.backend} ${core.version_core}`, runs }));
