"""Whole runs on generated pictures: teacher, student, resuming, stopping, and what a run refuses."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import pytest
from PIL import Image

from impasto.errors import FileError
from impasto.lock import BusyError, exclusive
from models.stylizer import Stylizer
from train import checkpoints, metrics, presets
from train.checkpoints import NonFiniteError
from train.config import ConfigError, TeacherConfig, validate
from train.loop import Result, train
from train.networks import build_trainer
from train.trainers import TeacherTrainer

ROOT = Path(__file__).parent.parent
STEPS = 4
Run = tuple[Path, Result]
pytestmark = pytest.mark.filterwarnings("ignore:Even though the .tf.config.experimental_run_functions_eagerly")


def tiny_teacher(**optim: Any) -> TeacherConfig:
    """The tiny preset, shorter, whitened, in float32, so that two runs of the same steps agree to rounding."""
    config = presets.TEACHER["tiny"]
    return replace(
        config,
        data=replace(config.data, content_size=32, style_size=(32, 48), workers=1),
        model=replace(config.model, mixed_precision=False),
        loss=replace(config.loss, mixed_precision=False),
        optim=replace(config.optim, **{"steps": STEPS, "whiten": True, **optim}),
        run=replace(config.run, log_every=1, checkpoint_every=2, picture_every=2),
    )


@pytest.fixture(scope="module", autouse=True)
def eager() -> Iterator[None]:
    """Tracing a step takes longer than the few steps of these runs; the command's own run, below, is traced."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One uninterrupted run: (workdir, result)."""
    workdir = tmp_path_factory.mktemp("run") / "teacher"
    return workdir, train(tiny_teacher(), workdir)


def test_a_run_leaves_what_it_promises(run: Run) -> None:
    workdir, result = run
    assert (result.step, result.finished) == (STEPS, True)
    lines = metrics.read(workdir)
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert all(np.isfinite(line["loss"]) for line in lines)
    assert {"content", "style_relu1_2", "style_relu4_3", "total_variation", "identity"} <= set(lines[0])
    assert [path.name for path in checkpoints.existing(workdir / "checkpoints")] == [
        "checkpoint-00000002.npz",
        "checkpoint-00000004.npz",
    ]
    grid = Image.open(workdir / "pictures" / "step-00000004.png")
    assert grid.width > 5 * 100 and np.asarray(grid).std() > 10
    assert list((workdir / "tensorboard").glob("events*"))


def test_the_logged_loss_is_the_weighted_sum_of_the_logged_terms(run: Run) -> None:
    workdir, _ = run
    weights = presets.TEACHER["tiny"].loss
    for line in metrics.read(workdir):
        style = sum(value for name, value in line.items() if name.startswith("style_"))
        expected = (
            weights.content_weight * line["content"]
            + style
            + weights.total_variation_weight * line["total_variation"]
            + weights.identity_weight * line["identity"]
        )
        assert line["loss"] == pytest.approx(expected, rel=1e-4)


def test_the_artefact_holds_the_averaged_weights_and_its_story(run: Run) -> None:
    workdir, result = run
    stylizer = Stylizer.load(result.artefact)
    provenance = stylizer.card["provenance"]
    assert (provenance["steps"], provenance["pairs"]) == (STEPS, 2 * STEPS)
    assert provenance["config"]["data"]["content"] == "synthetic:32:96"
    # The layer that whitened the last one's inputs is folded into it: the published form.
    assert [layer.name for layer in stylizer.predictor.layers if "whiten" in layer.name] == []
    with np.load(workdir / "checkpoints" / "checkpoint-00000004.npz") as file:
        kernels = [key for key in file.files if key.endswith("style_heads.kernel")]
        trained = file[kernels[0]]
        averaged = next(file[key] for key in file.files if key.endswith("style_heads_kernel_average"))
    saved = stylizer.transformer.get_layer("style_heads").kernel.numpy()
    assert 0 < np.abs(saved - trained).max() < 0.01
    # The pictures drawn at steps 2 and 4 with the averaged weights have left no trace.
    np.testing.assert_array_equal(saved, averaged)


