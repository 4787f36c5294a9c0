"""What processes that were killed left of files goes with the next one; what others are at work on stays."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from impasto.drafts import draft_beside, remove_left
from impasto.files import replacing, write_text

ROOT = Path(__file__).parent.parent

# Begins a file, says so, and waits to be killed.
BEGINNING = """
import sys
from impasto.files import replacing
with replacing(sys.argv[1]) as draft:
    draft.write_text("half")
    print(draft.name, flush=True)
    sys.stdin.read()
"""


def begun(path: Path) -> tuple[subprocess.Popen[str], str]:
    """A process at work on a file, and the name of its draft."""
    process = subprocess.Popen(
        [sys.executable, "-c", BEGINNING, str(path)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


@pytest.mark.skipif(os.name == "nt", reason="tells processes by signals")
def test_a_killed_processs_draft_goes_and_a_living_ones_stays(tmp_path: Path) -> None:
    processes, drafts = zip(*(begun(tmp_path / name) for name in ("killed.txt", "living.txt")), strict=True)
    with processes[0] as killed, processes[1] as living:
        killed.kill()
        killed.wait()
        assert sorted(os.listdir(tmp_path)) == sorted(drafts)
        write_text(tmp_path / "a.txt", "whole")
        assert sorted(os.listdir(tmp_path)) == sorted(["a.txt", drafts[1]])
        living.communicate()
    assert sorted(os.listdir(tmp_path)) == ["a.txt", "living.txt"] and (tmp_path / "living.txt").read_text() == "half"


def test_of_other_machines_only_what_nobody_wrote_to_for_a_day_goes(tmp_path: Path) -> None:
    (tmp_path / ".impasto-corpus").mkdir()
    for name, hours in (("0123abcd-7-0.part", 25), ("0123abcd-7-1.keras", 23), ("0123abcd-7.txt", 25)):
        (tmp_path / f".impasto-{name}").write_text("half")
        then = time.time() - 3600 * hours
        os.utime(tmp_path / f".impasto-{name}", (then, then))
    with replacing(tmp_path / "a.txt") as draft:
        draft.write_text("whole")
    assert sorted(os.listdir(tmp_path)) == [
        ".impasto-0123abcd-7-1.keras", ".impasto-0123abcd-7.txt", ".impasto-corpus", "a.txt",
    ]  # fmt: skip


def test_two_files_at_a_time_have_two_drafts(tmp_path: Path) -> None:
    with replacing(tmp_path / "a.txt") as a, replacing(tmp_path / "b.txt") as b:
        a.write_text("a")
        b.write_text("b")
        # Looking into the folder again, as another process would, leaves them.
        remove_left.cache_clear()
        assert draft_beside(tmp_path / "c.txt", ".part") not in (a, b)
    assert (tmp_path / "a.txt").read_text() == "a" and (tmp_path / "b.txt").read_text() == "b"
