"""How pictures are optimised, and what is dreamt of: settings alone, which command lines can read at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

DEFAULT_LAYERS = {"vgg16": ("relu5_2",), "vgg19": ("relu5_2",), "inception_v3": ("mixed3", "mixed5")}


@dataclass(frozen=True)
class Weights:
    """Of the losses' means over content layers, sums over style layers, and of the total variation."""

    content: float
    style: float
    total_variation: float


# `gatys`: 5 and 100 on mean squares are neural-style's own.
DEFAULT_WEIGHTS = {"balanced": Weights(1.0, 1.0, 0.1), "gatys": Weights(5.0, 100.0, 1e4)}


@dataclass(frozen=True)
class Recipe:
    """What is optimised, and how.

    Attributes:
        network: "vgg16" or "vgg19".
        vgg_weights: "imagenet", or a path.
        pooling: Of the network: "average" as in the paper, or "max" as it was trained.
        loss: "balanced" (models.losses), or "gatys": mean squares, Gram matrices divided by their channels.
        weights: Of the losses; None for `DEFAULT_WEIGHTS` of `loss`.
        content_layers: Names such as relu4_2.
        style_layers: Names such as relu1_1.
        optimizer: "lbfgs", or "adam".
        rate: Adam's.
        steps: At every scale.
        scales: How many sizes are painted, each twice the one before.
        style_scale: Long side of the paintings over that of the picture.
        start: "content", or "random": noise of the mean colour of the photograph.
        seed: Of the noise.
    """

    network: str = "vgg16"
    vgg_weights: str | Path | None = "imagenet"
    pooling: Literal["average", "max"] = "average"
    loss: Literal["balanced", "gatys"] = "balanced"
    weights: Weights | None = None
    content_layers: tuple[str, ...] = ("relu4_2",)
    style_layers: tuple[str, ...] = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")
    optimizer: Literal["lbfgs", "adam"] = "lbfgs"
    rate: float = 0.02
    steps: int = 150
    scales: int = 3
    style_scale: float = 1.0
    start: Literal["content", "random"] = "content"
    seed: int = 0


def with_weights(recipe: Recipe, content: float | None, style: float | None, total_variation: float | None) -> Recipe:
    """The recipe with those weights that are given, its loss's own in the place of None."""
    own = DEFAULT_WEIGHTS[recipe.loss]
    given = {"content": content, "style": style, "total_variation": total_variation}
    return replace(recipe, weights=replace(own, **{name: value for name, value in given.items() if value is not None}))


@dataclass(frozen=True)
class Dream:
    """What to dream of, and how far.

    Attributes:
        network: "vgg16", "vgg19" or "inception_v3".
        weights: "imagenet", or a path.
        layers: Names such as relu4_3, of Inception-v3 mixed0 to mixed10; all weigh the same.
        channel: The one channel to look at; None for all.
        octaves: How many sizes.
        octave_scale: Of each size over the one before.
        steps: At every size.
        rate: What a pixel moves in a step, on average, in [0, 1].
        tile: Largest side in pixels of what the network sees at once.
        seed: Of the shifts.
    """

    network: str = "vgg16"
    weights: str | Path | None = "imagenet"
    layers: tuple[str, ...] = DEFAULT_LAYERS["vgg16"]
    channel: int | None = None
    octaves: int = 4
    octave_scale: float = 1.4
    steps: int = 20
    rate: float = 0.012
    tile: int = 512
    seed: int = 0
