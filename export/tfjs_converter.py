"""SavedModel -> TensorFlow.js graph model; run as a script, in a process of its own.

The converter imports TensorFlow Hub, Decision Forests and more, and registers protobuf messages that another
version of theirs in the same process would refuse; here nothing else is affected. Usage:

    python tfjs_converter.py PRECISION SAVED_MODEL OUT [SAVED_MODEL OUT ...]
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

# An array goes to uint8 where that moves it by at most this share of its own norm, and to float16 otherwise.
LARGEST_ROUNDING = 0.02

# Arrays with fewer numbers (biases, depthwise kernels, early layers) stay in float16: they save next to
# nothing, and cost the most. Measured on Magenta's mobile pair: mean difference of the picture 0.037 with uint8
# from 1024 numbers on, 0.007 from 8192 on, for 2 % more bytes.
SMALLEST_UINT8 = 10_000


def convert(saved_model: Path, out: Path, precision: str) -> None:
    """Writes `model.json` and its weight shards into `out`, weights stored at `precision`."""
    from tensorflowjs.converters.tf_saved_model_conversion_v2 import convert_tf_saved_model

    storage: dict[str, Any] | None = None
    if precision == "float16":
        storage = {"float16": True}
    elif precision == "uint8":
        # Arrays have their names and values only after the converter's graph optimisation, so it runs twice.
        with tempfile.TemporaryDirectory() as plain:
            convert_tf_saved_model(str(saved_model), plain)
            storage = uint8_storage(Path(plain))
    convert_tf_saved_model(str(saved_model), str(out), quantization_dtype_map=storage)


def uint8_storage(folder: Path) -> dict[str, Any]:
    """Which arrays of the float32 model in `folder` are stored as uint8; all others become float16.

    TensorFlow.js has one scale and zero point an array. Once batch norm is folded in, the channels of some
    kernels differ so much in range that those of small range are left with a few steps.
    """
    from tensorflowjs.quantization import dequantize_weights, quantize_weights
    from tensorflowjs.read_weights import read_weights

    manifest = json.loads((folder / "model.json").read_text())["weightsManifest"]
    chosen = []
    for weight in read_weights(manifest, str(folder), flatten=True):
        data = weight["data"]
        if data.dtype != np.float32 or data.size < SMALLEST_UINT8:
            continue
        rounded = dequantize_weights(*quantize_weights(data, np.uint8))
        if np.linalg.norm(rounded - data) <= LARGEST_ROUNDING * np.linalg.norm(data):
            chosen.append(weight["name"])
    return {"uint8": chosen, "float16": True}


def main(arguments: list[str]) -> None:
    precision, *folders = arguments
    for saved_model, out in zip(folders[::2], folders[1::2], strict=True):
        convert(Path(saved_model), Path(out), precision)


if __name__ == "__main__":
    main(sys.argv[1:])
