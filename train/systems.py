"""What can be evaluated: an artefact that stylises now, or a folder of pictures that something else stylised."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from datasets.decode import decode_file
from models.stylizer import Stylizer


class System(Protocol):
    """Anything that has a stylised picture for a photograph and a painting."""

    @property
    def name(self) -> str: ...

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        """Photograph `[H, W, 3]` and painting `[h, w, 3]`, both in [0, 1] -> `[H, W, 3]` in [0, 1]."""
        ...


class ArtefactSystem:
    """An Impasto artefact; embeddings are predicted once a painting."""

    def __init__(self, path: str | Path, strength: float = 1.0) -> None:
        self.name = Path(path).stem
        self._stylizer = Stylizer.load(path)
        self._strength = strength
        self._embeddings: dict[str, np.ndarray] = {}

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        if style_key not in self._embeddings:
            self._embeddings[style_key] = self._stylizer.predict(style)[0]
        return self._stylizer.stylize(content, self._embeddings[style_key], self._strength)


class FolderSystem:
    """A folder of stylised pictures named CONTENT__STYLE.png, as `python -m stylize image` writes them.

    Raises:
        ValueError: no such folder; a picture of the grid is missing in it.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder)
        if not self._folder.is_dir():
            raise ValueError(f"{folder}: expected a folder of pictures named CONTENT__STYLE.png, found none")
        self.name = self._folder.name

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        stem = f"{Path(content_key).stem}__{Path(style_key).stem}"
        path = next((p for p in sorted(self._folder.glob(f"{stem}.*"))), None)
        if path is None:
            raise ValueError(f"{self._folder}: expected {stem}.png for this grid, found no such picture")
        height, width = content.shape[:2]
        picture = Image.fromarray(decode_file(path)).resize((width, height), Image.Resampling.LANCZOS)
        return np.asarray(picture, np.float32) / 255.0


def open_system(path: str | Path, strength: float = 1.0) -> System:
    """An artefact where the path ends in .keras, else a folder of pictures."""
    return ArtefactSystem(path, strength) if str(path).endswith(".keras") else FolderSystem(path)
