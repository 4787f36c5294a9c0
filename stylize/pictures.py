"""Picture files and folders for stylising: any file to float32 RGB in [0, 1], and back to a file."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps


class PictureError(ValueError):
    """A picture cannot be read, found or written: `path`, and what was expected and found there."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path


def collect(paths: Iterable[Path]) -> list[Path]:
    """The files named by `paths`, where a folder stands for the pictures directly in it, sorted by name.

    Raises:
        PictureError: a path does not exist, or a folder holds no file with a picture's suffix.
    """
    suffixes = Image.registered_extensions()
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                entry
                for entry in path.iterdir()
                if entry.suffix.lower() in suffixes and not entry.name.startswith(".") and entry.is_file()
            )
            if not inside:
                raise PictureError(path, "expected a folder with pictures, found none in it")
            files += inside
        elif path.exists():
            files.append(path)
        else:
            raise PictureError(path, "expected a picture or a folder of pictures, found no such file")
    return list(dict.fromkeys(files))


def read(path: Path, long_side: int | None = None) -> np.ndarray:
    """A picture as float32 `[H, W, 3]` RGB in [0, 1].

    Turned upright as its EXIF says, alpha composited on white, 16-bit grey scaled, the first frame of an
    animation.

    Args:
        path: The file.
        long_side: Resize so that the longer side has this many pixels; None keeps the picture's own size.

    Raises:
        PictureError: empty, damaged, no picture, or too large to be one.
    """
    try:
        with warnings.catch_warnings():
            # Pillow warns from 89 megapixels on and refuses twice that; a picture to stylise is smaller than
            # either.
            # What it warns of besides (damaged EXIF) does not matter here.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path) as image:
                picture = _on_white(_upright(image))
    except OSError as error:
        found = "an empty file" if path.is_file() and not path.stat().st_size else _one_line(error)
        raise PictureError(path, f"expected a picture, found: {found}") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureError(path, f"too many pixels: {_one_line(error)}") from error
    except (ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError) as error:
        # What Pillow's decoders raise on damaged files, beside OSError.
        raise PictureError(path, f"expected a picture, found a damaged file: {_one_line(error)}") from error
    if long_side is not None:
        picture = picture.resize(fitted(picture.size, long_side), Image.Resampling.LANCZOS)
    return np.asarray(picture, np.float32) / 255


def write(path: Path, picture: np.ndarray) -> None:
    """Writes float32 `[H, W, 3]` in [0, 1] as 8-bit RGB in the format of the suffix, whole or not at all.

    Raises:
        PictureError: the suffix belongs to no format that Pillow writes.
    """
    file_format = output_format(path)
    pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        options = {"quality": 95} if file_format in ("JPEG", "WEBP") else {}
        Image.fromarray(pixels).save(draft, format=file_format, **options)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def output_format(path: Path) -> str:
    """Pillow's name of the format that a file of this name is written in. Raises PictureError where there is
    none."""
    file_format = Image.registered_extensions().get(path.suffix.lower())
    if file_format is None or file_format not in Image.SAVE:
        raise PictureError(path, f"expected a suffix of a picture format such as .png or .jpg, found {path.suffix!r}")
    return file_format


def fitted(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """`(width, height)` scaled so that the longer side is `long_side`, at least one pixel each."""
    scale = long_side / max(size)
    width, height = (max(1, round(side * scale)) for side in size)
    return width, height


def long_side(path: Path) -> int:
    """Pixels of the longer side as the file's header says, 0 where it cannot be read."""
    try:
        with Image.open(path) as image:
            return max(image.size)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return 0


def _upright(image: Image.Image) -> Image.Image:
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # broken EXIF makes Pillow raise almost anything, and must not cost a picture that is sound
        return image


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Pillow's own conversion clips 16-bit grey at 255.
        deep = np.clip(np.asarray(image).astype(np.float64), 0, 65535) / 257
        image = Image.fromarray(np.round(deep).astype(np.uint8))
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _one_line(error: Exception | Warning) -> str:
    return " ".join(str(error).split()) or type(error).__name__
