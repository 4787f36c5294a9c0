"""Changing a picture until a function of it is small: Adam, or L-BFGS with the range of a picture as its bounds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from keras import ops

OPTIMIZERS = ("lbfgs", "adam")

# A picture `[1, H, W, 3]` in [0, 1], as a tensor -> a number, as a tensor without dimensions.
Objective = Callable[[Any], Any]
# What is told after every step: its number from 1 on, the objective there, and the picture `[H, W, 3]`.
Report = Callable[[int, float, np.ndarray], None]

# Corrections that L-BFGS keeps, two pictures each.
_CORRECTIONS = 20
# L-BFGS looks at more than one picture in few of its steps.
_LOOKS_A_STEP = 4


def value_and_gradient(objective: Objective) -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
    """The function that gives an objective and its gradient `[H, W, 3]` at a picture `[H, W, 3]`, both float32."""
    compiled = _compiled(objective)

    def at(picture: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = compiled(ops.convert_to_tensor(picture[None], "float32"))
        return float(value), ops.convert_to_numpy(gradient)[0]

    return at


def _compiled(objective: Objective) -> Callable[[Any], tuple[Any, Any]]:
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        return jax.jit(jax.value_and_grad(objective))
    if backend != "tensorflow":
        raise ValueError(f"optimising pictures needs Keras on tensorflow or jax. Received: {backend}")
    import tensorflow as tf

    @tf.function
    def run(picture: Any) -> tuple[Any, Any]:
        with tf.GradientTape() as tape:
            tape.watch(picture)
            value = objective(picture)
        return value, tape.gradient(value, picture)

    return run


def adam(objective: Objective, start: np.ndarray, steps: int, rate: float, report: Report) -> np.ndarray:
    """The picture after `steps` of Adam.

    Args:
        objective: What to lower.
        start: `[H, W, 3]` in [0, 1].
        steps: How many.
        rate: Of learning, in the units of the picture: about what a pixel moves in a step.
        report: Told after every step.
    """
    look = value_and_gradient(objective)
    picture, pixels = keras.Variable(start, dtype="float32"), start
    optimizer = keras.optimizers.Adam(rate)
    for step in range(1, steps + 1):
        value, gradient = look(pixels)
        optimizer.apply([ops.convert_to_tensor(gradient)], [picture])
        picture.assign(ops.clip(picture, 0.0, 1.0))
        # A copy: NumPy may look into the variable's own memory, which the next step writes to.
        pixels = np.array(ops.convert_to_numpy(picture))
        report(step, value, pixels)
    return pixels


def lbfgs(objective: Objective, start: np.ndarray, steps: int, report: Report) -> np.ndarray:
    """The picture after `steps` of L-BFGS-B (Byrd et al. 1995, SciPy's), or where no step lowers the objective further.

    Args: As of `adam`, but for the rate: every step finds its own length.
    """
    from scipy.optimize import Bounds, OptimizeResult, minimize

    look = value_and_gradient(objective)

    def flat(pixels: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = look(pixels.reshape(start.shape).astype(np.float32))
        return value, gradient.ravel().astype(np.float64)

    step = 0

    def after(intermediate_result: OptimizeResult) -> None:
        nonlocal step
        step += 1
        report(step, float(intermediate_result.fun), intermediate_result.x.reshape(start.shape).astype(np.float32))

    options = {
        "maxiter": steps,
        "maxfun": _LOOKS_A_STEP * steps,
        "maxcor": _CORRECTIONS,
        # Float32 gradients never get small enough for SciPy's own idea of an end.
        "ftol": 0.0,
        "gtol": 0.0,
    }
    pixels = start.ravel().astype(np.float64)
    found = minimize(
        flat, pixels, jac=True, method="L-BFGS-B", bounds=Bounds(0.0, 1.0), callback=after, options=options
    )
    return found.x.reshape(start.shape).astype(np.float32)
