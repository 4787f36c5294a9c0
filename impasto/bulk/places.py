"""Folders to read from and to write to, on this machine or in a bucket, with the same few operations.

A bucket is whatever fsspec opens: `gs://`, `s3://`, `az://` with the file system's package installed.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from impasto.console import one_line
from impasto.errors import FileError

# In these a file appears whole, or not at all, when it has been sent: there is nothing to rename.
_WHOLE = frozenset({"memory", "gs", "gcs", "s3", "s3a", "az", "abfs", "abfss", "adl", "oci", "oss", "hf"})
_numbers = itertools.count()


def is_url(text: str | os.PathLike[str]) -> bool:
    """Whether a place is named as fsspec does (`gs://bucket/folder`), and not as a folder of this machine."""
    return "://" in os.fspath(text)


class Place:
    """A folder of this machine or in a bucket. Names in it are relative, with `/` between their parts.

    Can be pickled: it opens its file system where it is used.

    Args:
        root: A path, or a URL that fsspec opens. Need not exist.

    Raises:
        ValueError: fsspec, or what opens such a URL, is not installed.
    """

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = os.fspath(root).rstrip("/") or "/"
        self.is_local = not is_url(self.root)
        self._system: Any = None
        self._open()

    def __reduce__(self) -> tuple[type[Place], tuple[str]]:
        # Where it is used, another folder may be the current one.
        return Place, (os.path.abspath(self.root) if self.is_local else self.root,)

    def __str__(self) -> str:
        return self.root

    def _open(self) -> None:
        if self.is_local:
            return
        try:
            import fsspec

            self._system, self._base = fsspec.core.url_to_fs(self.root)
        except ImportError as error:
            hint = "pip install 'impasto[beam]'" if error.name == "fsspec" else one_line(error)
            raise ValueError(f"{self.root}: what opens this address is not installed: {hint}") from None
        except (ValueError, OSError) as error:
            raise FileError(self.root, f"cannot be opened: {one_line(error)}") from error

    def path(self, name: str) -> str:
        """The whole path or URL of what is called `name` here."""
        return os.path.join(self.root, name) if self.is_local else f"{self.root}/{name}"

    def _key(self, name: str) -> str:
        return f"{self._base.rstrip('/')}/{name}"

    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return os.path.exists(self.path(name)) if self.is_local else bool(self._system.exists(self._key(name)))

    def read(self, name: str) -> bytes:
        """All bytes of a file.

        Raises:
            FileError: it is not there, or cannot be read.
        """
        try:
            if self.is_local:
                return Path(self.path(name)).read_bytes()
            data: bytes = self._system.cat_file(self._key(name))
            return data
        except FileNotFoundError as error:
            raise FileError(self.path(name), "no such file") from error
        except Exception as error:  # every file system of fsspec has errors of its own
            raise FileError(self.path(name), f"cannot be read: {one_line(error)}") from error

    def write(self, name: str, data: bytes, drafts: str = ".drafts") -> None:
        """Writes a file: whole, or not at all, also where the process is killed meanwhile.

        Args:
            name: What to write; folders above it are made.
            data: All of it.
            drafts: The folder of this place that unfinished files lie in, to be emptied by `clear`.

        Raises:
            FileError: it cannot be written.
        """
        draft = f"{drafts}/{draft_name()}"
        try:
            if self.is_local:
                local = Path(self.path(draft))
                local.parent.mkdir(parents=True, exist_ok=True)
                local.write_bytes(data)
                self.adopt(local, name)
            elif self._writes_whole:
                self._system.pipe_file(self._key(name), data)
            else:
                self._system.makedirs(os.path.dirname(self._key(draft)), exist_ok=True)
                self._system.makedirs(os.path.dirname(self._key(name)), exist_ok=True)
                self._system.pipe_file(self._key(draft), data)
                self._system.mv(self._key(draft), self._key(name))
        except FileError:
            raise
        except Exception as error:
            raise FileError(self.path(name), f"cannot be written: {one_line(error)}") from error

    def adopt(self, draft: Path, name: str) -> None:
        """Makes a file of this machine the one called `name` here, whole or not at all; the draft is gone then."""
        try:
            if self.is_local:
                target = Path(self.path(name))
                target.parent.mkdir(parents=True, exist_ok=True)
                os.replace(draft, target)
                return
            self.write(name, draft.read_bytes())
            draft.unlink()
        except OSError as error:
            raise FileError(self.path(name), f"cannot be written: {one_line(error)}") from error

    @property
    def _writes_whole(self) -> bool:
        names = self._system.protocol
        return bool(_WHOLE & {names} if isinstance(names, str) else _WHOLE & set(names))

    def names(self, folder: str = "") -> Iterator[str]:
        """The names of the files in a folder of this place, not of those in its folders; none where it is not there."""
        if self.is_local:
            try:
                with os.scandir(self.path(folder)) as entries:
                    yield from (entry.name for entry in entries if entry.is_file())
            except FileNotFoundError:
                return
            return
        try:
            found = self._system.ls(self._key(folder).rstrip("/"), detail=True, refresh=True)
        except FileNotFoundError:
            return
        yield from (entry["name"].rsplit("/", 1)[-1] for entry in found if entry["type"] == "file")

    def below(self) -> list[str]:
        """The names of all files below a place of a bucket, hidden ones left out, in their order.

        Raises:
            FileError: the place is not there or cannot be listed.
        """
        try:
            found = self._system.find(self._base)
        except Exception as error:
            raise FileError(self.root, f"cannot be listed: {one_line(error)}") from error
        start = len(self._base.rstrip("/")) + 1
        names = (name[start:] for name in found)
        return sorted(name for name in names if name and not any(part.startswith(".") for part in name.split("/")))

    def clear(self, folder: str) -> None:
        """Removes the files in a folder of this place, and the folder where nothing else is in it."""
        for name in list(self.names(folder)):
            self.remove(f"{folder}/{name}")
        if self.is_local:
            with contextlib.suppress(OSError):
                os.rmdir(self.path(folder))

    def remove(self, name: str) -> None:
        """Removes a file, where it is there."""
        try:
            if self.is_local:
                os.unlink(self.path(name))
            else:
                self._system.rm_file(self._key(name))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise FileError(self.path(name), f"cannot be removed: {one_line(error)}") from error


def draft_name() -> str:
    """A name that no other file of any machine, process or thread has."""
    return f"{socket.gethostname()}-{os.getpid()}-{next(_numbers)}.part"
