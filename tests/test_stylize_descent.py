"""Descent on functions whose minimum is known."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from stylize.descent import adam, lbfgs, value_and_gradient

SHAPE = (4, 5, 3)


def target() -> np.ndarray:
    return np.linspace(0.1, 0.9, 60).reshape(SHAPE).astype("f4")


def squares(picture: Any) -> Any:
    """Minimum 0 at `target()`."""
    return ops.sum(ops.square(picture - target()[None]))


def test_gradient_by_hand() -> None:
    picture = np.full(SHAPE, 0.5, "f4")
    value, gradient = value_and_gradient(squares)(picture)
    assert value == pytest.approx(float(np.square(picture - target()).sum()), rel=1e-5)
    np.testing.assert_allclose(gradient, 2 * (picture - target()), rtol=1e-5, atol=1e-6)


def test_the_first_step_of_adam_is_the_rate() -> None:
    """Adam's first step is rate * sign(gradient), whatever the gradient's size."""
    start = np.full(SHAPE, 0.5, "f4")
    seen: list[tuple[int, float]] = []
    found = adam(squares, start, 1, 0.02, lambda step, value, picture: seen.append((step, value)))
    np.testing.assert_allclose(found, start - 0.02 * np.sign(start - target()), atol=1e-5)
    ((step, value),) = seen
    assert step == 1
    assert value == pytest.approx(float(np.square(start - target()).sum()), rel=1e-5)


def test_lbfgs_finds_the_minimum_of_a_quadratic_in_a_few_steps() -> None:
    values: list[float] = []
    found = lbfgs(squares, np.zeros(SHAPE, "f4"), 20, lambda step, value, picture: values.append(value))
    np.testing.assert_allclose(found, target(), atol=1e-4)
    assert values == sorted(values, reverse=True)
    assert len(values) < 10


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_pictures_stay_in_range(optimizer: str) -> None:
    """The minimum lies at 2 for one half, at -1 for the other: the nearest picture is 1 and 0."""
    far = np.where(np.arange(60).reshape(SHAPE) % 2, 2.0, -1.0).astype("f4")

    def objective(picture: Any) -> Any:
        return ops.sum(ops.square(picture - far[None]))

    start = np.full(SHAPE, 0.5, "f4")
    shown: list[np.ndarray] = []

    def report(step: int, value: float, picture: np.ndarray) -> None:
        shown.append(picture)

    found = adam(objective, start, 60, 0.05, report) if optimizer == "adam" else lbfgs(objective, start, 10, report)
    np.testing.assert_allclose(found, np.clip(far, 0, 1), atol=1e-6)
    assert all(0 <= picture.min() and picture.max() <= 1 for picture in shown)


def test_the_same_on_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    """The branch for JAX, on a function of jax.numpy: the backend of this process stays TensorFlow."""
    import jax.numpy as jnp

    from stylize import descent

    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    compiled = descent._compiled(lambda picture: jnp.sum(jnp.square(picture - target()[None])))
    value, gradient = compiled(np.full((1, *SHAPE), 0.5, "f4"))
    assert float(value) == pytest.approx(float(np.square(0.5 - target()).sum()), rel=1e-5)
    np.testing.assert_allclose(np.asarray(gradient)[0], 2 * (0.5 - target()), rtol=1e-5, atol=1e-6)
