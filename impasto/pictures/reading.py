"""Any picture to 8-bit sRGB, or one sentence that says why not. The only place that opens pictures."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Union

import numpy as np
from PIL import Image

from impasto.console import one_line
from impasto.errors import PictureError
from impasto.pictures.colours import to_srgb
from impasto.pictures.formats import HEAD, RAW_PHOTO, Kind, identify, is_raw, readable_formats
from impasto.pictures.metadata import Metadata, read_metadata, upright
from impasto.pictures.png import LARGEST_PROFILE, SlimPng
from impasto.resampling import FILTERS, PHOTOGRAPHS

# Path, bytes of a file, file object, PIL image, or array: uint8, or float in [0, 1]; [H, W], [H, W, 1], 3 or 4.
Source = Union[str, bytes, "os.PathLike[str]", BinaryIO, Image.Image, np.ndarray]

# Decoded at once: 11,585 squared. A picture of 100 megapixels passes, a bomb does not.
MAX_PIXELS = 2**27

# A file is decoded at a fraction of its size where this many times what is wanted remains. With 3, the embeddings of
# pictures full of small detail differed by 0.8 % from those of the whole file, with 6 by 0.15 %.
_GAP = 6

# Rows that are copied at once.
_STRIP = 1024

# Among what is known of an opened picture.
_PROFILE_LEFT_OUT = "profile left out"
_NEW_SUBFILE, _SUB_IFDS, _DNG_VERSION = 254, 330, 50706


@dataclass(frozen=True)
class Picture:
    """A picture that has been read.

    Attributes:
        pixels: uint8 `[H, W, 3]`, sRGB, upright, transparency over white (or see `read`). Of floats: float32 in [0, 1].
        alpha: uint8 `[H, W]`, 255 where it covers; None where nothing shows through.
        name: Its file's, for messages.
        metadata: What of the file is kept in what is painted from it.
        format: Pillow's name of the file's format; empty for arrays.
    """

    pixels: np.ndarray
    alpha: np.ndarray | None = None
    name: str = "picture"
    metadata: Metadata = field(default_factory=Metadata)
    format: str = ""

    def floats(self) -> np.ndarray:
        """The pixels as float32 in [0, 1]."""
        return self.pixels if self.pixels.dtype == np.float32 else self.pixels.astype(np.float32) / 255


def read(
    source: Source,
    *,
    long_side: int | None = None,
    enough: int | None = None,
    name: str | None = None,
    extend: bool = False,
) -> Picture:
    """Reads a picture.

    Args:
        source: What to read. Of an animation, the first frame.
        long_side: Resize so that the longer side has this many pixels (Lanczos).
        enough: Pixels of the short side that are enough: a file that can be decoded at a fraction of its size may be,
            down to six times that. For whoever scales the picture further.
        name: What to call it in messages where `source` has no name.
        extend: Let colours go on under what is transparent, instead of white: for a picture that keeps its alpha.

    Raises:
        PictureError: no picture, damaged, too large, or of a kind that cannot be read, with what to do.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source, long_side, name or "array", extend)
    if isinstance(source, Image.Image):
        name = name or str(getattr(source, "filename", "")) or "picture"
        with _decoding(name):
            profile = source.info.get("icc_profile")
            # The caller's picture stays as it is: converting colours, or decoding at a fraction, would change it.
            image = source if profile is None else source.copy()
            return _decoded(image, profile, name, long_side, enough, extend, fraction=False)
    with _opened(source, name) as (file, name):
        with _decoding(name), _image(file, name) as (image, profile):
            left_out = image.info.pop(_PROFILE_LEFT_OUT, False)
            picture = _decoded(image, profile, name, long_side, enough, extend)
        if left_out:
            warnings.warn(
                f"{name}: its colour profile has more than {LARGEST_PROFILE // 2**20} MB and is left out: colours may "
                "look different",
                stacklevel=2,
            )
        return picture


