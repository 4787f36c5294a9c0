"""The curves of runs, read from their logs and sorted into panels; `train.plot` draws them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from impasto.files import found_at
from train import metrics
from train.config import CONFIG

Axis = Literal["pairs", "steps", "hours"]

_NOT_CURVES = ("step", "seconds")


@dataclass(frozen=True)
class Run:
    """A run's name and curves: the x axis, and values by name, NaN where a line of the log has none."""

    name: str
    x: np.ndarray
    values: dict[str, np.ndarray]


@dataclass(frozen=True)
class Panel:
    """One diagram: its title, a logarithmic axis or not, and the curves' names in the log and for people."""

    title: str
    logarithmic: bool
    curves: dict[str, str]


def read_runs(workdirs: Sequence[Path], axis: Axis) -> list[Run]:
    """The curves of runs, whose names are their folders' as far as these differ, else their paths.

    Raises:
        ValueError: a workdir without a log, or without the config that says how many pairs a step has; names it.
    """
    names = [workdir.resolve().name for workdir in workdirs]
    if len(set(names)) < len(names):
        names = [str(workdir) for workdir in workdirs]
    return [_read(workdir, name, axis) for workdir, name in zip(workdirs, names, strict=True)]


def _read(workdir: Path, name: str, axis: Axis) -> Run:
    lines = metrics.read(workdir)
    if not lines:
        found = "none" if workdir.is_dir() else found_at(workdir)
        raise ValueError(
            f"{workdir}: expected the workdir of a run with at least one line in {metrics.FILE}, found {found}"
        )
    keys = [key for key in dict.fromkeys(key for line in lines for key in line) if key not in _NOT_CURVES]
    values = {key: np.array([line.get(key, np.nan) for line in lines], np.float64) for key in keys}
    styles = [values[key] for key in keys if key.startswith("style_")]
    if styles:
        values["style"] = np.sum(styles, axis=0)
    scale = _pairs_a_step(workdir) if axis == "pairs" else 1
    x = [line["seconds"] / 3600 if axis == "hours" else line["step"] * scale for line in lines]
    return Run(name, np.array(x, np.float64), values)


def _pairs_a_step(workdir: Path) -> int:
    path = workdir / CONFIG
    try:
        return int(json.loads(path.read_text())["data"]["batch_size"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path}: expected a run's config with data.batch_size ({error}); or pass --axis steps"
        ) from error


def panels(runs: Sequence[Run]) -> list[Panel]:
    """The diagrams that these runs' curves make, in the order in which one looks at them."""
    known = dict.fromkeys(key for run in runs for key in run.values)
    layers = {key: key.removeprefix("style_") for key in known if key.startswith("style_")}
    parts = {
        signal: {key: key.removeprefix(signal) for key in known if key.startswith(signal)}
        for signal in ("gradient/", "update/")
    }
    fixed = [
        Panel("Loss", False, {"loss": ""}),
        Panel("Content loss", False, {"content": ""}),
        Panel("Style loss, summed", False, {"style": ""}),
        Panel("Style loss of each layer", False, layers),
        Panel("Norm of gradients", True, parts["gradient/"]),
        Panel("Norm of updates over weights", True, parts["update/"]),
        Panel("Learning rate", False, {"learning_rate": ""}),
        Panel("Pairs a second", False, {"pairs_per_second": ""}),
        Panel("Share of time waiting for data", False, {"waiting": ""}),
    ]
    told = {key for panel in fixed for key in panel.curves}
    rest = [Panel(_title(key), False, {key: ""}) for key in known if key not in told]
    chosen = [Panel(p.title, p.logarithmic, {k: v for k, v in p.curves.items() if k in known}) for p in fixed + rest]
    return [panel for panel in chosen if panel.curves]


def _title(key: str) -> str:
    return key.replace("_", " ").capitalize() + " loss"


def smoothed(values: np.ndarray, share: float) -> np.ndarray:
    """A mean that moves over a curve, centred, `share` of its length wide; gaps stay gaps."""
    width = max(round(share * len(values)) | 1, 1)
    good = np.isfinite(values)
    window = np.ones(min(width, 2 * len(values) - 1))
    sums = np.convolve(np.where(good, values, 0.0), window, "same")
    counts = np.convolve(good.astype(np.float64), window, "same")
    return np.where(good, sums / np.maximum(counts, 1), np.nan)
