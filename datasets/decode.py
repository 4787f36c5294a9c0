"""Any picture file to uint8 RGB, or one sentence that says why not."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from datasets.source import UnreadableImage

# About 9460 x 9460: Pillow's own threshold for warning of a decompression bomb, used here as the limit.
MAX_PIXELS = 89_478_485

# Formats that Pillow only recognises, or hands to an outside program (EPS to Ghostscript): never opened.
_REFUSED_FORMATS = {"EPS", "MPEG", "WMF", "BUFR", "GRIB", "HDF5"}


def readable_formats() -> list[str]:
    """Names of the formats that are opened."""
    Image.init()
    return [name for name in Image.ID if name not in _REFUSED_FORMATS]


def readable_suffixes() -> set[str]:
    """Lower-case file suffixes (with the dot) that belong to those formats."""
    formats = set(readable_formats())
    return {suffix for suffix, name in Image.registered_extensions().items() if name in formats}


def decode_file(path: str | Path) -> np.ndarray:
    """A picture file as uint8 [H, W, 3] RGB, whatever its suffix says. Raises UnreadableImage."""
    name = os.fspath(path)
    try:
        if os.path.getsize(name) == 0:
            raise UnreadableImage(name, "empty file (0 bytes)")
        with open(name, "rb") as file:
            return _decode(file, name)
    except OSError as error:
        raise UnreadableImage(name, f"cannot be opened: {error.strerror or error}") from None


def decode_bytes(data: bytes, name: str) -> np.ndarray:
    """An encoded picture in memory as uint8 [H, W, 3] RGB; `name` is for messages. Raises UnreadableImage."""
    if not data:
        raise UnreadableImage(name, "empty record (0 bytes)")
    return _decode(io.BytesIO(data), name)


def _decode(file: BinaryIO, name: str) -> np.ndarray:
    try:
        with warnings.catch_warnings():
            # Pillow warns about what MAX_PIXELS refuses below, and about damaged EXIF that we ignore.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=readable_formats()) as image:
                width, height = image.size
                if width * height > MAX_PIXELS:
                    raise UnreadableImage(name, _too_large(f"{width}x{height} pixels"))
                array = _to_rgb(image)
    except UnreadableImage:
        raise
    except Image.DecompressionBombError:
        raise UnreadableImage(name, _too_large("more than twice that")) from None
    except Image.UnidentifiedImageError:
        raise UnreadableImage(name, "not a picture in any format that can be read") from None
    except Exception as error:
        # Damaged files make Pillow's decoders raise almost anything (OSError, SyntaxError, struct.error,
        # KeyError ...).
        reason = " ".join(str(error).split()) or type(error).__name__
        raise UnreadableImage(name, f"damaged: {reason}") from None
    return array


def _too_large(found: str) -> str:
    return f"refused as a possible decompression bomb: {found} where at most {MAX_PIXELS} are accepted"


def _to_rgb(image: Image.Image) -> np.ndarray:
    """First frame, turned as its EXIF says, alpha composited on white."""
    image.load()
    try:
        upright = ImageOps.exif_transpose(image)
    except Exception:
        # Broken EXIF must not cost a picture whose pixels are sound.
        upright = image
    mode = upright.mode
    if mode.startswith("I") or mode == "F":
        grey = _deep_to_8_bit(upright)
        return np.repeat(grey[..., None], 3, axis=-1)
    if "transparency" in upright.info or mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        rgba = upright.convert("RGBA")
        white = Image.new("RGBA", rgba.size, (255, 255, 255, 255))
        upright = Image.alpha_composite(white, rgba)
    elif mode == "LAB":
        from PIL import ImageCms

        to_srgb = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
        upright = ImageCms.applyTransform(upright, to_srgb) or upright
    return np.array(upright.convert("RGB"), dtype=np.uint8)


def _deep_to_8_bit(image: Image.Image) -> np.ndarray:
    """Integer and float greyscale scaled (Pillow's own conversion clips them at 255)."""
    values = np.asarray(image).astype(np.float64)
    if not np.isfinite(values).all():
        raise ValueError("contains values that are not finite")
    low, high = float(values.min()), float(values.max())
    if image.mode == "F":
        # Float files say no range: [0, 1] and [0, 255] are the customs, anything else is stretched.
        if 0 <= low and high <= 1:
            values = values * 255
        elif not (0 <= low and high <= 255):
            values = (values - low) * (255 / (high - low))
    elif 0 <= low and high <= 65535:
        values = values / 257
    else:
        values = (values - low) * (255 / (high - low))
    return np.round(values).astype(np.uint8)
