"""Exported folders as impasto reads them: whole ones, those of before, and what is said of others."""

from __future__ import annotations

import functools
import json
import operator
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import impasto
from impasto.errors import ModelError
from impasto.exported import ExportedFolder
from impasto.library import SHIPPED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / "litert", tmp_path / "model"))


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    path = folder / "manifest.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def test_a_folder_of_version_2_is_read_with_a_sentence(folder: Path) -> None:
    """It names sizes at its top level, no fingerprint, and no statistics that are given."""

    def earlier(values: dict[str, Any]) -> None:
        del values["preprocessing"], values["fingerprint"]
        values |= {"version": 2, "size_multiple": 16, "overlap": 104, "style_size": 192, "value_range": [0, 1]}
        for name in ("given_affine", "given_share"):
            del values["transformer"]["inputs"][name]

    rewrite(folder, earlier)
    with pytest.warns(UserWarning, match="exported before manifests told how pictures are prepared"):
        found = ExportedFolder.read(folder)
    assert found.preprocessing.style.short_side == 192
    assert (found.preprocessing.content.multiple, found.preprocessing.content.overlap) == (16, 112)
    sums = [values["sha256"] for graph in json.loads((folder / "manifest.json").read_text()).values()
            if isinstance(graph, dict) for values in graph.get("files", [])]  # fmt: skip
    assert found.fingerprint == f"{functools.reduce(operator.xor, [int(value[:16], 16) for value in sums]):016x}"
    # What it cannot do is said where it is asked for.
    with pytest.raises(ModelError, match="exported before large pictures could be painted with it"):
        found.feeds("transformer", {"given_affine": np.zeros((1, 4))})
    assert set(found.feeds("transformer", {"content": np.zeros((1, 64, 64, 3))})) == {"content"}


def test_a_damaged_or_missing_file_is_named(folder: Path) -> None:
    graph = folder / "predictor" / "predictor.tflite"
    data = bytearray(graph.read_bytes())
    data[1000] ^= 1
    graph.write_bytes(data)
    with pytest.raises(ModelError, match=r"predictor.tflite: expected \d+ bytes with the checksum in manifest.json"):
        impasto.load(folder)
    graph.unlink()
    with pytest.raises(ModelError, match=r"predictor.tflite: expected \d+ bytes, No such file"):
        impasto.load(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda values: values.update(version=9), "expected format 'impasto-export' version 2 or 3, found .* 9"),
        (lambda values: values.pop("predictor"), "expected the entries of version 3, found others .*predictor"),
        (lambda values: values["preprocessing"].pop("strokes"), "manifest.json: entries missing: strokes"),
        (
            lambda values: values.update(runtime="tfjs"),
            "exported for tfjs, which runs elsewhere; here run litert, onnx",
        ),
    ],
)
def test_another_manifest_is_refused(folder: Path, change: Callable[[dict[str, Any]], None], message: str) -> None:
    rewrite(folder, change)
    with pytest.raises(impasto.ImpastoError, match=message):
        impasto.load(folder)


def test_a_folder_for_another_runtime_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="exported for litert, not for onnx"):
        impasto.load(folder, runtime="onnx")
    (folder / "manifest.json").write_text("{")
    with pytest.raises(ModelError, match="manifest.json: expected the manifest of an exported model, found no JSON"):
        impasto.load(folder)
