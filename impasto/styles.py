"""A style on its own: 100 numbers that can be kept, mixed, and sent as a link or a small file.

Files and links are the page's own: what was saved there is opened here, and the other way round.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from impasto.console import one_line
from impasto.errors import StyleError
from impasto.files import write_json
from impasto.share_code import decode, encode
from impasto.text_files import read_json

SUFFIX = ".impasto-style.json"
_FORMAT = "impasto-style"
_FRAGMENT = "#style="
_LONGEST_TITLE = 200


@dataclass(frozen=True, eq=False)
class Style:
    """A style, as a model sees it.

    Attributes:
        embedding: float32 `[E]`.
        model: Fingerprint of the model, 16 hexadecimal digits: its numbers mean nothing to another.
        strength: At which it is meant to be painted, where nothing else is said.
        title: For people.
        model_name: Likewise.
    """

    embedding: np.ndarray
    model: str
    strength: float = 1.0
    title: str = ""
    model_name: str = ""

    @property
    def code(self) -> str:
        """The style as text (impasto.share_code)."""
        return encode(self.embedding, self.strength, self.model)

    def link(self, page: str) -> str:
        """An address that opens the page at `page` with this style."""
        return page.partition("#")[0] + _FRAGMENT + self.code

    def save(self, path: str | os.PathLike[str]) -> None:
        """Writes the style as the page does, as a small JSON file; its usual suffix is `.impasto-style.json`."""
        made = {
            "format": _FORMAT,
            "version": 1,
            "title": self.title[:_LONGEST_TITLE],
            "model": f"{self.model_name} {self.model}".strip(),
            "code": self.code,
        }
        write_json(path, made)  # a title from a name of any bytes, too


def is_style(source: object) -> bool:
    """Whether a path or text is meant as a saved style: the name of a JSON file, or a link of the page."""
    if not isinstance(source, (str, os.PathLike)):
        return False
    text = os.fspath(source)
    return isinstance(text, str) and (text.lower().endswith(".json") or _FRAGMENT in text)


def style_number(source: object, names: Sequence[str]) -> int | None:
    """Which of a model's own styles is meant: by its name, or its number as a number or in digits; None for none.

    Raises:
        StyleError: a number that none of them has.
    """
    if isinstance(source, str) and source in names:
        return list(names).index(source)
    if isinstance(source, str) and names and source.isascii() and source.isdigit() and not os.path.exists(source):
        source = int(source)
    if not isinstance(source, int) or isinstance(source, bool):
        return None
    if not 0 <= source < len(names):
        have = f"has the styles {', '.join(f'{i} {n}' for i, n in enumerate(names))}" if names else "has none by number"
        raise StyleError(f"style {source}: the model {have}")
    return source


def read_style(source: str | os.PathLike[str], model: str, length: int, model_name: str = "") -> Style:
    """Reads a saved style.

    Args:
        source: A file that the page or `Style.save` wrote, or a link.
        model: Fingerprint of the model that is to paint it.
        length: E.
        model_name: For people.

    Raises:
        StyleError: the file or link is no style, is damaged, or belongs to another model; names the file.
    """
    text = os.fspath(source)
    if _FRAGMENT in text:
        vector, strength = decode(text.partition(_FRAGMENT)[2], model, length)
        return Style(vector, model, strength, "shared style", model_name)
    try:
        found = read_json(Path(text), f"a saved style ({_FORMAT})")
    except OSError as error:
        raise StyleError(f"{text}: cannot be read: {one_line(error)}") from error
    except ValueError as error:
        raise StyleError(str(error)) from error
    if found.get("format") != _FORMAT:
        raise StyleError(f"{text}: expected a saved style ({_FORMAT}), found other JSON")
    if found.get("version") != 1:
        raise StyleError(f"{text}: expected a style file of version 1, found {found.get('version')!r}")
    code, title = found.get("code"), found.get("title")
    if not isinstance(code, str) or not isinstance(title, str):
        raise StyleError(f"{text}: expected the entries code and title as text")
    try:
        vector, strength = decode(code, model, length)
    except StyleError as error:
        raise StyleError(f"{text}: {error}") from error
    return Style(vector, model, strength, title, model_name)
