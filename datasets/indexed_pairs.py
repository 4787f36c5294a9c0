"""Pairs by number, for pictures that already lie where a step is computed: the host sends no pixels."""

from __future__ import annotations

import numpy as np

from datasets.packed import PackedSource
from datasets.pairs import Batch, Pairs, PairSpec
from datasets.source import Source


class IndexedPairs(Pairs):
    """The stream of `Pairs` over packed arrays, with `content_index` and `style_index` int32 [B] for the pictures.

    `datasets.preprocessing.chosen_pictures` puts the pictures back. Raises ValueError where a source is no packed
    array, or one of another side than the spec's canvas.
    """

    def __init__(self, content: Source, style: Source, spec: PairSpec, part: tuple[int, int] = (0, 1)) -> None:
        super().__init__(content, style, spec, part)
        self.arrays = {"content": _array(content, spec), "style": _array(style, spec)}

    def _pictures(self, first: int, identity: np.ndarray, offsets: np.ndarray) -> Batch:
        found: Batch = {}
        for role, array in self.arrays.items():
            places = [divmod(first + item, len(array)) for item in range(len(identity))]
            indices = [self._order(role, len(array), epoch)[place] for epoch, place in places]
            found[f"{role}_index"] = np.array(indices, np.int32)
        return found

    def shapes(self) -> dict[str, tuple[tuple[int | None, ...], str]]:
        shapes = {name: shape for name, shape in super().shapes().items() if name not in ("content", "style")}
        return shapes | {f"{role}_index": ((len(self._items),), "int32") for role in self.arrays}


def _array(source: Source, spec: PairSpec) -> np.ndarray:
    if not isinstance(source, PackedSource):
        raise ValueError(f"{source.name}: expected packed:PATH.npy alone, to put it on the device whole")
    if source.canvas != spec.canvas:
        raise ValueError(f"{source.name} holds pictures of {source.canvas} px, expected canvas {spec.canvas}")
    return source.array
