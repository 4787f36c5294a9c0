"""Layers of the painter written anew for a runtime: the same numbers from operations that it computes fast."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from models.layers import ReflectionPad2D
from models.upsampling import UpsampledConv2D


def for_tensorflow_js(painter: keras.Model) -> keras.Model:
    """Nearest upsampling by concatenation."""
    return _rewritten(painter, _upsampling)


def for_onnx_runtime(painter: keras.Model) -> keras.Model:
    """Nearest upsampling by concatenation, and upsampled convolutions by depth to space instead of by rows.

    ONNX Runtime computes output channels in blocks of 16, and by rows there are two blocks to compute instead of one.
    Measured on a network of 0.17 M parameters at 384x384, one thread: 14.5 ms, so written 13.7 ms.
    """

    def replaced(layer: keras.layers.Layer) -> keras.layers.Layer | None:
        if isinstance(layer, UpsampledConv2D):
            return UpsampledConv2D.from_config({**layer.get_config(), "by_rows": False})
        return _upsampling(layer)

    return _rewritten(painter, replaced)


def for_litert(painter: keras.Model) -> keras.Model:
    """Padding and nearest upsampling by concatenation, and upsampled convolutions by depth to space.

    LiteRT's own reflection padding moves number by number, outside of the library (XNNPACK) that computes the rest:
    two thirds of all time. Measured on a network of 0.17 M parameters at 384x384, one thread: 50 ms, so written 11 ms.
    """

    def replaced(layer: keras.layers.Layer) -> keras.layers.Layer | None:
        if isinstance(layer, ReflectionPad2D):
            return ConcatenatedPad2D(layer.padding, name=layer.name)
        if isinstance(layer, UpsampledConv2D):
            return StackedUpsampledConv2D(layer)
        return _upsampling(layer)

    return _rewritten(painter, replaced)


def _upsampling(layer: keras.layers.Layer) -> keras.layers.Layer | None:
    nearest = isinstance(layer, keras.layers.UpSampling2D) and layer.interpolation == "nearest"
    return ConcatenatedUpsampling2D(name=layer.name) if nearest and tuple(layer.size) == (2, 2) else None


def _rewritten(model: keras.Model, replaced: Callable[[keras.layers.Layer], keras.layers.Layer | None]) -> keras.Model:
    """`model` with some layers replaced by others of the same weights, if any; the rest are shared with it."""
    pairs = []

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        made = replaced(layer)
        if made is None:
            return layer
        pairs.append((layer, made))
        return made

    clone = keras.models.clone_model(model, clone_function=copy)
    for layer, made in pairs:
        if type(made) is type(layer):
            made.set_weights(layer.get_weights())
    return clone


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


class StackedUpsampledConv2D(keras.layers.Layer):
    """`models.upsampling.UpsampledConv2D` as one convolution and depth to space, padded by concatenation.

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
        return ops.depth_to_space(ops.conv(self.pad(inputs), self.kernel, padding="valid"), 2)


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
