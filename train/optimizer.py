"""The optimiser of a run, built from its config."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from train.config import OptimConfig

_MUON_MOMENTUM = 0.95


def build_optimizer(config: OptimConfig, predictor_variables: int) -> keras.Optimizer:
    """Adam on a linear warm-up and a cosine, clipped by global norm, with averaged weights.

    Args:
        config: As of a run.
        predictor_variables: How many of the trained variables are the predictor's; they come first.
    """
    if config.warmup_steps:
        rate = keras.optimizers.schedules.CosineDecay(
            config.learning_rate / 10,
            max(config.steps - config.warmup_steps, 1),
            alpha=config.final_learning_rate,
            warmup_target=config.learning_rate,
            warmup_steps=config.warmup_steps,
        )
    else:
        rate = keras.optimizers.schedules.CosineDecay(
            config.learning_rate, config.steps, alpha=config.final_learning_rate
        )
    return _AdamByPart(
        rate,
        slow=predictor_variables,
        share=config.predictor_rate,
        muon=config.muon,
        global_clipnorm=config.clip_norm or None,
        use_ema=config.ema_momentum > 0,
        ema_momentum=config.ema_momentum or 0.99,
    )


class _AdamByPart(keras.optimizers.Adam):
    """Adam whose first `slow` variables, the predictor's, move at a share of the learning rate.

    With `muon`, the dense convolutions of the rest are moved by Muon (Jordan et al. 2024,
    https://kellerjordan.github.io/posts/muon): the momentum as a matrix `[kh kw Cin, Cout]`, its singular values made
    equal. Steps have the root mean square of Adam's (Liu et al. 2025, arXiv 2502.16982, section 2.2), so that one
    learning rate serves both. Depthwise kernels, biases, the style heads and the layer of the picture stay with Adam.
    Keras has a Muon of its own, which leaves four-dimensional kernels out.
    """

    def __init__(self, rate: Any, *, slow: int, share: float, muon: bool, **kwargs: Any) -> None:
        super().__init__(rate, name="adam", **kwargs)
        self._slow = slow
        self._share = share
        self._muon = muon

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._get_variable_index(variable)
        if index < self._slow:
            super().update_step(gradient, variable, learning_rate * self._share)
        elif self._muon and _is_dense_convolution(variable.shape):
            momentum = self._momentums[index]
            self.assign(momentum, _MUON_MOMENTUM * momentum + gradient)
            step = orthogonalised(gradient + _MUON_MOMENTUM * momentum)
            self.assign_sub(variable, step * ops.cast(learning_rate, step.dtype))
        else:
            super().update_step(gradient, variable, learning_rate)


def _is_dense_convolution(shape: tuple[int, ...]) -> bool:
    """Not a depthwise kernel, nor one with so few outputs that it has no directions to balance."""
    return len(shape) == 4 and shape[2] > 1 and shape[3] > 4


def orthogonalised(kernel: Any) -> Any:
    """A kernel `[kh, kw, Cin, Cout]` with the singular values of its matrix near one, times 0.2 sqrt(longer side).

    Five steps of the quintic Newton-Schulz iteration of Muon, which brings them to 0.7 to 1.2.
    """
    *window, outputs = kernel.shape
    matrix = ops.reshape(kernel, (-1, outputs))
    long = max(matrix.shape)
    tall = matrix.shape[0] > outputs
    x = ops.transpose(matrix) if tall else matrix
    x = x / (ops.norm(x) + 1e-7)
    for _ in range(5):
        square = x @ ops.transpose(x)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    x = ops.transpose(x) if tall else x
    return 0.2 * long**0.5 * ops.reshape(x, (*window, outputs))
