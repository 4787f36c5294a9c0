"""Fitting a predictor's last layer: what reduced-rank regression must find, and the command on pictures."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from datasets.opening import open_source
from models.artefact import read_card
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer
from train.cli import main
from train.fit import reduced_rank_fit, ridge_fit


def test_targets_of_low_rank_are_found_exactly() -> None:
    """Targets that two hidden numbers decide: rank 2 explains them, rank 1 does not, and the order is by weight."""
    rng = np.random.default_rng(0)
    hidden = rng.normal(size=(500, 2))
    features = np.concatenate([hidden @ rng.normal(size=(2, 6)), rng.normal(size=(500, 4))], axis=1) * 3 + 7
    targets = [hidden @ rng.normal(size=(2, 20)), hidden @ rng.normal(size=(2, 5)) * 100]

    two = reduced_rank_fit(features, targets, rank=2, ridge=1e-6)
    assert max(two.unexplained) < 1e-6
    # Every number of the embedding is a mix of the two hidden ones, and nothing else.
    embedding = features @ two.kernel + two.bias
    mixed = np.linalg.lstsq(hidden - hidden.mean(0), embedding - embedding.mean(0), rcond=None)
    assert mixed[1].max() < 1e-3 * np.square(embedding).sum()
    kept = np.arange(500) % 10 != 9
    np.testing.assert_allclose(embedding[kept].mean(0), 0, atol=1e-3)
    assert embedding[:, 0].std() > embedding[:, 1].std()

    one = reduced_rank_fit(features, targets, rank=1, ridge=1e-6)
    assert min(one.unexplained) > 0.01
    np.testing.assert_allclose(one.kernel[:, 0], two.kernel[:, 0], atol=1e-5)


def test_groups_of_targets_weigh_the_same() -> None:
    """A layer of 200 channels must not outvote one of 2."""
    rng = np.random.default_rng(1)
    features = rng.normal(size=(400, 2))
    # Slightly unequal noise-free weights: the small group says more, by being told with a louder second copy.
    many, few = np.repeat(features[:, :1], 200, axis=1), np.repeat(features[:, 1:], 2, axis=1)
    fit = reduced_rank_fit(features, [many, few], rank=2, ridge=1e-6)
    embedding = features @ fit.kernel + fit.bias
    spread = embedding.std(0)
    assert spread[1] / spread[0] > 0.9


def test_vectors_are_told_as_they_are() -> None:
    """Vectors that are linear in the features are found, bias and all; noise that no feature tells is what is left."""
    rng = np.random.default_rng(2)
    features = rng.normal(size=(1000, 5)) * [1, 10, 0.1, 3, 1] + 4
    kernel, bias = rng.normal(size=(5, 3)), np.array([1.0, -2.0, 30.0])
    exact = features @ kernel + bias
    fit = ridge_fit(features, exact, ridge=1e-6)
    np.testing.assert_allclose(fit.kernel, kernel, rtol=1e-4)
    np.testing.assert_allclose(fit.bias, bias, atol=1e-3)
    assert fit.unexplained[0] < 1e-8
    noisy = exact + rng.normal(size=exact.shape) * exact.std(0)
    assert ridge_fit(features, noisy, ridge=1e-6).unexplained[0] == pytest.approx(0.5, abs=0.08)


def test_the_command_fits_a_predictor_that_knows_styles(
    tmp_path: Path, starting_weights: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "fitted.keras"
    command = [
        "fit", "--style", "synthetic:220:48", "--out", str(out), "--size", "48", "--ridge", "30",
        "--predictor-weights", str(starting_weights["mobilenet_v2"]), "--vgg16-weights", str(starting_weights["vgg16"]),
    ]  # fmt: skip
    assert main(command) == 0
    assert str(out) in capsys.readouterr().out
    fitted = Stylizer.load(out)
    unexplained = fitted.card["figures"]["unexplained"]
    assert fitted.card["provenance"]["pictures"] == 220
    # Held-out pictures of the same generators: colours and contrasts must be told almost fully.
    assert unexplained["relu1_2"] < 0.25 and all(0 < value < 0.9 for value in unexplained.values())
    source = open_source("synthetic:220:48", role="style")
    pictures = np.stack([source.load(index) for index in range(16)]).astype(np.float32) / 255
    embeddings = fitted.predictor.predict_on_batch(pictures)
    assert embeddings.shape == (16, 100) and np.isfinite(embeddings).all()
    # Different pictures have different embeddings, far beyond rounding.
    distances = np.linalg.norm(embeddings[:, None] - embeddings[None], axis=-1)
    assert distances[~np.eye(16, dtype=bool)].min() > 0.1


def test_the_command_fits_a_student_to_its_teacher(
    tmp_path: Path, starting_weights: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """What one random backbone says of plain pictures is in reach of another one's last layer.

    The teacher's transformer, which understands its vectors, comes along where it is asked for.
    """
    teacher, out = tmp_path / "teacher.keras", tmp_path / "student.keras"
    keras.utils.set_random_seed(3)
    predictor = build_predictor("mobilenet_v2_early", weights=None, width=0.35)
    transformer = build_transformer("fast", width=16, blocks=1)
    Stylizer(predictor, transformer).save(teacher)
    command = [
        "fit", "--style", "synthetic:220:32", "--size", "32", "--out", str(out), "--transformer", "teacher",
        "--ridge", "1", "--predictor-weights", str(starting_weights["mobilenet_v2"]),
    ]  # fmt: skip
    assert main(command) == 1
    assert "--transformer teacher needs --teacher" in capsys.readouterr().err
    assert main([*command, "--teacher", str(teacher)]) == 0
    assert "left unexplained: {'vectors': 0." in capsys.readouterr().out
    card = read_card(out)
    assert card["figures"]["unexplained"]["vectors"] < 0.5
    assert card["provenance"]["config"]["distillation"]["teacher"] == str(teacher)
    assert card["architecture"]["transformer"] == "the teacher's"
    found = Stylizer.load(out).transformer.get_weights()
    assert all(map(np.array_equal, found, transformer.get_weights()))


def test_too_few_pictures_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Before any network is built: the weights that it names are not there."""
    command = [
        "fit", "--style", "synthetic:20:64", "--out", str(tmp_path / "x.keras"), "--size", "64",
        "--predictor-weights", str(tmp_path / "absent"), "--vgg16-weights", str(tmp_path / "absent"),
    ]  # fmt: skip
    assert main(command) == 1
    assert "needs 200 readable pictures, found 20" in capsys.readouterr().err
    teacher = tmp_path / "x.keras"
    teacher.write_bytes(b"a teacher")
    assert main([*command, "--teacher", str(teacher)]) == 1
    assert "x.keras: would be overwritten, but is also read" in capsys.readouterr().err
    assert main([*command[:4], str(tmp_path / "x.h5")]) == 1
    assert "must end in .keras" in capsys.readouterr().err
