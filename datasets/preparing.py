"""Any source of pictures to sharded, reduced, shuffled records: what a process does, and the plan of all parts."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from datasets.bucket import BucketSource
from datasets.combining import origin
from datasets.duplicates import near_groups, perceptual_hash
from datasets.folder import FolderSource
from datasets.opening import open_source
from datasets.records import DUPLICATES, FORMAT, INDEX, REPORT, shard_name
from datasets.source import Source
from datasets.stored import stored
from impasto.bulk.places import Place, draft_name, is_url
from impasto.bulk.work import Work
from impasto.errors import FileError, PictureError
from impasto.files import make_folder

WORK = ".impasto-prepare"
# One file a picture and no compression over that of JPEG: read at random, at the disk's speed.
_OPTIONS = "group_size:1,uncompressed"
# Every shard stays open while it is read at random, and systems allow a process 1,024 files.
_MOST_SHARDS, _LEAST_PICTURES = 512, 256


@dataclass(frozen=True)
class Preparation:
    """What to make of a source.

    Attributes:
        source: As `open_source` names it.
        short: Short side in pixels to which larger pictures are reduced.
        least: Pictures whose short side has fewer pixels are left out.
        quality: Of the JPEGs that are encoded.
        shards: Files; None takes one for 256 pictures, 512 at most.
        seed: Of the order.
    """

    source: str
    short: int = 512
    least: int = 64
    quality: int = 95
    shards: int | None = None
    seed: int = 0


@dataclass
class Preparing:
    """Who writes shards: pickled, and sent to every process.

    Attributes:
        work: The parts, and the place that shards go to. A part is a list of [path, URL or number, name].
        wish: What to make.
        shards: How many there are.
    """

    work: Work
    wish: Preparation
    shards: int

    def do(self, number: int) -> None:
        """Writes a shard; what cannot be read or used is left out and noted, with the reason.

        Raises:
            FileError: it cannot be written.
        """
        from array_record.python.array_record_module import ArrayRecordWriter

        place = self.work.place
        folder = Path(place.path(self.work.drafts)) if place.is_local else Path(tempfile.gettempdir())
        draft = folder / draft_name()
        index: dict[str, list[Any]] = {"names": [], "hashes": [], "sizes": []}
        skipped: list[dict[str, str]] = []
        try:
            make_folder(folder)
            writer = ArrayRecordWriter(str(draft), _OPTIONS)
            for where, name in self.work.part(number):
                try:
                    picture = stored(*self._found(where, name), self.wish.short, self.wish.least)
                except PictureError as error:
                    skipped.append({"name": error.name, "reason": error.reason})
                    continue
                writer.write(_example(picture.jpeg(self.wish.quality), name))
                index["names"].append(name)
                index["hashes"].append(f"{perceptual_hash(picture.pixels):016x}")
                index["sizes"].append([picture.pixels.shape[1], picture.pixels.shape[0]])
            writer.close()
            size = draft.stat().st_size
            place.adopt(draft, shard_name(number, self.shards))
        except (OSError, RuntimeError) as error:  # a full disk is the latter's, in the writer
            raise FileError(place.path(shard_name(number, self.shards)), f"cannot be written: {error}") from error
        finally:
            draft.unlink(missing_ok=True)
        text = json.dumps(index)
        place.write(f"{INDEX}/{number:05d}.json", text.encode("ascii"), self.work.drafts)
        digest = hashlib.sha256(text.encode("ascii")).hexdigest()
        self.work.finish(number, {"count": len(index["names"]), "skipped": skipped, "bytes": size, "digest": digest})

    def _found(self, where: str | int, name: str) -> tuple[bytes | np.ndarray, str]:
        """A picture's file, or its pixels; and what to call it."""
        if isinstance(where, str):
            folder, _, file = where.rpartition("/")
            try:
                return _opened(folder or "/").read(file), where
            except FileError as error:
                raise PictureError(error.name, error.reason) from error
        source, inner = origin(_source(self.wish.source, self.wish.seed), where)
        encoded = getattr(source, "encoded", None)
        data = None if encoded is None else encoded(inner)
        return source.load(inner) if data is None else data, source.describe(inner)


@lru_cache(maxsize=256)
def _opened(root: str) -> Place:
    return Place(root)


@lru_cache(maxsize=1)
def _source(spec: str, seed: int) -> Source:
    return open_source(spec, role="content", seed=seed)


def _example(jpeg: bytes, name: str) -> bytes:
    """A record as TensorFlow Datasets reads it."""
    from tensorflow_datasets.proto import tf_example_pb2, tf_feature_pb2

    def of(value: bytes) -> Any:
        return tf_feature_pb2.Feature(bytes_list=tf_feature_pb2.BytesList(value=[value]))

    features = {"image": of(jpeg), "name": of(name.encode("utf-8", "backslashreplace"))}
    example = tf_example_pb2.Example(features=tf_feature_pb2.Features(feature=features))
    return bytes(example.SerializeToString(deterministic=True))


