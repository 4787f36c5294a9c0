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
    found = adam(value_and_gradient(squares), start, 1, 0.02, lambda step, value, picture: seen.append((step, value)))
    np.testing.assert_allclose(found, start - 0.02 * np.sign(start - target()), atol=1e-5)
    ((step, value),) = seen
    assert step == 1
    assert value == pytest.approx(float(np.square(start - target()).sum()), rel=1e-5)


def test_lbfgs_finds_the_minimum_of_a_quadratic_in_a_few_steps() -> None:
    values: list[float] = []
    found = lbfgs(
        value_and_gradient(squares), np.zeros(SHAPE, "f4"), 20, lambda step, value, picture: values.append(value)
    )
    np.testing.assert_allclose(found, target(), atol=1e-4)
    assert values == sorted(values, reverse=True)
    assert len(values) < 12


def test_lbfgs_may_leave_the_range_where_it_is_not_bounded() -> None:
    far = np.full(SHAPE, 1.5, "f4")
    look = value_and_gradient(lambda picture: ops.sum(ops.square(picture - far[None])))
    found = lbfgs(look, np.zeros(SHAPE, "f4"), 20, lambda *told: None, bounded=False)
    np.testing.assert_allclose(found, far, atol=1e-3)


def test_lbfgs_starts_afresh_where_its_line_search_finds_nothing() -> None:
    """Gradients that point uphill for a while end SciPy's own run; ours finds the minimum all the same."""
    looks = 0

    def look(picture: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal looks
        looks += 1
        sign = -1.0 if 5 <= looks < 30 else 1.0
        # Curved differently along each pixel, so that a few steps are needed.
        curves = np.linspace(1, 30, 60).reshape(SHAPE)
        difference = picture - target()
        return float((curves * difference**2).sum()), sign * 2 * curves * difference

    found = lbfgs(look, np.zeros(SHAPE, "f4"), 60, lambda *told: None)
    np.testing.assert_allclose(found, target(), atol=1e-3)


def test_lbfgs_says_where_it_stands_still(capsys: pytest.CaptureFixture[str]) -> None:
    look = value_and_gradient(squares)
    lbfgs(look, target(), 50, lambda *told: None)
    assert "L-BFGS stands still at 0, 0 of 50 steps" in capsys.readouterr().err


def test_rounds_are_told_as_so_many_steps() -> None:
    """Three rounds of four looks: L-BFGS takes fewer steps than looks, and every round ends on a multiple of four."""
    steps: list[int] = []
    look = value_and_gradient(lambda picture: ops.sum(ops.square(ops.square(picture - target()[None]))))
    lbfgs(look, np.zeros(SHAPE, "f4"), 12, lambda step, *told: steps.append(step), evaluations=4)
    assert {4, 8, 12} <= set(steps)
    assert steps == sorted(steps) and max(steps) == 12


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

    look = value_and_gradient(objective)
    found = adam(look, start, 60, 0.05, report) if optimizer == "adam" else lbfgs(look, start, 10, report)
    np.testing.assert_allclose(found, np.clip(far, 0, 1), atol=1e-6)
    assert all(0 <= picture.min() and picture.max() <= 1 for picture in shown)


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
@pytest.mark.parametrize("spoilt", ["value", "gradient"])
def test_a_loss_that_is_no_finite_number_ends_it(optimizer: str, spoilt: str) -> None:
    """L-BFGS used to go on for ever, without a step."""

    def look(picture: np.ndarray) -> tuple[float, np.ndarray]:
        lost = np.full(SHAPE, np.nan, "f4") if spoilt == "gradient" else np.zeros(SHAPE, "f4")
        return (float("inf") if spoilt == "value" else 1.0), lost

    start = np.full(SHAPE, 0.5, "f4")
    with pytest.raises(ValueError, match="finite numbers"):
        if optimizer == "adam":
            adam(look, start, 3, 0.02, lambda *_: None)
        else:
            lbfgs(look, start, 3, lambda *_: None)


def test_the_same_on_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    """The branch for JAX, on a function of jax.numpy: the backend of this process stays TensorFlow."""
    import jax.numpy as jnp

    from stylize import descent

    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    compiled = descent.compiled_gradient(lambda picture: jnp.sum(jnp.square(picture - target()[None])))
    value, gradient = compiled(np.full((1, *SHAPE), 0.5, "f4"))
    assert float(value) == pytest.approx(float(np.square(0.5 - target()).sum()), rel=1e-5)
    np.testing.assert_allclose(np.asarray(gradient)[0], 2 * (0.5 - target()), rtol=1e-5, atol=1e-6)
