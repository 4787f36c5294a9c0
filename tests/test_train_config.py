"""Configs: every preset valid, JSON there and back, and errors that name the field."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from train import presets
from train.cli import main
from train.config import Config, ConfigError, DistillConfig, TeacherConfig, from_json, to_json, validate

NAMED: list[tuple[type[Config], str, Config]] = [
    *((TeacherConfig, name, config) for name, config in presets.TEACHER.items()),
    *((DistillConfig, name, config) for name, config in presets.DISTILL.items()),
]


@pytest.mark.parametrize(
    ("kind", "name", "config"), NAMED, ids=lambda value: str(getattr(value, "__name__", value))[:20]
)
def test_presets_are_valid_and_survive_json(kind: type[Config], name: str, config: Config) -> None:
    validate(config)
    assert from_json(kind, to_json(config)) == config


def edited(**changes: Any) -> str:
    """The tiny preset's JSON with `section__field` replaced."""
    values = json.loads(to_json(presets.TEACHER["tiny"]))
    for path, value in changes.items():
        section, field = path.split("__")
        values[section][field] = value
    return json.dumps(values)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"data__batchsize": 4}, r"data: unknown keys \['batchsize'\]"),
        ({"data__batch_size": "4"}, r"data.batch_size must be .*int.*Received: '4' \(str\)"),
        ({"data__batch_size": True}, r"data.batch_size .*True"),
        ({"data__style_size": [64]}, r"data.style_size .*\[64\]"),
        ({"loss__kind": "gram"}, r"loss.kind .*balanced.*'gram'"),
        ({"optim__learning_rate": "fast"}, r"optim.learning_rate .*'fast'"),
    ],
)
def test_json_errors_name_the_field(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        from_json(TeacherConfig, edited(**changes))


def test_whole_numbers_pass_as_floats() -> None:
    assert from_json(TeacherConfig, edited(optim__learning_rate=1)).optim.learning_rate == 1.0


@pytest.mark.parametrize(
    ("section", "changes", "message"),
    [
        ("data", {"content_size": 130}, "content_size must be a multiple of 16.*130"),
        ("data", {"identity_fraction": 1.5}, "identity_fraction.*1.5"),
        ("optim", {"steps": 0}, "optim.steps must be at least 1.*0"),
        ("optim", {"ema_momentum": 1.0}, "ema_momentum.*1.0"),
    ],
)
def test_impossible_values_are_refused(section: str, changes: dict[str, Any], message: str) -> None:
    config = presets.TEACHER["tiny"]
    broken = replace(config, **{section: replace(getattr(config, section), **changes)})
    with pytest.raises(ConfigError, match=message):
        validate(broken)


def test_distillation_needs_something_to_learn() -> None:
    config = presets.DISTILL["tiny"]
    nothing = replace(config.distillation, vector_weight=0.0, picture_weight=0.0, perceptual_weight=0.0)
    with pytest.raises(ConfigError, match="one of distillation's three weights"):
        validate(replace(config, distillation=nothing))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"tune_transformer": True, "picture_weight": 0.0, "perceptual_weight": 0.0},
            "tune_transformer needs picture_weight or perceptual_weight: .*no gradient. Received: 0.0",
        ),
        ({"painter": "x.keras", "picture_weight": 0.0}, "painter needs picture_weight"),
    ],
)
def test_a_part_that_would_learn_nothing_is_refused(changes: dict[str, Any], message: str) -> None:
    config = presets.DISTILL["tiny"]
    with pytest.raises(ConfigError, match=message):
        validate(replace(config, distillation=replace(config.distillation, **changes)))


def test_unknown_command_and_unknown_flag_are_errors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teach"]) == 2
    assert "received 'teach'" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        main(["teacher", "tiny", "--workdir", "x", "--optim.stepz", "3"])
    assert stopped.value.code == 2


def test_wrong_type_on_the_command_line_is_an_error() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["teacher", "tiny", "--workdir", "x", "--optim.steps", "many"])
    assert stopped.value.code == 2


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert "teacher" in text and "distill" in text and "evaluate" in text and "--workdir" in text
