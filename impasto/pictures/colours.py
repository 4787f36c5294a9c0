"""Pixels of any mode to 8-bit sRGB: profiles, 16 bits, floating point, CMYK, LAB, palettes, transparency."""

from __future__ import annotations

import functools
import io
from typing import Any

import numpy as np
from PIL import Image

# What a profile says of its colours, by the mode of the pixels that it fits.
_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}


def to_srgb(
    image: Image.Image, profile: bytes | None, *, extend: bool = False
) -> tuple[Image.Image, Image.Image | None]:
    """The picture as RGB in sRGB, transparency over white; and its alpha as L, None where nothing shows through.

    Args:
        image: Any mode. May be changed.
        profile: Its colour profile (ICC). One that is broken, or fits other pixels, is ignored.
        extend: Instead of white, the colours go on under what is transparent.

    Raises:
        ValueError: floating-point pixels that are not finite.
    """
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray(_deep_to_8_bit(image))
    alpha = None
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        alpha = image.getchannel("A")
        image = image.convert("RGB")  # drops alpha; the colours below it stay
        if alpha.getextrema()[0] == 255:
            alpha = None
    image = _converted(image, profile)
    if alpha is not None and extend:
        image = _extended(image, alpha)
    elif alpha is not None:
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=alpha)
        image = white
    return image, alpha


def _extended(image: Image.Image, alpha: Image.Image) -> Image.Image:
    """The colours as they are where they cover, and under what is transparent those of what covers nearby.

    Halves the picture until one pixel is left, by means that weigh a colour by what it covers, and fills every size
    from the next smaller one where it covers too little to tell its colour. White where nothing covers at all.
    """
    covered = image.copy()
    covered.putalpha(alpha)
    sizes = [covered]
    while max(sizes[-1].size) > 1:
        width, height = sizes[-1].size
        sizes.append(sizes[-1].resize(((width + 1) // 2, (height + 1) // 2), Image.Resampling.BOX))
    found = Image.new("RGB", (1, 1), "white")
    for size in reversed(sizes):
        found = found.resize(size.size, Image.Resampling.BILINEAR)
        # An eighth of a pixel says its colour to a few per cent, after rounding to 8 bits.
        found.paste(size.convert("RGB"), mask=size.getchannel("A").point(lambda share: min(8 * share, 255)))
    return found


def _converted(image: Image.Image, profile: bytes | None) -> Image.Image:
    if image.mode not in _SPACES:
        image = image.convert("RGB")
    if profile is not None or image.mode == "LAB":
        try:
            image = _transformed(image, profile)
        except Exception:
            # LittleCMS and Pillow raise several kinds for a broken profile, which must not cost the picture.
            if image.mode == "LAB":
                image = _transformed(image, None)
    return image if image.mode == "RGB" else image.convert("RGB")  # which copies


def _transformed(image: Image.Image, profile: bytes | None) -> Image.Image:
    from PIL import ImageCms

    if profile is None:
        source: Any = ImageCms.createProfile("LAB")
    else:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _SPACES[image.mode]:
            return image if image.mode != "LAB" else _transformed(image, None)
    if profile == srgb_profile():
        return image
    # Perceptual is what browsers take; profiles of screens have one intent anyway.
    transform = ImageCms.buildTransform(source, _srgb(), image.mode, "RGB", ImageCms.Intent.PERCEPTUAL)
    return ImageCms.applyTransform(image, transform, inPlace=image.mode == "RGB") or image


@functools.cache
def _srgb() -> Any:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@functools.cache
def srgb_profile() -> bytes:
    """The colour profile that says sRGB, to put into a file."""
    return bytes(_srgb().tobytes())


def _deep_to_8_bit(image: Image.Image) -> np.ndarray:
    """Grey of 16 or 32 bits, or floating point, as uint8 (Pillow's own conversion clips it at 255)."""
    values = np.asarray(image).astype(np.float32)
    if not np.isfinite(values).all():
        raise ValueError("it contains values that are not finite")
    low, high = float(values.min()), float(values.max())
    largest = 65535.0
    if image.mode == "F":
        # Float files say no range: [0, 1] and [0, 255] are the customs, anything else is stretched.
        largest = 1.0 if high <= 1 else 255.0
    if 0 <= low and high <= largest:
        values *= 255 / largest
    else:
        values = (values - low) * (255 / max(high - low, 1e-30))
    return np.floor(values + 0.5).astype(np.uint8)
