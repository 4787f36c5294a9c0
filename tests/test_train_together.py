"""A teacher and its student in one run: who paints which rows, what is learnt, and the artefacts that come of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from datasets.ops import crop_resize
from impasto.errors import FileError
from models.artefact import read_card
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer
from train import presets
from train.config import ConfigError, StudentConfig, TeacherConfig, from_json, to_json, validate
from train.data import open_pairs
from train.loop import train
from train.networks import build_trainer
from train.optimizer import build_optimizer
from train.places import prove_workdir
from train.trainers import vector_loss


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artefact that students of these tests begin as."""
    keras.utils.set_random_seed(5)
    path = tmp_path_factory.mktemp("student") / "start.keras"
    predictor = build_predictor("mobilenet_v2_early", weights=None, width=0.35)
    Stylizer(predictor, build_transformer("fast", start="independent"), {}).save(path)
    return path


@pytest.fixture(scope="module")
def built(start: Path) -> tuple[TeacherConfig, tuple[keras.Model, keras.Model], Any]:
    """One run's config, teacher and trainer: building them takes longer than what is asked of them."""
    config = together(start, vector_weight=3.0)
    return config, *build_trainer(config)


def together(start: Path, **student: Any) -> TeacherConfig:
    """The tiny preset with a student, four pairs of 32 px a step, in full precision."""
    config = presets.TEACHER["tiny"]
    own = {"start_from": str(start), "predictor_width": 0.35, "vectors_share": 0.25, "pictures_share": 0.5, **student}
    return replace(
        config,
        data=replace(config.data, batch_size=4, content_size=32, style_size=(32, 33), workers=1),
        model=replace(config.model, mixed_precision=False, branches="independent"),
        student=StudentConfig(**own),
        loss=replace(config.loss, mixed_precision=False, consistency_weight=1.0),
        optim=replace(config.optim, steps=2),
        run=replace(config.run, log_every=1, checkpoint_every=1, picture_every=0),
    )


def boxed(images: Any, batch: Any, first: int = 0) -> Any:
    """The pictures moved as the batch's from the row `first` on are."""
    return crop_resize(images, batch["warp_box"][first : first + len(images)], 32)


def test_rows_are_shared_out_and_the_vectors_are_taught(start: Path, built: Any) -> None:
    """Of four rows the first has the teacher's vector, the second the student's, and the last two its painter, too."""
    config, (predictor, transformer), trainer = built
    student = Stylizer.load(start)
    batch = open_pairs(config.data, seed=0).batch(0)
    pictures = trainer(batch, training=True)
    content, style = pictures["content"], pictures["style"]
    taught, learnt = predictor(style), student.predictor(style)
    np.testing.assert_allclose(pictures["embedding"], [*taught[:1], *learnt[1:]], atol=1e-5)
    vectors = pictures["embedding"]
    painted = [*transformer([content[:2], vectors[:2]]), *student.transformer([content[2:], vectors[2:]])]
    np.testing.assert_allclose(pictures["stylised"], painted, atol=1e-5)

    # One pair of each painter is painted again.
    again = [*transformer([boxed(content[:1], batch), vectors[:1]])]
    again += [*student.transformer([boxed(content[2:], batch, 2)[:1], vectors[2:3]])]
    moved = [*boxed(pictures["stylised"][:1], batch), *boxed(pictures["stylised"][2:], batch, 2)[:1]]
    expected = np.abs(np.subtract(again, moved)).mean()
    assert float(trainer._consistency(batch, pictures, 2)) == pytest.approx(expected, rel=1e-3)

    loss, terms = trainer._terms(batch, pictures)
    spread = np.square(taught - np.mean(taught, axis=0)).mean()
    assert float(terms["vector"]) == pytest.approx(np.square(np.subtract(learnt, taught)).mean() / spread, rel=1e-4)
    assert float(terms["vector"]) == pytest.approx(float(vector_loss(learnt, taught)), rel=1e-4)
    vector = float(terms.pop("vector"))
    assert float(loss) == pytest.approx(float(trainer.perceptual.total(terms)) + 3.0 * vector, rel=1e-5)


def test_the_teacher_is_not_moved_by_what_its_student_has_not_learnt(built: Any) -> None:
    import tensorflow as tf

    config, _, trainer = built
    batch = open_pairs(config.data, seed=0).batch(0)
    with tf.GradientTape() as tape:
        vector = trainer._terms(batch, trainer(batch, training=True))[1]["vector"]
    parts = trainer.parts
    assert set(parts) == {"predictor", "transformer", "student_predictor", "student_transformer"}
    gradients = tape.gradient(vector, {name: [each.value for each in own] for name, own in parts.items()})
    moved = {name: any(gradient is not None for gradient in own) for name, own in gradients.items()}
    assert moved == {name: name == "student_predictor" for name in parts}


