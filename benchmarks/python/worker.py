"""One contestant in a process of its own, so that memory, start and threads are its own too."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.python.runners import load_runner

# Long enough for TensorFlow on a busy machine.
PATIENCE_S = 300


@dataclass(frozen=True)
class Contestant:
    """What a process is to run.

    Attributes:
        name: `runners.PEER`, or one of `runners.RUNTIMES`.
        path: See `runners.load_runner`.
        threads: To compute with.
        content: `[1, H, W, 3]` in [0, 1].
        style: `[1, h, w, 3]` in [0, 1].
    """

    name: str
    path: Path | None
    threads: int
    content: np.ndarray
    style: np.ndarray


@dataclass(frozen=True)
class Turn:
    """Seconds of one run of each part."""

    style: float
    paint: float

    @property
    def both(self) -> float:
        return self.style + self.paint


@dataclass(frozen=True)
class Start:
    """A contestant's first picture.

    Attributes:
        software: What computes, with its version.
        seconds: From the start of its process, Python's own included.
        peak: Largest resident memory of the process, bytes.
        picture: `[1, H, W, 3]`.
    """

    software: str
    seconds: float
    peak: int
    picture: np.ndarray


class Worker:
    """A contestant's process, after its first picture."""

    def __init__(self, connection: Connection, start: Start) -> None:
        self._connection = connection
        self.start = start

    def turn(self) -> Turn:
        """Paints twice, and times the second."""
        self._connection.send("turn")
        turn = _receive(self._connection)
        assert isinstance(turn, Turn)
        return turn


@contextmanager
def started(contestant: Contestant) -> Iterator[Worker]:
    """Starts a contestant's process and ends it afterwards.

    Raises:
        RuntimeError: it failed; the message says why.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, contestant), daemon=True)
    begin = time.perf_counter()
    process.start()
    theirs.close()
    try:
        first = _receive(ours)
        assert isinstance(first, Start)
        seconds = time.perf_counter() - begin
        yield Worker(ours, Start(first.software, seconds, first.peak, first.picture))
    finally:
        ours.close()
        process.terminate()
        process.join()


def _receive(connection: Connection) -> object:
    if not connection.poll(PATIENCE_S):
        raise RuntimeError(f"a contestant said nothing for {PATIENCE_S} s")
    try:
        answer = connection.recv()
    except EOFError:
        raise RuntimeError("a contestant's process ended") from None
    if isinstance(answer, str):
        raise RuntimeError(answer)
    return answer


def _serve(connection: Connection, contestant: Contestant) -> None:
    try:
        runner = load_runner(contestant.name, contestant.path, contestant.threads)
        picture = runner.paint(contestant.content, runner.style(contestant.style))
        connection.send(Start(runner.name, 0.0, _peak_memory(), np.asarray(picture)))
        while True:
            connection.recv()
            for _ in range(2):
                begin = time.perf_counter()
                vector = runner.style(contestant.style)
                middle = time.perf_counter()
                runner.paint(contestant.content, vector)
                turn = Turn(middle - begin, time.perf_counter() - middle)
            connection.send(turn)
    except (EOFError, KeyboardInterrupt, BrokenPipeError):
        pass  # the parent is done
    except Exception as error:
        connection.send(f"{contestant.name}: {type(error).__name__}: {error}")


def _peak_memory() -> int:
    """Largest resident memory of this process, in bytes. (getrusage's can be the parent's.)"""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return 1024 * int(line.split()[1])
