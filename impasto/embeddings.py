"""Arithmetic of style embeddings: blending styles and setting their strength, in NumPy.

The embedding space is linear enough for both: a blend is a weighted mean, strength a point on the line from the
photograph's own embedding (which paints it as itself) to the style's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def blend(embeddings: np.ndarray | Sequence[np.ndarray], weights: Sequence[float] | None = None) -> np.ndarray:
    """Weighted mean of N embeddings `[N, E]` -> `[E]`; weights are normalised to sum to one, equal by default.

    Raises:
        ValueError: no embedding, another number of weights than embeddings, a negative or non-finite weight, or all
            zero.
    """
    stacked = np.asarray(embeddings, np.float32)
    if stacked.ndim != 2 or not len(stacked):
        raise ValueError(f"embeddings must have shape [N, E] with N >= 1. Received shape: {stacked.shape}")
    if weights is None:
        weights = [1.0] * len(stacked)
    factors = np.asarray(weights, np.float64)
    if factors.shape != (len(stacked),):
        raise ValueError(f"one weight a style is needed: {len(stacked)} styles, weights received: {list(weights)}")
    if not np.all(np.isfinite(factors)) or np.any(factors < 0) or factors.sum() <= 0:
        raise ValueError(f"weights must be finite, not negative and not all zero. Received: {list(weights)}")
    return (factors[:, None] / factors.sum() * stacked).sum(axis=0).astype(np.float32)


def interpolate(identity: np.ndarray, style: np.ndarray, strength: float) -> np.ndarray:
    """The point at `strength` on the line from `identity` (0) to `style` (1) and beyond; shapes broadcast."""
    if not np.isfinite(strength) or strength < 0:
        raise ValueError(f"strength must be a finite number from 0 on. Received: {strength}")
    return (np.asarray(identity) + strength * (np.asarray(style) - np.asarray(identity))).astype(np.float32)
