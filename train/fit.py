"""`python -m train fit`: a predictor whose 100 numbers say as much of a style as a linear layer can.

The style loss compares statistics of the loss network's features. The last layer of a predictor is therefore fitted to
tell them, by reduced-rank regression (Izenman 1975): ridge regression from the backbone's pooled features to mean and
standard deviation of every channel of the style layers, then the 100 directions that carry most of the prediction.
No network is trained, so this takes minutes; training end to end then starts from an embedding that knows its styles.

With a teacher, the layer is fitted to the teacher's vectors instead, by plain ridge regression: where a student begins
that is to share the teacher's style space.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import tyro
from tqdm import tqdm

from datasets.canvas import square_canvas
from datasets.opening import open_source
from datasets.source import Source
from impasto.errors import PictureError
from impasto.files import prove_writable, refuse_inputs, save
from models.startup import load_backend_quietly

if TYPE_CHECKING:
    from models.stylizer import Stylizer

# One picture in so many is kept for measuring.
_HELD_OUT = 10


@dataclass(frozen=True)
class FitConfig:
    """Fit the last layer of a style predictor to the loss network's statistics of many paintings, in minutes.

    With --teacher it is fitted to the teacher's vectors instead.

    Writes an artefact with this predictor and an untrained transformer, for --model.start-from of teacher and distill.
    With --transformer teacher it has the teacher's transformer, which understands the fitted vectors at once.
    """

    style: str
    """Paintings and textures: a folder, `tfds:NAME`, `synthetic:COUNT:SIZE` or `packed:PATH.npy`; joined by `+`."""
    out: Path
    """Artefact to write (.keras)."""
    teacher: str = ""
    """Artefact whose vectors are fitted instead, for a student that is to share them."""
    predictor: Literal["inception_v3", "inception_v3_statistics", "mobilenet_v2", "mobilenet_v2_early"] = (
        "mobilenet_v2_early"
    )
    """Style prediction network; see models/predictors.py."""
    predictor_weights: str = "imagenet"
    """Weights of its backbone: a path, `imagenet` (environment variable, cache, download) or `random`."""
    transformer: Literal["paper", "separable", "fast", "fine", "teacher"] = "fast"
    """Transformer network that goes with it, untrained; or `teacher`: the teacher's own, as it is."""
    count: int = 8000
    """Paintings to look at, at most, evenly spread over the source."""
    size: int = 256
    """Side in pixels of the square paintings."""
    ridge: float = 300.0
    """Strength of the ridge penalty, for features of variance one."""
    vgg16_weights: str = "imagenet"
    """Weights of the loss network: a path, `imagenet` (environment variable, cache, download) or `random`."""
    seed: int = 0
    """Seed of the untrained transformer's start."""


@dataclass(frozen=True)
class Fit:
    """A linear layer `features @ kernel + bias`, and what it leaves unexplained of each group of targets' variance."""

    kernel: np.ndarray
    bias: np.ndarray
    unexplained: list[float]


def parse(arguments: list[str]) -> FitConfig:
    return tyro.cli(FitConfig, prog="python -m train fit", args=arguments)


