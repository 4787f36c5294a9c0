"""`python -m models ship`, and the artefact that the repository ships."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from conftest import packaged_picture

from models.__main__ import main
from models.artefact import read_card
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer

SHIPPED = Path(__file__).parents[1] / "models" / "shipped" / "student.keras"


def test_ship_stores_float16_and_merges_the_card(tmp_path: Path) -> None:
    predictor = build_predictor("mobilenet_v2_early", weights=None, width=0.35)
    card = {"name": "small", "provenance": {"steps": 7, "data": {"style": "s"}}}
    Stylizer(predictor, build_transformer("fast"), card).save(tmp_path / "trained.keras")
    notes = {"provenance": {"data": {"licence": "CC0"}}, "limits": ["none known"]}
    (tmp_path / "notes.json").write_text(json.dumps(notes))
    out = tmp_path / "shipped.keras"
    arguments = ["ship", str(tmp_path / "trained.keras"), "--add", str(tmp_path / "notes.json"), "--out", str(out)]
    assert main(arguments) == 0
    shipped = read_card(out)
    assert shipped["provenance"] == {"steps": 7, "data": {"style": "s", "licence": "CC0"}}
    assert (shipped["limits"], shipped["weights_dtype"], shipped["name"]) == (["none known"], "float16", "small")
    assert json.loads(out.with_suffix(".json").read_text()) == shipped
    assert out.stat().st_size < 0.6 * (tmp_path / "trained.keras").stat().st_size


def test_what_an_artefact_beside_it_came_from_is_told_once(tiny_artefact: Path, tmp_path: Path) -> None:
    tiny = Stylizer.load(tiny_artefact)
    first, second, third = ({"name": name, "checksum": f"sha256:{name}"} for name in ("first", "second", "third"))
    networks = (tiny.predictor, tiny.transformer)
    beside = Stylizer(*networks, {"provenance": {"lineage": [first, second]}}).save(tmp_path / "fast.keras")
    (tmp_path / "broken.keras").write_text("no artefact")
    own = {"name": "fast", "checksum": beside["checksum"]}
    lineage = [first, second, own, third]
    Stylizer(*networks, {"provenance": {"lineage": lineage}}).save(tmp_path / "run" / "trained.keras")
    assert main(["ship", str(tmp_path / "run" / "trained.keras"), "--out", str(tmp_path / "fine.keras")]) == 0
    assert read_card(tmp_path / "fine.keras")["provenance"]["lineage"] == [{**own, "card": "fast.json"}, third]
    # One that shipped once has its card in the folder `before`, where others' files may lie, too.
    (tmp_path / "again" / "before").mkdir(parents=True)
    (tmp_path / "again" / "before" / "fast.json").write_text(json.dumps(read_card(tmp_path / "fast.keras")))
    for name, text in (("list", "[1]"), ("none", "{"), ("other", '{"checksum": 3}')):
        (tmp_path / "again" / "before" / f"{name}.json").write_text(text)
    assert main(["ship", str(tmp_path / "run" / "trained.keras"), "--out", str(tmp_path / "again" / "fine.keras")]) == 0
    told = [{**own, "card": "before/fast.json"}, third]
    assert read_card(tmp_path / "again" / "fine.keras")["provenance"]["lineage"] == told
    # Where the other does not lie, all is told.
    assert main(["ship", str(tmp_path / "run" / "trained.keras"), "--out", str(tmp_path / "alone" / "fine.keras")]) == 0
    assert read_card(tmp_path / "alone" / "fine.keras")["provenance"]["lineage"] == lineage


def test_ship_refuses_additions_that_are_no_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "notes.json").write_text("[1]")
    arguments = ["ship", str(SHIPPED), "--add", str(tmp_path / "notes.json"), "--out", str(tmp_path / "x.keras")]
    assert main(arguments) == 1
    assert "notes.json: expected entries of a card (a JSON object), found other JSON (list)" in capsys.readouterr().err
    assert not (tmp_path / "x.keras").exists()


def test_the_shipped_artefact_is_small_and_its_card_is_the_one_beside_it() -> None:
    card = read_card(SHIPPED)
    assert SHIPPED.stat().st_size < 6_000_000
    assert json.loads(SHIPPED.with_suffix(".json").read_text()) == card
    assert card["license"] == "Apache-2.0"
    assert {"steps", "data", "starting_weights", "lineage"} <= set(card["provenance"])


def test_the_shipped_artefact_carries_content_and_style() -> None:
    """The stylised photograph takes the painting's mean colour, and keeps the photograph's light and dark.

    At the sizes that people use: the style at the 256 px that the card names, the photograph larger.
    """
    photo = packaged_picture("astronaut.png", width=320, height=240)
    painting = packaged_picture("ihc.png", width=256, height=256)
    stylizer = Stylizer.load(SHIPPED)
    stylised = stylizer.stylize(photo, stylizer.predict(painting))

    def colour_distance(picture: np.ndarray) -> float:
        return float(np.abs(picture.mean((0, 1)) - painting.mean((0, 1))).mean())

    assert colour_distance(stylised) < 0.5 * colour_distance(photo)
    light, painted = photo.mean(-1), stylised.mean(-1)
    assert np.corrcoef(light.ravel(), painted.ravel())[0, 1] > 0.6
    assert np.abs(stylised - photo).mean() > 0.05
