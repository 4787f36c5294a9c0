"""What the page serves is part of the repository: it has to be what the shipped artefact and the generators give."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import packaged_picture
from golden.write import FOLDER
from PIL import Image

from datasets.samples import write_samples
from export.__main__ import main
from export.manifest import check_folder
from export.package import artefacts
from export.style_space import fingerprint
from export.tfjs_runtime import TfjsModel
from export.vectors import read_vectors, style_vectors
from export.verify import TOLERANCES
from impasto.contract import Preprocessing
from impasto.pictures.reading import read
from impasto.stylizer import Settings
from impasto.stylizer import Stylizer as StylizerOver
from models.artefact import read_card
from models.stylizer import Stylizer

ROOT = Path(__file__).parents[1]
ARTEFACTS = artefacts(ROOT)
SHIPPED = ARTEFACTS["fast"]
MODEL = ROOT / "web_demo" / "public" / "model"
SAMPLES = ROOT / "web_demo" / "public" / "samples"
NODE_MODULES = ROOT / "web_demo" / "node_modules"
REMEDY = "run `make page-data`, and commit what it writes"

needs_runtime = pytest.mark.skipif(
    not (NODE_MODULES.is_dir() and shutil.which("node")),
    reason="TensorFlow.js is not installed: run npm ci in web_demo",
)


@pytest.fixture(scope="module")
def model() -> Iterator[TfjsModel]:
    with TfjsModel(MODEL, NODE_MODULES) as loaded:
        yield loaded


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_model_is_whole_small_and_of_the_shipped_artefact() -> None:
    manifest, card = check_folder(MODEL, "tfjs"), read_card(SHIPPED)
    assert json.loads((MODEL / "card.json").read_text()) == card, REMEDY
    assert manifest.preprocessing == Preprocessing.from_json(card["preprocessing"]), REMEDY
    assert manifest.parity is not None and manifest.precision == "float16"
    # What a visitor waits for before anything else can be fetched.
    assert (MODEL / "manifest.json").stat().st_size <= 4096


def test_further_painters_are_of_the_shipped_artefacts() -> None:
    assert list(check_folder(MODEL, "tfjs").painters) == list(ARTEFACTS)[1:], REMEDY
    for name in list(ARTEFACTS)[1:]:
        manifest, card = check_folder(MODEL, "tfjs", name), read_card(ARTEFACTS[name])
        assert json.loads((MODEL / name / "card.json").read_text()) == card, REMEDY
        assert manifest.preprocessing == Preprocessing.from_json(card["preprocessing"]), REMEDY
        assert manifest.parity is not None and manifest.precision == "float16"


def test_the_download_is_small() -> None:
    """What the server sends, as gzip: 1.8 MB before the first picture, 3.5 MB with all that painting ever needs."""
    sizes = {
        path: len(gzip.compress(path.read_bytes())) for path in MODEL.rglob("*") if path.suffix in (".bin", ".json")
    }
    told = {path: size for path, size in sizes.items() if path.name != "card.json"}
    first = [size for path, size in told.items() if path.parent.name != "predictor" and "fine" not in path.parts]
    assert sum(first) <= 1.8e6 and sum(told.values()) <= 3.5e6


@needs_runtime
@pytest.mark.parametrize("name", ARTEFACTS)
def test_the_model_computes_what_the_shipped_artefact_does(name: str) -> None:
    shipped, limits = Stylizer.load(ARTEFACTS[name]), TOLERANCES["float16"]
    style = packaged_picture("ihc.png", width=64, height=64)[None]
    content = packaged_picture("astronaut.png", width=64, height=80)[None]
    with TfjsModel(MODEL, NODE_MODULES, painter=None if name == "fast" else name) as model:
        assert model.manifest.fingerprint == fingerprint(shipped.predictor), REMEDY
        embedding = np.asarray(shipped.predictor(style, training=False))
        found = model.predict(style)
        assert np.linalg.norm(found - embedding) <= limits.embedding * np.linalg.norm(embedding), REMEDY
        expected = np.asarray(shipped.transformer([content, embedding], training=False))
        gaps = np.abs(model.paint(content, model.condition(embedding)) - expected)
        assert gaps.max() <= limits.same_conditioning, REMEDY


@needs_runtime
def test_it_paints_the_golden_pictures(model: TfjsModel) -> None:
    """Through the same Stylizer: 1 % of an embedding, 2 levels of 255 on average."""
    told = json.loads((FOLDER / "pictures.json").read_text(encoding="utf-8"))
    stylizer = StylizerOver(model, model.manifest.preprocessing)
    photo, style = (read(FOLDER / told[name]).pixels for name in ("photo", "style"))
    embedding = stylizer.predict(style)
    for found, name in ((embedding, "embedding"), (stylizer.predict(photo), "own_embedding")):
        expected = np.array(told[name])
        assert np.linalg.norm(found - expected) < 0.01 * np.linalg.norm(expected), name
    for name, settings in (("painted", Settings()), ("half", Settings(0.5)), ("strokes", Settings(stroke=4.0))):
        kept = read(FOLDER / "pictures" / f"{name}.png").pixels.astype(np.float32)
        assert np.abs(stylizer.stylize(photo, embedding, settings) - kept).mean() < 2, name


@needs_runtime
def test_vectors_are_those_of_the_model_and_the_samples(model: TfjsModel) -> None:
    owner, vectors = read_vectors(SAMPLES)
    styles = [style["id"] for style in json.loads((SAMPLES / "samples.json").read_text())["styles"]]
    assert (owner, list(vectors)) == (model.manifest.fingerprint, styles), REMEDY
    for name, vector in style_vectors(model, SAMPLES, {styles[0], styles[-1]}).items():
        # Another processor sums in another order.
        np.testing.assert_allclose(vectors[name], vector, atol=1e-3 * np.abs(vector).max(), err_msg=REMEDY)


def test_samples_are_what_the_generator_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All photographs, and the first of the generated styles."""
    monkeypatch.setattr("datasets.samples._STYLES", [("swirls", 4, "Gilt spirals")])
    listing = write_samples(tmp_path, progress=False)
    committed = json.loads((SAMPLES / "samples.json").read_text())
    assert listing["photos"] == committed["photos"] and listing["styles"] == committed["styles"][:1], REMEDY
    listed = {entry[kind] for entries in committed.values() for entry in entries for kind in ("file", "thumb")}
    assert {name for name in files_in(SAMPLES) if name.endswith(".jpg")} == listed, REMEDY
    for path in tmp_path.rglob("*.jpg"):
        with Image.open(path) as made, Image.open(SAMPLES / path.relative_to(tmp_path)) as kept:
            assert made.size == kept.size, REMEDY
            # The same bytes where the same libraries wrote them.
            gap = np.abs(np.asarray(made, np.int16) - np.asarray(kept, np.int16)).mean()
        assert gap < 1, f"{path.name}: {gap:.2f} of 255 apart; {REMEDY}"


@needs_runtime
@pytest.mark.slow
def test_the_commands_write_just_these_files(tmp_path: Path) -> None:
    write_samples(tmp_path / "samples", progress=False)
    node = ["--node-modules", str(NODE_MODULES)]
    model = str(tmp_path / "model")
    more = [word for name in list(ARTEFACTS)[1:] for word in ("--painter", f"{name}={ARTEFACTS[name]}")]
    assert main(["tfjs", "--model", str(SHIPPED), *more, "--precision", "float16", "--out", model, *node]) == 0
    assert main(["vectors", "--model", model, "--samples", str(tmp_path / "samples"), *node]) == 0
    for made, kept in ((tmp_path / "model", MODEL), (tmp_path / "samples", SAMPLES)):
        found, expected = files_in(made), files_in(kept)
        # It holds measured differences, and so the machine.
        for name in ("manifest.json", *(f"{painter}/manifest.json" for painter in ARTEFACTS)):
            found.pop(name, None), expected.pop(name, None)
        assert found == expected, REMEDY
