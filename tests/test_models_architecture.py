"""What is remembered of an architecture: worked out once for equal ones, anew for others, whatever the weights."""

from __future__ import annotations

import keras

from models.architecture import once_an_architecture
from models.transformers import build_transformer

SMALL = {"stem": 4, "middle": 4, "width": 4, "blocks": 1, "middle_blocks": 1, "last": 4}


def test_equal_architectures_are_looked_at_once() -> None:
    looked: list[keras.Model] = []

    @once_an_architecture
    def layers(network: keras.Model) -> int:
        looked.append(network)
        return len(network.layers)

    first, second = build_transformer("fast", **SMALL), build_transformer("fast", **SMALL)
    assert layers(first) == layers(second) == len(first.layers)
    first.set_weights([weight + 1 for weight in first.get_weights()])
    assert layers(first) == len(first.layers) and looked == [first]
    other = build_transformer("fast", **SMALL | {"blocks": 2})
    assert layers(other) == len(other.layers) > len(first.layers) and looked == [first, other]
