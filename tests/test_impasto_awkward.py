"""Commands on a folder of awkward files: every readable one is used, every other named or passed over."""

from __future__ import annotations

import json
from pathlib import Path

import awkward
import pytest
from PIL import Image

from datasets.__main__ import main as datasets
from impasto.__main__ import main as impasto
from impasto.console import shown
from impasto.pictures.folders import walk
from impasto.pictures.reading import read


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("awkward") / "folder"
    awkward.build(path)
    return path


def test_each_is_what_it_is_said_to_be(folder: Path) -> None:
    tree = walk(folder)
    assert {path.as_posix() for path in tree.pictures} == {*awkward.READABLE, *awkward.UNREADABLE}
    assert {path.as_posix() for path in tree.ignored} == set(awkward.IGNORED)
    assert {Path(error.name).name for error in tree.refused} == set(awkward.REFUSED)
    for name in awkward.READABLE:
        assert read(folder / name).pixels.shape[2] == 3


def test_all_that_can_be_read_is_painted(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["image", "--content", str(folder), "--style", str(folder / "plain.jpg"), "--size", "32", "--out"]
    assert impasto([*command, str(tmp_path / "out")]) == 1
    told = capsys.readouterr()
    assert f"{len(awkward.READABLE)} of {len(awkward.READABLE) + len(awkward.UNREADABLE)} pictures written" in told.out
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) == len(awkward.READABLE)
    assert (tmp_path / "out" / "deep" / "er" / "still__plain.png").is_file()
    for path in written:
        with Image.open(path) as image:
            assert max(image.size) == 32
    errors = [line for line in told.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == len(awkward.UNREADABLE) + len(awkward.REFUSED)
    assert all(any(name in line for line in errors) for name in (*awkward.UNREADABLE, *awkward.REFUSED))
    assert "6 files are no pictures" in told.err and "\x1b" not in told.err


def test_all_can_be_looked_at_as_a_style(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in awkward.READABLE:
        assert impasto(["style", str(folder / name)]) == 0, name
    for name in (awkward.OLD, awkward.SCREEN):  # in the file as it is, on the screen as escapes
        saved = folder.parent / "saved.impasto-style.json"
        assert impasto(["style", str(folder / name), "--out", str(saved)]) == 0
        assert json.loads(saved.read_text(encoding="utf-8"))["title"] == name and impasto(["style", str(saved)]) == 0
    for name in (*awkward.UNREADABLE, *awkward.REFUSED, *awkward.IGNORED):
        capsys.readouterr()
        assert impasto(["style", str(folder / name)]) == 1
        error = capsys.readouterr().err
        assert error.startswith("error: ") and error.count("\n") == 1 and name in error


def test_training_can_be_told_what_the_folder_holds(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report.json"
    assert datasets(["check", str(folder), "--json", str(report), "--sheet", str(tmp_path / "sheet.png")]) == 0
    told = json.loads(report.read_text(encoding="utf-8"))
    assert set(told["sizes"]) == set(awkward.READABLE) and set(told["ignored"]) == set(awkward.IGNORED)
    named = {entry["name"] for entry in told["unreadable"]}
    assert named == {str(folder / name) for name in (*awkward.UNREADABLE, *awkward.REFUSED)}
    packed = tmp_path / "packed.npy"
    assert datasets(["pack", str(folder), "--out", str(packed), "--canvas", "16", "--workers", "2"]) == 0
    index = json.loads(packed.with_suffix(".json").read_text(encoding="utf-8"))
    assert set(index["names"]) == set(awkward.READABLE)
    split = tmp_path / "split.json"
    assert datasets(["split", str(folder), "--out", str(split), "--holdout", "0.5"]) == 0
    assert datasets(["sheet", f"{folder}@{split}#val", "--out", str(tmp_path / "val.png")]) == 0
    assert shown(awkward.SCREEN) in str(shown(folder / awkward.SCREEN))
    assert "\x1b" not in capsys.readouterr().out
