"""The perceptual loss of a batch: what content, style and smoothness cost, from pictures to named terms."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import keras
from keras import ops

from models import losses
from models.loss_network import (
    CONTENT_LAYER,
    MOBILENET_LAYERS,
    STYLE_LAYERS,
    build_loss_network,
    build_second_loss_network,
)
from train.config import LossConfig


@dataclass(frozen=True)
class Targets:
    """What stylised pictures are compared with: of photographs features, of paintings Gram matrices by layer.

    Attributes:
        content: `[B, h, w, C]` at relu3_3.
        grams: `[B, C, C]` float32, by style layer.
    """

    content: Any
    grams: dict[str, Any]


class PerceptualLoss:
    """Weighted sum of content, style, total variation and identity terms (Ghiasi et al. 2017, section 2).

    Not a keras.Model: the loss network must not become part of what a trainer saves.

    Args:
        config: Weights, kind and the loss network's own choices.
    """

    def __init__(self, config: LossConfig) -> None:
        self.config = config
        dtype = "mixed_bfloat16" if config.mixed_precision else "float32"
        network = build_loss_network(
            weights=config.vgg16_weights,
            pooling=config.pooling,
            padding=config.padding,
            outputs=STYLE_LAYERS,
            dtype=dtype,
        )
        self._features = network
        # The photograph is needed up to relu3_3 only: a quarter of the network saved.
        self._content_features = keras.Model(network.input, network.output[CONTENT_LAYER], name="content_features")
        self._second = build_second_loss_network(config.mobilenet_weights, dtype) if config.mobilenet_weight else None

    @property
    def term_names(self) -> list[str]:
        names = ["content", *(f"style_{name}" for name in STYLE_LAYERS), "total_variation", "identity"]
        chosen = {
            "border": self.config.border_weight,
            "emphasis": self.config.emphasis,
            "consistency": self.config.consistency_weight,
            "mobilenet": self.config.mobilenet_weight,
        }
        return names + [name for name, weight in chosen.items() if weight]

    def checksum(self) -> str:
        """Of the loss network's weights: the same network judges alike, wherever its file lies."""
        digest = hashlib.sha256()
        for weight in self._features.get_weights():
            digest.update(weight.tobytes())
        return digest.hexdigest()[:16]

    def content_target(self, content: Any) -> Any:
        """Features at relu3_3 of photographs `[B, H, W, 3]` in [0, 1]."""
        return ops.stop_gradient(self._content_features(content, training=False))

    def gram_targets(self, style: Any) -> dict[str, Any]:
        """Gram matrices `[B, C, C]` of paintings `[B, h, w, 3]` in [0, 1], by layer."""
        features = self._features(style, training=False)
        return {name: ops.stop_gradient(losses.gram_matrix(features[name])) for name in STYLE_LAYERS}

    def terms(
        self, content: Any, style: Any, stylised: Any, identity: Any, targets: Targets | None = None
    ) -> dict[str, Any]:
        """Unweighted terms, each a float32 scalar, means over the batch.

        Args:
            content: Photographs `[B, H, W, 3]` in [0, 1].
            style: Paintings `[B, h, w, 3]` in [0, 1].
            stylised: `[B, H, W, 3]` in [0, 1].
            identity: `[B]`, 1 where the painting is the photograph itself, else 0.
            targets: What to compare with, where it is known already (train/targets.py).
        """
        balanced = self.config.kind == "balanced"
        if targets is None:
            targets = Targets(self.content_target(content), self.gram_targets(style))
        grams = targets.grams
        features = self._features(stylised, training=False)

        terms = {"content": losses.content_loss(features[CONTENT_LAYER], targets.content, balanced=balanced)}
        styles = losses.style_losses(features, grams, balanced=balanced)
        terms |= {f"style_{name}": value for name, value in styles.items()}
        if self.config.emphasis:
            style_sum = sum((weight * styles[name] for name, weight in self._style_weights.items()), ops.zeros(()))
            terms["emphasis"] = losses.emphasised(style_sum, self.config.emphasis)
        if self.config.border_weight:
            strips = {
                name: losses.border_strip(features[name], losses.BORDER >> block)
                for block, name in enumerate(STYLE_LAYERS)
            }
            terms["border"] = sum(losses.style_losses(strips, grams, balanced=balanced).values())
        if self._second is not None:
            # Never read from disk, even where VGG16's targets are: they cost less than reading them would.
            seen = self._second(style, training=False)
            second = {name: ops.stop_gradient(losses.gram_matrix(seen[name])) for name in MOBILENET_LAYERS}
            found = losses.style_losses(self._second(stylised, training=False), second, balanced=balanced)
            terms["mobilenet"] = sum(found.values())
            if self.config.mobilenet_emphasis:
                terms["mobilenet"] += losses.emphasised(terms["mobilenet"], self.config.mobilenet_emphasis)
        terms["total_variation"] = losses.total_variation(stylised)
        per_picture = ops.mean(ops.abs(stylised - content), axis=(1, 2, 3))
        terms["identity"] = identity * per_picture
        means = {name: ops.mean(value) for name, value in terms.items()}
        # Over the identity pairs only, whatever their share of this batch.
        means["identity"] = ops.sum(terms["identity"]) / ops.maximum(ops.sum(identity), 1.0)
        return means

    @property
    def _style_weights(self) -> dict[str, float]:
        return dict(zip(STYLE_LAYERS, self.config.style_weights, strict=True))

    def total(self, terms: dict[str, Any]) -> Any:
        """The weighted sum of `terms`."""
        config = self.config
        weights = {
            "content": config.content_weight,
            "total_variation": config.total_variation_weight,
            "identity": config.identity_weight,
            "consistency": config.consistency_weight,
            "border": config.border_weight,
            "mobilenet": config.mobilenet_weight,
            "emphasis": 1.0,
        }
        weights |= {f"style_{name}": weight for name, weight in self._style_weights.items()}
        return sum((weights[name] * value for name, value in terms.items() if weights[name]), ops.zeros(()))
