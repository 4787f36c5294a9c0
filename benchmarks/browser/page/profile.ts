/** Where a network's time goes, kernel by kernel. */
import * as tf from "@tensorflow/tfjs-core";
import { context } from "./backends";
import type { KernelTime } from "./contract";
import { watching } from "./kernels";
import type { Network } from "./networks";

const RUNS = 3;

/**
 * Mean milliseconds of one run by kind and shape of kernel, longest first. On WebGL every kernel is waited for, so
 * the sum is more than an undisturbed run. WebGPU cannot be waited for from inside a kernel: throws an Error there.
 */
export async function profile(network: Network, size: number): Promise<KernelTime[]> {
  const backend = tf.getBackend();
  if (backend === "webgpu") throw new Error("kernels cannot be timed on WebGPU");
  const totals = new Map<string, { calls: number; milliseconds: number }>();
  const pixel = new Float32Array(4);
  const wait = (): void => {
    if (backend !== "webgl") return;
    // Reading a pixel of what was drawn last: finish() may return early.
    const gl = context();
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, pixel);
  };
  const time = async (): Promise<void> => {
    for (let i = 0; i < RUNS; i++) await network.run(size);
  };
  await time();
  let depth = 0;
  await watching((kernel, { inputs }, call) => {
    if (depth > 0) return call();
    depth++;
    const start = performance.now();
    try {
      const result = call();
      wait();
      // Not all that kernels give has a shape, whatever its type says.
      const shape = (info: { readonly shape?: readonly number[] } | undefined): string => info?.shape?.join("x") ?? "";
      const first = [inputs["x"], inputs["a"], inputs["images"], inputs["filter"]].filter((info) => info !== undefined);
      const outputs = Array.isArray(result) ? result : [result];
      const key = `${kernel}|${first.map(shape).join(" * ")} -> ${outputs.length > 1 ? "..." : shape(outputs[0])}`;
      const entry = totals.get(key) ?? { calls: 0, milliseconds: 0 };
      totals.set(key, { calls: entry.calls + 1, milliseconds: entry.milliseconds + performance.now() - start });
      return result;
    } finally {
      depth--;
    }
  }, time);
  return [...totals]
    .map(([key, { calls, milliseconds }]) => {
      const [kernel = "", detail = ""] = key.split("|");
      return { kernel, detail, calls: calls / RUNS, milliseconds: milliseconds / RUNS };
    })
    .sort((a, b) => b.milliseconds - a.milliseconds);
}
