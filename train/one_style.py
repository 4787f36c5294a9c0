"""`python -m train style`: a network for one style, or for a few by number, made from a shipped model in minutes.

One style is a transformer with plain norms (Johnson et al. 2016, on this project's `fast` graph); N styles share its
convolutions, and each has gammas and betas of its own (Dumoulin et al. 2017). Both are the arbitrary model's graph
with an embedding that is a number: 1 at the style's place, 0 elsewhere, so that the rows of the style heads are the
gammas and betas themselves. Whatever exports, paints or shows an arbitrary model does so with these.

The predictor of the artefact knows its styles again: for one style it is a constant; for several it says which of them
a painting looks like most, or a mixture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import tyro

from datasets.opening import open_source
from impasto.files import prove_writable, refuse_inputs, save
from impasto.pictures.folders import collect
from impasto.pictures.names import unique
from impasto.pictures.reading import read
from impasto.strokes import as_float
from models.startup import load_backend_quietly
from train.short_run import ShortRun
from train.squares import squares

if TYPE_CHECKING:
    from models.stylizer import Stylizer
    from train.indexed import Indexed

# Short side in pixels that no predictor looks at more of.
_LARGEST_LOOK = 1024


@dataclass(frozen=True, kw_only=True)
class StyleConfig(ShortRun):
    """Train a network for one style, or for several by number, from an arbitrary model: minutes on two cores.

    Writes an artefact that is exported, and runs, like every other. Ctrl-C writes it as far as it is; with --start
    naming it, training goes on. With --add, the styles of --start stay as they are to the last bit, and new ones are
    learnt by their norms alone.
    """

    style: Path | None = None
    """The painting."""
    styles: Path | None = None
    """A folder of paintings instead, up to 100: one network for all."""
    start: Path = Path("models/shipped/student.keras")
    """The artefact to start from: an arbitrary model, or one that this command wrote."""
    add: bool = False
    """Keep the styles of --start and add these, by training their norms alone."""
    style_size: int = 0
    """Short side in pixels at which the paintings' Gram matrices are taken: more makes the strokes larger. 0 takes that
    at which --start looks at paintings (256 of the shipped one), so that strokes are as large as its own."""
    content_weight: float = 1.5
    """Weight of the content loss at relu3_3. A network of one style, left at 1, buys style with content."""
    learning_rate: float = 4e-4
    """Peak learning rate."""
    held_out: int = 8
    """Photographs that are not learnt from, on which the result is compared with --start afterwards; at most a fifth of
    all there are, 0 for none."""


def parse(arguments: list[str]) -> StyleConfig:
    return tyro.cli(StyleConfig, prog="python -m train style", args=arguments)


def run(config: StyleConfig) -> Path:
    """Trains, and writes the artefact; returns its path.

    Raises:
        ValueError: impossible values; no painting, or more than fit.
        ArtefactError, StartingWeightsError, PictureError: something it needs is not as it should be.
        NonFiniteError: the loss is no number any more; nothing is written.
    """
    paintings = _paintings(config)
    source = open_source(config.content, role="content", seed=config.seed)

    load_backend_quietly()
    import keras

    from models.stylizer import Stylizer
    from train.indexed import Indexed
    from train.pace import fit_within

    keras.utils.set_random_seed(config.seed)
    start = Stylizer.load(config.start)
    indexed = Indexed.from_artefact(start, paintings, keep=config.add)
    found = squares(
        source, count=config.photographs, size=config.size, held_out=config.held_out, least=config.batch_size,
        seed=config.seed,
    )  # fmt: skip
    trainer, batches = _trainer(indexed, start, paintings, found.windows, config)
    done, seconds = fit_within(
        trainer, batches, steps=config.steps, minutes=config.minutes, rate=config.learning_rate,
        photographs=config.batch_size,
    )  # fmt: skip
    card = _card(config, indexed, done, seconds, len(found.windows), found.skipped)
    _save(indexed, config, card)
    if found.held_out:
        from train.held_out import gain
        from train.judge import Judge

        places = [indexed.names.index(name) for name in paintings]
        # What was learnt is on the disk by now: Ctrl-C costs the comparison alone.
        gained = gain(start, indexed.folded(), paintings, places, found.held_out, Judge(config.vgg16_weights))
        _save(indexed, config, {**card, "held_out": gained.card()})
        print(gained.told())
    return config.out


def _save(indexed: Indexed, config: StyleConfig, card: dict[str, Any]) -> None:
    _, elsewhere = save(config.out, lambda path: indexed.save(path, card))
    if elsewhere is not None:
        raise elsewhere


def _paintings(config: StyleConfig) -> dict[str, np.ndarray]:
    """Names and pictures, uint8 `[h, w, 3]`, as large as they are looked at, at least."""
    if config.out.suffix != ".keras":
        raise ValueError(f"--out must end in .keras. Received: {config.out}")
    refuse_inputs([config.out], [config.start, Path(config.vgg16_weights)])
    prove_writable([config.out])
    if config.size % 16 or config.size < 64:
        raise ValueError(f"--size must be a multiple of 16, from 64 on. Received: {config.size}")
    named = [path for path in (config.style, config.styles) if path is not None]
    if len(named) != 1:
        raise ValueError("expected --style, a painting, or --styles, a folder of them; received " + str(len(named)))
    paths = collect(named).paths
    names = unique([path.stem for path in paths])
    enough = max(config.style_size, _LARGEST_LOOK)
    return {name: read(path, enough=enough).pixels for name, path in zip(names, paths, strict=True)}


def _trainer(
    indexed: Any, start: Stylizer, paintings: dict[str, np.ndarray], windows: np.ndarray, config: StyleConfig
) -> tuple[Any, Iterator[tuple[dict[str, np.ndarray]]]]:
    from tqdm import tqdm

    from train.indexed import IndexedTrainer

    trainer = IndexedTrainer(indexed.transformer, config)
    rules = start.preprocessing
    if config.style_size:
        start.preprocessing = replace(rules, style=replace(rules.style, short_side=config.style_size))
    grams = [trainer.grams(as_float(start.fitted(picture))) for picture in paintings.values()]
    start.preprocessing = rules
    targets = [trainer.content(square) for square in tqdm(windows, desc="targets", unit="photo", disable=None)]
    places = [indexed.names.index(name) for name in paintings]
    return trainer, _batches(windows, np.stack(targets), grams, places, config)


def _batches(
    windows: np.ndarray, targets: np.ndarray, grams: list[dict[str, np.ndarray]], places: list[int], config: StyleConfig
) -> Iterator[tuple[dict[str, np.ndarray]]]:
    rng = np.random.default_rng([config.seed, 1])
    while True:
        chosen = rng.integers(0, len(windows), config.batch_size)
        styles = rng.integers(0, len(grams), config.batch_size)
        index = np.zeros((config.batch_size, 100), np.float32)
        index[np.arange(config.batch_size), [places[style] for style in styles]] = 1
        batch = {"content": windows[chosen], "target": targets[chosen], "index": index}
        for name in grams[0]:
            batch[f"gram_{name}"] = np.stack([grams[style][name] for style in styles])
        yield (batch,)


def _card(
    config: StyleConfig, indexed: Any, steps: int, seconds: float, photographs: int, skipped: int
) -> dict[str, Any]:
    many = len(indexed.names) > 1
    return {
        "name": f"impasto-{len(indexed.names)}-styles" if many else f"impasto-{indexed.names[0]}",
        "architecture": {"predictor": "which of its styles" if many else "constant", "transformer": "the start's"},
        "styles": indexed.styles(),
        "provenance": {
            "command": "python -m train style",
            "start": indexed.origin,
            "steps": steps,
            "hours": math.ceil(seconds / 36) / 100,
            "date": date.today().isoformat(),
            "data": {"content": config.content, "photographs": photographs, "skipped": skipped},
            "config": {name: str(value) for name, value in vars(config).items()},
        },
    }
