"""What published weights have in common: Nakano's separable transformer and Magenta's mobile pair.

Both descend from Ghiasi et al. 2017 and name their tensors alike: a conditional instance norm `<layer>/StyleNorm` has
two 1x1 convolutions, `Conv` for beta and `Conv_1` for gamma, each made in that order by the published code.
"""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np

from models.tfjs_weights import PublishedWeightsError
from models.transformers import EMBEDDING_SIZE

BLOCKS = [(f"residual/residual{index}", f"conv{part}") for index in range(1, 6) for part in (1, 2)]
# Scopes of the conditional instance norms, in the order in which our transformers count them.
_NORMS = [f"{scope}/{conv}" for scope, conv in BLOCKS] + [f"expand/conv{index}/conv" for index in (1, 2, 3)]


class PublishedWeights:
    """Published arrays by name; remembers which were taken, so that none is forgotten."""

    def __init__(self, arrays: dict[str, np.ndarray], source: str) -> None:
        self.arrays = arrays
        self.source = source

    def take(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            raise PublishedWeightsError(f"{self.source}: expected a weight named {name}, found none")
        return self.arrays[name]

    def assign(self, network: keras.Model, layer: str, values: list[np.ndarray]) -> None:
        expected = [tuple(weight.shape) for weight in network.get_layer(layer).weights]
        found = [value.shape for value in values]
        if expected != found:
            raise PublishedWeightsError(
                f"{self.source}: the weights of {layer} should have the shapes {expected}, found {found}"
            )
        network.get_layer(layer).set_weights(values)


def assign_heads(
    weights: PublishedWeights,
    network: keras.Model,
    kernel: str,
    bias: str,
    matrix: Callable[[np.ndarray], np.ndarray],
) -> None:
    """Lays the published pairs of 1x1 convolutions side by side: gamma, then beta, norm by norm."""
    scopes = [f"style_params/transformer/{norm}/StyleNorm/{part}" for norm in _NORMS for part in ("Conv_1", "Conv")]
    kernels = [matrix(weights.take(f"{scope}/{kernel}")) for scope in scopes]
    biases = [weights.take(f"{scope}/{bias}") for scope in scopes]
    if any(part.shape[0] != EMBEDDING_SIZE for part in kernels):
        raise PublishedWeightsError(f"{weights.source}: expected style heads of {EMBEDDING_SIZE} inputs")
    weights.assign(network, "style_heads", [np.concatenate(kernels, axis=1), np.concatenate(biases)])
