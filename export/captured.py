"""Keeping off the screen what others' C++ code writes to standard error."""

from __future__ import annotations

import errno
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from export.manifest import ExportError
from impasto.files import naming


@contextmanager
def quiet() -> Iterator[None]:
    """Runs the block with the process's standard error, C++ code's included, and warnings set aside."""
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as aside:
        try:
            os.dup2(aside.fileno(), 2)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            os.dup2(before, 2)
            os.close(before)


@contextmanager
def conversion(what: str, path: Path) -> Iterator[None]:
    """Runs a converter quietly.

    Args:
        what: What is converted to what, for the message.
        path: What it writes.

    Raises:
        OSError: `path` cannot be written.
        ExportError: the converter raised anything else; the message holds its own.
    """
    try:
        with quiet(), naming(path):
            yield
    except OSError:
        raise
    except Exception as error:
        raise failed(what, str(error) or type(error).__name__, path) from error


def failed(what: str, said: str, path: Path) -> OSError | ExportError:
    """What to raise where a converter said this; TensorFlow tells of a full disk in an error of its own."""
    full = os.strerror(errno.ENOSPC)
    if full in said:
        return OSError(errno.ENOSPC, full, str(path))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return ExportError(f"{what} failed: {lines[0] if lines else 'no message'}")
