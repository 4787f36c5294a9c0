"""DeepDream: a picture changed until a network sees more of what it saw in it (Mordvintsev et al. 2015).

Gradient ascent on the size of a layer's features, from coarse to fine ("octaves"), with the picture shifted at random
at every step so that no edge and no tile leaves a seam. A guide picture says what to see: channels then weigh as much
as they respond to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from models.loss_network import NETWORKS, build_loss_network
from models.starting_weights import load_backbone
from stylize.descent import Report, value_and_gradient
from stylize.recipes import Dream
from stylize.scales import growing, resized

# Pixels of the shorter side below which Inception-v3 has nothing to look at.
_SMALLEST = 80
_INCEPTION_BLOCKS = tuple(f"mixed{index}" for index in range(11))


def dream(picture: np.ndarray, settings: Dream, report: Report, guide: np.ndarray | None = None) -> np.ndarray:
    """Dreams on a picture `[H, W, 3]` in [0, 1]; returns one of its size.

    Args:
        picture: Where it starts.
        settings: What to dream of.
        report: Told after every step, counted over all octaves; pictures are smaller at first.
        guide: A picture `[h, w, 3]` in [0, 1] to see in this one.

    Raises:
        ValueError: an unknown network or layer, a channel that a layer does not have.
        StartingWeightsError: where weights cannot be had.
    """
    look = value_and_gradient(_objective(_features(settings), settings, guide))
    rng = np.random.default_rng(settings.seed)
    height, width = picture.shape[:2]
    detail = np.zeros_like(picture[:1, :1])
    done = 0
    for octave_height, octave_width in octaves(height, width, settings):
        base = resized(picture, octave_height, octave_width)
        # What was dreamt so far is laid over the photograph at this size, whose own detail is not lost that way.
        grown = ops.image.resize(detail, base.shape[:2], interpolation="bilinear")
        dreamt = base + ops.convert_to_numpy(grown)
        for _ in range(settings.steps):
            shift = tuple(rng.integers(0, side) for side in base.shape[:2])
            value, gradient = _tiled(look, np.roll(dreamt, shift, (0, 1)), settings.tile)
            gradient = np.roll(gradient, (-shift[0], -shift[1]), (0, 1))
            dreamt = np.clip(dreamt + settings.rate * gradient / (np.abs(gradient).mean() + 1e-12), 0, 1)
            done += 1
            report(done, value, dreamt)
        detail = dreamt - base
    return dreamt.astype(np.float32)


def octaves(height: int, width: int, settings: Dream) -> list[tuple[int, int]]:
    """Sizes from coarse to fine, the last one the whole; fewer where a side would be tiny."""
    return growing(height, width, settings.octaves, settings.octave_scale, _SMALLEST)


def _features(settings: Dream) -> keras.Model:
    """Pictures `[B, H, W, 3]` in [0, 1] -> dict of layer -> features."""
    if settings.network in NETWORKS:
        return build_loss_network(
            weights=settings.weights, pooling="max", outputs=settings.layers, network=settings.network
        )
    if settings.network != "inception_v3":
        raise ValueError(f"network must be one of {(*NETWORKS, 'inception_v3')}. Received: {settings.network!r}")
    unknown = sorted(set(settings.layers) - set(_INCEPTION_BLOCKS))
    if unknown:
        raise ValueError(f"layers of inception_v3 must be among {_INCEPTION_BLOCKS}. Received: {unknown}")
    full = load_backbone("inception_v3", settings.weights)
    taps = keras.Model(full.input, {name: full.get_layer(name).output for name in settings.layers})
    image = keras.Input((None, None, 3), name="image")
    model = keras.Model(image, taps(keras.layers.Rescaling(2.0, -1.0)(image)))
    model.trainable = False
    return model


def _objective(features: keras.Model, settings: Dream, guide: np.ndarray | None) -> Callable[[Any], Any]:
    channels = {name: output.shape[-1] for name, output in features.output.items()}
    weights: dict[str, Any] = {name: np.ones(count, np.float32) for name, count in channels.items()}
    if guide is not None:
        seen = features(guide[None], training=False)
        means = {name: ops.convert_to_numpy(ops.mean(value, axis=(0, 1, 2))) for name, value in seen.items()}
        weights = {name: mean / (mean.mean() + 1e-12) for name, mean in means.items()}
    if settings.channel is not None:
        few = {name: count for name, count in channels.items() if not 0 <= settings.channel < count}
        if few:
            raise ValueError(f"channel must be one of the layer's. Received: {settings.channel}; channels are {few}")
        weights = {name: np.eye(1, channels[name], settings.channel, dtype=np.float32)[0] for name in weights}

    # Squares reward what is seen already; a guide or a channel asks for what may not be there yet.
    power = 2 if guide is None and settings.channel is None else 1

    def objective(picture: Any) -> Any:
        found = features(picture, training=False)
        return sum(ops.mean(value**power * weights[name]) for name, value in found.items())

    return objective


def _tiled(
    look: Callable[[np.ndarray], tuple[float, np.ndarray]], picture: np.ndarray, tile: int
) -> tuple[float, np.ndarray]:
    """Value and gradient of a picture of any size, seen in tiles that have about the same size."""
    gradient = np.empty_like(picture)
    values = []
    rows, columns = (np.array_split(np.arange(side), -(-side // tile)) for side in picture.shape[:2])
    for row in rows:
        for column in columns:
            part = np.s_[row[0] : row[-1] + 1, column[0] : column[-1] + 1]
            value, gradient[part] = look(picture[part])
            values.append(value)
    return float(np.mean(values)), gradient
