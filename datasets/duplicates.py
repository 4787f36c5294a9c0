"""Near copies among pictures, found by perceptual hashes (ImageHash's pHash), millions of them in minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

BITS = 64
# Pairs compared at once, for memory.
_AT_ONCE = 2**22


def perceptual_hash(image: np.ndarray) -> int:
    """64 bits that near copies share: pHash, the signs of the lowest frequencies of the grey picture.

    image uint8 [H, W, 3].
    """
    import imagehash

    grey = Image.fromarray(image).convert("L")
    # It is reduced to 32 x 32; four times that is near enough, and much quicker to reduce from.
    factor = min(grey.size) // 128
    return int(str(imagehash.phash(grey.reduce(factor) if factor > 1 else grey)), 16)


def near_groups(hashes: Sequence[int] | np.ndarray, near: int) -> list[list[int]]:
    """Groups of numbers (places in `hashes`) whose hashes are linked by differences of at most `near` bits.

    Two hashes that differ in at most `near` bits are equal in one of `near + 1` bands, so that only those that share a
    band are compared. Equal ones are one to begin with.

    Returns:
        Groups of two and more, each in rising order, in the order of their first.
    """
    if not len(hashes):
        return []
    codes, which = np.unique(np.asarray(hashes, np.uint64), return_inverse=True)
    parent = list(range(len(codes)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    if near > 0:
        for first, second in _linked(codes, near):
            parent[root(first)] = root(second)
    labels = np.array([root(index) for index in range(len(codes))], int)[which]
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for place in np.flatnonzero(np.bincount(labels)[labels] > 1).tolist():
        groups[int(labels[place])].append(place)
    return list(groups.values())


def _linked(codes: np.ndarray, near: int) -> Iterator[tuple[int, int]]:
    """Pairs of places in `codes` (uint64, all different) that differ in at most `near` bits; some more than once."""
    edges = np.linspace(0, BITS, near + 2).round().astype(int)
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        band = (codes >> np.uint64(low)) & np.uint64((1 << int(high - low)) - 1)
        order = np.argsort(band, kind="stable")
        starts = np.flatnonzero(np.diff(band[order], prepend=band[order[:1]] + np.uint64(1)))
        for start, end in zip(starts, [*starts[1:], len(order)], strict=True):
            if end - start > 1:
                yield from _compared(codes, order[start:end], near)


def _compared(codes: np.ndarray, places: np.ndarray, near: int) -> Iterator[tuple[int, int]]:
    rows = max(1, _AT_ONCE // len(places))
    for top in range(0, len(places), rows):
        some = places[top : top + rows]
        differ = np.bitwise_count(codes[some][:, None] ^ codes[places][None, top:])
        for row, column in np.argwhere(differ <= near):
            if column > row:
                yield int(some[row]), int(places[top + column])
