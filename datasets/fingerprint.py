"""What a source of pictures holds, told apart from where it lies: the same pictures elsewhere are the same source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from datasets.combining import ConcatSource, SubsetSource, origin
from datasets.folder import FolderSource
from datasets.packed import PackedSource
from datasets.records import RecordsSource
from datasets.source import Source
from datasets.synthetic import SyntheticSource
from datasets.tfds_source import TfdsSource

_SAMPLES = 16


def fingerprint(source: Source) -> dict[str, Any]:
    """`pictures`, their number, and `digest`, 16 hexadecimal digits of their kind, their keys and some of their bytes.

    Keys alone would not do: two folders may both hold 1.jpg to 100.jpg. So up to 16 files or packed pictures, spread
    evenly, are read, too.
    """
    digest = hashlib.sha256(_kind(source).encode())
    for key in _keys(source):
        digest.update(key.encode("utf-8", "surrogateescape") + b"\0")
    for index in np.unique(np.linspace(0, len(source) - 1, _SAMPLES).round().astype(int)):
        digest.update(hashlib.sha256(_stored(source, int(index))).digest())
    return {"pictures": len(source), "digest": digest.hexdigest()[:16]}


def _keys(source: Source) -> Iterator[str]:
    if isinstance(source, ConcatSource):
        for part in source.parts:
            yield from _keys(part)
    elif not isinstance(source, RecordsSource):  # its digest is that of all names
        yield from (source.key(index) for index in range(len(source)))


def _kind(source: Source) -> str:
    """What besides its keys decides a source's pictures."""
    if isinstance(source, ConcatSource):
        return "+".join(f"{_kind(part)}[{len(part)}]" for part in source.parts)
    if isinstance(source, SubsetSource):
        return _kind(source.source)
    if isinstance(source, SyntheticSource):
        return f"synthetic {source.role} {source.size} {source.seed}"
    if isinstance(source, PackedSource):
        return f"packed {source.canvas}"
    if isinstance(source, TfdsSource):
        return f"tfds {source.dataset} {source.split}"
    if isinstance(source, RecordsSource):
        return f"records {source.digest}"
    return "folder" if isinstance(source, FolderSource) else type(source).__name__


def _stored(source: Source, index: int) -> bytes:
    """A picture as it is stored, undecoded, so that decoders of two machines need not agree; empty where generated."""
    source, index = origin(source, index)
    if isinstance(source, PackedSource):
        return source.load(index).tobytes()
    if isinstance(source, FolderSource):
        try:
            return Path(source.describe(index)).read_bytes()
        except OSError:
            return b""
    return b""
