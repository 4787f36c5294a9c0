"""What an evaluation calls its systems and the files of its report: told before any network is loaded."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from impasto.files import found_at
from impasto.pictures.names import ended

PAGE, LOSSES, SUMMARY = "report.html", "losses.csv", "summary.json"
_OPTIMISE, _SHEET = "optimise:", ".png"


def system_names(spec: str, strengths: Sequence[float]) -> list[str]:
    """The names of the systems that one argument stands for (`train.systems.open_systems` opens them).

    Raises:
        ValueError: `optimise:` without a number of steps.
    """
    steps = optimisation_steps(spec)
    if steps is not None:
        return [f"optimised_{steps}"]
    if not spec.endswith(".keras"):
        return [os.path.basename(os.path.abspath(spec))]
    stem = Path(spec).stem
    return [stem if value == 1 else f"{stem}@{value:g}" for value in strengths]


def optimisation_steps(spec: str) -> int | None:
    """The steps of `optimise:STEPS`; None where the argument is a path.

    Raises:
        ValueError: STEPS is no positive number.
    """
    if not spec.startswith(_OPTIMISE):
        return None
    steps = spec.removeprefix(_OPTIMISE)
    if not steps.isdigit() or int(steps) == 0:
        raise ValueError(f"{spec}: expected optimise:STEPS with a positive number of steps, such as optimise:250")
    return int(steps)


def require_system(spec: str) -> None:
    """Raises ValueError where there is nothing that the argument stands for."""
    path = Path(spec)
    if optimisation_steps(spec) is not None:
        return
    if spec.endswith(".keras"):
        if not path.is_file():
            raise ValueError(f"{path}: expected an artefact (.keras), found {found_at(path)}")
    elif not path.is_dir():
        raise ValueError(f"{path}: expected a folder of pictures named CONTENT__STYLE.png, found {found_at(path)}")


def sheet_file(system: str) -> str:
    """The contact sheet of a system, whose name is cut where it is too long for a file."""
    return ended(system, _SHEET)


def outputs(folder: Path, systems: Sequence[str]) -> list[Path]:
    """What `train.report.write_report` writes into its folder."""
    return [folder / name for name in (LOSSES, SUMMARY, PAGE, *map(sheet_file, systems))]
