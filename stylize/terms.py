"""The terms of known set-ups: content, style and total variation, each scaled as its write-up scales them.

Features are `[1, h, w, C]`; everything is reduced in the precision that the features come in. A term is written as a
function of sums over positions, so that a large picture can be looked at in parts (stylize/localised.py):

    content      d = sum of (F - P)^2, f = sum of F^2, p = sum of P^2, over n numbers
    style        G, A: mean over M positions of the outer product of the C channels, of the picture and of the painting
    variation    of the picture's own pixels

Sources: Gatys et al. 2016 (CVPR, equations 1 to 7); Johnson's neural-style (2015); Keras' example
`neural_style_transfer`; Cheng et al. 2021 (arXiv 2104.10064) for the balanced losses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keras import ops


@dataclass(frozen=True)
class ContentSums:
    """Of one layer and one photograph: scalars, `count` the number of values summed."""

    difference: Any
    features: Any
    target: Any
    count: int


@dataclass(frozen=True)
class StyleMeans:
    """Of one layer and one painting: two `[C, C]`, the positions M they are means over, and the picture's pixels."""

    gram: Any
    target: Any
    positions: Any
    pixels: int


@dataclass(frozen=True)
class Terms:
    """How a set-up measures.

    Attributes:
        content: Of one layer, as a scalar.
        style: Of one layer, as a scalar.
        variation: Of a picture `[1, H, W, 3]` in [0, 1], as a scalar.
        style_mean: The style layers' losses are averaged where they have no weights of their own, else summed.
    """

    content: Callable[[ContentSums], Any]
    style: Callable[[StyleMeans], Any]
    variation: Callable[[Any], Any]
    style_mean: bool


def _difference(means: StyleMeans) -> Any:
    return ops.sum(ops.square(means.gram - means.target))


def _balanced_content(sums: ContentSums) -> Any:
    # Two empty feature maps are equal, not undefined.
    return sums.difference / ops.maximum(sums.features + sums.target, 1e-12 * sums.count)


def _balanced_style(means: StyleMeans) -> Any:
    bound = ops.sum(ops.square(means.gram)) + ops.sum(ops.square(means.target))
    return _difference(means) / ops.maximum(bound, 1e-12 * means.gram.shape[0] ** 2)


def _neighbours(picture: Any) -> tuple[Any, Any]:
    """Differences down and across on VGG's scale of 0 to 255, each `[1, H - 1, W - 1, 3]`."""
    pixels = picture * 255.0
    corner = pixels[:, :-1, :-1]
    return pixels[:, 1:, :-1] - corner, pixels[:, :-1, 1:] - corner


def _squares(picture: Any) -> Any:
    down, across = _neighbours(picture)
    return 0.5 * ops.sum(ops.square(down) + ops.square(across))


def _powers(picture: Any) -> Any:
    down, across = _neighbours(picture)
    return ops.sum(ops.power(ops.square(down) + ops.square(across), 1.25))


def _mean_squares(picture: Any) -> Any:
    """`models.losses.total_variation`, in any precision."""
    down, across = picture[:, 1:] - picture[:, :-1], picture[:, :, 1:] - picture[:, :, :-1]
    return 0.5 * (ops.mean(ops.square(down)) + ops.mean(ops.square(across)))


TERMS = {
    "balanced": Terms(
        content=_balanced_content,
        style=_balanced_style,
        variation=_mean_squares,
        style_mean=False,
    ),
    "gatys": Terms(
        content=lambda sums: 0.5 * sums.difference,
        # Over 4 N^2 M^2, of plain products, which are M times the means.
        style=lambda means: _difference(means) / (4 * means.gram.shape[0] ** 2),
        variation=_squares,
        style_mean=True,
    ),
    "neural-style": Terms(
        content=lambda sums: sums.difference / sums.count,
        # Mean over C^2 of squares of Gram matrices over C h w.
        style=lambda means: _difference(means) / means.gram.shape[0] ** 4,
        variation=_squares,
        style_mean=False,
    ),
    "keras": Terms(
        content=lambda sums: sums.difference,
        style=lambda means: _difference(means) * (means.positions / means.pixels) ** 2 / 36,
        variation=_powers,
        style_mean=True,
    ),
}
