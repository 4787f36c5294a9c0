"""Changing a picture until a function of it is small: Adam, or L-BFGS, with the range of a picture as bounds or not."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from keras import ops

OPTIMIZERS = ("lbfgs", "adam")

# A picture `[1, H, W, 3]`, as a tensor -> a number, as a tensor without dimensions.
Objective = Callable[[Any], Any]
# A picture `[H, W, 3]` -> the objective and its gradient `[H, W, 3]` there.
Look = Callable[[np.ndarray], tuple[float, np.ndarray]]
# What is told after every step: its number from 1 on, the objective there, and the picture `[H, W, 3]`.
Report = Callable[[int, float, np.ndarray], None]

# L-BFGS looks at more than one picture in few of its steps.
_LOOKS_A_STEP = 4
# L-BFGS that has started afresh and gains less than this share of the first objective stands still.
_STANDSTILL = 1e-6


def value_and_gradient(objective: Objective, precision: str = "float32") -> Look:
    """The function that gives an objective and its gradient `[H, W, 3]` at a picture `[H, W, 3]`, in this precision."""
    function = compiled_gradient(objective)

    def at(picture: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = function(ops.convert_to_tensor(picture[None], precision))
        return float(value), ops.convert_to_numpy(gradient)[0]

    return at


def finite(value: float, gradient: np.ndarray) -> tuple[float, np.ndarray]:
    """Both as they came.

    Raises:
        ValueError: one of them is no finite number. A picture that follows it is lost, and L-BFGS never ends.
    """
    if not (math.isfinite(value) and np.isfinite(gradient).all()):
        raise ValueError(
            f"expected a loss and a gradient of finite numbers, received {value:g}: weights of layers or losses are "
            "too large, or the network's own weights are spoilt"
        )
    return value, gradient


def compiled_gradient(function: Callable[..., Any]) -> Callable[..., tuple[Any, Any]]:
    """A function of tensors to a scalar -> that to the scalar and its gradient by the first of them, compiled.

    The first may be a dict of tensors. A graph is built once a combination of shapes, at the first call with it.
    """
    if _backend() == "jax":
        import jax

        return jax.jit(jax.value_and_grad(function))
    import tensorflow as tf

    @tf.function
    def run(first: Any, *others: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(first)
            value = function(first, *others)
        return value, tape.gradient(value, first, unconnected_gradients="zero")

    return run


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of tensors, compiled once a combination of shapes."""
    if _backend() == "jax":
        import jax

        return jax.jit(function)
    import tensorflow as tf

    return tf.function(function)


def _backend() -> str:
    backend: str = keras.backend.backend()
    if backend not in ("jax", "tensorflow"):
        raise ValueError(f"optimising pictures needs Keras on tensorflow or jax. Received: {backend}")
    return backend


@dataclass
class AdamState:
    """What Adam remembers between steps, so that a run can go on: the steps done and two running means."""

    step: int = 0
    moments: list[np.ndarray] = field(default_factory=list)


def adam(
    look: Look,
    start: np.ndarray,
    steps: int,
    rate: float,
    report: Report,
    *,
    bounded: bool = True,
    state: AdamState | None = None,
) -> np.ndarray:
    """The picture after `steps` of Adam (Kingma and Ba 2015, its usual constants).

    Args:
        look: What to lower.
        start: `[H, W, 3]` in [0, 1].
        steps: How many in all, those that `state` has done among them.
        rate: Of learning, in the units of the picture: about what a pixel moves in a step.
        report: Told after every step.
        bounded: Keep every pixel between black and white after every step.
        state: Where an earlier run stopped; kept up to date.
    """
    state = state if state is not None else AdamState()
    picture = start.astype(np.float64)
    if not state.moments:
        state.moments = [np.zeros(start.shape), np.zeros(start.shape)]
    mean, square = state.moments
    for step in range(state.step + 1, steps + 1):
        value, gradient = finite(*look(picture.astype(np.float32)))
        mean += 0.1 * (gradient - mean)
        square += 0.001 * (np.square(gradient, dtype=np.float64) - square)
        moved = mean / (1 - 0.9**step)
        picture = picture - rate * moved / (np.sqrt(square / (1 - 0.999**step)) + 1e-7)
        if bounded:
            picture = np.clip(picture, 0, 1)
        state.step = step
        report(step, value, picture.astype(np.float32))
    return picture.astype(np.float32)


def lbfgs(
    look: Look,
    start: np.ndarray,
    steps: int,
    report: Report,
    *,
    bounded: bool = True,
    corrections: int = 20,
    evaluations: int | None = None,
    done: int = 0,
) -> np.ndarray:
    """The picture after `steps` of L-BFGS-B (Byrd et al. 1995, SciPy's), or where no step lowers the objective further.

    Where the line search finds nothing, which gradients of limited precision make happen, it starts afresh from the
    best picture, without what it remembered; where that does not help either it stops, and says so.

    Args:
        look, start, steps, report, bounded: As of `adam`; every step finds its own length.
        corrections: What is remembered, two pictures each.
        evaluations: Start afresh after so many looks: rounds, as in Keras' example, each told as so many steps.
        done: Steps that an earlier run has done.
    """
    best, step, first = start.astype(np.float64), done, None
    while step < steps:
        looks = evaluations or _LOOKS_A_STEP * (steps - step)
        best, value, taken, gained = _round(look, best, steps - step, looks, report, step, bounded, corrections)
        first = value + gained if first is None else first
        step += evaluations or taken
        if evaluations:
            report(min(step, steps), value, best.astype(np.float32))
        if step < steps and gained <= _STANDSTILL * abs(first):
            print(f"note: L-BFGS stands still at {value:.5g}, {step} of {steps} steps: it ends here", file=sys.stderr)
            break
    return best.astype(np.float32)


def _round(
    look: Look,
    start: np.ndarray,
    steps: int,
    looks: int,
    report: Report,
    before: int,
    bounded: bool,
    corrections: int,
) -> tuple[np.ndarray, float, int, float]:
    """One run of SciPy's: the picture, the objective there, the steps it took, and what it gained."""
    from scipy.optimize import Bounds, OptimizeResult, minimize

    # Published code moves pixels freely on VGG's scale of 0 to 255, where the first step has length 1.
    scale = 1.0 if bounded else 255.0
    first: float | None = None

    def flat(pixels: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal first
        value, gradient = finite(*look((pixels / scale).reshape(start.shape)))
        first = value if first is None else first
        return value, gradient.ravel().astype(np.float64) / scale

    step = 0

    def after(intermediate_result: OptimizeResult) -> None:
        nonlocal step
        step += 1
        picture = (intermediate_result.x / scale).reshape(start.shape).astype(np.float32)
        report(before + step, float(intermediate_result.fun), picture)

    options = {
        "maxiter": steps,
        "maxfun": looks,
        "maxcor": corrections,
        # Float32 gradients never get small enough for SciPy's own idea of an end.
        "ftol": 0.0,
        "gtol": 0.0,
    }
    bounds = Bounds(0.0, scale) if bounded else None
    found = minimize(
        flat, start.ravel() * scale, jac=True, method="L-BFGS-B", bounds=bounds, callback=after, options=options
    )
    value = float(found.fun)
    return (found.x / scale).reshape(start.shape), value, step, (value if first is None else first) - value
