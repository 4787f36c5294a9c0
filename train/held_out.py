"""What a network of its own styles gained over the model it began as, on photographs that it did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from impasto.strokes import as_float
from models.stylizer import Stylizer
from train.judge import Judge


@dataclass(frozen=True)
class Gain:
    """Means over the pictures of both models: content and the sum of the style losses, as train.judge has them."""

    pictures: int
    size: int
    content: tuple[float, float]
    style: tuple[float, float]

    def told(self) -> str:
        """As a sentence."""
        (content_before, content), (style_before, style) = self.content, self.style
        photographs = "photograph" if self.pictures == 1 else "photographs"
        return (
            f"on {self.pictures} {photographs} that it did not learn from, {self.size} px: style {style:.3f}, where "
            f"--start has {style_before:.3f} ({style / max(style_before, 1e-9):.2f}x), content {content:.3f}, where "
            f"--start has {content_before:.3f}"
        )

    def card(self) -> dict[str, Any]:
        """For the model card: the start's figures first."""
        return {
            "photographs": self.pictures,
            "size": self.size,
            "content": [round(value, 4) for value in self.content],
            "style_sum": [round(value, 4) for value in self.style],
        }


def gain(
    start: Stylizer, own: Any, paintings: dict[str, np.ndarray], places: Sequence[int],
    photographs: Sequence[np.ndarray], judge: Judge,
) -> Gain:  # fmt: skip
    """Judges both models' pictures, of every photograph in one style and every style at least once.

    The painting is compared as the start's predictor is shown it: whole, at its own short side. That is the picture
    that a person asks for with it, on the page and with `impasto image`.

    Args:
        start: The model to compare with.
        own: Transformer of styles by number.
        paintings: `[h, w, 3]`, by name.
        places: Their numbers.
        photographs: uint8 `[S, S, 3]`, one at least.
        judge: Judges.
    """
    embeddings = [start.predict(picture) for picture in paintings.values()]
    grams = [judge.grams(as_float(start.fitted(picture))) for picture in paintings.values()]
    found: list[list[dict[str, float]]] = [[], []]
    count = max(len(photographs), len(paintings))
    for index in tqdm(range(count), desc="comparing", unit="photo", disable=None):
        photo = as_float(photographs[index % len(photographs)])
        style = index % len(paintings)
        target = judge.content_features(photo)
        number = np.eye(1, own.inputs[1].shape[-1], places[style], dtype=np.float32)
        pictures = [
            start.transformer([photo[None], embeddings[style][None]], training=False),
            own([photo[None], number], training=False),
        ]
        for kept, picture in zip(found, pictures, strict=True):
            kept.append(judge.judge(np.asarray(picture)[0], target, grams[style]))

    def means(name: str) -> tuple[float, float]:
        before, after = (float(np.mean([losses[name] for losses in kept])) for kept in found)
        return before, after

    return Gain(count, photographs[0].shape[0], means("content"), means("style_sum"))
