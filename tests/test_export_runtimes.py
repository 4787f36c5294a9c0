"""Exports for LiteRT, ONNX Runtime and TensorFlow, each run in its own runtime on a real photograph."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import onnx
import onnxruntime
import pytest

from export.__main__ import main
from export.folder import write_export
from export.manifest import ExportError, check_folder
from export.onnx import halve
from export.registry import FORMATS, load_exported
from export.verify import verifier
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer

SHIPPED = Path(__file__).parent.parent / "models" / "shipped" / "student.keras"
RUNTIMES = ("litert", "onnx", "saved_model")


@pytest.fixture(scope="module", params=RUNTIMES)
def exported(request: pytest.FixtureRequest, tiny_artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """float32, verified: both sizes are compared with Keras in the runtime."""
    out = tmp_path_factory.mktemp("export") / request.param
    assert main([request.param, "--model", str(tiny_artefact), "--out", str(out)]) == 0
    return out


def test_passed_the_bar_at_two_sizes(exported: Path) -> None:
    manifest = check_folder(exported)
    assert manifest.runtime == exported.name and manifest.parity is not None
    assert manifest.parity.sizes == [[256, 256], [208, 304]]
    assert 0 < manifest.parity.max_abs_difference < manifest.parity.tolerance == 1e-3
    names = ("content", "conditioning", "given_affine", "given_share")
    assert manifest.transformer.inputs == dict(zip(names, names, strict=True))
    assert manifest.transformer.outputs == {"stylised": "stylised", "affine": "affine"}
    assert manifest.transformer.affine_nodes is None


def test_sizes_change_between_runs(exported: Path, tiny_artefact: Path) -> None:
    stylizer, random = Stylizer.load(tiny_artefact), np.random.default_rng(0)
    with load_exported(exported) as loaded:
        runtime = loaded.runtime
        for style_size, size in (((96, 64), (64, 112)), ((50, 70), (128, 64)), ((96, 64), (64, 112))):
            style, content = random.random((1, *style_size, 3), "f4"), random.random((1, *size, 3), "f4")
            embedding = runtime.predict(style)
            np.testing.assert_allclose(embedding, [stylizer.predict(style[0])], atol=1e-5)
            conditioning = runtime.condition(embedding)
            stylised, affine = runtime.paint(content, conditioning), runtime.statistics(content, conditioning)
            np.testing.assert_allclose(stylised[0], stylizer.stylize(content[0], embedding[0]), atol=1e-4)
            assert affine.shape == conditioning.shape
        # With its own statistics given, a part of the picture is the picture.
        np.testing.assert_allclose(runtime.paint_tile(content, affine), stylised, atol=1e-5)


def test_another_runtime_refuses_the_folder(exported: Path) -> None:
    for runtime, chosen in FORMATS.items():
        if runtime not in (exported.name, "tfjs"):
            with pytest.raises(ExportError, match=f"expected an export for {runtime}, found one for {exported.name}"):
                chosen.load(exported)


def test_a_failed_conversion_tells_the_converters_words(
    tiny_artefact: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operation that LiteRT does not have; nothing is left behind, and nothing but the error is printed."""
    predictor = Stylizer.load(tiny_artefact).predictor
    odd = keras.layers.Lambda(lambda x: keras.ops.fft2((x, x))[0] + x, output_shape=(100,))(predictor.output)
    stylizer = Stylizer(keras.Model(predictor.input, odd), build_transformer("paper", alpha=0.1))
    monkeypatch.setattr(Stylizer, "load", lambda path: stylizer)
    assert main(["litert", "--model", "x", "--out", str(tmp_path / "model")]) == 1
    error = capfd.readouterr().err
    assert error.startswith("error: the conversion of the predictor to LiteRT failed: ") and error.count("\n") == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("content", "found"), [(None, "no such file"), (b"PK but no archive", "17 bytes")])
def test_missing_or_damaged_artefact_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, found: str
) -> None:
    path = tmp_path / "bad.keras"
    if content is not None:
        path.write_bytes(content)
    assert main(["onnx", "--model", str(path), "--out", str(tmp_path / "model"), "--no-verify"]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error: {path}: expected an Impasto artefact") and found in error
    assert not (tmp_path / "model").exists()


def test_unknown_precision_is_refused(tiny_artefact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["onnx", "--out", str(tmp_path / "model"), "--precision", "int4"])
    assert stopped.value.code == 2
    assert "invalid choice: 'int4' (choose from" in capsys.readouterr().err
    with pytest.raises(ValueError, match="precision for saved_model must be one of .* Received: 'int8'"):
        write_export(Stylizer.load(tiny_artefact), tmp_path / "m", FORMATS["saved_model"], name="x", precision="int8")


@pytest.mark.parametrize("exported", ["onnx"], indirect=True)
def test_onnx_float16_is_widened_by_casts(exported: Path, tmp_path: Path) -> None:
    path = exported / "conditioning" / "conditioning.onnx"
    model = onnx.load(path)
    halve(model.graph)
    onnx.checker.check_model(model)
    (tmp_path / "half.onnx").write_bytes(model.SerializeToString())
    assert (tmp_path / "half.onnx").stat().st_size < 0.6 * path.stat().st_size
    embedding = np.random.default_rng(0).normal(size=(2, 100)).astype("f4")
    exact, half = (onnxruntime.InferenceSession(file).run(None, {"embedding": embedding})[0]
                   for file in (path, tmp_path / "half.onnx"))  # fmt: skip
    assert 0 < np.abs(half - exact).max() < 5e-3


@pytest.mark.slow
@pytest.mark.skipif(not SHIPPED.is_file(), reason="models/shipped/student.keras is not there yet")
@pytest.mark.parametrize(
    ("runtime", "precision"), [(name, precision) for name in RUNTIMES for precision in FORMATS[name].precisions]
)
def test_shipped_student_passes(tmp_path: Path, runtime: str, precision: str) -> None:
    stylizer = Stylizer.load(SHIPPED)
    check = verifier(stylizer, None, None, FORMATS[runtime].load)
    assert write_export(
        stylizer, tmp_path / "model", FORMATS[runtime], name="x", precision=precision, check=check
    ).parity


@pytest.mark.slow
@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("transformer", ["paper", "separable"])
def test_published_architectures_convert(tmp_path: Path, runtime: str, transformer: str) -> None:
    keras.utils.set_random_seed(7)
    stylizer = Stylizer(build_predictor("mobilenet_v2", weights=None, width=0.35), build_transformer(transformer))
    check = verifier(stylizer, None, None, FORMATS[runtime].load)
    assert write_export(stylizer, tmp_path / "model", FORMATS[runtime], name="x", check=check).parity
