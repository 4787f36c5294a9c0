"""Losses of style transfer as pure functions; training and per-image optimisation share them.

Features are `[B, h, w, C]`, Gram matrices `[B, C, C]`, images `[B, H, W, 3]` in [0, 1]. Everything is reduced in
float32 whatever precision the features come in. Sources: Gatys et al. 2016; Ghiasi et al. 2017 (arXiv 1705.06830) for
the published weights and scales; Cheng et al. 2021 (arXiv 2104.10064) for the balanced style loss.
"""

from __future__ import annotations

from typing import Any

from keras import ops

# Pixels along the borders whose style is judged on its own, in training and in probes; one position of relu4_3.
BORDER = 8


def gram_matrix(features: Any) -> Any:
    """Mean over positions of the outer product of the channels: `[B, h, w, C]` -> `[B, C, C]`, float32.

    Divided by h w and not by C, as published: the size of the picture does not matter, that of the layer does.
    """
    shape = ops.shape(features)
    flat = ops.cast(ops.reshape(features, (shape[0], -1, shape[3])), "float32")
    positions = ops.cast(ops.shape(flat)[1], "float32")
    return _products(flat) / positions


@ops.custom_gradient
def _products(flat: Any) -> Any:
    """F^T F of each picture: `[B, N, C]` -> `[B, C, C]`.

    With a gradient of its own, F (G + G^T) for the gradient G: one product where the product's two factors would each
    be derived, one of them transposed, and summed; half the time of the largest layer.
    """

    def gradient(*arguments: Any, upstream: Any = None) -> Any:
        given = arguments[0] if upstream is None else upstream
        return ops.matmul(flat, given + ops.transpose(given, (0, 2, 1)))

    return ops.matmul(ops.transpose(flat, (0, 2, 1)), flat), gradient


def mean_squared_difference(a: Any, b: Any) -> Any:
    """Mean over all but the batch axis of (a - b)^2: two `[B, ...]` -> `[B]`. The published content loss."""
    difference = ops.cast(a, "float32") - ops.cast(b, "float32")
    return _per_picture_mean(ops.square(difference))


def balanced_difference(a: Any, b: Any) -> Any:
    """|a - b|^2 / (|a|^2 + |b|^2) per picture: two `[B, ...]` -> `[B]`.

    For a and b without negative inner product (rectified features, and so their Gram matrices) the value is in
    [0, 1]: 0 where equal, 1 where orthogonal. Dividing each layer by this bound evens out styles whose plain Gram
    losses differ by a factor of 1000 (Cheng et al. 2021, section 4).
    """
    a, b = ops.cast(a, "float32"), ops.cast(b, "float32")
    bound = _per_picture_mean(ops.square(a)) + _per_picture_mean(ops.square(b))
    # Two empty feature maps are equal, not undefined.
    return _per_picture_mean(ops.square(a - b)) / ops.maximum(bound, 1e-12)


def total_variation(images: Any) -> Any:
    """Half the mean squared difference of neighbours, down and across: `[B, H, W, C]` -> `[B]`.

    A checkerboard of 0 and 1 gives 1.0, a flat picture 0. Means instead of sums, so that size does not matter.
    """
    images = ops.cast(images, "float32")
    return 0.5 * (_mean_square_step(images, 1) + _mean_square_step(images, 2))


def _mean_square_step(images: Any, axis: int) -> Any:
    """Mean over all but the batch axis of the squared differences of neighbours along an axis: `[B, H, W, C]` -> `[B]`.

    By turning the picture round and leaving out the seam: the gradients of two shifted slices took eight times as long.
    """
    count = ops.shape(images)[axis]
    inside = ops.cast(ops.arange(count) > 0, "float32")
    steps = (images - ops.roll(images, 1, axis)) * ops.expand_dims(
        inside, (0, *(each for each in (1, 2, 3) if each != axis))
    )
    return _per_picture_mean(ops.square(steps)) * (ops.cast(count, "float32") / ops.cast(count - 1, "float32"))


def content_loss(features: Any, target: Any, *, balanced: bool) -> Any:
    """Content loss per picture `[B]` of one layer's features, published (mean squares) or balanced."""
    return balanced_difference(features, target) if balanced else mean_squared_difference(features, target)


def style_losses(features: dict[str, Any], target_grams: dict[str, Any], *, balanced: bool) -> dict[str, Any]:
    """Style loss per picture `[B]` of every layer in `target_grams`: Gram matrices compared layer by layer."""
    compare = balanced_difference if balanced else mean_squared_difference
    return {name: compare(gram_matrix(features[name]), target) for name, target in target_grams.items()}


def emphasis(values: Any, power: float) -> Any:
    """Weights `[B]` of mean one that grow as this power of the losses `[B]`; no gradient flows through them.

    A pair is to gain by being painted better, not by others being painted worse.
    """
    weights = ops.power(ops.maximum(ops.stop_gradient(values), 1e-6), power)
    return weights / ops.mean(weights)


def emphasised(values: Any, power: float) -> Any:
    """What losses `[B]` have to gain for every pair to count by its weight: `[B]`, of the mean that `emphasis` adds."""
    return (emphasis(values, power) - 1.0) * values


def border_strip(features: Any, width: int) -> Any:
    """The positions less than `width` from a border: `[B, h, w, C]` -> `[B, 1, N, C]`, in no order to rely on."""
    shape = ops.shape(features)
    # Rows above and below whole, columns without their ends: no position twice. Split and not sliced: the gradient of
    # a slice is a whole feature map of zeros, and there would be five of them a layer.
    above, middle, below = ops.split(features, [width, shape[1] - width], axis=1)
    left, _, right = ops.split(middle, [width, shape[2] - width], axis=2)
    parts = [above, below, left, right]
    return ops.concatenate([ops.reshape(part, (shape[0], 1, -1, shape[3])) for part in parts], axis=2)


def _per_picture_mean(x: Any) -> Any:
    return ops.mean(x, axis=tuple(range(1, len(x.shape))))
