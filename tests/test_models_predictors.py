"""Style predictors: preprocessing inside, sizes, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from models.precision import precision
from models.predictors import EARLY_LAYERS, build_predictor, smallest_style


@pytest.mark.parametrize(
    "kind, class_name, tap", [("mobilenet_v2", "MobileNetV2", "out_relu"), ("inception_v3", "InceptionV3", "mixed7")]
)
def test_preprocessing_is_inside(
    starting_weights: dict[str, Path], painting: np.ndarray, kind: str, class_name: str, tap: str
) -> None:
    """[0, 1] into the predictor equals 0..255 through keras.applications' own preprocessing and network."""
    predictor = build_predictor(kind, weights=starting_weights[kind])
    reference = getattr(keras.applications, class_name)(
        include_top=False, weights=str(starting_weights[kind]), input_shape=(None, None, 3)
    )
    prepared = getattr(keras.applications, kind).preprocess_input(painting[None] * 255)
    features = keras.Model(reference.input, reference.get_layer(tap).output)(prepared)
    kernel, bias = predictor.get_layer("embedding").get_weights()
    expected = np.asarray(features).mean(axis=(1, 2)) @ kernel + bias
    found = np.asarray(predictor(painting[None]))
    assert np.abs(expected).max() > 0.05
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_early_predictor_maps_the_statistics_of_its_layers(
    starting_weights: dict[str, Path], painting: np.ndarray
) -> None:
    predictor = build_predictor("mobilenet_v2_early", weights=starting_weights["mobilenet_v2"])
    reference = keras.applications.MobileNetV2(
        include_top=False, weights=str(starting_weights["mobilenet_v2"]), input_shape=(None, None, 3)
    )
    taps = keras.Model(reference.input, [reference.get_layer(name).output for name in EARLY_LAYERS])
    layers = [np.asarray(layer, "f8")[0] for layer in taps(painting[None] * 2 - 1)]
    statistics = [np.concatenate([x.mean((0, 1)), np.sqrt(x.var((0, 1)) + 1e-3)]) for x in layers]
    kernel, bias = predictor.get_layer("embedding").get_weights()
    assert kernel.shape == (2 * (32 + 144 + 192 + 384 + 384), 100)
    expected = np.concatenate(statistics) @ kernel + bias
    np.testing.assert_allclose(np.asarray(predictor(painting[None]))[0], expected, atol=1e-4)
    # A fifth of the whole backbone's 2.26 million, most of it the map to the embedding.
    assert predictor.count_params() == 274_880 + 2272 * 100 + 100
    assert smallest_style(predictor) == 32


def test_statistics_of_inception_are_its_layers_own(starting_weights: dict[str, Path], painting: np.ndarray) -> None:
    path = starting_weights["inception_v3"]
    predictor = build_predictor("inception_v3_statistics", weights=path)
    reference = keras.applications.InceptionV3(include_top=False, weights=str(path), input_shape=(None, None, 3))
    # The stem: a convolution, a batch norm and a relu each; 32, 32, 64 channels, a pool, 80 and 192, a pool.
    relus = [layer for layer in reference.layers if isinstance(layer, keras.layers.Activation)]
    mixed = [reference.get_layer(name).output for name in ("mixed0", "mixed2", "mixed4", "mixed7")]
    taps = keras.Model(reference.input, [relus[2].output, relus[4].output, *mixed])
    layers = [np.asarray(layer, "f8")[0] for layer in taps(painting[None] * 2 - 1)]
    assert [layer.shape[-1] for layer in layers] == [64, 192, 256, 288, 768, 768]
    statistics = [np.concatenate([x.mean((0, 1)), np.sqrt(x.var((0, 1)) + 1e-3)]) for x in layers]
    kernel, bias = predictor.get_layer("embedding").get_weights()
    expected = np.concatenate(statistics) @ kernel + bias
    np.testing.assert_allclose(np.asarray(predictor(painting[None]))[0], expected, atol=1e-4)
    assert smallest_style(predictor) == 75


def test_input_scaling_none_feeds_the_backbone_as_is() -> None:
    keras.utils.set_random_seed(0)
    scaled = build_predictor("mobilenet_v2", weights=None, width=0.35)
    plain = build_predictor("mobilenet_v2", weights=None, width=0.35, input_scaling="none")
    plain.set_weights(scaled.get_weights())
    picture = np.random.default_rng(0).random((1, 64, 64, 3)).astype("f4")
    a, b = np.asarray(scaled(picture)), np.asarray(plain(picture * 2 - 1))
    np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3 * np.abs(a).max())


@pytest.fixture(scope="module")
def small() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_predictor("mobilenet_v2", weights=None, width=0.35)


@pytest.mark.parametrize("height, width", [(32, 32), (100, 61), (256, 256)])
def test_any_size_and_batch(small: keras.Model, height: int, width: int) -> None:
    pictures = np.random.default_rng(1).random((2, height, width, 3)).astype("f4")
    embeddings = np.asarray(small(pictures))
    assert embeddings.shape == (2, 100) and embeddings.dtype == np.float32
    alone = np.asarray(small(pictures[1:]))
    np.testing.assert_allclose(embeddings[1:], alone, atol=1e-3 * np.abs(alone).max())


def test_widths_and_names(small: keras.Model) -> None:
    """1280 features at the end whatever the width below 1, and the layers that the rest of the project asks for."""
    assert small.get_layer("embedding").kernel.shape == (1280, 100)
    assert small.name == "predictor" and small.inputs[0].name == "style"
    assert smallest_style(small) == 32


def test_bfloat16_gives_float32_embeddings(small: keras.Model) -> None:
    with precision("mixed_bfloat16"):
        rough = build_predictor("mobilenet_v2", weights=None, width=0.35)
    rough.set_weights(small.get_weights())
    embedding = rough(np.full((1, 64, 64, 3), 0.5, "f4"))
    assert keras.backend.standardize_dtype(embedding.dtype) == "float32"


def test_unknown_names_say_what_exists() -> None:
    with pytest.raises(
        ValueError,
        match=r"predictor must be one of \('inception_v3', 'inception_v3_statistics', 'mobilenet_v2', .* 'vgg'",
    ):
        build_predictor("vgg")
    with pytest.raises(ValueError, match="input_scaling must be one of .*Received: 'imagenet'"):
        build_predictor("mobilenet_v2", input_scaling="imagenet")
    with pytest.raises(ValueError, match="inception_v3 has no width multiplier. Received: width=0.5"):
        build_predictor("inception_v3", width=0.5)
    with pytest.raises(ValueError, match="inception_v3_statistics has no width multiplier. Received: width=0.5"):
        build_predictor("inception_v3_statistics", width=0.5)
