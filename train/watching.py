"""What steps did beside their losses: how far each part moved, how fast pairs went by, how long data was waited for."""

from __future__ import annotations

import time
from collections.abc import Callable

from train.callbacks import STOP, StepCallback

# As the optimiser's signals are named, `SIGNAL/PART`.
SIGNALS = ("gradient/", "update/")


class Watch(StepCallback):
    """Gathers what a log line says besides the losses, from line to line.

    Gradients' and updates' norms are means over the steps seen (all, or the last of each execution). The clock starts
    when the session's first step has ended, so that building and compiling are not taken for training; work between
    steps, such as checkpoints and pictures, counts.

    Args:
        start, last: As of every StepCallback.
        batch: Pairs a step.
        waited: Seconds that steps have waited for their batches so far.
    """

    def __init__(self, start: int, last: int, batch: int, waited: Callable[[], float]) -> None:
        super().__init__(start, 1, last)
        self._batch, self._waited = batch, waited
        self._sums: dict[str, float] = {}
        self._seen = 0
        self._since: tuple[float, float, int] | None = None

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        self._seen += 1
        for name, value in logs.items():
            if name.startswith(SIGNALS):
                self._sums[name] = self._sums.get(name, 0.0) + float(value)
        if self._since is None:
            self._since = (time.perf_counter(), self._waited(), step)

    def line(self, step: int, logs: dict[str, float]) -> dict[str, float]:
        """The values to log at a step: the logs, and since the last line the means, `pairs_per_second` and `waiting`.

        `waiting` is the share of the time in which the next step stood still for want of its batch, in [0, 1].
        """
        values = {name: value for name, value in logs.items() if name != STOP}
        values |= {name: total / self._seen for name, total in self._sums.items()}
        now, waited = time.perf_counter(), self._waited()
        if self._since and step > self._since[2]:
            before, waited_before, first = self._since
            seconds = max(now - before, 1e-9)
            values["pairs_per_second"] = (step - first) * self._batch / seconds
            values["waiting"] = min((waited - waited_before) / seconds, 1.0)
        self._since = (now, waited, step)
        self._sums, self._seen = {}, 0
        return values
