/** The page's side of the benchmark: run.mjs calls what is here. */
import type { Bench, Times } from "./contract";
import { activate } from "./backends";
import { Convolutions } from "./convolutions";
import { Network, StyleNetworks } from "./networks";
import { profile } from "./profile";

declare global {
  var bench: Bench;
}

const FEWEST_ROUNDS = 3;
const networks = new Map<string, Network>();
const styles = new Map<string, StyleNetworks>();

function network(name: string): Network {
  const found = networks.get(name);
  if (found === undefined) throw new Error(`no network is called ${name}`);
  return found;
}

globalThis.bench = {
  activate,

  async load(contestants, pictures) {
    for (const contestant of contestants) {
      const loaded = await Network.load(contestant, pictures);
      networks.set(contestant.name, loaded);
      if (contestant.style === undefined) continue;
      const style = await StyleNetworks.load(contestant.style, pictures);
      styles.set(contestant.name, style);
      loaded.useStyle(style.vector());
    }
  },

  async measure(size, rounds, seconds, bare) {
    const runners = new Map<string, () => Promise<void>>();
    for (const [name, loaded] of networks) {
      await loaded.prepare(size);
      runners.set(name, () => loaded.run(size));
    }
    const alone: Convolutions[] = [];
    for (const name of bare) {
      const convolutions = await Convolutions.of(network(name), size);
      alone.push(convolutions);
      runners.set(`${name}: convolutions`, () => convolutions.run());
    }
    const times: Times = Object.fromEntries([...runners.keys()].map((name) => [name, []]));
    for (const run of runners.values()) await run(); // shaders, packed weights
    const end = performance.now() + 1000 * seconds;
    for (let round = 0; round < rounds; round++) {
      if (round >= FEWEST_ROUNDS && performance.now() > end) break;
      for (const [name, run] of runners) times[name]?.push(await timed(run));
    }
    for (const convolutions of alone) convolutions.dispose();
    return times;
  },

  async measureStyle(name, rounds) {
    const style = styles.get(name);
    if (style === undefined) throw new Error(`${name} has no style predictor`);
    const times: number[] = [];
    for (let round = -1; round < rounds; round++) {
      const time = await timed(() => style.run());
      if (round >= 0) times.push(time);
    }
    return times;
  },

  profile: async (name, size) => {
    await network(name).prepare(size);
    return profile(network(name), size);
  },

  async coldStart(contestant, pictures, size) {
    let loaded: Network | undefined;
    const load = await timed(async () => void (loaded = await Network.load(contestant, pictures)));
    const cold = loaded;
    if (cold === undefined) throw new Error("nothing was loaded");
    networks.set(contestant.name, cold);
    await cold.prepare(size);
    const firstRun = await timed(() => cold.run(size));
    const { style } = contestant;
    if (style === undefined) return { load, firstRun, style: null };
    return { load, firstRun, style: await timed(async () => (await StyleNetworks.load(style, pictures)).run()) };
  },
};

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}
