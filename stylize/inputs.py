"""The files of one run of `stylize optimise`: found, checked, and read at the sizes that its recipe asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from impasto.files import prove_writable, refuse_inputs
from impasto.pictures import reading
from impasto.pictures.folders import collect
from impasto.pictures.names import ended
from stylize.recipes import STARTS, Recipe

# Behind the name of the picture, for what a later run needs to go on.
_PROGRESS = ".progress.npz"


@dataclass(frozen=True)
class Inputs:
    """The files of a run, and what is made of them.

    Attributes:
        out: The picture to write.
        contents, content_shares: Photographs.
        styles, style_shares: Paintings.
        masks: One a painting, or none.
        keep_color: "luma", "recolour" or None.
        animate: A film to write.
        size, fit: Of the recipe.
    """

    out: Path
    contents: tuple[Path, ...]
    content_shares: tuple[float, ...]
    styles: tuple[Path, ...]
    style_shares: tuple[float, ...]
    masks: tuple[Path, ...]
    keep_color: str | None
    animate: Path | None
    start: Path | None
    size: int
    fit: str

    @classmethod
    def collected(
        cls,
        out: Path,
        contents: Sequence[Path],
        content_shares: Sequence[float] | None,
        styles: Sequence[Path],
        style_shares: Sequence[float] | None,
        masks: Sequence[Path],
        recipe: Recipe,
        keep_color: str | None,
        animate: Path | None,
    ) -> Inputs:
        """The inputs as a command line names them.

        Raises:
            ValueError: a file that is missing, read and written at once, or shares that fit none.
        """
        paintings = collect(styles).paths
        start = None if recipe.start in STARTS else Path(recipe.start)
        read_files = [*contents, *paintings, *masks, *([start] if start else [])]
        outputs = [out, progress_file(out), *([animate] if animate else [])]
        refuse_inputs(outputs, read_files)
        if start is not None and not start.exists():
            raise ValueError(f"--start: expected {', '.join(STARTS)} or a picture, found no file {start}")
        if masks and len(masks) != len(paintings):
            raise ValueError(f"--masks: expected one a painting, {len(paintings)}, received {len(masks)}")
        if keep_color and not contents:
            raise ValueError("--keep-color: expected a photograph whose colours to keep, received none")
        return cls(
            out, tuple(contents), _shares("--content-weights", content_shares, len(contents), "photograph"),
            tuple(paintings), _shares("--style-weights", style_shares, len(paintings), "painting"), tuple(masks),
            keep_color, animate, start, recipe.size, recipe.fit,
        )  # fmt: skip

    def files(self) -> list[Path]:
        """All that is read."""
        return [*self.contents, *self.styles, *self.masks, *([self.start] if self.start else [])]

    def check(self) -> None:
        """Proves the outputs, and reads every file once: what cannot be had is to be said now, not after minutes."""
        prove_writable([self.out, progress_file(self.out), *([self.animate] if self.animate else [])])
        for path in self.files():
            read(path)

    def photographs(self) -> list[np.ndarray]:
        """All `[H, W, 3]` in [0, 1] and of one size: the first one's, as the recipe fits it; the others cut to it."""
        if not self.contents:
            return []
        first = self._fitted(self.contents[0])
        height, width = first.shape[:2]
        return [first, *(_covering(read(path), height, width) for path in self.contents[1:])]

    def _fitted(self, path: Path) -> np.ndarray:
        if self.fit == "long":
            return read(path, self.size)
        picture = read(path)
        width = self.size if self.fit == "square" else max(1, int(picture.shape[1] * self.size / picture.shape[0]))
        return pressed(picture, self.size, width)

    def own_size(self) -> tuple[int, int] | None:
        """Height and width of the finished picture where it is another than that of the painted one."""
        if self.fit != "square" or not self.contents:
            return None
        height, width = read(self.contents[0]).shape[:2]
        return height, width

    def texture_size(self) -> tuple[int, int]:
        """Height and width of a picture without a photograph: the first painting's shape."""
        height, width = read(self.styles[0], self.size).shape[:2]
        return height, width

    def painting(self, path: Path, size: tuple[int, int] | int, photo: np.ndarray | None) -> np.ndarray:
        from impasto.colors import recolour

        picture = read(path, size) if isinstance(size, int) else pressed(read(path), *size)
        return recolour(picture, photo) if self.keep_color == "recolour" and photo is not None else picture

    def mask_pictures(self, height: int, width: int) -> list[np.ndarray] | None:
        """`[H, W]` in [0, 1] each; None where there are none."""
        return [pressed(read(path), height, width).mean(axis=2) for path in self.masks] or None


def progress_file(out: Path) -> Path:
    """Where lies what a later run needs to go on."""
    return out.with_name(ended(out.stem, _PROGRESS))


def read(path: Path, long_side: int | None = None) -> np.ndarray:
    """A picture file as float32 `[H, W, 3]` in [0, 1], at a long side or its own size."""
    return reading.read(path, long_side=long_side).floats()


def _shares(flag: str, given: Sequence[float] | None, count: int, what: str) -> tuple[float, ...]:
    shares = given or [1.0] * count
    if len(shares) != count:
        raise ValueError(f"{flag}: expected one a {what}, {count}, received {len(shares)}")
    if count and not sum(shares):
        raise ValueError(f"{flag}: expected one above 0 at least")
    return tuple(shares)


def _image(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8))


def pressed(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """At exactly this size, whatever its shape."""
    if picture.shape[:2] == (height, width):
        return picture
    return np.asarray(_image(picture).resize((width, height), Image.Resampling.LANCZOS), np.float32) / 255


def _covering(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """At this size, cut about its centre."""
    return np.asarray(ImageOps.fit(_image(picture), (width, height), Image.Resampling.LANCZOS), np.float32) / 255
