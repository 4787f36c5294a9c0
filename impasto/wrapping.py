"""Pictures whose opposite borders meet, so that copies of one can be laid side by side: seamless textures.

Three steps, the same in the page (web_demo/src/shared/wrapping.ts):

1. `seamless`: a photograph whose borders do not meet is mixed with its own mirror image near them, more and more, until
   both sides of the seam show the same. One whose borders meet already is left as it is.
2. `Wrapping.extended`: it is continued beyond its borders with what lies at the opposite ones, and painted so.
3. `Wrapping.folded`: what was painted twice, at opposite borders, is faded from one into the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from impasto.contract import ContentRules, StrokeRules
from impasto.geometry import half_up, round_up

# Borders whose pixels differ by no more than that many times what neighbours differ by, on average, do meet: a wave
# differs by pi / 2 times its average where it is steepest.
_MEETS = 1.6
# The part of a side that is mixed with its mirror image, at either end.
_MIXED = 1 / 8
# In pixels of the network: what it is shown beyond the borders, and how much of that is faded.
_MARGIN, _FADE = 64, 32


def seamless(picture: np.ndarray) -> np.ndarray:
    """`[H, W, C]` or `[H, W]`, uint8 or float, with opposite borders that meet; as it is where they do already."""
    return _seamless_rows(_seamless_rows(picture).swapaxes(0, 1)).swapaxes(0, 1)


def _seamless_rows(picture: np.ndarray) -> np.ndarray:
    """The first row meets the last one."""
    length = len(picture)
    band = max(1, int(length * _MIXED))
    if length < 2 or seam_ratio(picture) <= _MEETS:
        return picture
    share = 0.25 * (1 + np.cos(np.pi * np.arange(band) / band))
    share = share.reshape(-1, *[1] * (picture.ndim - 1)).astype(np.float32)
    first, last = (part.astype(np.float32) for part in (picture[:band], picture[::-1][:band]))
    result = picture.copy()
    result[:band] = _like(first + share * (last - first), picture)
    result[::-1][:band] = _like(last + share * (first - last), picture)
    return result


def seam_ratio(picture: np.ndarray) -> float:
    """Mean difference of the last row and the first one, over that of rows that are neighbours."""
    values = picture.astype(np.float32)
    inner = float(np.abs(np.diff(values, axis=0)).mean())
    seam = float(np.abs(values[-1] - values[0]).mean())
    return seam / inner if inner > 0 else (math.inf if seam > 0 else 0.0)


@dataclass(frozen=True)
class Wrapping:
    """How a picture is continued, and brought back to its size.

    Attributes:
        width, height: Of the picture.
        margin: Pixels that are added on every side.
        fade: How many of them are used.
        stroke: Size of the strokes of the continued picture, for strokes as large as the picture alone would have; None
            for the network's own.
    """

    width: int
    height: int
    margin: int
    fade: int
    stroke: float | None

    @classmethod
    def of(cls, width: int, height: int, content: ContentRules, strokes: StrokeRules, stroke: float | None) -> Wrapping:
        """For a picture of that size, whose strokes have the size `stroke`."""
        # The network sees large pictures reduced at first, and its own pixels are larger then.
        scale = max(1.0, max(width, height) * (stroke or 0) / strokes.reference_side)
        margin = round_up(half_up(_MARGIN * scale), content.multiple)
        long_side = max(width, height)
        wide = None if stroke is None else stroke * long_side / (long_side + 2 * margin)
        return cls(width, height, margin, half_up(_FADE * scale), wide)

    def extended(self, picture: np.ndarray) -> np.ndarray:
        """`[H, W, C]` -> `[H + 2 margin, W + 2 margin, C]`."""
        rows, columns = (np.arange(-self.margin, side + self.margin) % side for side in (self.height, self.width))
        return picture[rows[:, None], columns]

    def folded(self, painted: np.ndarray) -> np.ndarray:
        """What was painted of the continued picture, in the size of the picture: its borders meet."""
        rows = self._folded_rows(painted, self.height)
        return np.ascontiguousarray(self._folded_rows(rows.swapaxes(0, 1), self.width).swapaxes(0, 1))

    def _folded_rows(self, painted: np.ndarray, length: int) -> np.ndarray:
        start, end = self.margin, self.margin + length
        fade = min(self.fade, length)
        result = painted[start:end].copy()
        share = ((np.arange(fade) + 0.5) / fade).reshape(-1, *[1] * (painted.ndim - 1)).astype(np.float32)
        # The last rows turn into those that were painted before the first one.
        here, there = (painted[stop - fade : stop].astype(np.float32) for stop in (end, start))
        result[length - fade :] = _like(here + share * (there - here), painted)
        return result


def _like(values: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Floats in the range of `picture`, as its type; rounded half up."""
    return np.floor(values + 0.5).astype(np.uint8) if picture.dtype == np.uint8 else values
