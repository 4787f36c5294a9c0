"""Pictures to files, whole or not at all. The only place that writes pictures that are asked for by name."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from impasto.console import one_line
from impasto.errors import PictureError
from impasto.files import replacing
from impasto.pictures.colours import srgb_profile
from impasto.pictures.formats import keeps_alpha, output_format
from impasto.pictures.metadata import Metadata

QUALITY = 95
# Of PNG. A painted picture of 3 megapixels takes 0.42 s and 4.51 MB at 4, and 1.1 s and 4.47 MB at Pillow's own 6.
_COMPRESSION = 4

# The longest side that a format can say, in pixels.
_LONGEST = {"JPEG": 65_500, "WEBP": 16_383, "GIF": 65_535, "TGA": 65_535, "AVIF": 65_536}

# Who holds what beside the pixels.
_HOLD_EXIF = {"JPEG", "PNG", "WEBP", "TIFF", "AVIF"}
_HOLD_PROFILE = {"JPEG", "PNG", "WEBP", "TIFF", "AVIF"}
_HOLD_DPI = {"JPEG", "PNG", "TIFF", "BMP"}
_HOLD_QUALITY = {"JPEG", "WEBP", "AVIF"}

_ENCODERS_RAISE = (OSError, ValueError, RuntimeError, SystemError)


def write(
    path: str | os.PathLike[str],
    picture: np.ndarray | Image.Image,
    *,
    alpha: np.ndarray | None = None,
    metadata: Metadata | None = None,
    quality: int = QUALITY,
) -> None:
    """Writes a picture in the format that the suffix says. An older file stays until the new one is whole.

    Args:
        path: Where to; its folder is made.
        picture: uint8, or float in [0, 1], `[H, W, 3]`, in sRGB; or a PIL image, which is written as RGB.
        alpha: uint8 `[H, W]` to write with it, where the format holds transparency.
        metadata: What is kept of the photograph that it was made from: EXIF, resolution, and whether to say sRGB.
        quality: Of JPEG, WebP and AVIF, 1 to 100.

    Raises:
        PictureError: the suffix belongs to no format that is written, the format cannot hold the picture, or the file
            cannot be written (no space, no permission).
    """
    path = Path(path)
    image, options = _prepared(path, picture, alpha, metadata, quality)
    try:
        with replacing(path) as draft, draft.open("wb") as file:
            image.save(file, **options)
    except _ENCODERS_RAISE as error:
        raise PictureError(path, f"cannot be written: {one_line(error)}") from error


def encode(
    path: str | os.PathLike[str],
    picture: np.ndarray | Image.Image,
    *,
    alpha: np.ndarray | None = None,
    metadata: Metadata | None = None,
    quality: int = QUALITY,
) -> bytes:
    """The bytes of the file that `write` would write.

    Raises:
        PictureError: as for `write`, but for the writing.
    """
    path = Path(path)
    image, options = _prepared(path, picture, alpha, metadata, quality)
    buffer = io.BytesIO()
    try:
        image.save(buffer, **options)
    except _ENCODERS_RAISE as error:
        raise PictureError(path, f"cannot be written: {one_line(error)}") from error
    return buffer.getvalue()


def _prepared(
    path: Path, picture: np.ndarray | Image.Image, alpha: np.ndarray | None, metadata: Metadata | None, quality: int
) -> tuple[Image.Image, dict[str, Any]]:
    """The picture as it is saved, and what to save it with."""
    file_format = output_format(path)
    image = _image(picture, path)
    if max(image.size) > _LONGEST.get(file_format, max(image.size)):
        raise PictureError(
            path, f"{file_format} holds at most {_LONGEST[file_format]} pixels a side, this picture is "
            f"{image.width}x{image.height}: choose .png or .tif"
        )  # fmt: skip
    if alpha is not None:
        if not keeps_alpha(path):
            raise PictureError(path, f"{file_format} holds no transparency: choose .png, .webp or .tif")
        image = image.copy() if image is picture else image  # the caller's stays as it is
        image.putalpha(Image.fromarray(alpha))
    return image, {"format": file_format, **_options(file_format, image, metadata, quality)}


def _image(picture: np.ndarray | Image.Image, path: Path) -> Image.Image:
    if isinstance(picture, Image.Image):
        return picture if picture.mode == "RGB" else picture.convert("RGB")  # which copies
    if picture.ndim != 3 or picture.shape[-1] != 3 or 0 in picture.shape:
        raise PictureError(path, f"expected a picture [H, W, 3], received an array of shape {picture.shape}")
    whole = picture if picture.dtype == np.uint8 else np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(whole)


def _options(file_format: str, image: Image.Image, metadata: Metadata | None, quality: int) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if file_format in _HOLD_QUALITY:
        options["quality"] = quality
    if file_format == "PNG":
        options["compress_level"] = _COMPRESSION
    if metadata is None:
        return options
    if file_format in _HOLD_EXIF and (exif := metadata.exif(image.width, image.height)) is not None:
        options["exif"] = exif
    if file_format in _HOLD_PROFILE and metadata.profiled:
        options["icc_profile"] = srgb_profile()
    if file_format in _HOLD_DPI and metadata.dpi is not None:
        options["dpi"] = metadata.dpi
    return options
