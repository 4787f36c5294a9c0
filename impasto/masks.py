"""Regions of a picture that have styles of their own, by masks of any size, mixed where masks are soft.

The picture is painted once for each style as a whole, so that each is just what it would be alone; then the layers are
weighted, pixel by pixel. The weights are a partition of unity: those of regions are their masks' coverages (divided by
their sum, where several add up to more than 1), the rest of the picture has what remains.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impasto.resampling import Planes, strips
from impasto.strokes import as_float, store


@dataclass(frozen=True)
class Region:
    """A part of a picture.

    Attributes:
        mask: `[h, w]` of any size, stretched over the picture: how much of a place belongs to the region, as uint8,
            bool, or float in [0, 1].
        embedding: `[E]` of its style.
    """

    mask: np.ndarray
    embedding: np.ndarray

    def __post_init__(self) -> None:
        mask = np.asarray(self.mask)
        if mask.dtype == bool:
            mask = mask.astype(np.float32)
        elif mask.dtype != np.uint8 and mask.dtype.kind != "f":
            raise ValueError(f"a mask must be uint8, bool, or float in [0, 1]. Received dtype: {mask.dtype}")
        if mask.ndim != 2 or 0 in mask.shape:
            raise ValueError(f"a mask must have shape [h, w]. Received: {mask.shape}")
        if mask.dtype.kind == "f":
            mask = mask.astype(np.float32)
            if not (mask.min() >= 0 and mask.max() <= 1):
                raise ValueError(
                    f"a mask must be uint8, bool, or float in [0, 1]. Received floats from {mask.min():g} to "
                    f"{mask.max():g}"
                )
        object.__setattr__(self, "mask", mask)

    @property
    def is_blank(self) -> bool:
        """Whether no place belongs to it."""
        return not self.mask.any()


def share_of(coverages: np.ndarray, index: int) -> np.ndarray:
    """How much layer `index` adds where the rest of the picture and the layers before it lie already.

    Laying one layer after the other with these shares gives the weighted sum.

    Args:
        coverages: `[N, ...]` in [0, 1], of all regions.
        index: Of the layer.
    """
    own = coverages[index]
    below = np.maximum(0, 1 - coverages.sum(axis=0)) + coverages[: index + 1].sum(axis=0)
    return np.where(own > 0, own / np.maximum(below, 1e-12), 0)


def lay_over(result: np.ndarray, layer: np.ndarray, masks: Sequence[np.ndarray], index: int) -> None:
    """Lays region `index` over `result` `[H, W, 3]` in place, on which the rest and the regions before it lie.

    Between their cells, masks are interpolated bilinearly.
    """
    height, width = result.shape[:2]
    planes = [Planes(as_float(mask)) for mask in masks]
    for top, bottom in strips(height, width):
        part = (0, top, width, bottom)
        coverages = np.stack([plane.region(width, height, part, "bilinear")[..., 0] for plane in planes])
        share = share_of(np.clip(coverages, 0, 1), index)[..., None]
        below = as_float(result[top:bottom])
        store(result[top:bottom], below + share * (as_float(layer[top:bottom]) - below))
