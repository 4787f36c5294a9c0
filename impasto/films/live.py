"""Cameras and pipes: which frames of a camera are still new, and a film written to standard output."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from impasto.errors import FilmError
from impasto.files import replacing
from impasto.films.sources import PIPE

# Seconds that a camera's frame may be old. FFmpeg keeps hundreds of them for a program that is slower than the camera.
_OLDEST = 0.25


class Pace:
    """Tells the frames of a camera that came too long ago to be painted, so that what is seen is what happens.

    Args:
        clock: Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ahead = float("inf")

    def is_late(self, moment: float) -> bool:
        """Whether a frame of this time, in seconds, comes later than the promptest one so far, by more than it may."""
        ahead = self._clock() - moment
        self._ahead = min(self._ahead, ahead)
        return ahead - self._ahead > _OLDEST


class StandardOutput:
    """Standard output as a file of bytes that cannot be gone back in, for PyAV."""

    def write(self, data: bytes) -> int:
        """Writes all of it.

        Raises:
            BrokenPipeError: nobody reads any more.
        """
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(1, rest) :]
        return len(data)


@contextlib.contextmanager
def destination(out: Path) -> Iterator[Any]:
    """Gives what a film is written to: standard output for `-`, or the draft of `impasto.files.replacing`.

    Raises:
        FilmError: standard output is a terminal, or its reader has gone.
    """
    if out != PIPE:
        with replacing(out) as draft:
            yield draft
        return
    try:
        yield StandardOutput()
    except BrokenPipeError as error:
        raise FilmError(Path("standard output"), "whoever read the film has gone") from error


def refuse_terminal() -> None:
    """Raises FilmError where standard output is a terminal."""
    if os.isatty(1):
        raise FilmError(Path("standard output"), "is a terminal: expected a program that shows films, or a file")
