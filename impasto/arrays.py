"""Arrays in one file, as `numpy.load` reads it back, that closes whatever happens."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np


def write_arrays(file: BinaryIO, arrays: Mapping[str, Any]) -> None:
    """Writes what `numpy.savez` would, which leaves its archive open where the disk is full, to complain later.

    Args:
        file: Open for writing; stays open.
        arrays: By name; none of Python's objects.

    Raises:
        OSError: there is no room.
    """
    with zipfile.ZipFile(file, "w", allowZip64=True) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, np.asanyarray(array), allow_pickle=False)
