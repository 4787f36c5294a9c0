"""The loss network against keras.applications' VGG16 and against NumPy."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from models import losses
from models.loss_network import (
    MOBILENET_LAYERS,
    STYLE_LAYERS,
    ReflectedBorder,
    build_loss_network,
    build_second_loss_network,
)
from train.config import LossConfig
from train.perceptual import PerceptualLoss

LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")


@pytest.fixture(scope="module")
def vgg16(tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, Path]:
    """An untrained VGG16 and the file of its weights: comparisons need the same weights, not good ones."""
    keras.utils.set_random_seed(0)
    network = keras.applications.VGG16(include_top=False, weights=None)
    path = tmp_path_factory.mktemp("vgg16") / "vgg16.weights.h5"
    network.save_weights(path)
    return network, path


def test_max_pooling_equals_keras_applications(vgg16: tuple[keras.Model, Path], photo: np.ndarray) -> None:
    assert_equal_to_keras("vgg16", *vgg16, LAYERS, photo)


def test_vgg19_equals_keras_applications(photo: np.ndarray, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    reference = keras.applications.VGG19(include_top=False, weights=None)
    reference.save_weights(tmp_path / "vgg19.weights.h5")
    assert_equal_to_keras("vgg19", reference, tmp_path / "vgg19.weights.h5", ("relu3_4", "relu5_1"), photo)


def assert_equal_to_keras(
    network: str, reference: keras.Model, path: Path, layers: tuple[str, ...], photo: np.ndarray
) -> None:
    ours = build_loss_network(weights=path, pooling="max", outputs=layers, network=network)(photo[None])
    names = [f"block{name[4]}_conv{name[6]}" for name in layers]
    taps = keras.Model(reference.input, [reference.get_layer(name).output for name in names])
    prepared = getattr(keras.applications, network).preprocess_input(photo[None].copy() * 255)
    for name, expected in zip(layers, taps(prepared), strict=True):
        expected = np.asarray(expected)
        np.testing.assert_allclose(np.asarray(ours[name]), expected, atol=1e-5 * np.abs(expected).max())


def test_reflected_borders_look_like_a_picture_that_goes_on(vgg16: tuple[keras.Model, Path], photo: np.ndarray) -> None:
    """The first convolution sees the reflected picture itself; a flat picture has flat features at every depth."""
    outputs = ("relu1_1", "relu4_3")
    reflect = build_loss_network(weights=vgg16[1], padding="reflect", outputs=outputs)
    zero = build_loss_network(weights=vgg16[1], padding="zero", outputs=outputs)
    continued = np.pad(photo, ((1, 1), (1, 1), (0, 0)), mode="reflect")
    expected = np.asarray(zero(continued[None])["relu1_1"])[:, 1:-1, 1:-1]
    np.testing.assert_allclose(np.asarray(reflect(photo[None])["relu1_1"]), expected, atol=1e-4 * expected.max())

    flat = np.full((1, 32, 32, 3), 0.3, np.float32)
    spread = {
        name: np.ptp(np.asarray(net(flat)["relu4_3"]), axis=(1, 2)).max()
        for name, net in (("reflect", reflect), ("zero", zero))
    }
    assert spread["reflect"] < 1e-3 * spread["zero"]


def test_a_single_row_of_features_is_repeated(vgg16: tuple[keras.Model, Path]) -> None:
    """16 px are one row in block 5; a flat picture shows that no zeros come in there."""
    network = build_loss_network(weights=vgg16[1], padding="reflect", outputs=("relu5_1",))
    features = np.asarray(network(np.full((1, 16, 48, 3), 0.3, np.float32))["relu5_1"])
    assert features.shape == (1, 1, 3, 512)
    assert np.ptp(features, axis=2).max() < 1e-5 * features.max()


def test_average_pooling_by_hand(vgg16: tuple[keras.Model, Path], photo: np.ndarray) -> None:
    """A 2x2 picture: block 2 sees one position, the mean of four, so its first convolution uses the kernel's centre."""
    network = build_loss_network(weights=vgg16[1], pooling="average", outputs=("relu1_2", "relu2_1"))
    features = network(np.random.default_rng(1).random((1, 2, 2, 3)).astype("f4"))
    pooled = np.asarray(features["relu1_2"]).mean(axis=(1, 2))
    kernel, bias = network.get_layer("relu2_1").get_weights()
    expected = np.maximum(pooled @ kernel[1, 1] + bias, 0)
    np.testing.assert_allclose(np.asarray(features["relu2_1"])[:, 0, 0], expected, rtol=1e-4, atol=1e-4)
    maximum = build_loss_network(weights=vgg16[1], pooling="max", outputs=("relu2_1",))
    differs = np.asarray(maximum(photo[None])["relu2_1"]) - np.asarray(network(photo[None])["relu2_1"])
    assert np.abs(differs).max() > 0.1


