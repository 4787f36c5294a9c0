/** The places where TensorFlow.js can compute, one of them a page. */
import * as tf from "@tensorflow/tfjs-core";
import threadedUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import simdUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";
import plainUrl from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.wasm?url";
import type { BackendName } from "./contract";

interface Gpu {
  requestAdapter(): Promise<{ info?: { vendor?: string; architecture?: string; description?: string } } | null>;
}

/** The context of the active WebGL backend. */
export function context(): WebGLRenderingContext {
  return (tf.backend() as unknown as { gpgpu: { gl: WebGLRenderingContext } }).gpgpu.gl;
}

/**
 * Makes `name` TensorFlow.js's backend and says what computes: the number of threads, or the name of the renderer.
 * Throws an Error with the reason where it cannot run.
 */
export async function activate(name: BackendName): Promise<string> {
  switch (name) {
    case "wasm":
    case "wasm-threads":
      return await activateWasm(name === "wasm-threads");
    case "webgl": {
      await import("@tensorflow/tfjs-backend-webgl");
      await set("webgl");
      const gl = context();
      const details = gl.getExtension("WEBGL_debug_renderer_info");
      return String(gl.getParameter(details?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
    }
    case "webgpu": {
      const gpu = (navigator as { gpu?: Gpu }).gpu;
      if (gpu === undefined) throw new Error("this browser has no WebGPU");
      const adapter = await gpu.requestAdapter();
      if (adapter === null) throw new Error("no WebGPU adapter");
      await import("@tensorflow/tfjs-backend-webgpu");
      await set("webgpu");
      const { vendor = "", architecture = "", description = "" } = adapter.info ?? {};
      return `${vendor} ${architecture} ${description}`.trim() || "an adapter without a name";
    }
  }
}

async function activateWasm(threads: boolean): Promise<string> {
  const { getThreadsCount, setThreadsCount, setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
  if (threads) {
    if (!globalThis.crossOriginIsolated) throw new Error("the page is not isolated");
    // More than half of the processors TensorFlow.js does not take, whatever is asked for.
    setThreadsCount(Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)));
  } else {
    tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  }
  const absolute = (url: string): string => new URL(url, import.meta.url).href;
  setWasmPaths({
    "tfjs-backend-wasm.wasm": absolute(plainUrl),
    "tfjs-backend-wasm-simd.wasm": absolute(simdUrl),
    "tfjs-backend-wasm-threaded-simd.wasm": absolute(threadedUrl),
  });
  await set("wasm");
  if (!(await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT"))) throw new Error("this browser has no WebAssembly SIMD");
  if (!threads) return "1 thread";
  if (getThreadsCount() < 2) throw new Error("TensorFlow.js takes half of the processors, here one");
  return `${getThreadsCount()} threads`;
}

async function set(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error("could not be initialised");
  await tf.ready();
}
