"""The real converter and the real runtime (Node, WebAssembly) on a small untrained pair, and on the shipped one."""

from __future__ import annotations

import dataclasses
import json
import math
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
import skimage.data

from export.__main__ import main
from export.manifest import ExportError, Manifest, check_folder, total_bytes
from export.tfjs import convert, export_tfjs, verifier
from export.tfjs_runtime import Run, execute
from export.verify import TOLERANCES, Difference, judge
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer

ROOT = Path(__file__).parent.parent
NODE_MODULES = ROOT / "web_demo" / "node_modules"
SHIPPED = ROOT / "models" / "shipped" / "student.keras"

needs_runtime = pytest.mark.skipif(
    not (NODE_MODULES.is_dir() and shutil.which("node")),
    reason="TensorFlow.js is not installed: run npm ci in web_demo",
)


def small_pair(seed: int) -> Stylizer:
    keras.utils.set_random_seed(seed)
    predictor = build_predictor("mobilenet_v2", weights=None, width=0.35)
    transformer = build_transformer("fast", stem=8, width=16, blocks=1)
    return Stylizer(predictor, transformer, {"name": "small", "license": "CC0-1.0", "style_size": 128})


def tiny_pair() -> Stylizer:
    """A predictor of three layers: two arrays large enough for uint8, one that is not."""
    keras.utils.set_random_seed(9)
    style = keras.Input((None, None, 3), name="style")
    x = keras.layers.Conv2D(32, 3, strides=4, activation="relu6")(style)
    x = keras.layers.Conv2D(512, 1, activation="relu6")(x)
    x = keras.layers.Dense(100)(keras.layers.GlobalAveragePooling2D()(x))
    predictor = keras.Model(style, x, name="predictor")
    return Stylizer(predictor, build_transformer("fast", stem=8, width=16, blocks=1))


@pytest.fixture(scope="session")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("artefact") / "small.keras"
    small_pair(7).save(path)
    return path


@pytest.fixture(scope="session")
def exported(artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """float32, verified where the runtime is installed."""
    out = tmp_path_factory.mktemp("export") / "model"
    verify = (
        ["--node-modules", str(NODE_MODULES)] if NODE_MODULES.is_dir() and shutil.which("node") else ["--no-verify"]
    )
    assert main(["tfjs", "--model", str(artefact), "--out", str(out), *verify]) == 0
    return out


def operations(folder: Path, graph: str) -> set[str]:
    topology = json.loads((folder / graph / "model.json").read_text())["modelTopology"]
    return {node["op"] for node in topology["node"]}


def test_manifest_says_what_the_page_needs(exported: Path) -> None:
    values = json.loads((exported / "manifest.json").read_text())
    assert {key: values[key] for key in ("format", "version", "name", "precision", "value_range", "license")} == {
        "format": "impasto-tfjs",
        "version": 1,
        "name": "small",
        "precision": "float32",
        "value_range": [0, 1],
        "license": "CC0-1.0",
    }
    assert (values["size_multiple"], values["embedding_size"], values["style_size"]) == (4, 100, 128)
    assert values["predictor"]["inputs"] == {"style": "style:0"}
    assert values["transformer"]["inputs"] == {"content": "content:0", "embedding": "embedding:0"}
    assert values["card"]["format"] == "impasto-stylizer"
    listed = {entry["path"] for graph in ("predictor", "transformer") for entry in values[graph]["files"]}
    found = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}
    assert found == listed | {"manifest.json"}
    # Folded batch norms save a little, the graph's description costs a little: about four bytes a parameter.
    parameters = sum(values["card"]["parameters"].values())
    assert 3.5 * parameters < total_bytes(check_folder(exported)) < 5 * parameters


def test_padding_by_reflection_is_one_operation_and_none_is_out_of_reach(exported: Path) -> None:
    assert "MirrorPad" in operations(exported, "transformer")
    for graph in ("predictor", "transformer"):
        assert not operations(exported, graph) & {"SpaceToDepth", "BatchToSpaceND", "PartitionedCall", "XlaCallModule"}


