"""A picture of any size as a square canvas of one size."""

from __future__ import annotations

import numpy as np
from PIL import Image

from datasets.source import Role


def square_canvas(image: np.ndarray, size: int, offset: float = 0.5) -> np.ndarray:
    """The largest square of a picture, resized so that the picture's short side becomes `size`.

    image uint8 [H, W, 3]; offset in [0, 1] places the square along the long side (0 is top or left, 0.5 the
    centre). Returns uint8 [size, size, 3].
    """
    height, width = image.shape[:2]
    side = min(height, width)
    if height == width == size:
        return image
    # Whole pixels, so that a square of the right size already is copied and not resampled.
    top = round(offset * (height - side))
    left = round(offset * (width - side))
    window = Image.fromarray(np.ascontiguousarray(image[top : top + side, left : left + side]))
    if side == size:
        return np.asarray(window)
    # Lanczos rings visibly when enlarging; bicubic is the softer choice there.
    method = Image.Resampling.LANCZOS if side > size else Image.Resampling.BICUBIC
    return np.asarray(window.resize((size, size), method, reducing_gap=3.0))


def canvas_offset(role: Role, seed: int, index: int) -> float:
    """Where the square lies: centred for content, anywhere (fixed by seed and index) for styles."""
    if role == "content":
        return 0.5
    return float(np.random.default_rng([seed, index]).random())
