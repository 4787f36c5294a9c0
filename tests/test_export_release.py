"""A release: the same bytes every time, notes from the changelog, licences from bills of materials."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from export import licences, release
from export.manifest import ExportError

ROOT = Path(__file__).resolve().parents[1]
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n- new\n\n## [0.2.0] - 2026-01-02\n\n- dated\n\n## [0.1.0]\n\n- old\n"


def test_archives_depend_on_names_contents_and_date_alone(tmp_path: Path) -> None:
    files = {"b/two.txt": b"two" * 1000, "a.txt": b"one", "b/one.txt": b""}
    before = os.umask(0o077)
    try:
        release.write_zip(tmp_path / "first.zip", files, release.EARLIEST)
        os.umask(0o002)
        release.write_zip(tmp_path / "second.zip", dict(reversed(files.items())), release.EARLIEST)
    finally:
        os.umask(before)
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert archive.namelist() == ["a.txt", "b/one.txt", "b/two.txt"]
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
        assert {name: archive.read(name) for name in archive.namelist()} == files


def test_the_date_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert release.source_date() == 315532800  # 1980-01-01T00:00:00Z
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert release.source_date() == 1700000000
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert release.source_date() == 315532800
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "tomorrow")
    with pytest.raises(ExportError, match="SOURCE_DATE_EPOCH: expected seconds since 1970, found 'tomorrow'"):
        release.source_date()


def test_notes_are_those_of_the_version() -> None:
    assert release.notes(CHANGELOG, "0.2.0") == "# Impasto 0.2.0\n\n- dated\n"
    assert release.notes(CHANGELOG, "0.1.0") == "# Impasto 0.1.0 (not released)\n\n- new\n"
    with pytest.raises(ExportError, match="expected a heading of version 9"):
        release.notes("# Changelog\n", "9")


def test_a_release_is_the_same_bytes_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real package and models, whatever the files' dates and modes; the page stands for any folder."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    page = tmp_path / "page"
    (page / "engine").mkdir(parents=True)
    (page / "index.html").write_text("<!doctype html>")
    (page / "engine" / "engine.js").write_text("export {};")
    model = ROOT / "models" / "shipped" / "student.keras"
    for place in ("first", "second"):
        checkout = tmp_path / place
        checkout.mkdir()
        for name in ("setup.cfg", "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
            shutil.copyfile(ROOT / name, checkout / name)
        shutil.copytree(ROOT / "impasto", checkout / "impasto", copy_function=shutil.copyfile)
        if place == "second":
            for path in (checkout / "impasto").rglob("*.py"):
                path.chmod(0o700)
                os.utime(path, (1e9, 1e9))
        release.write_release(checkout, tmp_path / f"{place}-out", page, [model])
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / f"{place}-out").iterdir()}
                     for place in ("first", "second"))  # fmt: skip
    assert first == second
    kinds = {name.rpartition(".")[2] for name in first}
    assert kinds == {"whl", "zip", "keras", "md", "SHA256SUMS"}
    for line in first["SHA256SUMS"].decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(first[name]).hexdigest() == digest
    assert first["impasto-student-0.1.0.keras"] == model.read_bytes()
    # Again into the same folder: replaced. Into a folder of something else: refused.
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("x")
    with pytest.raises(
        ExportError, match="expected an empty folder or an earlier export, found other files and no SHA"
    ):
        release.write_release(tmp_path / "first", tmp_path / "other", page, [model])
    assert (tmp_path / "other" / "thesis.txt").is_file()
    (page / "link").symlink_to("/etc/passwd")
    with pytest.raises(ExportError, match="found a link"):
        release.write_release(tmp_path / "first", tmp_path / "first-out", page, [model])
    assert (tmp_path / "first-out" / "SHA256SUMS").is_file()


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("MIT", True),
        ("License :: OSI Approved :: Apache Software License", True),
        ("(MIT OR GPL-3.0-or-later)", True),
        ("MIT AND GPL-3.0-or-later", False),
        ("MIT OR GPL-3.0-only AND Apache-2.0", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("GPL-3.0-or-later WITH Classpath-exception-2.0", False),
        ("SSPL-1.0", False),
        ("MIT MIT", False),
        ("(MIT", False),
        ("", False),
    ],
)
def test_expressions_of_licences(expression: str, answer: bool) -> None:
    assert licences.accepted(expression) is answer


def bill(path: Path, *components: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"bomFormat": "CycloneDX", "components": components}))
    return path


def test_a_licence_that_is_missing_or_not_accepted_is_named(tmp_path: Path) -> None:
    good = {"name": "a", "version": "1", "licenses": [{"license": {"id": "MIT"}}]}
    assert licences.check([bill(tmp_path / "good.json", good)]) == [("a", "1", "MIT")]
    bad = {"name": "b", "version": "2", "licenses": [{"expression": "AGPL-3.0-only"}]}
    silent = {"name": "c", "version": "3"}
    with pytest.raises(ExportError, match=r"not accepted .*: b 2 \(AGPL-3.0-only\), c 3 \(none\)"):
        licences.check([bill(tmp_path / "bad.json", good, bad, silent)])
    mark = {"properties": [{"name": "cdx:npm:package:development", "value": "true"}]}
    workbox = {**good, **mark, "name": "workbox-core"}
    assert licences.check([bill(tmp_path / "tools.json", {**bad, **mark}, workbox)]) == [("workbox-core", "1", "MIT")]
    with pytest.raises(ExportError, match="workbox-core 1"):
        licences.check([bill(tmp_path / "worker.json", {**bad, **mark, "name": "workbox-core", "version": "1"})])
    with pytest.raises(ExportError, match="expected components, found none"):
        licences.check([bill(tmp_path / "empty.json")])
    (tmp_path / "no.json").write_text("{")
    with pytest.raises(ExportError, match="no.json: expected a bill of materials"):
        licences.check([tmp_path / "no.json"])
