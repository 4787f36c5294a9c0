"""Layers against NumPy and against values worked out by hand."""

from __future__ import annotations

import json

import keras
import numpy as np
import pytest

from models.layers import ConditionalInstanceNorm, ReflectionPad2D, StyleHeads


def _norm_inputs(seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    features = rng.normal(3.0, 2.0, (2, 7, 5, 4)).astype(np.float32)
    return [features, rng.normal(1, 1, (2, 4)).astype(np.float32), rng.normal(0, 1, (2, 4)).astype(np.float32)]


def test_norm_gives_the_styles_moments() -> None:
    features, gamma, beta = _norm_inputs()
    out = np.asarray(ConditionalInstanceNorm()([features, gamma, beta]))
    np.testing.assert_allclose(out.mean(axis=(1, 2)), beta, atol=1e-5)
    np.testing.assert_allclose(out.std(axis=(1, 2)), np.abs(gamma), rtol=1e-4)


def test_norm_by_hand() -> None:
    # Values 1, 3: mean 2, biased variance 1, so (x - 2) / sqrt(1 + 0.25) * 5 + 1 for epsilon 0.25.
    features = np.array([1.0, 3.0], np.float32).reshape(1, 2, 1, 1)
    out = ConditionalInstanceNorm(epsilon=0.25)([features, np.array([[5.0]], "f4"), np.array([[1.0]], "f4")])
    expected = [1 - 5 / np.sqrt(1.25), 1 + 5 / np.sqrt(1.25)]
    np.testing.assert_allclose(np.ravel(np.asarray(out)), expected, rtol=1e-6)


def test_norm_treats_every_picture_by_itself() -> None:
    features, gamma, beta = _norm_inputs()
    layer = ConditionalInstanceNorm()
    both = np.asarray(layer([features, gamma, beta]))
    second = np.asarray(layer([features[1:], gamma[1:], beta[1:]]))
    np.testing.assert_allclose(both[1:], second, atol=1e-6)


def test_norm_of_a_flat_picture_is_beta() -> None:
    flat = np.full((1, 4, 4, 2), 0.7, np.float32)
    out = np.asarray(ConditionalInstanceNorm()([flat, np.ones((1, 2), "f4"), np.array([[0.25, -4.0]], "f4")]))
    np.testing.assert_allclose(out[0, 2, 3], [0.25, -4.0], atol=1e-3)


def test_norm_takes_float32_moments_under_bfloat16() -> None:
    # A bfloat16 sum of 16,384 values near 253 is off by more than their deviation of 1.
    values = np.where(np.arange(128 * 128) % 2, 252.0, 254.0).astype(np.float32).reshape(1, 128, 128, 1)
    layer = ConditionalInstanceNorm(dtype="mixed_bfloat16")
    out = layer([keras.ops.cast(values, "bfloat16"), np.array([[1.0]], "f4"), np.array([[0.0]], "f4")])
    assert keras.backend.standardize_dtype(out.dtype) == "bfloat16"
    np.testing.assert_allclose(np.unique(np.asarray(keras.ops.cast(out, "float32"))), [-1.0, 1.0], atol=0.01)


def test_norm_keeps_the_bits_of_gamma_and_beta_under_bfloat16() -> None:
    features, gamma, beta = _norm_inputs()
    features = keras.ops.cast(features, "bfloat16")
    out = ConditionalInstanceNorm(dtype="mixed_bfloat16")([features, gamma, beta])
    exact = ConditionalInstanceNorm()([keras.ops.cast(features, "float32"), gamma, beta])
    # Rounded once, at the end: rounding gamma and beta before would change about every third value.
    np.testing.assert_array_equal(
        np.asarray(keras.ops.cast(out, "float32")),
        np.asarray(keras.ops.cast(keras.ops.cast(exact, "bfloat16"), "float32")),
    )


@pytest.mark.parametrize("padding", [0, 1, 4, ((0, 1), (2, 3))])
def test_reflection_equals_numpy(padding: int | tuple[tuple[int, int], tuple[int, int]]) -> None:
    x = np.random.default_rng(1).random((2, 6, 5, 3), np.float32)
    axes = ((padding, padding), (padding, padding)) if isinstance(padding, int) else padding
    layer = ReflectionPad2D(padding)
    out = np.asarray(layer(x))
    np.testing.assert_array_equal(out, np.pad(x, ((0, 0), *axes, (0, 0)), mode="reflect"))
    assert layer.compute_output_shape((None, None, 5, 3))[2] == out.shape[2]


def test_reflection_refuses_a_negative_padding() -> None:
    with pytest.raises(ValueError, match="non-negative. Received: padding=.*-1"):
        ReflectionPad2D(-1)


def test_style_heads_order_is_gamma_then_beta_norm_by_norm() -> None:
    heads = StyleHeads([2, 1])
    embedding = np.array([[1.0, 10.0]], np.float32)
    heads.build(embedding.shape)
    # Row 0 counts the columns, row 1 is zero but for the last, whose beta also sees the second number.
    heads.set_weights([np.array([[0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 1]], "f4"), np.full(6, 100, "f4")])
    gamma_1, beta_1, gamma_2, beta_2 = (np.asarray(part) for part in heads(embedding))
    np.testing.assert_array_equal(gamma_1, [[100, 101]])
    np.testing.assert_array_equal(beta_1, [[102, 103]])
    np.testing.assert_array_equal(gamma_2, [[104]])
    np.testing.assert_array_equal(beta_2, [[115]])


def test_style_heads_start_at_gamma_one_and_beta_zero() -> None:
    gamma, beta = StyleHeads([3])(np.zeros((1, 100), np.float32))
    np.testing.assert_array_equal(np.asarray(gamma), [[1, 1, 1]])
    np.testing.assert_array_equal(np.asarray(beta), [[0, 0, 0]])


def test_round_trip_needs_no_module_path() -> None:
    content = keras.Input((None, None, 2))
    embedding = keras.Input((100,))
    gamma, beta = StyleHeads([2])(embedding)
    padded = ReflectionPad2D(((1, 2), (0, 3)))(content)
    model = keras.Model([content, embedding], ConditionalInstanceNorm(epsilon=0.5)([padded, gamma, beta]))
    text = model.to_json()
    registered = {layer["registered_name"] for layer in json.loads(text)["config"]["layers"]}
    assert {"impasto>ReflectionPad2D", "impasto>ConditionalInstanceNorm", "impasto>StyleHeads"} <= registered
    again = keras.models.model_from_json(text.replace('"models.layers"', '"moved.elsewhere"'))
    again.set_weights(model.get_weights())
    rng = np.random.default_rng(2)
    inputs = [rng.random((1, 5, 6, 2), np.float32), rng.random((1, 100), np.float32)]
    np.testing.assert_array_equal(np.asarray(model(inputs)), np.asarray(again(inputs)))
