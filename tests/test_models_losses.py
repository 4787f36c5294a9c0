"""Losses worked out by hand, and falling when a picture is optimised on a real loss network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from models.loss_network import CONTENT_LAYER, STYLE_LAYERS, build_loss_network
from models.losses import (
    balanced_difference,
    border_strip,
    content_loss,
    emphasis,
    gram_matrix,
    mean_squared_difference,
    style_losses,
    total_variation,
)


def test_gram_of_ones_is_ones() -> None:
    gram = np.asarray(gram_matrix(np.ones((2, 5, 7, 3), "f4")))
    np.testing.assert_allclose(gram, np.ones((2, 3, 3)), atol=1e-6)


def test_gram_by_hand() -> None:
    # Two positions with channels (1, 2) and (3, 0): mean of outer products.
    features = np.array([[[[1, 2], [3, 0]]]], "f4")
    np.testing.assert_allclose(np.asarray(gram_matrix(features)), [[[5, 1], [1, 2]]])


def test_gram_does_not_see_where_or_how_large() -> None:
    features = np.random.default_rng(0).random((1, 4, 6, 3), np.float32)
    moved = features.reshape(1, 24, 3)[:, ::-1].reshape(1, 6, 4, 3)
    tiled = np.tile(features, (1, 2, 3, 1))
    for other in (moved, tiled):
        np.testing.assert_allclose(np.asarray(gram_matrix(other)), np.asarray(gram_matrix(features)), atol=1e-6)


def test_gram_of_bfloat16_is_summed_in_float32() -> None:
    # 65,536 ones summed in bfloat16 would stop at 256.
    gram = gram_matrix(ops.ones((1, 256, 256, 1), dtype="bfloat16"))
    assert float(np.asarray(gram).item()) == 1.0


def test_mean_squared_difference_by_hand() -> None:
    a = np.array([[0, 0], [1, 1]], "f4").reshape(2, 1, 1, 2)
    b = np.array([[1, 3], [1, 1]], "f4").reshape(2, 1, 1, 2)
    np.testing.assert_allclose(np.asarray(mean_squared_difference(a, b)), [5, 0])


def test_balanced_difference_keeps_its_bound() -> None:
    a = np.array([[1, 0], [2, 5], [0, 0], [3, 4]], "f4")
    b = np.array([[0, 9], [2, 5], [0, 0], [0, 4]], "f4")
    # Orthogonal: 1. Equal: 0. Both empty: 0. (9 + 0) / (25 + 16) for the last.
    np.testing.assert_allclose(np.asarray(balanced_difference(a, b)), [1, 0, 0, 9 / 41], atol=1e-6)
    rng = np.random.default_rng(1)
    many = np.asarray(balanced_difference(rng.random((50, 4, 4, 8)), rng.random((50, 4, 4, 8)) * 1000))
    assert many.min() >= 0 and many.max() <= 1


def test_balanced_difference_is_blind_to_a_common_scale() -> None:
    rng = np.random.default_rng(2)
    a, b = rng.random((1, 3, 3, 2)), rng.random((1, 3, 3, 2))
    small, large = (np.asarray(balanced_difference(a * scale, b * scale)) for scale in (1e-2, 1e3))
    np.testing.assert_allclose(small, large, rtol=1e-4)


def test_total_variation_of_a_checkerboard_is_one() -> None:
    rows, columns = np.indices((6, 9))
    board = ((rows + columns) % 2).astype("f4")[None, :, :, None].repeat(3, axis=-1)
    stripes = (rows % 2).astype("f4")[None, :, :, None]
    np.testing.assert_allclose(np.asarray(total_variation(board)), [1.0])
    np.testing.assert_allclose(np.asarray(total_variation(stripes)), [0.5])
    np.testing.assert_allclose(np.asarray(total_variation(np.full((2, 4, 4, 3), 0.3, "f4"))), [0, 0])


@pytest.mark.parametrize("balanced", [True, False])
def test_style_losses_layer_by_layer_and_picture_by_picture(balanced: bool) -> None:
    rng = np.random.default_rng(3)
    features = {"relu1_2": rng.random((2, 4, 4, 3)), "relu2_2": rng.random((2, 2, 2, 5))}
    targets = {name: gram_matrix(rng.random(value.shape)) for name, value in features.items()}
    both = style_losses(features, targets, balanced=balanced)
    assert list(both) == ["relu1_2", "relu2_2"]
    for name, value in both.items():
        assert value.shape == (2,)
        second = style_losses({name: features[name][1:]}, {name: targets[name][1:]}, balanced=balanced)[name]
        np.testing.assert_allclose(np.asarray(value)[1:], np.asarray(second), rtol=1e-5)
    same = style_losses(features, {name: gram_matrix(value) for name, value in features.items()}, balanced=balanced)
    assert all(np.abs(np.asarray(value)).max() < 1e-6 for value in same.values())


def test_gradients_are_those_worked_out_by_hand() -> None:
    import tensorflow as tf

    rng = np.random.default_rng(0)
    features = tf.constant(rng.normal(size=(2, 5, 6, 3)).astype("f4"))
    weights = rng.normal(size=(2, 3, 3)).astype("f4")
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(features)
        gram = tf.reduce_sum(gram_matrix(features) * weights)
        variation = tf.reduce_sum(total_variation(features))
        strip = tf.reduce_sum(tf.square(border_strip(features, 1)))
    # Of sum(W * F^T F / N): F (W + W^T) / N, also where W is no symmetric matrix.
    flat = features.numpy().reshape(2, 30, 3)
    expected = flat @ (weights + weights.transpose(0, 2, 1)) / 30
    np.testing.assert_allclose(tape.gradient(gram, features), expected.reshape(features.shape), rtol=1e-4, atol=1e-6)
    # Of half the mean squared step: a step's end gains what its beginning loses.
    values, total = features.numpy(), np.zeros(features.shape, "f4")
    for axis in (1, 2):
        steps = np.diff(values, axis=axis)
        each = steps / steps[0].size
        none = np.zeros_like(np.take(values, [0], axis))
        total += np.concatenate([none, each], axis) - np.concatenate([each, none], axis)
    np.testing.assert_allclose(tape.gradient(variation, features), total, rtol=1e-4, atol=1e-6)
    near = np.ones((2, 5, 6, 3), "f4")
    near[:, 1:-1, 1:-1] = 0
    np.testing.assert_allclose(tape.gradient(strip, features), 2 * near * values, rtol=1e-6)


def test_border_strip_has_every_position_near_a_border_once() -> None:
    positions = np.arange(7 * 6, dtype="f4").reshape(1, 7, 6, 1)
    strip = np.asarray(border_strip(np.concatenate([positions, positions + 100]), 2))
    assert strip.shape == (2, 1, 7 * 6 - 3 * 2, 1)
    near = np.ones((7, 6), bool)
    near[2:-2, 2:-2] = False
    assert sorted(strip[0].ravel()) == sorted(positions[0, near].ravel())
    np.testing.assert_array_equal(strip[1], strip[0] + 100)


def test_emphasis_by_hand() -> None:
    losses = np.array([0.5, 1.0, 1.5], "f4")
    np.testing.assert_allclose(np.asarray(emphasis(losses, 1.0)), [0.5, 1.0, 1.5], rtol=1e-5)
    # Squares 1/4, 1 and 9/4, whose mean is 7/6.
    np.testing.assert_allclose(np.asarray(emphasis(losses, 2.0)), np.array([3, 12, 27]) / 14, rtol=1e-5)
    np.testing.assert_allclose(np.asarray(emphasis(losses, 0.0)), [1, 1, 1])


def test_content_loss_is_the_named_one() -> None:
    a, b = np.ones((1, 2, 2, 1), "f4"), np.zeros((1, 2, 2, 1), "f4")
    assert float(np.asarray(content_loss(a * 3, b, balanced=False)).item()) == 9
    assert float(np.asarray(content_loss(a * 3, b, balanced=True)).item()) == pytest.approx(1)


@pytest.fixture(scope="module")
def network(starting_weights: dict[str, Path]) -> keras.Model:
    return build_loss_network(weights=starting_weights["vgg16"])


@pytest.mark.parametrize("loss", ["content", "balanced content", "style", "balanced style", "total variation"])
def test_each_loss_falls_in_three_steps(
    loss: str, network: keras.Model, photo: np.ndarray, painting: np.ndarray
) -> None:
    import tensorflow as tf

    photo, painting = photo[None], painting[None]
    noise = np.random.default_rng(0).random(photo.shape).astype("f4")
    target = network(photo)[CONTENT_LAYER]
    grams = {name: gram_matrix(value) for name, value in network(painting).items() if name in STYLE_LAYERS}

    def content(balanced: bool) -> Callable[[Any], Any]:
        return lambda picture: content_loss(network(picture)[CONTENT_LAYER], target, balanced=balanced)

    def style(balanced: bool) -> Callable[[Any], Any]:
        return lambda picture: sum(style_losses(network(picture), grams, balanced=balanced).values())

    function = {
        "content": content(False),
        "balanced content": content(True),
        "style": style(False),
        "balanced style": style(True),
        "total variation": total_variation,
    }[loss]
    # Noise becomes the photograph, or loses its variation; the photograph takes the painting's style.
    picture = keras.Variable(photo if "style" in loss else noise)
    optimizer = keras.optimizers.Adam(0.01)
    values = []
    for _ in range(4):
        with tf.GradientTape() as tape:
            value = ops.sum(function(picture.value))
        values.append(float(value))
        optimizer.apply([tape.gradient(value, picture.value)], [picture])
    assert np.all(np.diff(values) < 0), values
