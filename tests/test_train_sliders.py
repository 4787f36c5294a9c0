"""Loss weights as sliders: in the middle nothing changes, and what is learnt moves what the sliders say."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from impasto.pictures.reading import read
from models.stylizer import Stylizer
from train.cli import main
from train.sliders import SLIDERS, SliderTrainer, fed_by_conditioning, positions, slider_network
from train.sliding import SlidersConfig, save_model

SETTINGS = SlidersConfig(content="", style="", out=Path("x.keras"), vgg16_weights="random", mixed_precision=False)


def test_the_default_is_the_artefact_whatever_was_learnt(tiny_artefact: Path, photo: np.ndarray) -> None:
    start = Stylizer.load(tiny_artefact)
    embeddings = np.random.default_rng(0).normal(size=(3, 100)).astype("f4")
    sliders = slider_network(start.transformer, embeddings)
    frozen = fed_by_conditioning(start.transformer)
    middle, moved = np.zeros((1, 5), "f4"), np.ones((1, 5), "f4")
    expected = np.asarray(start.transformer([photo[None], embeddings[:1]]))

    def painted(values: np.ndarray) -> np.ndarray:
        conditioning = np.asarray(sliders([embeddings[:1], values]))
        return np.asarray(frozen([photo[None], conditioning]))

    # Before it is trained, anywhere; afterwards in the middle alone.
    for values in (middle, moved):
        np.testing.assert_allclose(painted(values), expected, atol=2e-5)
    last = sliders.get_layer("moved")
    last.set_weights([np.random.default_rng(1).normal(size=last.kernel.shape).astype("f4")])
    np.testing.assert_allclose(painted(middle), expected, atol=2e-5)
    assert np.abs(painted(moved) - expected).max() > 0.01


def test_a_heavier_loss_counts_more_and_the_artefact_is_never_trained(tiny_artefact: Path) -> None:
    """Content 0.8, each style 0.1: their sum at the default; with content doubled 2.0, over a mean weight of 1.2."""
    start = Stylizer.load(tiny_artefact)
    trainer = SliderTrainer(start.transformer, slider_network(start.transformer, np.eye(2, 100)), SETTINGS)
    terms = {name: np.array([0.1], "f4") for name in SLIDERS} | {"content": np.array([0.8], "f4")}
    flat = np.zeros((1, 8, 8, 3), "f4")
    at = lambda *values: float(trainer.total({"sliders": np.array([values], "f4")}, terms, flat))  # noqa: E731
    assert at(0, 0, 0, 0, 0) == pytest.approx(1.2)
    assert at(1, 0, 0, 0, 0) == pytest.approx((1.6 + 0.4) / 1.2)
    trained = {variable.path.split("/")[0] for variable in trainer.sliders.trainable_variables}
    assert trained == {"hidden1", "hidden2", "moved"}
    assert not trainer.transformer.trainable_variables


def test_settings_that_are_measured() -> None:
    found = positions(2.0)
    assert len(found) == 1 + 2 * (5 + 2) and not found["default"].any()
    np.testing.assert_array_equal(found["content -2"], [-2, 0, 0, 0, 0])
    np.testing.assert_array_equal(found["fine +2"], [0, 2, 2, -2, -2])
    np.testing.assert_array_equal(found["abstract +2"], [-2, 0, 0, 0, 0])


def test_a_model_is_written_whole(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    save_model(model, tmp_path / "sliders.keras")
    assert [path.name for path in tmp_path.iterdir()] == ["sliders.keras"]
    np.testing.assert_array_equal(
        keras.saving.load_model(tmp_path / "sliders.keras").get_weights()[0], model.get_weights()[0]
    )


@pytest.mark.slow
def test_command(tiny_artefact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sliders.keras"
    command = [
        "sliders", "--content", "synthetic:6:96", "--style", "synthetic:6:96", "--start", str(tiny_artefact),
        "--out", str(out), "--steps", "2", "--size", "64", "--photographs", "2", "--paintings", "2", "--held-out", "1",
        "--vgg16-weights", "random", "--no-mixed-precision",
    ]  # fmt: skip
    assert main(command) == 0
    told = json.loads(out.with_suffix(".json").read_text())
    assert told["steps"] == 2 and set(told["means"]) == set(positions())
    assert read(out.with_suffix(".jpg")).pixels.shape[1] > 2 * 384
    sliders = keras.saving.load_model(out)
    assert sliders([np.zeros((1, 100)), np.zeros((1, 5))]).shape[0] == 1
    assert "content +2" in capsys.readouterr().out
    assert main([*command, "--out", str(tmp_path / "x.h5")]) == 1
    assert "--out must end in .keras" in capsys.readouterr().err
