/** The measurements, backend by backend, each contestant in turn. */
import os from "node:os";
import { withPage } from "./browser.mjs";
import { versionOf } from "./packages.mjs";
import { median, ratio } from "./statistics.mjs";

/**
 * @typedef {import("./page/contract").BackendName} BackendName
 * @typedef {import("./contestants.mjs").Entry} Entry
 * @typedef {ReturnType<typeof ratio>} Ratio
 * @typedef {{ backend: BackendName, size: number, model: string, rounds: number, peerMs: number, oursMs: number,
 *   convolutionsMs: number, peerOverOurs: Ratio, oursOverConvolutions: Ratio }} Row
 * @typedef {{ backend: BackendName, name: string, load: number, firstRun: number, style: number | null,
 *   memory: { peak: number, added: number } }} Cold  ms, bytes
 * @typedef {{ backend: BackendName, model: string, size: number, kernels: import("./page/contract").KernelTime[] }} Profile
 * @typedef {{ cpu: string, processors: number, memory: number, load: number[] }} Machine  load: before and after
 * @typedef {{ date: string, machine: Machine, versions: Record<string, string>, devices: Record<string, string>,
 *   failures: Record<string, string>, peer: Entry["download"], models: { name: string, download: Entry["download"] }[],
 *   rows: Row[], cold: Cold[], styles: { backend: BackendName, model: string, ms: number }[], profiles: Profile[] }} Results
 *
 * @typedef {object} Plan
 * @property {string} address  of the page
 * @property {import("./page/contract").Pictures} pictures
 * @property {Entry} peer
 * @property {Entry[]} models
 * @property {BackendName[]} backends
 * @property {number[]} sizes
 * @property {number} rounds
 * @property {number} seconds  after which, past three rounds, one backend and size ends
 * @property {number} coldStarts  fresh browsers for every contestant; 0: none
 * @property {boolean} profile
 * @property {(line: string) => void} say
 */

const COLD_SIZE = 256;

/**
 * Measures everything planned. A backend that cannot run is named in `failures` with the reason.
 *
 * @param {Plan} plan
 * @returns {Promise<Results>}
 */
export async function measure(plan) {
  /** @type {Results} */
  const results = {
    date: new Date().toISOString(),
    machine: { cpu: os.cpus()[0]?.model.trim() ?? "unknown", processors: os.cpus().length, memory: os.totalmem(), load: [load()] },
    versions: {
      node: process.versions.node,
      tfjs: versionOf("@tensorflow/tfjs-core"),
      "playwright-core": versionOf("playwright-core"),
      vite: versionOf("vite"),
    },
    devices: {},
    failures: {},
    peer: plan.peer.download,
    models: plan.models.map(({ contestant, download }) => ({ name: contestant.name, download })),
    rows: [],
    cold: [],
    styles: [],
    profiles: [],
  };
  for (const backend of plan.backends) {
    try {
      if (plan.coldStarts > 0) results.cold.push(...(await coldStarts(plan, backend)));
      await warmRuns(plan, backend, results);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const reason = (message.split("\n")[0] ?? "").replace(/^page\.evaluate: (Error: )?/, "");
      plan.say(`${backend}: ${reason}`);
      results.failures[backend] = reason;
    }
  }
  results.machine.load.push(load());
  return results;
}

/**
 * @param {Plan} plan
 * @param {BackendName} backend
 * @param {Results} results  which this adds to
 * @returns {Promise<void>}
 */
async function warmRuns(plan, backend, results) {
  const contestants = [plan.peer, ...plan.models].map((entry) => entry.contestant);
  const names = plan.models.map((entry) => entry.contestant.name);
  await withPage(plan.address, backend, async (page) => {
    results.versions["chromium"] = page.version;
    results.devices[backend] = page.device;
    await page.call("load", contestants, plan.pictures);
    for (const size of plan.sizes) {
      const times = await page.call("measure", size, plan.rounds, plan.seconds, names);
      for (const model of names) {
        const [peer, ours, alone] = [plan.peer.contestant.name, model, `${model}: convolutions`].map((name) => times[name] ?? []);
        if (!peer?.length || !ours?.length || !alone?.length) throw new Error(`nothing was measured at ${size} pixels`);
        results.rows.push({
          backend,
          size,
          model,
          rounds: ours.length,
          peerMs: median(peer),
          oursMs: median(ours),
          convolutionsMs: median(alone),
          peerOverOurs: ratio(peer, ours),
          oursOverConvolutions: ratio(ours, alone),
        });
        plan.say(`${backend} ${size}: ${model} ${median(ours).toFixed(1)} ms, peer ${ratio(peer, ours).ratio.toFixed(2)} times that`);
      }
    }
    for (const { contestant } of plan.models.filter(({ contestant }) => contestant.style)) {
      const ms = median(await page.call("measureStyle", contestant.name, Math.min(plan.rounds, 7)));
      results.styles.push({ backend, model: contestant.name, ms });
    }
    if (!plan.profile) return;
    for (const { name } of backend === "webgpu" ? [] : contestants) {
      for (const size of plan.sizes) {
        results.profiles.push({ backend, model: name, size, kernels: await page.call("profile", name, size) });
      }
    }
  });
}

/**
 * Every contestant in browsers of its own, in turn.
 *
 * @param {Plan} plan
 * @param {BackendName} backend
 * @returns {Promise<Cold[]>}
 */
async function coldStarts(plan, backend) {
  const entries = [plan.peer, ...plan.models];
  /** @type {Map<string, Cold[]>} */
  const found = new Map(entries.map(({ contestant }) => [contestant.name, []]));
  for (let round = 0; round < plan.coldStarts; round++) {
    for (const { contestant } of entries) {
      plan.say(`${backend}: cold start ${round + 1} of ${plan.coldStarts}, ${contestant.name}`);
      const cold = await withPage(plan.address, backend, async (page) => {
        const before = await page.memory();
        const times = await page.call("coldStart", contestant, plan.pictures, COLD_SIZE);
        if (round === 0) await page.call("measure", Math.max(...plan.sizes), 1, 0, []);
        const { peak } = await page.memory();
        return { backend, name: contestant.name, ...times, memory: { peak, added: peak - before.now } };
      });
      found.get(contestant.name)?.push(cold);
    }
  }
  return [...found].map(([name, colds]) => ({
    backend,
    name,
    load: median(colds.map(({ load }) => load)),
    firstRun: median(colds.map(({ firstRun }) => firstRun)),
    style: colds.some(({ style }) => style === null) ? null : median(colds.map(({ style }) => style ?? NaN)),
    // Only the first round painted the largest picture.
    memory: colds[0]?.memory ?? { peak: NaN, added: NaN },
  }));
}

/** @returns {number} processes that ran or waited, over the last minute */
function load() {
  return os.loadavg()[0] ?? NaN;
}
