"""`datasets pack`, killed at random moments: the same command goes on, to the very same array."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from killing import KILLS, killed_often
from PIL import Image

from datasets.opening import open_source
from datasets.packed import PackedSource, pack

# Progress is written down often, so that kills fall into that, too.
PROGRAM = (
    "import sys; from datasets import packed; packed._SAVE_EVERY = 4; "
    "from datasets.__main__ import main; sys.exit(main(sys.argv[1:]))"
)


@pytest.mark.slow
def test_packing_killed_at_random_moments(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for index in range(400):
        noise = Image.effect_noise((192, 160), 60).convert("RGB").rotate(index)
        noise.save(folder / f"{index:03d}.png" if index % 50 else folder / f"{index:03d}.jpg", quality=95)
    (folder / "bad.png").write_bytes(b"\x89PNG\r\n\x1a\nno more")
    expected = pack(
        open_source(str(folder), role="content"), tmp_path / "a.npy", canvas=96, role="content", progress=False
    )
    out = tmp_path / "killed.npy"
    command = [sys.executable, "-c", PROGRAM, "pack", str(folder), "--out", str(out), "--canvas", "96"]
    journal = tmp_path / "killed.npy.partial.json"
    before: list[float] = [0.0]

    def begun() -> bool:
        try:
            now = journal.stat().st_mtime
        except OSError:
            return out.exists()
        return now > before[0]

    def look() -> None:
        before[0] = journal.stat().st_mtime if journal.exists() else before[0]
        if out.exists():
            assert len(PackedSource(out)) == 400

    fell = killed_often(command, begun, 0.25, seed=3, look=look)
    print(f"{fell} of {KILLS} kills fell into packing")
    assert (tmp_path / "a.npy").read_bytes() == out.read_bytes()
    made = PackedSource(out)
    assert made.index["names"] == expected["names"] and len(made.index["skipped"]) == 1
    assert np.asarray(made.array).std() > 10
    assert {path.name for path in tmp_path.iterdir()} == {"pictures", "a.npy", "a.json", "killed.npy", "killed.json"}