@needs_runtime
def test_parity_is_noted(exported: Path) -> None:
    parity = Manifest.read(exported).parity
    assert parity is not None
    assert parity.runtime == "tfjs-wasm 4.22.0"
    assert parity.sizes == [[256, 256], [200, 312]]
    assert 0 < parity.max_abs_difference <= parity.tolerance == 1e-3


@needs_runtime
def test_batch_and_size_are_free(exported: Path, artefact: Path) -> None:
    stylizer, manifest = Stylizer.load(artefact), Manifest.read(exported)
    random = np.random.default_rng(0)
    styles = random.random((2, 96, 64, 3), np.float32)
    contents = random.random((2, 40, 72, 3), np.float32)
    runs = [
        Run(manifest.predictor, {"style": styles}),
        Run(manifest.transformer, {"content": contents, "embedding": 0}, repeats=1),
    ]
    _, (embeddings, pictures) = execute(exported, runs, NODE_MODULES)
    np.testing.assert_allclose(embeddings.values, stylizer.predict(styles), atol=1e-5)
    expected = stylizer.stylize(contents, stylizer.predict(styles))
    np.testing.assert_allclose(pictures.values, expected, atol=1e-3)
    assert pictures.milliseconds is not None and embeddings.milliseconds is None


@needs_runtime
@pytest.mark.parametrize(("precision", "expected"), [("float16", {"float16"}), ("uint8", {"float16", "uint8"})])
def test_smaller_precisions_pass_their_own_tolerances(tmp_path: Path, precision: str, expected: set[str]) -> None:
    stylizer = tiny_pair()
    check = verifier(stylizer, None, None, NODE_MODULES)
    manifest = export_tfjs(stylizer, tmp_path / "model", name="small", precision=precision, check=check)
    assert check_folder(tmp_path / "model") == manifest
    assert manifest.precision == precision and manifest.parity is not None
    stored = storage(tmp_path / "model")
    # Style heads 100 x 2 (8 + 16 + 32 + 16 + 8 + 3), pointwise kernel 32 x 512, dense 512 x 100.
    large = {100 * 2 * 83, 32 * 512, 512 * 100}
    assert set(stored) == {"int32", *expected}
    if precision == "uint8":
        assert set(stored["uint8"]) == large and not large & set(stored["float16"])


def storage(folder: Path) -> dict[str, list[int]]:
    """Sizes of the arrays stored in each type."""
    sizes: dict[str, list[int]] = {}
    for graph in ("predictor", "transformer"):
        for group in json.loads((folder / graph / "model.json").read_text())["weightsManifest"]:
            for weight in group["weights"]:
                dtype = weight.get("quantization", weight)["dtype"]
                sizes.setdefault(dtype, []).append(math.prod(weight["shape"]))
    return sizes


@needs_runtime
def test_other_weights_fail_the_comparison(exported: Path) -> None:
    check = verifier(small_pair(8), None, None, NODE_MODULES)
    with pytest.raises(ExportError, match=r"float32 export differs from Keras at 256x256 in tfjs-wasm"):
        check(exported, Manifest.read(exported))


def test_judge_names_the_figure_that_is_too_large() -> None:
    within = Difference((256, 256), maximum=9e-4, mean=1e-6, embedding=1e-6, same_embedding=1e-6, milliseconds=5)
    worse = dataclasses.replace(within, size=(200, 312), maximum=5e-4)
    parity = judge("float32", "tfjs-wasm 4.22.0", [within, worse])
    assert (parity.max_abs_difference, parity.tolerance, parity.sizes) == (9e-4, 1e-3, [[256, 256], [200, 312]])
    for figure in ("maximum", "mean", "embedding", "same_embedding"):
        for value in (2 * getattr(TOLERANCES["float32"], figure), float("nan")):
            bad = Difference(**{**dataclasses.asdict(worse), figure: value})
            with pytest.raises(ExportError, match=f"at 200x312 in tfjs-wasm 4.22.0: {figure} difference"):
                judge("float32", "tfjs-wasm 4.22.0", [within, bad])


