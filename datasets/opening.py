"""The small language that names a source of pictures on the command line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from datasets.bucket import BucketSource
from datasets.combining import ConcatSource, SubsetSource, load_subset
from datasets.folder import FolderSource
from datasets.packed import PackedSource, index_path
from datasets.records import RecordsSource
from datasets.source import Role, Source
from datasets.synthetic import open_synthetic
from datasets.tfds_source import TfdsSource
from impasto.bulk.places import is_url

SPEC_HELP = """\
A source of pictures is written as one of
  PATH or folder:PATH         every picture below a folder, any depth, any format that can be read
  packed:PATH.npy             an array written by `python -m datasets pack`
  synthetic[:COUNT[:SIZE]]    generated: photographs for content, paintings and textures for style
                              (default 1000 pictures of 256 px)
  records:PATH[#shard=K/N]    records written by `python -m datasets prepare`; every N-th shard from K on
  tfds:NAME[/CONFIG][:SPLIT]  a TensorFlow dataset with an `image` feature, got by `python -m datasets download`
                              (default split: train)
  gs://BUCKET/PATH            pictures below a place of a bucket, or whatever else fsspec opens
Append @SPLIT.json#train (or #val) to keep only the pictures on one side of a split file written by
`python -m datasets split`; join several sources with +, for example
  folder:paintings@split.json#train+synthetic:500
"""


_SUBSET = re.compile(r"^(?P<base>.+)@(?P<split>[^@]+\.json)#(?P<side>\w+)$")


def open_source(spec: str, *, role: Role, seed: int = 0, leave_out: Sequence[Path] = ()) -> Source:
    """Opens the source that `spec` names (see SPEC_HELP).

    `role` says which pictures a synthetic source makes; `seed` is the synthetic source's seed; folders `leave_out` are
    not looked into, such as those of the results. Raises
    ValueError with a one-sentence reason for a malformed spec, a missing file, or a dataset that is not
    there.
    """
    if role not in ("content", "style"):
        raise ValueError(f"role must be 'content' or 'style', not {role!r}")
    if "+" in spec and not Path(spec.removeprefix("folder:")).exists():
        return ConcatSource(
            [open_source(part.strip(), role=role, seed=seed, leave_out=leave_out) for part in spec.split("+")]
        )
    if match := _SUBSET.match(spec):
        base = open_source(match["base"], role=role, seed=seed, leave_out=leave_out)
        return load_subset(base, match["split"], match["side"])
    kind, colon, rest = spec.partition(":")
    if kind == "synthetic":
        return open_synthetic(rest, role=role, seed=seed)
    if colon and kind == "packed":
        return PackedSource(rest)
    if colon and kind == "tfds":
        return TfdsSource(rest)
    if colon and kind == "records":
        return RecordsSource(rest)
    if is_url(spec):
        return BucketSource(spec)
    path = rest if colon and kind == "folder" else spec
    if not path:
        raise ValueError(f"empty source name {spec!r}; expected a folder, packed:, synthetic: or tfds:")
    return FolderSource(path, leave_out)


def files_of(source: Source) -> list[str]:
    """The files that a source reads, so that none of them is written to."""
    if isinstance(source, ConcatSource):
        return [path for part in source.parts for path in files_of(part)]
    if isinstance(source, SubsetSource):
        return [*files_of(source.source), *([] if source.split is None else [str(source.split)])]
    if isinstance(source, FolderSource):
        return [source.describe(index) for index in range(len(source))]
    if isinstance(source, RecordsSource):
        return source.files
    return [str(source.path), str(index_path(source.path))] if isinstance(source, PackedSource) else []
