"""How the targets of the perceptual loss lie in a file and in a batch: float16 numbers and a float32 scale each.

A Gram matrix equals its transpose: what is on and above the diagonal is kept, row after row, one layer after the other.
Gram matrices reach 1e7, far over float16's 65504, so every matrix is divided by its largest entry, and so are features.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from keras import ops

from models.loss_network import STYLE_LAYERS
from train.perceptual import Targets

CHANNELS = {"relu1_2": 64, "relu2_2": 128, "relu3_3": 256, "relu4_3": 512}
_LENGTHS = [CHANNELS[name] * (CHANNELS[name] + 1) // 2 for name in STYLE_LAYERS]
# Numbers that the four Gram matrices of one painting take.
GRAM_LENGTH = sum(_LENGTHS)
# A batch that carries this entry carries its targets.
STORED = "style_gram"


def pack_grams(grams: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """`[B, C, C]` by style layer -> float16 `[B, GRAM_LENGTH]` and scales float32 `[B, 4]`."""
    parts, scales = [], []
    for name in STYLE_LAYERS:
        rows, columns = np.triu_indices(CHANNELS[name])
        part, scale = pack(grams[name][:, rows, columns])
        parts.append(part)
        scales.append(scale)
    return np.concatenate(parts, axis=1), np.stack(scales, axis=1)


def pack(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`[B, ...]` -> the same over each item's largest entry, float16, and these entries, float32 `[B]`."""
    values = values.astype(np.float32)
    scale = np.maximum(np.abs(values).max(axis=tuple(range(1, values.ndim))), np.finfo(np.float32).tiny)
    return (values / scale.reshape(-1, *[1] * (values.ndim - 1))).astype(np.float16), scale


def stored_targets(batch: dict[str, Any]) -> Targets:
    """The targets that a batch carries, whole and in float32, on any backend and inside a compiled step."""
    flat, scales = ops.cast(batch[STORED], "float32"), batch["style_gram_scale"]
    grams, start = {}, 0
    for index, name in enumerate(STYLE_LAYERS):
        length, channels = _LENGTHS[index], CHANNELS[name]
        part = flat[:, start : start + length] * scales[:, index : index + 1]
        start += length
        whole = ops.take(part, _positions(channels), axis=1)
        grams[name] = ops.reshape(whole, (-1, channels, channels))
    content = ops.cast(batch["content_target"], "float32") * batch["content_target_scale"][:, None, None, None]
    return Targets(content, grams)


def _positions(channels: int) -> np.ndarray:
    """`[C * C]`: where entry (row, column) lies among those on and above the diagonal."""
    positions = np.zeros((channels, channels), np.int32)
    rows, columns = np.triu_indices(channels)
    positions[rows, columns] = positions[columns, rows] = np.arange(len(rows))
    return positions.reshape(-1)
