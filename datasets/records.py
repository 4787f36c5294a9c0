"""Pictures in records that `python -m datasets prepare` wrote: array_record files in TensorFlow Datasets' format.

Read without TensorFlow, at random access.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from impasto.errors import PictureError
from impasto.pictures.reading import read
from impasto.text_files import read_json

REPORT, DUPLICATES, INDEX = "report.json", "duplicates.json", "index"
FORMAT = "impasto-records"


def shard_name(number: int, count: int) -> str:
    """The file of a shard, as TensorFlow Datasets names it."""
    return f"corpus-train.array_record-{number:05d}-of-{count:05d}"


@dataclass(frozen=True)
class _Whole:
    """A whole file, with the number of its records: the reader need not open it to count them."""

    filename: str
    take: int
    examples_in_shard: int
    skip: int = 0


class RecordsSource:
    """The pictures of `PATH` or, for one of several processes, of every N-th of its shards: `PATH#shard=K/N`.

    Near copies are left out where the records were prepared so.

    Raises ValueError where the folder is missing, unfinished or damaged, or where the process would have no shard.
    """

    def __init__(self, spec: str) -> None:
        path, _, part = spec.partition("#")
        self.root = Path(path)
        self.name = f"records:{spec}"
        self.report = _read_report(self.root)
        shards: list[int] = self.report["shards"]
        self._chosen = _chosen(part, len(shards), self.name)
        counts = [shards[number] for number in self._chosen]
        self._ends = np.cumsum(counts)
        files = [
            _Whole(str(self.root / shard_name(number, len(shards))), count, count)
            for number, count in zip(self._chosen, counts, strict=True)
            if count
        ]
        for file in files:
            if not Path(file.filename).is_file():
                raise ValueError(f"{file.filename} is missing; copy the whole folder, or prepare it again")
        from array_record.python.array_record_data_source import ArrayRecordDataSource

        self.records: Sequence[bytes] = ArrayRecordDataSource(files)
        self.files = [*(file.filename for file in files), str(self.root / REPORT), str(self.root / DUPLICATES)]
        self._kept = self._without_copies() if self.report["drop_duplicates"] else np.arange(len(self.records))
        self._names = lru_cache(maxsize=64)(self._read_names)

    def _without_copies(self) -> np.ndarray:
        """Places in the chosen shards of all pictures but the later ones of each group of near copies."""
        found = read_json(self.root / DUPLICATES, "the list of near copies")
        kept = np.ones(self.report["pictures"], bool)
        kept[np.array([place for group in found["places"] for place in group[1:]], int)] = False
        ends = np.cumsum(self.report["shards"])
        starts = ends - self.report["shards"]
        return np.flatnonzero(np.concatenate([kept[starts[number] : ends[number]] for number in self._chosen]))

    def __len__(self) -> int:
        return len(self._kept)

    def load(self, index: int) -> np.ndarray:
        from tensorflow_datasets.proto import tf_example_pb2

        try:
            record = self.records[int(self._kept[index])]
            image = tf_example_pb2.Example.FromString(record).features.feature["image"].bytes_list.value[0]
        except Exception as error:  # of the reader's and the parser's own kinds
            raise PictureError(self.describe(index), f"damaged record: {' '.join(str(error).split())}") from error
        return read(image, name=self.describe(index)).pixels

    def key(self, index: int) -> str:
        number, inner = self._find(index)
        return str(self._names(number)[inner])

    def describe(self, index: int) -> str:
        number, inner = self._find(index)
        return f"{self.root / shard_name(number, len(self.report['shards']))}[{inner}]"

    def _find(self, index: int) -> tuple[int, int]:
        """The shard of a picture, and its place in it."""
        place = int(self._kept[index])
        chosen = int(np.searchsorted(self._ends, place, side="right"))
        return self._chosen[chosen], place - (int(self._ends[chosen - 1]) if chosen else 0)

    def _read_names(self, number: int) -> list[str]:
        found = read_json(self.root / INDEX / f"{number:05d}.json", "the names of a shard")
        names: list[str] = found["names"]
        return names

    @property
    def digest(self) -> str:
        """16 hexadecimal digits of what is chosen of what was prepared."""
        return f"{self.report['digest']} {self._chosen[0]} {len(self._chosen)}"


def _read_report(root: Path) -> dict[str, Any]:
    path = root / REPORT
    try:
        found = read_json(path, "the report of records")
    except FileNotFoundError:
        if (root / ".impasto-prepare").is_dir():
            raise ValueError(f"{root} is unfinished; run the same prepare command again") from None
        raise ValueError(
            f"{root} holds no records; python -m datasets prepare SOURCE --out {root} writes them"
        ) from None
    if found.get("format") != FORMAT or found.get("version") != 1:
        raise ValueError(f"{path}: expected the report of records ({FORMAT}, version 1), found something else")
    return found


def _chosen(part: str, shards: int, name: str) -> list[int]:
    if not part:
        return list(range(shards))
    match = re.fullmatch(r"shard=(\d+)/(\d+)", part)
    if not match or not int(match[1]) < int(match[2]):
        raise ValueError(f"{name}: expected #shard=K/N with K from 0 to N - 1, received #{part}")
    chosen = list(range(int(match[1]), shards, int(match[2])))
    if not chosen:
        raise ValueError(
            f"{name}: there are {shards} shards, fewer than {match[2]} processes; prepare it with --shards {match[2]} "
            "or more"
        )
    return chosen
