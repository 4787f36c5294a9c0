"""Squares of photographs in memory: windows to learn from, and whole ones that are held out to judge on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from datasets.canvas import square_canvas
from datasets.source import Source
from impasto.errors import PictureError

# Side in pixels of the photographs that are held out: as everything is judged.
JUDGED_SIZE = 384


@dataclass(frozen=True)
class Squares:
    """uint8 `[N, S, S, 3]` to learn from; `[J, J, 3]` each, held out; how many photographs could not be read."""

    windows: np.ndarray
    held_out: list[np.ndarray]
    skipped: int


def squares(source: Source, *, count: int, size: int, held_out: int, least: int, seed: int) -> Squares:
    """Windows of photographs in a random order, those held out first.

    Args:
        source: Photographs.
        count: Windows at most, one a photograph.
        size: S.
        held_out: Photographs to hold out at most; a fifth of all is the most.
        least: Windows at least.
        seed: Of the order and the windows.

    Raises:
        ValueError: fewer readable photographs than `least`.
    """
    rng = np.random.default_rng(seed)
    wanted = min(held_out, len(source) // 5)
    windows: list[np.ndarray] = []
    kept: list[np.ndarray] = []
    skipped = 0
    for index in rng.permutation(len(source)):
        if len(windows) == count:
            break
        try:
            picture = source.load(int(index))
        except PictureError:
            skipped += 1
            continue
        if len(kept) < wanted:
            kept.append(square_canvas(picture, JUDGED_SIZE))
            continue
        canvas = square_canvas(picture, max(size, round(size / rng.uniform(0.6, 1.0))), rng.random())
        top, left = rng.integers(0, canvas.shape[0] - size + 1, 2)
        windows.append(canvas[top : top + size, left : left + size])
    if len(windows) < least:
        raise ValueError(f"{source.name}: expected {least} readable photographs, found {len(windows)}")
    return Squares(np.stack(windows), kept, skipped)
