"""The golden cases are what the package computes; the page's tests hold the page to the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from golden import pictures
from golden.write import FILES, FOLDER
from PIL import Image


def close(found: Any, expected: Any, where: str) -> None:
    """Numbers to 1e-4 (levels of 255 and vectors are rounded when they are written), all else exactly."""
    if isinstance(expected, dict):
        assert set(found) == set(expected), where
        for key in expected:
            close(found[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list) and expected and isinstance(expected[0], list):
        assert len(found) == len(expected), where
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            close(one, other, f"{where}[{index}]")
    elif isinstance(expected, list) and all(isinstance(value, int | float) for value in expected):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=0.011, err_msg=where)
    elif isinstance(expected, list):
        assert len(found) == len(expected), where
        for index, (one, other) in enumerate(zip(found, expected, strict=True)):
            close(one, other, f"{where}[{index}]")
    else:
        assert found == expected, where


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_files_are_what_the_package_computes(name: str) -> None:
    written = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    close(json.loads(json.dumps(FILES[name]())), written, name)


def test_every_file_has_a_maker() -> None:
    assert {path.stem for path in Path(FOLDER).glob("*.json")} == set(FILES)


# LiteRT's sums differ by processor; ONNX Runtime's weights are rounded to float16 in other places.
@pytest.mark.parametrize(("runtime", "levels", "share"), [("litert", 0.3, 0.001), ("onnx", 0.5, 0.005)])
def test_whole_pictures_are_painted_alike(runtime: str, levels: float, share: float) -> None:
    """The bar between any two sides is 2 levels of 255 on average, and 1 % of an embedding."""
    told = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    found = pictures.pictures(runtime)
    for name in ("embedding", "own_embedding"):
        expected = np.array(told[name])
        assert np.linalg.norm(found[name] - expected) < share * np.linalg.norm(expected)
    for name in pictures.CASES:
        with Image.open(pictures.FOLDER / f"{name}.png") as file:
            written = np.asarray(file, np.float32)
        assert np.abs(pictures.painted(name, runtime) - written).mean() < levels, name
    with Image.open(pictures.FOLDER / "kept.png") as file:
        written = np.asarray(file, np.float32)
    cut_out = pictures.kept(runtime)
    np.testing.assert_array_equal(cut_out[..., 3], written[..., 3])
    assert np.abs(cut_out - written)[written[..., 3] > 0].mean() < levels
