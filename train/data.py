"""The pictures of a run: sources opened as the config names them, pairs streamed as the backend likes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import keras
import numpy as np

from datasets.indexed_pairs import IndexedPairs
from datasets.opening import open_source
from datasets.pairs import Pairs, PairSpec
from datasets.source import Source
from train.callbacks import STOP
from train.config import DataConfig, LossConfig
from train.previews import Preview
from train.target_pairs import TargetPairs
from train.target_store import open_targets


def open_pairs(
    config: DataConfig,
    seed: int,
    loss: LossConfig | None = None,
    part: tuple[int, int] = (0, 1),
    leave_out: Sequence[Path] = (),
) -> Pairs:
    """Opens both sources, and the stored targets, for this loss, if the config names any.

    Args:
        config, seed, loss: Of the run.
        part: (i, n): this worker's part of every batch is the i-th of n.
        leave_out: Folders that hold no pictures to learn from, but what the run writes.

    Raises:
        ValueError: a source is misspelt, missing, or has fewer usable pictures than a batch; or the stored targets are
            of other pictures or another loss network. Names it.
    """
    content, style = open_sources(config, seed, leave_out)
    spec = pair_spec(config, seed)
    if config.on_device:
        return IndexedPairs(content, style, spec, part)
    if config.targets:
        return TargetPairs(content, style, spec, open_targets(config, loss or LossConfig(), content, style), part)
    return Pairs(content, style, spec, part)


def open_sources(config: DataConfig, seed: int, leave_out: Sequence[Path] = ()) -> tuple[Source, Source]:
    """Photographs and paintings."""
    content = open_source(config.content, role="content", seed=seed, leave_out=leave_out)
    return content, open_source(config.style, role="style", seed=seed, leave_out=leave_out)


def pair_spec(config: DataConfig, seed: int) -> PairSpec:
    """What a batch holds, as `datasets` says it: by the same names, whatever of it a config has."""
    shared = [field.name for field in fields(PairSpec) if hasattr(config, field.name)]
    return PairSpec(seed=seed, **{name: getattr(config, name) for name in shared})


def open_preview(config: DataConfig, leave_out: Sequence[Path] = ()) -> Preview:
    """The pictures of the grids: held-out ones where the config names them."""
    content = open_source(config.preview_content or config.content, role="content", leave_out=leave_out)
    style = open_source(config.preview_style or config.style, role="style", leave_out=leave_out)
    return Preview(content, style, config.content_size, config.style_size[1] // 4 * 4)


def stream(pairs: Pairs, start: int, stop: int, workers: int, flag: Callable[[], float] | None = None) -> Any:
    """Batches of steps `start` to `stop` in order, as `fit` takes them on this backend.

    TensorFlow needs a signature that lets the style size vary; the others take a plain generator.

    Args:
        pairs, start, stop, workers: As of `Pairs.stream`.
        flag: What this worker tells the others with every batch, as it is when the batch is taken; None without others.
    """
    if keras.backend.backend() == "tensorflow":
        return pairs.as_tf_data(start, stop, workers)
    batches = pairs.stream(start, stop, workers=workers)
    if flag is None:
        return ((batch,) for batch in batches)
    return (({**batch, STOP: np.full(len(batch["identity"]), flag(), np.float32)},) for batch in batches)