def test_damaged_export_is_named(exported: Path, tmp_path: Path) -> None:
    shard = "transformer/group1-shard1of1.bin"
    copy = tmp_path / "model"

    shutil.copytree(exported, copy)
    data = bytearray((copy / shard).read_bytes())
    data[100] ^= 1
    (copy / shard).write_bytes(data)
    with pytest.raises(ExportError, match=f"{shard}: expected .*sha256.*found"):
        check_folder(copy)
    (copy / shard).unlink()
    with pytest.raises(ExportError, match=f"{shard}: expected .* found no such file"):
        check_folder(copy)
    (copy / "manifest.json").write_text('{"format": "something", "version": 3}')
    with pytest.raises(ExportError, match="expected format 'impasto-tfjs' version 1, found 'something' 3"):
        check_folder(copy)
    (copy / "manifest.json").write_text("{")
    with pytest.raises(ExportError, match="manifest.json: expected the manifest of an export, found no JSON"):
        check_folder(copy)


def command(tmp_path: Path, model: Path, *extra: str) -> list[str]:
    return ["tfjs", "--model", str(model), "--out", str(tmp_path / "model"), *extra]


def test_missing_runtime_says_what_to_do(
    artefact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("node"):
        assert main(command(tmp_path, artefact, "--node-modules", str(tmp_path / "node_modules"))) == 1
        assert f"run `npm ci` in {tmp_path}, or pass --no-verify" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(command(tmp_path, artefact)) == 1
    assert "no `node` is on the PATH: install it, or pass --no-verify" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("content", "found"), [(None, "no such file"), (b"PK but no archive", "17 bytes")])
def test_missing_or_damaged_artefact_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, found: str
) -> None:
    model = tmp_path / "bad.keras"
    if content is not None:
        model.write_bytes(content)
    assert main(command(tmp_path, model, "--no-verify")) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: {model}: expected an Impasto artefact") and found in error
    assert not (tmp_path / "model").exists()


def test_unknown_precision_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(command(tmp_path, Path("any.keras"), "--precision", "int4"))
    assert stopped.value.code == 2
    assert "invalid choice: 'int4' (choose from" in capsys.readouterr().err
    with pytest.raises(ValueError, match="precision must be one of .* Received: 'int4'"):
        export_tfjs(small_pair(7), tmp_path / "model", name="x", precision="int4")


def test_networks_of_another_type_are_refused(tmp_path: Path) -> None:
    before = keras.config.dtype_policy()
    try:
        keras.config.set_dtype_policy("mixed_bfloat16")
        mixed = build_transformer("fast", stem=4, width=8, blocks=1)
    finally:
        keras.config.set_dtype_policy(before)
    with pytest.raises(ExportError, match="the transformer of this artefact computes in bfloat16"):
        convert(Stylizer(small_pair(7).predictor, mixed), tmp_path, "float32")


@needs_runtime
@pytest.mark.slow
@pytest.mark.skipif(not SHIPPED.is_file(), reason="models/shipped/student.keras is not there yet")
@pytest.mark.parametrize("precision", ["float32", "float16", "uint8"])
def test_shipped_student_passes(tmp_path: Path, precision: str) -> None:
    stylizer = Stylizer.load(SHIPPED)
    check = verifier(stylizer, None, skimage_painting(tmp_path), NODE_MODULES)
    manifest = export_tfjs(stylizer, tmp_path / "model", name="student", precision=precision, check=check)
    assert manifest.parity is not None


def skimage_painting(folder: Path) -> Path:
    from PIL import Image

    Image.fromarray(skimage.data.coffee()).save(folder / "coffee.png")
    return folder / "coffee.png"
