"""Checkpoints of a run: every variable of the networks and the optimiser as one `.npz`, written atomically.

Plain arrays by number and path: no pickles, no code in the file, readable by any backend and by NumPy alone.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import numpy as np
from keras import ops

from impasto.arrays import read_arrays, write_arrays
from impasto.files import make_folder, replacing

_NAME = re.compile(r"checkpoint-(\d{8})\.npz")


class CheckpointError(ValueError):
    """A checkpoint does not fit the run; the message names the file."""


class NonFiniteError(RuntimeError):
    """A loss, a gradient or a variable became NaN or infinite; the message names the step and which."""


def save(folder: Path, step: int, variables: list[Any], keep: int) -> Path:
    """Writes `checkpoint-STEP.npz` and deletes all but the newest `keep`.

    Raises:
        NonFiniteError: a variable, the optimiser's included, holds NaN or infinity; nothing is written or deleted.
    """
    arrays = {_key(index, variable): ops.convert_to_numpy(variable) for index, variable in enumerate(variables)}
    if bad := _non_finite(arrays):
        raise NonFiniteError(
            f"step {step}: {len(bad)} of {len(arrays)} variables are not finite, first {bad[0]}; "
            "no checkpoint was written, the last one is kept"
        )
    make_folder(folder)
    path = folder / f"checkpoint-{step:08d}.npz"
    with replacing(path) as draft, draft.open("wb") as file:
        write_arrays(file, arrays)
        # The ones before are deleted: a power cut must not find this one empty.
        file.flush()
        os.fsync(file.fileno())
    for old in existing(folder)[:-keep]:
        old.unlink()
    return path


def existing(folder: Path) -> list[Path]:
    """Checkpoints in `folder`, oldest first."""
    return sorted(path for path in folder.glob("checkpoint-*.npz") if _NAME.fullmatch(path.name))


def restore_latest(folder: Path, variables: list[Any]) -> int:
    """Restores the newest good checkpoint; returns its step, 0 where there is none.

    A damaged file (a full disk, a lost power supply) and one with NaN or infinity in it are passed over, said, and
    renamed to `.bad`: left in place, they would count among the newest that `save` keeps, and the good ones be deleted.

    Raises:
        CheckpointError: a readable checkpoint is of other networks, or none of the existing ones is good.
    """
    paths = existing(folder)
    passed_over: list[Path] = []
    for path in reversed(paths):
        try:
            arrays = read_arrays(path)
        except (OSError, ValueError) as error:
            reason = f"cannot be read ({error})"
        else:
            bad = _non_finite(arrays)
            if not bad:
                _assign(path, arrays, variables)
                for other in passed_over:
                    other.rename(other.with_suffix(".npz.bad"))
                return _step(path)
            reason = f"holds values that are not finite, first in {bad[0]}"
        print(f"warning: {path} {reason}; trying the one before", flush=True)
        passed_over.append(path)
    if paths:
        raise CheckpointError(
            f"none of the {len(paths)} checkpoints in {folder} can be used; move them away to start anew"
        )
    return 0


def _step(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match.group(1)) if match else 0


def _non_finite(arrays: dict[str, np.ndarray]) -> list[str]:
    """The names of the arrays that hold NaN or infinity."""
    return [key for key, array in arrays.items() if array.dtype.kind == "f" and not np.isfinite(array).all()]


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
