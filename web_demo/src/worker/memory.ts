/** Telling when memory has run out, which TensorFlow.js does not. */
import * as tf from "@tensorflow/tfjs-core";
import { CodedError } from "../shared/protocol";

export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
}

/** What there is of the backends' insides that this file looks at. */
interface Insides {
  readonly wasm?: { _malloc(bytes: number): number; _free(address: number): void };
  readonly gpgpu?: { readonly gl: WebGL2RenderingContext };
}

/** What XNNPACK, which computes for WebAssembly, has said since `beginRun`; its results are worth nothing then. */
let failure: Error | null = null;
let listening = false;

/**
 * Listens to XNNPACK, whose only way to tell that it could not compute is a warning on the console. To be called before
 * the WebAssembly backend starts, since that keeps the console's function.
 */
export function listenForFailures(): void {
  if (listening) return;
  listening = true;
  const warn = console.warn.bind(console);
  console.warn = (...parts: unknown[]) => {
    const status = /XNN status .*not successful.*status (\d+)/.exec(String(parts[0]))?.[1];
    if (status === undefined) warn(...parts);
    // xnn_status_out_of_memory
    else failure = status === "6" ? new OutOfMemory("WebAssembly has no memory left") : new Error(String(parts[0]));
  };
}

/**
 * Makes the active backend throw `OutOfMemory` where WebAssembly has no memory left: TensorFlow.js takes the null
 * address that it is given then for a good one, and writes over what lies there.
 */
export function guardMemory(): void {
  const { wasm } = tf.backend() as Insides;
  if (wasm === undefined) return;
  // The first call replaces the function by another.
  wasm._free(wasm._malloc(8));
  const allocate = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const address = allocate(bytes);
    if (address === 0) throw new OutOfMemory(`no ${bytes} bytes are left for WebAssembly`);
    return address;
  };
}

/** To be called before a run: forgets what went wrong in those before it. */
export function beginRun(): void {
  failure = null;
}

/**
 * To be called after a run: throws where its results are worth nothing, though nothing was thrown. A GPU whose memory is
 * short drops everything, and gives zeros from then on.
 */
export function checkRun(): void {
  if (failure !== null) throw failure;
  const { gpgpu } = tf.backend() as Insides;
  if (gpgpu?.gl.isContextLost() === true) throw new CodedError("context-lost", "the graphics processor stopped working for this page");
}

export function isOutOfMemory(error: unknown): boolean {
  // Engines say it in a RangeError: "Array buffer allocation failed", "Invalid typed array length", "Out of memory".
  return error instanceof OutOfMemory || (error instanceof RangeError && /out of memory|allocation|array length|too large/i.test(error.message));
}
