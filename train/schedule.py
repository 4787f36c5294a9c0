"""The learning rate over a run's steps, also over those of a run that was prolonged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import keras
from keras import ops

from train.config import OptimConfig


class Leg(NamedTuple):
    """From `start` on, the run was meant to have `steps` steps in all."""

    start: int
    steps: int


class Rate(keras.optimizers.schedules.LearningRateSchedule):
    """A linear warm-up and a cosine to the last step; a prolonged run goes over to the cosine of its new length.

    From the step at which the length changed, the rate goes in as many steps as the warm-up has from where it was to
    where it would be had the run been planned so long from the start. A run that had ended is warmed up again thereby,
    as Ibrahim et al. 2024 (arXiv 2403.08763) advise for training that goes on; without, the rate would jump, and at the
    end's rate nothing more would be learnt.

    Args:
        config: Of the run; its `steps` are the only leg until `plan` says otherwise.
    """

    def __init__(self, config: OptimConfig) -> None:
        self._config = config
        self._legs: list[tuple[int, float, Any]] = []
        self.plan([Leg(0, config.steps)])

    def plan(self, legs: Sequence[Leg]) -> None:
        """Sets the legs, the first of which starts at 0; before the step is traced."""
        self._legs = [(0, 0.0, self._cosine(legs[0].steps))]
        for leg in legs[1:]:
            self._legs.append((leg.start, float(self(leg.start)), self._cosine(leg.steps)))

    def _cosine(self, steps: int) -> Any:
        config = self._config
        if config.warmup_steps:
            return keras.optimizers.schedules.CosineDecay(
                config.learning_rate / 10,
                max(steps - config.warmup_steps, 1),
                alpha=config.final_learning_rate,
                warmup_target=config.learning_rate,
                warmup_steps=config.warmup_steps,
            )
        return keras.optimizers.schedules.CosineDecay(config.learning_rate, steps, alpha=config.final_learning_rate)

    def __call__(self, step: Any) -> Any:
        step = ops.cast(step, "float32")
        (_, _, first), *later = self._legs
        rate = first(step)
        for start, before, cosine in later:
            share = ops.clip((step - start) / max(self._config.warmup_steps, 1), 0.0, 1.0)
            rate = ops.where(step >= start, (1 - share) * before + share * cosine(step), rate)
        return rate

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError("a run's rate is rebuilt from its config")
