"""Files that are written whole or not at all, proven writable beforehand, and saved elsewhere where they cannot be."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from impasto.console import one_line, shown
from impasto.drafts import draft_beside
from impasto.errors import FileError


@contextlib.contextmanager
def naming(path: str | os.PathLike[str]) -> Iterator[None]:
    """Inside the block, errors of the system that name no file name this one.

    Writing to a file that is open does not say which it is, and a full disk shows there.
    """
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = os.fspath(path)
        raise


@contextlib.contextmanager
def replacing(path: str | os.PathLike[str], suffix: str = ".part") -> Iterator[Path]:
    """Gives the path of a draft beside `path`; when the block ends it takes the place of `path`, else it is deleted.

    The folder is made. A link is followed: the file that it leads to is replaced. An older file's permissions are kept.
    The draft's own name is short, so that a name of the greatest length can be written. What a process that was killed
    left of drafts goes with the next one in that folder (`impasto.drafts`).

    Args:
        path: Of the file.
        suffix: Of the draft, for writers that tell the format by it.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "the file is write-protected", str(path))
    draft = draft_beside(target, suffix)
    try:
        with naming(path):
            yield draft
        with contextlib.suppress(OSError):
            shutil.copymode(target, draft)  # where there is an older file
        os.replace(draft, target)
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Writes text as UTF-8, whole or not at all. Bytes of a file's name that are no text become escapes."""
    with replacing(path) as draft, draft.open("wb") as file:
        file.write(text.encode("utf-8", "backslashreplace"))


def write_json(path: str | os.PathLike[str], content: Any, indent: int | None = 1) -> None:
    """Writes JSON as UTF-8, whole or not at all.

    A name of any bytes is read back by `json.load` as it was: its escapes are those of JSON.
    """
    write_text(path, json.dumps(content, indent=indent, ensure_ascii=False) + "\n")


def found_at(path: Path) -> str:
    """What is there instead of what was expected, for a sentence: "a folder", "a file", "no such file" ..."""
    if path.is_dir():
        return "a folder"
    if path.is_file():
        return "a file"
    if path.exists():
        return "what is no file but a pipe, a socket or a device"
    if path.is_symlink():
        return "a link that leads nowhere"
    above = next((place for place in path.parents if os.path.lexists(place)), None)
    return f"no such file, since {shown(above)} is a file" if above and above.is_file() else "no such file"


def prove_writable(paths: Iterable[Path]) -> list[Path]:
    """Raises FileError where a file could not be written; to be called before any work.

    Folders are made and tried with a file of the longest name that is to be written into them. What was made for the
    trial goes again where something is wrong.

    Returns:
        The folders that were made, for `remove_empty` where nothing came of the work.
    """
    longest: dict[Path, str] = {}
    for path in paths:
        _refuse_special(path)
        folder = Path(os.path.realpath(path)).parent
        if len(os.fsencode(path.name)) > len(os.fsencode(longest.get(folder, ""))):
            longest[folder] = path.name
    made: list[Path] = []
    try:
        for folder, name in longest.items():
            made += _make(folder)
            _try(folder, name)
    except BaseException:
        remove_empty(made)
        raise
    return made


def make_folder(folder: Path) -> None:
    """Makes a folder, and those above it that are missing; one that is there is left.

    Raises:
        FileError: it cannot be made; says what is there instead.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(folder, f"the folder cannot be made: {one_line(error)}") from error


def remove_empty(folders: Iterable[Path]) -> None:
    """Removes folders that hold nothing, the deepest first."""
    for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _refuse_special(path: Path) -> None:
    try:
        if not path.exists():
            return
    except OSError as error:
        raise FileError(path, f"cannot be written: {one_line(error)}") from error
    if path.is_dir():
        raise FileError(path, "cannot be written: expected a file or nothing of that name, found a folder")
    if not path.is_file():
        raise FileError(path, "cannot be written: something that is no file is there (a pipe or a device)")
    if not os.access(path, os.W_OK):
        raise FileError(path, "cannot be written: the file that is there is write-protected")


def _make(folder: Path) -> list[Path]:
    """Makes a folder; returns it and those above that were missing."""
    missing = list(itertools.takewhile(lambda place: not os.path.exists(place), (folder, *folder.parents)))
    try:
        make_folder(folder)
    except FileError:
        remove_empty(missing)
        raise
    return missing


def _try(folder: Path, name: str) -> None:
    """Writes and deletes a file; one of that very name where none is there."""
    trial = folder / name
    if os.path.lexists(trial):
        trial = draft_beside(trial, ".trial")
    try:
        with trial.open("xb") as file:
            file.write(b"trial")
        trial.unlink()
    except FileExistsError:
        pass  # somebody wrote it just now, so that it can be written
    except OSError as error:
        with contextlib.suppress(OSError):
            trial.unlink()
        raise FileError(folder / name, f"cannot be written: {one_line(error)}") from error


def refuse_inputs(outputs: Iterable[Path], inputs: Iterable[Path]) -> None:
    """Raises FileError where an output is a file that is read, under whatever name.

    Files are told apart by what the file system says they are, not by their names: links of both kinds and names that
    differ in letter case only are found out.
    """
    read = {key for path in inputs if (key := _identity(path)) is not None}
    for path in outputs:
        if _identity(path) in read and _identity(path) is not None:
            raise FileError(path, "would be overwritten, but is also read: choose another name")


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return found.st_dev, found.st_ino


def save(path: Path, write: Callable[[Path], object]) -> tuple[Path, FileError | None]:
    """Writes a result where it should lie, or else elsewhere, so that long work is not lost.

    Args:
        path: Where it should lie.
        write: Writes it to the path that it is given.

    Returns:
        Where it lies; and where that is elsewhere (a free name beside `path`, or in the folder for temporary files) an
        error that says so, to be told or raised.

    Raises:
        FileError: it can be written to none of them.
    """
    try:
        write(path)
        return path, None
    except (OSError, FileError) as error:
        failed = error if isinstance(error, FileError) else FileError(path, f"cannot be written: {one_line(error)}")
    short = Path(os.fsdecode(os.fsencode(path.stem)[:100])).name or "result"
    for folder in (path.parent, Path(tempfile.gettempdir())):
        with contextlib.suppress(OSError, FileError):
            other = _free(folder, short, path.suffix)
            write(other)
            return other, FileError(path, f"{failed.reason}; saved as {shown(other)}")
    raise FileError(path, f"{failed.reason}; nor can another file beside it, or in {tempfile.gettempdir()}")


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """A name in `folder` that nothing has yet."""
    for number in itertools.count(2):
        path = folder / f"{stem}-{number}{suffix}"
        if not os.path.lexists(path):
            return path
    raise AssertionError("unreachable")


def is_below(name: str) -> bool:
    """Whether a name that a file gives stays below its folder, on any system: relative, without `..`, not empty."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return bool(parts) and not (name.startswith("/") or PureWindowsPath(name).anchor or ".." in parts or "\0" in name)
