"""What can go wrong, as one family: every error that Impasto raises on purpose is an `ImpastoError`."""

from __future__ import annotations

import os
from pathlib import Path

from impasto.console import shown


class ImpastoError(Exception):
    """Base of Impasto's own errors. The message is one sentence: what was expected, and what came."""


class ContractError(ImpastoError, ValueError):
    """A `preprocessing` block is not one that this version understands."""


class ModelError(ImpastoError, ValueError):
    """A model is missing, damaged, or of another kind than expected; or its runtime is not installed."""


class StyleError(ImpastoError, ValueError):
    """A saved style is damaged, of another version, or belongs to another model."""


class FileError(ImpastoError, ValueError):
    """A file cannot be read, found or written: `name` says which, `reason` why, in one line."""

    def __init__(self, name: str | os.PathLike[str], reason: str) -> None:
        super().__init__(f"{shown(name)}: {reason}")
        self.name = os.fspath(name)
        self.reason = reason

    @property
    def path(self) -> Path:
        """The name as a path."""
        return Path(self.name)

    def __reduce__(self) -> tuple[type[FileError], tuple[str, str]]:
        return type(self), (self.name, self.reason)  # travels between processes


class PictureError(FileError):
    """A picture cannot be read, found or written."""


class FilmError(FileError):
    """A film cannot be read, found or written."""
