"""Seamless textures: the seam of what is painted is as any neighbouring rows and columns are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import packaged_picture
from PIL import Image

import impasto
from impasto.__main__ import main
from impasto.wrapping import seam_ratio, seamless


@pytest.fixture(scope="module")
def painter() -> Iterator[impasto.Painter]:
    with impasto.load("fast", threads=1) as loaded:
        yield loaded


def picture(name: str, width: int, height: int) -> np.ndarray:
    return (packaged_picture(name, width=width, height=height) * 255).astype(np.uint8)


def seams(painted: np.ndarray) -> list[float]:
    """Of rows and of columns: the seam's mean difference over the largest of the 16 lines' on either side of it."""
    found = []
    for lines in (painted, painted.swapaxes(0, 1)):
        around = np.concatenate([lines[-17:], lines[:17]]).astype(float)
        differences = np.abs(np.diff(around, axis=0)).reshape(len(around) - 1, -1).mean(axis=1)
        found.append(float(differences[16] / np.delete(differences, 16).max()))
    return found


def test_borders_are_mixed_with_the_mirror_image_by_hand() -> None:
    """Of 16 columns two are mixed at either end, by (1 + cos 0) / 4 = 0.5, and (1 + cos 90 degrees) / 4 = 0.25."""
    row = np.array([[100, 40, *[0] * 12, 8, 20]], np.float32)
    np.testing.assert_allclose(seamless(row), [[60, 32, *[0] * 12, 16, 60]], atol=1e-4)


def test_what_wraps_already_stays() -> None:
    x = np.arange(64)
    waves = np.repeat((128 + 100 * np.sin(x * 2 * np.pi / 16))[None].repeat(64, 0)[..., None], 3, 2).astype(np.uint8)
    assert seamless(waves) is not None and (seamless(waves) == waves).all()
    made = seamless(picture("astronaut.png", 96, 64))
    assert seam_ratio(made) < 0.5 and (seamless(made) == made).all()


@pytest.mark.parametrize(
    ("size", "settings"),
    [
        ((96, 80), {}),  # multiples of the network's sixteen
        ((101, 90), {}),
        ((150, 110), {"stroke": 8.0}),  # painted coarse to fine
        ((150, 110), {"tile": 240}),
        ((101, 90), {"keep_color": "luma"}),
    ],
)
def test_opposite_borders_meet(painter: impasto.Painter, size: tuple[int, int], settings: dict[str, Any]) -> None:
    photo, style = picture("astronaut.png", *size), picture("ihc.png", 64, 64)
    plain = np.asarray(painter.paint(photo, style, **settings))
    wrapped = np.asarray(painter.paint(photo, style, wrap=True, **settings))
    assert wrapped.shape == plain.shape
    # A seam that is a line like any other is the largest of 33 now and then: one of ten was, by 0.2 %.
    assert max(seams(wrapped)) <= 1.05 and max(seams(plain)) > 2, (seams(wrapped), seams(plain))
    # The same picture in its middle, by and large.
    middle = np.s_[30:-30, 30:-30]
    assert np.abs(wrapped[middle].astype(int) - plain[middle]).mean() < 25


def test_regions_wrap_too(painter: impasto.Painter) -> None:
    photo = picture("astronaut.png", 96, 80)
    one, other = painter.embed_many([picture("ihc.png", 64, 64), picture("coffee.png", 64, 64)])
    half = np.zeros((8, 12), np.uint8)
    half[:, 6:] = 255
    wrapped = np.asarray(painter.paint(photo, one, regions=[(half, other)], wrap=True))
    plain = np.asarray(painter.paint(photo, one, regions=[(half, other)]))
    assert seams(wrapped)[1] <= 1 < seams(plain)[1]


def test_the_command_wraps(tmp_path: Path) -> None:
    Image.fromarray(picture("astronaut.png", 101, 90)).save(tmp_path / "photo.png")
    Image.fromarray(picture("ihc.png", 64, 64)).save(tmp_path / "style.png")
    photo, style, out = (str(tmp_path / name) for name in ("photo.png", "style.png", "texture.png"))
    assert main(["image", "--content", photo, "--style", style, "--out", out, "--wrap", "--model", "fast"]) == 0
    with Image.open(out) as painted:
        assert max(seams(np.asarray(painted))) <= 1
