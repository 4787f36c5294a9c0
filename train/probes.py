"""What the mean loss of a picture does not show: artefacts at the border, and flicker when the camera moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from keras import ops
from tqdm import tqdm

from datasets.ops import crop_resize
from models import losses
from models.loss_network import STYLE_LAYERS
from train.grid import Picture, require_apart
from train.judge import Judge
from train.systems import System

# Pixels from the border at which the ring begins that the strip along it is compared with.
INSIDE = 64
# Pixels by which pictures are continued by reflection before the loss network sees them: along a border it sees its own
# zero padding more than the picture, and a painting judged by itself has 3.9 times the loss there without this.
CONTINUED = 64
# The known movement: a window of 95 % of the picture, off its centre (y0, x0, y1, x1).
WINDOW = (0.02, 0.03, 0.97, 0.98)


@dataclass(frozen=True)
class Probe:
    """Means of one system over the probed pairs.

    Attributes:
        border: Style loss of the strips along the borders over that of rings of the same width inside, summed over the
            pairs; 1 where the border is painted as well as the rest.
        flicker: Mean absolute difference, in [0, 1], between the picture of the moved photograph and the moved picture.
    """

    system: str
    pairs: int
    border: float
    flicker: float


def probe(systems: Sequence[System], pairs: Sequence[tuple[Picture, Picture]], judge: Judge) -> list[Probe]:
    """Probes every system on pairs of photograph and painting, all of one size of at least 160 px."""
    found = []
    # By identity: a pair may come again, two pictures of one key may not.
    require_apart(list({id(style): style for _, style in pairs}.values()))
    # The same for every system.
    grams = {key: judge.grams(image) for key, image in {style.key: style.image for _, style in pairs}.items()}
    with tqdm(total=len(systems) * len(pairs), unit="pair", desc="probes") as bar:
        for system in systems:
            strips, rings, flickers = 0.0, 0.0, []
            for content, style in pairs:
                stylised = system.stylise(content.image, content.key, style.image, style.key)
                strip, ring = border_losses(judge, stylised, grams[style.key])
                strips, rings = strips + strip, rings + ring
                again = system.stylise(moved(content.image), f"moved {content.key}", style.image, style.key)
                flickers.append(float(np.abs(again - moved(stylised)).mean()))
                bar.update()
            found.append(Probe(system.name, len(pairs), strips / rings, float(np.mean(flickers))))
    return found


def moved(picture: np.ndarray) -> np.ndarray:
    """`[H, W, 3]` seen through `WINDOW`, at its own size."""
    box = np.array([WINDOW], np.float32)
    return ops.convert_to_numpy(crop_resize(picture[None], box, picture.shape[:2]))[0]


def border_losses(judge: Judge, stylised: np.ndarray, grams: dict[str, np.ndarray]) -> tuple[float, float]:
    """Style sum over the positions of the border strip, and over those of the ring inside.

    Args:
        stylised: `[H, W, 3]` in [0, 1].
        grams: What `Judge.grams` gave for the painting.
    """
    side = min(stylised.shape[:2])
    smallest = 2 * (INSIDE + losses.BORDER) + losses.BORDER
    if side < smallest:
        raise ValueError(f"the border is probed on pictures of {smallest} px or more, got {side}")
    rim = (CONTINUED, CONTINUED)
    features = judge.features(np.pad(stylised, (rim, rim, (0, 0)), mode="reflect"))
    return _ring_loss(features, grams, CONTINUED), _ring_loss(features, grams, CONTINUED + INSIDE)


def _ring_loss(features: dict[str, Any], grams: dict[str, np.ndarray], start: int) -> float:
    """Style sum of a ring as wide as the strip, `start` px from the border of what `features` are of."""
    total = 0.0
    for block, name in enumerate(STYLE_LAYERS):
        layer = np.asarray(features[name])
        first = start >> block
        outer = layer[:, first : layer.shape[1] - first, first : layer.shape[2] - first]
        gram = losses.gram_matrix(losses.border_strip(outer, losses.BORDER >> block))
        total += float(losses.balanced_difference(gram, grams[name][None])[0])
    return total
