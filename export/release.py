"""What a release consists of, the same bytes every time: wheel, page, models, checksums and notes."""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from export.manifest import ExportError
from export.publish import prove_publishable, publish
from impasto.files import found_at, replacing, write_text

# The first moment that a zip archive can tell; SOURCE_DATE_EPOCH names another.
EARLIEST = 315532800
CHECKSUMS = "SHA256SUMS"
NOTES = "NOTES.md"
# What the wheel is built from: the package, and what setup.cfg names.
_SOURCES = ("impasto", "setup.cfg", "pyproject.toml", "README.md", "LICENSE")


def source_date() -> int:
    """Seconds since 1970 that everything in a release is dated with: SOURCE_DATE_EPOCH, or the earliest of a zip's.

    Raises:
        ExportError: SOURCE_DATE_EPOCH is no such number.
    """
    named = os.environ.get("SOURCE_DATE_EPOCH", str(EARLIEST))
    if not re.fullmatch(r"[0-9]{1,10}", named):
        raise ExportError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, found {named!r}")
    return max(int(named), EARLIEST)


def write_zip(path: Path, files: Mapping[str, bytes], seconds: int) -> None:
    """An archive that depends on names, contents and date alone: sorted, mode 644, one date, whole or not at all.

    Args:
        path: To write.
        files: Contents by name, with forward slashes.
        seconds: Since 1970, UTC: of every entry.
    """
    date = time.gmtime(seconds)[:6]
    with replacing(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date)
            entry.create_system = 3  # Unix, wherever it is written
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name there.

    Raises:
        ExportError: there is no such folder, it is empty, or it holds a link (which could lead out of it).
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise ExportError(f"{path}: expected files of the release's own, found a link")
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    if not found:
        instead = "none" if folder.is_dir() else found_at(folder)
        raise ExportError(f"{folder}: expected a folder of files, found {instead}; `make release` builds them first")
    return found


def notes(changelog: str, version: str) -> str:
    """What the changelog says of a version; of what is not released yet, where it has no such heading with a date.

    Raises:
        ExportError: it says nothing.
    """
    sections = re.findall(r"^## \[(.+?)\][^\n]*\n(.*?)(?=^## \[|\Z)", changelog, re.M | re.S)
    told = {name: text.strip() for name, text in sections}
    dated = re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.M)
    text = told.get(version if dated else "Unreleased")
    if not text:
        raise ExportError(f"CHANGELOG.md: expected a heading of version {version} with a date, or [Unreleased]")
    return f"# Impasto {version}{'' if dated else ' (not released)'}\n\n{text}\n"


def build_wheel(root: Path, seconds: int) -> tuple[str, dict[str, bytes]]:
    """The wheel's name and contents, built from a copy of the sources with the tools of this environment.

    Raises:
        ExportError: it cannot be built; with what pip said.
    """
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for source in _SOURCES:
            if (root / source).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "*.py[cod]")
                shutil.copytree(root / source, place / "source" / source, ignore=ignored)
            else:
                shutil.copy(root / source, place / "source" / source)
        command = ("-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index", "-w", place)
        done = subprocess.run(
            [sys.executable, *map(str, command), str(place / "source")],
            cwd=place,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(seconds)},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise ExportError(f"the wheel cannot be built: {(done.stderr or done.stdout).strip()}")
        (wheel,) = place.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return wheel.name, {entry: archive.read(entry) for entry in archive.namelist()}


def write_release(root: Path, out: Path, page: Path, models: Iterable[Path]) -> list[Path]:
    """Writes a release into `out`, in the place of an earlier one: the same bytes from the same checkout.

    Args:
        root: The checkout.
        out: Folder: absent, empty, or an earlier release.
        page: The built page.
        models: Artefacts (`.keras`), copied as they are.

    Returns:
        The files, `SHA256SUMS` (in the form of sha256sum) the last.

    Raises:
        ExportError: a part is missing, or `out` holds something else or cannot be written; then it stays as it was.
    """
    prove_publishable(out, CHECKSUMS)
    seconds = source_date()
    settings = configparser.ConfigParser()
    settings.read(root / "setup.cfg", encoding="utf-8")
    version = settings["metadata"]["version"]
    text = notes((root / "CHANGELOG.md").read_text(encoding="utf-8"), version)
    archives = {f"impasto-page-{version}.zip": contents(page)}
    for folder in sorted((root / "impasto" / "shipped").glob("*/")):
        archives[f"impasto-models-{folder.name}-{version}.zip"] = contents(folder)
    name, wheel = build_wheel(root, seconds)
    archives[name] = wheel

    def fill(draft: Path) -> list[str]:
        for archive, files in archives.items():
            write_zip(draft / archive, files, seconds)
        for model in models:
            shutil.copyfile(model, draft / f"impasto-{model.stem}-{version}.keras")
        write_text(draft / NOTES, text)
        written = sorted(draft.iterdir())
        sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in written]
        write_text(draft / CHECKSUMS, "".join(sums))
        return [*(path.name for path in written), CHECKSUMS]

    return [out / name for name in publish(out, fill, marker=CHECKSUMS)]
