"""Checkpoints of a run: every variable of the networks and the optimiser as one `.npz`, written atomically.

Plain arrays by number and path: no pickles, no code in the file, readable by any backend and by NumPy alone.
"""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

_NAME = re.compile(r"checkpoint-(\d{8})\.npz")


class CheckpointError(ValueError):
    """A checkpoint does not fit the run; the message names the file."""


def save(folder: Path, step: int, variables: list[Any], keep: int) -> Path:
    """Writes `checkpoint-STEP.npz` and deletes all but the newest `keep`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"checkpoint-{step:08d}.npz"
    draft = folder / f".{path.name}.{os.getpid()}"
    arrays = {_key(index, variable): ops.convert_to_numpy(variable) for index, variable in enumerate(variables)}
    try:
        with draft.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    for old in existing(folder)[:-keep]:
        old.unlink()
    return path


def existing(folder: Path) -> list[Path]:
    """Checkpoints in `folder`, oldest first."""
    return sorted(path for path in folder.glob("checkpoint-*.npz") if _NAME.fullmatch(path.name))


def restore_latest(folder: Path, variables: list[Any]) -> int:
    """Restores the newest readable checkpoint; returns its step, 0 where there is none.

    A damaged newest file (a full disk, a lost power supply) falls back to the one before it.

    Raises:
        CheckpointError: a readable checkpoint is of other networks, or none of the existing ones can be read.
    """
    paths = existing(folder)
    for path in reversed(paths):
        try:
            # Opened here: NumPy leaves the file open where it cannot read it.
            with path.open("rb") as stream, np.load(stream) as file:
                arrays = {key: file[key] for key in file.files}
        except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
            print(f"warning: {path} cannot be read ({error}); trying the one before", flush=True)
            continue
        _assign(path, arrays, variables)
        match = _NAME.fullmatch(path.name)
        return int(match.group(1)) if match else 0
    if paths:
        raise CheckpointError(
            f"none of the {len(paths)} checkpoints in {folder} can be read; move them away to start anew"
        )
    return 0


def _assign(path: Path, arrays: dict[str, np.ndarray], variables: list[Any]) -> None:
    expected = {_key(index, variable): tuple(variable.shape) for index, variable in enumerate(variables)}
    found = {key: array.shape for key, array in arrays.items()}
    if expected != found:
        different = sorted(key for key in expected.keys() | found.keys() if expected.get(key) != found.get(key))
        key = different[0]
        raise CheckpointError(
            f"{path} is of other networks: {len(different)} of {len(expected)} arrays differ, first {key}: "
            f"expected {expected.get(key)}, found {found.get(key)}"
        )
    for index, variable in enumerate(variables):
        variable.assign(arrays[_key(index, variable)])


def _key(index: int, variable: Any) -> str:
    # Keras numbers layer names by process ("functional_3"), so that paths alone would not survive a restart.
    path = re.sub(r"_\d+(?=/)", "", getattr(variable, "path", variable.name))
    return f"{index:05d}:{path.replace('/', '.')}"
