"""What a source of pictures is."""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np

Role = Literal["content", "style"]


class Source(Protocol):
    """A numbered collection of pictures, read at random access and safe to read from several threads."""

    @property
    def name(self) -> str:
        """What to call the whole source in messages."""
        ...

    def __len__(self) -> int: ...

    def load(self, index: int) -> np.ndarray:
        """Picture `index` as uint8 [H, W, 3] RGB. Raises impasto.errors.PictureError."""
        ...

    def key(self, index: int) -> str:
        """Name of picture `index` inside the source, the same on every machine (split files hold these)."""
        ...

    def describe(self, index: int) -> str:
        """Where picture `index` comes from, for people: a file path or a record's id."""
        ...
