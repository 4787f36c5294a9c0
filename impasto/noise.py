"""Noise of a camera, taken out of a film over time. The page does the same (web_demo/src/worker/noise.ts).

A network paints noise as strokes that jump from frame to frame. A pixel follows the frame at once where it differs from
what was before by more than noise does, as everything that moves does; otherwise it follows slowly, and keeps the mean
of some frames. Noise differs from pixel to pixel and movement does not, so that the mean difference of nine neighbours
tells one from the other. How much noise there is the film tells itself: at most what the frame has from pixel to pixel,
and at most what most pixels change by.
"""

from __future__ import annotations

import sys

import numpy as np

# Share of a new frame where nothing but noise has changed.
SLOWEST = 0.15
# Differences of that many times the usual one are movement.
MOVED = 2.5
# From the second difference of neighbouring pixels to the mean of nine pixels' differences in time, of a camera's soft
# noise.
FROM_SPACE = 0.3
# Every so many pixels are looked at to find out how much noise there is.
SAMPLED = 13


class NoiseFilter:
    """What the frames of one film hand on to each other. Frames come in their order."""

    def __init__(self) -> None:
        self._last: np.ndarray | None = None

    def clean(self, frame: np.ndarray) -> np.ndarray:
        """float32 `[H, W, 3]` -> the same with less noise; a frame of another size is the first one again."""
        last = self._last
        self._last = frame.copy() if last is None or last.shape != frame.shape else _followed(last, frame)
        return self._last

    def state(self) -> dict[str, np.ndarray]:
        """What the next frame takes over, by name; nothing before the first."""
        return {} if self._last is None else {"last": self._last}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from a `state`."""
        self._last = state.get("last")


def _followed(last: np.ndarray, frame: np.ndarray) -> np.ndarray:
    change = frame - last
    moved = _means_of_nine(change)
    usual = min(_median(moved.ravel()[::SAMPLED]), FROM_SPACE * _roughness(frame))
    # A film without any noise is not touched.
    share = (moved / max(MOVED * usual, sys.float_info.epsilon)).astype(np.float32, copy=False)
    np.minimum(share, 1, out=share)  # before the square, which has to be finite
    np.square(share, out=share)
    np.maximum(share, SLOWEST, out=share)
    change *= share[..., None]
    change += last
    return change


def _means_of_nine(values: np.ndarray) -> np.ndarray:
    """`[H, W, 3]` -> `[H, W]`: how far the mean of a pixel and its neighbours is from 0, mean of the channels.

    At borders, the border itself counts again.
    """
    tall = np.concatenate([values[:1], values, values[-1:]])
    rows = tall[:-2] + tall[1:-1] + tall[2:]
    wide = np.concatenate([rows[:, :1], rows, rows[:, -1:]], axis=1)
    sums = wide[:, :-2] + wide[:, 1:-1] + wide[:, 2:]
    return np.abs(sums, out=sums).sum(axis=-1) / np.float32(27)


def _roughness(frame: np.ndarray) -> float:
    """The median second difference of green, across and down: what is left of a picture where edges are passed over."""
    height, width = frame.shape[:2]
    if width < 3 or height < 3:
        return 0.0
    flat = np.ascontiguousarray(frame[..., 1]).ravel()
    # In the order of the page, which reads on from the end of a row to the start of the next.
    here = np.arange(width + 1, width * (height - 1) - 1, SAMPLED)

    def across(place: np.ndarray) -> np.ndarray:
        return flat[place - 1] - 2 * flat[place] + flat[place + 1]

    return _median(np.abs(across(here - width) - 2 * across(here) + across(here + width)))


def _median(values: np.ndarray) -> float:
    """The upper one of an even number; 0 of none."""
    middle = values.size // 2
    return float(np.partition(values, middle)[middle]) if values.size else 0.0
