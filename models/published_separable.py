"""Nakano's separable transformer, as published for the browser, in our network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from models.published_weights import PublishedWeights, assign_heads
from models.tfjs_weights import read_tfjs_weights
from models.transformers import build_transformer


def import_nakano_separable(path: str | Path) -> tuple[keras.Model, dict[str, Any]]:
    """Nakano's separable transformer (arbitrary-image-stylization-tfjs): `(transformer, card entries)`.

    It comes without a predictor: its embeddings are those of the demo's own style networks. The transformer pads by
    zeros, as the published graph does.

    Args:
        path: The published `saved_model_transformer_separable_js/model.json`, its shard beside it.

    Raises:
        PublishedWeightsError: a file is missing or damaged, or holds other weights.
    """
    weights = PublishedWeights(read_tfjs_weights(path), str(path))
    network = build_transformer("separable", padding="zero")
    for index in (1, 2, 3):
        scope = f"transformer/contract/conv{index}"
        weights.assign(network, f"contract_conv{index}", [weights.take(f"{scope}/weights")])
        vectors = [weights.take(f"{scope}/BatchNorm/{name}") for name in ("beta", "moving_mean", "moving_variance")]
        weights.assign(network, f"contract_conv{index}_norm", vectors)
    names = {f"residual{i}_conv{j}": f"residual/residual{i}/dilate_conv{j}" for i in range(1, 6) for j in (1, 2)}
    names |= {f"expand_conv{i}": f"expand/conv{i}/dilate_conv" for i in (1, 2, 3)}
    for layer, scope in names.items():
        for kind in ("depthwise", "pointwise"):
            weights.assign(network, f"{layer}_{kind}", [weights.take(f"transformer/{scope}/{kind}_weights")])
    assign_heads(weights, network, "weights", "biases", lambda kernel: kernel[0, 0])
    card = {
        "name": "Nakano's separable transformer",
        "license": "Apache-2.0",
        "architecture": {"transformer": "separable", "padding": "zero"},
        "provenance": {
            "weights": "reiinakano/arbitrary-image-stylization-tfjs, saved_model_transformer_separable_js (float32)",
            "paper": "Ghiasi et al. 2017, arXiv 1705.06830",
            "note": "embeddings must come from the published demo's own style networks, which are not included",
        },
    }
    return network, card
