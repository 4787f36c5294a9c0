"""`python -m stylize optimise`: a picture optimised on its own, without a trained artefact."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from impasto.arguments import add_command, count, number, picture_file, pixels
from models.startup import load_backend_quietly
from stylize.arguments import film_file, layer
from stylize.chosen import chosen
from stylize.cookbook import DEFAULT, RECIPES, explained
from stylize.loss_names import LOSSES, described
from stylize.recipes import STARTS

HELP = """\
Optimises one picture until it has the content of a photograph and the style of paintings (Gatys et al. 2016). No
artefact is needed, only VGG's weights on ImageNet, which Keras downloads once. It takes minutes where `image` takes a
moment, and is as good as it gets. What the well-known write-ups did is one --recipe each, which any other flag
overrides. Ctrl-C writes the picture as far as it is; --resume goes on from there."""

EXAMPLES = """\
examples:
  python -m stylize optimise --recipes
  python -m stylize optimise --content cat.jpg --style waves.jpg --out cat_waves.png
  python -m stylize optimise --recipe neural-style --content cat.jpg --style waves.jpg --out cat.png --network vgg16
  python -m stylize optimise --content cat.jpg --style waves.jpg night.jpg --style-weights 2 1 --out cat_both.png
  python -m stylize optimise --content cat.jpg --style sky.jpg fur.jpg --masks sky.png cat.png --out cat_parts.png
  python -m stylize optimise --content cat.jpg --style waves.jpg --out cat.png --start painted --steps 50
  python -m stylize optimise --content cat.jpg --style waves.jpg --out cat.png --animate cat.gif --every 50
  python -m stylize optimise --recipe texture --style waves.jpg --out waves.png --size 512
  python -m stylize optimise --recipe reconstruct --content cat.jpg --style waves.jpg --out layers.png

layers:
  relu4_2, block4_conv2 and conv4_2 are one layer, rectified; LAYER=WEIGHT weighs it

losses (--loss):
"""


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "optimise", "optimise one picture, without a trained artefact", HELP, "")
    parser.epilog = EXAMPLES + described()
    add = parser.add_argument
    add("--recipes", action=_ListRecipes, nargs=0, help="list the recipes, explained, and exit")
    add("--recipe", choices=tuple(RECIPES), default=DEFAULT, help="known set-up, see --recipes (default: %(default)s)")
    _add_pictures(parser)
    _add_settings(parser)
    parser.set_defaults(run=_run)


def _add_pictures(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--content", type=Path, nargs="+", metavar="PATH", help="photographs; the result has the first one's shape")
    add("--style", type=Path, nargs="+", metavar="PATH", help="paintings: files, folders or both")
    add("--out", type=picture_file, required=True, metavar="PATH", help="picture to write")
    add(
        "--content-weights", type=number(0, 1e6), nargs="+", metavar="W",
        help="share of each photograph, in their order; any positive scale (default: equal)",
    )  # fmt: skip
    add(
        "--style-weights", type=number(0, 1e6), nargs="+", metavar="W",
        help="share of each painting, in their order; any positive scale (default: equal)",
    )  # fmt: skip
    add(
        "--masks", type=Path, nargs="+", metavar="PATH",
        help="one picture a painting, white where its style belongs; stretched to the photograph",
    )  # fmt: skip
    add("--keep-color", choices=("luma", "recolour"), help="keep the photo's colours, as `image` does")
    add("--every", type=count(0, 100_000), metavar="N", help="also write the picture every N steps")
    add("--animate", type=film_file, metavar="PATH", help="film of the way there, .gif or .mp4")
    add("--resume", action="store_true", help="go on where the same command was stopped")
    add(
        "--whole-pixels", type=count(64 * 64, 10**9), default=1024 * 1024, metavar="N",
        help="larger pictures are looked at in tiles: less memory, the same result (default: %(default)s)",
    )  # fmt: skip


def _add_settings(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    own = "the recipe's"
    add("--size", type=pixels, metavar="N", help=f"of the result, its long side where the recipe says no other ({own})")
    add(
        "--steps", type=count(1, 100_000), metavar="N",
        help=f"at every scale; about a second each at 512 px on two processor cores ({own})",
    )  # fmt: skip
    add("--scales", type=count(1, 8), metavar="N", help="sizes painted in turn: more give larger strokes")
    add(
        "--style-scale", type=number(0.1, 10), metavar="X",
        help="long side of the paintings over the picture's: strokes grow with it",
    )  # fmt: skip
    add(
        "--content-color", choices=("own", "tones"),
        help="compare the content with the photograph in its own colours, or with its light and dark in the tones of "
        f"the paintings: for those of few colours ({own})",
    )  # fmt: skip
    add("--loss", choices=tuple(LOSSES), help="how it is measured, see below")
    for flag in ("content", "style", "tv"):
        add(f"--{flag}-weight", type=number(0, 1e9), metavar="W", help=f"weight of the {flag} ({own})")
    add(
        "--start", metavar="START",
        help=f"first picture: {', '.join(STARTS)}, or a picture's path ({own}); `painted`, the shipped "
        "model's, is worth 5 to 15 steps from the photograph, much of a short run and little of a long one",
    )  # fmt: skip
    add("--seed", type=count(0, 2**32 - 1), metavar="N", help="of a start from noise")
    add("--optimizer", choices=("lbfgs", "adam"))
    add("--rate", type=number(1e-6, 1), metavar="X", help="learning rate of adam, as a share of black to white")
    add("--corrections", type=count(1, 1000), metavar="N", help="what L-BFGS remembers, two pictures each")
    add("--normalise-gradients", action="store_true", default=None, help="every term's gradient by its L1 norm (adam)")
    add("--network", choices=("vgg16", "vgg19"), help=own)
    add(
        "--vgg-weights", metavar="PATH",
        help="weights of the network; `imagenet`: IMPASTO_VGG16_WEIGHTS or IMPASTO_VGG19_WEIGHTS, else Keras' cache, "
        "else its download (default: imagenet)",
    )  # fmt: skip
    add("--pooling", choices=("average", "max"), help="of the network")
    add("--padding", choices=("reflect", "zero"), help="of the network")
    add("--precision", choices=("float32", "float64"), help="of the network's arithmetic")
    for flag in ("content", "style"):
        add(f"--{flag}-layers", type=layer, nargs="+", metavar="LAYER", help=f"names, or LAYER=WEIGHT ({own})")


class _ListRecipes(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(explained())
        parser.exit()


def _run(options: argparse.Namespace) -> int:
    from stylize.inputs import Inputs
    from stylize.job import paint, paint_sheet

    named = RECIPES[options.recipe]
    recipe = chosen(options)
    inputs = Inputs.collected(
        options.out, options.content or [], options.content_weights, options.style or [], options.style_weights,
        options.masks or [], recipe, options.keep_color, options.animate,
    )  # fmt: skip
    if named.content and not inputs.contents:
        raise ValueError(f"--recipe {options.recipe} needs --content: a photograph")
    if named.style and not inputs.styles:
        raise ValueError(f"--recipe {options.recipe} needs --style: a painting")
    if not named.content and inputs.contents:
        raise ValueError(f"--recipe {options.recipe} looks at no photograph: leave --content out")
    inputs.check()
    if options.recipe == "reconstruct":
        load_backend_quietly()
        return paint_sheet(inputs, recipe)
    load_backend_quietly()
    every = options.every
    if every is None:
        every = recipe.evaluations or 0
    return paint(inputs, recipe, every=every, resume=options.resume, whole_pixels=options.whole_pixels)
