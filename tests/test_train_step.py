"""One training step in parts: what the optimiser moves, and the loss terms, each worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from datasets.ops import crop_resize
from models import losses
from train import presets
from train.config import OptimConfig, TeacherConfig
from train.data import open_pairs
from train.networks import build_trainer
from train.optimizer import build_optimizer, orthogonalised


def tiny_in_float32(**optim: Any) -> TeacherConfig:
    """The tiny preset at 32 px and full precision, so that what is worked out by hand agrees."""
    config = presets.TEACHER["tiny"]
    return replace(
        config,
        data=replace(config.data, content_size=32, style_size=(32, 48)),
        model=replace(config.model, mixed_precision=False),
        loss=replace(config.loss, mixed_precision=False),
        optim=replace(config.optim, **optim),
    )


def test_predictor_rate_slows_the_predictor_alone() -> None:
    """Adam's first step moves every weight by its rate, whatever the gradient: the ratio of the steps is the share."""
    config = tiny_in_float32(predictor_rate=0.125, warmup_steps=0, learning_rate=1e-3, ema_momentum=0.0)
    networks, trainer = build_trainer(config)
    optimizer = build_optimizer(config.optim, trainer.parts)
    optimizer.build(trainer.trainable_variables)
    before = [[keras.ops.convert_to_numpy(v).copy() for v in network.trainable_variables] for network in networks]
    optimizer.apply([keras.ops.ones_like(variable) for variable in trainer.trainable_variables])
    moved = [
        [
            np.abs(keras.ops.convert_to_numpy(v) - old).max()
            for v, old in zip(network.trainable_variables, olds, strict=True)
        ]
        for network, olds in zip(networks, before, strict=True)
    ]
    np.testing.assert_allclose(moved[0], 0.125e-3, rtol=1e-2)
    np.testing.assert_allclose(moved[1], 1e-3, rtol=1e-2)


def test_the_optimiser_knows_the_predictor_by_what_it_is_not_by_position() -> None:
    """The transformer's variables come first here; the share of the rate is the predictor's all the same."""
    predictor, transformer = (keras.Variable(np.ones(3, np.float32), name=name) for name in ("p", "t"))
    config = OptimConfig(predictor_rate=0.125, warmup_steps=0, learning_rate=1e-3, ema_momentum=0.0, clip_norm=0.0)
    optimizer = build_optimizer(config, {"predictor": [predictor], "transformer": [transformer]})
    optimizer.build([transformer, predictor])
    optimizer.apply([keras.ops.full((3,), 2.0), keras.ops.full((3,), 0.5)])
    np.testing.assert_allclose(1 - keras.ops.convert_to_numpy(predictor), 0.125e-3, rtol=1e-2)
    np.testing.assert_allclose(1 - keras.ops.convert_to_numpy(transformer), 1e-3, rtol=1e-2)
    # By hand: norms of [2 2 2] and [0.5 0.5 0.5]; steps of the rate over weights of one.
    signals = {name: float(value) for name, value in optimizer.signals.items()}
    assert signals == pytest.approx(
        {
            "learning_rate": 1e-3,
            "gradient/transformer": 12**0.5,
            "gradient/predictor": 0.75**0.5,
            "update/transformer": 1e-3,
            "update/predictor": 0.125e-3,
        },
        rel=1e-3,
    )
    with pytest.raises(ValueError, match="variables of no part: .*other"):
        optimizer.build([keras.Variable(np.ones(3, np.float32), name="other")])


def test_orthogonalised_makes_singular_values_equal() -> None:
    """U diag(3, 0.6) V' as a kernel `[1, 2, 1, 2]`: the iteration acts on the two singular values alone."""
    turn = np.array([[0.6, -0.8], [0.8, 0.6]], np.float32)
    other = np.array([[0.0, 1.0], [-1.0, 0.0]], np.float32)
    values = np.array([3.0, 0.6])
    kernel = (turn * values) @ other
    found = keras.ops.convert_to_numpy(orthogonalised(kernel.reshape(1, 2, 1, 2).astype(np.float32)))
    values = values / np.hypot(*values)
    for _ in range(5):
        values = 3.4445 * values - 4.7750 * values**3 + 2.0315 * values**5
    assert 0.65 < values.min() and values.max() < 1.25
    np.testing.assert_allclose(found.reshape(2, 2), 0.2 * np.sqrt(2) * (turn * values) @ other, atol=1e-4)


