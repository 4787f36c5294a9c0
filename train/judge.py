"""How pictures are judged, everywhere and always the same: balanced losses on VGG16 with max pooling.

Content is |F(x) - F(c)|^2 / (|F(x)|^2 + |F(c)|^2) at relu3_3, style the same over Gram matrices at relu1_2, relu2_2,
relu3_3 and relu4_3; all in [0, 1], lower is better. Training may use other losses and another pooling: the judge stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from models import losses
from models.loss_network import CONTENT_LAYER, STYLE_LAYERS, build_loss_network

COLUMNS = ("content", *(f"style_{name}" for name in STYLE_LAYERS), "style_sum")


class Judge:
    """Judges stylised pictures against their photograph and their painting.

    Args:
        weights: VGG16's weights: "imagenet", or a path.
    """

    def __init__(self, weights: str | Path | None = "imagenet") -> None:
        self._network = build_loss_network(weights=weights, pooling="max", outputs=STYLE_LAYERS)

    def grams(self, style: np.ndarray) -> dict[str, np.ndarray]:
        """Gram matrices `[C, C]` of a painting `[H, W, 3]` in [0, 1], by layer; worth keeping over many photographs."""
        features = self._network(style[None], training=False)
        return {name: ops.convert_to_numpy(losses.gram_matrix(features[name]))[0] for name in STYLE_LAYERS}

    def features(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        """Features `[1, h, w, C]` of a picture `[H, W, 3]` in [0, 1], by style layer."""
        return {name: ops.convert_to_numpy(value) for name, value in self._network(picture[None]).items()}

    def content_features(self, content: np.ndarray) -> np.ndarray:
        """Features at relu3_3 `[h, w, 256]` of a photograph `[H, W, 3]` in [0, 1]."""
        return ops.convert_to_numpy(self._network(content[None], training=False)[CONTENT_LAYER])[0]

    def judge(self, stylised: np.ndarray, content: np.ndarray, grams: dict[str, np.ndarray]) -> dict[str, float]:
        """Losses of one stylised picture `[H, W, 3]` by the names in `COLUMNS`.

        Args:
            stylised: float in [0, 1], of the photograph's size.
            content: What `content_features` gave for the photograph.
            grams: What `grams` gave for the painting.
        """
        found = {name: float(value[0]) for name, value in self.losses(stylised[None], content, grams).items()}
        found["style_sum"] = sum(value for name, value in found.items() if name.startswith("style_"))
        return found

    def losses(self, stylised: Any, content: np.ndarray, grams: dict[str, np.ndarray]) -> dict[str, Any]:
        """The same without the sum, of a batch of one `[1, H, W, 3]`, as tensors `[1]` to differentiate."""
        features = self._network(stylised, training=False)
        targets = {name: gram[None] for name, gram in grams.items()}
        styles = losses.style_losses(features, targets, balanced=True)
        found = {"content": losses.content_loss(features[CONTENT_LAYER], content[None], balanced=True)}
        return found | {f"style_{name}": value for name, value in styles.items()}
