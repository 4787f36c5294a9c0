"""Starting weights: where they are looked for, and the one sentence when they are not there."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from models.starting_weights import StartingWeightsError, environment_variable, load_backbone


@pytest.fixture(scope="module")
def mobilenet_file(tmp_path_factory: pytest.TempPathFactory) -> tuple[keras.Model, Path]:
    keras.utils.set_random_seed(0)
    network = load_backbone("mobilenet_v2", None)
    path = tmp_path_factory.mktemp("weights") / "mobilenet_v2.weights.h5"
    network.save_weights(path)
    return network, path


def _same(a: keras.Model, b: keras.Model) -> bool:
    return all(np.array_equal(x.numpy(), y.numpy()) for x, y in zip(a.weights, b.weights, strict=True))


def test_an_explicit_path_is_loaded(mobilenet_file: tuple[keras.Model, Path]) -> None:
    network, path = mobilenet_file
    assert _same(load_backbone("mobilenet_v2", path), network)
    assert _same(load_backbone("mobilenet_v2", str(path)), network)


def test_the_environment_variable_stands_in_for_imagenet(
    mobilenet_file: tuple[keras.Model, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, path = mobilenet_file
    assert environment_variable("mobilenet_v2") == "IMPASTO_MOBILENET_V2_WEIGHTS"
    monkeypatch.setenv("IMPASTO_MOBILENET_V2_WEIGHTS", str(path))
    assert _same(load_backbone("mobilenet_v2"), network)
    monkeypatch.setenv("IMPASTO_MOBILENET_V2_WEIGHTS", "/nowhere.h5")
    with pytest.raises(
        StartingWeightsError,
        match="mobilenet_v2: /nowhere.h5: expected a file, found no such file; .*set IMPASTO_MOBILENET_V2_WEIGHTS",
    ):
        load_backbone("mobilenet_v2")


@pytest.mark.parametrize("weights", [None, "random"])
def test_random_ignores_the_environment(weights: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPASTO_VGG16_WEIGHTS", "/nowhere.h5")
    network = load_backbone("vgg16", weights)
    assert network.get_layer("block1_conv1").get_weights()[0].std() > 0


def test_a_missing_path_says_what_to_pass(tmp_path: Path) -> None:
    with pytest.raises(
        StartingWeightsError,
        match=r"vgg16: .*none.h5: expected a file, found no such file; pass a path .*or set IMPASTO_VGG16_WEIGHTS",
    ):
        load_backbone("vgg16", tmp_path / "none.h5")


def test_a_wrong_file_is_named(mobilenet_file: tuple[keras.Model, Path], tmp_path: Path) -> None:
    text = tmp_path / "text.weights.h5"
    text.write_text("these are no weights")
    with pytest.raises(
        StartingWeightsError, match="mobilenet_v2: .*text.weights.h5 does not fit .*MobileNetV2 without top"
    ):
        load_backbone("mobilenet_v2", text)
    with pytest.raises(
        StartingWeightsError, match=r"vgg16: .*mobilenet_v2.weights.h5 does not fit .*VGG16 .*26 arrays expected"
    ):
        load_backbone("vgg16", mobilenet_file[1])
    with pytest.raises(StartingWeightsError, match="does not fit"):
        load_backbone("mobilenet_v2", mobilenet_file[1], alpha=0.35)


def test_without_cache_and_network_one_sentence_says_what_to_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMPASTO_VGG16_WEIGHTS", raising=False)
    monkeypatch.setattr("keras.src.utils.file_utils.config.keras_home", lambda: str(tmp_path))
    for name in ("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")  # a port where nothing listens: refused at once
    with pytest.raises(
        StartingWeightsError, match="vgg16 are neither in Keras' cache .*set IMPASTO_VGG16_WEIGHTS"
    ) as caught:
        load_backbone("vgg16")
    assert "\n" not in str(caught.value)
