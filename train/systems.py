"""What can be evaluated: an artefact that stylises now, or a folder of pictures that something else stylised."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from glob import escape
from itertools import product
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from impasto.pictures.reading import read
from impasto.stylizer import Settings
from models.stylizer import Stylizer
from train.evaluation_names import optimisation_steps, system_names
from train.judge import Judge

# A picture `[H, W, 3]` in [0, 1], behind its key.
Keyed = tuple[str, np.ndarray]


class System(Protocol):
    """Anything that has a stylised picture for a photograph and a painting."""

    @property
    def name(self) -> str: ...

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        """Photograph `[H, W, 3]` and painting `[h, w, 3]`, both in [0, 1] -> `[H, W, 3]` in [0, 1]."""
        ...


class ArtefactSystem:
    """An Impasto artefact; embeddings are predicted once a painting, which is known by its pixels: names may be equal.

    Args:
        path: Of the artefact.
        strength: At which it stylises; below 1 the photograph's own embedding is mixed in.
        name: What to call it; its file's name by default.
    """

    def __init__(self, path: str | Path, strength: float = 1.0, name: str = "") -> None:
        self.name = name or Path(path).stem
        self._stylizer = Stylizer.load(path)
        self._strength = strength
        self._embeddings: dict[bytes, np.ndarray] = {}

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        painting = _digest(style)
        if painting not in self._embeddings:
            self._embeddings[painting] = self._stylizer.predict(style)
        return self._stylizer.stylize(content, self._embeddings[painting], Settings(self._strength))


class FolderSystem:
    """A folder of stylised pictures named CONTENT__STYLE.png, as `impasto image` writes them.

    Args:
        folder: Where they lie.
        name: What to call it; the folder's name by default.

    Raises:
        ValueError: a picture of the grid is missing in it, or its name is that of another, too.
    """

    def __init__(self, folder: str | Path, name: str = "") -> None:
        self._folder = Path(folder)
        self.name = name or self._folder.name
        self._met: dict[tuple[str, str], bytes] = {}

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        path = self._path((content_key, content), (style_key, style))
        height, width = content.shape[:2]
        picture = Image.fromarray(read(path).pixels).resize((width, height), Image.Resampling.LANCZOS)
        return np.asarray(picture, np.float32) / 255.0

    def require(self, contents: Sequence[Keyed], styles: Sequence[Keyed]) -> None:
        """Raises ValueError where one of the grid's pictures is missing: before hours are spent on the others."""
        for content, style in product(contents, styles):
            self._path(content, style)

    def _path(self, content: Keyed, style: Keyed) -> Path:
        stem = f"{self._stem('photographs', *content)}__{self._stem('paintings', *style)}"
        # `impasto image` lays them out as the photographs lie in their folder; others put all into one.
        places = dict.fromkeys((self._folder / Path(content[0]).parent, self._folder))
        found = (path for place in places for path in sorted(place.glob(f"{escape(stem)}.*")) if path.stem == stem)
        path = next(found, None)
        if path is None:
            raise ValueError(f"{self._folder}: expected {stem}.png for this grid, found no such picture")
        return path

    def _stem(self, kind: str, key: str, picture: np.ndarray) -> str:
        stem, pixels = Path(key).stem, _digest(picture)
        if self._met.setdefault((kind, stem), pixels) != pixels:
            raise ValueError(
                f"{self._folder}: two {kind} of this grid are named {stem}, whose pictures in a folder cannot be told "
                "apart; evaluate them in two runs, or rename one"
            )
        return stem


def _digest(picture: np.ndarray) -> bytes:
    return hashlib.blake2b(picture.tobytes() + str(picture.shape).encode(), digest_size=16).digest()


def open_systems(path: str | Path, strengths: Sequence[float], judge: Judge) -> list[System]:
    """What a path names: `optimise:STEPS`, an artefact (.keras) once a strength, else a folder of pictures."""
    spec = str(path)
    names, steps = system_names(spec, strengths), optimisation_steps(spec)
    if steps is not None:
        from train.per_picture import OptimisedSystem

        return [OptimisedSystem(names[0], steps, judge)]
    if not spec.endswith(".keras"):
        return [FolderSystem(path, names[0])]
    return [ArtefactSystem(path, value, name) for value, name in zip(strengths, names, strict=True)]
