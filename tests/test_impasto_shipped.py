"""The models inside the package: what the shipped artefacts give, painted by the public API in both runtimes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import impasto
from export.package import RUNTIMES, artefacts, write_package
from export.style_space import fingerprint
from impasto.exported import painters_of
from impasto.library import SHIPPED, find
from impasto.share_code import encode
from models import artefact
from models.stylizer import Stylizer

ROOT = Path(__file__).resolve().parents[1]
ARTEFACTS = artefacts(ROOT)
MIB = 2**20


def picture(height: int, width: int, seed: int) -> np.ndarray:
    """Waves of colour with some noise."""
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin((x * (1 + k) + y * (2 - k)) / 9 + seed + k) for k in range(3)]
    noise = np.random.default_rng(seed).normal(scale=0.1, size=(height, width, 3))
    return np.clip(127 + 100 * (np.stack(waves, axis=-1) + noise), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def painters() -> dict[str, impasto.Painter]:
    return {runtime: impasto.load("fast", runtime=runtime, threads=1) for runtime in RUNTIMES}


def test_every_artefact_is_there_for_every_runtime() -> None:
    assert {path.name for path in SHIPPED.iterdir()} == set(RUNTIMES)
    for runtime in RUNTIMES:
        assert ["fast", *painters_of(SHIPPED / runtime)] == list(ARTEFACTS)
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 9 * MIB


@pytest.mark.parametrize("runtime", RUNTIMES)
@pytest.mark.parametrize("name", ARTEFACTS)
def test_the_folder_is_of_the_artefact_that_ships(name: str, runtime: str) -> None:
    """`python -m export package` was run since; the proof is in the manifest."""
    card = artefact.read_card(ARTEFACTS[name])
    folder = find(name, runtime)
    place = folder.folder / ("" if name == "fast" else name)
    assert json.loads((place / "card.json").read_text(encoding="utf-8")) == card
    assert folder.preprocessing.to_json() == card["preprocessing"]
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["parity"]["max_abs_difference"] < manifest["parity"]["tolerance"]


@pytest.mark.parametrize("name", ARTEFACTS)
def test_the_folders_paint_what_the_artefact_paints(name: str) -> None:
    """Keras beside both runtimes, through the same Stylizer; the bar between any two is 1 % and 2 levels of 255."""
    content, style = picture(70, 90, 1), picture(64, 64, 2)
    keras_stylizer = Stylizer.load(ARTEFACTS[name])
    embedding = keras_stylizer.predict(style)
    expected = keras_stylizer.stylize(content, embedding).astype(np.float32)
    for runtime in RUNTIMES:
        with impasto.load(name, runtime=runtime, threads=1) as painter:
            assert painter.folder.fingerprint == fingerprint(keras_stylizer.predictor)
            found = painter.stylizer.predict(style)
            assert np.linalg.norm(found - embedding) < 0.005 * np.linalg.norm(embedding)
            assert np.abs(painter.stylizer.stylize(content, found) - expected).mean() < 1


def test_one_style_space_and_none_of_before() -> None:
    """Both painters open each other's links; those of the model that shipped before are of another space."""
    [space] = {find(name, runtime).fingerprint for name in ARTEFACTS for runtime in RUNTIMES}
    before = json.loads((ROOT / "models/shipped/before/student-2026-11-22.json").read_text(encoding="utf-8"))
    assert space != before["checksum"].removeprefix("sha256:")[:16] == "4fe8bcfa5b4e13f1"
    code = encode(np.ones(100, np.float32), 1.0, "4fe8bcfa5b4e13f1")
    with impasto.load("fast", threads=1) as painter, pytest.raises(impasto.StyleError, match="another model"):
        painter.paint(picture(32, 32, 1), f"https://example.org/#style={code}")


@pytest.mark.slow
def test_exported_anew_the_files_are_as_large(tmp_path: Path) -> None:
    """Converters number and order what they write anew each time, so that bytes cannot be compared."""
    written = write_package(tmp_path, ARTEFACTS, verify=False)
    assert len(written) == len(RUNTIMES)
    for path in (*tmp_path.rglob("*.tflite"), *tmp_path.rglob("*.onnx")):
        shipped = SHIPPED / path.relative_to(tmp_path)
        assert abs(path.stat().st_size - shipped.stat().st_size) < 0.01 * shipped.stat().st_size


def test_both_runtimes_paint_the_same(painters: dict[str, impasto.Painter]) -> None:
    """Rounded to float16 in different places: a level or two of 255 apart, on average less than a half."""
    content, style = picture(70, 90, 1), picture(64, 64, 2)
    one, other = (np.asarray(painter.paint(content, style), np.float32) for painter in painters.values())
    assert one.shape == (70, 90, 3) and one.std() > 20
    assert np.abs(one - other).mean() < 0.5
    # Tiles, in both.
    tiled = [np.asarray(painter.paint(picture(320, 64, 3), style, tile=256), int) for painter in painters.values()]
    assert np.abs(tiled[0] - tiled[1]).mean() < 0.5
    whole = np.asarray(painters["onnx"].paint(picture(320, 64, 3), style), int)
    assert np.abs(tiled[1] - whole).mean() < 8


