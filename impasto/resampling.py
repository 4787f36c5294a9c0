"""Pictures at other sizes, by Pillow: whole, or a part of what the whole would be.

Filters are widened where a picture is reduced (antialiasing), and cut off and weighted anew at its borders, as Pillow
does; the page computes the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

FILTERS = {
    "lanczos3": Image.Resampling.LANCZOS,
    "bicubic": Image.Resampling.BICUBIC,
    "bilinear": Image.Resampling.BILINEAR,
}
# How photographs are reduced.
PHOTOGRAPHS = "lanczos3"


def resized(picture: np.ndarray, width: int, height: int, resampling: str) -> np.ndarray:
    """A picture `[H, W, 3]` as `[height, width, 3]` of the same kind: uint8, or float32 in [0, 1], clipped."""
    if picture.shape[:2] == (height, width):
        return picture
    chosen = FILTERS[resampling]
    if picture.dtype == np.uint8:
        return np.asarray(Image.fromarray(np.ascontiguousarray(picture)).resize((width, height), chosen))
    return np.clip(Planes(picture).region(width, height, (0, 0, width, height), resampling), 0, 1)


class Planes:
    """Numbers of any range `[H, W, C]`, ready to be looked at at other sizes, a part at a time.

    Args:
        values: `[H, W]` or `[H, W, C]`.
    """

    def __init__(self, values: np.ndarray) -> None:
        stacked = values[..., None] if values.ndim == 2 else values
        self.height, self.width = values.shape[:2]
        self._planes = [
            Image.fromarray(np.ascontiguousarray(stacked[..., channel], np.float32))
            for channel in range(stacked.shape[-1])
        ]

    def region(self, width: int, height: int, part: Sequence[int], resampling: str) -> np.ndarray:
        """What lies at `part` (left, top, right, bottom) of the planes at `width` x `height`: float32 `[h, w, C]`."""
        left, top, right, bottom = part
        across, down = self.width / width, self.height / height
        # Rounding to single precision, as Pillow does with it, must not lead outside.
        box = (left * across, top * down, min(right * across, self.width), min(bottom * down, self.height))
        size = (right - left, bottom - top)
        return np.stack(
            [np.asarray(plane.resize(size, FILTERS[resampling], box=box)) for plane in self._planes], axis=-1
        )


def strips(height: int, width: int, pixels: int = 1 << 20) -> Iterable[tuple[int, int]]:
    """Rows `[top, bottom)` of a picture, about `pixels` pixels each: floats of all of it are never held."""
    rows = max(1, pixels // max(width, 1))
    return ((top, min(top + rows, height)) for top in range(0, height, rows))
