"""`python -m stylize dream`: DeepDream."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from impasto.arguments import add_command, count, number, picture_file, pixels
from models.startup import load_backend_quietly
from stylize.recipes import DEFAULT_LAYERS, Dream

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


_OWN = Dream()


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "dream", "DeepDream on a picture", HELP, EXAMPLES)
    add, default = parser.add_argument, "(default: %(default)s)"
    add("--content", type=Path, required=True, metavar="PATH", help="picture to start from")
    add("--out", type=picture_file, required=True, metavar="PATH", help="picture to write")
    add("--guide", type=Path, metavar="PATH", help="picture of what is to be seen")
    add("--size", type=pixels, default=512, metavar="N", help=f"long side of the result {default}")
    add("--network", choices=tuple(DEFAULT_LAYERS), default=_OWN.network, help=default)
    add(
        "--weights", default=_OWN.weights, metavar="PATH",
        help="weights of the network; `imagenet`: IMPASTO_VGG16_WEIGHTS, IMPASTO_VGG19_WEIGHTS or "
        f"IMPASTO_INCEPTION_V3_WEIGHTS, else Keras' cache, else its download {default}",
    )  # fmt: skip
    own = ", ".join(f"{' '.join(layers)} of {network}" for network, layers in DEFAULT_LAYERS.items())
    add("--layers", nargs="+", metavar="LAYER", help=f"see below (default: {own})")
    add("--channel", type=count(0, 4096), metavar="N", help="look at this channel only (default: all)")
    add("--octaves", type=count(1, 20), default=_OWN.octaves, metavar="N", help=f"sizes, from coarse to fine {default}")
    add(
        "--octave-scale", type=number(1.05, 4), default=_OWN.octave_scale, metavar="X",
        help=f"of each size over the one before {default}",
    )  # fmt: skip
    add("--steps", type=count(1, 10_000), default=_OWN.steps, metavar="N", help=f"steps at every size {default}")
    add(
        "--rate", type=number(1e-5, 1), default=_OWN.rate, metavar="X",
        help=f"what a pixel moves in a step, of the range from black to white {default}",
    )  # fmt: skip
    add("--tile", type=pixels, default=_OWN.tile, metavar="N", help=f"largest side seen at once {default}")
    add("--seed", type=int, default=_OWN.seed, metavar="N", help=f"of the random shifts {default}")
    add("--every", type=count(0, 10_000), default=0, metavar="N", help="also write the picture every N steps")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from stylize.pictures import read
    from stylize.plan import keep_inputs

    keep_inputs([options.out], [options.content, *([] if options.guide is None else [options.guide])])
    picture = read(options.content, options.size)
    guide = None if options.guide is None else read(options.guide, options.tile)

    load_backend_quietly()
    from stylize.dream import dream, octaves
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
