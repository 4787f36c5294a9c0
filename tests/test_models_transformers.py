"""Transformers: sizes, parameters and multiplications worked out from the published table."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from models.precision import precision
from models.transformers import KINDS, build_transformer, size_multiple
from models.upsampling import UpsampledConv2D


@pytest.fixture(scope="module")
def networks() -> dict[str, keras.Model]:
    keras.utils.set_random_seed(0)
    return {kind: build_transformer(kind) for kind in KINDS}


def _convolutions(network: keras.Model) -> list[keras.layers.Layer]:
    kinds = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, UpsampledConv2D)
    return [layer for layer in network.layers if isinstance(layer, kinds)]


def _multiplications(network: keras.Model, size: int) -> int:
    """Multiply-accumulates of all convolutions for one picture, from kernels and output positions."""
    layers = _convolutions(network)
    taps = keras.Model(network.inputs, [layer.output for layer in layers])
    shapes = taps.compute_output_spec([keras.KerasTensor((1, size, size, 3)), keras.KerasTensor((1, 100))])
    total = 0
    for layer, spec in zip(layers, shapes, strict=True):
        # UpsampledConv2D: nine products for each of its output's pixels, at the lower resolution.
        positions = spec.shape[1] * spec.shape[2]
        total += positions * math.prod(layer.kernel.shape)
    return total


# Kernels as in Ghiasi et al. 2017 at width 1, the style heads, and three vectors (beta, mean, variance) a batch norm.
CONTRACT = 9 * 9 * 3 * 32 + 3 * 3 * 32 * 64 + 3 * 3 * 64 * 128
RESIDUAL = 10 * 3 * 3 * 128 * 128
EXPAND = 3 * 3 * 128 * 64 + 3 * 3 * 64 * 32 + 9 * 9 * 32 * 3
HEADS = 2 * (10 * 128 + 64 + 32 + 3) * (100 + 1)
BATCH_NORM = 3 * (32 + 64 + 128)
SEPARABLE_RESIDUAL = 10 * (3 * 3 * 128 + 128 * 128)
SEPARABLE_EXPAND = (3 * 3 * 128 + 128 * 64) + (3 * 3 * 64 + 64 * 32) + (9 * 9 * 32 + 32 * 3)


def test_parameters_are_the_published_ones(networks: dict[str, keras.Model]) -> None:
    paper = CONTRACT + RESIDUAL + EXPAND + HEADS + BATCH_NORM
    separable = CONTRACT + SEPARABLE_RESIDUAL + SEPARABLE_EXPAND + HEADS + BATCH_NORM
    assert networks["paper"].count_params() == paper == 1_953_662
    assert networks["separable"].count_params() == separable == 569_182
    # The published TF.js files also hold the batch norms' constant ones, one epsilon and 23 integers, 4 bytes each.
    extra = 32 + 64 + 128 + 1 + 23
    assert 4 * (paper + extra) == 7_815_640
    assert 4 * (separable + extra) == 2_277_720


def test_alpha_quarter_has_the_mobile_channels() -> None:
    network = build_transformer("paper", alpha=0.25)
    channels = [layer.filters for layer in _convolutions(network)]
    assert channels == [8, 16, 32] + [32] * 10 + [16, 8, 3]
    # The published file has 177,097 numbers of 8 bits: these kernels, one epsilon, and 128 zero points.
    kernels = sum(math.prod(weight.shape) for weight in network.weights if weight.name == "kernel")
    assert kernels + 1 + 128 == 177_097


def test_alpha_truncates_and_refuses_zero_channels() -> None:
    channels = [layer.filters for layer in _convolutions(build_transformer("paper", alpha=0.3))]
    assert channels[:3] == [9, 19, 38]
    with pytest.raises(ValueError, match="at least one channel of 32. Received: alpha=0.01"):
        build_transformer("paper", alpha=0.01)


def test_multiplications_at_256(networks: dict[str, keras.Model]) -> None:
    full, half, quarter = 256**2, 128**2, 64**2
    paper = full * 9 * 9 * 3 * 32 + half * 3 * 3 * 32 * 64 + quarter * 3 * 3 * 64 * 128
    paper += quarter * RESIDUAL + half * 3 * 3 * 128 * 64 + full * 3 * 3 * 64 * 32 + full * 9 * 9 * 32 * 3
    assert _multiplications(networks["paper"], 256) == paper
    assert round(paper / 1e9, 2) == 10.08
    assert round(_multiplications(networks["separable"], 256) / 1e9, 2) == 2.33
    assert round(_multiplications(build_transformer("paper", alpha=0.25), 256) / 1e9, 2) == 0.82
    eighth = 32**2
    block_96, block_40 = 2 * (3 * 3 * 96 + 96 * 96), 2 * (3 * 3 * 40 + 40 * 40)
    fast = half * 4 * 4 * 3 * 16 + quarter * 4 * 4 * 16 * 40 + eighth * 4 * 4 * 40 * 96
    fast += eighth * (4 * block_96 + 96 * 40) + quarter * (2 * block_40 + 40 * 12)
    # The last convolution gives four pixels at every position of the half resolution.
    fast += half * (3 * 3 * 12 + 12 * 12) + half * 3 * 3 * 12 * 4 * 3
    assert _multiplications(networks["fast"], 256) == fast
    assert round(fast / 1e9, 2) == 0.26
    block_160, block_96 = 2 * (3 * 3 * 160 + 160 * 160), 2 * (3 * 3 * 96 + 96 * 96)
    fine = half * 4 * 4 * 3 * 24 + quarter * 4 * 4 * 24 * 96 + eighth * 4 * 4 * 96 * 160
    fine += eighth * (4 * block_160 + 160 * 96) + quarter * (5 * block_96 + 96 * 24)
    fine += half * (3 * 3 * 24 + 24 * 24) + half * 3 * 3 * 24 * 4 * 3
    assert _multiplications(networks["fine"], 256) == fine
    assert round(fine / 1e9, 2) == 1.14


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("height, width", [(32, 32), (64, 48), (48, 144)])
def test_output_has_the_contents_size_and_range(
    networks: dict[str, keras.Model], kind: str, height: int, width: int
) -> None:
    rng = np.random.default_rng(0)
    content = rng.random((2, height, width, 3), np.float32)
    picture = np.asarray(networks[kind]([content, rng.normal(size=(2, 100)).astype("f4")]))
    assert picture.shape == content.shape and picture.dtype == np.float32
    assert picture.min() >= 0 and picture.max() <= 1 and picture.std() > 0
    assert height % size_multiple(networks[kind]) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_has_its_own_style(networks: dict[str, keras.Model], kind: str) -> None:
    rng = np.random.default_rng(1)
    content = np.repeat(rng.random((1, 32, 32, 3), np.float32), 2, axis=0)
    embeddings = rng.normal(size=(2, 100)).astype("f4")
    both = np.asarray(networks[kind]([content, embeddings]))
    assert np.abs(both[0] - both[1]).max() > 1e-3
    alone = np.asarray(networks[kind]([content[1:], embeddings[1:]]))
    np.testing.assert_allclose(both[1:], alone, atol=1e-5)


def test_zero_padding_shows_at_the_border_only() -> None:
    """One network with both paddings: same weights, the interior of the first layers is the same."""
    reflect, zero = (build_transformer("paper", alpha=0.25, padding=padding) for padding in ("reflect", "zero"))
    zero.set_weights(reflect.get_weights())
    content = np.full((1, 64, 64, 3), 0.5, np.float32)

    def contracted(network: keras.Model) -> np.ndarray:
        tap = keras.Model(network.inputs, network.get_layer("contract_conv1").output)
        return np.asarray(tap([content, np.zeros((1, 100), "f4")]))[0]

    a, b = contracted(reflect), contracted(zero)
    np.testing.assert_allclose(a[4:-4, 4:-4], b[4:-4, 4:-4], atol=1e-6)
    np.testing.assert_allclose(a, np.broadcast_to(a[32, 32], a.shape), atol=1e-6)
    assert np.abs(a[0, 0] - b[0, 0]).max() > 1e-4


def test_unknown_names_say_what_exists() -> None:
    with pytest.raises(
        ValueError, match=r"transformer must be one of \('paper', 'separable', 'fast', 'fine'\).*'slow'"
    ):
        build_transformer("slow")
    with pytest.raises(ValueError, match="'fast' does not take these options: {'alpha': 2}"):
        build_transformer("fast", alpha=2)
    with pytest.raises(ValueError, match="'fine' does not take these options: {'alpha': 2}"):
        build_transformer("fine", alpha=2)
    with pytest.raises(ValueError, match=r"start must be one of \('zero', .*Received: start='one'"):
        build_transformer("fast", start="one")
    with pytest.raises(ValueError, match=r"padding must be one of .*Received: padding='mirror'"):
        build_transformer("separable", padding="mirror")


def test_bfloat16_stays_close_and_paints_in_float32() -> None:
    keras.utils.set_random_seed(3)
    exact = build_transformer("fast")
    with precision("mixed_bfloat16"):
        rough = build_transformer("fast")
    rough.set_weights(exact.get_weights())
    rng = np.random.default_rng(2)
    inputs = [rng.random((1, 64, 64, 3), np.float32), rng.normal(size=(1, 100)).astype("f4")]
    a, b = np.asarray(exact(inputs)), np.asarray(rough(inputs))
    assert b.dtype == np.float32
    assert np.abs(a - b).mean() < 0.01
