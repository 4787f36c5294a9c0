"""SavedModel -> TensorFlow.js graph model; run as a script, in a process of its own.

The converter imports TensorFlow Hub, Decision Forests and more, and registers protobuf messages that another
version of theirs in the same process would refuse; here nothing else is affected. Usage:

    python tfjs_converter.py PRECISION SAVED_MODEL OUT [SAVED_MODEL OUT ...]
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

# An array goes to uint8 where that moves it by at most this share of its own norm, and to float16 otherwise.
LARGEST_ROUNDING = 0.02

# Arrays with fewer numbers (early layers, large depthwise kernels) are not stored as uint8: they save next to
# nothing, and cost the most. Measured on Magenta's mobile pair: mean difference of the picture 0.037 with uint8
# from 1024 numbers on, 0.007 from 8192 on, for 2 % more bytes.
SMALLEST_UINT8 = 10_000

# Arrays with fewer numbers (biases, small depthwise kernels) stay in float32. Measured on a pair of 0.8 M
# parameters: mean difference of the picture 0.0013 with float16 throughout, 0.0001 so, for 3 % more bytes.
SMALLEST_FLOAT16 = 1000


def convert(saved_model: Path, out: Path, precision: str) -> None:
    """Writes `model.json` and its weight shards into `out`, weights stored at `precision`."""
    from tensorflowjs.converters.tf_saved_model_conversion_v2 import convert_tf_saved_model
    from tensorflowjs.read_weights import read_weights
    from tensorflowjs.write_weights import write_weights

    # Arrays have their final names and values only after the converter's graph optimisation: it writes them as
    # they are, and they are stored anew.
    with tempfile.TemporaryDirectory() as plain:
        convert_tf_saved_model(str(saved_model), plain)
        model = json.loads(Path(plain, "model.json").read_text())
        weights = read_weights(model["weightsManifest"], plain, flatten=True)
    names = shorten(model["modelTopology"])
    for weight in weights:
        weight["name"] = names[weight["name"]]
    out.mkdir(parents=True)
    model["weightsManifest"] = write_weights(
        [weights], str(out), write_manifest=False, quantization_dtype_map=storage(weights, precision)
    )
    (out / "model.json").write_text(json.dumps(model, separators=(",", ":")))


def storage(weights: list[dict[str, Any]], precision: str) -> dict[str, list[str]]:
    """Names of the arrays that are stored in another type than their own, by type.

    TensorFlow.js has one scale and zero point an array, so a kernel whose channels differ much in range would leave
    those of small range with a few steps; such an array becomes float16, unless `export.channel_scales` has taken the
    ranges out.
    """
    from tensorflowjs.quantization import dequantize_weights, quantize_weights

    types: dict[str, list[str]] = {"float16": [], "uint8": []}
    for weight in weights:
        data = weight["data"]
        if data.dtype != np.float32 or precision == "float32" or data.size < SMALLEST_FLOAT16:
            continue
        chosen = "float16"
        if precision == "uint8" and data.size >= SMALLEST_UINT8:
            rounded = dequantize_weights(*quantize_weights(data, np.uint8))
            if np.linalg.norm(rounded - data) <= LARGEST_ROUNDING * np.linalg.norm(data):
                chosen = "uint8"
        types[chosen].append(weight["name"])
    return types


def shorten(topology: dict[str, Any]) -> dict[str, str]:
    """Drops what a graph's description repeats on every node and nothing reads: a third of model.json.

    Returns:
        The new name of every node.
    """
    nodes = topology["node"]
    inner = [node["name"] for node in nodes if "/" in node["name"]]
    prefix = os.path.commonprefix(inner).rpartition("/")[0] + "/"
    names = {node["name"]: node["name"].removeprefix(prefix) for node in nodes}
    for node in nodes:
        node["name"] = names[node["name"]]
        node.pop("device", None)
        if "input" in node:
            node["input"] = [read.removeprefix(prefix) for read in node["input"]]
        node["attr"] = {key: value for key, value in node.get("attr", {}).items() if not key.startswith("_")}
    return names


def main(arguments: list[str]) -> None:
    precision, *folders = arguments
    for saved_model, out in zip(folders[::2], folders[1::2], strict=True):
        convert(Path(saved_model), Path(out), precision)


if __name__ == "__main__":
    main(sys.argv[1:])
