"""Reading files of text and JSON: what is not expected is said with the file's name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def read_text(path: Path, expected: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Args:
        path: Of the file.
        expected: What it should be, for the message: "a table (CSV)".

    Raises:
        OSError: it cannot be read.
        ValueError: it is no UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: expected {expected}, found bytes that are no text in UTF-8 ({error})") from error


def read_json(path: Path, expected: str) -> dict[str, Any]:
    """The JSON object in a file; arguments and errors as of `read_text`, and ValueError where it is none."""
    text = read_text(path, expected)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: expected {expected}, found no JSON ({error})") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path}: expected {expected}, found other JSON ({type(found).__name__})")
    return found
