from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from export.manifest import ExportError
from export.publish import prove_publishable, publish

ROOT = Path(__file__).parent.parent


def put(out: Path, text: str) -> None:
    assert publish(out, lambda draft: (draft / "marker").write_text(text), marker="marker") == len(text)


def content(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_replaces_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "model"
    put(out, "first")
    (out / "extra").write_text("of the first")
    put(out, "second")
    assert content(tmp_path) == {"deep/model/marker": "second"}


def test_a_name_of_the_greatest_length(tmp_path: Path) -> None:
    out = tmp_path / ("\u20ac" * 85)
    for text in ("first", "second"):
        prove_publishable(out, "marker")
        put(out, text)
    assert content(tmp_path) == {f"{out.name}/marker": "second"}


@pytest.mark.parametrize("error", [ExportError("refused"), KeyboardInterrupt(), OSError("disk full")])
def test_failure_keeps_the_old_one(tmp_path: Path, error: BaseException) -> None:
    put(tmp_path / "model", "first")

    def broken(draft: Path) -> None:
        (draft / "marker").write_text("half")
        raise error

    with pytest.raises(type(error)):
        publish(tmp_path / "model", broken, marker="marker")
    assert content(tmp_path) == {"model/marker": "first"}
    with pytest.raises(type(error)):
        publish(tmp_path / "other", broken, marker="marker")
    assert content(tmp_path) == {"model/marker": "first"}


# Dies without cleaning up, as a kill does: while filling, or between the two renames of the swap.
KILLED = """
import os, sys
from pathlib import Path
from export.publish import prove_publishable, publish

out, moment = Path(sys.argv[1]), sys.argv[2]

def fill(draft):
    (draft / "marker").write_text("second")
    if moment == "filling":
        os._exit(9)
    rename = os.replace
    def replace_and_die(source, target):
        rename(source, target)
        os._exit(9)
    os.replace = replace_and_die

publish(out, fill, marker="marker")
"""


@pytest.mark.parametrize("moment", ["filling", "swapping"])
def test_a_kill_loses_nothing(tmp_path: Path, moment: str) -> None:
    out = tmp_path / "model"
    put(out, "first")
    process = subprocess.run([sys.executable, "-c", KILLED, out, moment], cwd=ROOT, check=False)
    assert process.returncode == 9
    assert (tmp_path / ".model.draft").is_dir()

    def refuse(draft: Path) -> None:
        raise ExportError("refused")

    # The next call brings back what the killed one had set aside, even if it fails itself.
    with pytest.raises(ExportError, match="refused"):
        publish(out, refuse, marker="marker")
    assert content(tmp_path) == {"model/marker": "first"}


def test_other_peoples_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ExportError, match="expected an empty folder or an earlier export, found other files"):
        put(tmp_path, "first")
    with pytest.raises(ExportError, match="thesis.txt: expected a folder, found a file"):
        put(tmp_path / "thesis.txt", "first")
    assert content(tmp_path) == {"thesis.txt": "mine"}


def test_a_folder_that_cannot_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.txt").write_text("mine")
    before = content(tmp_path)
    for out, found in (
        (tmp_path / "file", "expected a folder, found a file"),
        (tmp_path / "file" / "model", f"cannot be written: expected a folder, found a file: {tmp_path}/file"),
        (tmp_path / "full", "expected an empty folder or an earlier export, found other files and no marker"),
        (tmp_path / ("n" * 300), "cannot be written: File name too long"),
    ):
        with pytest.raises(ExportError, match=f"{out.name}: {found}"):
            prove_publishable(out, "marker")
    prove_publishable(tmp_path / "new" / "deep" / "model", "marker")
    assert content(tmp_path) == before and not (tmp_path / "new").exists()
