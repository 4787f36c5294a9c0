/** `node benchmarks/browser/run.mjs --help` */
import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { contestant } from "./contestants.mjs";
import { measure } from "./measure.mjs";
import { ROOT } from "./packages.mjs";
import { markdown } from "./report.mjs";
import { site } from "./site.mjs";

/** @typedef {import("./page/contract").BackendName} BackendName */

const BACKENDS = /** @type {const} */ (["wasm", "wasm-threads", "webgl", "webgpu"]);
const SHARED = process.env["IMPASTO_SHARED"] ?? path.join(ROOT, "..", "shared");
const PHOTOS = path.join(ROOT, "web_demo", "public", "samples", "photos");

const HELP = `Measures Impasto's networks in a browser, side by side with the published separable transformer.

Both run in one headless Chromium, on one backend, in turn (a b a b ...): WebAssembly with one thread and with half of the
processors, WebGL, and WebGPU when asked for (both on a software rasteriser, where WebGPU takes minutes for one picture).
Prints Markdown and writes it, with a JSON file of all figures, to the --out folder. Takes about ten minutes.

  node benchmarks/browser/run.mjs
  node benchmarks/browser/run.mjs --backends webgpu --sizes 256 --rounds 3 --cold 0
  node benchmarks/browser/run.mjs --backends wasm --sizes 256
  node benchmarks/browser/run.mjs --model fast=web_demo/public/model --model fine=web_demo/public/model/fine/transformer/model.json
  node benchmarks/browser/run.mjs --model student=web_demo/public/model --model other=runs/other/tfjs/transformer/model.json

Options
  --model NAME=FOLDER   an export for tfjs, or NAME=FOLDER/model.json, a bare transformer whose inputs are a picture and
                        a vector; may be repeated (default impasto=web_demo/public/model)
  --peer PATH           folder or model.json of the peer (default peers/nakano_separable in ../shared or $IMPASTO_SHARED)
  --backends LIST       of ${BACKENDS.join(",")} (default wasm,wasm-threads,webgl)
  --sizes LIST          sides of the pictures in pixels, multiples of 16 (default 256,512)
  --rounds N            of interleaved runs (default 15)
  --seconds N           a backend and size ends after this, past three rounds (default 60)
  --cold N              cold starts of every network and backend, each in a fresh browser (default 3)
  --profile             also times every kernel
  --out FOLDER          gets browser.json and browser.md (default build/benchmarks)
`;

async function main() {
  const { values } = parseArgs({
    options: {
      model: { type: "string", multiple: true },
      peer: { type: "string", default: path.join(SHARED, "peers", "nakano_separable") },
      backends: { type: "string", default: "wasm,wasm-threads,webgl" },
      sizes: { type: "string", default: "256,512" },
      rounds: { type: "string", default: "15" },
      seconds: { type: "string", default: "60" },
      cold: { type: "string", default: "3" },
      profile: { type: "boolean", default: false },
      out: { type: "string", default: path.join(ROOT, "build", "benchmarks") },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const peerFile = values.peer.endsWith(".json") ? values.peer : path.join(values.peer, "model.json");
  const peer = contestant(`peer=${peerFile}`);
  const models = (values.model ?? [`impasto=${path.join(ROOT, "web_demo", "public", "model")}`]).map(contestant);
  const names = ["peer", ...models.map((entry) => entry.contestant.name)];
  if (new Set(names).size < names.length) throw new Error(`--model: every name is wanted once, and not "peer", got ${names.join(", ")}`);
  const backends = values.backends.split(",").map((name) => {
    const known = BACKENDS.find((backend) => backend === name);
    if (known === undefined) throw new Error(`--backends: expected some of ${BACKENDS.join(", ")}, got ${name}`);
    return known;
  });
  const sizes = values.sizes.split(",").map((size) => whole("sizes", size, 16));

  const folders = new Map([peer, ...models].map(({ contestant: { name }, folder }) => [`models/${name}`, folder]));
  folders.set("photos", PHOTOS);
  const photo = (/** @type {string} */ name) => (existsSync(path.join(PHOTOS, name)) ? `photos/${name}` : null);
  const say = (/** @type {string} */ line) => void process.stderr.write(`${line}\n`);
  say("building the page");
  const { address, close } = await site(folders);
  try {
    const results = await measure({
      address,
      pictures: { content: photo("astronaut.jpg"), style: photo("coffee.jpg") },
      peer,
      models,
      backends,
      sizes,
      rounds: whole("rounds", values.rounds, 1),
      seconds: whole("seconds", values.seconds, 1),
      coldStarts: values.cold === "0" ? 0 : whole("cold", values.cold, 1),
      profile: values.profile,
      say,
    });
    const text = markdown(results);
    write(values.out, "browser.json", JSON.stringify(results, null, 1) + "\n");
    write(values.out, "browser.md", text);
    process.stdout.write(text);
  } finally {
    await close();
  }
}

/**
 * @param {string} option
 * @param {string} text
 * @param {number} multiple
 * @returns {number}
 */
function whole(option, text, multiple) {
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0 || value % multiple !== 0) {
    throw new Error(`--${option}: expected positive multiples of ${multiple}, got ${text}`);
  }
  return value;
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 */
function write(folder, name, text) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, `${name}.part`), text);
  renameSync(path.join(folder, `${name}.part`), path.join(folder, name));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
