"""A command whose streams are missing, closed, full or of another encoding."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from impasto import console
from impasto.errors import PictureError

ROOT = Path(__file__).resolve().parents[1]

PROGRAM = """
import contextlib, os, sys
from impasto import console
console.prepare()
console.say("caf\\udce9 \\u2192")
console.complain("error")
for _ in console.progress(range(3), unit="picture"):
    pass
file = open(sys.argv[1], "w")
assert file.fileno() > 2, "a file got the number of a standard stream"
with contextlib.suppress(OSError):
    os.write(2, b"a library's note")
file.write("whole")
"""


@pytest.mark.parametrize("streams", ["", "<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", "| true"])
def test_streams_may_be_missing_closed_or_full(tmp_path: Path, streams: str) -> None:
    out = tmp_path / "out.txt"
    (tmp_path / "program.py").write_text(PROGRAM)
    command = f"'{sys.executable}' '{tmp_path / 'program.py'}' '{out}' {streams}"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], env=environment, capture_output=True, text=True)
    assert (done.returncode, out.read_text()) == (0, "whole"), done.stderr
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    if not streams:
        assert done.stdout == "caf\\udce9 \\u2192\n"


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PictureError("a\nb.png", "is damaged"), 1, "error: a\\nb.png: is damaged\n"),
        (FileNotFoundError(2, "No such file or directory", "a.png"), 1, "error: a.png: No such file or directory\n"),
        (IsADirectoryError(21, "Is a directory", "a"), 1, "error: a: expected a file, found a folder\n"),
        (
            NotADirectoryError(20, "Not a directory", f"{__file__}/a"),
            1,
            f"error: {__file__}/a: expected a folder, found a file: {__file__}\n",
        ),
        (FileExistsError(17, "File exists", __file__), 1, f"error: {__file__}: expected a folder, found a file\n"),
        (ValueError("two\nlines"), 1, "error: two lines\n"),
        (MemoryError(), 1, "error: out of memory: ask for a smaller size, or close other programs\n"),
        (KeyboardInterrupt(), 130, "interrupted; nothing was written\n"),
    ],
)
def test_what_goes_wrong_is_one_line(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> int:
        raise error

    assert console.run(fail) == code
    assert capsys.readouterr().err == said


def test_a_fault_of_the_program_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        console.run(lambda: 1 // 0)
