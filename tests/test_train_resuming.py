"""Which command goes on with a run: what decides the result, how it is run, and runs that are prolonged."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from datasets.combining import ConcatSource
from datasets.fingerprint import fingerprint
from datasets.folder import FolderSource
from datasets.packed import PackedSource, pack
from datasets.synthetic import SyntheticSource
from models.artefact import ArtefactError
from train import presets
from train.card import training_card
from train.config import ConfigError, OptimConfig, TeacherConfig
from train.data import open_pairs
from train.networks import build_networks
from train.resuming import claim, prolong
from train.schedule import Leg, Rate


def pictures(folder: Path, count: int = 4, seed: int = 0) -> Path:
    folder.mkdir()
    for index in range(count):
        noise = np.random.default_rng([seed, index]).integers(0, 256, (24, 24, 3), np.uint8)
        Image.fromarray(noise).save(folder / f"{index}.png")
    return folder


def edited(config: TeacherConfig, **values: Any) -> TeacherConfig:
    """With `section__field` replaced."""
    for path, value in values.items():
        section, field = path.split("__")
        config = replace(config, **{section: replace(getattr(config, section), **{field: value})})
    return config


def go_on(workdir: Path, config: TeacherConfig) -> list[Leg]:
    return claim(workdir, config, open_pairs(config.data, config.run.seed))


@pytest.fixture
def config(tmp_path: Path) -> TeacherConfig:
    """Of a run on folders of pictures."""
    weights = tmp_path / "vgg.weights.h5"
    weights.write_bytes(b"not read here")
    return edited(
        presets.TEACHER["tiny"],
        data__content=str(pictures(tmp_path / "photos")),
        data__style=str(pictures(tmp_path / "paintings", seed=1)),
        loss__vgg16_weights=str(weights),
        model__start_from=str(tmp_path / "gone.keras"),
    )


@pytest.fixture
def workdir(tmp_path: Path, config: TeacherConfig) -> Path:
    """Of that run, with a checkpoint."""
    path = tmp_path / "run"
    go_on(path, config)
    (path / "checkpoints").mkdir()
    (path / "checkpoints" / "checkpoint-00000006.npz").touch()
    return path


def test_how_a_run_is_run_may_change(workdir: Path, config: TeacherConfig) -> None:
    changed = edited(
        config, data__workers=7, data__on_device=True, data__preview_style="synthetic:9:64", run__log_every=1,
        run__checkpoint_every=9, run__picture_every=0, run__keep_checkpoints=5, run__steps_per_execution=4,
    )  # fmt: skip
    # The pairs are opened as before: only packed ones can lie on a device.
    assert claim(workdir, changed, open_pairs(config.data, config.run.seed)) == [Leg(0, 12)]
    assert json.loads((workdir / "config.json").read_text())["data"]["workers"] == 7


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optim__learning_rate": 0.1}, "optim.learning_rate was 0.0005, now 0.1"),
        ({"run__seed": 5}, "run.seed was 0, now 5"),
        ({"data__batch_size": 1, "model__predictor_width": 0.5}, "data.batch_size was 2.*predictor_width was 0.35"),
    ],
)
def test_what_decides_the_result_must_match(
    workdir: Path, config: TeacherConfig, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=f"run holds another run .*{message}.*use its values or another --workdir"):
        go_on(workdir, edited(config, **changes))


def test_the_same_pictures_and_weights_elsewhere_are_the_same_run(
    workdir: Path, config: TeacherConfig, tmp_path: Path
) -> None:
    other = tmp_path / "machine"
    other.mkdir()
    for name in ("photos", "paintings"):
        shutil.move(tmp_path / name, other / name)
    moved = str(shutil.move(tmp_path / "vgg.weights.h5", other / "weights.h5"))
    elsewhere = edited(
        config, data__content=str(other / "photos"), data__style=f"folder:{other}/paintings", loss__vgg16_weights=moved
    )
    go_on(workdir, elsewhere)
    # Twice: what the run was begun with is still known after the paths were written anew.
    go_on(workdir, elsewhere)
    # Neither need the artefact be there that it started from: the checkpoint has overtaken it.
    predictor, _ = build_networks(elsewhere.model, restored=True)
    assert predictor.count_params() > 0
    with pytest.raises(ArtefactError, match="gone.keras"):
        build_networks(elsewhere.model)


def test_a_runs_ancestors_are_known_when_their_files_are_gone(
    workdir: Path, config: TeacherConfig, tmp_path: Path
) -> None:
    """Read when the run began; never again, whatever command goes on with it."""
    pairs = open_pairs(config.data, config.run.seed)
    claim(tmp_path / "new", config, pairs, lambda: [{"name": "ancestor"}])
    shutil.copytree(workdir / "checkpoints", tmp_path / "new" / "checkpoints")
    claim(tmp_path / "new", edited(config, data__workers=3), pairs, lambda: [])
    provenance = training_card(config, tmp_path / "new", 6, [])["provenance"]
    assert provenance["lineage"] == [{"name": "ancestor"}]
    assert provenance["data"]["holds"]["content"]["pictures"] == 4 and "prolonged" not in provenance
    prolong(tmp_path / "new", edited(config, optim__steps=20), [Leg(0, 12)], 6)
    provenance = training_card(config, tmp_path / "new", 6, [])["provenance"]
    assert provenance["prolonged"] == [{"after": 6, "to": 20}] and provenance["lineage"] == [{"name": "ancestor"}]


def test_other_pictures_are_another_run_under_whatever_name(
    workdir: Path, config: TeacherConfig, tmp_path: Path
) -> None:
    with pytest.raises(
        ConfigError, match="data.content was .*photos', now .*alike', holds other pictures, 4 as before"
    ):
        go_on(workdir, edited(config, data__content=str(pictures(tmp_path / "alike", seed=9))))
    pictures(tmp_path / "more", count=5)
    with pytest.raises(ConfigError, match="data.content was .*which held 4 pictures and holds 5"):
        go_on(workdir, edited(config, data__content=str(tmp_path / "more")))
    # The same path, to which a picture was added: the stream of pairs would be another from here on.
    shutil.copy(tmp_path / "more" / "4.png", tmp_path / "photos" / "4.png")
    with pytest.raises(ConfigError, match="data.content which held 4 pictures and holds 5"):
        go_on(workdir, config)


def test_other_weights_at_another_path_are_another_run(workdir: Path, config: TeacherConfig, tmp_path: Path) -> None:
    (tmp_path / "other.h5").write_bytes(b"other")
    with pytest.raises(ConfigError, match="loss.vgg16_weights was .*vgg.weights.h5', now .*other.h5'"):
        go_on(workdir, edited(config, loss__vgg16_weights=str(tmp_path / "other.h5")))


def test_a_run_of_an_earlier_version_goes_on(workdir: Path, config: TeacherConfig) -> None:
    """It wrote no run.json and knew fewer fields; these take what was done before, which may not be today's default."""
    values = json.loads((workdir / "config.json").read_text())
    del values["optim"]["muon"], values["model"]["branches"]
    (workdir / "config.json").write_text(json.dumps(values))
    (workdir / "run.json").unlink()
    with pytest.raises(ConfigError, match=r"another run \(model.branches was 'identical', now 'zero'\)"):
        go_on(workdir, config)
    assert go_on(workdir, edited(config, model__branches="identical")) == [Leg(0, 12)]


