"""The real converter and the real runtime (Node, WebAssembly) on a tiny untrained pair, and on the shipped one."""

from __future__ import annotations

import contextlib
import json
import math
import shutil
from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import pytest
import skimage.data

from export.__main__ import main
from export.folder import write_export
from export.manifest import GRAPHS, ExportError, Manifest, check_folder, total_bytes
from export.registry import FORMATS
from export.tfjs_runtime import TfjsModel, TfjsSession
from export.verify import verifier
from models.inference import tile_transformer
from models.precision import precision
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer

ROOT = Path(__file__).parent.parent
NODE_MODULES = ROOT / "web_demo" / "node_modules"
TFJS = FORMATS["tfjs"]
SHIPPED = ROOT / "models" / "shipped" / "student.keras"

needs_runtime = pytest.mark.skipif(
    not (NODE_MODULES.is_dir() and shutil.which("node")),
    reason="TensorFlow.js is not installed: run npm ci in web_demo",
)


def load(folder: Path) -> TfjsModel:
    return TfjsModel(folder, NODE_MODULES)


@pytest.fixture(scope="module")
def exported(tiny_artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """float32, verified where the runtime is installed."""
    out = tmp_path_factory.mktemp("export") / "model"
    verify = (
        ["--node-modules", str(NODE_MODULES)] if NODE_MODULES.is_dir() and shutil.which("node") else ["--no-verify"]
    )
    assert main(["tfjs", "--model", str(tiny_artefact), "--out", str(out), *verify]) == 0
    return out


@pytest.fixture(scope="module")
def model(exported: Path) -> Iterator[TfjsModel]:
    with contextlib.closing(load(exported)) as loaded:
        yield loaded


def operations(folder: Path, graph: str) -> set[str]:
    topology = json.loads((folder / graph / "model.json").read_text())["modelTopology"]
    return {node["op"] for node in topology["node"]}


def test_manifest_says_what_the_page_needs(exported: Path) -> None:
    values = json.loads((exported / "manifest.json").read_text())
    assert {key: values[key] for key in ("format", "version", "runtime", "name", "precision", "license")} == {
        "format": "impasto-export",
        "version": 3,
        "runtime": "tfjs",
        "name": "tiny",
        "precision": "float32",
        "license": "CC0-1.0",
    }
    # Norms of the tiny transformer: one block each at 16 and 8 channels, then 8 and 3.
    assert values["conditioning_size"] == 2 * (16 + 8 + 8 + 3)
    assert values["embedding_size"] == 100 and values["preprocessing"]["value_range"] == [0, 1]
    content, style = (values["preprocessing"][name] for name in ("content", "style"))
    assert (content["multiple"], style["short_side"], style["smallest_side"]) == (16, 128, 32)
    assert content["overlap"] > 16 and content["overlap"] % 16 == 0
    assert values["predictor"]["inputs"] == {"style": "style:0"}
    assert values["conditioning"]["inputs"] == {"embedding": "embedding:0"}
    assert values["transformer"]["inputs"] == {"content": "content:0", "conditioning": "conditioning:0"}
    assert {name: set(values[name]["outputs"]) for name in GRAPHS} == {
        "predictor": {"embedding"},
        "conditioning": {"conditioning"},
        "transformer": {"stylised", "affine"},
    }
    card = json.loads((exported / values["card"]["path"]).read_text())
    assert card["format"] == "impasto-stylizer" and card["preprocessing"] == values["preprocessing"]
    listed = {entry["path"] for graph in GRAPHS for entry in values[graph]["files"]}
    found = {str(path.relative_to(exported)) for path in exported.rglob("*") if path.is_file()}
    assert found == listed | {"manifest.json", "card.json"}
    # A visitor waits for it.
    assert (exported / "manifest.json").stat().st_size <= 4096
    # Four bytes a parameter, and the graphs' descriptions.
    parameters = sum(card["parameters"].values())
    assert 4 * parameters < total_bytes(check_folder(exported)) < 4 * parameters + 200_000


def test_padding_by_reflection_is_one_operation_and_none_is_out_of_reach(exported: Path) -> None:
    assert "MirrorPad" in operations(exported, "transformer")
    for graph in GRAPHS:
        assert not operations(exported, graph) & {"SpaceToDepth", "BatchToSpaceND", "PartitionedCall", "XlaCallModule"}


def test_affine_nodes_are_the_scales_and_shifts_in_order(exported: Path) -> None:
    nodes = Manifest.read(exported).transformer.affine_nodes
    assert nodes is not None
    assert [node["size"] for node in nodes] == [size for size in (16, 8, 8, 3) for _ in range(2)]
    known = {
        node["name"] for node in json.loads((exported / "transformer/model.json").read_text())["modelTopology"]["node"]
    }
    assert {node["node"] for node in nodes} <= known


@needs_runtime
def test_parity_is_noted(exported: Path) -> None:
    parity = Manifest.read(exported).parity
    assert parity is not None
    assert parity.runtime == "tfjs-wasm 4.22.0"
    assert parity.sizes == [[256, 256], [208, 304]]
    assert 0 < parity.max_abs_difference <= parity.tolerance == 1e-3


@needs_runtime
def test_batches_of_styles_and_any_size(model: TfjsModel, tiny_artefact: Path) -> None:
    stylizer, random = Stylizer.load(tiny_artefact), np.random.default_rng(0)
    styles, content = random.random((2, 96, 64, 3), "f4"), random.random((1, 64, 112, 3), "f4")
    embeddings = model.predict(styles)
    np.testing.assert_allclose(embeddings, [stylizer.predict(style) for style in styles], atol=1e-5)
    conditioning = model.condition(embeddings)
    for style in (0, 1):
        stylised = model.paint(content, conditioning[style : style + 1])
        np.testing.assert_allclose(stylised[0], stylizer.stylize(content[0], embeddings[style]), atol=1e-4)


@needs_runtime
def test_tiles_are_fed_the_statistics_of_the_whole(model: TfjsModel, tiny_artefact: Path) -> None:
    """The same graph, fed its own `affine`, equals the tile transformer to 1e-4; other statistics change the tile."""
    random = np.random.default_rng(1)
    content = random.random((1, 96, 128, 3), "f4")
    conditioning = model.condition(random.normal(size=(1, 100)).astype("f4"))
    whole, affine = model.paint(content, conditioning), model.statistics(content, conditioning)
    tile = content[:, 32:, :80]
    expected = np.asarray(tile_transformer(Stylizer.load(tiny_artefact).transformer)([tile, affine]))
    np.testing.assert_allclose(model.paint_tile(tile, affine), expected, atol=1e-4)
    np.testing.assert_allclose(model.paint_tile(content, affine), whole, atol=1e-4)
    assert np.abs(model.paint(tile, conditioning) - expected).max() > 1e-2


@needs_runtime
def test_a_refused_run_is_told_and_the_next_one_runs(exported: Path) -> None:
    graph = Manifest.read(exported).conditioning
    with TfjsSession(NODE_MODULES) as session:
        with pytest.raises(ExportError, match=r"could not run .*conditioning/model.json: .*shape"):
            session.run(exported / graph.model, {"embedding:0": np.zeros((1, 7), "f4")}, ["Identity:0"])
        with pytest.raises(ExportError, match="could not run nowhere/model.json: .*ENOENT"):
            session.run(Path("nowhere/model.json"), {}, ["Identity:0"])
        (found,) = session.run(exported / graph.model, {"embedding:0": np.zeros((1, 100), "f4")}, ["Identity:0"])
        assert found.shape == (1, 70)


@needs_runtime
@pytest.mark.parametrize(
    ("precision", "expected"),
    [pytest.param("float16", {"float16"}, marks=pytest.mark.slow), ("uint8", {"float16", "uint8"})],
)
def test_smaller_precisions_pass_their_own_tolerances(
    tiny_artefact: Path, tmp_path: Path, precision: str, expected: set[str]
) -> None:
    stylizer = Stylizer.load(tiny_artefact)
    check = verifier(stylizer, None, None, load)
    manifest = write_export(stylizer, tmp_path / "model", TFJS, name="tiny", precision=precision, check=check)
    assert manifest.precision == precision and manifest.parity is not None
    stored = storage(tmp_path / "model")
    assert set(stored) == {"int32", "float32", *expected} and max(stored["float32"]) < 1000
    if precision == "uint8":  # the pointwise kernel and the product; the style heads are too few
        assert sorted(stored["uint8"]) == [32 * 512, 512 * 100]


def storage(folder: Path) -> dict[str, list[int]]:
    """Sizes of the arrays stored in each type."""
    sizes: dict[str, list[int]] = {}
    for graph in GRAPHS:
        for group in json.loads((folder / graph / "model.json").read_text())["weightsManifest"]:
            for weight in group["weights"]:
                dtype = weight.get("quantization", weight)["dtype"]
                sizes.setdefault(dtype, []).append(math.prod(weight["shape"]))
    return sizes


@needs_runtime
def test_other_weights_fail_the_comparison(exported: Path, tiny_artefact: Path) -> None:
    other = Stylizer.load(tiny_artefact)
    heads = other.transformer.get_layer("style_heads")
    heads.set_weights([1.1 * weight for weight in heads.get_weights()])
    check = verifier(other, None, None, load)
    with pytest.raises(ExportError, match=r"float32 export differs from Keras at 256x256 in tfjs-wasm"):
        check(exported, Manifest.read(exported))


def command(tmp_path: Path, model: Path, *extra: str) -> list[str]:
    return ["tfjs", "--model", str(model), "--out", str(tmp_path / "model"), *extra]


def test_missing_runtime_says_what_to_do(
    tiny_artefact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("node"):
        assert main(command(tmp_path, tiny_artefact, "--node-modules", str(tmp_path / "node_modules"))) == 1
        assert f"run `npm ci` in {tmp_path}, or pass --no-verify" in capsys.readouterr().err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(command(tmp_path, tiny_artefact)) == 1
    assert "no `node` is on the PATH: install it, or pass --no-verify" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_networks_of_another_type_are_refused(tiny_artefact: Path, tmp_path: Path) -> None:
    with precision("mixed_bfloat16"):
        mixed = build_transformer("fast", stem=4, middle=4, width=8, blocks=1, middle_blocks=1, last=4)
    with pytest.raises(ExportError, match="the transformer of this artefact computes in bfloat16"):
        TFJS.convert(Stylizer(Stylizer.load(tiny_artefact).predictor, mixed), tmp_path, "float32")


@needs_runtime
@pytest.mark.slow
@pytest.mark.parametrize("precision", ["float32", "float16", "uint8"])
@pytest.mark.parametrize("kind", ["mobilenet_v2", "mobilenet_v2_early"])
def test_real_predictors_convert(tmp_path: Path, kind: str, precision: str) -> None:
    keras.utils.set_random_seed(7)
    predictor = build_predictor(kind, weights=None, width=0.35)
    stylizer = Stylizer(predictor, build_transformer("paper", alpha=0.25))
    check = verifier(stylizer, None, None, load)
    assert write_export(stylizer, tmp_path / "model", TFJS, name="x", precision=precision, check=check).parity


@needs_runtime
@pytest.mark.slow
@pytest.mark.skipif(not SHIPPED.is_file(), reason="models/shipped/student.keras is not there yet")
@pytest.mark.parametrize("precision", ["float32", "float16", "uint8"])
def test_shipped_student_passes(tmp_path: Path, precision: str) -> None:
    stylizer = Stylizer.load(SHIPPED)
    check = verifier(stylizer, None, skimage_painting(tmp_path), load)
    assert write_export(stylizer, tmp_path / "model", TFJS, name="student", precision=precision, check=check).parity


def skimage_painting(folder: Path) -> Path:
    from PIL import Image

    Image.fromarray(skimage.data.coffee()).save(folder / "coffee.png")
    return folder / "coffee.png"
