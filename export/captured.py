"""Keeping off the screen what others' C++ code writes to standard error."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from export.manifest import ExportError


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
def conversion(what: str) -> Iterator[None]:
    """Runs a converter quietly.

    Args:
        what: What is converted to what, for the message.

    Raises:
        ExportError: the converter raised anything; the message holds its own.
    """
    try:
        with quiet():
            yield
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise ExportError(f"{what} failed: {lines[0] if lines else type(error).__name__}") from error
