"""Strokes that go with what they are painted on, so that they do not shimmer where the camera moves.

A network paints a photograph that is moved by half a pixel with other strokes. Here a painted frame is mixed with the
frame before it, moved along the film's own movement, wherever the film itself, so moved, is the same. Where it is not
(something comes into view, a cut, a flow that is wrong) the frame stays as it was painted.
"""

from __future__ import annotations

import math

import numpy as np

from impasto.films.motion import flow, moved, smooth
from impasto.resampling import strips
from impasto.strokes import as_float, store

# Seconds: at 24 frames a second the frame before counts 0.66. Measured on a photograph moved by 0.3 pixels a frame, in
# two styles: 0.67 and 0.71 of the flicker with 0.08, 0.63 and 0.66 with 0.1, which leaves 0.77 and 0.86 of the detail.
LAG = 0.1
# Difference of the film to the frame before, moved, at which that counts 0.37 of this; of brightness from 0 to 1.
_ALIKE = 0.06
# Half a window in which it is looked for, in pixels.
_REACH = 2


class Carrier:
    """Hands the strokes of every frame on to the next. Frames come in their order, and in one size."""

    def __init__(self) -> None:
        self._photo: np.ndarray | None = None
        self._painted: np.ndarray | None = None
        self._time = 0.0

    def forget(self) -> None:
        """Begins anew: the next frame has nothing before it."""
        self._photo = self._painted = None

    def state(self) -> dict[str, np.ndarray]:
        """What the next frame is mixed with, by name; nothing before the first."""
        if self._photo is None or self._painted is None:
            return {}
        return {"photo": self._photo, "painted": self._painted, "time": np.array(self._time)}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from a `state`."""
        self.forget()
        if state:
            self._photo, self._painted, self._time = state["photo"], state["painted"], float(state["time"])

    def carry(self, painted: np.ndarray, photo: np.ndarray, time: float) -> np.ndarray:
        """A painted frame with the strokes of those before it.

        Args:
            painted: uint8 `[H, W, 3]`.
            photo: The frame that it was painted from, likewise.
            time: In seconds.
        """
        share = math.exp(-max(time - self._time, 0) / LAG)
        before, under = self._painted, self._photo
        found = painted.astype(np.float32) / 255
        if before is not None and under is not None and before.shape == painted.shape:
            height, width = painted.shape[:2]
            way = flow(photo, under)
            for top, bottom in strips(height, width):
                along = way.rows(width, height, top, bottom)
                change = np.abs(moved(under, along, top) / 255 - as_float(photo[top:bottom])).mean(axis=-1)
                weight = share * np.exp(-((smooth(change, _REACH) / _ALIKE) ** 2))[..., None]
                found[top:bottom] += weight * (moved(before, along, top) - found[top:bottom])
        # In floats: strokes that come closer to each other by less than a step of 255 would never meet.
        self._photo, self._painted, self._time = photo, found, time
        result = np.empty_like(painted)
        store(result, found)
        return result
