"""What a run is: frozen dataclasses, one a concern. Every field is a flag of `python -m train`.

`python -m train teacher tiny --help` lists them with these texts. A run's `config.json` is `to_json` of its config.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from dataclasses import dataclass, field
from typing import Any, Literal

# The name of a run's config in its workdir.
CONFIG = "config.json"


@dataclass(frozen=True)
class DataConfig:
    content: str = "synthetic:2000:288"
    """Photographs: a folder, `tfds:NAME`, `synthetic:COUNT:SIZE` or `packed:PATH.npy`; several joined by `+`."""
    style: str = "synthetic:2000:288"
    """Paintings and textures, written as --data.content."""
    batch_size: int = 8
    """Pairs of photograph and painting a step."""
    content_size: int = 256
    """Side of the square photographs in pixels, a multiple of 16."""
    content_crop: float = 1.0
    """Smallest side of the random windows of photographs, as a share; below 1 the network sees many scales of them."""
    canvas: int = 288
    """Side in pixels of the square that pictures are reduced to before cropping; for packed data, its own side."""
    style_size: tuple[int, int] = (128, 304)
    """Smallest and largest side of the square paintings; one size is drawn a batch (Ghiasi et al. 2017: 128 to 300)."""
    style_size_step: int = 16
    """Grid of the drawn sizes; compiled backends compile once a size."""
    augment_style: bool = True
    """Published augmentation: crop, both flips, brightness, saturation, hue."""
    style_jitter: float = 1.0
    """Scale of the changes of brightness, saturation and hue; at the published 1 many styles lose their colours."""
    identity_fraction: float = 0.0
    """Share of a batch whose painting is the photograph itself, which its own embedding should leave as it is."""
    targets: str = ""
    """Folder that `python -m train targets` wrote for the same data and loss network; empty: computed in every step."""
    on_device: bool = False
    """Put both packed arrays whole where the steps are computed, which then wait for no host: for accelerators."""
    preview_content: str = ""
    """Photographs of the picture grids, written as --data.content; empty: the training ones."""
    preview_style: str = ""
    """Paintings of the picture grids, written as --data.style; empty: the training ones."""
    workers: int = 2
    """Threads that read and decode pictures."""


@dataclass(frozen=True)
class ModelConfig:
    predictor: Literal["inception_v3", "inception_v3_statistics", "mobilenet_v2", "mobilenet_v2_early"] = "inception_v3"
    """Style prediction network; see models/predictors.py."""
    predictor_weights: str = "imagenet"
    """Starting weights of the backbone: a path, `imagenet` (environment variable, cache, download) or `random`."""
    predictor_width: float = 1.0
    """Width multiplier of the MobileNetV2s."""
    transformer: Literal["paper", "separable", "fast", "fine"] = "fast"
    """Transformer network; see models/transformers.py for sizes."""
    branches: Literal["zero", "small", "independent", "identical"] = field(
        default="zero", metadata={"before": "identical"}
    )
    """How the residual branches of `fast` and `fine` start; see models/starts.py."""
    alpha: float = 1.0
    """Width multiplier of the `paper` and `separable` transformers."""
    start_from: str = ""
    """An artefact (.keras) whose networks are the starting point instead; it must have this architecture."""
    predictor_from: str = ""
    """An artefact whose predictor is the starting point, while the transformer starts anew."""
    freeze_batch_norm: bool = True
    """Keep batch norm as trained, of the backbone and of a transformer that is started from: batches are too small."""
    mixed_precision: bool = True
    """Convolutions in bfloat16; norms, losses, weights and the picture stay float32."""


@dataclass(frozen=True)
class StudentConfig:
    start_from: str = ""
    """An artefact whose networks learn beside the teacher, as its students; empty: none does."""
    predictor: Literal["inception_v3", "inception_v3_statistics", "mobilenet_v2", "mobilenet_v2_early"] = (
        "mobilenet_v2_early"
    )
    """Its style prediction network."""
    predictor_width: float = 1.0
    """Width multiplier of its MobileNetV2."""
    transformer: Literal["paper", "separable", "fast", "fine"] = "fast"
    """Its transformer network."""
    vectors_share: float = 0.375
    """Share of a batch that the teacher's transformer paints with the student's vectors: it serves both predictors."""
    pictures_share: float = 0.375
    """Share of a batch that the student's transformer paints, with its own predictor's vectors."""
    vector_weight: float = 2.0
    """Weight of the vector loss: squared distance to the teacher's embedding over the embeddings' spread."""
    predictor_rate: float = 0.3
    """The student's predictor's learning rate as a share of the rest's."""

    def rows(self, batch_size: int) -> tuple[int, int, int]:
        """How many pairs of a batch are the teacher's, its transformer's with the student's vectors, the student's."""
        vectors, pictures = round(batch_size * self.vectors_share), round(batch_size * self.pictures_share)
        return batch_size - vectors - pictures, vectors, pictures


