"""Large pictures in bounded memory: a network looks at one tile after the other, and the result is the whole's.

What optimisation and dreams measure are functions of sums over a network's positions (Gram matrices, squared
differences). Every position belongs to one tile; a tile is cut with as much around it as the position's features depend
on. The sums of the tiles add up to those of the whole picture; then each tile is looked at again, for the gradient of
its own sums weighted by what the whole measure gains from each. Both are exact, but for the order of summing (spatially
localised passes, arXiv 2212.13459).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import keras
import numpy as np
from keras import ops

from models.loss_network import VGGPreprocessing
from stylize.descent import Look, compiled, compiled_gradient

_WINDOWS = (keras.layers.Conv2D, keras.layers.MaxPooling2D, keras.layers.AveragePooling2D)
_PADS = (keras.layers.ZeroPadding2D,)
# Tiles begin at multiples of this: of every stride that the networks have.
_GRID = 32


@dataclass(frozen=True)
class Reach:
    """Position i of a layer depends on pixels `stride * i - before` to `stride * i + after`, both included."""

    stride: int
    before: int
    after: int


@dataclass(frozen=True)
class Tile:
    """A cut of a picture: what is looked at, and the part of it whose positions it answers for, both in pixels.

    Attributes:
        rows, columns: First pixel and the one behind the last, of the cut.
        core: Rows and columns of the part, in the picture.
        last: Whether the core reaches the picture's lower, and its right end.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    core: tuple[tuple[int, int], tuple[int, int]]
    last: tuple[bool, bool]

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the cut."""
        return self.rows[1] - self.rows[0], self.columns[1] - self.columns[0]

    def cut(self, picture: Any) -> Any:
        """The tile of a picture `[H, W, ...]`."""
        return picture[self.rows[0] : self.rows[1], self.columns[0] : self.columns[1]]

    def positions(self, stride: int) -> tuple[slice, slice]:
        """The core's positions among those of the cut, of a layer of this stride."""
        return self._slices(stride, (self.rows[0], self.columns[0]))

    def positions_in_picture(self, stride: int) -> tuple[slice, slice]:
        """The core's positions among those of the whole picture."""
        return self._slices(stride, (0, 0))

    def _slices(self, stride: int, begin: tuple[int, int]) -> tuple[slice, slice]:
        rows, columns = (
            slice((first - origin) // stride, None if last else (behind - origin) // stride)
            for origin, (first, behind), last in zip(begin, self.core, self.last, strict=True)
        )
        return rows, columns


class Measured(Protocol):
    """A function of a picture by way of sums over a network's positions."""

    network: keras.Model

    def features(self, picture: Any) -> dict[str, Any]:
        """The network's features of a picture `[1, H, W, 3]` in [0, 1], by layer."""
        ...

    def sums(self, features: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
        """Sums over a tile's positions: features `[1, h, w, C]` cut to its core, and what the tile is compared to."""
        ...

    def total(self, sums: dict[str, Any]) -> Any:
        """The scalar of the sums over the whole picture."""
        ...


def reach(network: keras.Model) -> dict[str, Reach]:
    """How far each output of a network looks, by its name.

    Raises:
        ValueError: the graph holds a layer of which it is not known how far it looks; names it.
    """
    found: dict[int, Reach] = {id(tensor): Reach(1, 0, 0) for tensor in network.inputs}

    def follow(layer: keras.layers.Layer, inputs: Sequence[Any]) -> Reach:
        parts = [found[id(tensor)] for tensor in inputs]
        merged = Reach(parts[0].stride, max(part.before for part in parts), max(part.after for part in parts))
        kernel, stride, pad = _window(layer)
        return Reach(
            merged.stride * stride,
            merged.before + pad * merged.stride,
            merged.after + (kernel - 1 - pad) * merged.stride,
        )

    for layer in _flat_layers(network):
        node = layer._inbound_nodes[0]
        if not node.input_tensors:
            continue
        told = follow(layer, node.input_tensors)
        for tensor in node.output_tensors:
            found[id(tensor)] = told
    return {name: found[id(tensor)] for name, tensor in network.output.items()}


def _flat_layers(network: keras.Model) -> list[keras.layers.Layer]:
    return [operation for operations in _by_depth(network) for operation in operations]


def _by_depth(network: keras.Model) -> list[list[keras.layers.Layer]]:
    depths = network._operations_by_depth
    return [depths[depth] for depth in sorted(depths, reverse=True)]


def _window(layer: keras.layers.Layer) -> tuple[int, int, int]:
    """Side of the kernel, stride, and positions of padding before the first, the same down and across."""
    if isinstance(layer, _WINDOWS):
        sizes = layer.kernel_size if isinstance(layer, keras.layers.Conv2D) else layer.pool_size
        kernel, stride = max(sizes), layer.strides[0]
        return kernel, stride, (kernel - 1) // 2 if layer.padding == "same" else 0
    if isinstance(layer, VGGPreprocessing) or layer.__class__.__name__ in _POINTWISE:
        return 1, 1, 0
    if layer.__class__.__name__ == "ReflectedBorder" or isinstance(layer, _PADS):
        return 1, 1, 1
    raise ValueError(f"it is not known how far {layer.name}, a {layer.__class__.__name__}, looks")


_POINTWISE = ("Activation", "BatchNormalization", "Concatenate", "ReLU", "Rescaling", "InputLayer")


def tiles(height: int, width: int, side: int, halo: int) -> list[Tile]:
    """Tiles of about the same size with cores of at most about `side` pixels, that cover a picture once.

    Args:
        height, width: Of the picture.
        side: Of a core.
        halo: Pixels that are looked at around a core.
    """
    halo = -(-halo // _GRID) * _GRID
    cuts = []
    for length in (height, width):
        count = max(1, math.ceil(length / side))
        edges = [round(length * index / count / _GRID) * _GRID for index in range(count)] + [length]
        edges = sorted(set(edges))
        cuts.append(
            [
                ((max(0, first - halo), min(length, behind + halo)), (first, behind), behind == length)
                for first, behind in zip(edges[:-1], edges[1:], strict=True)
            ]
        )
    return [
        Tile(rows, columns, (row, column), (bottom, right))
        for rows, row, bottom in cuts[0]
        for columns, column, right in cuts[1]
    ]


class Localised:
    """Value and gradient of a measure, tile by tile.

    Args:
        measured: What is measured.
        cuts: The tiles; one for the whole picture.
        seen: What each tile is compared to.
        precision: "float32" or "float64".
    """

    def __init__(
        self, measured: Measured, cuts: Sequence[Tile], seen: Sequence[dict[str, Any]], precision: str = "float32"
    ) -> None:
        self._measured, self._cuts, self._seen, self._precision = measured, cuts, seen, precision
        strides = {name: told.stride for name, told in reach(measured.network).items()}
        # Tiles of one shape share their graph.
        self._kinds = [(core(tile, strides), tile.shape) for tile in cuts]
        kinds = dict.fromkeys(self._kinds)
        self._whole = {kind: compiled_gradient(self._value(kind[0])) for kind in kinds} if len(cuts) == 1 else {}
        self._forward = {kind: compiled(self._sums(kind[0])) for kind in kinds}
        self._backward = {kind: compiled_gradient(self._weighted(kind[0])) for kind in kinds}
        self._total = compiled_gradient(measured.total)

    def _sums(self, kind: tuple[Any, ...]) -> Callable[..., dict[str, Any]]:
        def sums(picture: Any, seen: dict[str, Any]) -> dict[str, Any]:
            return self._measured.sums(core_of(self._measured.features(picture), kind), seen)

        return sums

    def _value(self, kind: tuple[Any, ...]) -> Callable[..., Any]:
        sums = self._sums(kind)
        return lambda picture, seen: self._measured.total(sums(picture, seen))

    def _weighted(self, kind: tuple[Any, ...]) -> Callable[..., Any]:
        sums = self._sums(kind)

        def weighted(picture: Any, seen: dict[str, Any], gains: dict[str, Any]) -> Any:
            found = sums(picture, seen)
            return sum(ops.sum(found[name] * gain) for name, gain in gains.items())

        return weighted

    def __call__(self, picture: np.ndarray) -> tuple[float, np.ndarray]:
        """Value and gradient `[H, W, 3]` at a picture `[H, W, 3]`."""
        if len(self._cuts) == 1:
            value, gradient = self._whole[self._kinds[0]](self._tensor(picture), self._seen[0])
            return float(value), ops.convert_to_numpy(gradient)[0]
        every = list(zip(self._cuts, self._kinds, self._seen, strict=True))
        sums: dict[str, Any] = {}
        for tile, kind, seen in every:
            for name, part in self._forward[kind](self._tensor(tile.cut(picture)), seen).items():
                sums[name] = sums[name] + part if name in sums else part
        value, gains = self._total(sums)
        gradient = np.zeros(picture.shape, self._precision)
        for tile, kind, seen in every:
            _, part = self._backward[kind](self._tensor(tile.cut(picture)), seen, gains)
            view = tile.cut(gradient)
            view += ops.convert_to_numpy(part)[0]
        return float(value), gradient

    def _tensor(self, picture: np.ndarray) -> Any:
        return ops.convert_to_tensor(picture[None], self._precision)


def core_of(features: dict[str, Any], kind: tuple[Any, ...]) -> dict[str, Any]:
    """The features of a cut, cut to the positions of its core."""
    return {name: features[name][:, top:bottom, left:right] for name, top, bottom, left, right in kind}


def core(tile: Tile, strides: dict[str, int]) -> tuple[Any, ...]:
    """For every layer its name and the core's rows and columns, first and behind the last: how `core_of` cuts."""
    kind = []
    for name, stride in strides.items():
        rows, columns = tile.positions(stride)
        kind.append((name, rows.start, rows.stop, columns.start, columns.stop))
    return tuple(kind)


def halo(network: keras.Model) -> int:
    """Pixels around a core that its positions depend on."""
    return max(max(told.before, told.after) for told in reach(network).values())


def add_looks(first: Look, second: Look) -> Look:
    """The sum of two functions, each given as value and gradient."""

    def both(picture: np.ndarray) -> tuple[float, np.ndarray]:
        (a, b), (c, d) = first(picture), second(picture)
        return a + c, b + d

    return both
