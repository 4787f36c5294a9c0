"""One process at a time: a lock that ends with its process, and a sentence that names who holds it."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from impasto.files import make_folder


class BusyError(ValueError):
    """Another process works on what was asked for; the message names it."""


@contextlib.contextmanager
def exclusive(path: Path, what: str) -> Iterator[None]:
    """Holds the lock file at `path` while the block runs, and then removes it.

    The system ends the lock with its process, whatever ended that one: a file left behind by `kill -9` blocks nobody.

    Args:
        path: Of the lock file; its folder is made.
        what: What is being worked on, for the message.

    Raises:
        BusyError: another process, or another part of this one, holds it.
        FileError: its folder cannot be made.
    """
    make_folder(path.parent)
    lock = FileLock(path, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(f"{what} is in use by {_holder(path)}; wait until it has ended, or stop it first") from None
    try:
        since = datetime.now().strftime("%H:%M:%S")
        command = " ".join(sys.argv)[:120]
        path.write_text(f"process {os.getpid()} on {socket.gethostname()} (since {since}: {command})")
        yield
    finally:
        # Still held: one who opened it meanwhile sees, as filelock checks, that what it locked has no name any more.
        with contextlib.suppress(OSError):
            path.unlink()
        lock.release()


def _holder(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip() or "another process"
    except OSError:
        return "another process"
