"""Reading the weights of a TensorFlow.js graph model (`model.json` and its shards) as NumPy arrays."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np

from impasto.files import found_at, is_below

_DTYPES = {"float32": np.dtype("<f4"), "int32": np.dtype("<i4"), "bool": np.dtype("?"), "uint8": np.dtype("u1")}


class PublishedWeightsError(ValueError):
    """Published weights cannot be read or do not fit; the message names the file, what was expected and found."""


def read_tfjs_weights(path: str | Path) -> dict[str, np.ndarray]:
    """Name -> array of every weight in `model.json`, constants of the graph included.

    The shards of a group are one byte stream in which the weights lie one after the other in the manifest's order,
    little endian, integers (padding widths, axes) among them.

    Args:
        path: The `model.json`; its shards lie beside it.

    Raises:
        PublishedWeightsError: a file is missing, is no TF.js model, is quantised, or the shards' size is another than
            the manifest's.
    """
    path = Path(path)
    if not path.is_file():
        raise PublishedWeightsError(f"{path}: expected a TensorFlow.js model.json, found {found_at(path)}")
    try:
        groups = json.loads(path.read_text())["weightsManifest"]
        shards = [[path.parent / name for name in group["paths"]] for group in groups]
        entries = [
            [(entry["name"], entry["shape"], entry["dtype"], "quantization" in entry) for entry in group["weights"]]
            for group in groups
        ]
        climbing = [name for group in groups for name in group["paths"] if not is_below(name)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise PublishedWeightsError(
            f"{path}: expected a TensorFlow.js model.json with a weightsManifest, found {type(error).__name__}: {error}"
        ) from error
    if climbing:
        raise PublishedWeightsError(f"{path}: expected its shards beside it, found the name {climbing[0]!r}")
    weights: dict[str, np.ndarray] = {}
    for files, group in zip(shards, entries, strict=True):
        missing = [str(file) for file in files if not file.is_file()]
        if missing:
            raise PublishedWeightsError(f"{path}: expected its shards beside it, found no file {', '.join(missing)}")
        weights.update(_split(b"".join(file.read_bytes() for file in files), group, path))
    return weights


def _split(data: bytes, entries: list[tuple[str, list[int], str, bool]], path: Path) -> dict[str, np.ndarray]:
    """Cuts a group's byte stream into its weights."""
    for name, _, dtype, quantised in entries:
        if dtype not in _DTYPES or quantised:
            what = "a quantised weight" if quantised else f"dtype {dtype}"
            raise PublishedWeightsError(f"{path}: expected weights of {', '.join(_DTYPES)}, found {what} ({name})")
    lengths = [math.prod(shape) * _DTYPES[dtype].itemsize for _, shape, dtype, _ in entries]
    if sum(lengths) != len(data):
        raise PublishedWeightsError(
            f"{path}: expected {sum(lengths)} bytes of weights as its manifest says, found {len(data)} in the shards"
        )
    weights, start = {}, 0
    for (name, shape, dtype, _), length in zip(entries, lengths, strict=True):
        weights[name] = np.frombuffer(data[start : start + length], _DTYPES[dtype]).reshape(shape)
        start += length
    return weights
