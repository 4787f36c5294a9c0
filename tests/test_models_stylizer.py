"""The Stylizer on real networks with random weights: sizes, cropping, strength, blends and what it refuses."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from models.embeddings import blend, interpolate
from models.predictors import build_predictor
from models.stylizer import Stylizer, pad_to_multiple
from models.transformers import build_transformer


@pytest.fixture(scope="module")
def stylizer() -> Stylizer:
    keras.utils.set_random_seed(0)
    return Stylizer(build_predictor("mobilenet_v2", weights=None, width=0.35), build_transformer("fast"))


def _pictures(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((*shape, 3), np.float32)


@pytest.mark.parametrize("height, width", [(1, 1), (5, 7), (201, 133), (16, 64)])
def test_any_size_in_same_size_out(stylizer: Stylizer, height: int, width: int) -> None:
    content = _pictures(height, width)
    picture = stylizer.stylize(content, np.ones(100, "f4"))
    assert picture.shape == content.shape and picture.dtype == np.float32
    assert picture.min() >= 0 and picture.max() <= 1


@pytest.mark.parametrize("height, width", [(1, 1), (5, 7), (31, 200)])
def test_small_pictures_have_a_strength_too(stylizer: Stylizer, height: int, width: int) -> None:
    """Strength predicts the content's own embedding, at sizes that the backbone alone cannot take."""
    content = _pictures(height, width)
    embedding = stylizer.predict(content)
    assert embedding.shape == (1, 100) and np.all(np.isfinite(embedding))
    picture = stylizer.stylize(content, np.ones(100, "f4"), strength=0.5)
    assert picture.shape == content.shape and np.all(np.isfinite(picture))


def test_small_pictures_for_inception() -> None:
    inception = Stylizer(build_predictor("inception_v3", weights=None), build_transformer("fast"))
    assert np.all(np.isfinite(inception.predict(_pictures(1, 40, 60))))


def test_cropping_back_is_exact(stylizer: Stylizer) -> None:
    """201x133 is painted as the picture that NumPy's reflection makes of it, minus what was added."""
    content, embedding = _pictures(201, 133), np.full((1, 100), 0.5, np.float32)
    padded = np.pad(content, ((0, 7), (0, 11), (0, 0)), mode="reflect")
    whole = np.asarray(stylizer.transformer([padded[None], embedding]))[0]
    np.testing.assert_allclose(stylizer.stylize(content, embedding), whole[:201, :133], atol=1e-6)


def test_padding_reflects_and_repeats_a_single_pixel() -> None:
    row = np.arange(3, dtype=np.float32).reshape(1, 1, 3, 1)
    padded = pad_to_multiple(row, 2)
    assert padded.shape == (1, 8, 8, 1)
    np.testing.assert_array_equal(padded[0, 5, :, 0], [0, 1, 2, 1, 0, 1, 2, 1])
    exact = np.zeros((1, 16, 20, 3), np.float32)
    assert pad_to_multiple(exact, 4) is exact


def test_batches_go_through_together(stylizer: Stylizer) -> None:
    content, embeddings = _pictures(2, 32, 40), np.random.default_rng(1).normal(size=(2, 100)).astype("f4")
    both = stylizer.stylize(content, embeddings)
    assert both.shape == (2, 32, 40, 3)
    np.testing.assert_allclose(both[1], stylizer.stylize(content[1], embeddings[1]), atol=1e-5)
    shared = stylizer.stylize(content, embeddings[0])
    np.testing.assert_allclose(shared[1], stylizer.stylize(content[1], embeddings[0]), atol=1e-5)


def test_strength_zero_paints_with_the_contents_own_embedding(stylizer: Stylizer) -> None:
    """At 256 px on the long side, the size of styles, the photograph is looked at as it is."""
    content, style = _pictures(256, 200), np.random.default_rng(2).normal(size=100).astype("f4")
    own = stylizer.predict(content)
    np.testing.assert_array_equal(stylizer.stylize(content, style, strength=0), stylizer.stylize(content, own))
    half = stylizer.stylize(content, interpolate(own, style, 0.5))
    np.testing.assert_array_equal(stylizer.stylize(content, style, strength=0.5), half)
    assert np.abs(half - stylizer.stylize(content, style)).max() > 1e-3


def test_the_contents_own_embedding_is_taken_at_the_size_of_styles(stylizer: Stylizer) -> None:
    """A flat picture stays flat when resized, so what 64x128 gives is known: the embedding of 128x256."""
    assert stylizer.style_size == 256
    small, large = np.full((64, 128, 3), 0.3, np.float32), np.full((128, 256, 3), 0.3, np.float32)
    own, embedding = stylizer.predict(large), np.ones(100, np.float32)
    assert np.abs(own - stylizer.predict(small)).max() > 0.01 * np.abs(own).max()
    half = stylizer.stylize(small, embedding, strength=0.5)
    np.testing.assert_allclose(half, stylizer.stylize(small, interpolate(own, embedding, 0.5)), atol=1e-5)


def test_a_blend_of_one_style_is_that_style(stylizer: Stylizer) -> None:
    content, styles = _pictures(32, 32), stylizer.predict(_pictures(2, 64, 64, seed=3))
    assert np.abs(styles[0] - styles[1]).max() > 0
    alone = stylizer.stylize(content, styles[1])
    np.testing.assert_array_equal(stylizer.stylize(content, blend(styles, [0, 3])), alone)
    np.testing.assert_array_equal(stylizer.stylize(content, blend(styles[[1, 1]])), alone)


def test_as_model_is_predict_then_stylize(stylizer: Stylizer) -> None:
    content, style = _pictures(1, 64, 80), _pictures(1, 64, 80, seed=4)
    whole = np.asarray(stylizer.as_model()([content, style]))
    np.testing.assert_allclose(whole, stylizer.stylize(content, stylizer.predict(style)), atol=1e-6)


def test_wrong_inputs_are_named(stylizer: Stylizer) -> None:
    embedding = np.zeros(100, np.float32)
    with pytest.raises(ValueError, match=r"content must be float in \[0, 1\]. Received dtype: uint8"):
        stylizer.stylize(np.zeros((8, 8, 3), np.uint8), embedding)
    with pytest.raises(ValueError, match=r"style must have shape .*Received: \(8, 8\)"):
        stylizer.predict(np.zeros((8, 8), np.float32))
    with pytest.raises(ValueError, match=r"content must have shape .*Received: \(8, 8, 4\)"):
        stylizer.stylize(np.zeros((8, 8, 4), np.float32), embedding)
    with pytest.raises(ValueError, match=r"content must have shape .*Received: \(0, 8, 3\)"):
        stylizer.stylize(np.zeros((0, 8, 3), np.float32), embedding)
    with pytest.raises(ValueError, match=r"embedding must have shape \[100\] or \[B, 100\]. Received: \(64,\)"):
        stylizer.stylize(_pictures(8, 8), np.zeros(64, np.float32))
    with pytest.raises(ValueError, match="strength must be a finite number from 0 on. Received: -1"):
        stylizer.stylize(_pictures(40, 40), embedding, strength=-1)
    with pytest.raises(ValueError, match="2 pictures, embeddings: 3"):
        stylizer.stylize(_pictures(2, 8, 8), np.zeros((3, 100), np.float32))
