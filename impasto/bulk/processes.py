"""Parts of work shared between processes of this machine, each with Beam's runner in memory.

Beam's own runner of several processes waits for ever for one that was killed (2.77), and leaves the others at work when
it is killed itself. Here the first ends the work with a sentence, and none outlives the process that started it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from multiprocessing import connection
from typing import Any

from impasto import console
from impasto.bulk.choice import Choice, Doer
from impasto.bulk.pipeline import cause, pipeline


def share(doer: Doer, numbers: Sequence[int], choice: Choice, workers: int) -> None:
    """Does parts in `workers` processes, and waits for their end.

    Raises:
        ValueError: a part failed, or a process was ended from outside; the others are ended, too.
    """
    # Started afresh: a fork copies locks that threads of this process may hold.
    context = multiprocessing.get_context("spawn")
    started = []
    try:
        for worker in range(workers):
            told, tells = context.Pipe(duplex=False)
            process = context.Process(
                target=_work, args=(doer, list(numbers[worker::workers]), choice, tells), daemon=True
            )
            process.start()
            tells.close()
            started.append((process, told))
        for process, told in _as_they_end(started):
            reason = _said(told)
            process.join()
            if reason is None and process.exitcode:
                reason = (
                    f"a process ended with code {process.exitcode} (killed, or out of memory: fewer --workers need "
                    "less); the same command goes on"
                )
            if reason is not None:
                raise ValueError(reason)
    finally:
        for process, _ in started:
            process.kill()
        for process, _ in started:
            process.join()


def _as_they_end(started: Sequence[tuple[Any, Any]]) -> Any:
    """The processes, each when it has ended."""
    waiting = {process.sentinel: (process, told) for process, told in started}
    while waiting:
        for sentinel in connection.wait(list(waiting)):
            yield waiting.pop(sentinel)


def _said(told: Any) -> str | None:
    """What a process that has ended said was wrong; None where nothing was."""
    try:
        return str(told.recv())
    except EOFError:
        return None


def _work(doer: Doer, numbers: Sequence[int], choice: Choice, tells: Any) -> None:
    """What a process does."""
    console.prepare()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to all: the first one ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        pipeline(doer, numbers, choice)
    except BaseException as error:  # whatever it is, it is told by the first process
        tells.send(cause(error))
        os._exit(1)


def _end_with_parent() -> None:
    """Ends this process when the one that started it is gone, so that no work is done for nobody."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
