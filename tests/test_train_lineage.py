"""How an artefact came to be: commands that repeat its runs, in a card that stays small."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from models.artefact import read_card
from train import presets
from train.cli import _parse
from train.config import Config
from train.lineage import command_line, condensed, lineage

SHIPPED = Path(__file__).parents[1] / "models" / "shipped" / "student.keras"


@pytest.mark.parametrize(
    ("name", "config"), [("student", presets.TEACHER["student"]), ("tune", presets.DISTILL["tune"])]
)
def test_the_command_repeats_the_run(name: str, config: Config) -> None:
    """Read by the command line itself, it is the same configuration again, but for paths."""
    edited = replace(
        config,
        data=replace(config.data, style_size=(192, 257), augment_style=False, content="elsewhere/"),
        loss=replace(config.loss, mobilenet_weight=0.5, style_weights=(1.0, 1.0, 0.5, 2.0)),
        optim=replace(config.optim, steps=77),
        run=replace(config.run, seed=5),
    )
    command = shlex.split(command_line(edited))
    assert command[:3] == ["python", "-m", "train"] and command[4] == name
    found, *_ = _parse(command[3], [*command[4:], "--data.content", "elsewhere/", "--workdir", "runs/again"])
    assert found == edited
    assert len(command) < 22 and "elsewhere/" not in command


def test_an_ancestor_is_told_by_its_command() -> None:
    config = asdict(replace(presets.TEACHER["tiny"], optim=replace(presets.TEACHER["tiny"].optim, steps=9)))
    run = {"name": "a", "checksum": "sha256:1", "command": "python -m train teacher", "steps": 9, "workdir": "runs/a"}
    expected = {**run, "command": "python -m train teacher tiny --optim.steps 9"}
    del expected["workdir"]
    assert condensed({**run, "config": config, "starting_weights": {}}) == expected
    # Of a version with an entry that is gone: the others are told all the same.
    config["loss"]["forgotten"] = 3
    assert condensed({**run, "config": config}) == expected
    # What training did not write stays as it is.
    assert condensed({"name": "imported", "checksum": "sha256:2"}) == {"name": "imported", "checksum": "sha256:2"}


@pytest.mark.parametrize("path", sorted(SHIPPED.parent.glob("*.keras")), ids=lambda path: path.stem)
def test_a_shipped_lineage_is_small(path: Path) -> None:
    ancestors = read_card(path)["provenance"]["lineage"]
    assert len(json.dumps(ancestors).encode()) <= 8192
    assert all("checksum" in run or "command" in run for run in ancestors)
    assert not any({"config", "workdir"} & set(run) for run in ancestors)


def test_what_was_before_a_shipped_artefact_stands_in_its_own_card() -> None:
    [told] = lineage({"model": {"start_from": str(SHIPPED)}, "distillation": {"teacher": str(SHIPPED)}})
    assert told["checksum"] == read_card(SHIPPED)["checksum"] and told["card"] == "models/shipped/student.json"