@dataclass(frozen=True)
class LossConfig:
    kind: Literal["balanced", "paper"] = "balanced"
    """`balanced` divides each layer's loss by its upper bound (arXiv 2104.10064); `paper` is Ghiasi et al. 2017."""
    content_weight: float = 1.0
    """Weight of the content loss at relu3_3."""
    style_weights: tuple[float, float, float, float] = (1.0, 1.0, 1.0, 1.0)
    """Weights of the style loss at relu1_2, relu2_2, relu3_3, relu4_3."""
    total_variation_weight: float = 0.1
    """Weight of the total variation of the stylised picture."""
    identity_weight: float = 1.0
    """Weight of the mean absolute difference to the photograph, for identity pairs only."""
    consistency_weight: float = 0.0
    """Weight of the difference between the moved photograph's picture and the moved picture: steady video."""
    consistency_every: int = 1
    """Of how many pairs one is painted once more for it: 2 takes every second, for a quarter less painting."""
    border_weight: float = 0.0
    """Weight of the style loss of the 8 px along the borders on their own, which are little of the whole."""
    emphasis: float = 0.0
    """How much pairs painted badly count: their style loss over the batch's mean to this power; 0 counts all alike."""
    mobilenet_emphasis: float = 0.0
    """The same of the style loss of MobileNetV2's layers."""
    mobilenet_weight: float = 0.0
    """Weight of the style loss of MobileNetV2's early layers: a second opinion, so that less is painted for VGG16."""
    shift: int = 0
    """Up to so many pixels, drawn for every batch, are cut off above and to the left, the rest of them below and to the
    right, before the losses: nothing can be painted for where the loss network's pooling happens to lie."""
    pooling: Literal["average", "max"] = "average"
    """Pooling of the loss network; the paper replaces VGG's maximum by the average."""
    padding: Literal["zero", "reflect"] = "zero"
    """Padding of the loss network; at small sizes zeros are much of what it sees, and the network paints for them."""
    vgg16_weights: str = "imagenet"
    """Weights of the loss network: a path, `imagenet` (environment variable, cache, download) or `random`."""
    mobilenet_weights: str = "imagenet"
    """Weights of MobileNetV2 where --loss.mobilenet-weight is positive, given likewise."""
    mixed_precision: bool = True
    """Loss network in bfloat16, Gram matrices in float32."""


@dataclass(frozen=True)
class OptimConfig:
    steps: int = 4000
    """Steps of the whole run."""
    learning_rate: float = 5e-4
    """Peak learning rate of Adam."""
    warmup_steps: int = 200
    """Steps of linear warm-up from a tenth of the rate."""
    final_learning_rate: float = 0.02
    """Last learning rate as a share of the peak, reached by cosine; 1 keeps it constant."""
    clip_norm: float = 1.0
    """Gradients are clipped to this global norm; 0 turns it off."""
    predictor_rate: float = 1.0
    """The predictor's learning rate as a share of the rest's; pretrained or fitted, it is unlearnt at the full rate."""
    whiten: bool = False
    """Learn the predictor's last layer on whitened features (train/whitening.py); the artefact is as without."""
    muon: bool = False
    """Dense convolutions by Muon instead of Adam (train/optimizer.py): a lower loss after as many steps."""
    ema_momentum: float = 0.995
    """Momentum of the averaged weights, which are what is saved in the artefact."""


