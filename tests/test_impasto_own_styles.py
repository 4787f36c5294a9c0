"""Models that were made for one style, or a few by number: how they are asked for, and what they refuse."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from impasto.__main__ import main
from impasto.errors import ModelError, StyleError
from impasto.exported import ExportedFolder, painters_of
from impasto.library import SHIPPED, find
from impasto.painter import load
from impasto.styles import style_number

PHOTO = skimage.data.chelsea()[::4, ::4]


def model(folder: Path, styles: object) -> Path:
    """The shipped networks in a folder that says what styles they have: any network paints with 1 at one place."""
    shutil.copytree(find("fast", "litert").folder, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "name": "few", "styles": styles}))
    return folder


def test_one_style_is_painted_without_asking(tmp_path: Path) -> None:
    with load(model(tmp_path / "one", ["waves"]), threads=1) as painter:
        assert painter.styles == ("waves",)
        expected = np.asarray(painter.paint(PHOTO, np.eye(1, 100, dtype="f4")[0]))
        for style in (None, "waves", 0, ["waves"]):
            np.testing.assert_array_equal(np.asarray(painter.paint(PHOTO, style)), expected)
        with pytest.raises(StyleError, match="few paints in one style alone, waves: leave the painting out"):
            painter.paint(PHOTO, PHOTO)
        with pytest.raises(ValueError, match=r"strength must be 1: few was made for waves, .* Received: 0.5"):
            painter.paint(PHOTO, strength=0.5)
        with pytest.raises(StyleError, match="keep_color='recolour' needs a model of any style"):
            painter.paint(PHOTO, "waves", keep_color="recolour")


def test_styles_by_name_number_and_blend(tmp_path: Path) -> None:
    with load(model(tmp_path / "few", ["waves", "night"]), threads=1) as painter:
        night = painter.embed("night")
        assert (night.title, int(night.embedding.argmax()), night.embedding.sum()) == ("night", 1, 1)
        np.testing.assert_array_equal(painter.embed(1).embedding, night.embedding)
        np.testing.assert_allclose(painter.blend(["waves", 1], [1, 3]).embedding[:3], [0.25, 0.75, 0])
        with pytest.raises(StyleError, match="style 2: the model has the styles 0 waves, 1 night"):
            painter.embed(2)
        with pytest.raises(ValueError, match="few needs a style: one of waves, night. Received none"):
            painter.paint(PHOTO)


def test_a_model_of_any_style_has_none_by_number() -> None:
    assert style_number("waves", ()) is None and style_number("1", ()) is None
    with pytest.raises(StyleError, match="style 1: the model has none by number"):
        style_number(1, ())
    with load("fast", threads=1) as painter, pytest.raises(ValueError, match="needs a style: a painting"):
        painter.paint(PHOTO)


def test_a_file_of_that_name_is_a_painting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert style_number("1", ("a", "b")) == 1
    (tmp_path / "1").touch()
    assert style_number("1", ("a", "b")) is None


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(PHOTO).save(tmp_path / "cat.png")
    few = model(tmp_path / "few", ["waves", "night"])
    command = ["image", "--content", str(tmp_path / "cat.png"), "--out", str(tmp_path / "out") + "/"]
    assert main([*command, "--model", str(few)]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["cat__night.png", "cat__waves.png"]
    shutil.rmtree(tmp_path / "out")
    assert main([*command, "--model", str(few), "--style", "1"]) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["cat__night.png"]
    capsys.readouterr()
    assert main([*command, "--model", str(few), "--style", "7"]) == 1
    assert capsys.readouterr().err == "error: style 7: the model has the styles 0 waves, 1 night\n"
    assert main([*command]) == 1
    assert "--style: expected paintings, saved styles or links, received none" in capsys.readouterr().err


@pytest.mark.parametrize("styles", [["a", "a"], [""], [1], "waves", ["n" * 301], [str(i) for i in range(101)]])
def test_names_that_are_none_are_refused(tmp_path: Path, styles: object) -> None:
    with pytest.raises(ModelError, match="expected styles to be at most 100 different names"):
        ExportedFolder.read(model(tmp_path / "odd", styles))


def test_models_that_ship_paint_any_style() -> None:
    folders = [path.parent for path in SHIPPED.glob("*/manifest.json")]
    painters = [(folder, painter) for folder in folders for painter in (None, *painters_of(folder))]
    assert {ExportedFolder.read(folder, painter).styles for folder, painter in painters} == {()}
