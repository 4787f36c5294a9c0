"""The optimiser of a run, built from its config."""

from __future__ import annotations

from typing import Any

import keras

from train.config import OptimConfig


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
    shared: dict[str, Any] = dict(
        global_clipnorm=config.clip_norm or None,
        use_ema=config.ema_momentum > 0,
        ema_momentum=config.ema_momentum or 0.99,
    )
    if config.predictor_rate == 1.0:
        return keras.optimizers.Adam(rate, **shared)
    return _AdamOfTwoRates(rate, slow=predictor_variables, share=config.predictor_rate, **shared)


class _AdamOfTwoRates(keras.optimizers.Adam):
    """Adam whose first `slow` variables move at a share of the learning rate."""

    def __init__(self, rate: Any, *, slow: int, share: float, **kwargs: Any) -> None:
        super().__init__(rate, name="adam", **kwargs)
        self._slow = slow
        self._share = share

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        if self._get_variable_index(variable) < self._slow:
            learning_rate = learning_rate * self._share
        super().update_step(gradient, variable, learning_rate)
