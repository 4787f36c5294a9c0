"""Files of arrays: written so that they close whatever happens, and read so that damage is one sentence."""

from __future__ import annotations

import contextlib
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from impasto.console import one_line

_ONE, _SEVERAL = b"\x93NUMPY", b"PK"
_KINDS = {_ONE: "one NumPy array", _SEVERAL: "an archive of NumPy arrays"}


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


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Every array of an `.npz`, by name.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is damaged, or something else; in one line, which does not name the file.
    """
    # Opened here: NumPy leaves the file open where it cannot read it.
    with path.open("rb") as stream, _refusing():
        _require(stream, _SEVERAL)
        with np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}


def map_array(path: Path) -> np.memmap:
    """The array of an `.npy`, read from the disk where it is looked at.

    Raises:
        OSError: it cannot be opened.
        ValueError: it is damaged, or something else; in one line, which does not name the file.
    """
    with path.open("rb") as stream:
        _require(stream, _ONE)
    with _refusing():
        array: np.memmap = np.load(path, mmap_mode="r", allow_pickle=False)
        return array


def _require(stream: BinaryIO, kind: bytes) -> None:
    """NumPy takes whatever begins otherwise for Python's objects, and names the option that would run their code."""
    head = stream.read(len(_ONE))
    stream.seek(0)
    found = next((name for begin, name in _KINDS.items() if head.startswith(begin)), "something else")
    if found != _KINDS[kind]:
        raise ValueError(f"expected {_KINDS[kind]}, found {found if head else 'an empty file'}")


@contextlib.contextmanager
def _refusing() -> Iterator[None]:
    """Turns whatever NumPy says of damage into a ValueError.

    It reads a header as Python's text: damage makes that raise almost anything, and Python's parser warn on the
    terminal of a text that is no good Python. Files that Python 2 wrote are read without a warning, too.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Exception as error:
        raise ValueError(one_line(error)) from error
