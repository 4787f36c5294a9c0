"""`python -m models average`: the mean of the weights, whose card says whose, and what cannot be averaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.__main__ import main
from models.artefact import read_card
from models.stylizer import Stylizer
from models.transformers import build_transformer


def _run(source: Path, path: Path, shift: float, provenance: dict[str, object]) -> Stylizer:
    """The artefact at `source` with every weight moved by `shift`, saved at `path`."""
    stylizer = Stylizer.load(source)
    for network in (stylizer.predictor, stylizer.transformer):
        network.set_weights([weight + np.float32(shift) for weight in network.get_weights()])
    stylizer.card |= {"name": path.stem, "provenance": provenance}
    stylizer.card = stylizer.save(path)
    return stylizer


def test_the_mean_of_three_and_where_they_came_from(tiny_artefact: Path, tmp_path: Path) -> None:
    """Shifts of 0, 0.25 and 0.5, all exact in float32, have the mean 0.25; the first run is the second's start."""
    paths = [tmp_path / f"{name}.keras" for name in ("first", "second", "aside")]
    first = _run(tiny_artefact, paths[0], 0.0, {"workdir": "runs/first", "steps": 5})
    start = {"name": "first", "checksum": first.card["checksum"], "workdir": "runs/first", "steps": 5}
    aside = _run(tiny_artefact, paths[2], 0.5, {"workdir": "runs/aside", "steps": 3})
    second = _run(tiny_artefact, paths[1], 0.25, {"workdir": "runs/second", "steps": 7, "lineage": [start]})

    out = tmp_path / "mean.keras"
    assert main(["average", str(paths[0]), str(paths[2]), str(paths[1]), "--out", str(out)]) == 0
    mean = Stylizer.load(out)
    for found, expected in ((mean.predictor, second.predictor), (mean.transformer, second.transformer)):
        for a, b in zip(found.get_weights(), expected.get_weights(), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-6)
    provenance = read_card(out)["provenance"]
    assert (provenance["workdir"], provenance["steps"]) == ("runs/second", 7)
    assert [run["workdir"] for run in provenance["lineage"]] == ["runs/first", "runs/aside"]
    checksums = [stylizer.card["checksum"] for stylizer in (first, aside, second)]
    assert [one["checksum"] for one in provenance["averaged"]] == checksums


def test_other_networks_are_named(tiny_artefact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = Stylizer.load(tiny_artefact)
    other.transformer = build_transformer("fast", stem=8, middle=8, width=24, blocks=1, middle_blocks=1, last=8)
    other.save(tmp_path / "wider.keras")
    out = tmp_path / "mean.keras"
    assert main(["average", str(tiny_artefact), str(tmp_path / "wider.keras"), "--out", str(out)]) == 1
    assert f"wider.keras: expected the transformer of {tiny_artefact}" in capsys.readouterr().err
    assert main(["average", str(tiny_artefact), "--out", str(out)]) == 1
    assert "two artefacts or more" in capsys.readouterr().err
    assert not out.exists()