def measure(source: Source) -> tuple[int, int]:
    """Width and height in pixels as a file's header says, before it is turned upright; reads no pixel.

    Raises:
        PictureError: as for `read`, as far as the header tells.
    """
    with _opened(source, None) as (file, name), _decoding(name), _image(file, name) as (image, _):
        return image.size


def fitted(width: int, height: int, long_side: int) -> tuple[int, int]:
    """Width and height scaled so that the longer one is `long_side`: halves upwards, at least one pixel."""
    scale = long_side / max(width, height)
    return max(1, int(width * scale + 0.5)), max(1, int(height * scale + 0.5))


@contextlib.contextmanager
def _opened(source: Any, name: str | None) -> Iterator[tuple[BinaryIO, str]]:
    """An open file that can be read at any place, and its name. Only plain files are opened by name."""
    if isinstance(source, bytes):
        yield io.BytesIO(source), name or "picture"
        return
    if not isinstance(source, str | os.PathLike):
        yield _seekable(source), name or str(getattr(source, "name", "picture"))
        return
    path = os.fspath(source)
    try:
        # Opening a pipe waits for somebody to write to it, and opening a device may do anything.
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            raise PictureError(path, "expected a picture, found a folder")
        if not stat.S_ISREG(found.st_mode):
            raise PictureError(path, "expected a picture, found no file but a pipe, a socket or a device")
        with open(path, "rb") as file:
            yield file, path
    except (OSError, ValueError) as error:
        if isinstance(error, PictureError):
            raise
        raise PictureError(path, f"cannot be opened: {one_line(error)}") from error


def _seekable(file: Any) -> BinaryIO:
    if not hasattr(file, "read"):
        raise TypeError(f"expected a path, a file, bytes, a PIL image or an array, received {type(file).__name__}")
    try:
        file.seek(0)
    except (AttributeError, OSError):
        return io.BytesIO(file.read())
    opened: BinaryIO = file
    return opened


@contextlib.contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Whatever a decoder raises, as a PictureError."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of sizes, for which we have our own limit, and of damaged metadata, which does not matter.
            warnings.simplefilter("ignore")
            yield
    except (PictureError, MemoryError):
        raise
    except Image.DecompressionBombError:
        raise PictureError(
            name,
            _too_large(
                f"more than {2 * Image.MAX_IMAGE_PIXELS // 10**6} megapixels" if Image.MAX_IMAGE_PIXELS else "far more"
            ),
        ) from None
    except Exception as error:
        # Damaged files make decoders raise almost anything (OSError, SyntaxError, struct.error, KeyError ...).
        raise PictureError(name, f"expected a picture, found a damaged file: {one_line(error)}") from error


@contextlib.contextmanager
def _image(file: BinaryIO, name: str) -> Iterator[tuple[Image.Image, bytes | None]]:
    """The opened picture, not yet decoded, and its colour profile."""
    head = file.read(HEAD)
    if not head:
        raise PictureError(name, "expected a picture, found an empty file (0 bytes)")
    kind = identify(head)
    if kind is not None and not kind.formats:
        raise _unreadable(name, kind)
    slim = SlimPng(file) if kind is not None and kind.formats == ("PNG",) else None
    try:
        opened: Any = slim or file
        image = Image.open(opened, formats=list(kind.formats) if kind else readable_formats())
    except Image.UnidentifiedImageError:
        what = f"found {kind.name} that is damaged or of an unknown sort" if kind else "found none"
        raise PictureError(name, f"expected a picture in a format that can be read, {what}") from None
    with image:
        if slim is not None:
            image.info |= {} if slim.exif is None else {"exif": slim.exif}
            image.info[_PROFILE_LEFT_OUT] = slim.profile_left_out
            yield image, slim.profile
            return
        if image.format == "TIFF" and (is_raw(name) or _holds_a_preview(image)):
            raise _unreadable(name, RAW_PHOTO)
        # Orientation is EXIF's alone: browsers do not look for it in XMP either.
        for key in ("xmp", "XML:com.adobe.xmp"):
            image.info.pop(key, None)
        yield image, image.info.get("icc_profile")


