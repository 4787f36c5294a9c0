"""A folder of pictures, any depth, any format that Pillow reads."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import numpy as np
from PIL import Image

from datasets.decode import decode_file, readable_formats, readable_suffixes
from datasets.source import UnreadableImage

log = logging.getLogger(__name__)


class FolderSource:
    """Every picture below a folder, in the order of their paths: the same files get the same numbers.

    `unreadable_folders` lists the folders that could not be entered; `ignored` the files that are no pictures
    by suffix and by content (tables, notes). Hidden files and folders are left out. Raises ValueError where
    the folder is missing or holds no picture.
    """

    def __init__(self, path: str | Path) -> None:
        self.root = Path(path)
        self.name = str(path)
        if not self.root.exists():
            raise ValueError(f"folder {self.root} does not exist")
        if not self.root.is_dir():
            raise ValueError(f"{self.root} is a file, expected a folder of pictures")
        self.unreadable_folders: list[UnreadableImage] = []
        self.ignored: list[str] = []
        self.keys = self._scan()
        for folder in self.unreadable_folders:
            log.warning("unreadable folder %s", folder)
        if not self.keys:
            detail = f" ({self.unreadable_folders[0]})" if self.unreadable_folders else ""
            raise ValueError(f"folder {self.root} holds no picture{detail}")

    def _scan(self) -> list[str]:
        def refused(error: OSError) -> None:
            self.unreadable_folders.append(
                UnreadableImage(str(error.filename), f"cannot be opened: {error.strerror or error}")
            )

        suffixes = readable_suffixes()
        keys = []
        for folder, subfolders, files in os.walk(self.root, onerror=refused):
            subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
            for file in files:
                if file.startswith("."):
                    continue
                path = Path(folder, file)
                key = path.relative_to(self.root).as_posix()
                if path.suffix.lower() in suffixes or _looks_like_a_picture(path):
                    keys.append(key)
                else:
                    self.ignored.append(key)
        self.ignored.sort()
        return sorted(keys)

    def __len__(self) -> int:
        return len(self.keys)

    def load(self, index: int) -> np.ndarray:
        return decode_file(self.describe(index))

    def key(self, index: int) -> str:
        return self.keys[index]

    def describe(self, index: int) -> str:
        return str(self.root / self.keys[index])


def _looks_like_a_picture(path: Path) -> bool:
    """Whether a file with a suffix that says nothing begins like a picture."""
    try:
        with Image.open(path, formats=readable_formats()):
            return True
    except Exception:
        # Not a picture, or one too damaged to be recognised without a suffix.
        return False
