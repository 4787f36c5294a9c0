"""`python -m stylize see`: what networks see in a picture."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.arguments import add_command, count
from models.startup import load_backend_quietly

if TYPE_CHECKING:
    import numpy as np

HELP = """\
Says what Inception-v3 and VGG16 see in a picture: ImageNet's classes, likeliest first, with their probabilities. Their
weights with the classifier come from Keras' cache, or its download; a network whose weights are not at hand is passed
over in a sentence."""

EXAMPLES = """\
examples:
  python -m stylize see cat.jpg
  python -m stylize see cat.jpg dream.png --top 3 --networks vgg16
  python -m stylize see cat.jpg --networks inception_v3 --weights inception_v3.weights.h5 --classes names.txt
"""

_NETWORKS = ("inception_v3", "vgg16", "vgg19")


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    parser = add_command(commands, "see", "what networks see in a picture", HELP, EXAMPLES)
    add = parser.add_argument
    add("pictures", type=Path, nargs="+", metavar="PICTURE", help="files, folders or both")
    add("--top", type=count(1, 1000), default=5, metavar="N", help="classes to name (default: %(default)s)")
    add("--networks", nargs="+", choices=_NETWORKS, default=["inception_v3", "vgg16"], help="(default: %(default)s)")
    add("--weights", nargs="+", metavar="PATH", help="weights with the classifier, one a network")
    add("--classes", type=Path, metavar="PATH", help="names of the classes, one a line (default: Keras' own list)")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from impasto.pictures.folders import collect
    from impasto.pictures.reading import read

    weights = options.weights or ["imagenet"] * len(options.networks)
    if len(weights) != len(options.networks):
        raise ValueError(f"--weights: expected one a network, {len(options.networks)}, received {len(weights)}")
    pictures = {path: read(path).floats() for path in collect(options.pictures).paths}
    load_backend_quietly()
    seen = explanations(pictures, dict(zip(options.networks, weights, strict=True)), options.top, options.classes)
    for line in seen:
        print(line)
    return 0 if seen else 1


def explanations(
    pictures: dict[Path, np.ndarray], networks: dict[str, str], count: int, classes: Path | None
) -> list[str]:
    """Lines to print: for every picture and network its top classes; networks without weights are told of.

    Args:
        pictures: By name, `[H, W, 3]` in [0, 1].
        networks: Their weights by their names, "imagenet" for Keras' own.
        count: Classes a picture.
        classes: A file of names; None for Keras' own.

    Raises:
        ClassNamesError: where names cannot be had.
    """
    from models.classifiers import Classifier, class_names, top
    from models.starting_weights import StartingWeightsError

    lines: list[str] = []
    # Names that were given are read before the networks are; Keras' own may have to be downloaded.
    names = [] if classes is None else class_names(classes)
    for name, weights in networks.items():
        try:
            classifier = Classifier(name, weights)
        except StartingWeightsError as error:
            print(f"note: {error}", file=sys.stderr)
            continue
        names = names or class_names()
        for path, picture in pictures.items():
            lines.append(f"{path} seen by {name}:")
            found = top(classifier.probabilities(picture), names, count)
            lines += [f"  {probability:6.1%}  {label}" for label, probability in found]
    return lines
