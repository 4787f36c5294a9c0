"""The inference form paints what the training form paints, and says what it measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from models.inference import (
    conditioning_network,
    conditioning_size,
    style_heads,
    tile_transformer,
    whole_transformer,
)
from models.layers import ConditionalInstanceNorm
from models.transformers import build_transformer, size_multiple

KINDS: dict[str, dict[str, Any]] = {
    "fast": {},
    "fine": {"stem": 8, "middle": 24, "width": 32, "blocks": 1, "middle_blocks": 2, "last": 8},
    "paper": {"alpha": 0.25},
}
HEIGHT, WIDTH = 32, 48


@dataclass
class Forms:
    """One network in all its forms, and what they give for one photograph and one style."""

    transformer: keras.Model
    content: Any
    embedding: Any
    conditioning: Any
    expected: np.ndarray
    found: dict[str, Any]


@pytest.fixture(scope="module", params=KINDS)
def forms(request: pytest.FixtureRequest) -> Forms:
    network = build_transformer(request.param, **KINDS[request.param])
    rng = np.random.default_rng(0)
    for layer in network.layers:  # activations of the size that training leaves, gammas and betas that differ
        if isinstance(layer, keras.layers.Conv2D):
            shape = layer.kernel.shape
            kernel = rng.normal(scale=np.sqrt(2 / np.prod(shape[:3])), size=shape)
            layer.set_weights([kernel, *layer.get_weights()[1:]])
    heads = style_heads(network)
    heads.set_weights([weight + rng.normal(scale=0.1, size=weight.shape) for weight in heads.get_weights()])
    content = ops.convert_to_tensor(rng.random((1, HEIGHT, WIDTH, 3), np.float32))
    embedding = ops.convert_to_tensor(rng.normal(size=(1, 100)).astype("f4"))
    conditioning = conditioning_network(network)(embedding)
    expected = np.asarray(network([content, embedding]))
    return Forms(
        network, content, embedding, conditioning, expected, whole_transformer(network)([content, conditioning])
    )


def test_equal_to_the_training_form(forms: Forms) -> None:
    assert forms.expected.std() > 0.1
    np.testing.assert_allclose(np.asarray(forms.found["stylised"]), forms.expected, atol=1e-4)


def test_equal_as_convolutions(forms: Forms) -> None:
    found = whole_transformer(forms.transformer, as_convolution=True)([forms.content, forms.conditioning])
    np.testing.assert_allclose(np.asarray(found["stylised"]), forms.expected, atol=1e-4)


def test_tiles_with_the_pictures_own_statistics_are_the_picture(forms: Forms) -> None:
    paint = tile_transformer(forms.transformer)
    whole = np.asarray(paint([forms.content, forms.found["affine"]]))
    np.testing.assert_allclose(whole, forms.expected, atol=1e-4)
    # Other statistics, another picture.
    assert np.abs(np.asarray(paint([forms.content, forms.conditioning])) - whole).max() > 0.01


def test_one_graph_paints_with_its_own_statistics_with_given_ones_and_between(forms: Forms) -> None:
    paint = whole_transformer(forms.transformer, given=True)
    own, other = forms.found["affine"], ops.flip(forms.found["affine"], axis=1)

    def painted(affine: Any, share: float) -> tuple[np.ndarray, np.ndarray]:
        found = paint([forms.content, forms.conditioning, affine, ops.full((1,), share)])
        return np.asarray(found["stylised"]), np.asarray(found["affine"])

    picture, used = painted(other, 0.0)
    np.testing.assert_array_equal(picture, np.asarray(forms.found["stylised"]))
    np.testing.assert_array_equal(used, np.asarray(own))
    picture, used = painted(other, 1.0)
    np.testing.assert_allclose(
        picture, np.asarray(tile_transformer(forms.transformer)([forms.content, other])), atol=1e-5
    )
    np.testing.assert_array_equal(used, np.asarray(other))
    # A quarter of what is given; the first norm's own statistics do not depend on it.
    count = forms.transformer.get_layer("style_heads").channels[0]
    _, used = painted(other, 0.25)
    expected = 0.75 * np.asarray(own) + 0.25 * np.asarray(other)
    np.testing.assert_allclose(used[:, : 2 * count], expected[:, : 2 * count], rtol=1e-5, atol=1e-6)


def test_conditioning_is_every_gamma_and_beta(forms: Forms) -> None:
    parts = [np.asarray(part) for part in style_heads(forms.transformer)(forms.embedding)]
    assert forms.conditioning.shape == (1, conditioning_size(forms.transformer))
    np.testing.assert_allclose(np.asarray(forms.conditioning), np.concatenate(parts, axis=1), atol=1e-5)


def test_affine_holds_the_pictures_moments(forms: Forms) -> None:
    """The first norm's scale and shift, from the moments of what it is given."""
    first = next(layer for layer in forms.transformer.layers if isinstance(layer, ConditionalInstanceNorm))
    taps = keras.Model(forms.transformer.inputs, first.input)([forms.content, forms.embedding])
    x, gamma, beta = (np.asarray(tap, "f8")[0] for tap in taps)
    scale = gamma / np.sqrt(x.var(axis=(0, 1)) + first.epsilon)
    expected = np.concatenate([scale, beta - scale * x.mean(axis=(0, 1))])
    affine = np.asarray(forms.found["affine"])
    assert affine.shape == (1, conditioning_size(forms.transformer))
    np.testing.assert_allclose(affine[0, : len(expected)], expected, rtol=1e-3, atol=1e-4)


def test_flat_pictures_are_no_trouble(forms: Forms) -> None:
    """Rounding may make a flat channel's variance negative: no root of that may be taken."""
    found = whole_transformer(forms.transformer)([ops.ones((1, HEIGHT, WIDTH, 3)), forms.conditioning])
    assert np.isfinite(np.asarray(found["stylised"])).all() and np.isfinite(np.asarray(found["affine"])).all()


def test_size_multiple_follows_the_lowest_resolution() -> None:
    assert size_multiple(build_transformer("paper", alpha=0.25)) == 4
    for kind in ("fast", "fine"):
        assert size_multiple(build_transformer(kind)) == 16  # an eighth, and twice that for the pools
