"""`python -m stylize dream`: DeepDream."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from models.startup import load_backend_quietly
from stylize.arguments import count, number, picture_file, pixels

HELP = """\
Changes a picture until a network sees more of what it saw in it (DeepDream, Mordvintsev et al. 2015): shallow
layers bring out strokes and patterns, deep ones eyes, animals and buildings. Ctrl-C writes the picture as far as it
is."""

EXAMPLES = """\
examples:
  python -m stylize dream --content clouds.jpg --out dream.png
  python -m stylize dream --content clouds.jpg --out dream.png --layers relu3_3 relu5_2 --octaves 6
  python -m stylize dream --content clouds.jpg --out dream.png --guide flowers.jpg
  python -m stylize dream --content clouds.jpg --out dream.png --network inception_v3 --layers mixed4 --channel 30

layers (--layers):
  vgg16, vgg19   relu1_1 to relu5_3 or relu5_4
  inception_v3   mixed0 to mixed10
"""


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = commands.add_parser(
        "dream", help="DeepDream on a picture", description=HELP, epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    add = parser.add_argument
    add("--content", type=Path, required=True, metavar="PATH", help="picture to start from")
    add("--out", type=picture_file, required=True, metavar="PATH", help="picture to write")
    add("--guide", type=Path, metavar="PATH", help="picture of what is to be seen")
    add("--size", type=pixels, default=512, metavar="N", help="long side of the result (default: %(default)s)")
    add("--network", choices=("vgg16", "vgg19", "inception_v3"), default="vgg16", help="(default: %(default)s)")
    add(
        "--weights", default="imagenet", metavar="PATH",
        help="weights of the network; `imagenet`: IMPASTO_VGG16_WEIGHTS, IMPASTO_VGG19_WEIGHTS or "
        "IMPASTO_INCEPTION_V3_WEIGHTS, else Keras' cache, else its download (default: %(default)s)",
    )  # fmt: skip
    add("--layers", nargs="+", metavar="LAYER", help="see below (default: relu5_2, or mixed3 and mixed5)")
    add("--channel", type=count(0, 4096), metavar="N", help="look at this channel only (default: all)")
    add(
        "--octaves", type=count(1, 20), default=4, metavar="N", help="sizes, from coarse to fine (default: %(default)s)"
    )
    add(
        "--octave-scale", type=number(1.05, 4), default=1.4, metavar="X",
        help="of each size over the one before (default: %(default)s)",
    )  # fmt: skip
    add("--steps", type=count(1, 10_000), default=20, metavar="N", help="steps at every size (default: %(default)s)")
    add(
        "--rate", type=number(1e-5, 1), default=0.012, metavar="X",
        help="what a pixel moves in a step, of the range from black to white (default: %(default)s)",
    )  # fmt: skip
    add("--tile", type=pixels, default=512, metavar="N", help="largest side seen at once (default: %(default)s)")
    add("--seed", type=int, default=0, metavar="N", help="of the random shifts (default: %(default)s)")
    add("--every", type=count(0, 10_000), default=0, metavar="N", help="also write the picture every N steps")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from stylize.pictures import read

    picture = read(options.content, options.size)
    guide = None if options.guide is None else read(options.guide, options.tile)

    load_backend_quietly()
    from stylize.dream import DEFAULT_LAYERS, Dream, dream, octaves
    from stylize.making import make

    settings = Dream(
        network=options.network, weights=options.weights,
        layers=tuple(options.layers or DEFAULT_LAYERS[options.network]), channel=options.channel,
        octaves=options.octaves, octave_scale=options.octave_scale, steps=options.steps, rate=options.rate,
        tile=options.tile, seed=options.seed,
    )  # fmt: skip
    steps = settings.steps * len(octaves(picture.shape[0], picture.shape[1], settings))
    return make(
        options.out, steps, options.every, lambda report: dream(picture, settings, report, guide), lambda made: made
    )
