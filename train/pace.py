"""A run that ends after so many steps or so many minutes, whichever is first, with a learning rate that fits both."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from train.callbacks import StepCallback


class Pace(StepCallback):
    """Sets the learning rate before every step, and ends the run when its time is over.

    The rate rises over the first steps, and falls with a cosine over the share of the run that is done: of its steps or
    of its time, whichever is the larger. A run that time ends so ends at a small rate, as one that steps end does;
    where it is cut off at a large one, most of what it learnt last is noise.

    Args:
        steps: Of the whole run.
        seconds: Of the whole run.
        rate: The largest.
        warmup: Steps over which it rises.
        clock: Seconds from any origin.
    """

    def __init__(
        self, steps: int, seconds: float, rate: float, warmup: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(0, 1, steps)
        self._seconds, self._rate, self._warmup, self._clock = seconds, rate, warmup, clock
        self._began = 0.0

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        self._began = self._clock()

    def rate_at(self, step: int, elapsed: float) -> float:
        """The rate of the step that follows `step` others, after `elapsed` seconds."""
        share = min(1.0, max(step / self.last, elapsed / self._seconds))
        rising = min(1.0, (step + 1) / (self._warmup + 1))
        return self._rate * rising * 0.5 * (1 + math.cos(math.pi * share))

    def on_train_batch_begin(self, batch: int, logs: dict[str, float] | None = None) -> None:
        self.sync()
        self.model.optimizer.learning_rate = self.rate_at(self.start + batch, self._clock() - self._began)

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        if self._clock() - self._began >= self._seconds:
            self.model.stop_training = True
