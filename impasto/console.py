"""What every command says, and where to: streams that may be missing, names of any bytes, progress, Ctrl-C, errors.

A command may be started without a terminal, without standard error or standard output, or with an encoding that cannot
say a file's name. None of that may cost a picture.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO


def prepare() -> None:
    """Makes standard input, output and error usable, whatever the caller left of them; to be called first of all.

    A closed one is opened on nothing. Its number would else go to the next file that is opened, and what a library
    writes to standard error would land in it. Characters that an encoding lacks are written as escapes.
    """
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            nothing = os.open(os.devnull, os.O_RDONLY if number == 0 else os.O_WRONLY)
            if nothing != number:
                os.dup2(nothing, number)
                os.close(nothing)
            os.set_inheritable(number, True)  # for processes that are started, such as Node
    warnings.formatwarning = _note
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None or getattr(stream, "closed", False):
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - lives as long as the process
            setattr(sys, name, stream)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
        if not isinstance(stream, _Patient):
            setattr(sys, name, _Patient(stream))


class _Patient:
    """A stream of text that never fails: after an error it says nothing more.

    Whoever listened may have gone (a closed pipe, a terminal that was hung up), or a disk for messages be full.
    The work matters more.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Writes, or does nothing."""
        try:
            return self._stream.write(text)
        except (OSError, ValueError) as error:
            self._give_up(error)
            return len(text)

    def flush(self) -> None:
        """Writes what is held back, or drops it."""
        try:
            self._stream.flush()
        except (OSError, ValueError) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        if isinstance(error, UnicodeError):
            raise error
        with contextlib.suppress(OSError, ValueError):  # what is still held back goes nowhere, and fails no more
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, self._stream.fileno())
            os.close(nothing)


def _note(message: Warning | str, *_: object, **__: object) -> str:
    """A warning as people read it: without the place in the program."""
    return f"note: {shown(message)}\n"


def shown(name: object) -> str:
    """A file's name as text for people: bytes that are no text, and control characters, as escapes."""
    text = os.fsdecode(name) if isinstance(name, bytes | os.PathLike) else str(name)
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(character if character.isprintable() else _escape(character) for character in text)


def _escape(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def one_line(error: BaseException) -> str:
    """What an error of somebody else's code says, on one line; its kind where it says nothing."""
    if isinstance(error, OSError) and error.strerror:
        return _mistaken(error) or error.strerror
    return " ".join(str(error).split()) or type(error).__name__


def _mistaken(error: OSError) -> str | None:
    """What was expected and what is there, where the system met a folder for a file or a file for a folder.

    "File exists" is what it says of a folder to make: files that may not be there yet are proven otherwise
    (impasto/files.py).
    """
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, (str, bytes)) else None
    if error.errno == errno.EISDIR or (os.name == "nt" and error.errno == errno.EACCES and path and path.is_dir()):
        return "expected a file, found a folder"
    if error.errno not in (errno.ENOTDIR, errno.EEXIST):
        return None
    found = None if path is None else next((place for place in (path, *path.parents) if os.path.lexists(place)), None)
    if found is None or found.is_dir():
        return "expected a folder, found a file" if error.errno == errno.ENOTDIR else None
    what = "a file" if found.exists() else "a link that leads nowhere"
    return f"expected a folder, found {what}" if found == path else f"expected a folder, found {what}: {shown(found)}"


def say(text: str) -> None:
    """Prints a line to standard output."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Prints a line to standard error."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)


def progress(items: Iterable[Any] | None = None, **options: Any) -> Any:
    """tqdm's bar on standard error: shown on a terminal only, and harmless where there is no standard error."""
    from tqdm import tqdm

    if sys.stderr is None:
        options["disable"] = True
    options.setdefault("disable", None)
    return tqdm(items, **options)


def run(
    action: Callable[[], int],
    interrupted: str = "interrupted; nothing was written",
    errors: tuple[type[Exception], ...] = (),
) -> int:
    """Runs a command; returns its exit code: what `action` returns, 1 after an error, 130 after Ctrl-C.

    Errors become one sentence on standard error: this project's own, wrong values, files, no memory, and the further
    kinds `errors`. Anything else is a fault of the program, and keeps its traceback.
    """
    told: tuple[type[Exception], ...] = (ValueError, OSError, *errors)
    try:
        return action()
    except KeyboardInterrupt:
        complain(interrupted)
        return 130
    except MemoryError:
        complain("error: out of memory: ask for a smaller size, or close other programs")
        return 1
    except told as error:
        complain(f"error: {sentence(error)}")
        return 1


def sentence(error: BaseException) -> str:
    """An error as one sentence that names the file, without the number that the system gives it."""
    if isinstance(error, OSError) and error.strerror and error.filename is not None:
        return f"{shown(error.filename)}: {one_line(error)}"
    return shown(" ".join(str(error).split())) or type(error).__name__


@contextlib.contextmanager
def standard_error_closed() -> Iterator[None]:
    """Points the process's standard error, C++ code's included, at nothing inside the block; where there is one."""
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
        before = os.dup(2)
    except (OSError, ValueError):
        yield
        return
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
