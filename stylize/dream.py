"""DeepDream: a picture changed until a network sees more of what it saw in it (Mordvintsev et al. 2015).

Gradient ascent on the size of layers' features, from coarse to fine ("octaves"). The picture is continued by
reflection and shifted a little at random at every step, so that neither its edges nor the network's grid leave a
trace; a large one is looked at in tiles whose gradient is the whole's, so that there is no seam. A guide picture says
what to see: channels then weigh as much as they respond to it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

from models.layer_names import VGG_BLOCKS, canonical, keras_name
from models.loss_network import build_loss_network
from models.starting_weights import load_backbone
from stylize.descent import Report, finite
from stylize.localised import Localised, Tile, halo, reach, tiles
from stylize.recipes import Dream
from stylize.scales import SMALLEST, continued, growing, resized, uncontinued

# Pixels of the shorter side below which Inception-v3 has nothing to look at.
_SMALLEST = 80
# Largest shift of a step, in pixels: the coarsest grid of the networks.
_SHIFT = 32


# The least side that a network looks at.
_LEAST = {"vgg16": SMALLEST, "vgg19": SMALLEST, "inception_v3": 75}


def dream(picture: np.ndarray, settings: Dream, report: Report, guide: np.ndarray | None = None) -> np.ndarray:
    """Dreams on a picture `[H, W, 3]` in [0, 1]; returns one of its size. Args and errors: as of `Dreamer`."""
    return Dreamer(settings, guide).dream(picture, report)


def octaves(height: int, width: int, settings: Dream) -> list[tuple[int, int]]:
    """Sizes from coarse to fine, the last one the whole; fewer where a side would be tiny."""
    return growing(height, width, settings.octaves, settings.octave_scale, _SMALLEST)


class Dreamer:
    """Dreams on pictures, one after the other, without building anything twice.

    Args:
        settings: What to dream of.
        guide: A picture `[h, w, 3]` in [0, 1] to see in the others.

    Raises:
        ValueError: an unknown network or layer, a channel that a layer does not have.
        StartingWeightsError: where weights cannot be had.
    """

    def __init__(self, settings: Dream, guide: np.ndarray | None = None) -> None:
        self.settings = settings
        self._responses = _Responses(settings, None if guide is None else continued(guide, _LEAST[settings.network]))
        self._looks: dict[tuple[int, int], Localised] = {}
        self._rng = np.random.default_rng(settings.seed)

    def dream(
        self, picture: np.ndarray, report: Report, sizes: int | None = None, steps: int | None = None
    ) -> np.ndarray:
        """Dreams on a picture `[H, W, 3]` in [0, 1]; returns one of its size.

        Args:
            picture: Where it starts.
            report: Told after every step, counted over all octaves; pictures are smaller at first.
            sizes: The last octaves only, so many.
            steps: At every size, instead of the settings' own.
        """
        settings, count = self.settings, self.settings.steps if steps is None else steps
        least = _LEAST[settings.network]
        own_height, own_width = picture.shape[:2]
        picture = continued(picture, least)  # nobody gets to see that
        detail = np.zeros_like(picture[:1, :1])
        done = 0
        for height, width in octaves(picture.shape[0], picture.shape[1], settings)[-(sizes or 0) :]:
            base = resized(picture, height, width)
            # What was dreamt so far is laid over the photograph at this size, whose own detail is not lost that way.
            grown = ops.image.resize(detail, base.shape[:2], interpolation="bilinear")
            dreamt = base + ops.convert_to_numpy(grown)
            for step in range(1, count + 1):
                value, gradient = finite(*self._look(dreamt))
                if settings.stop is not None and value > settings.stop:
                    report(done + count, value, uncontinued(dreamt, own_height, own_width, least))
                    break
                dreamt = dreamt + settings.rate * gradient / (np.abs(gradient).mean() + 1e-12)
                if settings.bounded:
                    dreamt = np.clip(dreamt, 0, 1)
                report(done + step, value, uncontinued(dreamt, own_height, own_width, least))
            done += count
            detail = dreamt - base
        return uncontinued(np.clip(dreamt, 0, 1).astype(np.float32), own_height, own_width, least)

    def _look(self, picture: np.ndarray) -> tuple[float, np.ndarray]:
        """Value and gradient of a picture, padded and shifted for the look alone."""
        height, width = picture.shape[:2]
        margin = min(self.settings.margin, height - 1, width - 1)
        padded = np.pad(picture, ((margin, margin), (margin, margin), (0, 0)), mode="reflect")
        shift = self._rng.integers(-_SHIFT, _SHIFT + 1, 2) if self.settings.shift else (0, 0)
        size = (padded.shape[0], padded.shape[1])
        if size not in self._looks:
            cuts = tiles(size[0], size[1], self.settings.tile, halo(self._responses.network))
            self._looks[size] = Localised(
                self._responses, cuts, [self._responses.seen(cut, size[0], size[1]) for cut in cuts]
            )
        value, gradient = self._looks[size](np.roll(padded, shift, (0, 1)))
        gradient = np.roll(gradient, (-shift[0], -shift[1]), (0, 1))
        return value, gradient[margin : margin + height, margin : margin + width]


class _Responses:
    """How strongly layers respond, by way of sums over positions (stylize.localised.Measured)."""

    def __init__(self, settings: Dream, guide: np.ndarray | None) -> None:
        self._settings = settings
        self._layers = tuple(canonical(settings.network, name) for name in settings.layers)
        shares = settings.layer_weights or (1.0,) * len(self._layers)
        if len(shares) != len(self._layers):
            raise ValueError(f"layers: expected a weight for each of {len(self._layers)}, received {len(shares)}")
        self._shares = dict(zip(self._layers, shares, strict=True))
        self.network, self._prepare = _network(settings, self._layers)
        self._channels = {name: int(output.shape[-1]) for name, output in self.network.output.items()}
        self._weights = self._channel_weights(guide)
        # Squares reward what is seen already; a guide or a channel asks for what may not be there yet.
        self._power = 2 if guide is None and settings.channel is None else 1

    def _channel_weights(self, guide: np.ndarray | None) -> dict[str, np.ndarray]:
        channel, counts = self._settings.channel, self._channels
        if channel is not None:
            if any(not 0 <= channel < count for count in counts.values()):
                raise ValueError(f"channel must be one of the layer's. Received: {channel}; channels are {counts}")
            return {name: np.eye(1, count, channel, dtype=np.float32)[0] for name, count in counts.items()}
        if guide is None:
            return {name: np.ones(count, np.float32) for name, count in counts.items()}
        seen = self.features(ops.convert_to_tensor(guide[None], "float32"))
        means = {name: ops.convert_to_numpy(ops.mean(value, axis=(0, 1, 2))) for name, value in seen.items()}
        return {name: mean / (mean.mean() + 1e-12) for name, mean in means.items()}

    def features(self, picture: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.network(self._prepare(picture), training=False)
        return found

    def seen(self, tile: Tile, height: int, width: int) -> dict[str, Any]:
        """Which of a tile's positions count: not those along the picture's borders, where the settings say so."""
        border = self._settings.border
        if not border:
            return {}
        shapes = {name: told[1:3] for name, told in self.network.compute_output_shape((1, height, width, 3)).items()}
        found = {}
        for name, told in reach(self.network).items():
            inside = np.zeros(shapes[name], np.float32)
            inside[border:-border, border:-border] = 1
            rows, columns = tile.positions_in_picture(told.stride)
            found[name] = ops.convert_to_tensor(inside[None, rows, columns, None])
        return found

    def sums(self, features: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
        found = {}
        for name, value in features.items():
            responses = value**self._power * self._weights[name]
            found[f"responses {name}"] = ops.sum(responses * seen[name] if name in seen else responses)
            found[f"count {name}"] = ops.cast(value.shape[1] * value.shape[2] * value.shape[3], "float32")
        return found

    def total(self, sums: dict[str, Any]) -> Any:
        return sum(share * sums[f"responses {name}"] / sums[f"count {name}"] for name, share in self._shares.items())


def _network(settings: Dream, layers: tuple[str, ...]) -> tuple[keras.Model, Callable[[Any], Any]]:
    """Model to a dict of layer -> features, and what is done to pictures in [0, 1] before it."""
    if settings.network in VGG_BLOCKS:
        network = build_loss_network(weights=settings.weights, pooling="max", outputs=layers, network=settings.network)
        return network, lambda picture: picture
    full = load_backbone(settings.network, settings.weights)
    built = [layer.name for layer in full.layers]
    outputs = {name: full.get_layer(keras_name(settings.network, name, built)).output for name in layers}
    network = keras.Model(full.input, outputs)
    network.trainable = False
    return network, lambda picture: picture * 2.0 - 1.0
