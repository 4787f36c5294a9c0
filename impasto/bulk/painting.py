"""Photographs of a corpus painted in many styles: the part that a process does, and the plan of all parts."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from impasto.bulk.places import Place, is_url
from impasto.bulk.work import Work
from impasto.console import one_line
from impasto.errors import FileError, PictureError
from impasto.pictures.formats import READ_BY_NAME
from impasto.pictures.names import LONGEST, shortened, unique
from impasto.pictures.reading import Picture, read
from impasto.pictures.writing import encode

if TYPE_CHECKING:
    from impasto.painter import Painter
    from impasto.styles import Style

WORK = ".impasto-corpus"
# A part is done as a whole or not noted as done: small enough to lose little, large enough to be few.
_MOST_PARTS, _LARGEST = 256, 256


@dataclass(frozen=True)
class Look:
    """How to paint, and how to write: what all pictures of a corpus have in common.

    Attributes:
        strength: 0 paints the photo in its own style, 1 in the other; None takes the style's own.
        stroke: Size of the strokes (impasto.stylizer.Settings); None for the network's own.
        size: Long side of the result in pixels; None keeps the photo's own.
        keep_color: None or "luma".
        tile: Largest side in pixels of what is painted at once; None takes the model's.
        format: Suffix of the pictures, without its dot.
        quality: Of JPEG, WebP and AVIF.
        keep_metadata: Write the photo's EXIF, resolution and profile.
    """

    strength: float | None = None
    stroke: float | None = 1.0
    size: int | None = None
    keep_color: str | None = None
    tile: int | None = None
    format: str = "jpg"
    quality: int = 95
    keep_metadata: bool = True


@dataclass
class Corpus:
    """Who paints parts: photographs, each in every style, into a folder a style.

    Pickled, and sent to every process; there the model is loaded once.

    Attributes:
        work: The parts, and the place that pictures go to. A part is a list of [photograph, name without suffix].
        styles: (name of the folder, style) of each.
        look: How to paint.
        model: Name or exported folder; None for the first that ships.
        runtime: What computes; None for the fastest.
        threads: For computing, in each process.
    """

    work: Work
    styles: Sequence[tuple[str, Style]]
    look: Look
    model: str | None = None
    runtime: str | None = None
    threads: int = 1

    def do(self, number: int) -> None:
        """Paints a part. What is there already is left; a photograph that cannot be painted is noted with its error.

        Raises:
            FileError: a picture cannot be written.
        """
        failed: list[dict[str, str]] = []
        written = 0
        for source, name in self.work.part(number):
            wanted = [(f"{label}/{name}.{self.look.format}", style) for label, style in self.styles]
            left = [(out, style) for out, style in wanted if not self.work.place.exists(out)]
            written += len(wanted) - len(left)
            if not left:
                continue
            try:
                photo = read(fetched(source), long_side=self.look.size, name=source)
                for out, style in left:
                    self._paint(photo, style, out)
                    written += 1
            except _Unwritten as error:
                raise error.reason from None
            except PictureError as error:
                failed.append({"name": error.name, "reason": error.reason})
            except MemoryError:
                failed.append({"name": source, "reason": "out of memory; a smaller --size or --tile needs less"})
            except Exception as error:  # whatever a photograph does to the network: the others are painted
                failed.append({"name": source, "reason": f"cannot be painted: {one_line(error)}"})
        self.work.finish(number, {"written": written, "failed": failed})

    def _paint(self, photo: Picture, style: Style, out: str) -> None:
        look = self.look
        picture = _painter(self.model, self.runtime, self.threads).paint(
            photo.pixels, style, look.strength, stroke=look.stroke, keep_color=look.keep_color, tile=look.tile
        )
        metadata = photo.metadata if look.keep_metadata else None
        data = encode(Path(out), picture, metadata=metadata, quality=look.quality)
        try:
            self.work.place.write(out, data, self.work.drafts)
        except FileError as error:
            raise _Unwritten(error) from error


class _Unwritten(Exception):
    """A disk that is full is no fault of the photograph."""

    def __init__(self, reason: FileError) -> None:
        super().__init__(str(reason))
        self.reason = reason


@functools.lru_cache(maxsize=1)
def _painter(model: str | None, runtime: str | None, threads: int) -> Painter:
    from impasto.painter import load

    return load(model, runtime=runtime, threads=threads)


def fetched(source: str) -> str | bytes:
    """What the reader of pictures takes: a path of this machine, or the bytes of a file in a bucket.

    Raises:
        PictureError: the file in the bucket cannot be read.
    """
    if not is_url(source):
        return source
    folder, _, name = source.rpartition("/")
    try:
        return _opened(folder).read(name)
    except FileError as error:
        raise PictureError(error.name, error.reason) from error


@functools.lru_cache(maxsize=64)
def _opened(root: str) -> Place:
    return Place(root)


def photographs(
    paths: Sequence[str], out: str, labels: Sequence[str] = ()
) -> tuple[list[tuple[str, str]], list[str], list[PictureError]]:
    """What folders, files and buckets hold.

    Args:
        paths: Of this machine, or URLs.
        out: The folder of the results, which is not looked into; where it is itself one of `paths`, its folders
            `labels` are not.
        labels: Folders of `out` that hold what was painted.

    Returns:
        (whole path or URL, place below its folder without suffix) of every photograph, no two places equal; the files
        that are no pictures; what cannot be looked at.

    Raises:
        PictureError: a path does not exist, or a folder holds no picture.
    """
    from impasto.pictures.folders import collect

    found: list[tuple[str, str]] = []
    ignored: list[str] = []
    refused: list[PictureError] = []
    painted = [f"{out.rstrip('/')}/{label}" for label in labels] if _key(out) in map(_key, paths) else [out]
    for path in paths:
        if not is_url(path):
            collection = collect([Path(path)], leave_out=[Path(place) for place in painted if not is_url(place)])
            found += [(str(one.path.absolute()), one.place.with_suffix("").as_posix()) for one in collection.pictures]
            ignored += [str(one) for one in collection.ignored]
            refused += collection.refused
            continue
        inside = tuple(f"{place.rstrip('/')}/" for place in painted)
        names = [name for name in Place(path).below() if not f"{path.rstrip('/')}/{name}".startswith(inside)]
        pictures = [name for name in names if Path(name).suffix.lower() in READ_BY_NAME]
        if not pictures:
            raise PictureError(path, "expected a place with pictures, found none in it")
        found += [(f"{path.rstrip('/')}/{name}", Path(name).with_suffix("").as_posix()) for name in pictures]
        ignored += [f"{path.rstrip('/')}/{name}" for name in sorted(set(names) - set(pictures))]
    found = list(dict(found).items())
    places = unique([place for _, place in found])
    return [(source, _short(place)) for (source, _), place in zip(found, places, strict=True)], ignored, refused


def _key(place: str) -> str:
    """Equal for two names of one place."""
    return place.rstrip("/") if is_url(place) else str(Path(place).resolve())


def _short(place: str) -> str:
    """A place whose last part leaves room for a suffix."""
    above, slash, name = place.rpartition("/")
    return f"{above}{slash}{shortened(name, LONGEST - 6)}"


def parts(found: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """What each part paints."""
    size = max(1, min(_LARGEST, len(found) // _MOST_PARTS))
    for start in range(0, len(found), size):
        yield list(found[start : start + size])


def as_json(label: str, style: Style) -> dict[str, Any]:
    """A style as the plan keeps it, so that it is looked at once."""
    values = [float(value) for value in style.embedding]
    return {"label": label, "model": style.model, "strength": style.strength, "embedding": values}


def from_json(kept: dict[str, Any]) -> tuple[str, Style]:
    """A style of the plan."""
    from impasto.styles import Style

    return kept["label"], Style(np.asarray(kept["embedding"], np.float32), kept["model"], kept["strength"])


def settings(look: Look, model: str) -> dict[str, Any]:
    """What may not change between two runs into one place."""
    return {**asdict(look), "model": model}
