"""Blending and interpolating by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.embeddings import blend, interpolate

STYLES = np.array([[0.0, 4.0], [8.0, 0.0]], np.float32)


def test_blend_is_a_weighted_mean() -> None:
    np.testing.assert_array_equal(blend(STYLES), [4, 2])
    np.testing.assert_array_equal(blend(STYLES, [3, 1]), [2, 3])
    np.testing.assert_array_equal(blend(STYLES, [0, 0.2]), STYLES[1])
    assert blend([STYLES[0]]).dtype == np.float32


def test_blend_of_any_number() -> None:
    many = np.random.default_rng(0).normal(size=(7, 100)).astype("f4")
    np.testing.assert_allclose(blend(many), many.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize(
    "weights, message",
    [
        ([1.0], "2 styles, weights received: "),
        ([1.0, -0.5], "not negative"),
        ([0.0, 0.0], "not all zero"),
        ([1.0, float("nan")], "finite"),
        ([float("inf"), 1.0], "finite"),
    ],
)
def test_blend_refuses_weights(weights: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        blend(STYLES, weights)


@pytest.mark.parametrize("embeddings", [np.zeros((0, 100)), np.zeros(100), np.zeros((1, 2, 3))])
def test_blend_refuses_other_shapes(embeddings: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"shape \[N, E\] with N >= 1. Received shape: "):
        blend(embeddings)


def test_interpolate_is_a_line() -> None:
    identity, style = STYLES
    np.testing.assert_array_equal(interpolate(identity, style, 0), identity)
    np.testing.assert_array_equal(interpolate(identity, style, 0.25), [2, 3])
    np.testing.assert_array_equal(interpolate(identity, style, 1), style)
    np.testing.assert_array_equal(interpolate(identity, style, 2), [16, -4])
    np.testing.assert_array_equal(interpolate(STYLES, style, 0.5), [[4, 2], [8, 0]])


@pytest.mark.parametrize("strength", [-0.1, float("nan"), float("inf")])
def test_interpolate_refuses_other_strengths(strength: float) -> None:
    with pytest.raises(ValueError, match="strength must be a finite number from 0 on"):
        interpolate(STYLES[0], STYLES[1], strength)
