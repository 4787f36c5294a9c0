"""What passes for the same picture."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from export.manifest import ExportError
from export.verify import TOLERANCES, Difference, judge

WITHIN = Difference(
    (256, 256), milliseconds=5, maximum=9e-4, mean=1e-6, embedding=1e-6, conditioning=1e-6, same_conditioning=1e-6,
    affine=1e-6, tile=1e-6,
)  # fmt: skip
OTHER = dataclasses.replace(WITHIN, size=(208, 304), maximum=5e-4)


def test_worst_figures_are_noted() -> None:
    parity = judge("float32", "tfjs-wasm 4.22.0", [WITHIN, OTHER])
    assert (parity.max_abs_difference, parity.tolerance, parity.sizes) == (9e-4, 1e-3, [[256, 256], [208, 304]])


@pytest.mark.parametrize("figure", [entry.name for entry in dataclasses.fields(TOLERANCES["float32"])])
def test_the_figure_that_is_too_large_is_named(figure: str) -> None:
    for value in (2 * getattr(TOLERANCES["float32"], figure), float("nan")):
        changes: dict[str, Any] = {figure: value}
        bad = dataclasses.replace(OTHER, **changes)
        with pytest.raises(ExportError, match=f"at 208x304 in litert 2.3.0: {figure} difference"):
            judge("float32", "litert 2.3.0", [WITHIN, bad])


def test_float32_holds_the_bar() -> None:
    assert TOLERANCES["float32"].maximum <= 1e-3
