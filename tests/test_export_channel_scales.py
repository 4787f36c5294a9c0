"""Kernels with a scale a channel compute the same, and round better as whole arrays."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from export.channel_scales import ScaledKernel, scale_channels
from models.stylizer import Stylizer

RNG = np.random.default_rng(0)


def scaled_kernels(model: keras.Model) -> list[ScaledKernel]:
    found = []
    for layer in model.layers:
        found += scaled_kernels(layer) if isinstance(layer, keras.Model) else []
        found += [layer] if isinstance(layer, ScaledKernel) else []
    return found


def test_computes_the_same(tiny_artefact: Path) -> None:
    predictor = Stylizer.load(tiny_artefact).predictor
    style = RNG.random((2, 40, 56, 3), "f4")
    expected = np.asarray(predictor(style, training=False))
    assert np.std(expected) > 0.01
    for smallest, count in ((10_000, 2), (500, 3)):  # the product and the 1x1 convolution, then the 3x3 one too
        model = scale_channels(predictor, smallest)
        kernels = scaled_kernels(model)
        assert len(kernels) == count
        np.testing.assert_allclose(model(style, training=False), expected, rtol=1e-4, atol=1e-5)
        for layer in kernels:
            reach = np.abs(layer.kernel).reshape(-1, layer.kernel.shape[-1]).max(axis=0)
            np.testing.assert_allclose(reach, 1, atol=1e-6)


def test_a_norm_that_is_not_alone_in_reading_stays() -> None:
    """The convolution is read by an addition too, which needs it before the norm."""
    inputs = keras.Input((None, None, 4))
    x = keras.layers.Conv2D(8, 3, strides=2, padding="same")(inputs)
    normed = keras.layers.BatchNormalization()(x)
    model = keras.Model(inputs, keras.layers.Add()([x, normed]))
    model.layers[2].set_weights([np.full(8, 2.0), np.full(8, 0.5), np.full(8, 0.1), np.full(8, 3.0)])
    scaled = scale_channels(model, smallest=1)
    assert len(scaled_kernels(scaled)) == 1
    assert any(isinstance(layer, keras.layers.BatchNormalization) for layer in scaled.layers)
    picture = RNG.random((1, 9, 12, 4), "f4")
    np.testing.assert_allclose(scaled(picture), model(picture), atol=1e-5)


def test_a_channel_of_zeros_stays_zero() -> None:
    inputs = keras.Input((6,))
    model = keras.Model(inputs, keras.layers.Dense(3)(inputs))
    kernel = RNG.normal(size=(6, 3)).astype("f4")
    kernel[:, 1] = 0
    model.layers[1].set_weights([kernel, np.array([0.0, 0.5, 0.0])])
    found = np.asarray(scale_channels(model, smallest=1)(np.ones((2, 6), "f4")))
    np.testing.assert_allclose(found[:, 1], 0.5)
    np.testing.assert_allclose(found, model(np.ones((2, 6))), atol=1e-6)