def test_a_run_that_is_described_by_something_else_is_left_alone(workdir: Path, config: TeacherConfig) -> None:
    """Without `run.json` it would go on with no ancestors, and nothing to compare its pictures with."""
    for name, what in (("run.json", "what a run was begun with"), ("config.json", "a run's configuration")):
        before = (workdir / name).read_bytes()
        for spoilt in (b"\x89PNG\r\n", b"[]", b""):
            (workdir / name).write_bytes(spoilt)
            with pytest.raises(ValueError, match=name) as told:
                go_on(workdir, config)
            assert what in str(told.value) or spoilt != b"\x89PNG\r\n"
            assert (workdir / name).read_bytes() == spoilt
        (workdir / name).write_bytes(before)
    assert go_on(workdir, config)


def test_what_a_run_draws_is_nothing_to_learn_from(config: TeacherConfig, tmp_path: Path) -> None:
    """Its folder may lie in one of pictures, or be one."""
    for workdir in (tmp_path / "photos" / "run", tmp_path / "photos"):
        (workdir / "pictures").mkdir(parents=True)
        Image.new("RGB", (24, 24)).save(workdir / "pictures" / "step-00000001.png")
    own = [tmp_path / "photos" / "run" / "pictures", tmp_path / "photos" / "pictures"]
    assert len(open_pairs(config.data, 0, leave_out=own).content) == 4
    both = replace(config.data, content=f"{config.data.content}+{config.data.style}")
    assert len(open_pairs(both, 0, leave_out=own).content) == 8
    assert len(open_pairs(config.data, 0).content) == 6


