"""Who does parts of work, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from impasto.bulk.work import Work

# Beam's names. Its own choice for one machine would fetch a program first; this one is all Python.
RUNNERS = {
    "direct": "FnApiRunner",
    "flink": "FlinkRunner",
    "spark": "SparkRunner",
    "dataflow": "DataflowRunner",
    "portable": "PortableRunner",
}


class Doer(Protocol):
    """Who does parts: pickled, and sent to the processes that do them."""

    work: Work

    def do(self, number: int) -> None:
        """Does a part, and notes in `work` that it is done."""
        ...


@dataclass(frozen=True)
class Choice:
    """Where the work is done.

    Attributes:
        runner: One of `RUNNERS`.
        workers: Processes on this machine, where it is done here.
        options: Of Beam, each `name=value` or a name alone.
    """

    runner: str = "direct"
    workers: int = 1
    options: tuple[str, ...] = ()

    def arguments(self) -> list[str]:
        """The command line that Beam is given."""
        return [f"--runner={RUNNERS[self.runner]}", *(f"--{option}" for option in self.options)]
