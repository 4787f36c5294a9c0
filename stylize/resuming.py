"""What a stopped run of `stylize optimise` leaves beside its picture, so that the same command goes on."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from impasto.arrays import read_arrays, write_arrays
from impasto.console import one_line
from impasto.files import replacing
from stylize.inputs import Inputs
from stylize.recipes import Recipe

if TYPE_CHECKING:
    from stylize.optimisation import Progress


def _fingerprint(inputs: Inputs, recipe: Recipe) -> dict[str, object]:
    """What a run to go on with must have in common; it may have other steps."""
    told = {**dataclasses.asdict(recipe), **dataclasses.asdict(inputs), "steps": 0, "animate": None}
    plain: dict[str, object] = json.loads(json.dumps(told, default=str))
    return plain


def keep(path: Path, inputs: Inputs, recipe: Recipe, progress: Progress) -> None:
    """Writes where a run is, atomically; nothing where it has not begun."""
    if progress.picture is None:
        return
    with replacing(path) as draft, draft.open("wb") as file:
        kept = {
            "run": json.dumps(_fingerprint(inputs, recipe)), "scale": progress.scale, "step": progress.step,
            "picture": progress.picture, "adam": np.asarray(progress.adam.moments), "adam_step": progress.adam.step,
        }  # fmt: skip
        write_arrays(file, kept)


def restored(path: Path, inputs: Inputs, recipe: Recipe) -> Progress:
    """Where a stopped run was.

    Raises:
        ValueError: there is no such file, it is damaged, or it is of other pictures or another recipe.
    """
    from stylize.descent import AdamState
    from stylize.optimisation import Progress

    if not path.is_file():
        raise ValueError(
            f"--resume: expected {path}, which a stopped run leaves beside its picture, found no such file"
        )
    try:
        kept = read_arrays(path)
        # What an earlier version did not know of, it did as the defaults do.
        before = {**dataclasses.asdict(Recipe()), **dict(json.loads(str(kept["run"])))}
        adam = AdamState(int(kept["adam_step"]), list(kept["adam"]))
        progress = Progress(int(kept["scale"]), int(kept["step"]), kept["picture"], adam)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"--resume: {path}: expected what a stopped run left, found a damaged file ({one_line(error)}); delete it "
            "and start anew, without --resume"
        ) from error
    now = _fingerprint(inputs, recipe)
    changed = [f"{name} was {before.get(name)!r}, now {now[name]!r}" for name in now if before.get(name) != now[name]]
    if changed:
        raise ValueError(f"--resume: {path} is of another run ({'; '.join(changed)})")
    return progress
