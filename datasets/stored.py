"""Pictures as they are stored in datasets: JPEGs that every decoder reads, no larger than needed."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from impasto.errors import PictureError
from impasto.pictures.reading import read

QUALITY = 95


@dataclass(frozen=True)
class Stored:
    """A picture to be stored.

    Attributes:
        pixels: uint8 `[H, W, 3]`, sRGB, upright, of the size that is stored.
        file: Its own bytes, where they are a JPEG that every decoder shows so; None where it has to be encoded.
    """

    pixels: np.ndarray
    file: bytes | None

    def jpeg(self, quality: int = QUALITY) -> bytes:
        """The picture as a JPEG."""
        if self.file is not None:
            return self.file
        buffer = io.BytesIO()
        Image.fromarray(self.pixels).save(buffer, "JPEG", quality=quality)
        return buffer.getvalue()


def stored(source: bytes | np.ndarray, name: str, short: int | None, least: int = 1) -> Stored:
    """A picture made ready to be stored.

    Args:
        source: A file's bytes, or pixels, uint8 `[H, W, 3]`.
        name: For messages.
        short: A picture whose short side is longer, in pixels, is reduced to it (Lanczos). None leaves all as they are.
        least: A picture whose short side is shorter, in pixels, is refused.

    Raises:
        PictureError: it cannot be read, or is too small.
    """
    picture = read(source, name=name)
    pixels = picture.pixels
    height, width = pixels.shape[:2]
    if min(height, width) < least:
        raise PictureError(name, f"too small: {width}x{height} pixels, where the short side has to have {least}")
    if short and min(height, width) > short:
        scale = short / min(height, width)
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        reduced = Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        return Stored(np.asarray(reduced), None)
    if not isinstance(source, bytes) or picture.format != "JPEG" or picture.metadata.profiled:
        return Stored(pixels, None)
    with Image.open(io.BytesIO(source), formats=["JPEG"]) as image:
        plain = image.mode == "RGB" and image.getexif().get(0x0112, 1) == 1
    return Stored(pixels, source if plain else None)
