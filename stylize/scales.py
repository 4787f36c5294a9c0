"""From coarse to fine: the sizes that one picture is painted at in turn, and pictures at another size."""

from __future__ import annotations

import numpy as np
from keras import ops

# The least side that VGG looks at: its deepest layers see a sixteenth of it.
SMALLEST = 16


def growing(height: int, width: int, count: int, factor: float, smallest: int) -> list[tuple[int, int]]:
    """Up to `count` sizes, each `factor` times the one before, the last one the whole; none with a side too small."""
    scales = [factor**-level for level in reversed(range(count))]
    sizes = [(round(height * scale), round(width * scale)) for scale in scales]
    return [size for size in sizes[:-1] if min(size) >= smallest] + [(height, width)]


def resized(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """`[H, W, 3]` in [0, 1] at another size."""
    if picture.shape[:2] == (height, width):
        return picture
    image = ops.image.resize(picture, (height, width), interpolation="bicubic", antialias=True)
    return np.clip(ops.convert_to_numpy(image), 0, 1).astype(np.float32)


def continued(picture: np.ndarray, smallest: int = SMALLEST) -> np.ndarray:
    """`[H, W, ...]` continued by reflection at the bottom and right to at least `smallest` a side."""
    missing = [(0, max(0, smallest - side)) for side in picture.shape[:2]]
    if not any(after for _, after in missing):
        return picture
    return np.pad(picture, [*missing, *[(0, 0)] * (picture.ndim - 2)], mode="reflect")


def uncontinued(picture: np.ndarray, height: int, width: int, smallest: int = SMALLEST) -> np.ndarray:
    """What `continued` added to a picture of `height` x `width` taken off again, at whatever scale it was painted."""
    rows, columns = (
        max(1, round(side * own / max(own, smallest)))
        for side, own in zip(picture.shape[:2], (height, width), strict=True)
    )
    return picture[:rows, :columns]
