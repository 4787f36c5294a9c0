"""`python -m train sliders`: a network that moves "how abstract" and "how fine" of an artefact, and how far it does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tyro

from datasets.opening import files_of, open_source
from impasto.files import prove_writable, refuse_inputs, replacing, write_json
from impasto.strokes import as_float
from models.startup import load_backend_quietly
from train.short_run import ShortRun
from train.squares import squares

if TYPE_CHECKING:
    import keras

    from models.stylizer import Stylizer
    from train.sliders import SliderTrainer


@dataclass(frozen=True, kw_only=True)
class SlidersConfig(ShortRun):
    """Train sliders for the weights of the losses, for an artefact whose networks stay as they are (an experiment).

    Writes a Keras model of an embedding and five sliders to the conditioning of the norms. Beside it lies what
    every slider moves, measured on photographs and paintings that were held out (.json), and a picture of it (.jpg).
    """

    style: str
    """Paintings, written likewise."""
    start: Path = Path("models/shipped/student.keras")
    """The artefact."""
    steps: int = 1500
    """Steps at most."""
    photographs: int = 150
    """Squares of photographs whose targets are computed once and kept."""
    paintings: int = 60
    """Paintings, likewise."""
    held_out: int = 4
    """Photographs, and paintings, on which the sliders are measured afterwards."""
    content_weight: float = 1.0
    """Weight of the content loss with its slider in the middle."""
    style_weight: float = 1.0
    """Weight of each of the four style losses, likewise."""
    total_variation_weight: float = 0.1
    """Weight of the total variation, which has no slider."""


def parse(arguments: list[str]) -> SlidersConfig:
    return tyro.cli(SlidersConfig, prog="python -m train sliders", args=arguments)


def run(config: SlidersConfig) -> Path:
    """Trains, writes the model, measures it; returns its path.

    Raises:
        ValueError: impossible values; too few pictures.
        ArtefactError, StartingWeightsError: something it needs is not as it should be.
        NonFiniteError: the loss is no number any more; nothing is written.
    """
    if config.out.suffix != ".keras":
        raise ValueError(f"--out must end in .keras. Received: {config.out}")
    if config.size % 16 or config.size < 64:
        raise ValueError(f"--size must be a multiple of 16, from 64 on. Received: {config.size}")
    outputs = [config.out, config.out.with_suffix(".json"), config.out.with_suffix(".jpg")]
    content = open_source(config.content, role="content", seed=config.seed)
    style = open_source(config.style, role="style", seed=config.seed)
    read_files = [*files_of(content), *files_of(style), str(config.start), config.vgg16_weights]
    refuse_inputs(outputs, [Path(path) for path in read_files])
    prove_writable(outputs)
    wanted = {"size": config.size, "held_out": config.held_out, "seed": config.seed}
    photos = squares(content, count=config.photographs, least=config.batch_size, **wanted)
    paintings = squares(style, count=config.paintings, least=1, **wanted)

    load_backend_quietly()
    import keras

    from models.stylizer import Stylizer
    from train.pace import fit_within
    from train.sliders import SliderTrainer, slider_network

    keras.utils.set_random_seed(config.seed)
    start = Stylizer.load(config.start)
    embeddings = np.stack([start.predict(painting) for painting in paintings.windows])
    sliders = slider_network(start.transformer, embeddings)
    trainer = SliderTrainer(start.transformer, sliders, config)
    batches = _batches(trainer, photos.windows, paintings.windows, embeddings, config)
    done, seconds = fit_within(
        trainer, batches, steps=config.steps, minutes=config.minutes, rate=config.learning_rate,
        photographs=config.batch_size,
    )  # fmt: skip
    save_model(sliders, config.out)
    if photos.held_out and paintings.held_out:
        told = _measured(start, trainer, photos.held_out, paintings.held_out, config)
        write_json(config.out.with_suffix(".json"), {"steps": done, "seconds": round(seconds), "means": told})
        for line in _table(told):
            print(line)
    return config.out


def save_model(model: keras.Model, path: Path) -> None:
    """Writes a Keras model, whole or not at all."""
    with replacing(path, suffix=".keras") as draft:  # by which Keras tells the format
        model.save(draft)


def _batches(
    trainer: SliderTrainer, photos: np.ndarray, paintings: np.ndarray, embeddings: np.ndarray, config: SlidersConfig
) -> Iterator[tuple[dict[str, np.ndarray]]]:
    from tqdm import tqdm

    from train.sliders import REACH, SLIDERS

    grams = [trainer.grams(as_float(painting)) for painting in tqdm(paintings, desc="paintings", disable=None)]
    targets = np.stack([trainer.content(photo) for photo in tqdm(photos, desc="photographs", disable=None)])

    def endless() -> Iterator[tuple[dict[str, np.ndarray]]]:
        rng = np.random.default_rng([config.seed, 1])
        count = config.batch_size
        while True:
            chosen, styles = rng.integers(0, len(photos), count), rng.integers(0, len(paintings), count)
            # Half of them move one slider alone, as people do.
            values = rng.uniform(-REACH, REACH, (count, len(SLIDERS)))
            alone = np.eye(len(SLIDERS))[rng.integers(0, len(SLIDERS), count)]
            values = np.where(rng.random((count, 1)) < 0.5, values * alone, values)
            batch = {"content": photos[chosen], "target": targets[chosen], "index": embeddings[styles]}
            batch["sliders"] = values.astype(np.float32)
            for name in grams[0]:
                batch[f"gram_{name}"] = np.stack([grams[style][name] for style in styles])
            yield (batch,)

    return endless()


def _measured(
    start: Stylizer,
    trainer: SliderTrainer,
    photos: list[np.ndarray],
    paintings: list[np.ndarray],
    config: SlidersConfig,
) -> dict[str, dict[str, float]]:
    """Mean losses over all pairs by the setting of the sliders; writes the picture, one pair in every setting."""
    from tqdm import tqdm

    from impasto.pictures.writing import write
    from stylize.sheet import sheet
    from train.judge import Judge
    from train.sliders import positions

    judge = Judge(config.vgg16_weights)
    looked_at = [(start.predict(painting), judge.grams(as_float(start.fitted(painting)))) for painting in paintings]
    features = [judge.content_features(as_float(photo)) for photo in photos]
    told: dict[str, dict[str, float]] = {}
    shown: list[tuple[str, np.ndarray]] = []
    for name, values in tqdm(positions().items(), desc="measuring", unit="setting", disable=None):
        found = []
        for index, photo in enumerate(photos):
            for number, (embedding, grams) in enumerate(looked_at):
                picture = _painted(trainer.transformer, trainer.sliders, as_float(photo), embedding, values)
                found.append(judge.judge(picture, features[index], grams))
                if index == number == 0:
                    shown.append((name, picture))
        told[name] = {key: float(np.mean([one[key] for one in found])) for key in found[0]}
    rows = [[shown[0], ("painting", as_float(start.fitted(paintings[0])))]]
    rows += [shown[at : at + 2] for at in range(1, len(shown), 2)]
    write(config.out.with_suffix(".jpg"), sheet(rows))
    return told


def _painted(
    transformer: keras.Model, sliders: keras.Model, photo: np.ndarray, embedding: np.ndarray, values: np.ndarray
) -> np.ndarray:
    conditioning = np.asarray(sliders([embedding[None], values[None]], training=False))
    return np.asarray(transformer([photo[None], conditioning], training=False))[0]


def _table(told: dict[str, dict[str, float]]) -> list[str]:
    """Every setting's losses over those of the default."""
    default: dict[str, Any] = told["default"]
    lines = ["default: " + json.dumps({name: round(value, 3) for name, value in default.items()})]
    for name, means in told.items():
        if name != "default":
            lines.append(f"{name:24} " + "  ".join(f"{key} {means[key] / default[key]:.2f}x" for key in default))
    return lines
