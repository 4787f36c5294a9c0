"""Sources made of others: several in a row, and a chosen part of one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from datasets.source import Source
from impasto.console import one_line, shown
from impasto.text_files import read_json


class ConcatSource:
    """Several sources, one after the other."""

    def __init__(self, parts: Sequence[Source]) -> None:
        if not parts:
            raise ValueError("a joined source needs at least one part")
        self.parts = list(parts)
        self.name = "+".join(part.name for part in parts)
        self.infallible = all(getattr(part, "infallible", False) for part in parts)
        self._ends = np.cumsum([len(part) for part in parts])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def find(self, index: int) -> tuple[Source, int]:
        if not 0 <= index < len(self):
            raise IndexError(f"{self.name} has {len(self)} pictures, asked for number {index}")
        part = int(np.searchsorted(self._ends, index, side="right"))
        before = int(self._ends[part - 1]) if part else 0
        return self.parts[part], index - before

    def load(self, index: int) -> np.ndarray:
        part, inner = self.find(index)
        return part.load(inner)

    def key(self, index: int) -> str:
        """As in its part; where two parts share a key, all keys have their part's number before them ("2:1.jpg")."""
        part, inner = self.find(index)
        return f"{self._prefixes[id(part)]}{part.key(inner)}"

    @cached_property
    def _prefixes(self) -> dict[int, str]:
        seen: set[str] = set()
        for part in self.parts:
            own = {part.key(index) for index in range(len(part))}
            if seen & own:
                return {id(part): f"{number}:" for number, part in enumerate(self.parts, start=1)}
            seen |= own
        return {id(part): "" for part in self.parts}

    def describe(self, index: int) -> str:
        part, inner = self.find(index)
        return part.describe(inner)


class SubsetSource:
    """The pictures of a source whose keys are listed."""

    def __init__(self, source: Source, indices: Sequence[int], name: str) -> None:
        self.source = source
        self.infallible = bool(getattr(source, "infallible", False))
        self.indices = [int(index) for index in indices]
        self.name = name
        self.split: Path | None = None

    def __len__(self) -> int:
        return len(self.indices)

    def load(self, index: int) -> np.ndarray:
        return self.source.load(self.indices[index])

    def key(self, index: int) -> str:
        return self.source.key(self.indices[index])

    def describe(self, index: int) -> str:
        return self.source.describe(self.indices[index])


def origin(source: Source, index: int) -> tuple[Source, int]:
    """The source that picture `index` comes from in the end, and its number there."""
    if isinstance(source, ConcatSource):
        return origin(*source.find(index))
    if isinstance(source, SubsetSource):
        return origin(source.source, source.indices[index])
    return source, index


def load_subset(source: Source, split_path: str | Path, side: str) -> SubsetSource:
    """The pictures of `source` on one side ("train", "val") of a split file; ValueError if none match."""
    path = Path(split_path)
    try:
        content = read_json(path, "a split file (a JSON object)")
    except FileNotFoundError:
        raise ValueError(f"split file {path} does not exist") from None
    except (OSError, ValueError) as error:
        raise ValueError(f"split file {path} cannot be read as JSON: {one_line(error)}") from None
    if not isinstance(content.get(side), list):
        sides = [shown(name) for name, value in content.items() if isinstance(value, list)]
        raise ValueError(f"split file {path} has no list named {side!r}, it has {', '.join(sides) or 'none'}")
    if not all(isinstance(name, str) for name in content[side]):
        raise ValueError(f"split file {path} has other things than names under {side!r}")
    wanted = set(content[side])
    indices = [index for index in range(len(source)) if source.key(index) in wanted]
    if not indices:
        raise ValueError(
            f"none of the {len(wanted)} names under {side!r} in {path} is a picture of {source.name}; "
            "was the split file written for another folder?"
        )
    subset = SubsetSource(source, indices, f"{source.name}#{side}")
    subset.split = path
    return subset
