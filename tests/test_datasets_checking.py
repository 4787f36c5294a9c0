from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.__main__ import main
from datasets.checking import check_folder
from datasets.duplicates import near_groups, perceptual_hash
from datasets.folder import FolderSource
from datasets.synthetic import SyntheticSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "d"
    path.mkdir()
    source = SyntheticSource(4, 64, role="content", seed=1)
    for index in range(4):
        Image.fromarray(source.load(index)).save(path / f"{index}.png")
    shutil.copy(path / "0.png", path / "copy.png")
    Image.fromarray(source.load(1)).resize((90, 90)).save(path / "smaller.jpg", quality=80)
    Image.fromarray(source.load(2)).rotate(90).save(path / "wrong.bmp", format="PNG")
    (path / "empty.png").write_bytes(b"")
    (path / "cut.png").write_bytes((path / "3.png").read_bytes()[:200])
    (path / "readme.txt").write_text("no picture")
    return path


def test_hash_survives_resizing_and_tells_pictures_apart() -> None:
    source = SyntheticSource(12, 128, role="content", seed=2)
    pictures = [source.load(i) for i in range(12)]
    codes = [perceptual_hash(p) for p in pictures]
    for picture, code in zip(pictures, codes, strict=True):
        smaller = np.asarray(Image.fromarray(picture).resize((70, 90), Image.Resampling.BICUBIC))
        assert (perceptual_hash(smaller) ^ code).bit_count() <= 4
    assert min((a ^ b).bit_count() for i, a in enumerate(codes) for b in codes[:i]) > 4


def test_near_groups_are_linked_chains() -> None:
    hashes = [0b0, 0b11, 2**64 - 1, 0b1111]
    assert near_groups(hashes, 2) == [[0, 1, 3]]
    assert near_groups(hashes, 1) == []


def test_report(folder: Path) -> None:
    report = check_folder(FolderSource(folder))
    assert report["files"] == 9 and report["readable"] == 7
    assert report["formats"] == {"PNG": 6, "JPEG": 1}
    assert report["mislabelled"] == ["wrong.bmp is PNG"]
    assert report["exact_duplicates"] == [["0.png", "copy.png"]]
    assert report["near_duplicates"] == [["1.png", "smaller.jpg"]]
    reasons = {Path(entry["name"]).name: entry["reason"] for entry in report["unreadable"]}
    assert set(reasons) == {"empty.png", "cut.png"} and "0 bytes" in reasons["empty.png"]
    assert report["sizes"]["smaller.jpg"] == (90, 90) and report["ignored"] == ["readme.txt"]


def test_check_command(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, table = tmp_path / "sheet.png", tmp_path / "report.json"
    assert main(["check", str(folder), "--sheet", str(sheet), "--json", str(table)]) == 0
    shown = capsys.readouterr().out
    assert "7 of 9 pictures can be used" in shown and "cut.png" in shown and "0.png = copy.png" in shown
    assert "short side px: min 64, quartiles 64 64 64, max 90" in shown
    with Image.open(sheet) as image:
        # A row of seven, and one for each kind of duplicate.
        assert image.width == 7 * 144 + 4 and image.height == 3 * (144 + 18) + 4
    assert json.loads(table.read_text())["readable"] == 7
    assert main(["check", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.startswith("error: ")
