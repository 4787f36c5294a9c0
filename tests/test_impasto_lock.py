"""One process at a time: told who works, no lock that outlives its process, and two packs that never mix."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from datasets.packed import PackedSource, pack
from datasets.synthetic import SyntheticSource
from impasto.lock import BusyError, exclusive

ROOT = Path(__file__).parent.parent

HOLD = """
import sys
from pathlib import Path
from impasto.lock import exclusive
with exclusive(Path(sys.argv[1]), "it"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_other_process_is_named_and_its_death_ends_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "folder" / ".lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout and other.stdout.readline() == "held\n"
        with pytest.raises(
            BusyError, match=rf"^the pot is in use by process {other.pid} on .*; wait until it has ended"
        ):
            with exclusive(path, "the pot"):
                pass
        other.kill()
    # What it wrote about itself is still there; the lock is not.
    assert str(other.pid) in path.read_text()
    with exclusive(path, "the pot"):
        pass
    assert not path.exists()


def test_a_lock_is_released_whatever_ends_the_block(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt), exclusive(tmp_path / ".lock", "it"):
            raise KeyboardInterrupt


def test_two_packs_of_one_output_do_not_mix(tmp_path: Path) -> None:
    """The second is started while the first reads its third picture, and refused; the first is not disturbed."""
    out = tmp_path / "x.npy"
    refused: list[str] = []

    class Watching(SyntheticSource):
        def load(self, index: int) -> np.ndarray:
            if index == 2:
                with pytest.raises(BusyError) as error:
                    pack(SyntheticSource(6, 48, seed=1), out, canvas=48, role="style", progress=False)
                refused.append(str(error.value))
            return super().load(index)

    pack(Watching(6, 48), out, canvas=48, role="style", workers=1, progress=False)
    assert "x.npy is in use by process" in refused[0]
    expected = SyntheticSource(6, 48)
    for index in range(6):
        np.testing.assert_array_equal(PackedSource(out).load(index), expected.load(index))
