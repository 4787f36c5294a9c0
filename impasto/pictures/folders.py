"""Which pictures a folder holds, any depth: links followed once, pipes and devices left alone, names of any bytes."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from impasto.console import one_line
from impasto.errors import PictureError
from impasto.pictures.formats import is_picture


@dataclass
class Tree:
    """What was found below a folder; paths are relative to it, in the order of their names.

    Attributes:
        pictures: Files that are meant as pictures, readable or not.
        ignored: Files that are none, pipes, devices.
        refused: Folders that cannot be entered and links that lead nowhere, with the reason.
    """

    pictures: list[Path] = field(default_factory=list)
    ignored: list[Path] = field(default_factory=list)
    refused: list[PictureError] = field(default_factory=list)


def walk(root: Path, leave_out: Iterable[Path] = ()) -> Tree:
    """Looks below a folder. Hidden files and folders are left out, as are the folders `leave_out`, but not `root`.

    A folder that several links lead to is entered once, one that contains `root` never.
    """
    above = {_identity(folder) for folder in Path(os.path.realpath(root)).parents}
    tree = Tree()
    _enter(root, Path(), above | ({_identity(path) for path in leave_out} - {_identity(root)}), tree)
    for found in (tree.pictures, tree.ignored):
        found.sort(key=lambda path: path.as_posix())
    return tree


def _enter(root: Path, inside: Path, seen: set[tuple[int, int] | None], tree: Tree) -> None:
    folder = root / inside
    identity = _identity(folder)
    if identity is None or identity in seen:
        return
    seen.add(identity)
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        tree.refused.append(PictureError(folder, f"cannot be entered: {one_line(error)}"))
        return
    folders = []
    for entry in entries:
        if entry.name.startswith("."):
            continue
        place = inside / entry.name
        try:
            if entry.is_dir():
                # Real folders first: what lies in one is found there, not through a link to it.
                folders.append((entry.is_symlink(), place))
            elif entry.is_file():
                (tree.pictures if is_picture(root / place) else tree.ignored).append(place)
            elif entry.is_symlink() and not os.path.exists(root / place):
                tree.refused.append(PictureError(root / place, "is a link that leads nowhere"))
            else:
                tree.ignored.append(place)
        except OSError as error:  # a link to itself, a network that went
            tree.refused.append(PictureError(root / place, f"cannot be looked at: {one_line(error)}"))
    for _, place in sorted(folders, key=lambda pair: pair[0]):
        _enter(root, place, seen, tree)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@dataclass(frozen=True)
class Found:
    """A picture to read, and its place below the folder that was named: what is made from it goes to the like."""

    path: Path
    place: Path


@dataclass
class Collection:
    """What several paths stand for.

    Attributes:
        pictures: Every file once, in order.
        ignored: Files in the folders that are no pictures.
        refused: Folders and links in them that could not be followed.
    """

    pictures: list[Found] = field(default_factory=list)
    ignored: list[Path] = field(default_factory=list)
    refused: list[PictureError] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """The files."""
        return [found.path for found in self.pictures]


def collect(paths: Iterable[Path], leave_out: Iterable[Path] = ()) -> Collection:
    """The pictures that paths stand for: a file for itself, a folder for all below it but the folders `leave_out`.

    Raises:
        PictureError: a path does not exist, or a folder holds no picture.
    """
    collection = Collection()
    left_out = list(leave_out)
    for path in paths:
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except OSError as error:
            raise PictureError(path, f"cannot be opened: {one_line(error)}") from error
        if is_folder:
            tree = walk(path, left_out)
            if not tree.pictures:
                why = f" ({tree.refused[0]})" if tree.refused else ""
                raise PictureError(path, f"expected a folder with pictures, found none in it{why}")
            collection.pictures += [Found(path / place, place) for place in tree.pictures]
            collection.ignored += [path / place for place in tree.ignored]
            collection.refused += tree.refused
        elif exists:
            collection.pictures.append(Found(path, Path(path.name)))
        else:
            raise PictureError(path, "expected a picture or a folder of pictures, found no such file")
    once = {found.path: found for found in reversed(collection.pictures)}
    collection.pictures = [found for found in dict.fromkeys(collection.pictures) if once[found.path] is found]
    return collection
