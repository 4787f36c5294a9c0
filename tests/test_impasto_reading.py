"""The one reader: every kind of file that people have, and what it says of those that it cannot read."""

from __future__ import annotations

import io
import os
import socket
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from impasto.errors import PictureError
from impasto.pictures.reading import MAX_PIXELS, fitted, measure, read


def gradient(width: int = 20, height: int = 12) -> np.ndarray:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 90)], axis=-1).astype(np.uint8)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(*chunks: bytes, pixels: np.ndarray | None = None) -> bytes:
    """A PNG with chunks of ours behind its header."""
    buffer = io.BytesIO()
    Image.fromarray(gradient() if pixels is None else pixels).save(buffer, "PNG")
    whole = buffer.getvalue()
    return whole[:33] + b"".join(chunks) + whole[33:]


def huge_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    idat = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + idat + chunk(b"IEND", b"")


def encoded(pixels: np.ndarray, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def noise() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)


def test_any_source_gives_the_same_picture(tmp_path: Path) -> None:
    pixels, data = gradient(), encoded(gradient(), "PNG")
    path = tmp_path / "really_png.jpg"  # the suffix is not asked
    path.write_bytes(data)
    with path.open("rb") as file:
        sources: list[Any] = [
            path,
            str(path),
            data,
            io.BytesIO(data),
            file,
            Image.fromarray(pixels),
            pixels,
            pixels / 255,
        ]
        for source in sources:
            found = read(source)
            np.testing.assert_array_equal(np.round(found.floats() * 255).astype(np.uint8), pixels)
            assert found.floats().dtype == np.float32
    assert read(path).pixels.dtype == np.uint8 and read(path).alpha is None
    assert measure(path) == (20, 12)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.full((2, 2, 3), 1.5), "floats from 0 to 1, received 1.5"),
        (np.full((2, 2, 3), np.nan), "floats from 0 to 1"),
        (np.zeros((2, 2, 3), np.int32), "uint8, or floats"),
        (np.zeros((2, 2, 5), np.uint8), r"received shape \(2, 2, 5\)"),
        (np.zeros((0, 2, 3), np.uint8), "received shape"),
    ],
)
def test_arrays_that_are_no_pictures(array: np.ndarray, reason: str) -> None:
    with pytest.raises(PictureError, match=reason):
        read(array)


@pytest.mark.parametrize("value, expected", [(0, 0), (257 * 100, 100), (65535, 255), (32768, 128)])
@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bit_grey_is_scaled_not_clipped(value: int, expected: int, kind: str) -> None:
    found = read(encoded(np.full((4, 5), value, np.uint16), kind)).pixels
    assert found.shape == (4, 5, 3) and np.unique(found).tolist() == [expected]


def test_float_pictures_are_scaled_by_their_range() -> None:
    for values, expected in (
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([-2.0, 0.0, 2.0], [0, 128, 255]),
        ([-5.0, -5.0, -5.0], [0, 0, 0]),
    ):
        data = encoded(np.array([values], np.float32), "TIFF")
        assert read(data).pixels[0, :, 0].tolist() == expected
    with pytest.raises(PictureError, match="not finite"):
        read(encoded(np.array([[0.0, np.inf]], np.float32), "TIFF"))


def test_colours_go_on_under_what_is_transparent() -> None:
    """A red disc with a soft edge, cut out of blue: nothing but red, whatever covers it how little."""
    y, x = np.mgrid[0:40, 0:50]
    cover = np.clip(15 - np.hypot(x - 25, y - 20), 0, 1)
    pixels = np.zeros((40, 50, 4), np.uint8)
    pixels[cover > 0] = 200, 30, 10, 0
    pixels[cover == 0] = 0, 0, 255, 0
    pixels[..., 3] = np.round(255 * cover)
    for source in (pixels, encoded(pixels, "PNG")):
        found = read(source, extend=True)
        assert found.alpha is not None and found.alpha.tolist() == pixels[..., 3].tolist()
        off = np.abs(found.pixels.astype(int) - (200, 30, 10))
        # Means of 8 bits are rounded at every size, which adds up where nothing is seen.
        assert off[cover > 0].max() <= 2 and off.max() <= 10
    # Two colours: each goes on to its own side, and what covers is left as it is.
    pixels[..., :3] = np.where(x[..., None] < 25, (200, 30, 10), (10, 200, 30))
    found = read(pixels, extend=True)
    assert found.pixels[20, 2, 0] > 150 > 60 > found.pixels[20, 2, 1]
    assert found.pixels[20, 48, 1] > 150 > 60 > found.pixels[20, 48, 0]
    np.testing.assert_array_equal(found.pixels[cover == 1], pixels[cover == 1][:, :3])
    # Nothing to go on with is white.
    pixels[..., 3] = 0
    assert (read(pixels, extend=True).pixels == 255).all()


