"""Dividing a folder of pictures into training and held-out ones."""

from __future__ import annotations

import csv
import hashlib
import io
import os
from pathlib import Path
from typing import Any

from datasets.folder import FolderSource
from impasto.text_files import read_text


def held_out(group: str, holdout: float, seed: int = 0) -> bool:
    """Whether a group is held out: its hash decides, so that adding pictures moves no other picture."""
    digest = hashlib.sha256(os.fsencode(f"{seed}\0{group}")).digest()
    return int.from_bytes(digest[:8], "big") < holdout * 2**64


def read_groups(table: str | Path, column: str, file_column: str) -> dict[str, str]:
    """File name to group from two columns of a CSV, without empty groups. Raises ValueError if malformed."""
    path = Path(table)
    if not path.exists():
        raise ValueError(f"table {path} does not exist")
    try:
        reader = csv.DictReader(io.StringIO(read_text(path, "a table (CSV)"), newline=""))
        for wanted in (column, file_column):
            if wanted not in (reader.fieldnames or ()):
                raise ValueError(f"table {path} has no column {wanted!r}, it has {', '.join(reader.fieldnames or ())}")
        return {row[file_column]: row[column] for row in reader if row[column]}
    except csv.Error as error:
        raise ValueError(f"{path}: expected a table (CSV), found another file ({error})") from error


def split_folder(
    source: FolderSource,
    *,
    holdout: float = 0.05,
    seed: int = 0,
    groups: dict[str, str] | None = None,
    column: str | None = None,
) -> dict[str, Any]:
    """Divides the pictures below a folder; a whole group (an artist, say) always lies on one side.

    Pictures without a group count as groups of their own. Returns what the split file holds: train and val
    (lists of paths relative to the folder), and how they were chosen. Raises ValueError where a side stays
    empty, or where no picture has a group although there are groups.
    """
    if not 0 < holdout < 1:
        raise ValueError(f"holdout must lie between 0 and 1, got {holdout}")
    sides: dict[str, list[str]] = {"train": [], "val": []}
    found: dict[str, str] = {}
    for key in source.keys:
        group = (groups or {}).get(key)
        if group is None and groups:
            group = groups.get(Path(key).name)
        if group:
            found[key] = group
        name = f"group:{group}" if group else f"file:{key}"
        sides["val" if held_out(name, holdout, seed) else "train"].append(key)
    if groups is not None and not found:
        example = repr(next(iter(groups))) if groups else "nothing"
        raise ValueError(
            f"none of the {len(source)} pictures of {source.name} (such as {source.keys[0]!r}) is in the table of "
            f"groups, which names {example}: nothing would be kept together; is --file-column the right one?"
        )
    for side, keys in sides.items():
        if not keys:
            raise ValueError(
                f"the {side} side of {source.name} stays empty with holdout {holdout} and seed {seed}: "
                "too few files or groups; choose another share or seed"
            )
    return {
        "format": "impasto-split",
        "version": 1,
        "folder": source.name,
        "holdout": holdout,
        "seed": seed,
        "grouped_by": column if groups else None,
        "grouped_files": len(found),
        "groups": len(set(found.values())),
        **sides,
    }
