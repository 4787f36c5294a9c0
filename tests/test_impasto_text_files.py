"""Files of text and JSON that are something else: every reader names the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets.packed import PackedSource
from datasets.splitting import read_groups
from impasto.text_files import read_json, read_text
from train import metrics

# The head of a PNG: no text in UTF-8.
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def packed(path: Path) -> PackedSource:
    np.save(path.with_suffix(".npy"), np.zeros((1, 8, 8, 3), np.uint8))
    return PackedSource(path.with_suffix(".npy"))


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("groups.csv", lambda path: read_groups(path, "artist", "file")),
        ("packed.json", packed),
        (metrics.FILE, lambda path: metrics.read(path.parent)),
        ("notes.txt", lambda path: read_text(path, "notes")),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, name: str, read: Callable[[Path], Any]) -> None:
    path = tmp_path / name
    path.write_bytes(PICTURE)
    with pytest.raises(ValueError, match=f"{path}: expected .*, found bytes that are no text in UTF-8"):
        read(path)


@pytest.mark.parametrize(
    ("text", "found"),
    [("{", "no JSON"), ("[" * 100_000, "no JSON"), ("[1]", r"other JSON \(list\)"), ("", "no JSON")],
)
def test_what_is_no_object_is_named(tmp_path: Path, text: str, found: str) -> None:
    path = tmp_path / "entries.json"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"{path}: expected entries, found {found}"):
        read_json(path, "entries")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "entries.json"
    path.write_bytes(b'\xef\xbb\xbf{"a": "\xc3\xa9"}')
    assert read_json(path, "entries") == {"a": "é"}
