"""A photograph in the tones of paintings: its light and dark, in what colours theirs have. For pictures of ink."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impasto.contract import ColorRules


def in_tones_of(
    photo: np.ndarray, paintings: Sequence[np.ndarray], shares: Sequence[float], masks: Sequence[np.ndarray] | None
) -> np.ndarray:
    """The photograph in the tones of paintings, mixed as their styles are.

    Recolouring (`impasto.colors`) keeps the photograph's hues apart, and blows the little colour of a grey landscape up
    to that of a red seal. Here its luma alone is kept: it gets the mean and the deviation of the painting's, and every
    luma the colour that goes with it in the painting, by linear regression.

    Args:
        photo: `[H, W, 3]` in [0, 1].
        paintings: `[h, w, 3]` in [0, 1] each.
        shares: Of the paintings; any positive scale.
        masks: `[H, W]` in [0, 1], one a painting; None for everywhere. Where they leave a place to none, it keeps its
            own colours.

    Returns `[H, W, 3]` in [0, 1].
    """
    everywhere = np.ones(photo.shape[:2], np.float32)
    parts = np.stack([share * mask for share, mask in zip(shares, masks or [everywhere] * len(paintings), strict=True)])
    total = parts.sum(axis=0)
    parts = np.divide(parts, total, out=np.zeros_like(parts), where=total > 0)
    light, mixed = _standard(photo)[..., None], (total == 0)[..., None] * photo
    for part, painting in zip(parts, paintings, strict=True):
        mean, gain = _tones(painting)
        mixed = mixed + part[..., None] * (mean + light * gain)
    return np.clip(mixed, 0, 1).astype(np.float32)


def _tones(painting: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean colour `[3]`, and what the colour gains by one deviation of luma `[3]`: their covariance."""
    colours = painting.reshape(-1, 3).astype(np.float64)
    mean = colours.mean(axis=0)
    return mean, (colours - mean).T @ _standard(colours) / len(colours)


def _standard(picture: np.ndarray) -> np.ndarray:
    """Luma of `[..., 3]`, with mean 0 and deviation 1; 0 where the picture has one luma alone."""
    rules = ColorRules()
    luma = picture.astype(np.float64) @ np.asarray(rules.luma)
    deviation = luma.std()
    return (luma - luma.mean()) / deviation if deviation > rules.flattest else np.zeros_like(luma)