def test_an_interrupted_run_ends_as_an_uninterrupted_one(run: Run, tmp_path: Path) -> None:
    """Killed after step 2's checkpoint (its log already at step 3), the same call gives the same network."""
    workdir, result = run
    resumed = tmp_path / "teacher"
    (resumed / "checkpoints").mkdir(parents=True)
    for name in ("config.json", "metrics.jsonl", "checkpoints/checkpoint-00000002.npz"):
        (resumed / name).write_bytes((workdir / name).read_bytes())
    lines = (resumed / "metrics.jsonl").read_text().splitlines()
    (resumed / "metrics.jsonl").write_text("\n".join(lines[:3]) + '\n{"step": 4, "lo')

    again = train(tiny_teacher(), resumed)

    assert again.finished
    assert [line["step"] for line in metrics.read(resumed)] == [1, 2, 3, 4]
    expected = Stylizer.load(result.artefact)
    found = Stylizer.load(again.artefact)
    for a, b in zip(expected.transformer.get_weights(), found.transformer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_finished_run_is_not_run_again(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    workdir, result = run
    before = result.artefact.stat().st_mtime_ns
    assert train(tiny_teacher(), workdir).step == STEPS
    assert "all 4 steps are done" in capsys.readouterr().out
    assert result.artefact.stat().st_mtime_ns == before


def test_a_workdir_refuses_another_run(run: Run) -> None:
    workdir, _ = run
    with pytest.raises(ConfigError, match=r"holds another run \(optim.learning_rate was 0.0005, now 0.1\)"):
        train(tiny_teacher(learning_rate=0.1), workdir)
    with pytest.raises(ConfigError, match="does not describe a run of this kind"):
        train(presets.DISTILL["tiny"], workdir)


def test_a_finished_run_is_prolonged_with_other_settings_of_how_it_is_run(run: Run, tmp_path: Path) -> None:
    """From 4 steps to 5: the rate goes from the last one of the cosine of 4 steps to that of 5 in two warm-up steps."""
    source, _ = run
    workdir = tmp_path / "prolonged"
    shutil.copytree(source, workdir)
    config = tiny_teacher(steps=STEPS + 1)
    config = replace(
        config, data=replace(config.data, workers=3), run=replace(config.run, log_every=1, picture_every=0)
    )
    result = train(config, workdir)
    assert (result.step, result.finished) == (STEPS + 1, True)
    assert Stylizer.load(result.artefact).card["provenance"]["steps"] == STEPS + 1
    assert json.loads((workdir / "run.json").read_text())["legs"] == [[0, STEPS], [STEPS, STEPS + 1]]
    # Step 5 is taken at the rate of where the run stood after 4: the end of the former cosine, 0.02 of the peak.
    last = metrics.read(workdir)[-1]
    assert last["step"] == STEPS + 1 and last["learning_rate"] == pytest.approx(0.02 * config.optim.learning_rate)


def test_a_workdir_that_another_process_trains_in_is_left_alone(run: Run) -> None:
    workdir, _ = run
    before = (workdir / "config.json").read_bytes()
    with (
        exclusive(workdir / ".lock", "it"),
        pytest.raises(BusyError, match=f"the workdir {workdir} is in use by process"),
    ):
        train(tiny_teacher(steps=9), workdir)
    assert (workdir / "config.json").read_bytes() == before


def test_a_loss_that_is_not_finite_stops_the_run_and_keeps_the_last_good_checkpoint(run: Run, tmp_path: Path) -> None:
    """A rate of 1e30 makes the update, or a step later the loss, overflow in the resumed run."""
    source, _ = run
    workdir = tmp_path / "diverging"
    (workdir / "checkpoints").mkdir(parents=True)
    good = "checkpoints/checkpoint-00000002.npz"
    (workdir / good).write_bytes((source / good).read_bytes())
    config = tiny_teacher(learning_rate=1e30, warmup_steps=0, clip_norm=1.0)
    with pytest.raises(NonFiniteError, match=r"not finite at step [34]: .*'(loss|update/transformer)'"):
        train(config, workdir)
    assert [path.name for path in checkpoints.existing(workdir / "checkpoints")] == ["checkpoint-00000002.npz"]
    assert not (workdir / "teacher.keras").exists()


def diverging_gradient(networks: Any, content_size: int, perceptual: Any, step: int) -> TeacherTrainer:
    """A trainer whose loss stays finite while its gradient becomes NaN from a step on: the root of what is zero."""

    class Diverging(TeacherTrainer):
        def _terms(self, batch: Any, pictures: Any) -> Any:
            loss, terms = super()._terms(batch, pictures)
            zero = keras.ops.sum(pictures["embedding"] * 0.0)
            late = keras.ops.cast(self.optimizer.iterations >= step - 1, "float32")
            return loss + keras.ops.sqrt(zero + 1.0 - late) * late, terms

    return Diverging(networks, content_size, perceptual)


def test_a_gradient_that_is_not_finite_stops_the_run_though_the_loss_is_finite(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, _ = run
    workdir = tmp_path / "diverging"
    (workdir / "checkpoints").mkdir(parents=True)
    good = "checkpoints/checkpoint-00000002.npz"
    (workdir / good).write_bytes((source / good).read_bytes())
    monkeypatch.setattr("train.networks.TeacherTrainer", partial(diverging_gradient, step=4))
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    config = tiny_teacher()
    config = replace(config, run=replace(config.run, checkpoint_every=1))
    with pytest.raises(NonFiniteError, match=r"not finite at step 4: .*'gradient/predictor': nan") as raised:
        train(config, workdir)
    assert "'loss'" not in str(raised.value)
    # Step 3 was good, step 4 is nowhere: no checkpoint, no line, no artefact.
    assert [path.name for path in checkpoints.existing(workdir / "checkpoints")][-1] == "checkpoint-00000003.npz"
    assert metrics.read(workdir)[-1]["step"] == 3
    assert not (workdir / "teacher.keras").exists()
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_an_artefact_of_an_earlier_stop_is_not_the_result(run: Run, tmp_path: Path) -> None:
    """Stopped at step 3, resumed to the end, killed before the artefact was written: the next call writes it."""
    source, result = run
    workdir = tmp_path / "killed"
    shutil.copytree(source, workdir)
    stopped = Stylizer.load(result.artefact)
    stopped.card["provenance"]["steps"] = 3
    stopped.transformer.set_weights([weight + 1 for weight in stopped.transformer.get_weights()])
    stopped.save(workdir / "teacher.keras")
    again = train(tiny_teacher(), workdir)
    assert (again.step, again.finished) == (STEPS, True)
    found, expected = Stylizer.load(again.artefact), Stylizer.load(result.artefact)
    assert found.card["provenance"]["steps"] == STEPS
    for a, b in zip(expected.transformer.get_weights(), found.transformer.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_source_smaller_than_a_batch_is_named(tmp_path: Path) -> None:
    pictures = tmp_path / "three"
    pictures.mkdir()
    for index in range(3):
        Image.new("RGB", (40, 40), (index * 50, 0, 0)).save(pictures / f"{index}.png")
    config = tiny_teacher()
    config = replace(config, data=replace(config.data, content=str(pictures), batch_size=4))
    with pytest.raises(ValueError, match="three.*3.*4"):
        train(config, tmp_path / "run")
    # Nothing was trained yet: the same workdir takes the corrected command.
    config = replace(config, data=replace(config.data, content=str(tmp_path / "absent")))
    with pytest.raises(ValueError, match="absent does not exist"):
        train(config, tmp_path / "run")


@pytest.mark.parametrize("part", ["model.start_from", "model.predictor_from", "distillation.teacher"])
def test_what_a_run_starts_from_is_not_written_over(tmp_path: Path, part: str) -> None:
    config = presets.DISTILL["tiny"]
    section, _, name = part.partition(".")
    (tmp_path / "student.keras").write_bytes(b"of an earlier run")
    (tmp_path / "link.keras").symlink_to("student.keras")
    changed = replace(getattr(config, section), **{name: str(tmp_path / "link.keras")})
    with pytest.raises(FileError, match=r"student.keras: would be overwritten, but is also read"):
        train(replace(config, **{section: changed}), tmp_path)
    assert (tmp_path / "student.keras").read_bytes() == b"of an earlier run"


def test_ctrl_c_saves_and_the_same_command_finishes(tmp_path: Path) -> None:
    workdir = tmp_path / "stopped"
    command = [
        sys.executable, "-m", "train", "teacher", "tiny", "--workdir", str(workdir), "--data.content-size", "32",
        "--data.style-size", "32", "33", "--optim.steps", "4000", "--run.picture-every", "0", "--run.log-every", "1",
    ]  # fmt: skip
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        deadline = time.monotonic() + 120
        while not metrics.read(workdir) and time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode == 130, output
    [checkpoint] = checkpoints.existing(workdir / "checkpoints")[-1:]
    step = int(checkpoint.stem.rpartition("-")[2])
    assert f"step {step}:" in output and "Traceback" not in output
    assert metrics.read(workdir)[-1]["step"] >= step - 1
    assert Stylizer.load(workdir / "teacher.keras").card["provenance"]["steps"] == step


@pytest.mark.parametrize("transformer", ["teacher", "own"])
def test_a_student_learns_from_a_teacher(run: Run, tmp_path: Path, transformer: Literal["teacher", "own"]) -> None:
    _, teacher = run
    config = presets.DISTILL["tiny"]
    own = transformer == "own"
    config = replace(
        config,
        data=replace(config.data, content_size=32, style_size=(32, 48)),
        distillation=replace(
            config.distillation,
            teacher=str(teacher.artefact),
            transformer=transformer,
            tune_transformer=own,
            picture_weight=float(own),
            perceptual_weight=float(own),
        ),
        optim=replace(config.optim, steps=2),
        run=replace(config.run, log_every=2, picture_every=0),
    )
    result = train(config, tmp_path / "student")
    student, origin = Stylizer.load(result.artefact), Stylizer.load(teacher.artefact)
    same = all(
        np.array_equal(a, b)
        for a, b in zip(student.transformer.get_weights(), origin.transformer.get_weights(), strict=True)
    )
    # Frozen, the teacher's transformer is passed on bit for bit; its own one is another.
    assert same == (not own)
    last = metrics.read(tmp_path / "student")[-1]
    assert ("picture" in last) == own and ("content" in last) == own and np.isfinite(last["vector"])
    [ancestor] = student.card["provenance"]["lineage"]
    assert (ancestor["name"], ancestor["checksum"]) == ("impasto-teacher", origin.card["checksum"])
    assert ancestor["steps"] == STEPS and ancestor["command"].startswith("python -m train teacher tiny")
    assert not {"config", "data", "workdir"} & set(ancestor)


def test_a_student_whose_predictor_rests_trains_the_transformer_alone(run: Run, tmp_path: Path) -> None:
    _, teacher = run
    config = presets.DISTILL["tiny"]
    config = replace(
        config,
        model=replace(config.model, start_from=str(teacher.artefact)),
        distillation=replace(
            config.distillation, teacher=str(teacher.artefact), transformer="own", tune_predictor=False
        ),
    )
    networks, trainer = build_trainer(config)
    assert not networks[0].trainable_weights
    assert len(trainer.trainable_weights) == len(networks[1].trainable_weights) > 0
    both, trainer = build_trainer(replace(config, distillation=replace(config.distillation, tune_predictor=True)))
    norms = [layer for layer in both[0].get_layer("backbone").layers if "BN" in layer.name or "bn" in layer.name]
    assert norms and not any(layer.trainable for layer in norms)
    assert len(trainer.trainable_weights) > len(both[1].trainable_weights)
    neither = replace(config.distillation, tune_predictor=False, tune_transformer=False)
    with pytest.raises(ConfigError, match="must tune the predictor, the transformer or both"):
        validate(replace(config, distillation=neither))


def test_pictures_are_learnt_from_the_painter_with_its_own_embeddings(run: Run, tmp_path: Path) -> None:
    _, teacher = run
    painter = Stylizer.load(teacher.artefact)
    for network in (painter.predictor, painter.transformer):
        network.set_weights([weight + 0.1 for weight in network.get_weights()])
    painter.save(tmp_path / "painter.keras")
    config = presets.DISTILL["tiny"]
    distillation = replace(
        config.distillation,
        teacher=str(teacher.artefact),
        painter=str(tmp_path / "painter.keras"),
        tune_predictor=False,
        perceptual_weight=0.0,
    )
    _, trainer = build_trainer(replace(config, distillation=distillation))
    rng = np.random.default_rng(0)
    content, style = (keras.ops.convert_to_tensor(rng.random((1, side, side, 3), np.float32)) for side in (32, 48))
    expected = np.asarray(painter.transformer([content, painter.predictor(style)]))
    loss, terms = trainer._terms({}, {"content": content, "style": style, "stylised": keras.ops.zeros_like(content)})
    # The predictor rests, so that its vectors are not compared.
    assert set(terms) == {"picture"}
    np.testing.assert_allclose(float(loss), expected.mean(), rtol=1e-4)