def test_the_students_predictor_moves_at_its_own_share_of_the_rate(built: Any) -> None:
    """Adam's first step moves every weight by its rate, whatever the gradient."""
    config, _, trainer = built
    config = replace(config, optim=replace(config.optim, predictor_rate=0.125, warmup_steps=0, learning_rate=1e-3))
    optimizer = build_optimizer(config.optim, trainer.parts, student_rate=0.5)
    optimizer.build(trainer.trainable_variables)
    before = {name: keras.ops.convert_to_numpy(part[0]).copy() for name, part in trainer.parts.items()}
    optimizer.apply([keras.ops.ones_like(variable) for variable in trainer.trainable_variables])
    steps = {
        name: float(np.abs(keras.ops.convert_to_numpy(part[0]) - before[name]).max())
        for name, part in trainer.parts.items()
    }
    expected = {"predictor": 0.125e-3, "student_predictor": 0.5e-3, "transformer": 1e-3, "student_transformer": 1e-3}
    assert steps == pytest.approx(expected, rel=2e-2)


@pytest.mark.filterwarnings("ignore:Even though the .tf.config.experimental_run_functions_eagerly")
def test_a_run_leaves_teacher_and_students_and_goes_on(start: Path, tmp_path: Path) -> None:
    """Two steps; and killed after the first of them, the run ends with the same weights, to rounding."""
    import tensorflow as tf

    config, whole, killed = together(start), tmp_path / "whole", tmp_path / "killed"
    tf.config.run_functions_eagerly(True)  # tracing takes longer than these steps
    try:
        assert train(config, whole).artefact == whole / "teacher.keras"
        shutil.copytree(whole, killed)
        (killed / "checkpoints" / "checkpoint-00000002.npz").unlink()
        for path in killed.glob("*.keras"):
            path.unlink()
        with pytest.raises(ConfigError, match="student.vectors_share was 0.25, now 0.125"):
            train(together(start, vectors_share=0.125), killed)
        assert train(config, killed).step == 2
    finally:
        tf.config.run_functions_eagerly(False)
    one, other = (np.load(folder / "checkpoints" / "checkpoint-00000002.npz") for folder in (whole, killed))
    assert one.files == other.files and len(one.files) > 800
    assert all(np.allclose(one[name], other[name], atol=2e-5) for name in one.files)
    cards = {}
    for name in ("teacher", "student-large", "student"):
        card = read_card(killed / f"{name}.keras")
        cards[name] = (card["name"], card["provenance"]["steps"], card["architecture"]["predictor"])
        [ancestor] = card["provenance"]["lineage"]
        assert ancestor["checksum"] == read_card(start)["checksum"]
    names = ("teacher", "student-large", "student")
    assert cards == {name: (f"impasto-{name}", 2, "mobilenet_v2_early") for name in names}
    # The student's predictor is one, and its painter is not the teacher's.
    small, large = (Stylizer.load(killed / f"{name}.keras") for name in ("student", "student-large"))
    same = {
        network: all(map(np.array_equal, getattr(small, network).get_weights(), getattr(large, network).get_weights()))
        for network in ("predictor", "transformer")
    }
    assert same == {"predictor": True, "transformer": False}


def test_what_no_student_can_have_is_refused(start: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="must leave one at least to the teacher.*Received: 0 and 2"):
        validate(together(start, vectors_share=0.5))
    with pytest.raises(ConfigError, match="one at least to the student's transformer. Received: 3 and 0"):
        validate(together(start, pictures_share=0.1))
    with pytest.raises(ConfigError, match="student.predictor_rate must be in"):
        validate(together(start, predictor_rate=0.0))
    with pytest.raises(ValueError, match="--student.start-from .*: predictor: expected"):
        build_trainer(together(start, predictor_width=1.0))
    (tmp_path / "student-large.keras").mkdir()
    with pytest.raises(FileError, match="student-large.keras"):
        prove_workdir(tmp_path, together(start))


def test_a_config_of_before_there_were_students_has_none() -> None:
    config = presets.TEACHER["tiny"]
    text = to_json(config)
    start, end = text.index('"student"'), text.index('"loss"')
    assert from_json(TeacherConfig, text[:start] + text[end:]) == config
