"""The guides' commands and programs, run as written, in a folder that holds the pictures that they name.

A block of `sh` or `python` runs unless the comment above it says otherwise (docs/python.md: test_impasto_guide.py):

    <!-- test: no, REASON -->          it cannot be run here; the reason says what stands in for it
    <!-- test: slow -->                with --slow only
    <!-- test: with FLAGS -->          FLAGS are added to its last command (`slow; with FLAGS` for both)

Blocks of one file run in their order and in one folder, because later ones use what earlier ones wrote.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest
import skimage.data
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]

_BLOCK = re.compile(r"(?:<!-- test: (?P<rule>[^\n]*?) -->\n)?^```(?P<kind>sh|python)\n(?P<text>.*?)^```$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """One fenced block: its kind, its text, and what its comment says."""

    kind: str
    text: str
    rule: str

    @property
    def runs(self) -> bool:
        return not self.rule.startswith("no,")

    @property
    def is_slow(self) -> bool:
        return self.rule.startswith("slow")

    @property
    def command(self) -> list[str]:
        """What to start, with the flags that the comment adds."""
        _, _, flags = self.rule.partition("with ")
        text = self.text.rstrip() + (f" {flags}" if flags else "")
        if self.kind == "python":
            return [sys.executable, "-c", text]
        return ["bash", "-e", "-u", "-o", "pipefail", "-c", text]


def blocks(path: Path) -> list[Block]:
    """The blocks of a page, in their order."""
    found = _BLOCK.finditer(path.read_text(encoding="utf-8"))
    return [Block(match["kind"], match["text"], match["rule"] or "") for match in found]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a photograph, two paintings, and a folder of some of each, as readers have them."""
    ready_made = Path(skimage.data.__file__).parent
    (tmp_path / "photos").mkdir()
    (tmp_path / "paintings").mkdir()
    for name, source in (
        ("cat.jpg", "chelsea.png"),
        ("photos/cup.jpg", "coffee.png"),
        ("photos/astronaut.jpg", "astronaut.png"),
    ):
        with Image.open(ready_made / source) as picture:
            picture.convert("RGB").resize((320, 240)).save(tmp_path / name, quality=90)
    # As many as it takes to hold some out.
    for index in range(10):
        with Image.open(ready_made / "coffee.png") as picture:
            picture.crop((40 * index, 20 * index, 40 * index + 128, 20 * index + 96)).save(
                tmp_path / "photos" / f"part{index}.jpg"
            )
    for name, scale in (("waves.jpg", 7), ("night.jpg", 23)):
        ramp = Image.linear_gradient("L").resize((256, 256)).point(lambda value, scale=scale: value * scale % 256)
        Image.merge("RGB", (ramp, ramp.rotate(90), ramp.rotate(45))).save(tmp_path / name, quality=90)
    # As many as a fit needs.
    for index in range(210):
        noise = Image.effect_noise((64, 64), 8 + index)
        Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180))).save(tmp_path / "paintings" / f"{index}.png")
    write_walk(tmp_path / "walk.mp4")
    shutil.copytree(ROOT / "models" / "shipped", tmp_path / "models" / "shipped")
    # Where an export finds the TensorFlow.js that it is run in.
    (tmp_path / "web_demo").symlink_to(ROOT / "web_demo")
    # The commands of the checkout, and those of the installed package.
    commands = tmp_path / ".bin"
    commands.mkdir()
    (commands / "impasto").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m impasto "$@"\n')
    (commands / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    for command in commands.iterdir():
        command.chmod(0o755)
    return tmp_path


def write_walk(path: Path) -> None:
    """A film of one second, in which a photograph goes by, with its index in front."""
    with Image.open(Path(skimage.data.__file__).parent / "coffee.png") as picture, av.open(
        str(path), "w", options={"movflags": "faststart"}
    ) as file:  # fmt: skip
        stream: Any = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        for step in range(25):
            part = picture.convert("RGB").crop((4 * step, 100, 4 * step + 128, 196))
            file.mux(stream.encode(av.VideoFrame.from_image(part)))
        file.mux(stream.encode(None))


def run_page(page: Path, folder: Path, *, slow: bool) -> int:
    """Runs the blocks of a page; returns how many."""
    environment = {
        **os.environ,
        "PATH": f"{folder / '.bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }
    count = 0
    for block in blocks(page):
        if not block.runs or (block.is_slow and not slow):
            continue
        done = subprocess.run(
            block.command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{page.name}:\n{block.text}\n{done.stdout}\n{done.stderr}"
        count += 1
    return count


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "count"),
    [("page.md", 2), ("training.md", 5), ("security.md", 2), ("corpora.md", 5), ("bulk.md", 2), ("films.md", 5)],
)
def test_guides_of_the_checkout_run_as_written(page: str, count: int, folder: Path) -> None:
    assert run_page(ROOT / "docs" / page, folder, slow=True) == count


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_links_of_guides_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
