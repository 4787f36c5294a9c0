"""Pictures made bad from real ones, the same for the same seed.

`python tests/spoilt.py FOLDER COUNT [FIRST]` writes them. Photographs in every format that people have are cut off,
have bits turned, lie about their suffix or their size, or hold far more than they look like. Some can still be read;
every other has to be named, by whatever reads them.
"""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from random import Random

import numpy as np
import skimage.data
from awkward import chunk, encoded
from PIL import Image, features

SUFFIXES = (".jpg", ".png", ".gif", ".webp", ".tif", ".bmp", ".jp2", ".ppm", ".ico", ".avif", ".heic", ".jpeg")


@lru_cache(maxsize=1)
def originals() -> tuple[tuple[str, bytes], ...]:
    """Real photographs of 120x90, in many formats: (suffix, file)."""
    folder = Path(skimage.data.__file__).parent
    names = ("chelsea.png", "coffee.png", "astronaut.png")
    cat, cup, face = (Image.open(folder / name).convert("RGB").resize((120, 90)) for name in names)
    deep = np.asarray(cat.convert("L"), np.uint16) * 257
    exif = Image.Exif()
    exif[274], exif[270] = 6, "a photograph"
    made = [
        (".jpg", encoded(cat, "JPEG", quality=90, exif=exif)),
        (".jpg", encoded(cup, "JPEG", progressive=True, restart_marker_blocks=4)),
        (".jpg", encoded(face.convert("CMYK"), "JPEG")),
        (".jpg", encoded(face.convert("L"), "JPEG", optimize=True)),
        (".png", encoded(cat, "PNG", dpi=(72, 72))),
        (".png", encoded(cup.convert("P"), "PNG", transparency=3)),
        (".png", encoded(Image.fromarray(deep), "PNG")),
        (".png", encoded(face.convert("RGBA"), "PNG")),
        (".png", encoded(cat, "PNG", save_all=True, append_images=[cup, face])),
        (".gif", encoded(cat.convert("P"), "GIF", save_all=True, append_images=[cup.convert("P")])),
        (".tif", encoded(cat, "TIFF", compression="tiff_lzw")),
        (".tif", encoded(cup, "TIFF", compression="tiff_adobe_deflate")),
        (".tif", encoded(face, "TIFF", save_all=True, append_images=[cat])),
        (".tif", encoded(cup, "TIFF", compression="jpeg")),
        (".bmp", encoded(cat, "BMP")),
        (".bmp", encoded(cup.convert("P"), "BMP")),
        (".ppm", encoded(face, "PPM")),
        (".ico", encoded(face.resize((64, 64)), "ICO")),
    ]
    for name, suffix in (("webp", ".webp"), ("avif", ".avif"), ("jpg_2000", ".jp2")):
        if features.check(name):
            kind = {"webp": "WEBP", "avif": "AVIF", "jpg_2000": "JPEG2000"}[name]
            made += [(suffix, encoded(cat, kind)), (suffix, encoded(cup.convert("RGBA"), kind))]
    return tuple(made)


def spoilt(seed: int) -> tuple[str, bytes]:
    """Name and bytes of one bad picture."""
    rng = Random(seed)
    suffix, data = rng.choice(originals())
    ways: dict[str, Callable[[bytes, Random], bytes]] = {
        "cut": _cut, "bits": _bits, "bytes": _bytes, "size": _size, "joined": _joined, "holes": _holes
    }  # fmt: skip
    way = rng.choice([*ways, "bits", "size", "suffix", "bomb"])
    if way == "bomb":
        suffix, data = rng.choice(_BOMBS)(rng)
    elif way == "suffix":
        suffix = rng.choice([other for other in SUFFIXES if other != suffix])
        data = ways[rng.choice(list(ways))](data, rng) if rng.random() < 0.5 else data
    else:
        data = ways[way](data, rng)
    return f"{seed:04d}_{way}{suffix}", data


