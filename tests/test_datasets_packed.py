from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.__main__ import main
from datasets.canvas import canvas_offset, square_canvas
from datasets.folder import FolderSource
from datasets.opening import files_of
from datasets.packed import PackedSource, pack


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(0)
    path = tmp_path / "pictures"
    path.mkdir()
    for number in range(12):
        size = (int(rng.integers(30, 60)), int(rng.integers(20, 60)))
        Image.fromarray(rng.integers(0, 255, (*size, 3), np.uint8)).save(path / f"{number:02}.png")
    (path / "05.png").write_bytes(b"broken")
    return path


def test_canvas_takes_the_square_asked_for() -> None:
    image = np.zeros((10, 30, 3), np.uint8)
    image[:, :10], image[:, 10:20], image[:, 20:] = 10, 20, 30
    assert [int(square_canvas(image, 10, offset).mean()) for offset in (0, 0.5, 1)] == [10, 20, 30]
    small = square_canvas(image.transpose(1, 0, 2), 5, 1.0)
    assert small.shape == (5, 5, 3) and int(small.mean()) == 30
    assert square_canvas(image[:, :10], 25, 0.3).shape == (25, 25, 3)
    line = square_canvas(np.full((1, 5000, 3), 7, np.uint8), 16)
    assert line.shape == (16, 16, 3) and line.min() == line.max() == 7


def test_canvas_offset_is_centred_for_content_and_seeded_for_style() -> None:
    assert canvas_offset("content", 1, 5) == 0.5
    offsets = [canvas_offset("style", 1, index) for index in range(50)]
    assert offsets == [canvas_offset("style", 1, index) for index in range(50)]
    assert len(set(offsets)) == 50 and min(offsets) >= 0 and max(offsets) <= 1
    assert offsets[0] != canvas_offset("style", 2, 0)


def test_packed_pictures_equal_their_canvases(folder: Path, tmp_path: Path) -> None:
    source = FolderSource(folder)
    index = pack(source, tmp_path / "p.npy", canvas=16, role="style", seed=4, progress=False)
    packed = PackedSource(tmp_path / "p.npy")
    assert len(packed) == index["count"] == 11 and packed.canvas == 16
    assert [entry["name"] for entry in index["skipped"]] == [str(folder / "05.png")]
    for row in range(11):
        original = source.keys.index(packed.key(row))
        expected = square_canvas(source.load(original), 16, canvas_offset("style", 4, original))
        np.testing.assert_array_equal(packed.load(row), expected)
    assert "05.png" not in packed.index["names"]
    np.testing.assert_array_equal(np.load(tmp_path / "p.npy"), packed.array)
    assert sorted(os.listdir(tmp_path)) == ["p.json", "p.npy", "pictures"]


class _Interrupted(FolderSource):
    """Stops as if by Ctrl-C the first time it reaches a picture."""

    def __init__(self, path: Path, at: int) -> None:
        super().__init__(path)
        self.at: int | None = at

    def load(self, index: int) -> np.ndarray:
        if index == self.at:
            self.at = None
            raise KeyboardInterrupt
        return super().load(index)


@pytest.mark.parametrize("at", [0, 4, 6, 11])
def test_interrupted_packing_goes_on_and_ends_the_same(folder: Path, tmp_path: Path, at: int) -> None:
    whole = pack(FolderSource(folder), tmp_path / "whole.npy", canvas=16, role="style", progress=False, workers=1)
    source, out = _Interrupted(folder, at), tmp_path / "parts.npy"
    with pytest.raises(KeyboardInterrupt):
        pack(source, out, canvas=16, role="style", progress=False, workers=1)
    assert not out.exists()
    with pytest.raises(ValueError, match="unfinished"):
        PackedSource(out)
    state = json.loads((tmp_path / "parts.npy.partial.json").read_text())
    assert state["done"] == at
    # A crash in the middle of a row leaves half a picture behind.
    with open(tmp_path / "parts.npy.partial", "ab") as file:
        file.write(b"\x01" * 100)
    parts = pack(source, out, canvas=16, role="style", progress=False)
    assert parts == whole
    assert out.read_bytes() == (tmp_path / "whole.npy").read_bytes()


def test_unfinished_array_of_other_settings_is_not_continued(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        pack(_Interrupted(folder, 3), tmp_path / "p.npy", canvas=16, role="style", progress=False)
    with pytest.raises(ValueError, match="another canvas"):
        pack(FolderSource(folder), tmp_path / "p.npy", canvas=20, role="style", progress=False)
    (folder / "00.png").unlink()
    with pytest.raises(ValueError, match="another keys"):
        pack(FolderSource(folder), tmp_path / "p.npy", canvas=16, role="style", progress=False)


def test_packed_source_refuses_what_it_cannot_read(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        PackedSource(tmp_path / "gone.npy")
    (tmp_path / "text.npy").write_text("hello")
    with pytest.raises(ValueError, match="not a readable .npy"):
        PackedSource(tmp_path / "text.npy")
    np.save(tmp_path / "float.npy", np.zeros((2, 4, 4, 3), np.float32))
    with pytest.raises(ValueError, match=r"float32 \[2, 4, 4, 3\], expected uint8"):
        PackedSource(tmp_path / "float.npy")
    np.save(tmp_path / "bare.npy", np.zeros((2, 4, 4, 3), np.uint8))
    assert PackedSource(tmp_path / "bare.npy").key(1) == "1"
    (tmp_path / "bare.json").write_text('{"names": ["a"]}')
    with pytest.raises(ValueError, match="do not belong together"):
        PackedSource(tmp_path / "bare.npy")


def test_nothing_readable_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "a.png").write_bytes(b"x")
    with pytest.raises(ValueError, match="none of the 1 pictures"):
        pack(FolderSource(tmp_path / "d"), tmp_path / "p.npy", canvas=8, role="content", progress=False)


def test_a_name_of_the_greatest_length(folder: Path, tmp_path: Path) -> None:
    """What lies beside it, finished or not, has a name of its own that fits; two names that begin alike stay apart."""
    outs = [tmp_path / "out" / f"{'é' * 125}{last}.npy" for last in "ab"]
    for out in outs:
        out.parent.mkdir(exist_ok=True)
        with pytest.raises(KeyboardInterrupt):
            pack(_Interrupted(folder, 4), out, canvas=16, role="style", progress=False, workers=1)
        with pytest.raises(ValueError, match="is unfinished, run the same pack command again"):
            PackedSource(out)
    for out in outs:
        whole = pack(FolderSource(folder), out, canvas=16, role="style", progress=False)
        assert PackedSource(out).index == whole and files_of(PackedSource(out))[0] == str(out)
        assert all(Path(path).is_file() for path in files_of(PackedSource(out)))
    assert len(os.listdir(tmp_path / "out")) == 4


def test_pack_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sub" / "p.npy"
    assert main(["pack", str(folder), "--out", str(out), "--canvas", "12"]) == 0
    assert "11 pictures of 12 px, 1 skipped" in capsys.readouterr().out
    assert main(["pack", str(tmp_path / "gone"), "--out", str(out)]) == 1
    assert capsys.readouterr().err.startswith("error: folder")
    assert main(["pack", str(folder), "--out", "p.dat"]) == 1
    assert "must end in .npy" in capsys.readouterr().err
