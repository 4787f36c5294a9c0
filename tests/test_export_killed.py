"""Publishing an export, killed at any moment: the old one or the new one is there, or comes back with the next."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from random import Random

import pytest
from killing import KILLS, SEED

from export.publish import publish

MARKER = "manifest.json"


def fill(folder: Path, number: int) -> None:
    """A folder whose every file says which it belongs to: a mixture would show."""
    for name in ("a", "b", "c/d"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(f"{number}" * 2000)
    (folder / MARKER).write_text(f"{number}")


def number_of(folder: Path) -> int:
    number = (folder / MARKER).read_text()
    assert [(folder / name).read_text() for name in ("a", "b", "c/d")] == [number * 2000] * 3
    return int(number)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_while_it_is_published(tmp_path: Path) -> None:
    out, moments, seen, gone = tmp_path / "out", Random(4 + SEED), 0, 0
    for _ in range(KILLS):
        child = os.fork()
        if not child:
            number = seen
            while True:
                number += 1
                publish(out, lambda folder, number=number: fill(folder, number), marker=MARKER)  # type: ignore[misc]
        while not out.exists() or number_of_at_rest(out) <= seen:
            os.sched_yield()
        end = time.perf_counter() + moments.uniform(0, 0.005)
        while time.perf_counter() < end:
            pass
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        gone += not out.exists()
        whole = out if out.exists() else tmp_path / ".out.previous"
        found = number_of(whole)
        assert found > seen
        seen = found
    publish(out, lambda folder: fill(folder, seen + 1), marker=MARKER)
    assert number_of(out) == seen + 1 and [path.name for path in tmp_path.iterdir()] == ["out"]
    print(f"{gone} times between the two moves")


def number_of_at_rest(out: Path) -> int:
    """Of a folder that is being replaced again and again."""
    try:
        return int((out / MARKER).read_text() or 0)
    except OSError:
        return -1
