from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.decode import MAX_PIXELS, decode_bytes, decode_file
from datasets.folder import FolderSource
from datasets.source import UnreadableImage


def _gradient(width: int = 20, height: int = 12) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    array = np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 90)], axis=-1).astype(np.uint8)
    return Image.fromarray(array)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _huge_png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def test_plain_png_is_exact_whatever_its_suffix(tmp_path: Path) -> None:
    image = _gradient()
    image.save(tmp_path / "really_png.jpg", format="PNG")
    array = decode_file(tmp_path / "really_png.jpg")
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, np.asarray(image))


@pytest.mark.parametrize("value, expected", [(0, 0), (257 * 100, 100), (65535, 255), (32768, 128)])
def test_sixteen_bit_grey_is_scaled_not_clipped(tmp_path: Path, value: int, expected: int) -> None:
    for suffix in ("png", "tif"):
        path = tmp_path / f"deep.{suffix}"
        Image.fromarray(np.full((4, 5), value, np.uint16)).save(path)
        array = decode_file(path)
        assert array.shape == (4, 5, 3)
        assert np.unique(array).tolist() == [expected]


def test_float_pictures_are_scaled_by_their_range(tmp_path: Path) -> None:
    for values, expected in (
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([0.0, 100.0, 255.0], [0, 100, 255]),
        ([-2.0, 0.0, 2.0], [0, 128, 255]),
    ):
        Image.fromarray(np.array([values], np.float32)).save(tmp_path / "f.tif")
        assert decode_file(tmp_path / "f.tif")[0, :, 0].tolist() == expected


def test_alpha_is_composited_on_white(tmp_path: Path) -> None:
    rgba = np.zeros((2, 2, 4), np.uint8)
    rgba[..., 0] = 200
    rgba[0, 0, 3], rgba[0, 1, 3], rgba[1, 0, 3] = 255, 0, 51
    Image.fromarray(rgba).save(tmp_path / "a.png")
    array = decode_file(tmp_path / "a.png")
    assert array[0, 0].tolist() == [200, 0, 0]
    assert array[0, 1].tolist() == [255, 255, 255]
    # A fifth of (200, 0, 0) over four fifths of white.
    np.testing.assert_allclose(array[1, 0], [244, 204, 204], atol=1)


def test_transparent_palette_is_composited_on_white(tmp_path: Path) -> None:
    image = Image.new("P", (3, 1))
    image.putpalette([255, 0, 0, 0, 0, 255, 0, 255, 0])
    image.putdata([0, 1, 2])
    image.save(tmp_path / "p.png", transparency=1)
    assert decode_file(tmp_path / "p.png")[0].tolist() == [[255, 0, 0], [255, 255, 255], [0, 255, 0]]


@pytest.mark.parametrize("mode", ["L", "1", "LA", "CMYK", "YCbCr", "LAB", "HSV"])
def test_every_mode_becomes_rgb(tmp_path: Path, mode: str) -> None:
    if mode in ("LAB", "HSV"):
        image = Image.merge(mode, [Image.new("L", (6, 4), v) for v in (200, 128, 128)])
    else:
        image = Image.new("RGB", (6, 4), "white").convert(mode)
    image.save(tmp_path / "m.tif") if mode != "HSV" else image.convert("RGB").save(tmp_path / "m.tif")
    array = decode_file(tmp_path / "m.tif")
    assert array.shape == (4, 6, 3) and array.dtype == np.uint8
    if mode in ("L", "1", "LA", "CMYK", "YCbCr"):
        assert array.min() >= 254
    if mode == "LAB":
        # L* = 78 without chroma is a light grey, about sRGB 193.
        np.testing.assert_allclose(array[0, 0], 193, atol=3)


def test_cmyk_jpeg_keeps_its_colours(tmp_path: Path) -> None:
    Image.new("RGB", (16, 16), (220, 30, 40)).convert("CMYK").save(tmp_path / "c.jpg", quality=95)
    np.testing.assert_allclose(decode_file(tmp_path / "c.jpg")[8, 8], [220, 30, 40], atol=8)


@pytest.mark.parametrize("orientation, corner", [(1, (0, 0)), (3, (-1, -1)), (6, (0, -1)), (8, (-1, 0))])
def test_exif_rotation_is_applied(tmp_path: Path, orientation: int, corner: tuple[int, int]) -> None:
    array = np.zeros((16, 32, 3), np.uint8)
    array[:8, :8] = 255
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(array).save(tmp_path / "r.jpg", exif=exif, quality=95)
    turned = decode_file(tmp_path / "r.jpg")
    assert turned.shape[:2] == ((16, 32) if orientation in (1, 3) else (32, 16))
    assert turned[corner].min() > 240
    assert int((turned[..., 0] > 128).sum()) == 64


def test_animated_gif_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert decode_file(tmp_path / "a.gif")[4, 4].tolist() == [255, 0, 0]


def test_truncated_file_is_named_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "cut.jpg"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(UnreadableImage, match="truncated") as caught:
        decode_file(path)
    assert caught.value.name == str(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "0 bytes"),
        (b"this is no picture", "not a picture"),
        (b"\xff\xd8\xff\xe0garbage", "not a picture|damaged"),
        (_huge_png(60_000, 60_000), "bomb"),
        (_huge_png(10_000, 10_000), "bomb"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a picture"),
    ],
)
def test_unusable_files_say_why(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(UnreadableImage, match=reason):
        decode_file(path)
    with pytest.raises(UnreadableImage, match=reason):
        decode_bytes(content, "record 7")
    assert 10_000 * 10_000 > MAX_PIXELS


def test_missing_and_forbidden_files(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImage, match="No such file"):
        decode_file(tmp_path / "gone.png")
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(UnreadableImage, match="cannot be opened"):
        decode_file(tmp_path / "folder.png")


def test_folder_is_deep_sorted_and_sniffs_unknown_suffixes(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    for name in ("b/c/2.PNG", "z.bmp", "a.webp", ".hidden/x.png", "no_suffix"):
        _gradient().save(tmp_path / name, format={"a.webp": "WEBP", "z.bmp": "BMP"}.get(name, "PNG"))
    (tmp_path / "notes.txt").write_text("not a picture")
    source = FolderSource(tmp_path)
    assert source.keys == ["a.webp", "b/c/2.PNG", "no_suffix", "z.bmp"]
    assert source.ignored == ["notes.txt"]
    assert source.describe(1) == str(tmp_path / "b/c/2.PNG")
    np.testing.assert_array_equal(source.load(2), np.asarray(_gradient()))


def test_folder_errors_name_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        FolderSource(tmp_path / "gone")
    with pytest.raises(ValueError, match="holds no picture"):
        FolderSource(tmp_path)
    (tmp_path / "f.txt").write_text("x")
    with pytest.raises(ValueError, match="is a file"):
        FolderSource(tmp_path / "f.txt")


def test_unreadable_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "locked").mkdir()
    _gradient().save(tmp_path / "ok.png")
    real = os.scandir

    # Root may enter every folder, so that permission bits alone would test nothing here.
    def refuse(path: str) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    source = FolderSource(tmp_path)
    assert source.keys == ["ok.png"]
    assert "Permission denied" in str(source.unreadable_folders[0])
    assert "locked" in caplog.text
