"""Image operations on batches in keras.ops: the same eagerly, inside tf.data and jitted on any backend.

Images are float32 [B, H, W, 3] in [0, 1] unless said otherwise. (Inside tf.data the Keras backend must be
TensorFlow.)
"""

from __future__ import annotations

from typing import Any

from keras import ops

# Arrays of whatever backend Keras runs on.
Tensor = Any


def to_float(images: Tensor) -> Tensor:
    """uint8 [0, 255] to float32 [0, 1]."""
    return ops.cast(images, "float32") / 255.0


def crop_resize(images: Tensor, boxes: Tensor, size: Any) -> Tensor:
    """Cuts one box out of each image and resizes it, bilinearly with half-pixel centres.

    images float [B, H, W, C]; boxes [B, 4] as (y0, x0, y1, x1) in fractions of the height and width; size an
    int or (height, width). Where a box shrinks, the triangle kernel is widened to cover what it averages
    (antialiasing), as in tf.image.resize(antialias=True). Returns [B, height, width, C].
    """
    height, width = size if isinstance(size, tuple | list) else (size, size)
    shape = ops.shape(images)
    boxes = ops.cast(boxes, "float32")
    rows = _interpolation_matrix(boxes[:, 0], boxes[:, 2], shape[1], height)
    columns = _interpolation_matrix(boxes[:, 1], boxes[:, 3], shape[2], width)
    images = ops.cast(images, "float32")
    return ops.einsum("bwx,bhxc->bhwc", columns, ops.einsum("bhy,byxc->bhxc", rows, images))


def _interpolation_matrix(low: Tensor, high: Tensor, length: Any, size: Any) -> Tensor:
    """Weights [B, size, length] that resample low..high (fractions of `length`) at `size` points."""
    length_f, size_f = ops.cast(length, "float32"), ops.cast(size, "float32")
    step = (high - low) * length_f / size_f
    points = ops.cast(ops.arange(size), "float32") + 0.5
    centres = (low * length_f)[:, None] + points[None, :] * step[:, None]
    pixels = ops.cast(ops.arange(length), "float32") + 0.5
    reach = ops.maximum(step, 1.0)[:, None, None]
    weights = ops.maximum(1.0 - ops.abs(centres[:, :, None] - pixels[None, None, :]) / reach, 0.0)
    return weights / ops.maximum(ops.sum(weights, axis=-1, keepdims=True), 1e-8)


def flip(images: Tensor, left_right: Tensor, up_down: Tensor) -> Tensor:
    """Mirrors the images whose entry in left_right [B] or up_down [B] is above a half."""
    images = ops.where(_per_image(left_right) > 0.5, ops.flip(images, axis=2), images)
    return ops.where(_per_image(up_down) > 0.5, ops.flip(images, axis=1), images)


def adjust_brightness(images: Tensor, delta: Tensor) -> Tensor:
    """Adds delta [B], in units of the [0, 1] range, and clips."""
    return ops.clip(images + _per_image(delta), 0.0, 1.0)


def adjust_saturation(images: Tensor, factor: Tensor) -> Tensor:
    """Multiplies the saturation of HSV by factor [B] (saturation stays at most 1)."""
    value = ops.max(images, axis=-1, keepdims=True)
    chroma = value - ops.min(images, axis=-1, keepdims=True)
    # In HSV each channel is value - chroma * k with k from the hue alone, so that scaling the saturation
    # scales the distance to the value; value / chroma is the factor at which saturation reaches 1.
    limit = value / ops.maximum(chroma, 1e-8)
    return ops.clip(value - (value - images) * ops.minimum(_per_image(factor), limit), 0.0, 1.0)


def adjust_hue(images: Tensor, delta: Tensor) -> Tensor:
    """Turns the hue of HSV by delta [B], where 1 is the whole circle."""
    red, green, blue = images[..., 0], images[..., 1], images[..., 2]
    value = ops.max(images, axis=-1)
    chroma = value - ops.min(images, axis=-1)
    safe = ops.where(chroma > 0, chroma, ops.ones_like(chroma))
    sextant = ops.where(
        value == red,
        (green - blue) / safe,
        ops.where(value == green, 2.0 + (blue - red) / safe, 4.0 + (red - green) / safe),
    )
    sextant = sextant + 6.0 * ops.reshape(ops.cast(delta, "float32"), (-1, 1, 1))
    channels = []
    for start in (5.0, 3.0, 1.0):
        k = ops.mod(start + sextant, 6.0)
        channels.append(value - chroma * ops.clip(ops.minimum(k, 4.0 - k), 0.0, 1.0))
    return ops.clip(ops.stack(channels, axis=-1), 0.0, 1.0)


def _per_image(values: Tensor) -> Tensor:
    return ops.reshape(ops.cast(values, "float32"), (-1, 1, 1, 1))
