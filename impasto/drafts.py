"""Names of drafts, which lie hidden beside the files that they are to become; those of dead processes are removed."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import re
import socket
import time
import zlib
from pathlib import Path

_NAME = re.compile(r"\.impasto-(?P<machine>[0-9a-f]{8})-(?P<process>[1-9]\d{0,9})-\d+\.\w+")
_ABANDONED = 24 * 3600  # seconds

_numbers = itertools.count()


def draft_beside(path: Path, suffix: str) -> Path:
    """A free name in the folder of `path`, shorter than most; what processes that died left of such names goes.

    Args:
        path: Of the file that the draft is to become. Its folder is there.
        suffix: Of the draft, with its dot.
    """
    remove_left(path.parent)
    return path.with_name(f".impasto-{_machine()}-{os.getpid()}-{next(_numbers)}{suffix}")


@functools.lru_cache(maxsize=4096)
def remove_left(folder: Path) -> None:
    """Removes drafts whose process was killed, or that nobody wrote to for a day.

    Whether a process lives is known of this machine's; the day is for those of other machines and containers, which may
    share the folder. A process looks once into a folder: one may hold a million files, each written through a draft.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        left = [entry for entry in entries if (name := _NAME.fullmatch(entry.name)) and _is_left(entry, name)]
        for entry in left:
            with contextlib.suppress(OSError):
                os.unlink(entry)


def _is_left(entry: os.DirEntry[str], name: re.Match[str]) -> bool:
    with contextlib.suppress(OSError):
        if entry.is_file(follow_symlinks=False):
            own = name["machine"] == _machine() and not _lives(int(name["process"]))
            return own or time.time() - entry.stat(follow_symlinks=False).st_mtime > _ABANDONED
    return False


def _lives(process: int) -> bool:
    if os.name == "nt":  # where asking ends the process
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # somebody else's
        return True
    return True


@functools.cache
def _machine() -> str:
    """Where numbers of processes mean the same: a machine, or a container on it, which counts its own."""
    space = "/proc/self/ns/pid"
    try:
        counted = os.stat(space).st_ino
    except OSError:
        counted = 0
    return f"{zlib.crc32(f'{socket.gethostname()} {counted}'.encode()):08x}"
