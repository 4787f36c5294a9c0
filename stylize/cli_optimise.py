"""`python -m stylize optimise`: a picture optimised on its own, without a trained artefact."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.arguments import add_command, count, number, picture_file, pixels
from models.startup import load_backend_quietly
from stylize.recipes import DEFAULT_WEIGHTS, Recipe, with_weights

if TYPE_CHECKING:
    import numpy as np

HELP = """\
Optimises one picture until it has the content of a photograph and the style of paintings (Gatys et al. 2016). No
artefact is needed, only VGG's weights on ImageNet, which Keras downloads once. It takes minutes where `image` takes a
moment, and is as good as it gets. Ctrl-C writes the picture as far as it is."""

EXAMPLES = """\
examples:
  python -m stylize optimise --content cat.jpg --style waves.jpg --out cat_waves.png
  python -m stylize optimise --content cat.jpg --style waves.jpg night.jpg --style-weights 2 1 --out cat_both.png
  python -m stylize optimise --content cat.jpg --style waves.jpg --out cat.png --style-weight 3 --every 50
  python -m stylize optimise --content cat.jpg --style waves.jpg --out cat.png --network vgg19 --loss gatys \\
      --scales 1 --steps 500 --start random

losses (--loss):
  balanced  every layer's difference over the most that it can be: the weights fit every painting
  gatys     mean squares of features and of Gram matrices, as published
"""

_OWN = Recipe()


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "optimise", "optimise one picture, without a trained artefact", HELP, EXAMPLES)
    add, default = parser.add_argument, "(default: %(default)s)"
    add("--content", type=Path, required=True, metavar="PATH", help="photograph")
    add("--style", type=Path, nargs="+", required=True, metavar="PATH", help="paintings: files, folders or both")
    add("--out", type=picture_file, required=True, metavar="PATH", help="picture to write")
    add(
        "--style-weights", type=number(0, 1e6), nargs="+", metavar="W",
        help="share of each painting, in their order; any positive scale (default: equal)",
    )  # fmt: skip
    add("--size", type=pixels, default=512, metavar="N", help=f"long side of the result {default}")
    add(
        "--steps", type=count(1, 100_000), default=_OWN.steps, metavar="N",
        help=f"steps at every scale; about a second each at 512 px on two processor cores {default}",
    )  # fmt: skip
    add(
        "--scales", type=count(1, 8), default=_OWN.scales, metavar="N",
        help=f"sizes painted in turn, each twice the one before: more give larger strokes {default}",
    )  # fmt: skip
    add(
        "--style-scale", type=number(0.1, 10), default=_OWN.style_scale, metavar="X",
        help=f"long side of the paintings over the picture's: strokes grow with it {default}",
    )  # fmt: skip
    add("--loss", choices=tuple(DEFAULT_WEIGHTS), default=_OWN.loss, help=f"see below {default}")
    for flag, name in (("content", "content"), ("style", "style"), ("tv", "total_variation")):
        own = ", ".join(f"{getattr(weights, name):g} with {loss}" for loss, weights in DEFAULT_WEIGHTS.items())
        what = f"weight of the {name.replace('_', ' ')} (default: {own})"
        add(f"--{flag}-weight", type=number(0, 1e9), metavar="W", help=what)
    add("--start", choices=("content", "random"), default=_OWN.start, help=f"first picture {default}")
    add("--seed", type=int, default=_OWN.seed, metavar="N", help=f"of a random start {default}")
    add("--optimizer", choices=("lbfgs", "adam"), default=_OWN.optimizer, help=default)
    add("--rate", type=number(1e-6, 1), default=_OWN.rate, metavar="X", help=f"learning rate of adam {default}")
    add("--network", choices=("vgg16", "vgg19"), default=_OWN.network, help=default)
    add(
        "--vgg-weights", default=_OWN.vgg_weights, metavar="PATH",
        help="weights of the network; `imagenet`: IMPASTO_VGG16_WEIGHTS or IMPASTO_VGG19_WEIGHTS, else Keras' cache, "
        f"else its download {default}",
    )  # fmt: skip
    add("--pooling", choices=("average", "max"), default=_OWN.pooling, help=f"of the network {default}")
    for flag, layers in (("content", _OWN.content_layers), ("style", _OWN.style_layers)):
        what = f"(default: {' '.join(layers)})"
        add(f"--{flag}-layers", nargs="+", default=list(layers), metavar="LAYER", help=what)
    add("--keep-color", choices=("luma", "recolour"), help="keep the photo's colours, as `image` does")
    add("--every", type=count(0, 100_000), default=0, metavar="N", help="also write the picture every N steps")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from stylize.pictures import collect, read
    from stylize.plan import keep_inputs

    paintings = collect(options.style)
    keep_inputs([options.out], [options.content, *paintings])
    shares = options.style_weights or [1.0] * len(paintings)
    if len(shares) != len(paintings):
        raise ValueError(f"--style-weights: expected one a painting, {len(paintings)}, received {len(shares)}")
    if not sum(shares):
        raise ValueError("--style-weights: expected one above 0 at least")
    photo = read(options.content, options.size)
    for painting in paintings:
        read(painting)  # what cannot be read is to be said now, not after minutes

    load_backend_quietly()
    from stylize.color import keep_luma, recolour
    from stylize.making import make
    from stylize.optimisation import optimise, pyramid
    from stylize.scales import resized

    recipe = _recipe(options)

    def look(path: Path, long_side: int) -> np.ndarray:
        painting = read(path, long_side)
        return recolour(painting, photo) if options.keep_color == "recolour" else painting

    def finish(picture: np.ndarray) -> np.ndarray:
        if options.keep_color != "luma":
            return picture
        return keep_luma(picture, resized(photo, picture.shape[0], picture.shape[1]))

    steps = recipe.steps * len(pyramid(photo.shape[0], photo.shape[1], recipe.scales))
    styles = [lambda long_side, path=path: look(path, long_side) for path in paintings]
    return make(
        options.out, steps, options.every, lambda report: optimise(photo, styles, shares, recipe, report), finish
    )


def _recipe(options: argparse.Namespace) -> Recipe:
    recipe = Recipe(
        network=options.network, vgg_weights=options.vgg_weights, pooling=options.pooling, loss=options.loss,
        content_layers=tuple(options.content_layers), style_layers=tuple(options.style_layers),
        optimizer=options.optimizer, rate=options.rate, steps=options.steps, scales=options.scales,
        style_scale=options.style_scale, start=options.start, seed=options.seed,
    )  # fmt: skip
    return with_weights(recipe, options.content_weight, options.style_weight, options.tv_weight)
