"""Which pictures a command writes, and under which names: decided before any is painted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stylize.pictures import PictureError, output_format


@dataclass(frozen=True)
class Job:
    """One picture to paint: `content` in the (blended) styles, written to `out`."""

    content: Path
    styles: tuple[Path, ...]
    out: Path


def plan(contents: Sequence[Path], styles: Sequence[Path], out: Path, *, blended: bool) -> list[Job]:
    """Every content with every style, or with all styles at once.

    Names are CONTENT__STYLE.png and CONTENT__blend.png in the folder `out`, from the files' names without
    suffix. Where two would be equal, the later one gets a number (cat, cat-2). A single picture may be named
    by `out` itself.

    Raises:
        PictureError: `out` names a picture file although there are more to write, or a file that is also
            read.
    """
    groups = [tuple(styles)] if blended else [(style,) for style in styles]
    labels = ["blend"] if blended else unique([style.stem for style in styles])
    stems = unique([content.stem for content in contents])
    pairs = [(content, group) for content in contents for group in groups]
    if out.suffix and not out.is_dir() and _is_picture(out):
        if len(pairs) != 1:
            raise PictureError(out, f"names one picture, but {len(pairs)} would be written: let --out name a folder")
        outputs = [out]
    else:
        if out.exists() and not out.is_dir():
            raise PictureError(out, "expected a folder or the name of a picture, found a file")
        names = unique([f"{stem}__{label}" for stem in stems for label in labels])
        outputs = [out / f"{name}.png" for name in names]
    keep_inputs(outputs, (*contents, *styles))
    return [Job(content, group, path) for (content, group), path in zip(pairs, outputs, strict=True)]


def keep_inputs(outputs: Sequence[Path], inputs: Sequence[Path]) -> None:
    """Raises PictureError where a file that is read would be overwritten."""
    read = {path.resolve() for path in inputs}
    for path in outputs:
        if path.resolve() in read:
            raise PictureError(path, "would be overwritten, but is also read: choose another --out")


def unique(names: Sequence[str]) -> list[str]:
    """The names in order, a repeated one with the lowest number from 2 on that makes it differ from all
    others.

    Letter case does not count as a difference, because some file systems ignore it.
    """
    taken = {name.casefold() for name in names}
    seen: set[str] = set()
    result = []
    for name in names:
        candidate, number = name, 2
        if name.casefold() in seen:
            while (candidate := f"{name}-{number}").casefold() in taken:
                number += 1
            taken.add(candidate.casefold())
        seen.add(candidate.casefold())
        result.append(candidate)
    return result


def _is_picture(path: Path) -> bool:
    try:
        output_format(path)
    except PictureError:
        return False
    return True
