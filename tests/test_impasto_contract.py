"""The preprocessing block: what it holds, that it survives JSON, and that each wrong entry is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

from impasto.contract import ContentRules, Preprocessing
from impasto.errors import ContractError, ImpastoError


def block() -> dict[str, Any]:
    return Preprocessing().to_json()


def test_the_block_survives_json() -> None:
    made = Preprocessing(content=ContentRules(multiple=4, tile=512, overlap=64))
    assert Preprocessing.from_json(json.loads(json.dumps(made.to_json()))) == made


def test_the_block_as_json() -> None:
    assert block() == {
        "version": 1,
        "value_range": [0.0, 1.0],
        "style": {"short_side": 256, "longest_aspect": 2.0, "smallest_side": 32, "resampling": "lanczos3"},
        "content": {
            "multiple": 16,
            "smallest_multiples": 4,
            "padding": "reflect",
            "whole_pixels": 1048576,
            "tile": 768,
            "overlap": 160,
            "patch": 256,
            "patches": 4,
        },
        "strokes": {"reference_side": 512, "factor": 3.0, "resampling": "bicubic"},
        "colors": {"luma": [0.299, 0.587, 0.114], "flattest": 0.001},
    }


@pytest.mark.parametrize(
    ("group", "entry", "value", "message"),
    [
        ("style", "short_side", 0, "manifest.json: style.short_side: expected a whole number from 1 on, found 0"),
        ("style", "short_side", 2.5, "expected a whole number from 1 on, found 2.5"),
        ("style", "longest_aspect", float("nan"), "style.longest_aspect: expected a number from 1 on, found nan"),
        ("style", "resampling", "bilinear", "style.resampling: expected 'lanczos3', found 'bilinear'"),
        ("content", "padding", "zero", "content.padding: expected 'reflect', found 'zero'"),
        ("content", "tile", 770, "content.tile: expected a multiple of 16, found 770"),
        ("content", "tile", 320, "content.tile: expected more than twice the overlap of 160, found 320"),
        ("content", "whole_pixels", True, "content.whole_pixels: expected a whole number from 1 on, found True"),
        ("strokes", "factor", 1, "strokes.factor: expected a number from 1.5 on, found 1"),
        ("colors", "luma", [1, 2], r"colors.luma: expected 3 numbers, found \[1, 2\]"),
        ("colors", "hue", 1, "colors: unknown entries: hue"),
    ],
)
def test_a_wrong_entry_is_named(group: str, entry: str, value: Any, message: str) -> None:
    wrong = block()
    wrong[group][entry] = value
    with pytest.raises(ContractError, match=message):
        Preprocessing.from_json(wrong, "manifest.json")


def test_a_missing_entry_another_version_and_another_range_are_named() -> None:
    wrong = block()
    del wrong["content"]["overlap"]
    with pytest.raises(ContractError, match="content: entries missing: overlap"):
        Preprocessing.from_json(wrong)
    with pytest.raises(ContractError, match="expected version 1 of the preprocessing block, found 2"):
        Preprocessing.from_json({**block(), "version": 2})
    with pytest.raises(ContractError, match=r"value_range must be \[0, 1\], found \[-1, 1\]"):
        Preprocessing.from_json({**block(), "value_range": [-1, 1]})
    with pytest.raises(ImpastoError, match="expected a preprocessing block, found None"):
        Preprocessing.from_json(None)