def test_transparency_lies_over_white_and_is_handed_on() -> None:
    pixels = np.array([[[255, 0, 0, 0], [0, 0, 0, 51], [0, 255, 0, 255]]], np.uint8)
    found = read(encoded(pixels, "PNG"))
    # 51 / 255 = 0.2 of black over white is 0.8.
    assert found.pixels.tolist() == [[[255] * 3, [204] * 3, [0, 255, 0]]]
    assert found.alpha is not None and found.alpha.tolist() == [[0, 51, 255]]
    pixels[..., 3] = 255
    assert read(encoded(pixels, "PNG")).alpha is None
    # A palette and a key colour hold transparency too.
    palette = Image.new("P", (2, 1))
    palette.putpalette([255, 0, 0, 0, 255, 0])
    palette.putdata([0, 1])
    buffer = io.BytesIO()
    palette.save(buffer, "PNG", transparency=1)
    assert read(buffer.getvalue()).pixels[0].tolist() == [[255, 0, 0], [255, 255, 255]]


@pytest.mark.parametrize("mode", ["L", "1", "LA", "CMYK", "YCbCr", "P"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    image = Image.new("RGB", (6, 4), "white").convert(mode)
    assert read(image).pixels.min() >= 254
    if mode == "YCbCr":
        return  # before 13, Pillow writes it as a TIFF, and cannot read that TIFF
    buffer = io.BytesIO()
    image.save(buffer, "TIFF")
    assert read(buffer.getvalue()).pixels.min() >= 254


def test_lab_and_cmyk_keep_their_colours() -> None:
    buffer = io.BytesIO()
    # L* = 78 without chroma is a light grey, about sRGB 193.
    Image.merge("LAB", [Image.new("L", (6, 4), value) for value in (200, 128, 128)]).save(buffer, "TIFF")
    np.testing.assert_allclose(read(buffer.getvalue()).pixels[0, 0], 193, atol=3)
    buffer = io.BytesIO()
    Image.new("RGB", (16, 16), (220, 30, 40)).convert("CMYK").save(buffer, "JPEG", quality=95)
    np.testing.assert_allclose(read(buffer.getvalue()).pixels[8, 8], [220, 30, 40], atol=8)


def swapped_profile() -> bytes:
    """A real profile whose colours differ from sRGB's: red and blue change places."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, blue = data.index(b"rXYZ"), data.index(b"bXYZ")
    data[red : red + 4], data[blue : blue + 4] = b"bXYZ", b"rXYZ"
    return bytes(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
def test_a_colour_profile_is_honoured_and_a_broken_one_ignored(kind: str) -> None:
    pixels = np.full((16, 16, 3), (200, 60, 20), np.uint8)
    every: dict[str, dict[str, Any]] = {"JPEG": {"quality": 100}, "WEBP": {"lossless": True}}
    options = every.get(kind, {})
    found = read(encoded(pixels, kind, icc_profile=swapped_profile(), **options))
    np.testing.assert_allclose(found.pixels[8, 8], (20, 60, 200), atol=3)
    assert found.metadata.profiled
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (b"no profile at all", srgb[:200], srgb):
        same = read(encoded(pixels, kind, icc_profile=profile, **options))
        np.testing.assert_allclose(same.pixels[8, 8], (200, 60, 20), atol=2 if kind == "JPEG" else 0)
    image = Image.open(io.BytesIO(encoded(pixels, kind, icc_profile=swapped_profile(), **options)))
    np.testing.assert_allclose(read(image).pixels[8, 8], (20, 60, 200), atol=3)
    np.testing.assert_allclose(np.asarray(image)[8, 8], (200, 60, 20), atol=2)  # the caller's own is left alone
    grey = encoded(np.full((4, 4), 90, np.uint8), "PNG", icc_profile=srgb)  # for three channels, on one
    assert read(grey).pixels[0, 0].tolist() == [90, 90, 90]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation, corner", [(1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))])
def test_exif_rotation_is_applied(kind: str, orientation: int, corner: tuple[int, int]) -> None:
    pixels = np.zeros((16, 32, 3), np.uint8)
    pixels[:8, :8] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = read(encoded(pixels, kind, exif=exif)).pixels
    assert turned.shape[:2] == ((16, 32) if orientation in (1, 3) else (32, 16))
    assert turned[corner].min() > 240
    assert int((turned[..., 0] > 128).sum()) == 64


def test_broken_exif_does_not_cost_the_picture() -> None:
    data = encoded(gradient(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff", quality=95)
    assert read(data).pixels.shape == (12, 20, 3)


def test_metadata_of_any_size_is_passed_over() -> None:
    """Pillow refuses a PNG whose comments unpack to more than a megabyte, or are many, or have a wrong checksum."""
    bomb = zlib.compress(b"x" * 30_000_000)
    wrong = bytearray(chunk(b"tEXt", b"key\0value"))
    wrong[-1] ^= 0xFF
    for added in (
        [chunk(b"zTXt", b"Comment\0\0" + bomb)],
        [chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb)],
        [chunk(b"tEXt", b"key\0" + b"v" * 2_000_000)] * 40,
        [bytes(wrong)],
    ):
        np.testing.assert_array_equal(read(png_with(*added)).pixels, gradient())
    # A profile says what the colours are: that it is left out is said.
    with pytest.warns(UserWarning, match="its colour profile has more than 16 MB and is left out"):
        found = read(png_with(chunk(b"iCCP", b"icc\0\0" + bomb)))
    np.testing.assert_array_equal(found.pixels, gradient())


def test_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "PNG", "WEBP"):
        buffer = io.BytesIO()
        frames[0].save(
            buffer, kind, save_all=True, append_images=frames[1:], **({"lossless": True} if kind == "WEBP" else {})
        )
        assert read(buffer.getvalue()).pixels[4, 4].tolist() == [255, 0, 0]


def test_a_large_photograph_is_decoded_at_a_fraction_and_looks_the_same(photo: np.ndarray) -> None:
    large = np.asarray(Image.fromarray((photo * 255).astype(np.uint8)).resize((1800, 1200), Image.Resampling.BICUBIC))
    for kind in ("JPEG", "PNG"):
        data = encoded(large, kind, compress_level=1)
        small = read(data, long_side=240).pixels
        assert small.shape == (160, 240, 3)
        whole = np.asarray(Image.fromarray(read(data).pixels).resize((240, 160), Image.Resampling.LANCZOS))
        assert np.abs(small.astype(int) - whole).mean() < 1
        part = read(data, enough=100).pixels
        assert (part.shape == (600, 900, 3)) if kind == "JPEG" else part.shape[0] >= 600
    image = Image.open(io.BytesIO(data := encoded(large, "JPEG")))
    assert read(image, long_side=240).pixels.shape == (160, 240, 3) and image.size == (1800, 1200)
    assert fitted(300, 100, 60) == (60, 20) and fitted(4000, 3, 100) == (100, 1) and data


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty file"),
        (b"this is no picture", "expected a picture in a format that can be read, found none"),
        (b"\xff\xd8\xff\xe0garbage", "a JPEG that is damaged|damaged file"),
        (huge_png(60_000, 60_000), "too large"),
        (huge_png(12_000, 12_000), "12000x12000 pixels, where at most 134 megapixels"),
        (encoded(noise(), "JPEG")[:2000], "damaged file: .*truncated"),
        (encoded(noise(), "PNG")[:2000], "damaged file: .*truncated"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a PostScript file: export it as PNG"),
        (b"%PDF-1.7\n", "a PDF: export its page as PNG"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing: export it as PNG"),
        (b"\n<!DOCTYPE html><title>404</title>", "a web page"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "a HEIC picture: export it as JPEG"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "a camera's raw photograph"),
        (b"II*\0\x10\0\0\0CR\x02\0", "a camera's raw photograph: develop it"),
        (b"\0\0\0\x18ftypisom\0\0\2\0isommp42", "a film"),
        (b"PK\x03\x04" + b"\0" * 40, "an archive"),
        (b"\xff\x0a\xff\xff", "a JPEG XL picture"),
        (b"version https://git-lfs.github.com/spec/v1\noid", "Git LFS: fetch the file itself"),
    ],
)
def test_what_cannot_be_read_is_named_with_what_to_do(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(PictureError, match=reason) as caught:
        read(path)
    assert caught.value.path == path and "\n" not in str(caught.value)
    with pytest.raises(PictureError, match=f"record 7: .*({reason})"):
        read(content, name="record 7")
    assert 12_000**2 > MAX_PIXELS > 100_000_000


def test_a_raw_photograph_is_not_taken_for_its_thumbnail(tmp_path: Path) -> None:
    thumbnail = encoded(gradient(), "TIFF")
    (tmp_path / "photo.nef").write_bytes(thumbnail)
    with pytest.raises(PictureError, match="raw photograph"):
        read(tmp_path / "photo.nef")
    with pytest.raises(PictureError, match="raw photograph"):
        read(encoded(gradient(), "TIFF", tiffinfo={50706: b"\1\4\0\0"}))


def test_pipes_devices_folders_and_missing_files_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.png"))
    for name in (tmp_path / "pipe.png", tmp_path / "socket.png", "/dev/zero"):
        with pytest.raises(PictureError, match="found no file but a pipe, a socket or a device"):
            read(name)
    with pytest.raises(PictureError, match="found a folder"):
        read(tmp_path)
    with pytest.raises(PictureError, match="No such file"):
        read(tmp_path / "gone.png")
    with pytest.raises(PictureError, match="cannot be opened"):
        read("nul\0character.png")


def test_names_of_any_bytes_can_be_read_and_said() -> None:
    with pytest.raises(PictureError) as caught:
        read(os.fsdecode(b"/nowhere/caf\xe9\n\x1b[31m.png"))
    assert str(caught.value) == r"/nowhere/caf\udce9\n\x1b[31m.png: cannot be opened: No such file or directory"