@dataclass(frozen=True)
class RunConfig:
    seed: int = 0
    """Seed of the networks' start and of the stream of pairs."""
    log_every: int = 50
    """Steps between lines in metrics.jsonl and TensorBoard."""
    checkpoint_every: int = 250
    """Steps between checkpoints."""
    picture_every: int = 500
    """Steps between picture grids; 0 turns them off."""
    keep_checkpoints: int = 2
    """Checkpoints kept."""
    steps_per_execution: int = 1
    """Steps compiled into one call; more where dispatch shows, on accelerators."""


@dataclass(frozen=True)
class TeacherConfig:
    """Predictor and transformer trained together on the perceptual loss, and a student beside them if there is one."""

    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=ModelConfig)
    student: StudentConfig = field(default_factory=StudentConfig, metadata={"before": StudentConfig()})
    loss: LossConfig = field(default_factory=LossConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)
    run: RunConfig = field(default_factory=RunConfig)


@dataclass(frozen=True)
class DistillationConfig:
    teacher: str = "runs/teacher/teacher.keras"
    """Artefact to learn from: our own or an imported published one."""
    painter: str = ""
    """Artefact whose pictures are learnt, painted with its own embeddings; empty: the teacher."""
    transformer: Literal["teacher", "own"] = "teacher"
    """`teacher`: start from the teacher's transformer; `own`: the one that --model describes, from the start."""
    tune_predictor: bool = True
    """Train the predictor; off, it stays as --model starts it, and only the transformer learns."""
    tune_transformer: bool = False
    """Train the transformer too; off, only the predictor learns."""
    vector_weight: float = 1.0
    """Weight of the vector loss: squared distance to the teacher's embedding over the embeddings' spread."""
    picture_weight: float = 0.0
    """Weight of the mean absolute difference to the painter's picture."""
    perceptual_weight: float = 0.0
    """Weight of the perceptual loss that --loss describes; 0 leaves the loss network out."""


@dataclass(frozen=True)
class DistillConfig:
    """A MobileNetV2 predictor that learns the teacher's embeddings, and optionally a smaller transformer."""

    data: DataConfig = field(default_factory=DataConfig)
    model: ModelConfig = field(default_factory=lambda: ModelConfig(predictor="mobilenet_v2_early"))
    distillation: DistillationConfig = field(default_factory=DistillationConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)
    run: RunConfig = field(default_factory=RunConfig)


Config = TeacherConfig | DistillConfig


class ConfigError(ValueError):
    """A configuration that no run can have; the message names the field."""


def to_json(config: Config) -> str:
    return json.dumps(dataclasses.asdict(config), indent=2) + "\n"


def from_json(kind: type[Config], text: str) -> Config:
    """Reads `to_json`'s text back; unknown keys and wrong types are errors.

    A field that was added since takes the value that did what was done before: its metadata's `before`, or its default.

    Raises:
        ConfigError: naming the field, what was expected and what was received.
    """
    return typing.cast(Config, _from_dict(kind, json.loads(text), ""))


def _from_dict(kind: type, values: Any, where: str) -> Any:
    if not isinstance(values, dict):
        raise ConfigError(f"{where or 'config'} must be an object. Received: {values!r}")
    hints = typing.get_type_hints(kind)
    if unknown := sorted(set(values) - set(hints)):
        raise ConfigError(f"{where or 'config'}: unknown keys {unknown}")
    fields = {field.name: field for field in dataclasses.fields(kind)}
    parts = {}
    for name, hint in hints.items():
        path = f"{where}.{name}".lstrip(".")
        if name not in values:
            if "before" in fields[name].metadata:
                parts[name] = fields[name].metadata["before"]
            elif isinstance(hint, type) and dataclasses.is_dataclass(hint):
                raise ConfigError(f"{where or 'config'}: missing keys {[name]}")
            continue
        nested = isinstance(hint, type) and dataclasses.is_dataclass(hint)
        parts[name] = _from_dict(hint, values[name], path) if nested else _typed(hint, values[name], path)
    return kind(**parts)


