"""Files of arrays: read back as written, and what is said of others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from impasto.arrays import map_array, read_arrays, write_arrays

ONE, OTHER = np.arange(6, dtype=np.float32).reshape(2, 3), np.array("told")


def test_arrays_are_read_back(tmp_path: Path) -> None:
    with (tmp_path / "a.npz").open("wb") as file:
        write_arrays(file, {"one": ONE, "other": OTHER})
    found = read_arrays(tmp_path / "a.npz")
    assert list(found) == ["one", "other"] and str(found["other"]) == "told"
    np.testing.assert_array_equal(found["one"], ONE)
    np.save(tmp_path / "a.npy", ONE)
    np.testing.assert_array_equal(map_array(tmp_path / "a.npy"), ONE)


@pytest.mark.parametrize(
    ("read", "name", "sentence"),
    [
        (read_arrays, "one.npy", "expected an archive of NumPy arrays, found one NumPy array"),
        (read_arrays, "objects.npz", "Object arrays cannot be loaded when allow_pickle=False"),
        (read_arrays, "cut.npz", "File is not a zip file"),
        (read_arrays, "text", "expected an archive of NumPy arrays, found something else"),
        (map_array, "several.npz", "expected one NumPy array, found an archive of NumPy arrays"),
        (map_array, "cut.npy", "mmap length is greater than file size"),
        (map_array, "empty", "expected one NumPy array, found an empty file"),
    ],
)
def test_what_is_damaged_or_something_else_is_told_in_a_line(
    read: Callable[[Path], object], name: str, sentence: str, tmp_path: Path
) -> None:
    np.save(tmp_path / "one.npy", ONE)
    np.savez(tmp_path / "several.npz", one=ONE, other=OTHER)
    np.savez(tmp_path / "objects.npz", one=np.array([{}]))
    for whole, cut in (("one.npy", "cut.npy"), ("several.npz", "cut.npz")):
        (tmp_path / cut).write_bytes((tmp_path / whole).read_bytes()[:-8])
    (tmp_path / "text").write_text("hello")
    (tmp_path / "empty").write_bytes(b"")
    with pytest.raises(ValueError, match=sentence) as raised:
        read(tmp_path / name)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_not_called_damaged(tmp_path: Path) -> None:
    for read in (read_arrays, map_array):
        with pytest.raises(FileNotFoundError):
            read(tmp_path / "gone.npy")