def build(folder: Path, count: int, first: int = 0) -> list[str]:
    """Writes `count` bad pictures; returns their names."""
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for seed in range(first, first + count):
        name, data = spoilt(seed)
        (folder / name).write_bytes(data)
        names.append(name)
    return names


def _cut(data: bytes, rng: Random) -> bytes:
    return data[: rng.choice([0, 1, 3, rng.randrange(64), rng.randrange(len(data)), len(data) - 1 - rng.randrange(16)])]


def _bits(data: bytes, rng: Random) -> bytes:
    made = bytearray(data)
    # Headers are where it hurts: half of the time only the first bytes are hit.
    end = min(len(made), 256) if rng.random() < 0.5 else len(made)
    for _ in range(rng.choice([1, 2, 8, 64])):
        made[rng.randrange(end)] ^= 1 << rng.randrange(8)
    return bytes(made)


def _bytes(data: bytes, rng: Random) -> bytes:
    made = bytearray(data)
    for _ in range(rng.choice([1, 4, 16])):
        at = rng.randrange(len(made))
        other = rng.choice([b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\xff\xd9", b"PK\3\4"])
        made[at : at + rng.randrange(1, 5)] = other
    return bytes(made)


def _holes(data: bytes, rng: Random) -> bytes:
    start = rng.randrange(len(data))
    end = min(len(data), start + rng.randrange(1, 512))
    return data[:start] + data[end:] if rng.random() < 0.5 else data[:end] + data[start:]


def _joined(data: bytes, rng: Random) -> bytes:
    other = rng.choice(originals())[1]
    at = rng.randrange(1, len(data))
    return data[:at] + other[rng.randrange(len(other)) :]


def _size(data: bytes, rng: Random) -> bytes:
    """Another width and height in the header than there are pixels, with sums that are right."""
    large = 2**31 - 1
    sizes = [(65535, 65535), (30000, 30000), (0, 90), (120, 0), (large, 1), (1, large), (121, 91), (60, 45)]
    width, height = rng.choice(sizes)
    made = bytearray(data)
    if data.startswith(b"\x89PNG"):
        header = struct.pack(">II", width, height) + data[24:29]
        made[8:33] = chunk(b"IHDR", header)
    elif data.startswith(b"\xff\xd8"):
        for marker in (b"\xff\xc0", b"\xff\xc2"):
            if (at := data.find(marker)) > 0:
                made[at + 5 : at + 9] = struct.pack(">HH", height & 0xFFFF, width & 0xFFFF)
    elif data.startswith(b"GIF8"):
        made[6:10] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
        if (at := data.find(b"\x2c", 10)) > 0 and rng.random() < 0.5:
            made[at + 5 : at + 9] = struct.pack("<HH", width & 0xFFFF, height & 0xFFFF)
    elif data.startswith(b"BM"):
        made[18:26] = struct.pack("<ii", width, rng.choice([height, -height]))
    elif data[:4] == b"II*\0":
        _tag(made, 256, width)
        _tag(made, 257, height)
        if rng.random() < 0.5:
            _tag(made, rng.choice([258, 259, 273, 277, 278, 279, 284]), rng.choice([0, 1, 7, 65535, 2**31]))
    elif data.startswith(b"P6"):
        made[: data.index(b"255")] = f"P6\n{width} {height}\n".encode()
    elif data.startswith(b"\0\0\1\0"):
        made[6:8] = bytes([rng.randrange(256), rng.randrange(256)])
        made[14:22] = struct.pack("<II", rng.choice([2**31, 5, len(data)]), rng.choice([0, 6, 22, 2**31]))
    else:  # a number somewhere in the first hundred bytes
        at = rng.randrange(8, 100)
        made[at : at + 4] = struct.pack(">I", width)
    return bytes(made)


def _tag(made: bytearray, tag: int, value: int) -> None:
    (start,) = struct.unpack_from("<I", made, 4)
    if start + 2 > len(made):
        return
    (count,) = struct.unpack_from("<H", made, start)
    for at in range(start + 2, min(start + 2 + 12 * count, len(made) - 12), 12):
        if struct.unpack_from("<H", made, at)[0] == tag:
            struct.pack_into("<HII", made, at + 2, 4, 1, value & 0xFFFFFFFF)


def _png(width: int, height: int, *more: bytes, depth: int = 8, colour: int = 0, rows: bytes | None = None) -> bytes:
    """A grey PNG whose rows are all zeros, packed as small as can be."""
    if rows is None:
        packer, line = zlib.compressobj(9), b"\0" * (1 + width * (3 if colour == 2 else 1) * depth // 8)
        rows = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + b"".join(more) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@lru_cache(maxsize=4)
def _zeros(megabytes: int) -> bytes:
    """That many megabytes of zeros, packed: one of them, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    one = packer.compress(b"\0" * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    # An empty last block, and Adler's sum of n zeros.
    return b"\x78\xda" + one * megabytes + b"\x03\0" + struct.pack(">I", (megabytes * 2**20 % 65521) << 16 | 1)


def _bomb_of_pixels(rng: Random) -> tuple[str, bytes]:
    side = rng.choice([20_000, 50_000, 65_535])
    return ".png", _png(side, side, rows=_zeros(64))


def _bomb_of_text(rng: Random) -> tuple[str, bytes]:
    kind, head = rng.choice([(b"zTXt", b"c\0\0"), (b"iCCP", b"p\0\0"), (b"iTXt", b"c\0\1\0\0\0")])
    count = rng.choice([1, 20])
    return ".png", _png(16, 16, *[chunk(kind, head + _zeros(256))] * count)


def _bomb_of_rows(rng: Random) -> tuple[str, bytes]:
    # Few pixels are promised, far more are packed.
    return ".png", _png(16, 16, rows=_zeros(256))


def _bomb_in_icon(rng: Random) -> tuple[str, bytes]:
    inner = _png(30_000, 30_000, rows=_zeros(64))
    count = rng.choice([1, 40])
    entries = struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(inner), 6 + 16 * count) * count
    return ".ico", struct.pack("<HHH", 0, 1, count) + entries + inner


def _bomb_of_frames(rng: Random) -> tuple[str, bytes]:
    frame = b"\x21\xf9\x04\0\0\0\0\0\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\1\0"
    return ".gif", b"GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff" + frame * rng.choice([1, 5000]) + b";"


def _bomb_of_pages(rng: Random) -> tuple[str, bytes]:
    # A directory of a TIFF that follows itself, or one of very many.
    made = bytearray(originals()[12][1])
    (start,) = struct.unpack_from("<I", made, 4)
    (count,) = struct.unpack_from("<H", made, start)
    struct.pack_into("<I", made, start + 2 + 12 * count, start)
    return ".tif", bytes(made)


def _bomb_of_jpeg(rng: Random) -> tuple[str, bytes]:
    # Progressive, as large as can be, with thousands of scans of nothing.
    data = originals()[1][1]
    made = bytearray(_size(data, Random(0)))
    at = data.rfind(b"\xff\xda")
    scan = data[at : at + 14]
    return ".jpg", bytes(made[:at]) + scan * rng.choice([10, 3000]) + b"\xff\xd9"


def _zip_in_picture(rng: Random) -> tuple[str, bytes]:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", b"\0" * 2**24)
    suffix, data = rng.choice(originals())
    return suffix, rng.choice([data + buffer.getvalue(), buffer.getvalue()])


_BOMBS = (
    _bomb_of_pixels, _bomb_of_text, _bomb_of_rows, _bomb_in_icon, _bomb_of_frames, _bomb_of_pages, _bomb_of_jpeg,
    _zip_in_picture,
)  # fmt: skip

if __name__ == "__main__":
    print(f"{len(build(Path(sys.argv[1]), *map(int, sys.argv[2:])))} bad pictures in {sys.argv[1]}")
