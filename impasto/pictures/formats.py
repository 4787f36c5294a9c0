"""Kinds of files: what is read and written, and what else a file is by its first bytes, with what to do about it."""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import PictureError

# Enough of a file to tell its kind.
HEAD = 1024

# Never opened: formats that Pillow hands to another program (EPS to Ghostscript), or only recognises.
REFUSED = frozenset({"EPS", "MPEG", "WMF", "BUFR", "GRIB", "HDF5"})

# What is written, by suffix: formats that hold colour pictures.
WRITTEN = {
    ".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG", ".webp": "WEBP", ".tif": "TIFF",
    ".tiff": "TIFF", ".bmp": "BMP", ".gif": "GIF", ".jp2": "JPEG2000", ".ppm": "PPM", ".tga": "TGA", ".avif": "AVIF",
}  # fmt: skip

# Suffixes of what can be read beside those; a file of any other suffix is looked at.
_READ = frozenset(
    ".apng .avifs .blp .bw .cur .dcx .dds .dib .fit .fits .flc .fli .ftc .ftu .gbr .icb .icns .ico .im .j2c .j2k .jpc "
    ".jpf .jpx .mpo .msp .pbm .pcd .pcx .pfm .pgm .pnm .psd .pxr .qoi .ras .rgb .rgba .sgi .vda .vst .xbm .xpm".split()
)
_RAW = frozenset(".3fr .arw .cr2 .cr3 .dcr .dng .iiq .kdc .mos .nef .nrw .orf .pef .raf .rw2 .sr2 .srw".split())
# Pictures that cannot be read: somebody who has them in a folder is to be told.
_UNREAD = frozenset(".exr .hdr .heic .heif .hif .jxl .svg .xcf".split()) | _RAW

# Suffixes of files that are meant as pictures, without a look into them.
READ_BY_NAME = frozenset(WRITTEN) | _READ | _UNREAD


@dataclass(frozen=True)
class Kind:
    """What a file is.

    Attributes:
        name: For people, with its article.
        formats: Pillow's names of the formats to try; empty where it cannot be read.
        advice: What to do where it cannot be read.
        picture: Whether it is a picture of a sort, so that its owner expects it to be read.
    """

    name: str
    formats: tuple[str, ...] = ()
    advice: str = ""
    picture: bool = True


RAW_PHOTO = Kind("a camera's raw photograph", advice="develop it, or export it as JPEG or TIFF")
_HEIC = Kind("a HEIC picture", advice="export it as JPEG (iPhones: Settings, Camera, Formats, Most Compatible)")
_JXL = Kind("a JPEG XL picture", advice="export it as PNG or JPEG")
_FILM = Kind("a film", advice="save one of its frames as a picture", picture=False)
_ARCHIVE = Kind("an archive or an office document", advice="unpack it, or export the picture in it", picture=False)
_PAGE = Kind("a web page", advice="the download gave a page instead: save the picture itself", picture=False)
_POSTSCRIPT = Kind("a PostScript file", advice="export it as PNG", picture=False)

# First bytes, where they stand, and what they say.
_MAGIC: tuple[tuple[int, bytes, Kind], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", Kind("a PNG", ("PNG",))),
    (0, b"\xff\xd8\xff", Kind("a JPEG", ("JPEG",))),
    (0, b"GIF8", Kind("a GIF", ("GIF",))),
    (8, b"WEBPVP8", Kind("a WebP", ("WEBP",))),
    (0, b"\0\0\0\x0cjP  ", Kind("a JPEG 2000", ("JPEG2000",))),
    (0, b"\xff\x4f\xff\x51", Kind("a JPEG 2000", ("JPEG2000",))),
    (8, b"CR\x02\0", RAW_PHOTO),
    (0, b"II*\0", Kind("a TIFF", ("TIFF",))),
    (0, b"MM\0*", Kind("a TIFF", ("TIFF",))),
    (0, b"II+\0", Kind("a TIFF", ("TIFF",))),
    (0, b"MM\0+", Kind("a TIFF", ("TIFF",))),
    (0, b"8BPS", Kind("a Photoshop file", ("PSD",))),
    (0, b"qoif", Kind("a QOI", ("QOI",))),
    (0, b"IIU\0", RAW_PHOTO),
    (0, b"IIRO", RAW_PHOTO),
    (0, b"IIRS", RAW_PHOTO),
    (0, b"MMOR", RAW_PHOTO),
    (0, b"FUJIFILMCCD-RAW", RAW_PHOTO),
    (0, b"\xff\x0a", _JXL),
    (0, b"\0\0\0\x0cJXL ", _JXL),
    (0, b"v/1\x01", Kind("an OpenEXR picture", advice="export it as 16-bit TIFF or PNG")),
    (0, b"#?RADIANCE", Kind("a Radiance HDR picture", advice="export it as 16-bit TIFF or PNG")),
    (0, b"gimp xcf", Kind("a GIMP file", advice="export it as PNG")),
    (0, b"%PDF-", Kind("a PDF", advice="export its page as PNG", picture=False)),
    (0, b"%!PS", _POSTSCRIPT),
    (0, b"\xc5\xd0\xd3\xc6", _POSTSCRIPT),
    (0, b"\xd7\xcd\xc6\x9a", Kind("a Windows metafile", advice="export it as PNG")),
    (0, b"PK\x03\x04", _ARCHIVE),
    (0, b"\xd0\xcf\x11\xe0", _ARCHIVE),
    (0, b"\x1f\x8b", _ARCHIVE),
    (0, b"7z\xbc\xaf", _ARCHIVE),
    (0, b"Rar!", _ARCHIVE),
    (0, b"\x1aE\xdf\xa3", _FILM),
    (8, b"AVI ", _FILM),
    (0, b"\0\0\x01\xba", _FILM),
    (0, b"version https://git-lfs", Kind("a placeholder of Git LFS", advice="fetch the file itself: git lfs pull")),
    (0, b"\x89HDF\r\n\x1a\n", Kind("an HDF5 file", advice="save the picture in it as PNG", picture=False)),
)

