"""How far a network looks: the border of content that a tile of a large picture needs around it."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from models.architecture import once_an_architecture
from models.layers import ConditionalInstanceNorm, ReflectionPad2D
from models.upsampling import BilinearUpsampling2D, UpsampledConv2D

# First and last position that a position depends on, for every position of the output: two int arrays.
_Intervals = tuple[np.ndarray, np.ndarray]

_WINDOWS = (
    keras.layers.Conv2D,
    keras.layers.DepthwiseConv2D,
    keras.layers.SeparableConv2D,
    keras.layers.MaxPooling2D,
    keras.layers.AveragePooling2D,
)
# What computes every position from the same position of its inputs, norms with the statistics that they are given.
_POINTWISE = (
    keras.layers.Activation,
    keras.layers.Add,
    keras.layers.Average,
    keras.layers.BatchNormalization,
    keras.layers.Concatenate,
    keras.layers.Dropout,
    keras.layers.Identity,
    keras.layers.LeakyReLU,
    keras.layers.Multiply,
    keras.layers.ReLU,
    keras.layers.Rescaling,
    keras.layers.Subtract,
    ConditionalInstanceNorm,
)


@once_an_architecture
def receptive_radius(transformer: keras.Model) -> int:
    """Pixels beyond an output pixel's row and column whose change cannot alter it, with the norms' statistics fixed.

    An output pixel at (y, x) depends at most on the pixels from (y - r, x - r) to (y + r, x + r), at borders, where
    padding reflects, as well as inside. A tile that is cut with r pixels more on each side, from a position on the
    network's grid, is therefore painted as in the whole picture. (How far statistics reach is another matter: over the
    whole picture.)

    The graph is walked backwards from every row and column of a picture large enough to have an inside; nothing is
    computed. Where a layer's kernel happens to hold zeros, the network looks less far than this says.

    Args:
        transformer: A functional model of content `[B, H, W, 3]` (and other inputs without height and width) to a
            picture of the same size, such as those of models.transformers.

    Raises:
        ValueError: the graph holds a layer of which it is not known how far it looks; names it.
    """
    side = 256
    while True:
        radius = _radius_at(transformer, side)
        if 4 * radius < side:  # else the middle may be cut short by both borders
            return radius
        side *= 2


def _radius_at(transformer: keras.Model, side: int) -> int:
    def fixed(tensor: Any) -> Any:
        return keras.Input((side, side, tensor.shape[-1]) if len(tensor.shape) == 4 else tensor.shape[1:])

    inputs = keras.tree.map_structure(fixed, transformer.input)
    probe = keras.models.clone_model(transformer, input_tensors=inputs)
    content = next(tensor for tensor in keras.tree.flatten(inputs) if len(tensor.shape) == 4)
    return max(_reach(probe, content, axis) for axis in (0, 1))


def _reach(probe: keras.Model, content: Any, axis: int) -> int:
    """The greatest distance between a position of the output and one of `content` that it depends on, along `axis`."""
    (output,) = probe.outputs
    positions = np.arange(output.shape[1 + axis])
    # By tensor, what the output depends on there, joined over all ways that lead to the output.
    needed: dict[int, _Intervals] = {id(output): (positions, positions)}
    for operation in reversed(probe.operations):
        if isinstance(operation, keras.layers.InputLayer) or id(operation.output) not in needed:
            continue
        tensors = operation.input if isinstance(operation.input, list) else [operation.input]
        for tensor in tensors:
            if len(tensor.shape) != 4:  # gammas and betas have no positions
                continue
            first, last = _inputs_of(operation, needed[id(operation.output)], axis, tensor.shape[1 + axis])
            if id(tensor) in needed:
                first = np.minimum(first, needed[id(tensor)][0])
                last = np.maximum(last, needed[id(tensor)][1])
            needed[id(tensor)] = first, last
    first, last = needed[id(content)]
    return int(max(np.max(positions - first), np.max(last - positions)))


def _inputs_of(layer: Any, outputs: _Intervals, axis: int, size: int) -> _Intervals:
    """The positions of a layer's input, `size` of them, that the positions `outputs` of its output depend on."""
    first, last = outputs
    if isinstance(layer, _POINTWISE):
        return first, last
    if isinstance(layer, _WINDOWS):
        return _window(layer, first, last, axis, size)
    if isinstance(layer, ReflectionPad2D):
        before = layer.padding[axis][0]
        first, last = first - before, last - before
        # A position before the first is the one as far behind it, and so at the other end.
        return (
            np.clip(np.minimum(first, 2 * (size - 1) - last), 0, size - 1),
            np.clip(np.maximum(last, -first), 0, size - 1),
        )
    if isinstance(layer, keras.layers.ZeroPadding2D):
        before = layer.padding[axis][0]
        return np.clip(first - before, 0, size - 1), np.clip(last - before, 0, size - 1)
    if isinstance(layer, UpsampledConv2D):
        return np.clip(first // 2 - 1, 0, size - 1), np.clip(last // 2 + 1, 0, size - 1)
    if isinstance(layer, (keras.layers.UpSampling2D, BilinearUpsampling2D)):
        factor = layer.size[axis] if isinstance(layer, keras.layers.UpSampling2D) else 2
        kind = layer.interpolation if isinstance(layer, keras.layers.UpSampling2D) else "bilinear"
        if kind == "nearest":
            return first // factor, last // factor
        if kind == "bilinear":  # pixel i lies at (i + 1/2) / factor - 1/2, between two coarse ones
            first, last = (2 * first + 1 - factor) // (2 * factor), -((factor - 1 - 2 * last) // (2 * factor))
            return np.clip(first, 0, size - 1), np.clip(last, 0, size - 1)
    raise ValueError(
        f"how far a network looks is not known for its layer {layer.name!r}, a {type(layer).__name__}: add it to "
        "models/receptive_field.py"
    )


def _window(layer: Any, first: np.ndarray, last: np.ndarray, axis: int, size: int) -> _Intervals:
    pooling = not hasattr(layer, "kernel_size")
    length = layer.pool_size[axis] if pooling else layer.kernel_size[axis]
    dilation = 1 if pooling else layer.dilation_rate[axis]
    stride, reach = layer.strides[axis], (length - 1) * dilation
    before = 0
    if layer.padding == "same":
        count = -(-size // stride)
        before = max((count - 1) * stride + reach + 1 - size, 0) // 2
    return np.clip(first * stride - before, 0, size - 1), np.clip(last * stride - before + reach, 0, size - 1)