def run(config: FitConfig) -> Path:
    """Fits, says what was gained and writes the artefact; returns its path.

    Raises:
        ValueError: fewer pictures than dimensions, a name that does not end in .keras.
        StartingWeightsError: where weights cannot be had.
    """
    if config.out.suffix != ".keras":
        raise ValueError(f"--out must end in .keras. Received: {config.out}")
    if config.transformer == "teacher" and not config.teacher:
        raise ValueError("--transformer teacher needs --teacher, whose transformer it is")
    refuse_inputs([config.out], [Path(config.teacher), Path(config.predictor_weights), Path(config.vgg16_weights)])
    prove_writable([config.out])
    source = open_source(config.style, role="style")
    load_backend_quietly()
    import keras

    from models.predictors import build_predictor
    from models.stylizer import Stylizer
    from models.transformers import EMBEDDING_SIZE, build_transformer

    _require_enough(config, min(config.count, len(source)))  # before the work, though some may not be readable
    keras.utils.set_random_seed(config.seed)
    teacher = Stylizer.load(config.teacher) if config.teacher else None
    names, told = _targets(config, teacher)
    predictor = build_predictor(config.predictor, weights=config.predictor_weights)
    features, targets = _collect(predictor, told, source, config)
    _require_enough(config, len(features))
    if teacher is not None:
        fit = ridge_fit(features, targets[0], config.ridge)
    else:
        fit = reduced_rank_fit(features, targets, EMBEDDING_SIZE, config.ridge)
    predictor.get_layer("embedding").set_weights([fit.kernel, fit.bias])
    unexplained = {name: round(value, 4) for name, value in zip(names, fit.unexplained, strict=True)}
    print(f"variance of held-out targets left unexplained: {unexplained}")
    card = _card(config, len(features), unexplained)
    if teacher is not None and config.transformer == "teacher":
        transformer = teacher.transformer
    else:
        transformer = build_transformer(config.transformer)
    _, elsewhere = save(config.out, Stylizer(predictor, transformer, card).save)
    if elsewhere is not None:
        raise elsewhere
    return config.out


def _require_enough(config: FitConfig, found: int) -> None:
    from models.transformers import EMBEDDING_SIZE

    if found < 2 * EMBEDDING_SIZE:
        raise ValueError(
            f"--style {config.style}: fitting {EMBEDDING_SIZE} numbers needs {2 * EMBEDDING_SIZE} readable pictures, "
            f"found {found}"
        )


def reduced_rank_fit(features: np.ndarray, targets: list[np.ndarray], rank: int, ridge: float) -> Fit:
    """The `rank` linear combinations of features that predict the targets best.

    Targets and features are scaled to variance one, every group of targets weighs the same. The numbers that come out
    have mean 0 on the pictures of the fit, and are scaled halfway between what they predict and variance one: distances
    still say how different styles look, and the last of them is large enough to be learnt from.

    Args:
        features: `[N, F]`, of the backbone.
        targets: Groups `[N, T]`, one a style layer.
        rank: Numbers wanted.
        ridge: Added to the diagonal of the features' covariance times N.
    """
    x, mean, deviation, held_out = _standardised(features)
    groups = [(y - y[~held_out].mean(0)) / (y[~held_out].std(0) + 1e-6) for y in targets]
    y = np.concatenate([group / np.sqrt(group.shape[1]) for group in groups], axis=1).astype(np.float64)

    fitted = x[~held_out]
    coefficients = np.linalg.solve(fitted.T @ fitted + ridge * np.eye(x.shape[1]), fitted.T @ y[~held_out])
    _, singular, directions = np.linalg.svd(fitted @ coefficients, full_matrices=False)
    spread = singular[:rank] / np.sqrt(len(fitted))
    kernel = coefficients @ directions[:rank].T / np.sqrt(spread + 1e-6)

    embedding = x @ kernel
    unexplained = [_unexplained(embedding, group, held_out) for group in groups]
    kernel /= deviation[:, None]
    return Fit(kernel.astype(np.float32), (-mean @ kernel).astype(np.float32), unexplained)


def ridge_fit(features: np.ndarray, vectors: np.ndarray, ridge: float) -> Fit:
    """The linear layer that predicts `vectors` best: `[N, F]` to `[N, T]`, features scaled to variance one.

    What is left unexplained is measured on the vectors as they are, without the freedom of another linear map.
    """
    x, mean, deviation, held_out = _standardised(features)
    centre = vectors[~held_out].mean(0).astype(np.float64)
    fitted, wanted = x[~held_out], vectors.astype(np.float64) - centre
    kernel = np.linalg.solve(fitted.T @ fitted + ridge * np.eye(x.shape[1]), fitted.T @ wanted[~held_out])
    missed = np.square(x[held_out] @ kernel - wanted[held_out]).mean()
    unexplained = float(missed / np.square(wanted[held_out]).mean())
    kernel /= deviation[:, None]
    return Fit(kernel.astype(np.float32), (centre - mean @ kernel).astype(np.float32), [unexplained])


