"""Where the networks of a run come from, what stays as it was trained, and how they are saved."""

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
from train.networks import build_networks, build_trainer, save_artefact

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


def test_a_transformer_that_is_tuned_keeps_its_batch_norm_as_trained(tmp_path: Path) -> None:
    """A published transformer's norms, live or folded to mean 0 and variance 1: one step leaves them as they were."""
    predictor = build_predictor("mobilenet_v2_early", weights=None, width=0.35)
    Stylizer(predictor, build_transformer("separable", alpha=0.25)).save(tmp_path / "published.keras")
    config = presets.TEACHER["tiny"].model
    model = replace(config, transformer="separable", alpha=0.25, start_from=str(tmp_path / "published.keras"))
    distill = presets.DISTILL["tiny"]
    weights = replace(
        distill.distillation, teacher=str(tmp_path / "published.keras"), transformer="teacher", perceptual_weight=0.0
    )
    tuned = [build_networks(model)[1], build_trainer(replace(distill, distillation=weights))[0][1]]
    for transformer in tuned:
        norms = [layer for layer in transformer.layers if isinstance(layer, keras.layers.BatchNormalization)]
        before = [[np.array(weight) for weight in layer.get_weights()] for layer in norms]
        transformer(
            [np.random.default_rng(0).random((1, 64, 64, 3)).astype("f4"), np.zeros((1, 100), "f4")], training=True
        )
        assert norms and transformer.trainable_weights
        for layer, weights_before in zip(norms, before, strict=True):
            for old, new in zip(weights_before, layer.get_weights(), strict=True):
                np.testing.assert_array_equal(old, new)
    # From the start, there are no statistics to keep.
    fresh = build_networks(replace(model, start_from=""))[1]
    assert all(layer.trainable for layer in fresh.layers if isinstance(layer, keras.layers.BatchNormalization))


def test_mixed_precision_is_saved_as_float32(tmp_path: Path) -> None:
    config = presets.TEACHER["tiny"].model
    networks = build_networks(replace(config, mixed_precision=True))
    assert networks[1].get_layer("contract1").compute_dtype == "bfloat16"
    save_artefact(tmp_path / "x.keras", networks, {})
    loaded = Stylizer.load(tmp_path / "x.keras")
    assert loaded.transformer.get_layer("contract1").compute_dtype == "float32"
    assert loaded.predictor.get_layer("backbone").layers[1].compute_dtype == "float32"
    np.testing.assert_array_equal(loaded.transformer.get_weights()[0], networks[1].get_weights()[0])
