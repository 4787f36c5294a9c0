"""Reading the weights of a quantised ONNX file as float32 arrays, by the names they were trained under."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from impasto.files import found_at
from models.tfjs_weights import PublishedWeightsError

_SUFFIX = "_dequant"


def read_onnx_weights(path: str | Path) -> dict[str, np.ndarray]:
    """Every stored constant that the graph dequantises, as float32: `(stored - zero point) * scale`, per channel.

    Files converted from TensorFlow Lite keep a weight as int8 and feed it through `DequantizeLinear`, whose output is
    the weight's original name with `_dequant` behind it; the stored tensor itself may be shared (all biases that are
    zero are one tensor). Kernels keep ONNX's order: `[out, in, height, width]`.

    Raises:
        PublishedWeightsError: no such file, no ONNX model, or the package `onnx` is missing.
    """
    path = Path(path)
    if not path.is_file():
        raise PublishedWeightsError(f"{path}: expected an ONNX file, found {found_at(path)}")
    return dequantise(parse_onnx(path.read_bytes(), str(path)))


def parse_onnx(data: bytes, name: str) -> Any:
    """An `onnx.ModelProto` from bytes; `name` is for the error messages."""
    try:
        import onnx
    except ImportError as error:
        raise PublishedWeightsError(
            "reading ONNX weights needs the package onnx, which is not installed; run: pip install onnx==1.19.1"
        ) from error
    try:
        model = onnx.load_model_from_string(data)
    except Exception as error:  # protobuf's own error class differs between its versions
        raise PublishedWeightsError(f"{name}: expected an ONNX model, found {len(data)} other bytes") from error
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in model.graph.initializer):
        raise PublishedWeightsError(
            f"{name}: expected its weights inside, found the name of another file; it is not read"
        )
    if not model.graph.node:
        raise PublishedWeightsError(f"{name}: expected an ONNX model, found one without nodes ({len(data)} bytes)")
    return model


def dequantise(model: Any) -> dict[str, np.ndarray]:
    """The constants of an `onnx.ModelProto` that go through `DequantizeLinear`: original name -> float32 array."""
    from onnx import numpy_helper

    stored = {tensor.name: tensor for tensor in model.graph.initializer}
    weights = {}
    for node in model.graph.node:
        if node.op_type != "DequantizeLinear" or node.input[0] not in stored:
            continue
        values, scale, zero = (numpy_helper.to_array(stored[name]) for name in node.input)
        axis = next((attribute.i for attribute in node.attribute if attribute.name == "axis"), 1)
        if scale.ndim:
            shape = [-1 if index == axis else 1 for index in range(values.ndim)]
            scale, zero = scale.reshape(shape), zero.reshape(shape)
        # float64 in between: an int32 bias needs more than float32's 24 bits before it is scaled.
        floats = (values.astype(np.float64) - zero) * scale
        weights[node.output[0].removesuffix(_SUFFIX)] = floats.astype(np.float32)
    return weights
