"""How pictures are optimised, and what is dreamt of: settings alone, which command lines can read at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

DEFAULT_LAYERS = {"vgg16": ("relu5_2",), "vgg19": ("relu5_2",), "inception_v3": ("mixed3", "mixed5")}

STYLE_LAYERS = ("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1")

STARTS = ("content", "random", "uniform", "grey", "painted")


@dataclass(frozen=True)
class Weights:
    """Of the content, the style and the total variation."""

    content: float
    style: float
    total_variation: float


DEFAULT_WEIGHTS = {
    # With a content weight of 1 the total ends at an eighth of the photograph's, not a tenth, and the
    # painting's forms stay out of the background.
    "balanced": Weights(0.6, 1.0, 0.1),
    "gatys": Weights(1.0, 1e4, 0.0),
    "neural-style": Weights(5.0, 100.0, 1e-3),
    "keras": Weights(0.025, 1.0, 1e-4),
}


@dataclass(frozen=True)
class Recipe:
    """What is optimised, and how.

    Attributes:
        network: "vgg16" or "vgg19".
        vgg_weights: "imagenet", or a path.
        pooling: Of the network: "average" as in the paper, or "max" as it was trained.
        padding: Of the network: "reflect", or "zero" as it was trained, which is painted for along the borders.
        precision: Of the network's arithmetic. That of L-BFGS itself is float64 always.
        loss: One of stylize/loss_names.py; as formulas in stylize/terms.py.
        weights: Of the losses; None for `DEFAULT_WEIGHTS` of `loss`.
        content_layers: Names such as relu4_2; their losses are averaged where they have no weights of their own.
        style_layers: Names such as relu1_1.
        content_color: What a picture's content is compared with: the photograph in its "own" colours, or in the "tones"
            of the paintings (stylize/tones.py), so that content and style agree about colour.
        content_layer_weights, style_layer_weights: One a layer, or None for the loss's own way.
        normalise_gradients: Every term's gradient at its layer is divided by its L1 norm (neural-style; Adam only).
        optimizer: "lbfgs", or "adam".
        rate: Adam's, as a share of the range from black to white.
        steps: At every scale.
        evaluations: L-BFGS starts afresh after so many looks at the picture; None for never.
        corrections: That L-BFGS keeps.
        bounded: Pixels stay between black and white on the way, not only at the end.
        scales: How many sizes are painted, each twice the one before.
        fit: What `size` is: the "long" side, the "height", or both sides of a "square" that the photograph is pressed
            into, and taken out of at the end.
        size: In pixels.
        style_fit: Paintings keep their "aspect", or are pressed into the "same" size as the picture.
        style_scale: Long side of the paintings over that of the picture, where they keep their aspect.
        start: One of `STARTS`, or a path. "random": noise about the mean colour of the photograph; "uniform": noise
            from black to white; "grey": hardly any noise about ImageNet's mean colour; "painted": by the shipped model.
        seed: Of the noise.
    """

    network: str = "vgg16"
    vgg_weights: str | Path | None = "imagenet"
    pooling: Literal["average", "max"] = "average"
    padding: Literal["zero", "reflect"] = "reflect"
    precision: Literal["float32", "float64"] = "float32"
    loss: Literal["balanced", "gatys", "neural-style", "keras"] = "balanced"
    weights: Weights | None = None
    content_layers: tuple[str, ...] = ("relu4_2",)
    style_layers: tuple[str, ...] = STYLE_LAYERS
    content_color: Literal["own", "tones"] = "own"
    content_layer_weights: tuple[float, ...] | None = None
    style_layer_weights: tuple[float, ...] | None = None
    normalise_gradients: bool = False
    optimizer: Literal["lbfgs", "adam"] = "lbfgs"
    rate: float = 0.02
    steps: int = 150
    evaluations: int | None = None
    corrections: int = 20
    bounded: bool = True
    scales: int = 3
    fit: Literal["long", "height", "square"] = "long"
    size: int = 512
    style_fit: Literal["aspect", "same"] = "aspect"
    style_scale: float = 1.0
    start: str = "content"
    seed: int = 0


def with_weights(recipe: Recipe, content: float | None, style: float | None, total_variation: float | None) -> Recipe:
    """The recipe with those weights that are given, its own or its loss's in the place of None."""
    own = recipe.weights or DEFAULT_WEIGHTS[recipe.loss]
    given = {"content": content, "style": style, "total_variation": total_variation}
    return replace(recipe, weights=replace(own, **{name: value for name, value in given.items() if value is not None}))


@dataclass(frozen=True)
class Dream:
    """What to dream of, and how far.

    Attributes:
        network: "vgg16", "vgg19" or "inception_v3".
        weights: "imagenet", or a path.
        layers: Names such as relu4_3, mixed4 or activation_41.
        layer_weights: One a layer; None for equal ones.
        channel: The one channel to look at; None for all.
        octaves: How many sizes.
        octave_scale: Of each size over the one before.
        steps: At every size.
        rate: What a pixel moves in a step, on average, in [0, 1].
        stop: No further step at a size where the objective is above this; None for never.
        border: Positions of a layer along its borders that do not count.
        margin: Pixels of reflection around the picture.
        shift: Whether the picture is shifted at random at every step.
        bounded: Pixels stay between black and white on the way, not only at the end.
        tile: Side in pixels of what is looked at at once.
        seed: Of the shifts.
    """

    network: str = "vgg16"
    weights: str | Path | None = "imagenet"
    layers: tuple[str, ...] = DEFAULT_LAYERS["vgg16"]
    layer_weights: tuple[float, ...] | None = None
    channel: int | None = None
    octaves: int = 4
    octave_scale: float = 1.4
    steps: int = 20
    rate: float = 0.012
    stop: float | None = None
    border: int = 0
    margin: int = 32
    shift: bool = True
    bounded: bool = True
    tile: int = 512
    seed: int = 0


# `inception`, `inception-mix`: steps and values on Inception-v3's range from -1 to 1, twice ours.
DREAMS = {
    "impasto": Dream(),
    "inception": Dream(
        network="inception_v3", layers=("activation_41",), octaves=4, octave_scale=1.4, steps=20, rate=0.005, stop=20.0,
        border=2, margin=0, shift=False, bounded=False,
    ),
    "inception-mix": Dream(
        network="inception_v3", layers=("mixed4", "mixed5", "mixed6", "mixed7"), layer_weights=(1.0, 1.5, 2.0, 2.5),
        octaves=3, octave_scale=1.4, steps=20, rate=0.005, stop=15.0, border=2, margin=0, shift=False, bounded=False,
    ),
}  # fmt: skip
