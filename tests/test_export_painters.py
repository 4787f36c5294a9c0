"""Several painters in one exported folder: one predictor, one style space, a transformer each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest

import impasto
from export import style_space
from export.manifest import FILE_NAME, ExportError, Manifest, check_folder
from export.painters import join
from impasto import library
from impasto.errors import ModelError
from impasto.exported import ExportedFolder, painters_of

RNG = np.random.default_rng(5)
PHOTO, PAINTING = (RNG.integers(0, 256, (40, 48, 3), np.uint8) for _ in range(2))


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What ships, joined by itself as `fine`; the package finds it in its own models' place."""
    folder = Path(shutil.copytree(library.SHIPPED / "litert", tmp_path / "models" / "litert"))
    for name in painters_of(folder):
        shutil.rmtree(folder / name)
    plain = dict(json.loads((folder / FILE_NAME).read_text()), painters=[])
    (folder / FILE_NAME).write_text(json.dumps(plain))
    join(folder, check_folder(folder), "fine", Path(shutil.copytree(folder, tmp_path / "other"))).write(folder)
    monkeypatch.setattr(library, "SHIPPED", tmp_path / "models")
    return folder


def test_both_paint_with_one_predictor(models: Path) -> None:
    assert [model.name for model in impasto.models()] == ["fine", "fast"]
    first, fine = check_folder(models, "litert"), check_folder(models, "litert", "fine")
    assert (first.painters, fine.painters) == (("fine",), ())
    assert fine.predictor == first.predictor and not (models / "fine" / "predictor").exists()
    assert [file["path"] for file in fine.transformer.files] == ["fine/transformer/transformer.tflite"]
    with impasto.load("fast", threads=1) as fast, impasto.load(threads=1) as default:
        assert default.folder.graphs["transformer"].file == models / "fine/transformer/transformer.tflite"
        assert default.folder.graphs["predictor"] == fast.folder.graphs["predictor"]
        # What one has read or saved, the other paints.
        style = fast.embed(PAINTING)
        painted = np.asarray(default.paint(PHOTO, style.link("https://example.org/")), int)
        assert np.abs(painted - np.asarray(fast.paint(PHOTO, style), int)).max() <= 2


def test_one_alone_is_all_there_was(models: Path) -> None:
    (models / FILE_NAME).write_text(json.dumps(dict(json.loads((models / FILE_NAME).read_text()), painters=[])))
    assert [model.name for model in impasto.models()] == ["fast"]
    with pytest.raises(ModelError, match="fine: expected an exported folder, or one of the models fast"):
        impasto.load("fine")
    with impasto.load(threads=1) as painter:
        assert painter.folder.graphs["transformer"].file == models / "transformer/transformer.tflite"


def test_what_does_not_belong_together_is_refused(models: Path, tmp_path: Path) -> None:
    manifest = Manifest.read(models)
    other = tmp_path / "other"
    with pytest.raises(ExportError, match="expected a painter's name that is a word and not taken, received 'fine'"):
        join(models, manifest, "fine", other)
    told = json.loads((other / FILE_NAME).read_text())
    (other / FILE_NAME).write_text(json.dumps({**told, "fingerprint": "0" * 16}))
    with pytest.raises(ExportError, match="the painter bold has another style predictor"):
        join(models, manifest, "bold", other)
    with pytest.raises(ExportError, match=r"expected the painter bold, found \('fine',\)"):
        check_folder(models, "litert", "bold")
    (models / "fine" / "transformer" / "more").write_text("x")
    with pytest.raises(ExportError, match="fine/transformer: holds other files than manifest.json lists"):
        check_folder(models)


@pytest.mark.parametrize("names", ["fine", ["../fine"], [3], {"fine": 1}])
def test_names_that_lead_elsewhere_are_refused(models: Path, names: object) -> None:
    told = json.loads((models / FILE_NAME).read_text())
    (models / FILE_NAME).write_text(json.dumps({**told, "painters": names}))
    with pytest.raises(ModelError, match="manifest.json: expected painters as a list of names, found"):
        impasto.load()
    with pytest.raises(ExportError, match="expected painters as a list of names, found"):
        Manifest.read(models)


def test_a_painter_may_not_leave_the_folder(models: Path) -> None:
    path = models / "fine" / FILE_NAME
    path.write_text(path.read_text().replace("fine/transformer/", "../transformer/"))
    with pytest.raises(ModelError, match="expected names of files inside its folder"):
        ExportedFolder.read(models, "fine")


def test_a_style_space_is_its_predictors_weights() -> None:
    """Whatever its layers are called; by hand, the hash of the weights' sorted hashes."""

    def network(name: str, value: float) -> keras.Model:
        inputs = keras.Input((2,))
        layer = keras.layers.Dense(1, name=name, kernel_initializer=keras.initializers.Constant(value))
        return keras.Model(inputs, layer(inputs))

    found = style_space.fingerprint(network("one", 0.5))
    assert found == style_space.fingerprint(network("other", 0.5)) == "b24a209c34fa161b"
    assert style_space.fingerprint(network("one", 0.25)) != found
