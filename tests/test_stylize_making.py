"""A picture in the making: what is written on the way, at the end, and after Ctrl-C."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stylize.descent import Report
from stylize.making import make


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
