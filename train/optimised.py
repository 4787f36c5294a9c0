"""The limit of every network: each picture optimised on its own (Gatys et al. 2016), on the judge's losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from train.judge import Judge

# Adam's step on pixels in [0, 1]: 250 of them may take a pixel across the whole range several times.
_RATE = 0.02


class OptimisedSystem:
    """Starts from the photograph and lowers content plus style losses of `train.judge` with Adam.

    Args:
        steps: Adam steps a picture; about half a second each at 384 px on two processor cores.
        judge: Whose losses are lowered.
    """

    def __init__(self, steps: int, judge: Judge) -> None:
        self.name = f"optimised_{steps}"
        self._steps = steps
        self._judge = judge

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        """Photograph `[H, W, 3]` and painting `[h, w, 3]`, both in [0, 1] -> `[H, W, 3]` in [0, 1]."""
        target, grams = self._judge.content_features(content), self._judge.grams(style)
        picture = _Picture(content, lambda painted: self._judge.losses(painted, target, grams))
        picture.compile(keras.optimizers.Adam(_RATE), jit_compile=keras.backend.backend() != "tensorflow")
        nothing = np.zeros((1, 1), np.float32)
        for _ in tqdm(range(self._steps), unit="step", leave=False, desc=f"{content_key} in {style_key}"):
            picture.train_on_batch(nothing)
        return np.clip(ops.convert_to_numpy(picture.pixels)[0], 0, 1)


class _Picture(keras.Model):
    """A model whose only weight is a picture."""

    def __init__(self, start: np.ndarray, judged: Callable[[Any], dict[str, Any]]) -> None:
        super().__init__(name="optimised")
        self.pixels = self.add_weight(shape=(1, *start.shape), name="pixels")
        self.pixels.assign(start[None])
        self._judged = judged

    def call(self, inputs: Any) -> Any:
        # Pixels outside the range cost nothing and gain nothing; the gradient inside stays.
        return ops.clip(self.pixels, 0.0, 1.0)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        return sum(ops.sum(value) for value in self._judged(y_pred).values())
