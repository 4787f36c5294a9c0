"""kill -9 at random moments of `impasto corpus` and `datasets prepare`: the same command goes on, to the same bytes.

Half of the kills fall into the work, half anywhere between the start of the command and its end; half hit the command
alone, half its processes, too.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import packaged_picture
from killing import KILLS, SEED
from PIL import Image

from datasets.synthetic import SyntheticSource

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 photographs, every 50th of them damaged, and two paintings."""
    path = tmp_path_factory.mktemp("killed")
    source = SyntheticSource(20, 96, role="content", seed=5)
    for number in range(300):
        file = path / "photos" / f"{number % 7}" / f"{number:03d}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        shape = (96, 60 + number % 30)
        Image.fromarray(np.roll(source.load(number % 20), 3 * number, 1)).resize(shape).save(file, quality=92)
        if number % 50 == 7:
            file.write_bytes(file.read_bytes()[:700])
    for name, picture in (("waves", "ihc.png"), ("night", "astronaut.png")):
        Image.fromarray((255 * packaged_picture(picture, 96, 96)).astype(np.uint8)).save(path / f"{name}.jpg")
    return path


COMMANDS = {
    "corpus": ["impasto", "corpus", "--content", "photos", "--style", "waves.jpg", "night.jpg", "--stroke", "0"],
    "prepare": ["datasets", "prepare", "photos", "--shards", "30", "--short", "48", "--least", "16"],
}


def start(command: str, folder: Path, out: str) -> subprocess.Popen[bytes]:
    """The command, in a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", *COMMANDS[command], "--out", out, "--workers", "2"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def made(folder: Path) -> dict[str, bytes]:
    """Every file but the lock, which is there while somebody works."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files if path.name != "lock"}


def working(group: int) -> list[int]:
    """The processes of a group that are left; those that ended and were not asked for do not count."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(place.parent.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="looks for processes as Linux tells of them")
@pytest.mark.parametrize("command", COMMANDS)
def test_killed_at_random_moments_it_goes_on_to_the_same_bytes(command: str, folder: Path) -> None:
    moments = random.Random(4 + SEED)
    began = time.monotonic()
    # Both say with their exit code whether something was left out: the corpus by 1.
    code = start(command, folder, f"{command}-straight").wait()
    assert code == (1 if command == "corpus" else 0)
    whole = time.monotonic() - began
    expected = made(folder / f"{command}-straight")
    assert len(expected) > 60 and not [name for name in expected if name.endswith(".part")]

    done = begun = lost = 0
    while done < KILLS or begun == 0:
        begun += 1
        out = folder / f"{command}-{begun}"
        while True:
            before = len(list(out.rglob("*")))
            with start(command, folder, out.name) as process:
                if done < KILLS:
                    end = time.monotonic() + moments.uniform(0, whole)
                    if done % 2:
                        while process.poll() is None and len(list(out.rglob("*"))) <= before + 1:
                            time.sleep(0.01)
                        end = time.monotonic() + moments.uniform(0, 1)
                    while process.poll() is None and time.monotonic() < end:
                        time.sleep(0.005)
                    if process.poll() is None:
                        done += 1
                        process.kill() if done % 4 < 2 else os.killpg(process.pid, signal.SIGKILL)
                        process.wait()
                        # None works on for nobody.
                        limit = time.monotonic() + 60
                        while working(process.pid) and time.monotonic() < limit:
                            time.sleep(0.05)
                        assert not working(process.pid)
                        lost += bool(list(out.rglob("*.part")))
                        continue
                assert process.wait() == code
                break
        found = made(out)
        assert found.keys() == expected.keys()
        assert [name for name in expected if found[name] != expected[name]] == []
    print(f"{command}: {done} kills in {begun} runs, {lost} of them within the writing of a file")