def _standardised(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features of mean 0 and variance one, their mean, their deviation, and which rows are kept for measuring."""
    held_out = np.arange(len(features)) % _HELD_OUT == _HELD_OUT - 1
    mean, deviation = features[~held_out].mean(0), features[~held_out].std(0) + 1e-6
    return ((features - mean) / deviation).astype(np.float64), mean, deviation, held_out


def _unexplained(embedding: np.ndarray, targets: np.ndarray, held_out: np.ndarray) -> float:
    known, asked = embedding[~held_out], embedding[held_out]
    linear = np.linalg.lstsq(known, targets[~held_out], rcond=None)[0]
    return float(np.square(asked @ linear - targets[held_out]).mean() / np.square(targets[held_out]).mean())


def _targets(config: FitConfig, teacher: Stylizer | None) -> tuple[list[str], Callable[[Any], list[Any]]]:
    """Names of the groups of targets, and what computes them from pictures `[B, S, S, 3]` in [0, 1]."""
    from models.layers import PositionStatistics
    from models.loss_network import STYLE_LAYERS, build_loss_network

    if teacher is not None:
        return ["vectors"], lambda style: [teacher.predictor(style)]
    network = build_loss_network(weights=config.vgg16_weights, pooling="max", outputs=STYLE_LAYERS)

    def statistics(style: Any) -> list[Any]:
        outputs = network(style)
        return [PositionStatistics()(outputs[name]) for name in STYLE_LAYERS]

    return list(STYLE_LAYERS), statistics


def _collect(
    predictor: Any, told: Callable[[Any], list[Any]], source: Source, config: FitConfig
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Pooled features of the backbone `[N, F]`, and the groups of targets `[N, T]`."""
    import keras

    style = predictor.input
    backbone = keras.Model(style, predictor.get_layer("embedding").input)
    model = keras.Model(style, [backbone(style), *told(style)])

    found = [model.predict_on_batch(batch) for batch in batches(source, config.count, config.size)]
    if not found:
        return np.zeros((0, 0), np.float32), []
    features, *targets = (np.concatenate(part) for part in zip(*found, strict=True))
    return features, targets


def batches(source: Source, count: int, size: int, length: int = 8) -> Iterator[np.ndarray]:
    """Up to `count` pictures evenly spread over a source, `[B, S, S, 3]` in [0, 1]; unreadable ones are passed over."""
    indices = np.linspace(0, len(source) - 1, min(count, len(source))).round().astype(int).tolist()
    with tqdm(total=len(indices), unit="picture", desc="statistics") as bar:
        for start in range(0, len(indices), length):
            pictures = []
            for index in indices[start : start + length]:
                try:
                    pictures.append(square_canvas(source.load(index), size))
                except PictureError:
                    continue
            if pictures:
                yield np.stack(pictures).astype(np.float32) / 255.0
                bar.update(min(length, len(indices) - start))


def _card(config: FitConfig, pictures: int, unexplained: dict[str, float]) -> dict[str, Any]:
    return {
        "name": "impasto-fitted-predictor",
        "architecture": {
            "predictor": config.predictor,
            "transformer": "the teacher's" if config.transformer == "teacher" else f"{config.transformer}, untrained",
        },
        "provenance": {
            "command": "python -m train fit",
            "pictures": pictures,
            "date": date.today().isoformat(),
            "starting_weights": {
                "predictor": Path(config.predictor_weights).name,
                "loss_network": Path(config.vgg16_weights).name,
            },
            "data": {"style": config.style},
            "config": {
                "model": {},
                "distillation": {"teacher": config.teacher},
                "fit": {"count": config.count, "size": config.size, "ridge": config.ridge},
            },
        },
        "figures": {"unexplained": unexplained},
    }
