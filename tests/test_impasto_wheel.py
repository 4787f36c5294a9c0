"""The wheel, in clean environments of several Pythons: what `pip install .` gives, and nothing of the checkout.

`make test` runs this (test-wheel), in the oldest and the newest Python that are found, on PATH or where pyenv has them.
IMPASTO_PYTHONS names other interpreters, separated by spaces; `all` stands for every version that is found.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
VERSIONS = ("3.10", "3.11", "3.12", "3.13")
MEGABYTE = 10**6
# What an empty environment has of its own.
BROUGHT = ("pip", "setuptools", "_distutils_hack", "pkg_resources")

pytestmark = pytest.mark.slow


def interpreters() -> list[Path]:
    """What to test with, the oldest first."""
    named = os.environ.get("IMPASTO_PYTHONS", "")
    if named not in ("", "all"):
        return [Path(name) for name in named.split()]
    found = []
    for version in VERSIONS:
        kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        onpath = shutil.which(f"python{version}")
        # A shim of pyenv's is found on PATH even where it leads nowhere.
        if kept or onpath:
            found.append(kept[-1] if kept else Path(str(onpath)))
    return found if named else [*found[:1], *found[1:][-1:]]


def run(*command: object, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=clean, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, so that nothing is left in the checkout."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    shutil.copytree(ROOT / "impasto", source / "impasto", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        place,
        source,
        cwd=place,
    )
    (built,) = place.glob("*.whl")
    return built


def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 8 * MEGABYTE


def test_at_least_two_pythons_are_here() -> None:
    assert len(interpreters()) >= 2, "install another of Python 3.10 to 3.13, or name two in IMPASTO_PYTHONS"


@pytest.mark.parametrize("python", interpreters(), ids=lambda path: path.parent.parent.name)
def test_a_clean_environment_paints(wheel: Path, python: Path, tmp_path: Path) -> None:
    run(python, "-m", "venv", tmp_path / "venv", cwd=tmp_path)
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    own = programs / "python"
    run(own, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=tmp_path)

    # What is installed: ours is `impasto` alone, and all of it stays below 170 MB.
    (packages,) = (tmp_path / "venv").rglob("site-packages")
    names = {path.name for path in packages.iterdir()}
    assert not names & {"tensorflow", "keras", "datasets", "models", "train", "export", "stylize", "tests"}
    files = [path for path in packages.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    installed = sum(
        path.stat().st_size for path in files if not path.relative_to(packages).parts[0].startswith(BROUGHT)
    )
    assert installed < 170 * MEGABYTE

    waves = [np.sin(np.mgrid[0:60, 0:80][axis] / 6) * 100 + 128 for axis in (0, 1, 0)]
    Image.fromarray(np.stack(waves, axis=-1).astype(np.uint8)).save(tmp_path / "cat.jpg")
    Image.fromarray(np.stack(waves[::-1], axis=-1).astype(np.uint8)[:, ::2]).save(tmp_path / "waves.jpg")

    lines = 'import impasto\npainter = impasto.load()\npainter.paint("cat.jpg", "waves.jpg").save("out.png")'
    run(own, "-W", "error", "-c", lines, cwd=tmp_path)
    with Image.open(tmp_path / "out.png") as painted:
        assert painted.size == (80, 60)

    assert run(programs / "impasto", "--version", cwd=tmp_path).startswith("impasto ")
    assert "litert" in run(own, "-m", "impasto", "models", cwd=tmp_path)
    photo = ("--content", "cat.jpg", "--style", "waves.jpg", "--out", "cat_waves.png")
    run(programs / "impasto", "image", *photo, cwd=tmp_path)
    with Image.open(tmp_path / "cat_waves.png") as painted:
        assert painted.size == (80, 60)
    run(programs / "impasto", "style", "waves.jpg", "--out", "waves.impasto-style.json", cwd=tmp_path)
    assert (tmp_path / "waves.impasto-style.json").is_file()
