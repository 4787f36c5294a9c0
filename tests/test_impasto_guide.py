"""docs/python.md as it stands: every Python block, and every command, run one after the other in one folder."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import packaged_picture
from PIL import Image

from impasto.__main__ import main

GUIDE = Path(__file__).resolve().parents[1] / "docs" / "python.md"


def test_the_guide_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    pictures = {"cat": "chelsea.png", "waves": "ihc.png", "night": "astronaut.png"}
    for name, source in pictures.items():
        Image.fromarray((255 * packaged_picture(source, 60, 40)).astype(np.uint8)).save(f"{name}.jpg")
    with av.open("walk.mp4", "w") as film:
        stream: Any = film.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 60, 40, "yuv420p"
        for _ in range(3):
            film.mux(stream.encode(av.VideoFrame.from_image(Image.open("cat.jpg"))))
        film.mux(stream.encode(None))
    Path("photos").mkdir()
    Image.open("cat.jpg").save("photos/one.jpg")
    Image.open("night.jpg").save("photos/two.jpg")

    blocks = re.findall(r"^```(python|sh)\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert [kind for kind, _ in blocks].count("python") >= 6
    names: dict[str, Any] = {}
    commands = []
    for kind, text in blocks:
        if kind == "python":
            exec(text, names)
        else:
            commands += [line for line in text.splitlines() if line.startswith("impasto ")]
    assert len(commands) == 5
    for command in commands:
        assert main(shlex.split(command)[1:]) == 0, command

    for written in ("out.png", "one_waves.png", "two_waves.png", "cat_waves.png"):
        with Image.open(written) as picture:
            assert picture.size == (60, 40)
    with av.open("walk_waves.mp4") as film:
        assert [(frame.width, frame.height) for frame in film.decode(video=0)] == [(60, 40)] * 3
    assert len(list(Path("blends").iterdir())) == 2
    assert Path("both.impasto-style.json").is_file() and Path("waves.impasto-style.json").is_file()
