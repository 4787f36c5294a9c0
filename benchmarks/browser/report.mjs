/** Results as Markdown. */
import { megabytes, verdicts } from "./bars.mjs";

/**
 * @typedef {import("./measure.mjs").Results} Results
 * @typedef {import("./measure.mjs").Ratio} Ratio
 */

const KERNELS = 25;

/**
 * @param {Results} results
 * @returns {string}
 */
export function markdown(results) {
  const { machine } = results;
  const versions = Object.entries(results.versions).map(([name, version]) => `${name} ${version}`);
  const lines = [
    `${results.date.slice(0, 10)}, ${machine.cpu}, ${machine.processors} processors, ${versions.join(", ")}. ` +
      Object.entries(results.devices).map(([backend, device]) => `${backend}: ${device}`).join("; ") + ".",
    `Load average ${machine.load.map((load) => load.toFixed(1)).join(" before, ")} after. The contestants run in turn, so the ratios ` +
      "of single-threaded backends hold on a busy machine too; milliseconds and cold starts mean little there.",
    "",
    ...table(
      ["backend", "size", "model", "peer ms", "ours ms", "convolutions ms", "peer / ours", "ours / own convolutions", "rounds"],
      results.rows.map((row) => [
        row.backend,
        row.size,
        row.model,
        row.peerMs.toFixed(1),
        row.oursMs.toFixed(1),
        row.convolutionsMs.toFixed(1),
        range(row.peerOverOurs),
        range(row.oursOverConvolutions),
        row.rounds,
      ]),
    ),
    "Medians. Ratios are of round against round: the median, and in brackets the middle half.",
    "",
  ];
  if (results.cold.length > 0) lines.push(...coldTable(results));
  lines.push(...downloadTable(results));
  lines.push(...table(["bar", "model", "measured", "met"], verdicts(results).map((v) => [v.bar, v.model, v.measured, v.met ? "yes" : "**no**"])));
  for (const [backend, reason] of Object.entries(results.failures)) lines.push("", `Not measured, ${backend}: ${reason}.`);
  for (const profile of results.profiles) lines.push("", ...profileTable(profile));
  return lines.join("\n") + "\n";
}

/**
 * @param {Results} results
 * @returns {string[]}
 */
function coldTable({ cold, styles }) {
  const rows = cold.map(({ backend, name, load, firstRun, style, memory }) => {
    const warm = styles.find((entry) => entry.backend === backend && entry.model === name);
    return [
      backend,
      name,
      (load + firstRun).toFixed(0),
      load.toFixed(0),
      firstRun.toFixed(0),
      style?.toFixed(0) ?? "-",
      warm?.ms.toFixed(0) ?? "-",
      megabytes(memory.peak),
      megabytes(memory.added),
    ];
  });
  const head = ["backend", "network", "cold start ms", "load", "first run", "first style ms", "next style ms", "peak MB", "of it added MB"];
  return [
    ...table(head, rows),
    "Cold start: a fresh browser's backend is ready; the transformer is fetched, parsed and run once at 256 px. First style: predictor and",
    "conditioning fetched, parsed and run. Peak: memory of the page's process and the GPU's, up to and including the largest size;",
    "added: beyond what they held when the backend was ready.",
    "",
  ];
}

/**
 * @param {Results} results
 * @returns {string[]}
 */
function downloadTable({ peer, models }) {
  const rows = [{ name: "peer", download: peer }, ...models].map(({ name, download: { transformer, style, gzip } }) => [
    name,
    megabytes(transformer),
    style === null ? "-" : megabytes(style),
    megabytes(transformer + (style ?? 0)),
    megabytes(gzip),
  ]);
  return [...table(["network", "transformer MB", "predictor and conditioning MB", "together MB", "together, gzip MB"], rows), ""];
}

/**
 * @param {import("./measure.mjs").Profile} profile
 * @returns {string[]}
 */
function profileTable({ backend, model, size, kernels }) {
  const total = kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  return [
    `${model} on ${backend} at ${size} px, kernel by kernel, each waited for: ${total.toFixed(1)} ms in all.`,
    "",
    ...table(
      ["ms", "calls", "kernel", "shapes"],
      kernels.slice(0, KERNELS).map((k) => [k.milliseconds.toFixed(2), k.calls, k.kernel, k.detail]),
    ),
  ];
}

/**
 * @param {Ratio} ratio
 * @returns {string}
 */
function range({ ratio, low, high }) {
  return `${ratio.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/**
 * @param {string[]} head
 * @param {(string | number)[][]} rows
 * @returns {string[]}
 */
function table(head, rows) {
  const line = (/** @type {(string | number)[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""];
}
