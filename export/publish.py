"""Replacing a folder as a whole: whoever looks finds the old one or the new one, nothing in between."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from export.manifest import ExportError
from impasto.console import one_line
from impasto.files import remove_empty
from impasto.pictures.names import ended

Result = TypeVar("Result")


def publish(out: Path, fill: Callable[[Path], Result], *, marker: str) -> Result:
    """Calls `fill` on an empty hidden folder beside `out`, and puts that in the place of `out` if it returns.

    If `fill` raises, or is interrupted, `out` stays as it was. If the process is killed, so it does too; the
    hidden folder `.NAME.draft` that remains is removed by the next call.

    Args:
        out: Must be absent, empty, or hold a file named `marker`: an earlier result, which is lost.
        fill: Writes everything, `marker` included.
        marker: Name of a file.

    Returns:
        What `fill` returned.

    Raises:
        ExportError: `out` holds something else.
    """
    out = out.resolve()
    draft, previous = _hidden(out, "draft"), _hidden(out, "previous")
    _recover(out, draft, previous)
    _refuse_foreign(out, marker)
    try:
        draft.mkdir(parents=True)
        result = fill(draft)
        _swap(draft, out, previous)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return result


def prove_publishable(out: Path, marker: str) -> None:
    """Raises ExportError where `publish` could not replace `out`; to be called before any work. Nothing is left."""
    made: list[Path] = []
    try:
        out = out.resolve()
        _refuse_foreign(out, marker)
        trial = _hidden(out, "trial") if out.exists() else out
        made += [folder for folder in (trial, *trial.parents) if not folder.exists()]
        trial.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{out}: cannot be written: {one_line(error)}") from error
    finally:
        remove_empty(made)


def _hidden(out: Path, suffix: str) -> Path:
    """A name beside `out`, the same at every call, of a legal length whatever that of `out` is."""
    return out.with_name(ended(out.name, f".{suffix}", start="."))


def _refuse_foreign(out: Path, marker: str) -> None:
    if out.exists() and not out.is_dir():
        raise ExportError(f"{out}: expected a folder, found a file")
    if out.is_dir() and any(out.iterdir()) and not (out / marker).is_file():
        raise ExportError(
            f"{out}: expected an empty folder or an earlier export, found other files and no {marker}; "
            "an export replaces its folder as a whole, so choose another"
        )


def _swap(draft: Path, out: Path, previous: Path) -> None:
    if out.exists():
        os.replace(out, previous)
    try:
        os.replace(draft, out)
    except BaseException:
        if previous.exists():
            os.replace(previous, out)
        raise
    shutil.rmtree(previous, ignore_errors=True)


def _recover(out: Path, draft: Path, previous: Path) -> None:
    """Tidies up after a process that was killed: its draft goes, and what it had set aside comes back."""
    shutil.rmtree(draft, ignore_errors=True)
    if previous.exists():
        if out.exists():
            shutil.rmtree(previous)
        else:
            os.replace(previous, out)
