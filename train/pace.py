"""A run that ends after so many steps or so many minutes, whichever is first, with a learning rate that fits both."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import keras

from train.callbacks import Periodic, ProgressBar, StepCallback, StopOnNonFinite, StopOnSignal
from train.config import OptimConfig
from train.optimizer import build_optimizer

# The first steps, and no more than a quarter of all.
_WARMUP = 20


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


def fit_within(
    trainer: keras.Model, batches: Iterator[Any], *, steps: int, minutes: float, rate: float, photographs: int
) -> tuple[int, float]:
    """Trains all of a trainer's variables by Muon and Adam, and leaves their averages in their place.

    Args:
        trainer: Whose step it is.
        batches: Endless.
        steps, minutes: The most of both; Ctrl-C ends it after a step.
        rate: The largest learning rate.
        photographs: A step, for the bar.

    Returns the steps done and the seconds taken.

    Raises:
        NonFiniteError: the loss is no number any more.
    """
    optim = OptimConfig(steps=steps, muon=True, ema_momentum=0.98)
    variables = trainer.trainable_variables
    optimizer = build_optimizer(optim, {"predictor": [], "transformer": variables}, rate)
    # XLA's convolutions on the CPU are several times slower than TensorFlow's own.
    trainer.compile(optimizer=optimizer, jit_compile=keras.backend.backend() != "tensorflow")
    optimizer.build(variables)
    began = time.monotonic()
    stop = StopOnSignal(0, steps, lambda step, logs: None)
    progress = ProgressBar(0, steps, photographs, 1)
    callbacks = [
        StopOnNonFinite(0, 1, steps),
        progress,
        stop,
        Pace(steps, 60 * minutes, rate, min(_WARMUP, steps // 4)),
        Periodic(0, 50, steps, lambda step, logs: None, reset_metrics=True),
    ]
    with stop, progress:
        trainer.fit(batches, steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=callbacks)
    return stop.done, time.monotonic() - began
