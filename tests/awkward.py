"""A folder of awkward files, as people have them: `python tests/awkward.py FOLDER` writes it.

Every command is run on it before a release; what each gave is told in the notes of the change. What `READABLE` names is
to be read and painted, `UNREADABLE` to be named with the reason, everything else to be passed over.
"""

from __future__ import annotations

import io
import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms

LONG = "n" * 251 + ".png"
OLD = os.fsdecode(b"caf\xe9.png")
SCREEN = "red\x1b[31m\nline.png"

READABLE = (
    "-dash.png", "16bit.png", "A.png", "a.png", "alpha.png", "animation.gif", "bilevel.tif", "bomb_of_text.png",
    "broken_exif.jpg", "broken_profile.jpg", "cmyk.jpg", "deep/er/still.png", "float.tif", "glob [1] *?.png",
    "hard.png", "lab.tif", "link.png", "no_suffix", "one_pixel.png", "palette.png", "plain.jpg", "plain.png",
    "profile.png",
    "really_a_png.jpg", "rotated.jpg", "spec+a@b#c.png", "strip.png", "thread.png", "webp.webp",
    "日本 ✨.png", LONG, OLD, SCREEN,
)  # fmt: skip
UNREADABLE = (
    "bomb.png", "cut.jpg", "drawing.svg", "empty.png", "garbage.jpg", "not_fetched.png", "phone.heic", "raw.nef",
    "web_page.jpg",
)  # fmt: skip
REFUSED = ("nowhere.png", "self.png")
IGNORED = ("archive.zip", "figure.eps", "film.mp4", "notes.txt", "paper.pdf", "pipe.png")


def picture(width: int = 64, height: int = 48, seed: int = 0) -> np.ndarray:
    """Something with colours, edges and an up side: uint8 `[H, W, 3]`."""
    y, x = np.mgrid[0:height, 0:width]
    rng = np.random.default_rng(seed)
    waves = np.sin(x[..., None] * rng.uniform(0.05, 0.4, 3) + y[..., None] * rng.uniform(0.05, 0.4, 3))
    shade = 1 - 0.6 * y[..., None] / height
    return np.clip((0.5 + 0.5 * waves) * 255 * shade, 0, 255).astype(np.uint8)


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def encoded(image: np.ndarray | Image.Image, kind: str, **options: object) -> bytes:
    """A picture as a file of one kind."""
    buffer = io.BytesIO()
    made = image if isinstance(image, Image.Image) else Image.fromarray(image)
    made.save(buffer, kind, **options)
    return buffer.getvalue()


def build(folder: Path) -> None:
    """Writes all of them into a folder that is made."""
    (folder / "deep" / "er").mkdir(parents=True)
    for name, data in files().items():
        (folder / name).write_bytes(data)
    _links(folder)


def files() -> dict[str, bytes]:
    """The plain files, by name."""
    plain = picture()
    png, jpeg = encoded(plain, "PNG"), encoded(plain, "JPEG", quality=95)
    rgb = Image.fromarray(plain)
    exif = Image.Exif()
    exif[0x0112] = 6
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"xXYZ").replace(b"bXYZ", b"rXYZ").replace(b"xXYZ", b"bXYZ")
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 50_000_000))
    lab = Image.merge("LAB", [rgb.convert("L"), Image.new("L", rgb.size, 140), Image.new("L", rgb.size, 120)])
    frames = [Image.fromarray(picture(seed=seed)) for seed in range(3)]
    return {
        "plain.png": png, "plain.jpg": jpeg, "webp.webp": encoded(plain, "WEBP"), "really_a_png.jpg": png,
        "no_suffix": png,
        "rotated.jpg": encoded(plain, "JPEG", exif=exif),
        "broken_exif.jpg": encoded(plain, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"),
        "profile.png": encoded(plain, "PNG", icc_profile=swapped),
        "broken_profile.jpg": encoded(plain, "JPEG", icc_profile=b"no profile"),
        "16bit.png": encoded(plain[..., 0].astype(np.uint16) * 257, "PNG"),
        "float.tif": encoded((plain[..., 0] / 255).astype(np.float32), "TIFF"),
        "cmyk.jpg": encoded(rgb.convert("CMYK"), "JPEG"),
        "lab.tif": encoded(lab, "TIFF"),
        "palette.png": encoded(rgb.quantize(8), "PNG", transparency=0),
        "bilevel.tif": encoded(rgb.convert("1"), "TIFF"),
        "alpha.png": encoded(np.dstack([plain, plain[..., 1]]), "PNG"),
        "animation.gif": encoded(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "one_pixel.png": encoded(plain[:1, :1], "PNG"),
        "strip.png": encoded(picture(1000, 10), "PNG"),
        "thread.png": encoded(picture(1, 700), "PNG"),
        "bomb_of_text.png": png[:33] + text + png[33:],
        "bomb.png": bomb, "empty.png": b"", "cut.jpg": jpeg[: len(jpeg) // 2], "garbage.jpg": b"no picture at all",
        "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "raw.nef": encoded(plain, "TIFF"),
        "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>", "web_page.jpg": b"<!DOCTYPE html><p>404</p>",
        "not_fetched.png": b"version https://git-lfs.github.com/spec/v1\n", "paper.pdf": b"%PDF-1.7\n",
        "figure.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "archive.zip": b"PK\x03\x04" + bytes(30),
        "film.mp4": b"\0\0\0\x18ftypisom\0\0\2\0isommp42", "notes.txt": b"no picture", ".hidden.png": png,
        LONG: png, OLD: png, SCREEN: png, "glob [1] *?.png": png, "-dash.png": png, "spec+a@b#c.png": png,
        "\u65e5\u672c \u2728.png": png, "A.png": encoded(picture(seed=1), "PNG"),
        "a.png": encoded(picture(seed=2), "PNG"),
        "deep/er/still.png": encoded(picture(seed=3), "PNG"),
    }  # fmt: skip


def _links(folder: Path) -> None:
    (folder / "link.png").symlink_to(folder / "plain.png")
    (folder / "nowhere.png").symlink_to(folder / "gone.png")
    (folder / "self.png").symlink_to(folder / "self.png")
    (folder / "loop").symlink_to(folder)
    (folder / "deep" / "up").symlink_to(folder.parent)
    os.link(folder / "plain.png", folder / "hard.png")
    os.mkfifo(folder / "pipe.png")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
