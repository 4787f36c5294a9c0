from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stylize.pictures import PictureError, collect, fitted, long_side, read, write


def test_exif_rotation_is_applied(tmp_path: Path) -> None:
    # Left pixel red, right blue, stored with orientation 6: turn a quarter clockwise, so red ends up on top.
    pixels = np.array([[[255, 0, 0], [0, 0, 255]]], np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "turned.png", exif=exif)
    np.testing.assert_array_equal(read(tmp_path / "turned.png"), [[[1, 0, 0]], [[0, 0, 1]]])


def test_alpha_is_composited_on_white(tmp_path: Path) -> None:
    pixels = np.array([[[255, 0, 0, 0], [0, 0, 0, 51], [0, 255, 0, 255]]], np.uint8)
    Image.fromarray(pixels).save(tmp_path / "alpha.png")
    # 51 / 255 = 0.2 of black over white is 0.8.
    np.testing.assert_allclose(read(tmp_path / "alpha.png"), [[[1.0] * 3, [0.8] * 3, [0.0, 1.0, 0.0]]], atol=1e-6)


def test_sixteen_bit_grey_is_scaled(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 257 * 51, 65535]], np.uint16)).save(tmp_path / "deep.png")
    np.testing.assert_allclose(read(tmp_path / "deep.png"), [[[0.0] * 3, [0.2] * 3, [1.0] * 3]], atol=1e-6)


@pytest.mark.parametrize("mode", ["CMYK", "L", "P", "1"])
def test_other_modes_become_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "picture.tif"
    Image.new("RGB", (3, 2), "white").convert(mode).save(path)
    np.testing.assert_array_equal(read(path), np.ones((2, 3, 3)))


def test_first_frame_of_an_animation(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (2, 2), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    np.testing.assert_array_equal(read(tmp_path / "moving.gif"), np.broadcast_to([1, 0, 0], (2, 2, 3)))


def test_long_side_is_resized_and_the_ratio_kept(tmp_path: Path) -> None:
    Image.new("RGB", (300, 100)).save(tmp_path / "wide.png")
    assert read(tmp_path / "wide.png", 60).shape == (20, 60, 3)
    assert long_side(tmp_path / "wide.png") == 300
    assert fitted((4000, 3), 100) == (100, 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "an empty file"), (b"not a picture", "cannot identify"), (None, "truncated")],
)
def test_bad_files_are_named_with_the_reason(tmp_path: Path, content: bytes | None, reason: str) -> None:
    path = tmp_path / "bad.jpg"
    if content is None:
        noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
        Image.fromarray(noise).save(path)
        content = path.read_bytes()[:2000]
    path.write_bytes(content)
    with pytest.raises(PictureError, match=f"bad.jpg: expected a picture, found.*{reason}") as caught:
        read(path)
    assert caught.value.path == path
    assert long_side(path) in (0, 64)


def test_broken_exif_does_not_cost_the_picture(tmp_path: Path) -> None:
    Image.new("RGB", (2, 2), "red").save(tmp_path / "broken.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff", quality=95)
    assert read(tmp_path / "broken.jpg").shape == (2, 2, 3)


def test_folder_stands_for_its_pictures_in_order(tmp_path: Path) -> None:
    for name in ("b.png", "a.JPG", ".hidden.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "deeper.png").mkdir()
    assert collect([tmp_path / "b.png", tmp_path]) == [tmp_path / "b.png", tmp_path / "a.JPG"]


def test_missing_and_empty_inputs_are_errors(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="none.png: expected a picture or a folder of pictures, found no such file"):
        collect([tmp_path / "none.png"])
    with pytest.raises(PictureError, match="expected a folder with pictures, found none in it"):
        collect([tmp_path])


def test_written_picture_reads_back(tmp_path: Path) -> None:
    picture = np.linspace(0, 1, 6 * 4 * 3, dtype=np.float32).reshape(6, 4, 3)
    write(tmp_path / "new" / "picture.png", picture)
    np.testing.assert_allclose(read(tmp_path / "new" / "picture.png"), picture, atol=0.5 / 255 + 1e-6)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["picture.png"]


def test_failed_writing_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    write(path, np.zeros((2, 2, 3), np.float32))
    before = path.read_bytes()
    with pytest.raises(ValueError):
        write(path, np.zeros((0, 2, 3), np.float32)[:, :, :2])
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["picture.png"]
    with pytest.raises(PictureError, match=r"expected a suffix of a picture format .* found '.xyz'"):
        write(tmp_path / "picture.xyz", np.zeros((2, 2, 3), np.float32))
