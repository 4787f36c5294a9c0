"""Kernels with a scale of their own for every output channel, so that one scale an array is enough to round them."""

from __future__ import annotations

from collections import Counter
from typing import Any

import keras
import numpy as np
from keras import ops


class ScaledKernel(keras.layers.Layer):
    """A `Conv2D` or `Dense` as a product with a kernel whose channels all reach 1, then a scale and a shift a channel.

    For convolutions scale and shift are a 1x1 depthwise convolution with bias, which TensorFlow.js fuses with the
    activation that follows; a plain product of kernel and scale would be taken for every picture anew.

    Args:
        layer: Built; its activation is linear.
        norm: A batch norm that directly follows, to be folded in.
    """

    def __init__(self, layer: keras.layers.Layer, norm: Any = None) -> None:
        super().__init__(name=layer.name)
        kernel, *bias = (np.asarray(weight, np.float64) for weight in layer.get_weights())
        size = np.abs(kernel).reshape(-1, kernel.shape[-1]).max(axis=0)
        size = np.where(size > 0, size, 1.0)
        scale, shift = size, sum(bias, np.zeros_like(size))
        if norm is not None:
            factor, offset = _affine(norm)
            scale, shift = scale * factor, shift * factor + offset
        self.convolution = {key: layer.get_config()[key] for key in ("strides", "padding") if hasattr(layer, "strides")}
        self.kernel, self.scale, self.shift = (
            self.add_weight(name=name, shape=value.shape, initializer=keras.initializers.Constant(value))
            for name, value in (("kernel", kernel / size), ("scale", scale), ("shift", shift))
        )

    def call(self, inputs: Any, mask: Any = None) -> Any:
        if not self.convolution:
            return ops.matmul(inputs, self.kernel) * self.scale + self.shift
        outputs = ops.conv(inputs, self.kernel, **self.convolution)
        scale = ops.reshape(self.scale, (1, 1, self.scale.shape[0], 1))
        return ops.depthwise_conv(outputs, scale, padding="valid") + self.shift


class _Through(keras.layers.Layer):
    """What stays of a folded norm: its place in the graph."""

    def call(self, inputs: Any, mask: Any = None) -> Any:
        return inputs


def scale_channels(model: keras.Model, smallest: int) -> keras.Model:
    """A copy of `model` that computes the same, its large kernels written as `ScaledKernel`.

    Args:
        model: Functional, in inference; models inside it are copied too. Its layers are used once.
        smallest: Kernels with fewer numbers stay as they are.
    """
    norms = dict(_following_norms(model))
    folded: set[int] = set()
    copies = []

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if id(layer) in folded:
            return _Through(name=layer.name)
        if _is_large(layer, smallest):
            norm = norms.get(layer)
            folded.add(id(norm))
            return ScaledKernel(layer, norm)
        copies.append((layer, layer.__class__.from_config(layer.get_config())))
        return copies[-1][1]

    clone = keras.models.clone_model(model, clone_function=copy, recursive=True)
    for layer, made in copies:
        made.set_weights(layer.get_weights())
    return clone


def _is_large(layer: Any, smallest: int) -> bool:
    kinds = (keras.layers.Conv2D, keras.layers.Dense)
    # Not isinstance: kinds of convolution that inherit from these have kernels of other shapes.
    if type(layer) not in kinds or layer.activation is not keras.activations.linear:
        return False
    plain = getattr(layer, "groups", 1) == 1 and set(getattr(layer, "dilation_rate", (1,))) == {1}
    return plain and layer.kernel.shape.num_elements() >= smallest


def _following_norms(model: keras.Model) -> list[tuple[Any, Any]]:
    """Layers and the batch norms that read them, where nothing else does."""
    found = []
    readers = Counter(id(tensor) for layer in model.layers for tensor in _inputs(layer))
    readers.update(id(tensor) for tensor in model.outputs)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            found += _following_norms(layer)
        if isinstance(layer, keras.layers.BatchNormalization) and readers[id(layer.input)] == 1:
            found.append((layer.input._keras_history.operation, layer))
    return found


def _inputs(layer: keras.layers.Layer) -> list[Any]:
    return [] if isinstance(layer, keras.layers.InputLayer) else keras.tree.flatten(layer.input)


def _affine(norm: Any) -> tuple[np.ndarray, np.ndarray]:
    """What a batch norm multiplies with and adds, in inference."""
    mean, variance = (np.asarray(weight, np.float64) for weight in (norm.moving_mean, norm.moving_variance))
    scale = np.sqrt(1 / (variance + norm.epsilon)) * (np.asarray(norm.gamma, np.float64) if norm.scale else 1.0)
    return scale, (np.asarray(norm.beta, np.float64) if norm.center else 0.0) - mean * scale
