"""Layers of the transformer as operations that a runtime computes fast; `export.rewriting` says which get which."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from models.inference import InstanceStatistics, ScaleAndShift, SplitConditioning
from models.upsampling import UpsampledConv2D

# Of pixels that a doubling of height and width makes of one, side by side as channels.
PHASES = 4


class ConcatenatedPad2D(keras.layers.Layer):
    """`models.layers.ReflectionPad2D` as slices and concatenations.

    Args:
        padding: `((top, bottom), (left, right))`.
        repeat_border: Reflect about the picture's edge, border pixels repeated, instead of about their middle.
    """

    def __init__(self, padding: Any, *, repeat_border: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.padding = padding
        self.first = 0 if repeat_border else 1

    def call(self, inputs: Any) -> Any:
        x = inputs
        for axis, (before, after) in enumerate(self.padding, start=1):
            leading = [_line(x, axis, index) for index in range(self.first, before + self.first)]
            trailing = [_line(x, axis, -1 - index) for index in range(self.first, after + self.first)]
            if leading or trailing:
                x = ops.concatenate([*reversed(leading), x, *trailing], axis=axis)
        return x


class ConcatenatedUpsampling2D(keras.layers.Layer):
    """`keras.layers.UpSampling2D(2, interpolation="nearest")` as concatenations; converters make worse of repeats."""

    def call(self, inputs: Any) -> Any:
        channels = inputs.shape[-1]
        batch, height, width = ops.shape(inputs)[:3]
        x = ops.reshape(ops.concatenate([inputs, inputs], axis=3), (batch, height, 2 * width * channels))
        return ops.reshape(ops.concatenate([x, x], axis=2), (batch, 2 * height, 2 * width, channels))


class ConvolvedUpsampling2D(keras.layers.Layer):
    """`models.upsampling.BilinearUpsampling2D` as four depthwise convolutions of 2x2 and depth to space.

    A resize to a size that depends on the input's is computed by LiteRT itself, on one thread, and what follows it is
    planned anew in every run.
    """

    def call(self, inputs: Any) -> Any:
        # Neighbours at 1/4 and 3/4, as `models.upsampling` says; a phase looks back, or forward.
        taps = (np.array([0.25, 0.75], np.float32), np.array([0.75, 0.25], np.float32))
        ones = np.ones((1, 1, inputs.shape[-1], 1), np.float32)
        padded = ConcatenatedPad2D(((1, 1), (1, 1)), repeat_border=True)(inputs)
        phases = [
            ops.depthwise_conv(
                padded[:, row : row - 1 or None, column : column - 1 or None],
                ops.convert_to_tensor(np.outer(taps[row], taps[column])[:, :, None, None] * ones),
                padding="valid",
            )
            for row in (0, 1)
            for column in (0, 1)
        ]
        return ops.depth_to_space(ops.concatenate(phases, axis=-1), 2)


class PhasedConv2D(keras.layers.Layer):
    """`models.upsampling.UpsampledConv2D` as one convolution, without the rearranging: `[B, H, W, PHASES filters]`.

    Args:
        layer: Built; its weights are copied.
    """

    def __init__(self, layer: UpsampledConv2D) -> None:
        super().__init__(name=layer.name)
        kernel = stacked_kernel(layer)
        self.pad = ConcatenatedPad2D(((1, 1), (1, 1)), repeat_border=True)
        self.kernel = self.add_weight(
            name="kernel", shape=kernel.shape, initializer=keras.initializers.Constant(kernel)
        )

    def call(self, inputs: Any) -> Any:
        return ops.conv(self.pad(inputs), self.kernel, padding="valid")


class StackedUpsampledConv2D(PhasedConv2D):
    """`models.upsampling.UpsampledConv2D` as one convolution and depth to space, padded by concatenation."""

    def call(self, inputs: Any) -> Any:
        return ops.depth_to_space(super().call(inputs), 2)


class SlicedConditioning(SplitConditioning):
    """`models.inference.SplitConditioning` as one slice a vector; splitting into many is not the library's."""

    def call(self, conditioning: Any) -> list[Any]:
        parts, start = [], 0
        flat = ops.reshape(conditioning, (2 * sum(self.channels),))
        for count in self.channels:
            for _ in ("gamma", "beta"):
                parts.append(flat[start : start + count])
                start += count
        return parts


class RowwiseStatistics(InstanceStatistics):
    """`models.inference.InstanceStatistics` as means of rows, and their mean.

    Exact enough for a large picture, as one long sum in float32 is not, and without a pooling's pass.

    Args:
        layer: What it stands for.
        phases: That features hold as channels: PHASES before a rearranging.
    """

    def __init__(self, layer: InstanceStatistics, phases: int = 1) -> None:
        super().__init__(layer.epsilon, pool=1, name=layer.name)
        self.phases = phases

    def _mean(self, x: Any) -> Any:
        mean = ops.mean(ops.mean(x, axis=(0, 1)), axis=0)
        return ops.mean(ops.reshape(mean, (self.phases, -1)), axis=0) if self.phases > 1 else mean

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> list[tuple[int | None, ...]]:
        return [input_shape[1], input_shape[1]]


class PhasedScaleAndShift(ScaleAndShift):
    """`models.inference.ScaleAndShift` of features that hold PHASES pixels side by side, before a rearranging."""

    def call(self, inputs: list[Any]) -> Any:
        features, scale, shift = inputs
        return super().call(
            [features, ops.concatenate([scale] * PHASES, axis=0), ops.concatenate([shift] * PHASES, axis=0)]
        )


class RearrangedSigmoid(keras.layers.Layer):
    """Sigmoid of PHASES pixels side by side, then each in its place: `[B, H, W, PHASES C]` -> `[B, 2H, 2W, C]`."""

    def call(self, inputs: Any) -> Any:
        return ops.depth_to_space(ops.sigmoid(inputs), 2)


def stacked_kernel(layer: UpsampledConv2D) -> np.ndarray:
    """`[3, 3, C, 4 filters]`: what the layer does to its input's resolution, read off its answers to single pixels."""
    channels = layer.kernel.shape[2]
    plain = UpsampledConv2D.from_config({**layer.get_config(), "by_rows": False})
    plain.build((1, 5, 5, channels))
    plain.set_weights(layer.get_weights())
    pixels = np.zeros((channels, 5, 5, channels), np.float32)
    pixels[np.arange(channels), 2, 2, np.arange(channels)] = 1
    answers = np.asarray(plain(pixels)).reshape(channels, 5, 2, 5, 2, layer.filters)
    # What lands one position further on came through the kernel's entry one position back.
    around = answers[:, 3:0:-1, :, 3:0:-1]  # [C, kernel row, row phase, kernel column, column phase, filters]
    return around.transpose(1, 3, 0, 2, 4, 5).reshape(3, 3, channels, 4 * layer.filters)


def _line(x: Any, axis: int, index: int) -> Any:
    """One row or column of `[B, H, W, C]`, from the end where `index` is negative."""
    cut = slice(index, index + 1 or None)
    return x[:, cut] if axis == 1 else x[:, :, cut]
