"""The limit of every network: each picture optimised on its own (Gatys et al. 2016), on the judge's losses."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from models import losses
from models.loss_network import CONTENT_LAYER, STYLE_LAYERS, build_loss_network

# Adam's step on pixels in [0, 1]: 250 of them may take a pixel across the whole range several times.
_RATE = 0.02


class OptimisedSystem:
    """Starts from the photograph and lowers content plus style losses of `train.judge` with Adam.

    Args:
        steps: Adam steps a picture; about half a second each at 384 px on two processor cores.
        weights: VGG16's weights: "imagenet", or a path.
    """

    def __init__(self, steps: int, weights: str = "imagenet") -> None:
        self.name = f"optimised_{steps}"
        self._steps = steps
        self._network = build_loss_network(weights=weights, pooling="max", outputs=STYLE_LAYERS)

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        """Photograph `[H, W, 3]` and painting `[h, w, 3]`, both in [0, 1] -> `[H, W, 3]` in [0, 1]."""
        grams = {name: losses.gram_matrix(value) for name, value in self._network(style[None]).items()}
        target = self._network(content[None])[CONTENT_LAYER]
        picture = _Picture(content, self._network, target, grams)
        picture.compile(keras.optimizers.Adam(_RATE), jit_compile=keras.backend.backend() != "tensorflow")
        nothing = np.zeros((1, 1), np.float32)
        for _ in tqdm(range(self._steps), unit="step", leave=False, desc=f"{content_key} in {style_key}"):
            picture.train_on_batch(nothing)
        return np.clip(ops.convert_to_numpy(picture.pixels)[0], 0, 1)


class _Picture(keras.Model):
    """A model whose only weight is a picture."""

    def __init__(self, start: np.ndarray, network: keras.Model, target: Any, grams: dict[str, Any]) -> None:
        super().__init__(name="optimised")
        self.pixels = self.add_weight(shape=(1, *start.shape), name="pixels")
        self.pixels.assign(start[None])
        # In a closure, so that Keras does not count the loss network as part of this model.
        self._loss = lambda picture: _loss(network(picture), target, grams)

    def call(self, inputs: Any) -> Any:
        # Pixels outside the range cost nothing and gain nothing; the gradient inside stays.
        return ops.clip(self.pixels, 0.0, 1.0)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        return self._loss(y_pred)


def _loss(features: dict[str, Any], target: Any, grams: dict[str, Any]) -> Any:
    styles = losses.style_losses(features, grams, balanced=True)
    content = losses.content_loss(features[CONTENT_LAYER], target, balanced=True)
    return ops.sum(content) + sum(ops.sum(value) for value in styles.values())
