"""The last layer on whitened features: the same function, uncorrelated inputs, and back."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from datasets.opening import open_source
from datasets.source import Source
from models.predictors import build_predictor
from train.whitening import folded, whitened


@pytest.fixture(scope="module")
def styles() -> Source:
    return open_source("synthetic:40:64", role="style")


@pytest.fixture(scope="module")
def predictor() -> keras.Model:
    keras.utils.set_random_seed(4)
    return build_predictor("mobilenet_v2_early", weights=None)


@pytest.fixture(scope="module")
def white(predictor: keras.Model, styles: Source) -> keras.Model:
    return whitened(predictor, styles, 64)


def test_it_is_the_same_function(predictor: keras.Model, white: keras.Model, painting: np.ndarray) -> None:
    expected = np.asarray(predictor(painting[None]))
    back = folded(white)
    for model in (white, back):
        np.testing.assert_allclose(np.asarray(model(painting[None])), expected, atol=1e-4 * np.abs(expected).max())
    weights = (model.get_layer("embedding").get_weights() for model in (predictor, back))
    for before, after in zip(*weights, strict=True):
        np.testing.assert_allclose(before, after, atol=2e-4 * np.abs(before).max() + 1e-6)
    assert folded(predictor) is predictor


def test_only_the_new_layer_and_the_backbone_learn(predictor: keras.Model, white: keras.Model) -> None:
    assert len(white.trainable_variables) == len(predictor.trainable_variables)
    assert not white.get_layer("whitening").trainable_variables


def test_features_are_uncorrelated_and_of_variance_one_or_less(white: keras.Model, styles: Source) -> None:
    features = keras.Model(white.input, white.get_layer("whitening").output)
    pictures = np.stack([styles.load(index) for index in range(len(styles))]).astype("f4") / 255
    seen = np.asarray(features.predict_on_batch(pictures))
    covariance = np.cov(seen, rowvar=False)
    variances = np.sort(np.diag(covariance))[::-1]
    assert variances[0] == pytest.approx(1.0, abs=0.01)
    assert variances[39] < 1e-3  # 40 pictures differ in 39 directions
    assert np.abs(covariance - np.diag(np.diag(covariance))).max() < 0.01
    assert np.abs(seen.mean(axis=0)).max() < 0.01
