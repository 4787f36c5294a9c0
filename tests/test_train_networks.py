"""Where the networks of a run come from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer
from train import presets
from train.config import ConfigError, ModelConfig, validate
from train.networks import build_networks

MODEL = ModelConfig(predictor="mobilenet_v2_early", predictor_width=0.35, predictor_weights="random")


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fitted") / "fitted.keras"
    keras.utils.set_random_seed(5)
    predictor = build_predictor("mobilenet_v2_early", weights=None, width=0.35)
    # Another transformer than the run's: only the predictor is asked for.
    Stylizer(predictor, build_transformer("paper", alpha=0.1)).save(path)
    return path


def test_a_predictor_may_come_alone(fitted: Path) -> None:
    predictor, transformer = build_networks(replace(MODEL, predictor_from=str(fitted)))
    origin = Stylizer.load(fitted).predictor
    for mine, theirs in zip(predictor.get_weights(), origin.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    assert transformer.count_params() == build_transformer("fast").count_params()


def test_a_predictor_of_another_kind_is_refused(fitted: Path) -> None:
    with pytest.raises(ValueError, match=f"--model.predictor-from {fitted}: predictor: expected .* arrays, found"):
        build_networks(replace(MODEL, predictor="mobilenet_v2", predictor_from=str(fitted)))


def test_one_origin_at_a_time() -> None:
    tiny = presets.TEACHER["tiny"]
    with pytest.raises(ConfigError, match="start_from brings a predictor of its own"):
        validate(replace(tiny, model=replace(MODEL, predictor_from="a.keras", start_from="b.keras")))


@pytest.mark.parametrize("branches", ["zero", "independent"])
def test_branches_start_as_the_config_says(branches: str, fitted: Path) -> None:
    _, transformer = build_networks(replace(MODEL, branches=branches, predictor_from=str(fitted)))  # type: ignore[arg-type]
    last = transformer.get_layer("residual1_conv2_pointwise").kernel
    assert bool(np.any(last)) == (branches == "independent")
