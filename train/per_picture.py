"""The limit of every network: each picture optimised on its own (Gatys et al. 2016), on the judge's losses."""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops
from tqdm import tqdm

from stylize.descent import adam, value_and_gradient
from train.judge import Judge

# Adam's step on pixels in [0, 1]: 250 of them may take a pixel across the whole range several times.
_RATE = 0.02


class OptimisedSystem:
    """Starts from the photograph and lowers content plus style losses of `train.judge` with Adam.

    Args:
        name: What to call it.
        steps: Adam steps a picture; about half a second each at 384 px on two processor cores.
        judge: Whose losses are lowered.
    """

    def __init__(self, name: str, steps: int, judge: Judge) -> None:
        self.name = name
        self._steps = steps
        self._judge = judge

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        """Photograph `[H, W, 3]` and painting `[h, w, 3]`, both in [0, 1] -> `[H, W, 3]` in [0, 1]."""
        target, grams = self._judge.content_features(content), self._judge.grams(style)

        def objective(picture: Any) -> Any:
            return sum(ops.sum(value) for value in self._judge.losses(picture, target, grams).values())

        with tqdm(total=self._steps, unit="step", leave=False, desc=f"{content_key} in {style_key}") as bar:

            def report(step: int, value: float, picture: np.ndarray) -> None:
                bar.update()

            return adam(value_and_gradient(objective), content, self._steps, _RATE, report)
