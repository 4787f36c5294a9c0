"""Upsampling and convolution as one layer at the lower resolution: smooth, and a quarter of the work."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops


def _bilinear_taps() -> np.ndarray:
    """`[2, 3, 3]`: what fine tap v of a 3-tap filter, at output phase p, takes from coarse tap u: entry `[p, u, v]`.

    Doubling by bilinear interpolation puts fine sample 2i at 1/4 of coarse i-1 and 3/4 of coarse i, and fine sample
    2i+1 at 3/4 of i and 1/4 of i+1. A fine filter at 2i+p reaches the fine samples 2i+p-1 to 2i+p+1, and so the coarse
    samples i-1 to i+1 only.
    """
    taps = np.zeros((2, 3, 3), np.float32)
    for phase in range(2):
        for fine in range(3):
            coarse, odd = divmod(phase + fine - 1, 2)
            neighbour = coarse + 1 if odd else coarse - 1
            taps[phase, coarse + 1, fine] += 0.75
            taps[phase, neighbour + 1, fine] += 0.25
    return taps


@keras.saving.register_keras_serializable(package="impasto")
class BilinearUpsampling2D(keras.layers.Layer):
    """Doubles height and width by bilinear interpolation between pixel centres: `[B, H, W, C]` -> `[B, 2H, 2W, C]`.

    `keras.layers.UpSampling2D` computes the same, but cannot be exported with an unknown height and width.
    """

    def call(self, inputs: Any) -> Any:
        height, width = ops.shape(inputs)[1:3]
        if keras.backend.backend() == "tensorflow":
            import tensorflow as tf  # keras.ops refuses a size that is not known while the graph is traced

            resized = tf.image.resize(inputs, (2 * height, 2 * width), method="bilinear")
            return tf.cast(resized, self.compute_dtype)
        return ops.image.resize(inputs, (2 * height, 2 * width), interpolation="bilinear")

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, channels = input_shape
        return (batch, None if height is None else 2 * height, None if width is None else 2 * width, channels)


@keras.saving.register_keras_serializable(package="impasto")
class UpsampledConv2D(keras.layers.Layer):
    """Doubles height and width by bilinear interpolation, then convolves 3x3: `[B, H, W, C]` -> `[B, 2H, 2W, filters]`.

    Both are linear, so they are computed as one 3x3 convolution at the lower resolution that gives the four output
    pixels of every input position side by side, and a rearrangement. A learned depth-to-space convolution of that
    shape shows a checkerboard; this one cannot, since its four phases share one smooth kernel. The border is continued
    by its own pixels before the interpolation.

    Args:
        filters: Output channels.
        by_rows: Rearrange by moving whole rows of pixels: even and odd output rows are computed side by side, and one
            transposition interleaves them; for batches of one. TensorFlow.js spends 8 ms on a depth-to-space of
            128x128x12 in WebAssembly, 2 ms or more on splitting the two apart, and well under one on this.
        kernel_initializer: Of the fine kernel `[3, 3, C, filters]`.
    """

    def __init__(
        self, filters: int, *, by_rows: bool = False, kernel_initializer: Any = "he_normal", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.filters = int(filters)
        self.by_rows = bool(by_rows)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        self.kernel = self.add_weight(
            name="kernel", shape=(3, 3, input_shape[-1], self.filters), initializer=self.kernel_initializer
        )

    def call(self, inputs: Any) -> Any:
        channels, filters = inputs.shape[-1], self.filters
        taps = ops.cast(_bilinear_taps(), self.compute_dtype)
        kernel = ops.cast(self.kernel, self.compute_dtype)
        phases = ops.einsum("auy,bvx,yxcf->auvcbf", taps, taps, kernel)  # [row phase, 3, 3, C, column phase, filters]
        padded = ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric")
        stacked = ops.reshape(ops.transpose(phases, (1, 2, 3, 0, 4, 5)), (3, 3, channels, 4 * filters))
        convolved = ops.conv(padded, stacked, padding="valid")
        if not self.by_rows:
            return ops.depth_to_space(convolved, 2)
        height, width = ops.shape(inputs)[1:3]
        # [H, W, row phase, column phase and filter] to [H, row phase, W, ...]: in memory 2H rows of 2W pixels.
        rows = ops.transpose(ops.reshape(convolved, (height, -1, 2, 2 * filters)), (0, 2, 1, 3))
        return ops.reshape(rows, (1, 2 * height, 2 * width, filters))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, _ = input_shape
        return (batch, None if height is None else 2 * height, None if width is None else 2 * width, self.filters)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "filters": self.filters,
            "by_rows": self.by_rows,
            "kernel_initializer": keras.initializers.serialize(self.kernel_initializer),
        }
