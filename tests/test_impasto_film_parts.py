"""`impasto video --resume`: painted in parts, whatever ends it the same command gives the same film."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import packaged_picture
from killing import KILLS, SEED
from PIL import Image
from test_impasto_films import HEIGHT, TIMES, WIDTH, frames, packets, write_film

from impasto.errors import FilmError
from impasto.films import resumed
from impasto.films.easel import Wishes
from impasto.films.painting import Painted, paint_film
from impasto.films.parts import Parts
from impasto.films.reading import Film
from impasto.painter import Painter, load

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("parts")
    Image.fromarray((255 * packaged_picture("ihc.png", 64, 64)).astype(np.uint8)).save(place / "waves.png")
    photo = (255 * packaged_picture("chelsea.png", WIDTH + 10, HEIGHT)).astype(np.uint8)
    write_film(place / "walk.mp4", [photo[:, step : step + WIDTH] for step in range(len(TIMES))])
    return place


def paint(painter: Painter, folder: Path, out: Path, stop: int = 99, **wishes: Any) -> Painted:
    """In parts of four frames, up to `stop` of them."""
    with Film(folder / "walk.mp4") as film:
        return resumed.paint_in_parts(
            painter, film, [(0, folder / "waves.png")], out, Wishes(**wishes), lambda done, total: done < stop, length=4
        )


@pytest.mark.parametrize(
    ("suffix", "keep_color"),
    [
        (".mp4", "recolour"),
        pytest.param(".mkv", None, marks=pytest.mark.slow),
        pytest.param(".mov", None, marks=pytest.mark.slow),
    ],
)
def test_a_film_in_parts_is_the_film(folder: Path, tmp_path: Path, suffix: str, keep_color: str | None) -> None:
    # The third as long as a name may be: what lies beside it has one of its own.
    whole, out, again = (tmp_path / f"{name}{suffix}" for name in ("whole", "out", "a" * (255 - len(suffix))))
    with load("fast", threads=1) as painter:
        with Film(folder / "walk.mp4") as film:
            paint_film(painter, film, [(0, folder / "waves.png")], whole, Wishes(crf=1, keep_color=keep_color))
        assert paint(painter, folder, out, crf=1, keep_color=keep_color).finished
        # Ended within a part; a film that can be played lies there, and the parts beside it.
        first = paint(painter, folder, again, stop=6, crf=1, keep_color=keep_color)
        assert not first.finished and len(frames(again)) == first.frames == 6
        assert len(list(tmp_path.glob(".aaa*.parts"))) == 1
        with pytest.raises(ValueError, match="--resume: it was begun with another settings"):
            paint(painter, folder, again, crf=2, keep_color=keep_color)
        assert paint(painter, folder, again, crf=1, keep_color=keep_color).finished
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in (whole, out, again))
    expected = frames(whole)
    for path in (out, again):
        found = frames(path)
        assert [moment for moment, _ in found] == [moment / 1000 for moment in TIMES]
        # Encoded in other groups of frames: by so much they differ, and by nothing else.
        assert max(np.abs(one.astype(int) - two).mean() for (_, one), (_, two) in zip(found, expected, strict=True)) < 2
        assert packets(path, "audio") == packets(whole, "audio")


def test_killed_while_parts_are_deleted_a_film_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They were found half of them, by a state that named them all, and the same command failed for good."""
    out = tmp_path / "out.mp4"

    def painted() -> Parts:
        parts = Parts(out, {"size": 8})
        for start in (0, 8):
            with parts.next() as draft:
                draft.write_bytes(b"a part")
            parts.add(start, 8, start + 7, 0.0, {"mean": np.zeros(3)})
        return parts

    def killed(folder: Path, **_: Any) -> None:
        (folder / "00000.mp4").unlink()
        raise KeyboardInterrupt

    parts = painted()
    assert Parts(out, {"size": 8}).frames == 16
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(shutil, "rmtree", killed)
        parts.remove()
    assert Parts(out, {"size": 8}).frames == 0

    parts = painted()
    parts.path(1).unlink()
    with pytest.raises(FilmError, match=f"{parts.path(1)}: expected a part that was painted, found no such file: del"):
        Parts(out, {"size": 8})
    with pytest.raises(FilmError, match="--resume: it was begun with another size"):
        Parts(out, {"size": 9})


@pytest.mark.slow
def test_killed_at_random_moments_the_same_command_gives_the_same_film(folder: Path, tmp_path: Path) -> None:
    moments = random.Random(2 + SEED)
    film = tmp_path / "long.mp4"
    photo = (255 * packaged_picture("chelsea.png", WIDTH + 120, HEIGHT)).astype(np.uint8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("test_impasto_films.TIMES", tuple(40 * index for index in range(120)))
        write_film(film, [photo[:, step : step + WIDTH] for step in range(120)])
    # Parts of eight frames, so that kills fall into many.
    program = (
        "import sys; from impasto.films import resumed as r; "
        "r.paint_in_parts.__defaults__ = (*r.paint_in_parts.__defaults__[:-1], 8); "
        "from impasto.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )

    def command(out: Path) -> list[str]:
        flags = ["--style", str(folder / "waves.png"), "--out", str(out), "--resume", "--threads", "1", "--crf", "1"]
        return [sys.executable, "-c", program, "video", str(film), *flags]

    begun = time.perf_counter()
    subprocess.run(command(tmp_path / "straight.mp4"), cwd=ROOT, check=True, capture_output=True)
    seconds, out, fell = time.perf_counter() - begun, tmp_path / "killed.mp4", 0
    for _ in range(KILLS):
        with subprocess.Popen(command(out), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            time.sleep(moments.uniform(0.3, 1) * seconds / 3)
            fell += process.poll() is None
            process.kill()
        if out.exists():
            frames(out)  # a whole film, or none
    done = subprocess.run(command(out), cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    print(f"{fell} of {KILLS} kills fell into the work")
    expected, found = frames(tmp_path / "straight.mp4"), frames(out)
    assert [moment for moment, _ in found] == [moment for moment, _ in expected] and len(found) == 120
    # What is painted is the same to the bit. Of so narrow a picture x264's macroblock tree is another one from run to
    # run, whoever kills it or not: by up to 3.2 at its usual quality, 0.9 at this one.
    assert max(np.abs(one.astype(int) - two).mean() for (_, one), (_, two) in zip(found, expected, strict=True)) < 2
    assert packets(out, "audio") == packets(tmp_path / "straight.mp4", "audio")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["killed.mp4", "long.mp4", "straight.mp4"]
