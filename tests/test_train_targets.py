"""Targets read from disk: the losses computed live, any pairing, going on after a stop, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras import ops
from PIL import Image

from datasets.preprocessing import content_images, style_images
from train.cli import main
from train.config import DataConfig, LossConfig, TeacherConfig
from train.data import open_pairs, open_sources, pair_spec
from train.packed_targets import CHANNELS, GRAM_LENGTH, pack_grams, stored_targets
from train.perceptual import PerceptualLoss
from train.places import TARGETS
from train.target_pairs import TargetPairs
from train.target_store import Store
from train.targets import compute_targets

DATA = DataConfig(
    content="synthetic:5:48",
    style="synthetic:6:48",
    batch_size=3,
    content_size=32,
    content_crop=0.5,
    canvas=48,
    style_size=(32, 49),
    style_size_step=16,
    identity_fraction=0.4,
)
LOSS = LossConfig(vgg16_weights="random", mixed_precision=False, border_weight=0.2, pooling="max", padding="reflect")
CONFIG = TeacherConfig(data=DATA, loss=LOSS)
VARIANTS = 3


@pytest.fixture(scope="module")
def perceptual(starting_weights: dict[str, Path]) -> PerceptualLoss:
    return PerceptualLoss(_loss(starting_weights))


def _loss(starting_weights: dict[str, Path]) -> LossConfig:
    return replace(LOSS, vgg16_weights=str(starting_weights["vgg16"]))


def _compute(folder: Path, loss: LossConfig, data: DataConfig = DATA, variants: int = VARIANTS) -> Store:
    return compute_targets(replace(CONFIG, loss=loss, data=data), *open_sources(data, 0), folder, variants)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, starting_weights: dict[str, Path]) -> Path:
    path = tmp_path_factory.mktemp("targets")
    _compute(path, _loss(starting_weights))
    return path


@pytest.fixture(scope="module")
def pairs(folder: Path, starting_weights: dict[str, Path]) -> TargetPairs:
    found = open_pairs(replace(DATA, targets=str(folder)), 0, _loss(starting_weights))
    assert isinstance(found, TargetPairs)
    return found


def test_losses_are_those_computed_live(pairs: TargetPairs, perceptual: PerceptualLoss) -> None:
    rng = np.random.default_rng(0)
    seen: dict[str, list[float]] = {"identity": [], "size": []}
    for step in range(4):
        batch = pairs.batch(step)
        content, style = content_images(batch, DATA.content_size), style_images(batch)
        stylised = ops.convert_to_tensor(rng.random(content.shape, np.float32))
        live = perceptual.terms(content, style, stylised, batch["identity"])
        stored = perceptual.terms(content, style, stylised, batch["identity"], stored_targets(batch))
        for name, value in live.items():
            assert float(stored[name]) == pytest.approx(float(value), rel=1e-2, abs=1e-6), name
        seen["identity"] += list(batch["identity"])
        seen["size"].append(batch["style_size"].shape[1])
    assert live["border"] > 0.1 and live["content"] > 0.1
    # The comparison has covered identity pairs, others, and more than one size of paintings.
    assert set(seen["identity"]) == {0, 1} and set(seen["size"]) == {32, 48}


def test_pairs_recombine(pairs: TargetPairs) -> None:
    """Every picture in every epoch, with other windows and other partners from epoch to epoch."""
    batches = [pairs.batch(step) for step in range(20)]
    boxes = {tuple(box) for batch in batches for box in batch["content_box"]}
    assert len(boxes) == 5 * VARIANTS
    again = pairs.batch(7)
    for name, value in batches[7].items():
        np.testing.assert_array_equal(value, again[name])
        shape, dtype = pairs.shapes()[name]
        assert value.dtype == dtype and all(a in (None, b) for a, b in zip(shape, value.shape, strict=True)), name


def test_gram_matrices_survive_packing() -> None:
    """Values far beyond float16's range, to float16's precision."""
    rng = np.random.default_rng(1)
    grams = {}
    for name, channels in CHANNELS.items():
        features = np.abs(rng.normal(size=(2, 40, channels))).astype(np.float32) * 3e3
        grams[name] = np.einsum("bpc,bpd->bcd", features, features)
    numbers, scales = pack_grams(grams)
    assert numbers.shape == (2, GRAM_LENGTH) == (2, 2080 + 8256 + 32896 + 131328) and numbers.dtype == np.float16
    assert scales.min() > 65504
    ones = np.ones((2,), np.float32)
    batch = {
        "style_gram": numbers,
        "style_gram_scale": scales,
        "content_target": np.zeros((2, 1, 1, 1), np.float16),
        "content_target_scale": ones,
    }
    for name, found in stored_targets(batch).grams.items():
        np.testing.assert_allclose(found, grams[name], atol=1e-3 * grams[name].max())


def test_a_stopped_computation_goes_on(
    folder: Path, tmp_path: Path, starting_weights: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    loss, calls = _loss(starting_weights), 0
    plain = PerceptualLoss.gram_targets

    def stopping(self: PerceptualLoss, style: Any) -> dict[str, Any]:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise KeyboardInterrupt
        return plain(self, style)

    monkeypatch.setattr(PerceptualLoss, "gram_targets", stopping)
    with pytest.raises(KeyboardInterrupt):
        _compute(tmp_path, loss)
    data = replace(DATA, targets=str(tmp_path))
    with pytest.raises(ValueError, match="6 of 18 style targets are computed; run the same"):
        open_pairs(data, 0, loss)
    _compute(tmp_path, loss)
    # Three batches of photographs and one of paintings before; the fifth, and one more, after.
    assert calls == 5 + 2
    for name in ("content", "style", "identity", "style_scale"):
        np.testing.assert_array_equal(np.load(tmp_path / f"{name}.npy"), np.load(folder / f"{name}.npy"))


def test_other_pictures_settings_and_networks_are_refused(folder: Path, starting_weights: dict[str, Path]) -> None:
    loss, data = _loss(starting_weights), replace(DATA, targets=str(folder))
    with pytest.raises(ValueError, match="is of other targets: pictures is .*'content': 5.*expected .*'content': 4"):
        open_pairs(replace(data, content="synthetic:4:48"), 0, loss)
    with pytest.raises(ValueError, match="data is .*'content_size': 32.*expected .*'content_size': 48"):
        open_pairs(replace(data, content_size=48), 0, loss)
    with pytest.raises(ValueError, match="loss is .*'pooling': 'max'.*expected .*'pooling': 'average'"):
        open_pairs(data, 0, replace(loss, pooling="average"))
    with pytest.raises(ValueError, match="loss_network is"):
        open_pairs(data, 0, replace(loss, vgg16_weights="random"))
    with pytest.raises(ValueError, match=r"expected a folder that `python -m train targets` wrote"):
        open_pairs(replace(data, targets=str(folder / "nowhere")), 0, loss)


@pytest.mark.parametrize(
    "change", [{"done": 3}, {"done": {"content": 15}}, {"done": {"content": 15, "style": None}}, {"variants": "3"}]
)
def test_what_is_not_written_by_it_is_refused(
    folder: Path, tmp_path: Path, starting_weights: dict[str, Path], change: dict[str, Any]
) -> None:
    told = json.loads((folder / TARGETS).read_text())
    (tmp_path / TARGETS).write_text(json.dumps({**told, **change}))
    with pytest.raises(ValueError, match="expected what `python -m train targets` wrote, found other JSON"):
        open_pairs(replace(DATA, targets=str(tmp_path)), 0, _loss(starting_weights))


def test_unreadable_pictures_are_passed_over(tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    for index in range(4):
        noise = np.random.default_rng(index).integers(256, size=(48, 48, 3), dtype=np.uint8)
        Image.fromarray(noise).save(photos / f"{index}.png")
    (photos / "2.png").write_bytes(b"no picture")
    data = replace(DATA, content=str(photos), batch_size=2)
    _compute(tmp_path / "targets", LOSS, data, variants=1)
    # The loss network's weights are random, so that its checksum would be refused: opened past that check.
    store = Store(tmp_path / "targets", json.loads((tmp_path / "targets" / TARGETS).read_text()))
    assert list(store.arrays["content_scale"] > 0) == [True, True, False, True]
    content, style = open_sources(data, 0)
    pairs = TargetPairs(content, style, pair_spec(data, 0), store)
    for step in range(4):  # two epochs: the place of the unreadable one comes twice
        batch = pairs.batch(step)
        assert np.all(batch["content_target_scale"] > 0) and np.any(batch["content_target"])


@pytest.mark.slow
def test_the_command_and_a_run_on_what_it_wrote(tmp_path: Path, starting_weights: dict[str, Path]) -> None:
    flags = [
        "--data.content", "synthetic:4:48", "--data.style", "synthetic:4:48", "--data.canvas", "48",
        "--data.content-size", "32", "--data.style-size", "32", "33",
        "--loss.vgg16-weights", str(starting_weights["vgg16"]),
    ]  # fmt: skip
    out = tmp_path / "targets"
    assert main(["targets", "tiny", "--out", str(out), "--variants", "2", *flags]) == 0
    run = ["--optim.steps", "2", "--run.picture-every", "0", "--run.log-every", "1", "--data.targets", str(out)]
    assert main(["teacher", "tiny", "--workdir", str(tmp_path / "run"), *flags, *run]) == 0
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert [line["step"] for line in lines] == [1, 2] and 0 < lines[-1]["style_relu3_3"] < 1
