"""Commands on folders as people have them: a file that is read is never written, names are of any bytes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PIL import Image

from datasets.__main__ import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "d"
    path.mkdir()
    for number in range(6):
        Image.new("RGB", (16, 16), (40 * number, 0, 0)).save(path / f"{number}.png")
    return path


def failed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Runs a command that has to fail, and returns its one line."""
    assert main([str(argument) for argument in arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ") and error.count("\n") == 1
    return error


def test_a_picture_that_is_read_is_never_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.link(folder / "1.png", folder.parent / "hard.png")
    (folder.parent / "soft.png").symlink_to(folder / "2.png")
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for path in (folder / "0.png", folder.parent / "hard.png", folder.parent / "soft.png"):
        for command in (("check", folder, "--sheet"), ("check", folder, "--json"), ("sheet", folder, "--out")):
            assert "but is also read" in failed(capsys, *command, path)
    assert "but is also read" in failed(capsys, "split", folder, "--out", folder / "0.png")
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_an_index_never_lands_on_the_split_file_that_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    split = folder.parent / "styles.json"
    assert main(["split", str(folder), "--out", str(split), "--holdout", "0.4"]) == 0
    before = split.read_bytes()
    capsys.readouterr()
    out = folder.parent / "styles.npy"
    assert "but is also read" in failed(capsys, "pack", f"{folder}@{split}#train", "--out", out, "--canvas", 8)
    assert split.read_bytes() == before and not out.exists()


def test_names_of_any_bytes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A ZIP archive of an old system gives names that are no UTF-8."""
    old = os.fsdecode(b"caf\xe9\x1b[31m.png")
    (folder / "1.png").rename(folder / old)
    report, sheet, split, packed = (folder.parent / name for name in ("r.json", "s.png", "split.json", "p.npy"))
    assert main(["check", str(folder), "--json", str(report), "--sheet", str(sheet)]) == 0
    assert "6 of 6 pictures can be used" in capsys.readouterr().out
    assert old in json.loads(report.read_text(encoding="utf-8"))["sizes"]
    assert main(["split", str(folder), "--out", str(split), "--holdout", "0.4"]) == 0
    assert main(["pack", f"{folder}@{split}#train", "--out", str(packed), "--canvas", "8", "--workers", "1"]) == 0
    sides = json.loads(split.read_text(encoding="utf-8"))
    assert old in sides["train"] + sides["val"]
    assert json.loads(packed.with_suffix(".json").read_text(encoding="utf-8"))["names"] == sides["train"]
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.parametrize("command", ["check --sheet", "check --json", "split --out", "sheet --out"])
def test_what_cannot_be_written_is_said_before_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    name, flag = command.split()
    (folder / "0.png").write_bytes(b"")  # the work would name it
    error = failed(capsys, name, folder, flag, "/proc/nothing/out.png")
    assert "/proc/nothing: the folder cannot be made" in error and "0.png" not in error
    if flag != "--json" and name != "split":
        with pytest.raises(SystemExit):
            main([name, str(folder), flag, str(folder.parent / "out.pgn")])
        assert "did you mean .png?" in capsys.readouterr().err


def test_samples_empty_nobody_elses_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").write_bytes(b"mine")
    assert "found a folder photos of something else" in failed(capsys, "samples", "--out", tmp_path)
    assert (tmp_path / "photos" / "mine.jpg").read_bytes() == b"mine"


@pytest.mark.parametrize(
    "arguments",
    [
        ("pack", "synthetic:2:16", "--out", "x.npy", "--canvas", "0"),
        ("pack", "synthetic:2:16", "--out", "x.npy", "--workers", "0"),
        ("pack", "synthetic:2:16", "--out", "x.npy", "--seed", "-1"),
        ("sheet", "synthetic:2:16", "--out", "x.png", "--columns", "0"),
        ("sheet", "synthetic:2:16", "--out", "x.png", "--cell", "0"),
        ("sheet", "synthetic:2:16", "--out", "x.png", "--count", "0"),
        ("check", ".", "--near", "-1"),
        ("samples", "--out", "x", "--size", "0"),
    ],
)
def test_numbers_that_mean_nothing_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stopped:
        main(list(arguments))
    *_, flag, value = arguments
    assert stopped.value.code == 2
    error = capsys.readouterr().err
    assert f"argument {flag}: expected a" in error or f"argument {flag}: expected 16 to" in error
    assert f"received {value}" in error and not any(tmp_path.iterdir())
