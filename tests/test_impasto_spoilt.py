"""Pictures that a seeded fuzzer made bad: each is read or named, nothing crashes, hangs or takes much memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from spoilt import build, spoilt

from impasto.errors import PictureError
from impasto.pictures.reading import read

ROOT = Path(__file__).parent.parent
COUNT = 1000
# Of one command on all of them, in kilobytes: LiteRT or TensorFlow and the largest picture that is let through.
MOST_MEMORY = 2_000_000


# Some are bombs of a colour profile, which is left out and said to be.
@pytest.mark.filterwarnings("ignore:.*its colour profile has more than 16 MB and is left out:UserWarning")
def test_each_of_sixty_is_read_or_named() -> None:
    readable = 0
    for seed in range(60):
        name, data = spoilt(seed)
        try:
            picture = read(data, name=name)
        except PictureError as error:
            assert str(error).startswith(f"{name}: ") and "\n" not in str(error)
        else:
            assert picture.pixels.dtype == np.uint8 and picture.pixels.ndim == 3
            readable += 1
    assert 15 < readable < 45  # both kinds are among them


def test_one_seed_makes_one_picture() -> None:
    assert all(spoilt(seed) == spoilt(seed) for seed in range(20))
    assert len({spoilt(seed)[1] for seed in range(50)}) > 45


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("spoilt") / "pictures"
    build(path, COUNT)
    return path


def measured(*arguments: object) -> tuple[int, str, str]:
    """Exit code and what was said, of a command within the memory and the time that are allowed."""
    program = (
        "import resource, subprocess, sys\n"
        "done = subprocess.run([sys.executable, '-m', *sys.argv[1:]])\n"
        "print('PEAK', resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "sys.exit(done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, errors="surrogateescape", timeout=1200,
        env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"},
    )  # fmt: skip
    assert done.returncode in (0, 1) and "Traceback" not in done.stderr, done.stderr[-2000:]
    *lines, last = done.stdout.splitlines()
    peak = int(last.removeprefix("PEAK "))
    assert peak < MOST_MEMORY, f"{peak} kB"
    print(arguments[:2], peak // 1000, "MB")
    return done.returncode, "\n".join(lines), done.stderr


@pytest.mark.slow
def test_a_thousand_are_painted_or_named(folder: Path, tmp_path: Path) -> None:
    style = tmp_path / "style.png"
    Image.effect_noise((64, 64), 80).convert("RGB").save(style)
    flags = ["--style", style, "--size", 32, "--threads", 1, "--out", tmp_path / "out"]
    code, _, told = measured("impasto", "image", "--content", folder, *flags)
    assert code == 1
    painted = {path.name.rpartition("__")[0] for path in (tmp_path / "out").iterdir()}
    named = {path.name for path in folder.iterdir() if f"{path.name}: " in told}
    everything = {path.name for path in folder.iterdir()}
    # Files whose suffix and first bytes say that they are no pictures are passed over, and counted.
    silent = {name for name in everything - named if Path(name).stem not in painted}
    passed_over = int(told.split(" files are no pictures")[0].split()[-1]) if "are no pictures" in told else 0
    assert len(silent) == passed_over, sorted(silent)[:10]
    assert len(painted) > 100 and len(named) > 100


@pytest.mark.slow
def test_a_thousand_are_checked_and_packed_or_named(folder: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    measured("datasets", "check", folder, "--json", report)
    told = json.loads(report.read_text())
    named = {Path(entry["name"]).name for entry in told["unreadable"]}
    found = set(told["sizes"]) | named | set(told["ignored"])
    assert found == {path.name for path in folder.iterdir()}
    code, _, _ = measured("datasets", "pack", folder, "--out", tmp_path / "packed.npy", "--canvas", 16)
    assert code == 0
    index = json.loads((tmp_path / "packed.json").read_text())
    assert set(index["names"]) | {Path(entry["name"]).name for entry in index["skipped"]} >= set(told["sizes"])
