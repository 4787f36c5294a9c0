"""Films: frames, sizes and colours of what is written, and what is said where none can be."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stylize.film import Film, FilmError
from stylize.making import make


def grey(level: float, height: int = 33, width: int = 51) -> np.ndarray:
    return np.full((height, width, 3), level, "f4")


def test_gif_holds_every_frame_at_the_size_of_the_first(tmp_path: Path) -> None:
    with Film(tmp_path / "film.gif") as film:
        for frame in (grey(0.2), grey(0.5, 10, 10), grey(0.9)):
            film.append(frame)
    with Image.open(tmp_path / "film.gif") as written:
        assert (getattr(written, "n_frames", 1), written.size) == (3, (51, 33))
        levels = []
        for index in range(3):
            written.seek(index)
            levels.append(np.asarray(written.convert("RGB")).mean() / 255)
    np.testing.assert_allclose(levels, [0.2, 0.5, 0.9], atol=0.01)
    assert [path.name for path in tmp_path.iterdir()] == ["film.gif"]


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the program ffmpeg")
def test_mp4_is_what_ffmpeg_reads_back(tmp_path: Path) -> None:
    """Sides that are odd lose their last row and column: the format's colours are halved."""
    with Film(tmp_path / "film.mp4", rate=10) as film:
        for level in (0.2, 0.5, 0.8):
            film.append(grey(level))
    read = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-i",
        str(tmp_path / "film.mp4"),
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-",
    ]
    frames = np.frombuffer(subprocess.run(read, capture_output=True, check=True).stdout, np.uint8)
    frames = frames.reshape(-1, 32, 50, 3)
    np.testing.assert_allclose(frames.mean(axis=(1, 2, 3)) / 255, [0.2, 0.5, 0.8], atol=0.02)


def test_what_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FilmError, match=r"film.avi: expected a film's suffix, .gif or .mp4, found '.avi'"):
        Film(tmp_path / "film.avi")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FilmError, match="film.mp4: writing an MP4 needs the program ffmpeg, which is not installed"):
        Film(tmp_path / "film.mp4")


@pytest.mark.parametrize("suffix", [".gif", ".mp4"])
def test_a_link_is_followed_and_a_name_may_be_long(tmp_path: Path, suffix: str) -> None:
    if suffix == ".mp4" and shutil.which("ffmpeg") is None:
        pytest.skip("needs the program ffmpeg")
    film, link = tmp_path / ("n" * (255 - len(suffix)) + suffix), tmp_path / f"link{suffix}"
    link.symlink_to(film)
    with Film(link) as made:
        made.append(grey(0.5, 16, 16))
    assert link.is_symlink() and film.stat().st_size > 0 and len(list(tmp_path.iterdir())) == 2


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="needs the program ffmpeg")
def test_a_film_that_ffmpeg_gave_up_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"old")
    with pytest.raises(FilmError, match="ffmpeg could not write it"), Film(path) as film:
        film.append(np.zeros((16, 1, 3), "f4"))  # no side is left once it is halved
        for _ in range(50):
            film.append(np.zeros((16, 1, 3), "f4"))
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("film.mp4", b"old")]


def test_no_frame_no_film(tmp_path: Path) -> None:
    with Film(tmp_path / "film.gif"):
        pass
    assert not list(tmp_path.iterdir())


def test_the_way_there_ends_with_the_picture(tmp_path: Path) -> None:
    """Small pictures first, as from coarse to fine; the film has the size of the last."""

    def paint(report: object) -> np.ndarray:
        report(1, 3.0, grey(0.1, 11, 17))  # type: ignore[operator]
        report(2, 2.0, grey(0.4))  # type: ignore[operator]
        return grey(0.7)

    assert make(tmp_path / "out.png", 2, 0, paint, lambda picture: picture, animate=tmp_path / "way.gif") == 0
    with Image.open(tmp_path / "way.gif") as film:
        assert (getattr(film, "n_frames", 1), film.size) == (3, (51, 33))
        film.seek(2)
        assert np.asarray(film.convert("RGB")).mean() / 255 == pytest.approx(0.7, abs=0.01)
