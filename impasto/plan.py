"""Which pictures a command writes, and under which names: decided before any is painted."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import PictureError
from impasto.pictures.folders import Found
from impasto.pictures.formats import WRITTEN, output_format
from impasto.pictures.names import LONGEST, joined, joined_from, unique

# Kept free behind a name, for the number that may have to be added.
_ROOM = LONGEST - 6


@dataclass(frozen=True)
class Job:
    """One picture to paint: `content` in the (blended) styles, written to `out`. Styles are given by their number."""

    content: Path
    styles: tuple[int, ...]
    out: Path


def plan(
    contents: Sequence[Found], labels: Sequence[str], out: str, *, blended: bool, suffix: str = ".png"
) -> list[Job]:
    """Every content with every style, or with all styles at once.

    In the folder `out` they lie as their contents lie in theirs, as CONTENT__STYLE and CONTENT__blend. Where two names
    would be equal, the later one gets a number (cat, cat-2). A single picture may be named by `out` itself.

    Args:
        contents: The photographs, with their places below the folders that were named.
        labels: What each style is called in names.
        out: A folder, or the name of a picture; a folder's for certain where it ends in a slash.
        blended: All styles in one picture.
        suffix: Of the pictures in a folder.

    Raises:
        PictureError: `out` names a picture file although there are more to write, or is neither.
    """
    groups = [tuple(range(len(labels)))] if blended else [(number,) for number in range(len(labels))]
    names = ["blend"] if blended else unique(list(labels))
    named = named_picture(out)
    if named is not None:
        if len(contents) * len(groups) != 1:
            count = len(contents) * len(groups)
            raise PictureError(named, f"names one picture, but {count} would be written: let --out name a folder")
        return [Job(contents[0].path, groups[0], named)]
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise PictureError(folder, "expected a folder or the name of a picture, found a file")
    stems = _stems(contents)
    places = [
        (Path(stem).parent / joined(Path(stem).name, name, suffix, _ROOM)).as_posix()[: -len(suffix)]
        for stem in stems
        for name in names
    ]
    pairs = [(found, group) for found in contents for group in groups]
    return [
        Job(found.path, group, folder / f"{place}{suffix}")
        for (found, group), place in zip(pairs, unique(places))  # noqa: B905 - as many by construction
    ]


def _stems(contents: Sequence[Found]) -> list[str]:
    """Their places without suffix, no two equal."""
    return unique([(found.place.parent / found.place.stem).as_posix() for found in contents])


def without_results(contents: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """Pictures of a folder that is read and written, parted: photographs, and what is painted from these by its name.

    Which styles there were before is not known: CONTENT__ of another picture there tells enough.
    """
    told = joined_from(_stems(contents))
    parted: tuple[list[Found], list[Found]] = ([], [])
    for found, is_result in zip(contents, told):  # noqa: B905 - as many by construction
        parted[is_result].append(found)
    return parted


def named_picture(out: str) -> Path | None:
    """The one picture that `out` names, or None where it names a folder.

    Raises:
        PictureError: it looks like a picture's name, with a suffix that is not written.
    """
    path = Path(out)
    if out.endswith(("/", os.sep)) or path.is_dir():
        return None
    if path.suffix.lower() in WRITTEN:
        return path
    if re.fullmatch(r"\.[A-Za-z][A-Za-z0-9]{1,4}", path.suffix):
        try:
            output_format(path)
        except PictureError as error:
            reason = f"{error.reason.rstrip('?')} (a folder of that name ends in a slash: {path.name}/)"
            raise PictureError(path, reason) from None
    return None