def _unreadable(name: str, kind: Kind) -> PictureError:
    return PictureError(name, f"cannot be read, because it is {kind.name}: {kind.advice}")


def _holds_a_preview(image: Any) -> bool:
    """Whether the first picture of a TIFF is the small one of a raw photograph."""
    tags = image.tag_v2
    return _DNG_VERSION in tags or (_SUB_IFDS in tags and bool(tags.get(_NEW_SUBFILE, 0) & 1))


def _decoded(
    image: Image.Image,
    profile: bytes | None,
    name: str,
    long_side: int | None,
    enough: int | None,
    extend: bool,
    *,
    fraction: bool = True,
) -> Picture:
    wanted = None if long_side is None else min(fitted(*image.size, long_side))
    wanted = enough if wanted is None else wanted
    metadata = read_metadata(image, profile)
    if wanted is not None and fraction:
        # JPEG is decoded at an eighth, a quarter or half, where that is large enough.
        least = _GAP * wanted / min(image.size)
        image.draft(None, (int(image.width * least) + 1, int(image.height * least) + 1))
    if image.width * image.height > MAX_PIXELS:
        raise PictureError(name, _too_large(f"{image.width}x{image.height} pixels"))
    file_format = getattr(image, "format", None) or ""
    image.load()
    image = upright(image)
    if wanted is not None and image.mode in ("L", "RGB", "CMYK"):
        image = _in_blocks(image, wanted)
    image, alpha = to_srgb(image, profile, extend=extend)
    if wanted is not None:
        # What had to be converted first. Of what has been averaged nothing is left to average.
        image, alpha = _in_blocks(image, wanted), None if alpha is None else _in_blocks(alpha, wanted)
    if long_side is not None:
        size = fitted(*image.size, long_side)
        image = image.resize(size, FILTERS[PHOTOGRAPHS])
        alpha = None if alpha is None else alpha.resize(size, FILTERS[PHOTOGRAPHS])
    return Picture(_as_array(image), None if alpha is None else np.asarray(alpha), name, metadata, file_format)


def _in_blocks(image: Image.Image, wanted: int) -> Image.Image:
    """Averages of square blocks, as long as several times the size that is wanted is left."""
    factor = min(image.size) // (_GAP * max(wanted, 1))
    return image.reduce(factor) if factor > 1 else image


def _as_array(image: Image.Image) -> np.ndarray:
    """As `np.asarray`, which holds a large picture in memory three times."""
    pixels = np.empty((image.height, image.width, len(image.getbands())), np.uint8)
    for top in range(0, image.height, _STRIP):
        bottom = min(top + _STRIP, image.height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels


def _too_large(found: str) -> str:
    return f"too large: {found}, where at most {MAX_PIXELS // 10**6} megapixels are decoded at once; make it smaller"


def _from_array(array: np.ndarray, long_side: int | None, name: str, extend: bool) -> Picture:
    shape = array.shape
    if array.ndim == 2:
        array = array[..., None]
    if array.ndim != 3 or array.shape[-1] not in (1, 3, 4) or 0 in array.shape:
        raise PictureError(name, f"expected an array [H, W], [H, W, 1], [H, W, 3] or [H, W, 4], received shape {shape}")
    if array.dtype.kind == "f":
        low, high = float(array.min()), float(array.max())
        if not (0 <= low and high <= 1):  # also where one of them is no number
            raise PictureError(name, f"expected floats from 0 to 1, received {low:g} to {high:g}")
    elif array.dtype != np.uint8:
        raise PictureError(name, f"expected uint8, or floats from 0 to 1, received {array.dtype}")
    if array.dtype == np.uint8 or array.shape[-1] == 4 or long_side is not None:
        if array.dtype != np.uint8:
            array = np.floor(array * 255 + 0.5).astype(np.uint8)
        image = Image.fromarray(array[..., 0] if array.shape[-1] == 1 else array)
        return _decoded(image, None, name, long_side, None, extend)
    return Picture(
        np.repeat(array, 3, -1).astype(np.float32) if array.shape[-1] == 1 else array.astype(np.float32), name=name
    )