def test_the_three_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As README.md has them."""
    lines = [line.strip() for line in (impasto.__doc__ or "").splitlines() if line.startswith("    ")]
    assert len([line for line in lines if line]) == 3
    monkeypatch.chdir(tmp_path)
    Image.fromarray(picture(40, 50, 1)).save("cat.jpg")
    Image.fromarray(picture(50, 40, 2)).save("waves.jpg")
    exec("\n".join(lines), {})
    with Image.open("out.png") as painted:
        assert painted.size == (50, 40)


def test_pictures_of_every_kind_go_in(painters: dict[str, impasto.Painter], tmp_path: Path) -> None:
    painter, content = painters["litert"], picture(40, 50, 1)
    style = painter.embed(picture(50, 40, 2))
    path = tmp_path / "photo.png"
    Image.fromarray(content).save(path)
    expected = np.asarray(painter.paint(content, style))
    with path.open("rb") as file:
        for source in (path, str(path), file, path.read_bytes(), Image.open(path), content.astype(np.float32) / 255):
            np.testing.assert_array_equal(np.asarray(painter.paint(source, style)), expected)
    np.testing.assert_array_equal(np.asarray(painter.paint(path, style.embedding)), expected)
    assert painter.paint(path, style, size=25).size == (25, 20)


def test_styles_are_kept_mixed_and_refused(painters: dict[str, impasto.Painter], tmp_path: Path) -> None:
    painter, content = painters["litert"], picture(40, 50, 1)
    paintings = [picture(50, 40, 2), picture(50, 40, 3)]
    one, other = painter.embed_many(paintings)
    mixed = painter.blend([one, other], [1, 3])
    np.testing.assert_allclose(mixed.embedding, 0.25 * one.embedding + 0.75 * other.embedding, atol=1e-6)
    expected = np.asarray(painter.paint(content, mixed, strength=0.7))
    np.testing.assert_array_equal(np.asarray(painter.paint(content, paintings, 0.7, weights=[1, 3])), expected)
    # A saved style is painted at the strength that it was saved with; another model refuses it.
    path = tmp_path / "mixed.impasto-style.json"
    impasto.Style(mixed.embedding, mixed.model, 0.7, "mixed").save(path)
    assert np.abs(np.asarray(painter.paint(content, path), int) - expected).max() <= 2
    stranger = impasto.Style(mixed.embedding, "0" * 16, title="strange")
    with pytest.raises(impasto.StyleError, match="the style 'strange' was made with another model"):
        painter.paint(content, stranger)
    with pytest.raises(impasto.StyleError, match="needs a painting"):
        painter.paint(content, one, keep_color="recolour")
    with pytest.raises(ValueError, match="an embedding must be 100 finite numbers"):
        painter.paint(content, np.zeros(3))


def test_many_photographs_are_painted_when_they_are_asked_for(painters: dict[str, impasto.Painter]) -> None:
    painter = painters["litert"]
    contents = [picture(40, 50, seed) for seed in (1, 2)]
    found = painter.paint_many(iter(contents), picture(50, 40, 3), strength=0.5)
    for content in contents:
        expected = painter.paint(content, picture(50, 40, 3), 0.5)
        np.testing.assert_array_equal(np.asarray(next(found)), np.asarray(expected))


def test_colours_are_kept(painters: dict[str, impasto.Painter]) -> None:
    """By luma, the photograph's blue and red lie as far from the luma as before, but for the RGB cube's walls."""
    painter = painters["litert"]
    content = (60 + picture(40, 50, 1) * 0.5).astype(np.uint8)
    kept = np.asarray(painter.paint(content, picture(50, 40, 2), keep_color="luma"), float)
    weights = np.array([0.299, 0.587, 0.114])
    inside = ((kept > 1) & (kept < 254)).all(axis=-1)
    chroma = kept - (kept @ weights)[..., None] - (content - (content @ weights)[..., None])
    assert inside.mean() > 0.5 and np.abs(chroma[inside]).max() < 1.5
    recoloured = np.asarray(painter.paint(content, picture(50, 40, 2), keep_color="recolour"), int)
    assert np.abs(recoloured - np.asarray(painter.paint(content, picture(50, 40, 2)), int)).mean() > 3
    with pytest.raises(ValueError, match="keep_color must be one of"):
        painter.paint(content, picture(50, 40, 2), keep_color="hue")


def test_a_mask_may_be_a_picture(painters: dict[str, impasto.Painter]) -> None:
    painter, content = painters["litert"], picture(40, 50, 1)
    one, other = painter.embed_many([picture(50, 40, 2), picture(50, 40, 3)])
    mask = Image.new("L", (50, 40))
    mask.paste(255, (25, 0, 50, 40))
    painted = np.asarray(painter.paint(content, one, regions=[(mask, other)]))
    np.testing.assert_array_equal(painted[:, :25], np.asarray(painter.paint(content, one))[:, :25])
    np.testing.assert_array_equal(painted[:, 25:], np.asarray(painter.paint(content, other))[:, 25:])


def test_what_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    assert [model.name for model in impasto.models()] == list(ARTEFACTS)[::-1]
    with pytest.raises(impasto.ModelError, match="nothing: expected an exported folder, or one of the models .*fast"):
        impasto.load("nothing")
    with pytest.raises(impasto.ModelError, match="runtime must be one of litert, onnx, received 'tpu'"):
        impasto.load(runtime="tpu")
    with pytest.raises(impasto.ModelError, match="manifest.json: expected the manifest of an exported model, No such"):
        impasto.load(tmp_path)
    with pytest.raises(ValueError, match="threads must be 1 or more. Received: 0"):
        impasto.load(threads=0)
