"""Learning a predictor's last layer on whitened features, so that every difference between styles is learnt as fast.

The pooled features of a backbone differ by orders of magnitude in how much they vary: their mean is several times their
spread, and most of the spread lies in few directions. Gradient steps on the layer behind them therefore move what all
styles have in common, which is noise, and hardly what sets similar styles apart. Here the layer is given
`(features - mean) @ basis`, whose numbers are uncorrelated and of variance one (less where there is next to none), and
is put back into the published form for saving: the function is the same.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from datasets.source import Source
from train.fit import batches

LAYER = "whitening"
_PICTURES = 2048
# Directions with less than this share of the whole variance are not blown up to variance one: they would learn noise.
_FLOOR = 1e-4


def whitened(predictor: keras.Model, styles: Source | None, size: int) -> keras.Model:
    """The same function of the same backbone, with its last layer behind fixed whitened features.

    Args:
        predictor: Of models.predictors; its backbone's layers are shared with the result.
        styles: Paintings to take the mean and the covariance from; None leaves both for a checkpoint to restore.
        size: Side in pixels at which they are looked at.
    """
    last = predictor.get_layer("embedding")
    kernel, bias = (value.astype(np.float64) for value in last.get_weights())
    width = len(kernel)
    mean, basis, inverse = np.zeros(width), np.eye(width), np.eye(width)
    if styles is not None:
        features = keras.Model(predictor.input, last.input)
        seen = [features.predict_on_batch(pictures) for pictures in batches(styles, _PICTURES, size)]
        mean, basis, inverse = _basis(np.concatenate(seen).astype(np.float64))
    fixed = _linear(last.input, basis, -mean @ basis, LAYER, trainable=False)
    head = _linear(fixed, inverse @ kernel, bias + mean @ kernel, "embedding")
    return keras.Model(predictor.input, head, name=predictor.name)


def folded(predictor: keras.Model) -> keras.Model:
    """A whitened predictor in the published form: one linear layer behind the features; others as they are."""
    if not any(layer.name == LAYER for layer in predictor.layers):
        return predictor
    fixed, head = predictor.get_layer(LAYER), predictor.get_layer("embedding")
    (basis, shift), (kernel, bias) = (
        [value.astype(np.float64) for value in layer.get_weights()] for layer in (fixed, head)
    )
    last = _linear(fixed.input, basis @ kernel, bias + shift @ kernel, "embedding")
    return keras.Model(predictor.input, last, name=predictor.name)


def _linear(x: Any, kernel: np.ndarray, bias: np.ndarray, name: str, *, trainable: bool = True) -> Any:
    layer = keras.layers.Dense(kernel.shape[1], dtype="float32", name=name, trainable=trainable)
    result = layer(x)
    layer.set_weights([kernel, bias])
    return result


def _basis(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean `[F]` of features `[N, F]`, the basis `[F, F]` that whitens them, and its inverse."""
    mean = features.mean(axis=0)
    variances, directions = np.linalg.eigh(np.cov(features - mean, rowvar=False))
    deviations = np.sqrt(np.maximum(variances, 0) + _FLOOR * variances.sum())
    return mean, directions / deviations, deviations[:, None] * directions.T
