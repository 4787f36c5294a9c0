"""How transformers start: no two kernels alike, and blocks that change nothing yet."""

from __future__ import annotations

import itertools
from typing import Any

import keras
import numpy as np
import pytest

from models.starts import STARTS
from models.transformers import KINDS, build_transformer

SMALL = {"stem": 8, "middle": 16, "width": 24, "blocks": 2, "middle_blocks": 2, "last": 8}
OPTIONS: dict[str, dict[str, Any]] = {kind: SMALL if kind in ("fast", "fine") else {"alpha": 0.25} for kind in KINDS}


def _kernels(network: keras.Model) -> list[np.ndarray]:
    """Every kernel of a convolution; style heads are one matrix, of which there are no two."""
    return [np.asarray(weight) for weight in network.weights if len(weight.shape) == 4]


def _equal_pairs(network: keras.Model) -> int:
    pairs = itertools.combinations(_kernels(network), 2)
    return sum(a.shape == b.shape and bool(np.any(a)) and np.array_equal(a, b) for a, b in pairs)


def _blocks(network: keras.Model) -> list[tuple[Any, Any]]:
    """Input and output of every residual block."""
    adds = [layer for layer in network.layers if isinstance(layer, keras.layers.Add) and layer.name != "skip_add"]
    return [(layer.input[0], layer.output) for layer in adds]


@pytest.mark.parametrize("kind", KINDS)
def test_no_two_kernels_of_one_shape_are_equal(kind: str) -> None:
    keras.utils.set_random_seed(0)
    network = build_transformer(kind, **OPTIONS[kind])
    shapes = [kernel.shape for kernel in _kernels(network)]
    assert len(shapes) > len(set(shapes)), "no two kernels share a shape: nothing was compared"
    assert _equal_pairs(network) == 0


@pytest.mark.parametrize("kind", ["fast", "fine"])
def test_blocks_start_as_the_identity(kind: str) -> None:
    network = build_transformer(kind, **OPTIONS[kind])
    found = _blocks(network)
    assert len(found) == SMALL["blocks"] + SMALL["middle_blocks"]
    taps = keras.Model(network.inputs, found)
    rng = np.random.default_rng(0)
    for before, after in taps([rng.random((1, 32, 32, 3), np.float32), rng.normal(size=(1, 100)).astype("f4")]):
        assert np.std(before) > 0
        np.testing.assert_array_equal(before, after)


def test_the_other_starts_are_what_they_say() -> None:
    """Root mean square of the kernels that end a block; He normal of 24 inputs has sqrt(2 / 24)."""
    scales, equal = {}, {}
    for start in STARTS:
        keras.utils.set_random_seed(1)
        network = build_transformer("fast", **SMALL | {"start": start})
        last = network.get_layer("residual2_conv2_pointwise").kernel
        scales[start] = float(np.sqrt(np.mean(np.square(last))))
        equal[start] = _equal_pairs(network)
    he = np.sqrt(2 / 24)
    assert scales["zero"] == 0
    assert scales["small"] == pytest.approx(0.1 * he, rel=0.1)
    assert scales["independent"] == pytest.approx(he, rel=0.1)
    # Four depthwise and four pointwise kernels at an eighth, as many at a quarter.
    assert equal == {"zero": 0, "small": 0, "independent": 0, "identical": 4 * 6}


def test_a_seed_repeats_a_start() -> None:
    found = []
    for _ in range(2):
        keras.utils.set_random_seed(2)
        found.append(_kernels(build_transformer("fast", **SMALL)))
    for first, second in zip(*found, strict=True):
        np.testing.assert_array_equal(first, second)
