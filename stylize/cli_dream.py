"""`python -m stylize dream`: DeepDream."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.arguments import add_command, count, number, pixels
from models.startup import load_backend_quietly
from stylize.arguments import check_weights, layer, picture_or_film
from stylize.film import SUFFIXES
from stylize.recipes import DEFAULT_LAYERS, DREAMS, Dream

if TYPE_CHECKING:
    import numpy as np

_FRAMES = 120
_ZOOM = 1.02

HELP = """\
Changes a picture until a network sees more of what it saw in it (DeepDream, Mordvintsev et al. 2015): shallow
layers bring out strokes and patterns, deep ones eyes, animals and buildings. Ctrl-C writes the picture, or the film, as
far as it is."""

EXAMPLES = """\
examples:
  python -m stylize dream --content clouds.jpg --out dream.png
  python -m stylize dream --content clouds.jpg --out dream.png --layers relu3_3 relu5_2 --octaves 6
  python -m stylize dream --content clouds.jpg --out dream.png --layers block3_conv3=0.3 block5_conv2=1
  python -m stylize dream --content clouds.jpg --out dream.png --guide flowers.jpg
  python -m stylize dream --content clouds.jpg --out dream.png --recipe inception --explain 3
  python -m stylize dream --content clouds.jpg --out dream.mp4 --frames 100 --zoom 1.02

layers (--layers), by any of their names; LAYER=WEIGHT weighs one:
  vgg16, vgg19   relu1_1 to relu5_3 or relu5_4, the same as block1_conv1 to block5_conv3 or block5_conv4
  inception_v3   mixed0 to mixed10; activation_1 to activation_94, conv2d_1 ..., counted as the network is built

recipes (--recipe), which any other flag overrides:
  impasto        VGG16's relu5_2, the picture continued by reflection and shifted at every step
  inception      as published: Inception-v3's activation_41, borders left out, 4 octaves of 1.4, 20 steps of 0.01 of
                 its range of 2, no further above 20
  inception-mix  Keras' example: mixed4 to mixed7 weighed 1, 1.5, 2 and 2.5, 3 octaves, no further above 15
"""


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "dream", "DeepDream on a picture", HELP, EXAMPLES)
    add, default, own = parser.add_argument, "(default: %(default)s)", "(the recipe's)"
    add("--content", type=Path, required=True, metavar="PATH", help="picture to start from")
    add("--out", type=picture_or_film, required=True, metavar="PATH", help="picture to write, or film (.gif, .mp4)")
    add("--recipe", choices=tuple(DREAMS), default="impasto", help=f"known set-up, see below {default}")
    add("--guide", type=Path, metavar="PATH", help="picture of what is to be seen")
    add("--size", type=pixels, default=512, metavar="N", help=f"long side of the result {default}")
    add("--network", choices=tuple(DEFAULT_LAYERS), help=own)
    add(
        "--weights", metavar="PATH",
        help="weights of the network; `imagenet`: IMPASTO_VGG16_WEIGHTS, IMPASTO_VGG19_WEIGHTS or "
        "IMPASTO_INCEPTION_V3_WEIGHTS, else Keras' cache, else its download (default: imagenet)",
    )  # fmt: skip
    add("--layers", type=layer, nargs="+", metavar="LAYER", help="see below")
    add("--channel", type=count(0, 4096), metavar="N", help="look at this channel only (default: all)")
    add("--octaves", type=count(1, 20), metavar="N", help=f"sizes, from coarse to fine {own}")
    add("--octave-scale", type=number(1.05, 4), metavar="X", help=f"of each size over the one before {own}")
    add("--steps", type=count(1, 10_000), metavar="N", help=f"steps at every size {own}")
    add(
        "--rate", type=number(1e-5, 1), metavar="X",
        help=f"what a pixel moves in a step, of the range from black to white {own}",
    )  # fmt: skip
    add("--stop", type=number(0, 1e12), metavar="X", help=f"no further step at a size above this objective {own}")
    add("--margin", type=count(0, 512), metavar="N", help=f"pixels of reflection around the picture {own}")
    add("--tile", type=pixels, metavar="N", help="side of what is looked at at once; the result is the same")
    add("--seed", type=count(0, 2**32 - 1), metavar="N", help="of the random shifts")
    add("--every", type=count(0, 10_000), default=0, metavar="N", help="also write the picture every N steps")
    add("--frames", type=count(1, 100_000), metavar="N", help=f"of a film (default: {_FRAMES})")
    add("--zoom", type=number(1, 2), metavar="X", help=f"from frame to frame of a film (default: {_ZOOM})")
    add("--explain", type=count(0, 1000), default=0, metavar="N", help="say what is seen before and after: N classes")
    add("--classes", type=Path, metavar="PATH", help="names of the classes, one a line (default: Keras' own list)")
    parser.set_defaults(run=_run)


def _check_for_kind(options: argparse.Namespace, film: bool) -> None:
    """Refuses what means nothing for a film, or for a picture."""
    foreign = ("every", "explain") if film else ("frames", "zoom")
    for name in foreign:
        if getattr(options, name):
            one = "a film, and --out is a picture" if not film else "a picture, and --out is a film"
            raise ValueError(f"--{name} belongs to {one}: {options.out}")


def _run(options: argparse.Namespace) -> int:
    from impasto.files import prove_writable, refuse_inputs
    from impasto.pictures.reading import read

    read_files = [options.content, *([] if options.guide is None else [options.guide])]
    refuse_inputs([options.out], read_files)
    film = options.out.suffix.lower() in SUFFIXES
    _check_for_kind(options, film)
    settings = _settings(options)
    prove_writable([options.out])
    picture = read(options.content, long_side=options.size).floats()
    guide = None if options.guide is None else read(options.guide, long_side=settings.tile).floats()

    load_backend_quietly()
    if options.explain and options.classes:
        from models.classifiers import class_names

        class_names(options.classes)  # what is wrong with them is said before the dream
    from stylize.dream import Dreamer, octaves
    from stylize.making import make

    dreamer = Dreamer(settings, guide)
    if film:
        from stylize.zoom import zoom_film

        return zoom_film(dreamer, picture, options.out, options.frames or _FRAMES, options.zoom or _ZOOM)
    steps = settings.steps * len(octaves(picture.shape[0], picture.shape[1], settings))
    code = make(
        options.out, steps, options.every, lambda report: dreamer.dream(picture, report), lambda made: made,
        inputs=read_files,
    )  # fmt: skip
    if options.explain and not code:
        _explain(options, settings.network, picture)
    return code


def _settings(options: argparse.Namespace) -> Dream:
    settings = DREAMS[options.recipe]
    names = (
        "network", "weights", "channel", "octaves", "octave_scale", "steps", "rate", "stop", "margin", "tile", "seed"
    )  # fmt: skip
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if options.layers:
        weights = [1.0 if weight is None else weight for _, weight in options.layers]
        check_weights("--layers", weights)
        given |= {"layers": tuple(name for name, _ in options.layers), "layer_weights": tuple(weights)}
    elif given.get("network", settings.network) != settings.network:
        given |= {"layers": DEFAULT_LAYERS[given["network"]], "layer_weights": None}
    return replace(settings, **given)


def _explain(options: argparse.Namespace, network: str, before: np.ndarray) -> None:
    from impasto.pictures.reading import read
    from stylize.cli_see import explanations

    pictures = {options.content: before, options.out: read(options.out).floats()}
    for line in explanations(pictures, {network: "imagenet"}, options.explain, options.classes):
        print(line)
