"""Keras under impasto's Stylizer, on real networks with random weights: whole pictures, tiles, styles of any size."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from impasto.contract import Preprocessing
from impasto.stylizer import Settings
from models.inference import conditioning_network, tile_transformer, whole_transformer
from models.predictors import build_predictor
from models.preprocessing import preprocessing_of
from models.stylizer import Stylizer
from models.transformers import build_transformer

DIRECT = Settings(stroke=None)


@pytest.fixture(scope="module")
def stylizer() -> Stylizer:
    keras.utils.set_random_seed(0)
    transformer = build_transformer(
        "fast", stem=8, middle=8, width=16, blocks=1, middle_blocks=1, last=8, start="independent"
    )
    return Stylizer(build_predictor("mobilenet_v2", weights=None, width=0.35), transformer)


def _pictures(*shape: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).random((*shape, 3), np.float32)


@pytest.mark.parametrize("height, width", [(1, 1), (5, 7), (201, 133)])
def test_any_size_in_same_size_out(stylizer: Stylizer, height: int, width: int) -> None:
    """With the photograph's own embedding too, at sizes that the backbone alone cannot take."""
    content = _pictures(height, width)
    assert stylizer.predict(content).shape == (100,)
    picture = stylizer.stylize(content, np.ones(100, "f4"), Settings(0.5))
    assert picture.shape == content.shape and picture.dtype == np.float32
    assert picture.min() >= 0 and picture.max() <= 1


def test_small_pictures_for_inception() -> None:
    inception = Stylizer(build_predictor("inception_v3", weights=None), build_transformer("fast"))
    assert inception.preprocessing.style.smallest_side == 75
    assert np.all(np.isfinite(inception.predict(_pictures(40, 60))))


def test_cropping_back_is_exact(stylizer: Stylizer) -> None:
    """201x133 is painted as the picture that NumPy's reflection makes of it, minus what was added."""
    content, embedding = _pictures(201, 133), np.full(100, 0.5, np.float32)
    padded = np.pad(content, ((0, 7), (0, 11), (0, 0)), mode="reflect")
    whole = np.asarray(stylizer.transformer([padded[None], embedding[None]]))[0]
    np.testing.assert_allclose(stylizer.stylize(content, embedding), whole[:201, :133], atol=1e-6)


def test_tiled_is_untiled_where_statistics_are_the_same(stylizer: Stylizer) -> None:
    """The mosaic of 301x390, padded to 304x400, is one patch of 256x256 at its left upper corner."""
    content, embedding = _pictures(301, 390, seed=2), np.random.default_rng(1).normal(size=100).astype("f4")
    tiled = stylizer.stylize(content, embedding, Settings(stroke=None, tile=240))
    padded = np.pad(content, ((0, 3), (0, 10), (0, 0)), mode="reflect")[None]
    conditioning = np.asarray(conditioning_network(stylizer.transformer)(embedding[None]))
    mosaic = np.asarray(whole_transformer(stylizer.transformer)([padded[:, :256, :256], conditioning])["affine"])
    expected = np.asarray(tile_transformer(stylizer.transformer)([padded, mosaic]))[0, :301, :390]
    np.testing.assert_allclose(tiled, expected, atol=2e-5)


def test_as_model_is_predict_then_stylize(stylizer: Stylizer) -> None:
    content, style = _pictures(64, 80), _pictures(64, 80, seed=4)
    whole = np.asarray(stylizer.as_model()([content[None], style[None]]))[0]
    np.testing.assert_allclose(whole, stylizer.stylize(content, stylizer.predict(style)), atol=1e-6)


def test_the_contract_is_the_cards_or_what_the_networks_imply(stylizer: Stylizer) -> None:
    assert stylizer.preprocessing == preprocessing_of(stylizer.transformer, stylizer.predictor)
    block = Preprocessing().to_json()
    block["style"]["short_side"] = 192
    told = Stylizer(stylizer.predictor, stylizer.transformer, {"preprocessing": block})
    assert told.preprocessing.style.short_side == 192