def test_muon_moves_dense_convolutions_alone() -> None:
    config = tiny_in_float32(muon=True, warmup_steps=0, learning_rate=1e-3, ema_momentum=0.0, clip_norm=0.0)
    networks, trainer = build_trainer(config)
    optimizer = build_optimizer(config.optim, trainer.parts)
    optimizer.build(trainer.trainable_variables)
    variables = {v.path: v for v in networks[1].trainable_variables}
    before = {name: keras.ops.convert_to_numpy(v).copy() for name, v in variables.items()}
    rng = np.random.default_rng(0)
    # Not near zero, where Adam's epsilon shows.
    gradients = [rng.uniform(0.5, 1, v.shape) * rng.choice((-1, 1), v.shape) for v in trainer.trainable_variables]
    optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32") for gradient in gradients])
    steps = {name: keras.ops.convert_to_numpy(v) - before[name] for name, v in variables.items()}
    by_adam = {name for name, step in steps.items() if np.allclose(np.abs(step), 1e-3, rtol=1e-2)}
    dense = {name for name, step in steps.items() if step.ndim == 4 and step.shape[2] > 1 and step.shape[3] > 4}
    assert by_adam == set(steps) - dense and len(dense) > 10
    # In the long run Adam's root mean square is 0.2 to 0.4 of the rate.
    rms = np.array([np.sqrt(np.mean(steps[name] ** 2)) for name in dense])
    assert 0.05e-3 < rms.min() and rms.max() < 0.5e-3


def test_consistency_emphasis_and_border_by_hand() -> None:
    config = tiny_in_float32()
    loss = replace(config.loss, consistency_weight=2.0, border_weight=0.5, emphasis=1.0)
    config = replace(config, loss=loss)
    networks, trainer = build_trainer(config)
    pairs = open_pairs(config.data, seed=0)
    batch = pairs.batch(0)
    pictures = trainer(batch, training=True)
    _, terms = trainer._terms(batch, pictures)
    again = networks[1]([crop_resize(pictures["content"], batch["warp_box"], 32), pictures["embedding"]])
    moved = crop_resize(pictures["stylised"], batch["warp_box"], 32)
    expected = np.abs(np.asarray(again) - np.asarray(moved)).mean()
    assert expected > 1e-3
    assert float(terms["consistency"]) == pytest.approx(expected, rel=1e-4)
    total = float(trainer.perceptual.total(terms))
    without = total - 2.0 * expected
    assert without == pytest.approx(float(trainer.perceptual.total({**terms, "consistency": 0.0})), rel=1e-4)
    # One weighted sum by hand: a pair's style counts by its share of the two, and the strip of 8 px by half.
    seen, wanted = (trainer.perceptual._features(pictures[name]) for name in ("stylised", "style"))
    grams = {name: losses.gram_matrix(value) for name, value in wanted.items()}
    first, second = np.asarray(sum(losses.style_losses(seen, grams, balanced=True).values()))
    assert float(terms["emphasis"]) == pytest.approx((first - second) ** 2 / (2 * (first + second)), abs=2e-3)
    strips = {name: losses.border_strip(value, 8 >> block) for block, (name, value) in enumerate(seen.items())}
    border = np.asarray(sum(losses.style_losses(strips, grams, balanced=True).values())).mean()
    assert float(terms["border"]) == pytest.approx(border, rel=1e-2)
    bare = {**terms, "consistency": 0.0, "border": 0.0, "emphasis": 0.0}
    assert without - 0.5 * border - float(terms["emphasis"]) == pytest.approx(
        float(trainer.perceptual.total(bare)), rel=1e-2
    )
    # Of the first pair alone.
    differences = np.abs(np.asarray(again) - np.asarray(moved)).mean(axis=(1, 2, 3))
    assert abs(differences[0] - differences[1]) > 1e-4
    assert float(trainer._consistency(batch, pictures, 2)) == pytest.approx(differences[0], rel=1e-4)
    # Where nothing moves, nothing differs.
    batch["warp_box"] = np.tile(np.array([0, 0, 1, 1], np.float32), (2, 1))
    _, terms = trainer._terms(batch, trainer(batch, training=True))
    assert float(terms["consistency"]) < 1e-5


def test_shifted_losses_are_those_of_the_window() -> None:
    """Room for 8 px, at a quarter and at half of it: rows 2 to 26, columns 4 to 28 of 32."""
    config = tiny_in_float32()
    config = replace(config, loss=replace(config.loss, shift=8, border_weight=0.5))
    _, trainer = build_trainer(config)
    batch = open_pairs(config.data, seed=0).batch(0)
    assert batch["shift"].shape == (2, 2)
    batch["shift"] = np.tile(np.array([0.25, 0.5], np.float32), (2, 1))
    pictures = trainer(batch, training=True)
    _, terms = trainer._terms(batch, pictures)
    content, stylised = (np.asarray(pictures[name])[:, 2:26, 4:28] for name in ("content", "stylised"))
    wanted = trainer.perceptual.terms(content, pictures["style"], stylised, batch["identity"])
    for name, value in wanted.items():
        assert float(terms[name]) == pytest.approx(float(value), rel=1e-5), name
    whole = trainer.perceptual.terms(pictures["content"], pictures["style"], pictures["stylised"], batch["identity"])
    assert abs(float(whole["content"]) - float(terms["content"])) > 1e-4