def plan(wish: Preparation) -> tuple[int, Iterator[list[tuple[str | int, str]]]]:
    """How many shards there are, and what goes into each: every picture once, in an order that the seed shuffles.

    Raises:
        ValueError: the source cannot be opened, or has fewer pictures than there are to be shards.
    """
    source = _source(wish.source, wish.seed)
    shards = wish.shards or max(1, min(_MOST_SHARDS, len(source) // _LEAST_PICTURES))
    if shards > len(source):
        raise ValueError(f"--shards {shards}: {source.name} has {len(source)} pictures, fewer than that")
    order = np.random.default_rng(wish.seed).permutation(len(source))

    def parts() -> Iterator[list[tuple[str | int, str]]]:
        for numbers in np.array_split(order, shards):
            yield [(_where(source, int(number)), source.key(int(number))) for number in numbers]

    return shards, parts()


def _where(source: Source, number: int) -> str | int:
    """Where a process finds a picture: in its file, so that it need not list all files; else by its number."""
    kind, inner = origin(source, number)
    if isinstance(kind, FolderSource | BucketSource):
        where = kind.describe(inner)
        return where if is_url(where) else str(Path(where).absolute())
    return number


def summary(work: Work, wish: Preparation, shards: int, near: int, drop: bool) -> dict[str, Any]:
    """Writes what the records are, when all shards are there: the report, near copies, and the metadata for TFDS.

    Args:
        work: All of whose parts are done.
        wish: What was made.
        shards: How many there are.
        near: Pictures whose 64-bit hashes differ in at most this many bits are near copies.
        drop: Whether readers leave out all but the first of each group.

    Returns:
        The report: `pictures`, `shards` (pictures of each), `bytes`, `skipped` (name and reason), `duplicates`
        (groups), `copies` (pictures beside the first of their group), and what was asked for.
    """
    counts, skipped, size, digest = [], [], 0, hashlib.sha256()
    hashes = []
    for number in range(shards):
        result = work.result(number)
        counts.append(result["count"])
        skipped += result["skipped"]
        size += result["bytes"]
        digest.update(result["digest"].encode())
        found = json.loads(work.place.read(f"{INDEX}/{number:05d}.json"))["hashes"]
        hashes.append(np.array([int(code, 16) for code in found], np.uint64))
    groups = near_groups(np.concatenate(hashes), near) if hashes else []
    _write_json(work, DUPLICATES, {"near": near, "places": groups, "names": _names(work, groups, counts)})
    if sum(counts):
        _describe(work, counts)
    report = {
        "format": FORMAT,
        "version": 1,
        "source": wish.source,
        "short": wish.short,
        "least": wish.least,
        "quality": wish.quality,
        "seed": wish.seed,
        "pictures": sum(counts),
        "bytes": size,
        "digest": digest.hexdigest()[:16],
        "duplicates": len(groups),
        "copies": sum(len(group) - 1 for group in groups),
        "drop_duplicates": drop,
        "shards": counts,
        "skipped": skipped,
    }
    _write_json(work, REPORT, report)
    return report


def _names(work: Work, groups: list[list[int]], counts: list[int]) -> list[list[str]]:
    """The names of the pictures at these places."""
    ends = np.cumsum(counts)
    wanted: dict[int, str] = {}
    places = np.array(sorted(place for group in groups for place in group), int)
    shards = np.searchsorted(ends, places, side="right")
    for shard in np.unique(shards).tolist():
        names = json.loads(work.place.read(f"{INDEX}/{shard:05d}.json"))["names"]
        start = int(ends[shard]) - counts[shard]
        wanted |= {place: names[place - start] for place in places[shards == shard].tolist()}
    return [[wanted[place] for place in group] for group in groups]


def _describe(work: Work, counts: list[int]) -> None:
    """Writes dataset_info.json and features.json, so that TensorFlow Datasets reads the folder."""
    import tensorflow_datasets as tfds

    with tempfile.TemporaryDirectory() as folder:
        identity = tfds.core.dataset_info.DatasetIdentity(
            name="corpus", version=tfds.core.Version("1.0.0"), data_dir=folder, module_name=""
        )
        features = tfds.features.FeaturesDict(
            {"image": tfds.features.Image(shape=(None, None, 3), encoding_format="jpeg"), "name": tfds.features.Text()}
        )
        info = tfds.core.DatasetInfo(
            builder=identity,
            features=features,
            description="Pictures prepared by Impasto: reduced and shuffled; see report.json.",
        )
        info.set_file_format(tfds.core.FileFormat.ARRAY_RECORD)
        template = tfds.core.ShardedFileTemplate(
            data_dir=folder, dataset_name="corpus", split="train", filetype_suffix="array_record"
        )
        split = tfds.core.SplitInfo(name="train", shard_lengths=counts, num_bytes=0, filename_template=template)
        info.set_splits(tfds.core.splits.SplitDict([split]))
        info.write_to_directory(folder)
        for file in sorted(Path(folder).iterdir()):
            work.place.write(file.name, file.read_bytes(), work.drafts)


def _write_json(work: Work, name: str, content: Any) -> None:
    work.place.write(name, (json.dumps(content, indent=1) + "\n").encode("ascii"), work.drafts)
