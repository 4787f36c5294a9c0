"""Colour control, in NumPy: keep the photograph's colours, by luma or by recolouring the style first.

Two ways, after Gatys et al. 2016 (arXiv 1606.05897): paint freely and take only the brightness of the result, or give
the style picture the photograph's colours before the network sees it. The first keeps every pixel's hue exactly; the
second lets colours move with the brush strokes, within the photograph's palette.
"""

from __future__ import annotations

import numpy as np

from impasto.contract import ColorRules

MODES = ("luma", "recolour")


def keep_luma(stylised: np.ndarray, content: np.ndarray, rules: ColorRules | None = None) -> np.ndarray:
    """Luma of `stylised` with the chroma of `content`; both `[..., 3]` RGB in [0, 1], as is the result (float32).

    Where that pair lies outside the RGB cube, the chroma is reduced towards grey until it fits: the luma stays exact
    and the hue too, where clipping would change both.
    """
    weights = np.asarray((rules or ColorRules()).luma, np.float32)
    luma = (stylised @ weights)[..., None]
    # What each of R, G and B has beyond the luma: the chroma.
    offset = content - (content @ weights)[..., None]
    room = np.where(offset > 0, 1 - luma, luma)
    size = np.abs(offset)
    factor = np.min(np.where(size > room, room / np.maximum(size, 1e-12), 1.0), axis=-1, keepdims=True)
    return np.clip(luma + factor * offset, 0, 1).astype(np.float32)


def recolour(style: np.ndarray, content: np.ndarray, rules: ColorRules | None = None) -> np.ndarray:
    """`style` with the colour mean and covariance of `content`; both `[H, W, 3]` in [0, 1], as is the result (float32).

    The linear map is `A = C_content^(1/2) C_style^(-1/2)` with symmetric roots (Gatys et al. 2016; also the colour
    control of Huang and Belongie 2017), so that the moments match exactly before values outside [0, 1] are clipped.
    Cholesky factors would match them too, but depend on the order of the channels. Directions in which the style hardly
    varies (a grey or single-coloured picture) are left out of the map instead of being blown up from noise.
    """
    mean_style, root_style = _moments(style)
    mean_content, root_content = _moments(content)
    mapping = root_content @ np.linalg.pinv(root_style, rcond=(rules or ColorRules()).flattest, hermitian=True)
    return np.clip((style - mean_style) @ mapping.T + mean_content, 0, 1).astype(np.float32)


def _moments(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean colour `[3]` and symmetric square root of the covariance `[3, 3]`."""
    colours = picture.reshape(-1, 3).astype(np.float64)
    mean = colours.mean(axis=0)
    centred = colours - mean
    values, vectors = np.linalg.eigh(centred.T @ centred / len(colours))
    return mean, (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
