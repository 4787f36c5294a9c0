"""Sizes and places of the contract, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from impasto.contract import ContentRules, StrokeRules, StyleRules
from impasto.geometry import (
    Patches,
    Span,
    StyleFit,
    padded,
    patches,
    reflected,
    spans,
    stroke_levels,
    style_fit,
)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        # Short side 256, aspect kept: 1000 * 256 / 2000.
        ((1000, 2000), StyleFit(0, 0, 1000, 2000, 256, 512, 256, 512)),
        # Cut to 2:1 about the centre: 200 of 4000 columns, 1900 on either side.
        ((4000, 100), StyleFit(1900, 0, 2100, 100, 200, 100, 200, 100)),
        # 401 wide would be centred at half a pixel: floor. Halves of the long side go up: 333 * 256 / 300 = 284.16.
        ((300, 333), StyleFit(0, 0, 300, 333, 256, 284, 256, 284)),
        ((101, 300), StyleFit(0, 49, 101, 251, 101, 202, 101, 202)),
        # Never enlarged, but continued to the smallest side.
        ((20, 33), StyleFit(0, 0, 20, 33, 20, 33, 32, 33)),
        # One pixel wide: cut to 1x2.
        ((1, 1000), StyleFit(0, 499, 1, 501, 1, 2, 32, 32)),
    ],
)
def test_style_fit(size: tuple[int, int], expected: StyleFit) -> None:
    assert style_fit(*size, StyleRules()) == expected


def test_padding_is_to_the_multiple_and_to_four_of_them() -> None:
    assert [padded(side, ContentRules()) for side in (1, 64, 65, 384, 385)] == [64, 64, 80, 384, 400]


def test_positions_outside_are_reflected_without_the_edge_again_and_again() -> None:
    np.testing.assert_array_equal(reflected(-2, 8, 3), [2, 1, 0, 1, 2, 1, 0, 1, 2, 1])
    np.testing.assert_array_equal(reflected(0, 3, 1), [0, 0, 0])


def test_spans_meet_in_the_middle_of_what_they_share() -> None:
    assert spans(64, 96, 16, 16) == [Span(0, 64, 0, 64)]
    # (160 - 32) / (96 - 32) = 2 tiles of (160 + 32) / 2 = 96; the second starts at 64, the seam is at (96 + 64) / 2.
    assert spans(160, 96, 16, 16) == [Span(0, 96, 0, 80), Span(64, 160, 80, 160)]


def test_patches_lie_from_border_to_border() -> None:
    assert patches(128, ContentRules()) == Patches(128, (0,))
    # 1040 - 256 = 784 free: thirds are 261.3 and 522.7, at multiples of 16: 256 and 528.
    assert patches(1040, ContentRules()) == Patches(256, (0, 256, 528, 784))


@pytest.mark.parametrize(
    ("size", "stroke", "expected"),
    [
        ((512, 300), 1.0, [(512, 300)]),
        ((1536, 1024), 1.0, [(512, 341), (1536, 1024)]),
        # 4608 / 512 = 9 = 3 * 3.
        ((4608, 3072), 1.0, [(512, 341), (1536, 1024), (4608, 3072)]),
        # Strokes twice as large: from 256 pixels on; 1536 / 256 = 6, two steps of the root of 6.
        ((1536, 1536), 2.0, [(256, 256), (627, 627), (1536, 1536)]),
        ((1000, 10), 0.5, [(1000, 10)]),
        ((2048, 1), 1.0, [(512, 1), (1024, 1), (2048, 1)]),
    ],
)
def test_stroke_levels(size: tuple[int, int], stroke: float, expected: list[tuple[int, int]]) -> None:
    assert stroke_levels(*size, StrokeRules(), stroke) == expected


@pytest.mark.parametrize("stroke", [0.0, -1.0, float("nan"), float("inf")])
def test_a_stroke_without_a_size_is_refused(stroke: float) -> None:
    with pytest.raises(ValueError, match="stroke must be a finite number above 0"):
        stroke_levels(10, 10, StrokeRules(), stroke)
