/** Looking at the kernels of the active backend while they run. */
import * as tf from "@tensorflow/tfjs-core";

type Watch = (name: string, params: Parameters<tf.KernelFunc>[0], call: () => ReturnType<tf.KernelFunc>) => ReturnType<tf.KernelFunc>;

/** Runs `body` with `watch` around every kernel of the active backend. */
export async function watching<T>(watch: Watch, body: () => Promise<T>): Promise<T> {
  const backend = tf.getBackend();
  const originals = tf.getKernelsForBackend(backend);
  const replace = (kernels: tf.KernelConfig[]): void => {
    for (const kernel of kernels) {
      tf.unregisterKernel(kernel.kernelName, backend);
      tf.registerKernel(kernel);
    }
  };
  replace(
    originals.map((kernel) => ({
      ...kernel,
      // Set-up of backends is done once, when they start.
      setupFunc: () => undefined,
      disposeFunc: () => undefined,
      kernelFunc: (params) => watch(kernel.kernelName, params, () => kernel.kernelFunc(params)),
    })),
  );
  try {
    return await body();
  } finally {
    replace(originals.map((kernel) => ({ ...kernel, setupFunc: () => undefined })));
  }
}
