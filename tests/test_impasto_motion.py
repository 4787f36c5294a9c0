"""Movement between frames, and strokes that are carried along it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from conftest import packaged_picture

from impasto.films.carrying import Carrier
from impasto.films.motion import flow, moved, smooth
from impasto.painter import Painter, load
from impasto.stylizer import Settings


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    with load("fast", threads=1) as made:
        yield made


def picture(width: int, height: int, name: str = "chelsea.png") -> np.ndarray:
    return (255 * packaged_picture(name, width, height) + 0.5).astype(np.uint8)


def test_a_moved_picture_is_looked_at_where_the_flow_points() -> None:
    values = np.array([[0, 10, 20], [30, 40, 50]], np.float32)[..., None]
    along = np.zeros((2, 3, 2), np.float32)
    along[..., 0] = 0.5
    assert moved(values, along)[..., 0].tolist() == [[5, 15, 20], [35, 45, 50]]
    along[..., 0], along[..., 1] = 0, -0.25
    assert moved(values, along)[..., 0].tolist() == [[0, 10, 20], [22.5, 32.5, 42.5]]
    assert moved(values, along[1:], first=1)[..., 0].tolist() == [[22.5, 32.5, 42.5]]
    assert moved(values[:1, :1], along[:1, :1]).tolist() == [[[0]]]
    assert smooth(np.array([[0, 0, 9, 0, 0]], np.float32), 1).tolist() == [[0, 3, 3, 3, 0]]


@pytest.mark.parametrize("way", [(3, 0), (-3, 0), (0, 2), (2, -2), (0, 0)])
def test_the_movement_is_found(way: tuple[int, int]) -> None:
    whole = picture(120, 100)
    right, down = way
    old, new = whole[10:90, 10:110], whole[10 + down : 90 + down, 10 + right : 110 + right]
    found = flow(new, old).rows(100, 80, 0, 80)
    assert np.median(found, axis=(0, 1)) == pytest.approx(way, abs=0.15)
    inside = np.s_[10:-10, 10:-10]
    left_over = np.abs(moved(old, found) - new)[inside].mean()
    assert left_over < 2 and left_over <= 0.3 * np.abs(old.astype(float) - new)[inside].mean() + 1e-6


def test_another_scene_is_left_as_it_was_painted() -> None:
    carrier = Carrier()
    one, other = picture(64, 48), 255 - picture(64, 48, "astronaut.png") // 2
    assert (carrier.carry(one, one, 0) == one).all()
    assert np.abs(carrier.carry(other, other, 1 / 24).astype(int) - other).mean() < 1
    # A flash in one corner alone stays; the rest is carried.
    flashed = other.copy()
    flashed[:20, :20] = 0
    painted = 255 - flashed
    found = carrier.carry(painted, flashed, 2 / 24)
    assert np.abs(found[4:16, 4:16].astype(int) - painted[4:16, 4:16]).max() <= 1
    assert np.abs(found[30:, 30:].astype(int) - painted[30:, 30:]).mean() > 10


def test_strokes_go_with_a_photograph_that_moves_by_half_a_pixel(painter: Painter) -> None:
    # Half the size, so that a step in the large picture is exactly half a pixel.
    large = packaged_picture("astronaut.png", 280, 192)
    embedding = painter.stylizer.predict(packaged_picture("ihc.png", 64, 64))
    frames = [
        (255 * large[:, step : step + 256].reshape(96, 2, 128, 2, 3).mean(axis=(1, 3)) + 0.5).astype(np.uint8)
        for step in range(10)
    ]
    plain = [painter.stylizer.stylize(frame, embedding, Settings(stroke=None)) for frame in frames]
    carrier = Carrier()
    carried = [carrier.carry(plain[step], frames[step], step / 24) for step in range(10)]

    def flicker(pictures: list[np.ndarray]) -> float:
        """From each frame to the second after it, which is the same moved by one whole pixel."""
        pairs = zip(pictures, pictures[2:], strict=False)
        return float(np.mean([np.abs(one[:, 1:].astype(float) - two[:, :-1]).mean() for one, two in pairs]))

    assert flicker(carried) < 0.7 * flicker(plain)
