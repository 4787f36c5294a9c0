"""Statistics over the frames of a film, with the model that ships, in both runtimes."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from conftest import packaged_picture

from impasto.painter import Painter, load
from impasto.runtimes.protocol import FilmRuntime
from impasto.steadiness import Steadiness
from impasto.stylizer import Settings

PLAIN = Settings(stroke=None)


@pytest.fixture(scope="module", params=["litert", "onnx"])
def painter(request: pytest.FixtureRequest) -> Iterator[Painter]:
    with load("fast", runtime=request.param, threads=1) as made:
        yield made


@pytest.fixture(scope="module")
def embedding(painter: Painter) -> np.ndarray:
    return painter.stylizer.predict(packaged_picture("ihc.png", 64, 64))


def runtime_of(painter: Painter) -> FilmRuntime:
    runtime = painter.stylizer.runtime
    assert isinstance(runtime, FilmRuntime)
    return runtime


def noisy(count: int, sigma: float) -> list[np.ndarray]:
    rng = np.random.default_rng(7)
    still = packaged_picture("chelsea.png", 64, 64)
    return [np.clip(still + rng.normal(0, sigma, still.shape), 0, 1).astype(np.float32) for _ in range(count)]


def test_a_change_comes_in_with_time(painter: Painter, embedding: np.ndarray) -> None:
    runtime = runtime_of(painter)
    conditioning = runtime.condition(embedding[None])
    first, second = (picture[None] for picture in noisy(2, 0.1))
    steadiness = Steadiness(runtime, lag=0.4)
    steadiness.begin(0)
    before = steadiness.paint(first, conditioning)[1]
    assert before == pytest.approx(runtime.statistics(first, conditioning), abs=1e-6)
    steadiness.begin(0.4)
    mixed = steadiness.paint(second, conditioning)[1]
    own = runtime.statistics(second, conditioning)
    # The first norm sees nothing of the others: its scales are the mean, exactly.
    share = math.exp(-1)
    expected = share * before[0, :8] + (1 - share) * own[0, :8]
    assert np.abs(own - before)[0, :8].max() > 1e-2
    assert mixed[0, :8] == pytest.approx(expected, abs=1e-3)


def test_a_cut_is_painted_with_its_own_statistics(painter: Painter, embedding: np.ndarray) -> None:
    scenes = [packaged_picture("chelsea.png", 64, 64), np.tile(np.array([[[0]], [[1]]], np.float32), (32, 64, 3))]
    steadiness = Steadiness(runtime_of(painter))
    for time, scene in enumerate(scenes):
        steadiness.begin(time / 24)
        found = painter.stylizer.stylize(scene, embedding, PLAIN, steadiness=steadiness)
        assert found == pytest.approx(painter.stylizer.stylize(scene, embedding, PLAIN), abs=1e-5)
    assert steadiness.cuts == 1


@pytest.mark.parametrize("tile", [None, 256])
def test_what_comes_into_the_picture_leaves_the_rest_alone(
    painter: Painter, embedding: np.ndarray, tile: int | None
) -> None:
    side = 320 if tile else 128
    empty = (255 * packaged_picture("chelsea.png", side, side)).astype(np.uint8)
    visited = empty.copy()
    visited[: side // 2, : side // 4] = 255

    def change(lag: float) -> float:
        """Of what is far from the visitor, from one frame to the next; mean, of 255."""
        steadiness = Steadiness(runtime_of(painter), lag)
        far = []
        for time, frame in enumerate((empty, visited)):
            steadiness.begin(time / 24)
            painted = painter.stylizer.stylize(frame, embedding, Settings(1, None, tile), steadiness=steadiness)
            far.append(painted[side * 5 // 8 :, side * 5 // 8 :].astype(float))
        assert steadiness.cuts == 0
        return float(np.abs(far[1] - far[0]).mean())

    # Measured: 0.39 of it.
    assert change(0.4) < 0.5 * change(0)


def test_wrong_wishes(painter: Painter, embedding: np.ndarray) -> None:
    with pytest.raises(ValueError, match="lag must be a finite number"):
        Steadiness(runtime_of(painter), lag=-1)
