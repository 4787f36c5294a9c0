"""What a source of pictures is, and the small language that names one on the command line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

Role = Literal["content", "style"]

SPEC_HELP = """\
A source of pictures is written as one of
  PATH or folder:PATH         every picture below a folder, any depth, any format Pillow reads
  packed:PATH.npy             an array written by `python -m datasets pack`
  synthetic[:COUNT[:SIZE]]    generated: photographs for content, paintings and textures for style
                              (default 1000 pictures of 256 px)
  tfds:NAME[/CONFIG][:SPLIT]  a prepared TensorFlow dataset with an `image` feature (default split: train)
Append @SPLIT.json#train (or #val) to keep only the pictures on one side of a split file written by
`python -m datasets split`; join several sources with +, for example
  folder:paintings@split.json#train+synthetic:500
"""


class UnreadableImage(Exception):
    """A picture that cannot be used: `name` says which file or record, `reason` why, in one line."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class Source(Protocol):
    """A numbered collection of pictures, read at random access and safe to read from several threads."""

    @property
    def name(self) -> str:
        """What to call the whole source in messages."""
        ...

    def __len__(self) -> int: ...

    def load(self, index: int) -> np.ndarray:
        """Picture `index` as uint8 [H, W, 3] RGB. Raises UnreadableImage."""
        ...

    def key(self, index: int) -> str:
        """Name of picture `index` inside the source, the same on every machine (split files hold these)."""
        ...

    def describe(self, index: int) -> str:
        """Where picture `index` comes from, for people: a file path or a record's id."""
        ...


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

    def _find(self, index: int) -> tuple[Source, int]:
        if not 0 <= index < len(self):
            raise IndexError(f"{self.name} has {len(self)} pictures, asked for number {index}")
        part = int(np.searchsorted(self._ends, index, side="right"))
        before = int(self._ends[part - 1]) if part else 0
        return self.parts[part], index - before

    def load(self, index: int) -> np.ndarray:
        part, inner = self._find(index)
        return part.load(inner)

    def key(self, index: int) -> str:
        part, inner = self._find(index)
        return part.key(inner)

    def describe(self, index: int) -> str:
        part, inner = self._find(index)
        return part.describe(inner)


class SubsetSource:
    """The pictures of a source whose keys are listed."""

    def __init__(self, source: Source, indices: Sequence[int], name: str) -> None:
        self.source = source
        self.infallible = bool(getattr(source, "infallible", False))
        self.indices = [int(index) for index in indices]
        self.name = name

    def __len__(self) -> int:
        return len(self.indices)

    def load(self, index: int) -> np.ndarray:
        return self.source.load(self.indices[index])

    def key(self, index: int) -> str:
        return self.source.key(self.indices[index])

    def describe(self, index: int) -> str:
        return self.source.describe(self.indices[index])


def load_subset(source: Source, split_path: str | Path, side: str) -> SubsetSource:
    """The pictures of `source` on one side ("train", "val") of a split file; ValueError if none match."""
    path = Path(split_path)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"split file {path} does not exist") from None
    except (OSError, ValueError) as error:
        raise ValueError(f"split file {path} cannot be read as JSON: {error}") from None
    if not isinstance(content, dict) or not isinstance(content.get(side), list):
        sides = [k for k, v in content.items() if isinstance(v, list)] if isinstance(content, dict) else []
        raise ValueError(f"split file {path} has no list named {side!r}, it has {', '.join(sides) or 'none'}")
    wanted = set(content[side])
    indices = [index for index in range(len(source)) if source.key(index) in wanted]
    if not indices:
        raise ValueError(
            f"none of the {len(wanted)} names under {side!r} in {path} is a picture of {source.name}; "
            "was the split file written for another folder?"
        )
    return SubsetSource(source, indices, f"{source.name}#{side}")


_SUBSET = re.compile(r"^(?P<base>.+)@(?P<split>[^@]+\.json)#(?P<side>\w+)$")


def open_source(spec: str, *, role: Role, seed: int = 0) -> Source:
    """Opens the source that `spec` names (see SPEC_HELP).

    `role` says which pictures a synthetic source makes; `seed` is the synthetic source's seed. Raises
    ValueError with a one-sentence reason for a malformed spec, a missing file, or a dataset that is not
    there.
    """
    if role not in ("content", "style"):
        raise ValueError(f"role must be 'content' or 'style', not {role!r}")
    if "+" in spec and not Path(spec.removeprefix("folder:")).exists():
        return ConcatSource([open_source(part.strip(), role=role, seed=seed) for part in spec.split("+")])
    if match := _SUBSET.match(spec):
        base = open_source(match["base"], role=role, seed=seed)
        return load_subset(base, match["split"], match["side"])
    kind, colon, rest = spec.partition(":")
    if kind == "synthetic":
        from datasets.synthetic import open_synthetic

        return open_synthetic(rest, role=role, seed=seed)
    if colon and kind == "packed":
        from datasets.packed import PackedSource

        return PackedSource(rest)
    if colon and kind == "tfds":
        from datasets.tfds_source import TfdsSource

        return TfdsSource(rest)
    from datasets.folder import FolderSource

    path = rest if colon and kind == "folder" else spec
    if not path:
        raise ValueError(f"empty source name {spec!r}; expected a folder, packed:, synthetic: or tfds:")
    return FolderSource(path)
