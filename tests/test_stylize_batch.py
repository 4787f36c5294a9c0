"""What is counted as written when Ctrl-C comes in the middle of many pictures."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import skimage.data
from PIL import Image

from models.stylizer import Stylizer
from stylize.batch import Outcome, Painter, Settings, run
from stylize.plan import Job

ROOT = Path(__file__).parent.parent


@pytest.fixture
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    Image.fromarray(skimage.data.chelsea()[::4, ::4]).save(folder / "photo.png")
    Image.fromarray(skimage.data.rocket()[::8, ::8]).save(folder / "style.png")
    return folder


def test_interrupt_says_how_many_were_written(tiny_artefact: Path, pictures: Path, tmp_path: Path) -> None:
    for index in range(300):
        (tmp_path / f"photo{index:03}.png").symlink_to(pictures / "photo.png")
    out = tmp_path / "out"
    style = pictures / "style.png"
    paths = {"--model": tiny_artefact, "--content": tmp_path, "--style": style, "--out": out}
    command = [sys.executable, "-m", "stylize", "image", *(str(part) for pair in paths.items() for part in pair)]

    def hear_interrupts() -> None:  # a test run started in the background ignores SIGINT, and would pass that on
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=hear_interrupts) as process:
        # The first picture in its folder is the sign that painting is under way.
        while process.poll() is None and not any(out.glob("*.png")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=60)[1]
    written = sorted(out.glob("*.png"))
    assert process.returncode == 130
    assert f"interrupted; {out}: {len(written)} of 300 pictures written" in error
    assert "Traceback" not in error
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("placed", [True, False])
def test_an_interrupt_around_the_last_move_is_counted_right(
    tiny_artefact: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, placed: bool
) -> None:
    """Ctrl-C just before or just after the finished file takes the place of an older one."""
    out = tmp_path / "out.png"
    out.write_bytes(b"from an earlier run")
    replace = os.replace

    def interrupted(draft: Path, path: Path) -> None:
        if placed:
            replace(draft, path)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    outcome = Outcome()
    job = Job(pictures / "photo.png", (pictures / "style.png",), out)
    with pytest.raises(KeyboardInterrupt):
        run(Painter(Stylizer.load(tiny_artefact), Settings()), [job], outcome, lambda jobs: jobs)
    assert outcome.written == ([out] if placed else [])
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]
