"""A folder of pictures, any depth, any format that can be read."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from impasto.errors import PictureError
from impasto.pictures.folders import walk
from impasto.pictures.reading import read

log = logging.getLogger(__name__)


class FolderSource:
    """Every picture below a folder, in the order of their paths: the same files get the same numbers.

    `unreadable_folders` lists the folders that could not be entered and links that lead nowhere; `ignored` the files
    that are no pictures by suffix and by content (tables, notes). Hidden files and folders are left out, as are the
    folders `leave_out`: a run may write into a folder that it reads. Raises ValueError where the folder is missing or
    holds no picture.
    """

    def __init__(self, path: str | Path, leave_out: Iterable[Path] = ()) -> None:
        self.root = Path(path)
        self.name = str(path)
        if not self.root.exists():
            raise ValueError(f"folder {self.root} does not exist")
        if not self.root.is_dir():
            raise ValueError(f"{self.root} is a file, expected a folder of pictures")
        tree = walk(self.root, leave_out)
        self.unreadable_folders: list[PictureError] = tree.refused
        self.ignored = [path.as_posix() for path in tree.ignored]
        self.keys = [path.as_posix() for path in tree.pictures]
        for folder in self.unreadable_folders:
            log.warning("%s", folder)
        if not self.keys:
            detail = f" ({self.unreadable_folders[0]})" if self.unreadable_folders else ""
            raise ValueError(f"folder {self.root} holds no picture{detail}")

    def __len__(self) -> int:
        return len(self.keys)

    def load(self, index: int) -> np.ndarray:
        return read(self.describe(index)).pixels

    def key(self, index: int) -> str:
        return self.keys[index]

    def describe(self, index: int) -> str:
        return str(self.root / self.keys[index])
