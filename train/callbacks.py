"""What happens between steps: progress, metrics, checkpoints, pictures, and stopping for a reason.

All count global steps, so that a resumed run goes on where it stopped. The order in the list matters: the guard against
what is not finite comes first, so that nothing bad is ever saved.
"""

from __future__ import annotations

import math
import signal
from collections.abc import Callable
from typing import Any

import keras
from tqdm import tqdm

from train.checkpoints import NonFiniteError

# The name, in batches and logs, of the flag that asks all workers to stop.
STOP = "stop"


class StepCallback(keras.callbacks.Callback):
    """Turns `fit`'s batch index into the global step, and asks for work every so many steps.

    Args:
        start: Steps done before this `fit`.
        every: `on_step` is called after each step divisible by it; 0 never.
        last: The run's last step, after which `on_step` is called in any case.
    """

    def __init__(self, start: int, every: int, last: int) -> None:
        super().__init__()
        self.start, self.every, self.last = start, every, last
        self.done = start

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        before, self.done = self.done, self.start + batch + 1
        # With several steps an execution only every n-th is seen: ask whether a multiple was passed.
        due = self.every and self.done // self.every > before // self.every
        if self.every and (due or self.done >= self.last):
            self.on_step(self.done, logs or {})

    def sync(self) -> None:
        """Makes the model's variables current, on backends that keep the training state elsewhere."""
        if hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        raise NotImplementedError


class StopOnNonFinite(StepCallback):
    """Raises NonFiniteError at the step whose loss, a term of it, or a part's gradient or update is not finite.

    A gradient may be NaN while the loss is not: the step has then ruined the weights, and the next loss would tell.
    """

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        bad = {name: float(value) for name, value in logs.items() if not math.isfinite(value)}
        if bad:
            raise NonFiniteError(f"training is not finite at step {step}: {bad}; the last checkpoint is kept")


class ProgressBar(StepCallback):
    """Pairs done, pairs per second and the losses' running means, on one line; shown inside a `with` block."""

    def __init__(self, start: int, last: int, pairs_a_step: int, every: int, *, shown: bool = True) -> None:
        super().__init__(start, every, last)
        self.pairs_a_step, self.shown = pairs_a_step, shown

    def __enter__(self) -> ProgressBar:
        pairs = self.pairs_a_step
        self._bar = tqdm(
            total=self.last * pairs, initial=self.start * pairs, unit="pair", smoothing=0.1, dynamic_ncols=True,
            disable=not self.shown,
        )  # fmt: skip
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.close()

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        self._bar.set_postfix_str(f"step {step} " + _summary(logs), refresh=False)
        self._bar.update(step * self.pairs_a_step - self._bar.n)


_SHOWN: tuple[str, ...] = ("loss", "content", "vector", "picture")


def _summary(logs: dict[str, float]) -> str:
    style = sum(value for name, value in logs.items() if name.startswith("style_"))
    shown: dict[str, float] = {name: logs[name] for name in _SHOWN if name in logs}
    if style:
        shown["style"] = style
    return " ".join(f"{name} {value:.4g}" for name, value in shown.items())


class Periodic(StepCallback):
    """Calls `action(step, logs)` every so many steps, the variables being current; then lets metrics start afresh."""

    def __init__(
        self,
        start: int,
        every: int,
        last: int,
        action: Callable[[int, dict[str, float]], Any],
        *,
        reset_metrics: bool = False,
    ) -> None:
        super().__init__(start, every, last)
        self.action, self.reset = action, reset_metrics

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        self.sync()
        self.action(step, logs)
        if self.reset:
            self.model.reset_metrics()


class StopOnSignal(StepCallback):
    """Ctrl-C and SIGTERM end the run after the step at hand, saved; a second Ctrl-C ends it at once.

    Signals are received inside a `with` block; whatever ends it, `fit` raising too, the handlers before are put back.

    Args:
        save: Writes a checkpoint of the step. It is called here and not after `fit`, which ends by putting the averaged
            weights in place of the trained ones.
        together: Stop at the step in whose batch a signal was noted, of whichever worker (`flag`, and STOP in the
            logs): all workers see it in the same step, and none waits for another that has stopped.
    """

    def __init__(
        self, start: int, last: int, save: Callable[[int, dict[str, float]], Any], *, together: bool = False
    ) -> None:
        super().__init__(start, 1, last)
        self.save, self.together = save, together
        self.received: signal.Signals | None = None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> StopOnSignal:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._receive)
        return self

    def __exit__(self, *error: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: Any) -> None:
        if self.received is not None:
            raise KeyboardInterrupt
        self.received = signal.Signals(number)
        tqdm.write(f"{self.received.name}: finishing this step, then saving (once more ends at once)")

    def flag(self) -> float:
        """1 once a signal was received here, else 0."""
        return float(self.received is not None)

    def on_step(self, step: int, logs: dict[str, float]) -> None:
        asked = logs.get(STOP, 0.0) > 0 if self.together else self.received is not None
        if asked and not self.model.stop_training:
            self.sync()
            self.save(step, logs)
            self.model.stop_training = True
