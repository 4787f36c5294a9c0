"""Depthwise convolutions on JAX as sums of shifted products, which XLA compiles into one pass over the picture.

XLA has grouped convolutions of its own, but their gradients are slow: forward and backward through a 3x3 kernel took
302 ms in place of 52 on a CPU (4 x 64 x 64 x 96, float32, JAX 0.11.2). TensorFlow's are fast, and stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_LARGEST = 5


def install() -> None:
    """Makes Keras' JAX backend compute depthwise convolutions by `shifted`, where that can."""
    from keras.src.backend import nn

    if not hasattr(nn.depthwise_conv, "before"):
        nn.depthwise_conv = _with_shifts(nn.depthwise_conv)


def _with_shifts(before: Callable[..., Any]) -> Callable[..., Any]:
    def depthwise_conv(
        inputs: Any, kernel: Any, strides: Any = 1, padding: str = "valid", data_format: Any = None,
        dilation_rate: Any = 1,
    ) -> Any:  # fmt: skip
        kernel_shape = tuple(kernel.shape)
        plain = len(kernel_shape) == 4 and kernel_shape[-1] == 1 and dilation_rate in (1, (1, 1), [1, 1])
        # A large kernel is a product and a sum for every one of its places: 81 for the published networks' last layer.
        if not plain or max(kernel_shape[:2]) > _LARGEST or data_format not in (None, "channels_last"):
            return before(inputs, kernel, strides, padding, data_format, dilation_rate)
        steps = (strides, strides) if isinstance(strides, int) else tuple(strides)
        return shifted(inputs, kernel, steps, padding)

    depthwise_conv.before = before  # type: ignore[attr-defined]
    return depthwise_conv


def shifted(inputs: Any, kernel: Any, strides: tuple[int, int], padding: str) -> Any:
    """`[B, H, W, C]` and a kernel `[kh, kw, C, 1]` -> `[B, h, w, C]`, summed in float32 at least.

    Args:
        inputs, kernel: Arrays of JAX, of one type.
        strides: Down and across.
        padding: "valid", or "same" as TensorFlow means it: what is odd goes below and to the right.
    """
    import jax.numpy as jnp
    from jax import lax

    inputs = jnp.asarray(inputs)
    kernel = jnp.asarray(kernel)
    wide = jnp.promote_types(inputs.dtype, jnp.float32)
    sides = kernel.shape[:2]
    around = lax.padtype_to_pads(inputs.shape[1:3], sides, strides, padding.upper())
    inputs = jnp.pad(inputs, ((0, 0), *around, (0, 0)))
    heights, widths = (
        (length - side) // step + 1 for length, side, step in zip(inputs.shape[1:3], sides, strides, strict=True)
    )
    total = jnp.zeros((), wide)
    for row in range(sides[0]):
        for column in range(sides[1]):
            seen = inputs[
                :,
                row : row + (heights - 1) * strides[0] + 1 : strides[0],
                column : column + (widths - 1) * strides[1] + 1 : strides[1],
            ]
            total = total + seen.astype(wide) * kernel[row, column, :, 0].astype(wide)
    return total.astype(inputs.dtype)
