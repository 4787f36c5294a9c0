"""Nakano's separable transformer: read from TF.js' format, and proven against TensorFlow.js itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

from models.published_separable import import_nakano_separable
from models.tfjs_weights import PublishedWeightsError, read_tfjs_weights

NODE_MODULES = Path(__file__).parents[1] / "web_demo/node_modules"
OUTPUT = "transformer/expand/conv3/dilate_conv/Sigmoid"


@pytest.fixture(scope="module")
def model_json(shared: Path) -> Path:
    path = shared / "peers/nakano_separable/model.json"
    if not path.is_file():
        pytest.skip(f"needs the published transformer {path}")
    return path


@pytest.fixture(scope="module")
def transformer(model_json: Path) -> keras.Model:
    return import_nakano_separable(model_json)[0]


def test_equals_tensorflow_js(model_json: Path, transformer: keras.Model, photo: np.ndarray) -> None:
    """A real photograph, three embeddings, two sizes, zero padding: the same picture to 1e-3 (found: 2e-5)."""
    from export.tfjs_runtime import TfjsSession

    if shutil.which("node") is None or not (NODE_MODULES / "@tensorflow/tfjs-backend-wasm").is_dir():
        pytest.skip(f"needs Node and TensorFlow.js in {NODE_MODULES}: run npm ci in web_demo")
    rng = np.random.default_rng(0)
    cases = [(photo[None], rng.normal(0, spread, (1, 100)).astype("f4")) for spread in (0.3, 1.0, 2.0)]
    cases.append((photo[None, :64, 8:], cases[1][1]))
    with TfjsSession(NODE_MODULES) as session:
        for content, vector in cases:
            feeds = {"Placeholder": content, "Placeholder_1": vector[:, None, None]}
            (expected,) = session.run(model_json, feeds, [OUTPUT])
            painted = np.asarray(transformer([content, vector]))
            assert painted.shape == content.shape and painted.std() > 0.01
            np.testing.assert_allclose(painted, expected, atol=1e-3, rtol=0)


def test_gamma_and_beta_are_not_swapped(model_json: Path, transformer: keras.Model) -> None:
    """`Conv` is beta and `Conv_1` gamma, in the order of the norms; the last norm has three channels."""
    arrays = read_tfjs_weights(model_json)
    kernel, bias = transformer.get_layer("style_heads").get_weights()
    assert kernel.shape == (100, 2758)
    first, last = "residual/residual1/conv1", "expand/conv3/conv"
    for scope, part, columns in (
        (first, "Conv_1", slice(0, 128)),
        (first, "Conv", slice(128, 256)),
        (last, "Conv_1", slice(2752, 2755)),
        (last, "Conv", slice(2755, 2758)),
    ):
        head = f"style_params/transformer/{scope}/StyleNorm/{part}"
        np.testing.assert_array_equal(kernel[:, columns], arrays[f"{head}/weights"][0, 0])
        np.testing.assert_array_equal(bias[columns], arrays[f"{head}/biases"])


def _write_model(folder: Path, weights: list[dict[str, object]], data: bytes) -> Path:
    (folder / "shard").write_bytes(data)
    manifest = [{"paths": ["shard"], "weights": weights}]
    (folder / "model.json").write_text(json.dumps({"modelTopology": {}, "weightsManifest": manifest}))
    return folder / "model.json"


def test_weights_lie_in_manifest_order_with_integers_between(tmp_path: Path) -> None:
    data = np.array([1.5, -2], "<f4").tobytes() + np.array([7], "<i4").tobytes() + np.array([[3]], "<f4").tobytes()
    entries: list[dict[str, object]] = [
        {"name": "a", "shape": [2], "dtype": "float32"},
        {"name": "axis", "shape": [], "dtype": "int32"},
        {"name": "b", "shape": [1, 1], "dtype": "float32"},
    ]
    weights = read_tfjs_weights(_write_model(tmp_path, entries, data))
    assert weights["a"].tolist() == [1.5, -2] and int(weights["axis"]) == 7 and weights["b"].tolist() == [[3]]


def test_damaged_files_are_named(tmp_path: Path) -> None:
    entry: dict[str, object] = {"name": "a", "shape": [2], "dtype": "float32"}
    with pytest.raises(PublishedWeightsError, match="model.json: expected 8 bytes of weights .*found 7 in the shards"):
        read_tfjs_weights(_write_model(tmp_path, [entry], b"1234567"))
    with pytest.raises(PublishedWeightsError, match=r"found a quantised weight \(a\)"):
        read_tfjs_weights(_write_model(tmp_path, [{**entry, "quantization": {"dtype": "uint8"}}], b"12"))
    path = _write_model(tmp_path, [entry], b"12345678")
    with pytest.raises(
        PublishedWeightsError, match="model.json: expected a weight named transformer/contract/conv1/weights"
    ):
        import_nakano_separable(path)
    (tmp_path / "shard").unlink()
    with pytest.raises(PublishedWeightsError, match="expected its shards beside it, found no file .*shard"):
        read_tfjs_weights(path)
    for text in ("[]", "{}", "no json", '{"weightsManifest": [{"paths": ["shard"]}]}'):
        path.write_text(text)
        with pytest.raises(PublishedWeightsError, match="expected a TensorFlow.js model.json with a weightsManifest"):
            read_tfjs_weights(path)
    with pytest.raises(
        PublishedWeightsError, match="none.json: expected a TensorFlow.js model.json, found no such file"
    ):
        read_tfjs_weights(tmp_path / "none.json")


def test_a_weight_of_another_shape_is_named(model_json: Path, tmp_path: Path) -> None:
    document = json.loads(model_json.read_text())
    for weight in document["weightsManifest"][0]["weights"]:
        if weight["name"] == "transformer/contract/conv1/weights":
            weight["shape"] = [9, 9, 32, 3]
    (tmp_path / "model.json").write_text(json.dumps(document))
    shutil.copy(model_json.with_name("group1-shard1of1"), tmp_path)
    with pytest.raises(
        PublishedWeightsError, match=r"contract_conv1 should have the shapes \[\(9, 9, 3, 32\)\], found"
    ):
        import_nakano_separable(tmp_path / "model.json")


@pytest.mark.parametrize("name", ["../secret.bin", "/etc/passwd", "C:\\secret.bin", "a/../../secret.bin"])
def test_shards_elsewhere_are_not_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.bin").write_bytes(b"12345678")
    (tmp_path / "model").mkdir()
    path = _write_model(tmp_path / "model", [{"name": "a", "shape": [2], "dtype": "float32"}], b"12345678")
    values = json.loads(path.read_text())
    values["weightsManifest"][0]["paths"] = [name]
    path.write_text(json.dumps(values))
    with pytest.raises(PublishedWeightsError, match="expected its shards beside it, found the name"):
        read_tfjs_weights(path)
