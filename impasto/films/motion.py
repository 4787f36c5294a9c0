"""Where everything in a frame came from: dense optical flow between two frames, and pictures moved along it.

After Lucas and Kanade 1981, from coarse to fine: at every level the second frame is moved by the flow so far; what is
left is solved for in a window around every pixel. That is exact for small movements of textured places; where it
fails, the moved frame differs from the other, and nothing is built on it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impasto.resampling import Planes, resized
from impasto.strokes import as_float

# Flow is looked for at this long side: what moves by tenths of a pixel there, moves by half a pixel in a film.
_LONG_SIDE = 320
_SMALLEST = 12
_ITERATIONS = 3
# Half a window, in pixels.
_REACH = 4
# Against noise in flat places, in squares of brightness from 0 to 1.
_FLAT = 1e-4


@dataclass(frozen=True)
class Flow:
    """Where in a frame before it the pixels of a frame lie, less where they lie in it.

    Attributes:
        values: float32 `[h, w, 2]`: right and down, in pixels of `h` x `w`.
    """

    values: np.ndarray

    def rows(self, width: int, height: int, top: int, bottom: int) -> np.ndarray:
        """Rows `[top, bottom)` of the flow at `width` x `height`: float32 `[bottom - top, width, 2]`, in its pixels."""
        factors = np.array([width / self.values.shape[1], height / self.values.shape[0]], np.float32)
        return Planes(self.values).region(width, height, (0, top, width, bottom), "bilinear") * factors


def flow(new: np.ndarray, old: np.ndarray) -> Flow:
    """The flow from `new` to `old`, both uint8 `[H, W, 3]`."""
    share = min(1.0, _LONG_SIDE / max(new.shape[:2]))
    levels = [[as_float(_reduced(picture, share)).mean(axis=-1) for picture in (new, old)]]
    while min(levels[-1][0].shape) >= 2 * _SMALLEST:
        levels.append([_reduced(picture[..., None], 0.5)[..., 0] for picture in levels[-1]])
    found = Flow(np.zeros((*levels[-1][0].shape, 2), np.float32))
    for first, second in reversed(levels):
        height, width = first.shape
        found = Flow(_refined(first, second, found.rows(width, height, 0, height)))
    return found


def moved(picture: np.ndarray, along: np.ndarray, first: int = 0) -> np.ndarray:
    """`picture` looked at where a flow points, bilinearly; beyond its border the border.

    Args:
        picture: `[H, W, C]`.
        along: `[h, W, 2]`, for `h` rows from row `first` on.

    Returns:
        float32 `[h, W, C]`, of the range of `picture`.
    """
    height, width = picture.shape[:2]
    rows, columns = np.indices(along.shape[:2], np.float32)
    x = np.clip(columns + along[..., 0], 0, width - 1)
    y = np.clip(rows + first + along[..., 1], 0, height - 1)
    left, top = np.minimum(x.astype(np.int32), max(width - 2, 0)), np.minimum(y.astype(np.int32), max(height - 2, 0))
    right, down = (x - left)[..., None], (y - top)[..., None]
    flat = picture.reshape(height * width, -1)
    place = top * width + left
    beside, below = int(width > 1), width * int(height > 1)
    upper = flat[place] * (1 - right) + flat[place + beside] * right
    lower = flat[place + below] * (1 - right) + flat[place + below + beside] * right
    return (upper * (1 - down) + lower * down).astype(np.float32)


def _refined(new: np.ndarray, old: np.ndarray, start: np.ndarray) -> np.ndarray:
    down, right = np.gradient(new)
    xx, xy, yy = (smooth(product) for product in (right * right, right * down, down * down))
    determinant = (xx + _FLAT) * (yy + _FLAT) - xy * xy
    found = start
    for _ in range(_ITERATIONS):
        left_over = moved(old[..., None], found)[..., 0] - new
        x, y = smooth(left_over * right), smooth(left_over * down)
        step = np.stack([(yy + _FLAT) * x - xy * y, (xx + _FLAT) * y - xy * x], axis=-1) / determinant[..., None]
        found = found - np.clip(step, -1, 1)
        # Neighbours move alike; without this, flat places wander from step to step.
        found = np.stack([smooth(found[..., axis]) for axis in (0, 1)], axis=-1)
    return found.astype(np.float32)


def smooth(values: np.ndarray, reach: int = _REACH) -> np.ndarray:
    """`values` `[H, W]`, each the mean of a window around it; beyond the border the border."""
    for axis in (0, 1):
        ends = [(0, 0), (0, 0)]
        ends[axis] = (reach + 1, reach)
        sums = np.cumsum(np.pad(values, ends, "edge"), axis=axis, dtype=np.float64)
        size = 2 * reach + 1
        values = (sums[size:] - sums[:-size] if axis == 0 else sums[:, size:] - sums[:, :-size]) / size
    return values.astype(np.float32)


def _reduced(picture: np.ndarray, share: float) -> np.ndarray:
    height, width = (max(1, round(side * share)) for side in picture.shape[:2])
    return resized(picture, width, height, "bilinear") if share < 1 else picture
