"""Noise of a camera taken out of films; values by hand. The page's own cases: tests/golden/noise.json."""

from __future__ import annotations

import numpy as np

from impasto.noise import NoiseFilter


def film(sigma: float, left: int, seed: int) -> np.ndarray:
    """A soft gradient with a bright square, and a camera's noise."""
    frame = np.tile(np.linspace(0.2, 0.5, 48, dtype=np.float32)[None, :, None], (40, 1, 3))
    frame[14:26, left : left + 12] = 0.9
    return (frame + np.random.default_rng(seed).normal(0, sigma, frame.shape)).astype(np.float32)


def test_a_camera_that_stands_still_jumps_a_quarter_as_much() -> None:
    kept = NoiseFilter()
    frames = [film(0.02, 10, step) for step in range(12)]
    cleaned = [kept.clean(frame) for frame in frames]
    jump, before = np.abs(cleaned[-1] - cleaned[-2]).mean(), np.abs(frames[-1] - frames[-2]).mean()
    assert jump < 0.25 * before
    assert np.abs(cleaned[-1] - film(0, 10, 0)).mean() < 0.5 * np.abs(frames[-1] - film(0, 10, 0)).mean()


def test_nothing_trails_behind_what_moves() -> None:
    kept = NoiseFilter()
    for step in range(8):
        cleaned = kept.clean(film(0.02, 4 + 3 * step, step))
    # Where the square was a frame ago.
    assert np.abs(cleaned - film(0, 25, 0))[14:26, 22:25].max() < 0.1


def test_a_film_without_noise_a_first_frame_and_another_size_are_not_touched() -> None:
    kept = NoiseFilter()
    clean, noisy = film(0, 4, 0), film(0.02, 9, 7)
    np.testing.assert_array_equal(kept.clean(clean), clean)
    np.testing.assert_allclose(kept.clean(film(0, 9, 0)), film(0, 9, 0), atol=1e-6)
    np.testing.assert_array_equal(kept.clean(noisy[:30]), noisy[:30])
    np.testing.assert_array_equal(NoiseFilter().clean(noisy), noisy)


def test_a_film_goes_on_from_where_it_was() -> None:
    one, other = NoiseFilter(), NoiseFilter()
    one.clean(film(0.02, 4, 1))
    other.restore(one.state())
    np.testing.assert_array_equal(one.clean(film(0.02, 4, 2)), other.clean(film(0.02, 4, 2)))
    assert NoiseFilter().state() == {}
