/** Choosing where the arithmetic runs: WebGPU, WebGL, WebAssembly or plain JavaScript, in this order. */
import * as tf from "@tensorflow/tfjs-core";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import plainUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import type { BackendName } from "../shared/protocol";
import { watchForLoss } from "./loss";
import { guardMemory, listenForFailures } from "./memory";

/** TensorFlow.js computes with half the logical processors; with fewer than this, its threads are one, and only cost. */
const FEWEST_PROCESSORS_FOR_THREADS = 4;

/**
 * Makes `name` TensorFlow.js's backend. Each backend is its own chunk, fetched only when tried.
 * Throws an Error with a reason where it cannot run, or where a GPU is only imitated by the processor
 * (slower than WebAssembly) and the visitor did not ask for it by name.
 */
export async function activate(name: BackendName, asked: boolean): Promise<void> {
  const software = await imitationOf(name);
  if (software !== null && !asked) throw new Error(`only a software renderer (${software})`);
  await register(name);
  listenForFailures();
  if (!(await tf.setBackend(name))) throw new Error("could not be initialised");
  await tf.ready();
  guardMemory();
  watchForLoss(name);
}

/** How many threads the active backend computes with. */
export async function threadCount(): Promise<number> {
  if (tf.getBackend() !== "wasm") return 1;
  const { getThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
  return Math.max(1, getThreadsCount());
}

async function register(name: BackendName): Promise<void> {
  switch (name) {
    case "webgpu":
      await import("@tensorflow/tfjs-backend-webgpu");
      break;
    case "webgl":
      await import("@tensorflow/tfjs-backend-webgl");
      break;
    case "wasm": {
      const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
      const absolute = (url: string): string => new URL(url, import.meta.url).href;
      setWasmPaths({
        "tfjs-backend-wasm.wasm": absolute(plainUrl),
        "tfjs-backend-wasm-simd.wasm": absolute(simdUrl),
        "tfjs-backend-wasm-threaded-simd.wasm": absolute(threadedUrl),
      });
      if (navigator.hardwareConcurrency < FEWEST_PROCESSORS_FOR_THREADS) tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
      break;
    }
    case "cpu":
      await import("@tensorflow/tfjs-backend-cpu");
  }
}

interface Gpu {
  requestAdapter(): Promise<{ readonly info?: { readonly isFallbackAdapter?: boolean; readonly description?: string } } | null>;
}

/** The name of the software renderer behind a GPU interface, null for a real GPU; throws where there is no such interface. */
async function imitationOf(name: BackendName): Promise<string | null> {
  if (name === "webgpu") {
    const gpu = (navigator as { gpu?: Gpu }).gpu;
    if (gpu === undefined) throw new Error("this browser has no WebGPU");
    const adapter = await gpu.requestAdapter();
    if (adapter === null) throw new Error("no adapter");
    const description = adapter.info?.description ?? "";
    return adapter.info?.isFallbackAdapter === true || isSoftware(description) ? description || "fallback adapter" : null;
  }
  if (name === "webgl") {
    const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
    if (gl === null) throw new Error("no WebGL 2 context");
    const details = gl.getExtension("WEBGL_debug_renderer_info");
    const renderer = String(gl.getParameter(details?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
    gl.getExtension("WEBGL_lose_context")?.loseContext();
    return isSoftware(renderer) ? renderer : null;
  }
  return null;
}

function isSoftware(renderer: string): boolean {
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
