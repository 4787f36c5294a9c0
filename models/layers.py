"""The layers that style transfer adds to Keras: padding by reflection, conditional instance norm, statistics.

Registered with `package="impasto"`, so that a saved file names `impasto>ConditionalInstanceNorm` and no module path.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from models.reflection import Sides, reflected


@keras.saving.register_keras_serializable(package="impasto")
class ReflectionPad2D(keras.layers.Layer):
    """Pads height and width by reflection, without repeating the border pixel.

    Zero padding shows as a dark or bright frame in stylised pictures; reflection does not (Ghiasi et al. 2017 pad by
    reflection too).

    Args:
        padding: Pixels on each side, a non-negative int, or `((top, bottom), (left, right))`.

    Input `[B, H, W, C]`, output `[B, H + top + bottom, W + left + right, C]`. H and W must exceed the padding.
    """

    def __init__(self, padding: int | tuple[tuple[int, int], tuple[int, int]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if isinstance(padding, int):
            padding = ((padding, padding), (padding, padding))
        (top, bottom), (left, right) = padding
        self.padding: Sides = ((int(top), int(bottom)), (int(left), int(right)))
        if any(side < 0 for axis in self.padding for side in axis):
            raise ValueError(f"padding must be non-negative. Received: padding={padding}")

    def call(self, inputs: Any) -> Any:
        if not any(side for axis in self.padding for side in axis):
            return inputs
        return reflected(inputs, self.padding)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, height, width, channels = input_shape
        (top, bottom), (left, right) = self.padding
        return (
            batch,
            None if height is None else height + top + bottom,
            None if width is None else width + left + right,
            channels,
        )

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "padding": self.padding}


@keras.saving.register_keras_serializable(package="impasto")
class ConditionalInstanceNorm(keras.layers.Layer):
    """Normalises every picture's channels over its positions, then scales and shifts them by the style.

    `y = gamma * (x - mean) / sqrt(variance + epsilon) + beta` with mean and biased variance over H and W of each
    picture and channel (Dumoulin et al. 2017, section 2.2; epsilon 1e-5 as in Ghiasi et al. 2017). The layer has no
    weights: gamma and beta come from the style embedding through one linear map for the whole network (`StyleHeads`).

    Call arguments:
        inputs: `[features [B, H, W, C], gamma [B, C], beta [B, C]]`.

    Returns features `[B, H, W, C]` in the compute dtype. Moments are taken in float32 at any precision, because a
    float16 or bfloat16 sum over 65,536 positions is off by per cents.
    """

    def __init__(self, epsilon: float = 1e-5, **kwargs: Any) -> None:
        # No autocast: under a bfloat16 policy gamma and beta must keep their float32 bits.
        super().__init__(**{"autocast": False, **kwargs})
        self.epsilon = epsilon

    def call(self, inputs: list[Any]) -> Any:
        features, gamma, beta = inputs
        x = ops.cast(features, "float32")
        mean = ops.mean(x, axis=(1, 2), keepdims=True)
        centred = x - mean
        variance = ops.mean(ops.square(centred), axis=(1, 2), keepdims=True)
        scale = ops.cast(gamma, "float32")[:, None, None, :] * ops.rsqrt(variance + self.epsilon)
        shifted = centred * scale + ops.cast(beta, "float32")[:, None, None, :]
        return ops.cast(shifted, self.compute_dtype)

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        return tuple(input_shape[0])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}


@keras.saving.register_keras_serializable(package="impasto")
class StyleHeads(keras.layers.Layer):
    """Maps a style embedding to gamma and beta of every conditional instance norm, by one linear map.

    Ghiasi et al. 2017 have two 1x1 convolutions a norm; side by side they are this one matrix, which is one product
    at run time and one place to compute when only the style changes.

    Departure from the paper: the bias of gamma starts at one instead of zero, so that an untrained network normalises
    rather than erases.

    Args:
        channels: Channels C of every norm, in order.

    Call argument: embedding `[B, E]`. Returns the list `[gamma_1 [B, C1], beta_1 [B, C1], gamma_2, ...]`.
    """

    def __init__(self, channels: list[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.channels = [int(count) for count in channels]

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        total = 2 * sum(self.channels)
        self.kernel = self.add_weight(name="kernel", shape=(input_shape[-1], total), initializer="glorot_uniform")
        self.bias = self.add_weight(name="bias", shape=(total,), initializer=self._initial_bias)

    def _initial_bias(self, shape: tuple[int, ...], dtype: Any = None) -> Any:
        ones_and_zeros = [part for count in self.channels for part in ([1.0] * count, [0.0] * count)]
        return ops.convert_to_tensor([value for part in ones_and_zeros for value in part], dtype=dtype)

    def call(self, embedding: Any) -> list[Any]:
        flat = ops.matmul(embedding, self.kernel) + self.bias
        parts, start = [], 0
        for count in self.channels:
            for _ in ("gamma", "beta"):
                parts.append(flat[:, start : start + count])
                start += count
        return parts

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> list[tuple[int | None, ...]]:
        return [(input_shape[0], count) for count in self.channels for _ in ("gamma", "beta")]

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "channels": self.channels}


@keras.saving.register_keras_serializable(package="impasto")
class PositionStatistics(keras.layers.Layer):
    """Mean and standard deviation of every channel over the positions: `[B, H, W, C]` -> float32 `[B, 2C]`.

    Taken in float32 at any precision, as `ConditionalInstanceNorm` does.
    """

    def __init__(self, epsilon: float = 1e-3, **kwargs: Any) -> None:
        super().__init__(**{"autocast": False, **kwargs})
        self.epsilon = epsilon

    def call(self, inputs: Any) -> Any:
        x = ops.cast(inputs, "float32")
        mean = ops.mean(x, axis=(1, 2))
        # The difference of moments, not the moment of differences: no tensor of the picture's size is subtracted from,
        # and a relu keeps rounding from making a flat channel's variance negative.
        variance = ops.relu(ops.mean(ops.square(x), axis=(1, 2)) - ops.square(mean))
        return ops.concatenate([mean, ops.sqrt(variance + self.epsilon)], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        batch, *_, channels = input_shape
        return (batch, None if channels is None else 2 * channels)

    def compute_output_spec(self, inputs: Any) -> keras.KerasTensor:
        return keras.KerasTensor(self.compute_output_shape(inputs.shape), dtype="float32")

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "epsilon": self.epsilon}
