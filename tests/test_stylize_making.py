"""A picture in the making: what is written on the way, at the end, and after Ctrl-C."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.errors import FileError
from stylize.descent import Report
from stylize.making import make, on_the_way


def grey(level: float) -> np.ndarray:
    return np.full((4, 6, 3), level, "f4")


def level(path: Path) -> int:
    with Image.open(path) as picture:
        pixels = np.asarray(picture)
    assert pixels.min() == pixels.max()
    return int(pixels.min())


def test_pictures_on_the_way_and_the_last_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def paint(report: Report) -> np.ndarray:
        for step in range(1, 11):
            report(step, 1.0 / step, grey(step / 20))
        return grey(0.8)

    out = tmp_path / "new" / "picture.png"
    assert make(out, 10, 4, paint, lambda picture: 1 - picture) == 0
    assert {path.name: level(path) for path in out.parent.iterdir()} == {
        "picture-04.png": 204,  # 255 (1 - 4 / 20)
        "picture-08.png": 153,
        "picture.png": 51,
    }
    assert capsys.readouterr().out == f"{out}\n"


def test_ctrl_c_keeps_the_picture_as_far_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def paint(report: Report) -> np.ndarray:
        report(1, 2.0, grey(0.2))
        report(2, 1.0, grey(0.4))
        raise KeyboardInterrupt

    assert make(tmp_path / "picture.png", 10, 0, paint, lambda picture: picture) == 130
    assert level(tmp_path / "picture.png") == 102
    assert f"interrupted; {tmp_path / 'picture.png'} as far as it is" in capsys.readouterr().err


def test_ctrl_c_before_the_first_step_writes_nothing(tmp_path: Path) -> None:
    def paint(report: Report) -> np.ndarray:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "picture.png", 10, 0, paint, lambda picture: picture)
    assert not list(tmp_path.iterdir())


def test_a_picture_on_the_way_never_lands_on_one_that_is_read(tmp_path: Path) -> None:
    read = tmp_path / "out-4.png"
    read.write_bytes(b"a painting")
    with pytest.raises(FileError, match="out-4.png: would be overwritten, but is also read"):
        make(tmp_path / "out.png", 6, 2, lambda report: pytest.fail("no work before"), lambda made: made, inputs=[read])
    assert read.read_bytes() == b"a painting" and os.listdir(tmp_path) == ["out-4.png"]


def test_names_on_the_way_are_never_too_long() -> None:
    names = on_the_way(Path("n" * 251 + ".png"), 100, 50)
    assert list(names) == [50, 100] and all(len(path.name) <= 255 for path in names.values())
    assert names[100].name.endswith("-100.png") and on_the_way(Path("out.png"), 100, 0) == {}


def test_long_work_is_not_lost_where_its_place_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody puts a folder where the picture was to lie, while it is painted."""
    out = tmp_path / "out.png"

    def paint(report: Report) -> np.ndarray:
        out.mkdir()
        (tmp_path / "out-1.png").mkdir()
        for step in (1, 2):
            report(step, 1.0, np.full((4, 4, 3), 0.5))
        return np.full((4, 4, 3), 0.5)

    assert make(out, 2, 1, paint, lambda made: made) == 1
    told = capsys.readouterr().err
    assert (
        f"error: {out}: cannot be written: expected a file, found a folder; saved as {tmp_path / 'out-2.png'}" in told
    )
    assert "out-1.png: cannot be written: expected a file, found a folder; no more pictures on the way" in told
    with Image.open(tmp_path / "out-2.png") as picture:
        assert picture.size == (4, 4)
