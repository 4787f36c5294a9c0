/** Telling when the graphics processor is lost: its driver restarts, the machine sleeps, another page takes all of it. */
import * as tf from "@tensorflow/tfjs-core";
import type { BackendName } from "../shared/protocol";

/** What there is of the backends' insides that this file looks at. */
interface Insides {
  readonly gpgpu?: { readonly gl: { readonly canvas: EventTarget } };
  readonly device?: { readonly lost: Promise<{ readonly reason?: string }> };
}

let lost: BackendName | null = null;
let listener: (backend: BackendName) => void = () => undefined;

/** Calls `tell` as soon as the active backend's graphics processor is lost, whether or not something is computed. */
export function onLoss(tell: (backend: BackendName) => void): void {
  listener = tell;
}

/** Whether the active backend can compute nothing any more. */
export function isLost(): boolean {
  return lost !== null && lost === tf.getBackend();
}

/** Watches the backend `name`, which is the active one. */
export function watchForLoss(name: BackendName): void {
  const { gpgpu, device } = tf.backend() as Insides;
  const tell = (): void => {
    if (tf.getBackend() !== name) return;
    lost = name;
    listener(name);
  };
  gpgpu?.gl.canvas.addEventListener("webglcontextlost", tell);
  // A device that is destroyed was given up by TensorFlow.js itself.
  void device?.lost.then(({ reason }) => {
    if (reason !== "destroyed") tell();
  });
}