def test_bfloat16_is_close(vgg16: tuple[keras.Model, Path], photo: np.ndarray) -> None:
    exact = build_loss_network(weights=vgg16[1])(photo[None])
    rough = build_loss_network(weights=vgg16[1], dtype="mixed_bfloat16")(photo[None])
    for name in STYLE_LAYERS:
        a, b = np.asarray(exact[name]), np.asarray(keras.ops.cast(rough[name], "float32"))
        assert np.linalg.norm(a - b) < 0.02 * np.linalg.norm(a)


def test_it_is_frozen_and_holds_no_more_than_needed(vgg16: tuple[keras.Model, Path], photo: np.ndarray) -> None:
    network = build_loss_network(weights=vgg16[1])
    assert not network.trainable_weights
    assert set(network(photo[None])) == set(STYLE_LAYERS)
    shallow = build_loss_network(weights=None, outputs=("relu1_1",))
    assert shallow.count_params() == 3 * 3 * 3 * 64 + 64


def test_unknown_names_say_what_exists() -> None:
    with pytest.raises(ValueError, match=r"pooling must be one of \('average', 'max'\). Received: pooling='sum'"):
        build_loss_network(weights=None, pooling="sum")
    with pytest.raises(ValueError, match="vgg16 has no layer 'relu5_4'; the nearest are relu5_3"):
        build_loss_network(weights=None, outputs=("relu1_2", "relu5_4"))


def test_the_second_network_equals_keras_applications_and_is_counted(
    starting_weights: dict[str, Path], photo: np.ndarray
) -> None:
    path = starting_weights["mobilenet_v2"]
    reference = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(None, None, 3))
    reference.load_weights(path)
    features = build_second_loss_network(path)(photo[None])
    taps = keras.Model(reference.input, [reference.get_layer(name).output for name in MOBILENET_LAYERS])
    for name, expected in zip(MOBILENET_LAYERS, taps(photo[None] * 2 - 1, training=False), strict=True):
        np.testing.assert_allclose(features[name], expected, atol=1e-5)

    vgg16 = str(starting_weights["vgg16"])
    config = LossConfig(mobilenet_weight=0.5, mixed_precision=False, vgg16_weights=vgg16, mobilenet_weights=str(path))
    loss = PerceptualLoss(config)
    other = photo[None, ::-1, :, ::-1]
    terms = loss.terms(photo[None], other, photo[None], np.zeros(1, "float32"))
    by_hand = sum(
        float(losses.balanced_difference(losses.gram_matrix(taps_of), losses.gram_matrix(target))[0])
        for taps_of, target in zip(taps(photo[None] * 2 - 1), taps(other * 2 - 1), strict=True)
    )
    assert float(terms["mobilenet"]) == pytest.approx(by_hand, rel=1e-4)
    without = {name: value for name, value in terms.items() if name != "mobilenet"}
    assert float(loss.total(terms)) == pytest.approx(float(loss.total(without)) + 0.5 * by_hand, rel=1e-4)
    # Beside a picture that is the painting, a pair counts twice for half the number: the mean is the loss itself.
    loss.config = replace(config, mobilenet_emphasis=1.0)
    two = np.stack([photo, other[0]])
    both = loss.terms(two, np.stack([other[0], other[0]]), two, np.zeros(2, "float32"))
    assert float(both["mobilenet"]) == pytest.approx(by_hand, rel=1e-4)


@pytest.mark.parametrize("sides", [(4, 4), (5, 9), (3, 8)])
def test_a_reflected_border_is_that_of_numpy_and_so_is_its_gradient(sides: tuple[int, int]) -> None:
    import tensorflow as tf

    rng = np.random.default_rng(0)
    features = rng.random((2, *sides, 3))
    weights = rng.random((2, sides[0] + 2, sides[1] + 2, 3))
    layer = ReflectedBorder(dtype="float64")
    with tf.GradientTape() as tape:
        given = tf.constant(features)
        tape.watch(given)
        padded = layer(given)
        value = tf.reduce_sum(padded * weights)
    borders = ((0, 0), (1, 1), (1, 1), (0, 0))
    np.testing.assert_array_equal(padded, np.pad(features, borders, mode="reflect"))
    # Every copy of a number is weighed: where numbers are copied to is found by padding their places.
    places = np.pad(np.arange(features.size).reshape(features.shape), borders, mode="reflect")
    expected = np.bincount(places.ravel(), weights.ravel()).reshape(features.shape)
    np.testing.assert_allclose(tape.gradient(value, given), expected)
