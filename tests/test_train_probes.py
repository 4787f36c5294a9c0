"""Probes of border and flicker, and per-picture optimisation: values that are known beforehand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from train.grid import Picture
from train.judge import Judge
from train.per_picture import OptimisedSystem
from train.probes import WINDOW, border_losses, moved, probe
from train.systems import open_systems

SIDE = 160


@pytest.fixture(scope="module")
def judge(starting_weights: dict[str, Path]) -> Judge:
    return Judge(starting_weights["vgg16"])


@pytest.fixture(scope="module")
def texture() -> np.ndarray:
    """Noise of one kind everywhere, smooth over a few pixels."""
    noise = np.random.default_rng(0).random((SIDE + 4, SIDE + 4, 3)).astype(np.float32)
    return np.mean([noise[y : y + SIDE, x : x + SIDE] for y in range(4) for x in range(4)], axis=0)


class Same:
    """Paints nothing: a moved photograph is the moved picture, up to nothing."""

    name = "same"

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        return content


class Fixed(Same):
    """A pattern that stays where it is while the photograph moves: what flickers."""

    name = "fixed"

    def stylise(self, content: np.ndarray, content_key: str, style: np.ndarray, style_key: str) -> np.ndarray:
        ramp = np.linspace(0, 1, content.shape[1], dtype=np.float32)
        return np.broadcast_to(ramp[None, :, None], content.shape).copy()


def test_flicker_is_what_a_fixed_pattern_differs_by(judge: Judge, texture: np.ndarray) -> None:
    pair = (Picture("c", texture), Picture("s", texture))
    same, fixed = probe([Same(), Fixed()], [pair], judge)
    assert same.flicker == pytest.approx(0, abs=1e-6) and (same.system, same.pairs) == ("same", 1)
    # The ramp seen through the window: x0 + (x1 - x0) u instead of u, over u in [0, 1].
    u = np.linspace(0, 1, 10_000)
    expected = np.abs(WINDOW[1] + (WINDOW[3] - WINDOW[1]) * u - u).mean()
    assert fixed.flicker == pytest.approx(expected, rel=0.03)


def test_moved_is_the_window_at_the_pictures_own_size() -> None:
    ramp = np.tile(np.arange(200, dtype=np.float32)[None, :, None], (200, 1, 3))
    seen = moved(ramp)
    assert seen.shape == ramp.shape
    # Pixel i shows the place 0.03 * 200 + (i + 0.5) * 0.95 of the row; pixel centres lie at halves.
    np.testing.assert_allclose(seen[100, 50, 0], 0.03 * 200 + 50.5 * 0.95 - 0.5, atol=0.01)


def test_a_frame_shows_at_the_border(judge: Judge, texture: np.ndarray) -> None:
    grams = judge.grams(texture)
    even, inside = border_losses(judge, texture, grams)
    assert 0.5 < even / inside < 2
    framed = texture.copy()
    framed[:6], framed[-6:], framed[:, :6], framed[:, -6:] = 0, 0, 0, 0
    strip, ring = border_losses(judge, framed, grams)
    assert strip > 2 * even
    # The ring is 64 px inside, out of reach of the frame at the shallow layers.
    assert ring < 1.5 * inside
    with pytest.raises(ValueError, match="152 px or more, got 120"):
        border_losses(judge, texture[:120], grams)


def test_optimising_a_picture_lowers_the_judges_losses(judge: Judge) -> None:
    rng = np.random.default_rng(1)
    content = np.repeat(np.repeat(rng.random((6, 6, 3)), 8, axis=0), 8, axis=1).astype(np.float32)
    style = np.tile(np.array([[[0.9, 0.2, 0.1], [0.1, 0.2, 0.9]]], np.float32), (48, 24, 1))
    [system] = open_systems("optimise:25", (1.0,), judge)
    assert isinstance(system, OptimisedSystem) and system.name == "optimised_25"
    picture = system.stylise(content, "c", style, "s")
    assert picture.shape == content.shape and 0 <= picture.min() and picture.max() <= 1
    target, grams = judge.content_features(content), judge.grams(style)
    before, after = judge.judge(content, target, grams), judge.judge(picture, target, grams)
    assert after["content"] + after["style_sum"] < 0.6 * (before["content"] + before["style_sum"])


def test_systems_are_named_by_their_strength(judge: Judge) -> None:
    with pytest.raises(ValueError, match="optimise:many: expected optimise:STEPS"):
        open_systems("optimise:many", (1.0,), judge)
    shipped = Path(__file__).parent.parent / "models" / "shipped" / "student.keras"
    names = [system.name for system in open_systems(shipped, (0.5, 1.0), judge)]
    assert names == ["student@0.5", "student"]