def test_a_prolonged_run_knows_its_lengths(workdir: Path, config: TeacherConfig) -> None:
    longer = edited(config, optim__steps=20)
    legs = prolong(workdir, longer, go_on(workdir, longer), 6)
    assert legs == [Leg(0, 12), Leg(6, 20)]
    assert prolong(workdir, longer, go_on(workdir, longer), 9) == legs
    # Back at a checkpoint from before the change: the change is now there.
    assert prolong(workdir, longer, go_on(workdir, longer), 4) == [Leg(0, 12), Leg(4, 20)]
    with pytest.raises(ConfigError, match="has done 6 steps; optim.steps cannot be made less. Received: 5"):
        prolong(workdir, edited(config, optim__steps=5), [Leg(0, 12)], 6)


def test_the_rate_of_a_prolonged_run_by_hand() -> None:
    """A cosine over 100 steps; at step 80 it becomes one over 200, reached in the ten steps of the warm-up."""
    rate = Rate(OptimConfig(steps=110, learning_rate=1.0, warmup_steps=10, final_learning_rate=0.0))

    def cosine(step: int, steps: int) -> float:
        return (1 + math.cos(math.pi * (step - 10) / (steps - 10))) / 2

    rate.plan([Leg(0, 110), Leg(80, 210)])
    assert float(rate(0)) == pytest.approx(0.1)
    assert float(rate(60)) == pytest.approx(cosine(60, 110), rel=1e-5)
    assert float(rate(80)) == pytest.approx(cosine(80, 110), rel=1e-5)
    assert float(rate(85)) == pytest.approx((cosine(80, 110) + cosine(85, 210)) / 2, rel=1e-5)
    assert float(rate(90)) == pytest.approx(cosine(90, 210), rel=1e-5)
    assert float(rate(210)) == pytest.approx(0.0, abs=1e-6)


def test_a_fingerprint_tells_what_a_source_holds(tmp_path: Path) -> None:
    first, again, other = (
        FolderSource(pictures(tmp_path / name, seed=seed)) for name, seed in (("a", 0), ("b", 0), ("c", 3))
    )
    assert fingerprint(first) == fingerprint(again) != fingerprint(other)
    packs: list[Callable[[], Any]] = [
        lambda: pack(first, tmp_path / "p.npy", canvas=32, role="style", progress=False),
        lambda: shutil.copy(tmp_path / "p.npy", tmp_path / "q.npy"),
        lambda: shutil.copy(tmp_path / "p.json", tmp_path / "q.json"),
    ]
    for act in packs:
        act()
    packed = [fingerprint(PackedSource(tmp_path / f"{name}.npy")) for name in "pq"]
    assert packed[0] == packed[1] != fingerprint(first)
    joined = [ConcatSource(parts) for parts in ([first, other], [other, first])]
    different = [*map(fingerprint, joined), *(fingerprint(SyntheticSource(8, size)) for size in (32, 48))]
    assert len({made["digest"] for made in different}) == 4 and {made["pictures"] for made in different} == {8}
