"""Known set-ups by name: what their write-ups did, as settings. `python -m stylize optimise --recipes` prints this.

Departures that hold for all: L-BFGS is SciPy's, with a line search, where neural-style's Torch takes every step as it
is; its arithmetic is float64, the network's float32 (`--precision float64` for both); weights are those of Keras.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, replace

from stylize.recipes import STYLE_LAYERS, Recipe, Weights

DEFAULT = "impasto"


@dataclass(frozen=True)
class Named:
    """A recipe, what it is, and whether it looks at a photograph and at paintings."""

    recipe: Recipe
    what: str
    content: bool = True
    style: bool = True


_GATYS = Recipe(
    pooling="max",
    padding="zero",
    loss="gatys",
    weights=Weights(1.0, 1e4, 0.0),
    style_layers=STYLE_LAYERS[:4],
    steps=600,
    corrections=10,
    bounded=False,
    scales=1,
    fit="square",
    size=512,
    style_fit="same",
    start="uniform",
)
_KERAS = Recipe(
    network="vgg19",
    pooling="max",
    padding="zero",
    loss="keras",
    weights=Weights(0.025, 1.0, 1e-4),
    content_layers=("relu5_2",),
    steps=400,
    evaluations=20,
    corrections=10,
    bounded=False,
    scales=1,
    fit="height",
    size=400,
    style_fit="same",
)
_NEURAL_STYLE = Recipe(
    network="vgg19",
    pooling="max",
    padding="zero",
    loss="neural-style",
    weights=Weights(5.0, 100.0, 1e-3),
    steps=1000,
    corrections=100,
    rate=10 / 255,
    bounded=False,
    scales=1,
    start="grey",
)
_INK = Recipe(
    content_layers=("relu2_2", "relu3_3", "relu4_2"),
    content_layer_weights=(0.5, 0.3, 0.2),
    style_layers=("relu1_1", "relu1_2", "relu2_1", "relu3_1"),
    style_layer_weights=(0.5, 0.5, 1.0, 1.0),
    content_color="tones",
    weights=Weights(1.0, 1.0, 0.5),
    steps=120,
    scales=2,
    optimizer="adam",
    rate=0.03,
)

RECIPES = {
    DEFAULT: Named(
        Recipe(),
        "this project's own: balanced losses, average pooling, reflected borders, from coarse to fine. Begin with it.",
    ),
    "gatys-vgg16": Named(
        _GATYS,
        "Gatys et al. 2016 on VGG16: both pictures pressed into 512x512; content block4_conv2 as half the sum of "
        "squares; style block1_conv1 to block4_conv1, a quarter each, plain Gram matrices over 4 N^2 M^2; 1 to 10,000; "
        "from uniform noise by 600 steps of L-BFGS; back to the photograph's own size.",
    ),
    "gatys-vgg16-strong": Named(
        replace(_GATYS, weights=Weights(1.0, 1e5, 0.0)), "gatys-vgg16 with the style ten times as heavy, 1 to 100,000."
    ),
    "gatys-vgg19": Named(replace(_GATYS, network="vgg19"), "gatys-vgg16 on VGG19."),
    "keras-vgg19": Named(
        _KERAS,
        "Keras' example neural_style_transfer: height 400; content block5_conv2 as the sum of squares, 0.025; style "
        "block1_conv1 to block5_conv1, a fifth each, over 4 x 9 x size^2; total variation to the power of 1.25, 1e-4; "
        "from the photograph by 20 rounds of 20 evaluations of L-BFGS, a picture a round.",
    ),
    "neural-style": Named(
        _NEURAL_STYLE,
        "Johnson's neural-style (2015) on VGG19: content relu4_2, 5; style relu1_1 to relu5_1, 100, mean squares; "
        "total variation 1e-3; 1,000 steps from grey. Its options: --optimizer adam, --pooling average, "
        "--style-weights, --style-scale, --keep-color luma, --start content, --seed, --normalise-gradients.",
    ),
    "ink": Named(
        _INK,
        "for ink paintings, whose ground and subject differ little: style from the shallow layers, which see the "
        "brush, and none from relu4_1 on, which would spread forms of ink over the empty ground; content from shallow "
        "layers too, to which a speck on the ground is much, and in the painting's tones, so that a brown horse may be "
        "one of ink; Adam, from the photograph.",
    ),
    "texture": Named(
        Recipe(weights=Weights(0.0, 1.0, 0.0), start="random", steps=100),
        "style alone: a new picture of a painting's texture, of any size (Gatys et al. 2015).",
        content=False,
    ),
    "reconstruct": Named(
        Recipe(
            pooling="max",
            loss="neural-style",
            weights=Weights(1.0, 0.0, 1e-3),
            scales=1,
            size=224,
            start="random",
            content_layers=("relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_2"),
        ),  # fmt: skip
        "content alone, layer by layer, as one contact sheet: what each layer still knows of the photograph; with "
        "--style a row of textures from ever more layers above it (the first figure of Gatys et al. 2016).",
        style=False,
    ),
}


def explained() -> str:
    """Every recipe and what it is, for printing."""
    return "\n\n".join(
        f"{name}\n{textwrap.fill(named.what, 110, initial_indent='    ', subsequent_indent='    ')}"
        for name, named in RECIPES.items()
    )