_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"}


def identify(head: bytes) -> Kind | None:
    """What a file is by its first `HEAD` bytes; None where they say nothing."""
    for start, magic, kind in _MAGIC:
        if head[start : start + len(magic)] == magic:
            return kind
    return _boxed(head) if head[4:8] == b"ftyp" else _written(head)


def _boxed(head: bytes) -> Kind:
    """Files of the MP4 family say in their first box what they hold."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))}
    if brands & {b"avif", b"avis"}:
        advice = "install a Pillow that reads AVIF, or export it as PNG"
        return Kind("an AVIF", ("AVIF",), advice) if _reads_avif() else Kind("an AVIF", (), advice)
    if brands & _HEIC_BRANDS:
        return _HEIC
    return RAW_PHOTO if head[8:12] == b"crx " else _FILM


def _written(head: bytes) -> Kind | None:
    """Files of text."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith(b"<svg") or (text.startswith((b"<?xml", b"<!doctype svg", b"<!--")) and b"<svg" in text):
        return Kind("an SVG drawing", advice="export it as PNG, at the size that is wanted")
    return _PAGE if text.startswith((b"<!doctype html", b"<html")) else None


def _reads_avif() -> bool:
    from PIL import features

    return bool(features.check("avif"))


def readable_formats() -> list[str]:
    """Pillow's names of the formats that are opened."""
    from PIL import Image

    Image.init()
    return [name for name in Image.ID if name not in REFUSED]


def is_picture(path: Path) -> bool:
    """Whether a file in a folder is meant as a picture: by its suffix, else by its first bytes."""
    suffix = path.suffix.lower()
    if suffix in READ_BY_NAME:
        return True
    try:
        with path.open("rb") as file:
            kind = identify(file.read(HEAD))
    except OSError:
        return False
    return kind is not None and kind.picture


def is_raw(name: str) -> bool:
    """Whether a file's suffix is that of a camera's raw photographs: many are TIFFs that hold a thumbnail first."""
    return os.path.splitext(name)[1].lower() in _RAW


def output_format(path: Path) -> str:
    """Pillow's name of the format that a file of this name is written in.

    Raises:
        PictureError: its suffix belongs to none; names the nearest that does.
    """
    found = WRITTEN.get(path.suffix.lower())
    if found is None:
        what = f"found {path.suffix!r}" if path.suffix else "found none"
        raise PictureError(path, f"expected a suffix of a picture such as .png or .jpg, {what}{_nearest(path.suffix)}")
    if found == "AVIF" and not _reads_avif():
        raise PictureError(path, "the installed Pillow writes no AVIF: take .webp or .png, or install a newer Pillow")
    return found


def _nearest(suffix: str) -> str:
    near = difflib.get_close_matches(suffix.lower(), WRITTEN, n=1, cutoff=0.5) if suffix else []
    return f": did you mean {near[0]}?" if near else ""


def keeps_alpha(path: Path) -> bool:
    """Whether the format of a file of this name holds transparency."""
    return output_format(path) in ("PNG", "WEBP", "TIFF", "JPEG2000", "TGA", "AVIF")
