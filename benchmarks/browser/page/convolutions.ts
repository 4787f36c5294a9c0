/** The lower bound of a network's time: its own convolutions, and nothing else. */
import * as tf from "@tensorflow/tfjs-core";
import { watching } from "./kernels";
import { finish, type Network } from "./networks";

interface Convolution {
  readonly kernel: string;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  readonly attributes: tf.NamedAttrMap;
}

const CONVOLUTIONS = ["Conv2D", "FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2D", "Conv2DBackpropInput"];

/** The convolutions of one network at one size, ready to be run alone on random numbers. */
export class Convolutions {
  private constructor(private readonly steps: readonly (Convolution & { readonly inputs: tf.NamedTensorMap })[]) {}

  /** Records the convolutions of one run, with shapes, strides, pads, bias and activation. */
  static async of(network: Network, size: number): Promise<Convolutions> {
    const found: Convolution[] = [];
    await watching(
      (kernel, { inputs, attrs }, call) => {
        if (CONVOLUTIONS.includes(kernel)) {
          // An absent bias is there as undefined.
          const given = Object.entries(inputs).flatMap(([name, info]) => (info === undefined ? [] : [[name, info.shape] as const]));
          const shapes = Object.fromEntries(given);
          if (!isNorm(kernel, shapes)) found.push({ kernel, shapes, attributes: { ...attrs } });
        }
        return call();
      },
      () => network.run(size),
    );
    if (found.length === 0) throw new Error(`${network.contestant.name} has no convolutions`);
    // Every one has tensors of its own, as in the network: backends keep what they prepare by tensor.
    const random = (shape: readonly number[]): tf.Tensor => tf.randomNormal([...shape], 0, 0.1);
    const steps = found.map((step) => ({
      ...step,
      inputs: Object.fromEntries(Object.entries(step.shapes).map(([name, shape]) => [name, random(shape)])),
    }));
    return new Convolutions(steps);
  }

  get count(): number {
    return this.steps.length;
  }

  async run(): Promise<void> {
    let last: tf.Tensor | undefined;
    for (const { kernel, inputs, attributes } of this.steps) {
      last?.dispose();
      last = tf.engine().runKernel<tf.Tensor>(kernel, inputs, attributes);
    }
    if (last !== undefined) await finish(last);
  }

  dispose(): void {
    for (const { inputs } of this.steps) tf.dispose(inputs);
  }
}

/** The norm's scale and shift are written as a 1x1 depthwise convolution; that is not one of the network's own. */
function isNorm(kernel: string, shapes: Convolution["shapes"]): boolean {
  const [height, width] = shapes["filter"] ?? [];
  return kernel.includes("Depthwise") && height === 1 && width === 1;
}
