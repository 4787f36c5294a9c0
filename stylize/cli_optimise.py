"""`python -m stylize optimise`: a picture optimised on its own, without a trained artefact."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from models.startup import load_backend_quietly
from stylize.arguments import count, number, picture_file, pixels

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


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = commands.add_parser(
        "optimise", help="optimise one picture, without a trained artefact", description=HELP, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--content", type=Path, required=True, metavar="PATH", help="photograph")
    add("--style", type=Path, nargs="+", required=True, metavar="PATH", help="paintings: files, folders or both")
    add("--out", type=picture_file, required=True, metavar="PATH", help="picture to write")
    add(
        "--style-weights", type=number(0, 1e6), nargs="+", metavar="W",
        help="share of each painting, in their order; any positive scale (default: equal)",
    )  # fmt: skip
    add("--size", type=pixels, default=512, metavar="N", help="long side of the result (default: %(default)s)")
    add(
        "--steps", type=count(1, 100_000), default=150, metavar="N",
        help="steps at every scale; about a second each at 512 px on two processor cores (default: %(default)s)",
    )  # fmt: skip
    add(
        "--scales", type=count(1, 8), default=3, metavar="N",
        help="sizes painted in turn, each twice the one before: more give larger strokes (default: %(default)s)",
    )  # fmt: skip
    add(
        "--style-scale", type=number(0.1, 10), default=1.0, metavar="X",
        help="long side of the paintings over the picture's: strokes grow with it (default: %(default)s)",
    )  # fmt: skip
    add("--loss", choices=("balanced", "gatys"), default="balanced", help="see below (default: %(default)s)")
    for flag, what in (("content", "the content"), ("style", "the style"), ("tv", "smoothness, total variation")):
        add(f"--{flag}-weight", type=number(0, 1e9), metavar="W", help=f"weight of {what} (default: depends on --loss)")
    add("--start", choices=("content", "random"), default="content", help="first picture (default: %(default)s)")
    add("--seed", type=int, default=0, metavar="N", help="of a random start (default: %(default)s)")
    add("--optimizer", choices=("lbfgs", "adam"), default="lbfgs", help="(default: %(default)s)")
    add("--rate", type=number(1e-6, 1), default=0.02, metavar="X", help="learning rate of adam (default: %(default)s)")
    add("--network", choices=("vgg16", "vgg19"), default="vgg16", help="(default: %(default)s)")
    add(
        "--vgg-weights", default="imagenet", metavar="PATH",
        help="weights of the network; `imagenet`: IMPASTO_VGG16_WEIGHTS or IMPASTO_VGG19_WEIGHTS, else Keras' cache, "
        "else its download (default: %(default)s)",
    )  # fmt: skip
    add("--pooling", choices=("average", "max"), default="average", help="of the network (default: %(default)s)")
    add("--content-layers", nargs="+", default=["relu4_2"], metavar="LAYER", help="(default: relu4_2)")
    add(
        "--style-layers", nargs="+", default=[f"relu{block}_1" for block in range(1, 6)], metavar="LAYER",
        help="(default: relu1_1 relu2_1 relu3_1 relu4_1 relu5_1)",
    )  # fmt: skip
    add("--keep-color", choices=("luma", "recolour"), help="keep the photo's colours, as `image` does")
    add("--every", type=count(0, 100_000), default=0, metavar="N", help="also write the picture every N steps")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from stylize.pictures import collect, read

    paintings = collect(options.style)
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
    from stylize.optimisation import Recipe, optimise, pyramid, resized, with_weights

    recipe = with_weights(
        Recipe(
            network=options.network, vgg_weights=options.vgg_weights, pooling=options.pooling, loss=options.loss,
            content_layers=tuple(options.content_layers), style_layers=tuple(options.style_layers),
            optimizer=options.optimizer, rate=options.rate, steps=options.steps, scales=options.scales,
            style_scale=options.style_scale, start=options.start, seed=options.seed,
        ),
        options.content_weight, options.style_weight, options.tv_weight,
    )  # fmt: skip

    def source(path: Path) -> Any:
        def at(long_side: int) -> Any:
            painting = read(path, long_side)
            return recolour(painting, photo) if options.keep_color == "recolour" else painting

        return at

    def finish(picture: Any) -> Any:
        if options.keep_color != "luma":
            return picture
        return keep_luma(picture, resized(photo, *picture.shape[:2]))

    steps = recipe.steps * len(pyramid(photo.shape[0], photo.shape[1], recipe.scales))
    styles = [source(path) for path in paintings]
    return make(
        options.out, steps, options.every, lambda report: optimise(photo, styles, shares, recipe, report), finish
    )
