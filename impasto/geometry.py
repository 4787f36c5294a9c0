"""Sizes and places in whole pixels, as the contract has them: fit, padding, tiles, the mosaic, levels of strokes.

Nothing here touches a pixel; the page computes the same (web_demo/src/shared), and tests/golden holds both to it.
"Half up" is how every language can round: `floor(x + 0.5)`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from impasto.contract import ContentRules, StrokeRules, StyleRules


@dataclass(frozen=True)
class StyleFit:
    """How a picture comes to the predictor's size.

    Attributes:
        left, top, right, bottom: What is cut out of it, in its own pixels.
        width, height: What that is then reduced to; never more than it has.
        padded_width, padded_height: What that is then continued to, by reflection.
    """

    left: int
    top: int
    right: int
    bottom: int
    width: int
    height: int
    padded_width: int
    padded_height: int


@dataclass(frozen=True)
class Span:
    """One axis of a tile: `[start, end)` of what the network is shown, and of what is kept of its answer."""

    start: int
    end: int
    core_start: int
    core_end: int


@dataclass(frozen=True)
class Patches:
    """One axis of the mosaic: the side of its patches, and where they start."""

    side: int
    starts: tuple[int, ...]


def half_up(value: float) -> int:
    """The nearest whole number, halves upwards."""
    return math.floor(value + 0.5)


def round_up(length: int, multiple: int) -> int:
    """The smallest multiple of `multiple` that is at least `length`."""
    return -(-length // multiple) * multiple


def style_fit(width: int, height: int, rules: StyleRules) -> StyleFit:
    """What of a picture of `width` x `height` pixels the predictor is shown, and at which size."""
    longest = half_up(min(width, height) * rules.longest_aspect)
    cut_width, cut_height = min(width, longest), min(height, longest)
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    scale = min(1.0, rules.short_side / min(cut_width, cut_height))
    new_width, new_height = half_up(cut_width * scale), half_up(cut_height * scale)
    return StyleFit(
        left,
        top,
        left + cut_width,
        top + cut_height,
        new_width,
        new_height,
        max(new_width, rules.smallest_side),
        max(new_height, rules.smallest_side),
    )


def padded(side: int, rules: ContentRules) -> int:
    """The side that a side of a photograph is padded to."""
    return max(round_up(side, rules.multiple), rules.smallest_multiples * rules.multiple)


def reflected(start: int, end: int, length: int) -> np.ndarray:
    """Where positions `[start, end)` of an axis of `length` pixels lie, those beyond it reflected (edges not repeated).

    They are reflected again and again where they lie far beyond; a single pixel is repeated.
    """
    if length == 1:
        return np.zeros(end - start, np.intp)
    period = 2 * (length - 1)
    positions = np.arange(start, end) % period
    return np.where(positions < length, positions, period - positions)


def spans(side: int, tile: int, overlap: int, multiple: int) -> list[Span]:
    """Cuts `side` pixels into equal, overlapping tiles whose cores cover every pixel once.

    All arguments are multiples of `multiple`, and `tile` is larger than twice `overlap`. Tiles touch the picture's
    border, where the network pads as it does for the whole picture, or reach at least `overlap` beyond their core.
    """
    if side <= tile:
        return [Span(0, side, 0, side)]
    # The outermost tiles overlap on one side only.
    count = -(-(side - 2 * overlap) // (tile - 2 * overlap))
    shown = round_up(-(-(side + 2 * overlap * (count - 1)) // count), multiple)
    starts = [index * (side - shown) // (count - 1) // multiple * multiple for index in range(count)]
    seams = [0, *((before + shown + after) // 2 for before, after in zip(starts, starts[1:])), side]  # noqa: B905
    return [Span(start, start + shown, seams[index], seams[index + 1]) for index, start in enumerate(starts)]


def patches(side: int, rules: ContentRules) -> Patches:
    """Where the mosaic's patches lie on an axis of `side` pixels, a multiple of the rules' multiple.

    They are spread evenly from border to border, at multiples.
    """
    patch = min(rules.patch, side)
    count = min(max(side // rules.patch, 1), rules.patches)
    free = side - patch
    return Patches(
        patch,
        tuple(
            half_up(index * free / (count - 1) / rules.multiple) * rules.multiple if index else 0
            for index in range(count)
        ),
    )


def stroke_levels(width: int, height: int, rules: StrokeRules, stroke: float = 1.0) -> list[tuple[int, int]]:
    """Sizes (width, height) that a picture is painted at in turn, the smallest first and its own last.

    The smallest has a long side of `reference_side / stroke` pixels; a picture that is no larger is painted at its own
    size alone. Levels lie evenly between, on a logarithmic scale, each at most `factor` times the one below.

    Args:
        width, height: Of the picture, in pixels.
        rules: Of the contract.
        stroke: Size of strokes over that of the reference picture's.
    """
    if not math.isfinite(stroke) or stroke <= 0:
        raise ValueError(f"stroke must be a finite number above 0. Received: {stroke}")
    ratio = max(width, height) * stroke / rules.reference_side
    if ratio <= 1:
        return [(width, height)]
    # A hair below, so that a ratio of exactly `factor` takes one step on every machine.
    steps = max(1, math.ceil(math.log(ratio) / math.log(rules.factor) - 1e-9))
    sizes = []
    for step in range(steps, 0, -1):
        scale = ratio ** (-step / steps)
        sizes.append((max(1, half_up(width * scale)), max(1, half_up(height * scale))))
    return [*sizes, (width, height)]
