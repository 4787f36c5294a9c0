"""Building the networks of a run, in the precision that trains and in the float32 that is saved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras

from datasets.source import Source
from models.precision import precision
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer
from train.config import Config, DistillConfig, ModelConfig, TeacherConfig
from train.perceptual import PerceptualLoss
from train.trainers import DistillationTrainer, FrozenTeacher, TeacherAndStudent, TeacherTrainer
from train.whitening import folded, whitened

Networks = tuple[keras.Model, keras.Model]


def build_trainer(
    config: Config, styles: Source | None = None, *, restored: bool = False
) -> tuple[Networks, keras.Model]:
    """The networks that learn, and the trainer that says what they learn from.

    Args:
        config: Of the run.
        styles: Where `optim.whiten` takes its statistics from; None where a checkpoint has them.
        restored: Whether a checkpoint is to fill the networks: what they started from need not be there any more.

    Raises:
        StartingWeightsError, ArtefactError: where weights cannot be had.
        ValueError: where `start_from` has another architecture.
    """
    if isinstance(config, DistillConfig):
        return _build_distillation(config, styles, restored)
    networks = _whitened(build_networks(config.model, restored=restored), config, styles)
    size, perceptual = config.data.content_size, PerceptualLoss(config.loss)
    if not config.student.start_from:
        return networks, TeacherTrainer(networks, size, perceptual)
    student = build_networks(_student(config), restored=restored, start="--student.start-from")
    return networks, TeacherAndStudent(networks, size, perceptual, student, config.student)


def _student(config: TeacherConfig) -> ModelConfig:
    """The student's networks as `--model` would describe them."""
    own = config.student
    return replace(
        config.model,
        predictor=own.predictor,
        predictor_width=own.predictor_width,
        transformer=own.transformer,
        start_from=own.start_from,
        predictor_from="",
        alpha=1.0,
    )


def _whitened(networks: Networks, config: Config, styles: Source | None) -> Networks:
    predictor, transformer = networks
    return (whitened(predictor, styles, config.data.style_size[0]) if config.optim.whiten else predictor), transformer


def _build_distillation(config: DistillConfig, styles: Source | None, restored: bool) -> tuple[Networks, keras.Model]:
    weights = config.distillation
    origin = Stylizer.load(weights.teacher)
    predictor, transformer = _whitened(build_networks(config.model, restored=restored), config, styles)
    if weights.transformer == "teacher":
        transformer = keras.models.clone_model(origin.transformer)
        transformer.set_weights(origin.transformer.get_weights())
        if config.model.freeze_batch_norm:
            _freeze_batch_norm(transformer)
    # Only ever switched off: switching on would thaw the batch norm that build_networks froze.
    if not weights.tune_predictor:
        predictor.trainable = False
    if not weights.tune_transformer:
        transformer.trainable = False
    perceptual = PerceptualLoss(config.loss) if weights.perceptual_weight else None
    teacher = FrozenTeacher(origin.predictor, origin.transformer)
    painter = None
    if weights.painter and weights.picture_weight:
        other = Stylizer.load(weights.painter)
        painter = FrozenTeacher(other.predictor, other.transformer)
    networks = (predictor, transformer)
    return networks, DistillationTrainer(networks, config.data.content_size, weights, teacher, perceptual, painter)


def build_networks(config: ModelConfig, *, restored: bool = False, start: str = "--model.start-from") -> Networks:
    """Predictor and transformer as the config describes them, with their starting weights unless `restored`.

    `start` is the flag that gave `start_from`, for messages.
    """
    own = config.transformer in ("fast", "fine")
    options: dict[str, Any] = {"start": config.branches} if own else {"alpha": config.alpha}
    weights = None if restored or config.start_from or config.predictor_from else config.predictor_weights
    with precision("mixed_bfloat16" if config.mixed_precision else "float32"):
        predictor = build_predictor(config.predictor, weights=weights, width=config.predictor_width)
        transformer = build_transformer(config.transformer, **options)
    if config.start_from and not restored:
        origin = Stylizer.load(config.start_from)
        for source, target in ((origin.predictor, predictor), (origin.transformer, transformer)):
            _copy_weights(source, target, f"{start} {config.start_from}: {target.name}")
    elif config.predictor_from and not restored:
        origin = Stylizer.load(config.predictor_from)
        _copy_weights(origin.predictor, predictor, f"--model.predictor-from {config.predictor_from}: predictor")
    if config.freeze_batch_norm:
        _freeze_batch_norm(predictor)
        if config.start_from:  # one that starts anew has no statistics to keep
            _freeze_batch_norm(transformer)
    return predictor, transformer


def save_artefact(path: Path, networks: Networks, card: dict[str, Any]) -> dict[str, Any]:
    """Saves trained networks as a float32 artefact whatever precision they trained in; returns the card."""
    predictor, transformer = (_in_float32(network) for network in (folded(networks[0]), networks[1]))
    return Stylizer(predictor, transformer, card).save(path)


def _in_float32(network: keras.Model) -> keras.Model:
    def rebuild(layer: keras.layers.Layer) -> keras.layers.Layer:
        return type(layer).from_config({**layer.get_config(), "dtype": "float32"})

    copy = keras.models.clone_model(network, clone_function=rebuild, recursive=True)
    copy.set_weights(network.get_weights())
    return copy


def _copy_weights(source: keras.Model, target: keras.Model, what: str) -> None:
    expected = [tuple(weight.shape) for weight in target.weights]
    found = [tuple(weight.shape) for weight in source.weights]
    if expected != found:
        different = next((pair for pair in zip(expected, found, strict=False) if pair[0] != pair[1]), None)
        detail = f"first difference: {different[0]} expected, {different[1]} found" if different else "some are missing"
        raise ValueError(f"{what}: expected {len(expected)} arrays, found {len(found)}; {detail}")
    target.set_weights(source.get_weights())


def _freeze_batch_norm(model: keras.Model) -> None:
    """Puts every batch norm of a network, nested models included, into inference mode for good."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            _freeze_batch_norm(layer)
        elif isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
