/** Telling when memory has run out, which TensorFlow.js does not. */
import * as tf from "@tensorflow/tfjs-core";

export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
}

/** What there is of the backends' insides that this file looks at. */
interface Insides {
  readonly wasm?: { _malloc(bytes: number): number; _free(address: number): void };
  readonly gpgpu?: { readonly gl: WebGL2RenderingContext };
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

/** Throws where the GPU has dropped everything, which it does when its memory is short; results are zeros from then on. */
export function checkGpu(): void {
  const { gpgpu } = tf.backend() as Insides;
  if (gpgpu?.gl.isContextLost() === true) throw new Error("the graphics processor stopped working for this page");
}

export function isOutOfMemory(error: unknown): boolean {
  // Engines say it in a RangeError: "Array buffer allocation failed", "Invalid typed array length", "Out of memory".
  return error instanceof OutOfMemory || (error instanceof RangeError && /out of memory|allocation|array length|too large/i.test(error.message));
}
