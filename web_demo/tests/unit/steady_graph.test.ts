import { loadGraphModel, type GraphModel } from "@tensorflow/tfjs-converter";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { beforeAll, describe, expect, it } from "vitest";
import { steadyNode, withSteadyNodes } from "../../src/worker/steady_graph";

const float = { dtype: { type: "DT_FLOAT" } };
const node = (name: string, op: string, ...input: string[]): object => ({ name, op, input, attr: { T: { type: "DT_FLOAT" } } });

/** Two norms, one after the other: scale = x + 1 (reads the picture), shift = scale + 1 (reads the scale); x * scale + shift. */
const topology = {
  node: [
    { name: "x", op: "Placeholder", attr: { ...float, shape: { shape: { dim: [{ size: "1" }] } } } },
    { name: "one", op: "Const", attr: { ...float, value: { tensor: { dtype: "DT_FLOAT", tensorShape: { dim: [{ size: "1" }] } } } } },
    node("scale1", "AddV2", "x", "one"),
    node("shift1", "AddV2", "scale1", "one"),
    node("scaled1", "Mul", "x", "scale1"),
    node("normed1", "AddV2", "scaled1", "shift1"),
    node("scale2", "AddV2", "normed1", "one"),
    node("shift2", "AddV2", "scale2", "one"),
    node("scaled2", "Mul", "normed1", "scale2"),
    node("stylised", "AddV2", "scaled2", "shift2"),
    node("affine", "AddN", "scale1", "shift1", "scale2", "shift2"),
  ],
  versions: { producer: 1 },
};
const affine = ["scale1", "shift1", "scale2", "shift2"];

function load(modelTopology: object): Promise<GraphModel> {
  const weightSpecs = [{ name: "one", shape: [1], dtype: "float32" as const }];
  return loadGraphModel({ load: () => Promise.resolve({ modelTopology, weightSpecs, weightData: Float32Array.of(1).buffer }) });
}

function run(model: GraphModel, feeds: Record<string, number>): { stylised: number; affine: number } {
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, tf.tensor1d([value])]));
  const [stylised, collected] = model.execute(inputs, ["stylised", "affine"]) as [tf.Tensor, tf.Tensor];
  return { stylised: stylised.dataSync()[0] ?? NaN, affine: collected.dataSync()[0] ?? NaN };
}

describe("withSteadyNodes", () => {
  let steady: GraphModel;

  beforeAll(async () => {
    steady = await load(withSteadyNodes(topology, "stylised:0", affine));
  });

  it("changes nothing where nothing is fed", async () => {
    expect(run(steady, { x: 3 })).toEqual(run(await load(topology), { x: 3 }));
  });

  it("paints with what is fed, and still tells what the picture's own would be", () => {
    const given = { scale1: 2, shift1: 10, scale2: 3, shift2: 20 };
    const fed = Object.fromEntries(affine.map((name) => [steadyNode(name), given[name as keyof typeof given]]));
    // Painted: 3 * 2 + 10 = 16, then 16 * 3 + 20. Own: 3 + 1 and 5, then 16 + 1 and 18, of what the first norm was given.
    expect(run(steady, { x: 3, ...fed })).toEqual({ stylised: 68, affine: 4 + 5 + 17 + 18 });
  });

  it("leaves the affine nodes themselves to be fed, for tiles", () => {
    const fed = { scale1: 2, shift1: 10, scale2: 3, shift2: 20 };
    expect(run(steady, { x: 3, ...fed }).stylised).toBe(68);
  });

  it("does not touch the topology that it is given", () => {
    const before = JSON.stringify(topology);
    withSteadyNodes(topology, "stylised", affine);
    expect(JSON.stringify(topology)).toBe(before);
  });
});
