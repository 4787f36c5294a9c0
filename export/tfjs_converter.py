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

# Below this many numbers an array stays in float16: norms, biases and small kernels weigh nothing, and err the most.
SMALLEST_UINT8 = 4096


def convert(saved_model: Path, out: Path, precision: str) -> None:
    """Writes `model.json` and its weight shards into `out`, weights stored at `precision`."""
    from tensorflowjs.converters.tf_saved_model_conversion_v2 import convert_tf_saved_model

    storage: dict[str, Any] | None = None
    if precision == "float16":
        storage = {"float16": True}
    elif precision == "uint8":
        # Array names exist only after the converter's graph optimisation, hence a first conversion to read them.
        with tempfile.TemporaryDirectory() as plain:
            convert_tf_saved_model(str(saved_model), plain)
            storage = uint8_storage(json.loads(Path(plain, "model.json").read_text()))
    convert_tf_saved_model(str(saved_model), str(out), quantization_dtype_map=storage)


def uint8_storage(model: dict[str, Any]) -> dict[str, Any]:
    """Which arrays of a converted model are stored as uint8; all others become float16.

    TensorFlow.js has one scale and zero point an array. That suits large matrices and pointwise kernels. It does not suit
    depthwise kernels, whose channels differ in range by orders of magnitude once batch norm is folded into them, nor
    vectors (biases, epsilon).
    """
    depthwise = {
        node["input"][1].removeprefix("^").split(":")[0]
        for node in model["modelTopology"]["node"]
        if "Depthwise" in node["op"]
    }
    chosen = []
    for group in model["weightsManifest"]:
        for weight in group["weights"]:
            count = 1
            for size in weight["shape"]:
                count *= size
            if weight["dtype"] == "float32" and count >= SMALLEST_UINT8 and weight["name"] not in depthwise:
                chosen.append(weight["name"])
    return {"uint8": chosen, "float16": True}


def main(arguments: list[str]) -> None:
    precision, *folders = arguments
    for saved_model, out in zip(folders[::2], folders[1::2], strict=True):
        convert(Path(saved_model), Path(out), precision)


if __name__ == "__main__":
    main(sys.argv[1:])
