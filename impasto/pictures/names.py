"""Names of files to write: of any bytes, different from one another on every file system, and never too long."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence

# What file systems allow, in bytes.
LONGEST = 255


def unique(names: Sequence[str]) -> list[str]:
    """The names in order, a repeated one with the lowest number from 2 on that makes it differ from all others.

    Letter case does not count as a difference, nor how accents are encoded, because some file systems ignore them.
    """
    taken = {_plain(name) for name in names}
    seen: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 2
        if _plain(name) in seen:
            while _plain(candidate := f"{name}-{number}") in taken:
                number += 1
            taken.add(_plain(candidate))
        seen.add(_plain(candidate))
        result.append(candidate)
    return result


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def shortened(name: str, room: int = LONGEST) -> str:
    """The name, or where it has more than `room` bytes its beginning and eight digits that its whole gives.

    Two names that begin alike stay different, and the same name is always shortened alike.
    """
    whole = os.fsencode(name)
    if len(whole) <= room:
        return name
    mark = _mark(name)
    kept = whole[: room - len(mark)]
    while kept and kept[-1] & 0xC0 == 0x80:  # not within a character
        kept = kept[:-1]
    if kept and kept[-1] & 0xC0 == 0xC0:
        kept = kept[:-1]
    return os.fsdecode(kept) + mark


def ended(name: str, end: str, *, start: str = "") -> str:
    """A name between `start` and `end`, which are ASCII; shortened where all three together would be too long."""
    return f"{start}{shortened(name, LONGEST - len(start) - len(end))}{end}"


def _mark(name: str) -> str:
    """What stands at the end of a shortened name."""
    return "~" + hashlib.sha256(os.fsencode(name)).hexdigest()[:8]


_JOINT = "__"


def joined(content: str, style: str, suffix: str, room: int = LONGEST) -> str:
    """The name of a picture of `content` in `style`: CONTENT__STYLE and the suffix, either shortened where needed."""
    left = room - len(os.fsencode(suffix)) - 2
    need = [len(os.fsencode(part)) for part in (content, style)]
    if sum(need) > left:
        style = shortened(style, max(left - need[0], left // 2))
        content = shortened(content, left - len(os.fsencode(style)))
    return f"{content}{_JOINT}{style}{suffix}"


def joined_from(names: Sequence[str]) -> list[bool]:
    """Whether `joined` may have made each name, without its suffix, from another of them and whatever style."""
    marks = {_mark(name): name for name in names}
    known = set(names)

    def is_known(content: str) -> bool:
        whole = marks.get(content[-9:])
        return content in known or (whole is not None and whole.startswith(content[:-9]))

    return [any(is_known(name[: joint.start()]) for joint in re.finditer(f"(?={_JOINT})", name)) for name in names]