def _typed(hint: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(hint)
    if origin is Literal:
        if value in typing.get_args(hint):
            return value
    elif origin is tuple:
        kinds = typing.get_args(hint)
        if isinstance(value, list | tuple) and len(value) == len(kinds):
            return tuple(_typed(kind, part, where) for kind, part in zip(kinds, value, strict=True))
    elif hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif type(value) is hint:
        return value
    raise ConfigError(f"{where} must be {hint}. Received: {value!r} ({type(value).__name__})")


def validate(config: Config) -> None:
    """Raises ConfigError for values that every type check lets through and no run survives."""
    data, optim, run = config.data, config.optim, config.run
    small, large = data.style_size
    rules: list[tuple[bool, str, Any]] = [
        (data.batch_size >= 1, "data.batch_size must be at least 1", data.batch_size),
        (
            data.content_size >= 32 and data.content_size % 16 == 0,
            "data.content_size must be a multiple of 16 from 32 on",
            data.content_size,
        ),
        (16 <= small < large, "data.style_size must be two rising sides from 16 on", data.style_size),
        (0 < data.content_crop <= 1, "data.content_crop must be in (0, 1]", data.content_crop),
        (0 <= data.identity_fraction <= 1, "data.identity_fraction must be in [0, 1]", data.identity_fraction),
        (optim.steps >= 1, "optim.steps must be at least 1", optim.steps),
        (
            config.loss.consistency_every >= 1,
            "loss.consistency_every must be at least 1",
            config.loss.consistency_every,
        ),
        (optim.learning_rate > 0, "optim.learning_rate must be positive", optim.learning_rate),
        (0 < optim.predictor_rate <= 1, "optim.predictor_rate must be in (0, 1]", optim.predictor_rate),
        (0 <= optim.ema_momentum < 1, "optim.ema_momentum must be in [0, 1)", optim.ema_momentum),
        (optim.clip_norm >= 0, "optim.clip_norm must not be negative", optim.clip_norm),
        (run.log_every >= 1, "run.log_every must be at least 1", run.log_every),
        (run.checkpoint_every >= 1, "run.checkpoint_every must be at least 1", run.checkpoint_every),
        (run.picture_every >= 0, "run.picture_every must not be negative", run.picture_every),
        (run.keep_checkpoints >= 1, "run.keep_checkpoints must be at least 1", run.keep_checkpoints),
        (run.steps_per_execution >= 1, "run.steps_per_execution must be at least 1", run.steps_per_execution),
    ]
    shift = config.loss.shift
    rules.append((0 <= shift < data.content_size // 2, "loss.shift must be from 0 to below half content_size", shift))
    stored = bool(shift) and bool(data.targets)
    rules.append((not stored, "loss.shift and data.targets exclude each other: targets are of whole windows", stored))
    both = data.on_device and bool(data.targets)
    rules.append((not both, "data.on_device and data.targets exclude each other: targets are read from disk", both))
    if isinstance(config, TeacherConfig) and config.student.start_from:
        student = config.student
        teachers, vectors, pictures = student.rows(data.batch_size)
        rules.append(
            (
                teachers >= 1 and vectors >= 0 and pictures >= 1,
                f"of {data.batch_size} pairs (data.batch_size), student.vectors_share {student.vectors_share} and "
                f"student.pictures_share {student.pictures_share} must leave one at least to the teacher, and one at "
                "least to the student's transformer",
                f"{teachers} and {pictures}",
            )
        )
        rate = student.predictor_rate
        rules.append((0 < rate <= 1, "student.predictor_rate must be in (0, 1]", rate))
    if isinstance(config, DistillConfig):
        weights = config.distillation
        total = weights.vector_weight + weights.picture_weight + weights.perceptual_weight
        rules.append((total > 0, "one of distillation's three weights must be positive", total))
        learns = weights.tune_predictor or weights.tune_transformer
        rules.append((learns, "distillation must tune the predictor, the transformer or both", "neither"))
        painted = weights.picture_weight + weights.perceptual_weight
        rules.append(
            (
                not weights.tune_transformer or painted > 0,
                "distillation.tune_transformer needs picture_weight or perceptual_weight: from vectors alone "
                "the transformer receives no gradient",
                painted,
            )
        )
        rules.append(
            (
                not weights.painter or weights.picture_weight > 0,
                "distillation.painter needs picture_weight: nothing is learnt from its pictures otherwise",
                weights.picture_weight,
            )
        )
    origins = (config.model.start_from, config.model.predictor_from)
    rules.append((not all(origins), "model.start_from brings a predictor of its own: no model.predictor_from", origins))
    for holds, rule, value in rules:
        if not holds:
            raise ConfigError(f"{rule}. Received: {value}")
