"""How pictures are judged, everywhere and always the same: balanced losses on two networks.

Content is |F(x) - F(c)|^2 / (|F(x)|^2 + |F(c)|^2) at one layer, style the same over Gram matrices at several; all in
[0, 1] a layer, lower is better.

| judge | network | content | style |
|---|---|---|---|
| `Judge` | VGG16 with max pooling | relu3_3 | relu1_2, relu2_2, relu3_3, relu4_3 |
| `SecondJudge` | Inception-v3 | mixed5 | mixed0, mixed2, mixed4 |

The first looks at what training looks at, and so can be painted for. The second is for telling whether it was: nothing
is ever trained on its losses. (A teacher's predictor may be an Inception-v3 that reads paintings; none sees a painted
picture.)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from models import losses
from models.loss_network import CONTENT_LAYER, STYLE_LAYERS, build_loss_network
from models.starting_weights import load_backbone


class Judge:
    """Judges stylised pictures against their photograph and their painting.

    Args:
        weights: The network's weights: "imagenet", or a path.
    """

    name = "VGG16 with max pooling"
    # What the names of its losses begin with.
    prefix = ""
    content_layer = CONTENT_LAYER
    style_layers: tuple[str, ...] = STYLE_LAYERS
    # Pixels a side below which its deepest layer has nothing to look at.
    smallest = 16

    def __init__(self, weights: str | Path | None = "imagenet") -> None:
        self._network = self._build(weights)

    def _build(self, weights: str | Path | None) -> keras.Model:
        return build_loss_network(weights=weights, pooling="max", outputs=STYLE_LAYERS)

    @classmethod
    def columns(cls) -> tuple[str, ...]:
        """Names of its losses, the sum of the style losses last."""
        styles = (f"{cls.prefix}style_{name}" for name in cls.style_layers)
        return (f"{cls.prefix}content", *styles, f"{cls.prefix}style_sum")

    def grams(self, style: np.ndarray) -> dict[str, np.ndarray]:
        """Gram matrices `[C, C]` of a painting `[H, W, 3]` in [0, 1], by layer; worth keeping over many photographs."""
        features = self._look(style[None])
        return {name: ops.convert_to_numpy(losses.gram_matrix(features[name]))[0] for name in self.style_layers}

    def features(self, picture: np.ndarray) -> dict[str, np.ndarray]:
        """Features `[1, h, w, C]` of a picture `[H, W, 3]` in [0, 1], by layer."""
        return {name: ops.convert_to_numpy(value) for name, value in self._look(picture[None]).items()}

    def content_features(self, content: np.ndarray) -> np.ndarray:
        """Features `[h, w, C]` at the content layer of a photograph `[H, W, 3]` in [0, 1]."""
        return ops.convert_to_numpy(self._look(content[None])[self.content_layer])[0]

    def judge(self, stylised: np.ndarray, content: np.ndarray, grams: dict[str, np.ndarray]) -> dict[str, float]:
        """Losses of one stylised picture `[H, W, 3]` by the names in `columns`.

        Args:
            stylised: float in [0, 1], of the photograph's size.
            content: What `content_features` gave for the photograph.
            grams: What `grams` gave for the painting.
        """
        found = {name: float(value[0]) for name, value in self.losses(stylised[None], content, grams).items()}
        found[f"{self.prefix}style_sum"] = sum(found[f"{self.prefix}style_{name}"] for name in self.style_layers)
        return found

    def losses(self, stylised: Any, content: np.ndarray, grams: dict[str, np.ndarray]) -> dict[str, Any]:
        """The same without the sum, of a batch of one `[1, H, W, 3]`, as tensors `[1]` to differentiate."""
        features = self._look(stylised)
        targets = {name: gram[None] for name, gram in grams.items()}
        styles = losses.style_losses(features, targets, balanced=True)
        compared = losses.content_loss(features[self.content_layer], content[None], balanced=True)
        return {f"{self.prefix}content": compared} | {
            f"{self.prefix}style_{name}": value for name, value in styles.items()
        }

    def _look(self, pictures: Any) -> dict[str, Any]:
        height, width = pictures.shape[1:3]
        if min(height, width) < self.smallest:
            raise ValueError(
                f"pictures are judged by {self.name} from {self.smallest} px a side on, received {width}x{height}"
            )
        features: dict[str, Any] = self._network(pictures, training=False)
        return features


class SecondJudge(Judge):
    """The judge that no training looks at. Losses are named `inception_content`, `inception_style_mixed0` and so on."""

    name = "Inception-v3"
    prefix = "inception_"
    content_layer = "mixed5"
    style_layers = ("mixed0", "mixed2", "mixed4")
    smallest = 75

    def _build(self, weights: str | Path | None) -> keras.Model:
        full = load_backbone("inception_v3", weights)
        taps = {name: full.get_layer(name).output for name in (*self.style_layers, self.content_layer)}
        features = keras.Model(full.input, taps)
        picture = keras.Input((None, None, 3), name="picture")
        network = keras.Model(picture, features(keras.layers.Rescaling(2.0, -1.0)(picture)), name="second_judge")
        network.trainable = False
        return network


JUDGES: tuple[type[Judge], ...] = (Judge, SecondJudge)
COLUMNS = tuple(column for judge in JUDGES for column in judge.columns())
