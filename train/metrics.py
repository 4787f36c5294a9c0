"""The log of a run: one JSON object a line in `metrics.jsonl`, and the same in TensorBoard with picture grids."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from impasto.text_files import read_text

FILE = "metrics.jsonl"
TENSORBOARD = "tensorboard"


class MetricsLog:
    """Appends to a workdir's log; lines past the resumed step, from steps that were lost, are dropped first.

    Args:
        workdir: The run's folder.
        step: The step that the run resumes from; 0 starts afresh.
    """

    def __init__(self, workdir: Path, step: int) -> None:
        self.path = workdir / FILE
        kept = [line for line in read(workdir) if line["step"] <= step]
        draft = self.path.with_suffix(".draft")
        draft.write_text("".join(json.dumps(line) + "\n" for line in kept))
        os.replace(draft, self.path)
        self._tensorboard = _tensorboard_writer(workdir / TENSORBOARD, step)
        self._start = time.perf_counter()
        self._seconds_before = float(kept[-1]["seconds"]) if kept else 0.0

    def write(self, step: int, values: dict[str, float]) -> None:
        """Logs named values at a step, with the run's seconds so far, all its sessions together."""
        seconds = self._seconds_before + time.perf_counter() - self._start
        line = {"step": step, "seconds": round(seconds, 1)} | {name: float(value) for name, value in values.items()}
        with self.path.open("a") as file:
            file.write(json.dumps(line) + "\n")
        if self._tensorboard:
            for name, value in values.items():
                self._tensorboard.add_scalar(name, float(value), step)

    def write_picture(self, step: int, name: str, picture: np.ndarray) -> None:
        """Shows a uint8 `[H, W, 3]` picture in TensorBoard."""
        if self._tensorboard:
            self._tensorboard.add_image(name, picture, step, dataformats="HWC")

    def __enter__(self) -> MetricsLog:
        return self

    def __exit__(self, *error: object) -> None:
        if self._tensorboard:
            self._tensorboard.close()


def read(workdir: Path) -> list[dict[str, Any]]:
    """The lines of a workdir's log; a last line cut off by a crash is left out."""
    path = workdir / FILE
    lines = []
    for text in read_text(path, "a run's log").splitlines() if path.is_file() else []:
        try:
            lines.append(json.loads(text))
        except ValueError:
            break
    return lines


def _tensorboard_writer(folder: Path, step: int) -> Any:
    try:
        from tensorboardX import SummaryWriter
    except ImportError:  # a bare accelerator machine: the JSON lines are enough
        return None
    return SummaryWriter(str(folder), purge_step=step + 1 if step else None)
