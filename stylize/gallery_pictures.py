"""The two pictures for ink that the gallery draws itself: a horse and a landscape."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from impasto.pictures.reading import read


def horse(height: int = 384) -> np.ndarray:
    """A horse on light ground, shaded as if lit from above: `[H, W, 3]` in [0, 1].

    The outline is scikit-image's `horse` (openclipart, public domain).
    """
    import skimage.data
    from scipy import ndimage

    # In the package itself; `skimage.data.horse` would look for it in a cache.
    flat = Image.fromarray(read(Path(skimage.data.__file__).parent / "horse.png").pixels).convert("L")
    width = round(flat.width * height / flat.height)
    outline = np.asarray(flat.resize((width, height), Image.Resampling.LANCZOS), np.float64) / 255
    inside = outline < 0.5
    depth = ndimage.gaussian_filter(np.sqrt(ndimage.distance_transform_edt(inside)), 3)
    depth /= depth.max()
    lit = np.clip(0.55 - 2.2 * height / 384 * ndimage.sobel(depth, axis=0) / 4, 0, 1)
    rows = np.linspace(0, 1, height)[:, None]
    ground = np.where(rows > 0.8, 0.72, 0.93 - 0.12 * rows) + np.zeros((1, width))
    ground = ndimage.gaussian_filter(ground, 6)
    shadow = ndimage.gaussian_filter(np.roll(inside, height // 40, 0) * (rows > 0.8), 8)
    ground = ground - 0.25 * shadow
    coat = np.stack([0.25 + 0.5 * lit, 0.15 + 0.36 * lit, 0.08 + 0.26 * lit], axis=-1)
    earth = np.stack([ground, ground * 0.98, ground * 0.94], axis=-1)
    edge = ndimage.gaussian_filter(inside.astype(float), 0.8)[..., None]
    return np.clip(edge * coat + (1 - edge) * earth, 0, 1).astype(np.float32)


def landscape(height: int = 320, width: int = 480, seed: int = 4) -> np.ndarray:
    """Ridges behind ridges in mist, with trees on the nearest: `[H, W, 3]` in [0, 1]."""
    from scipy import ndimage

    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width] / (height, width)[0]
    sky = 0.95 - 0.1 * rows
    picture = np.stack([sky * 0.97, sky * 0.98, sky], axis=-1)
    for level, base in enumerate((0.42, 0.52, 0.64, 0.8)):
        ridge = np.full(width, base)
        for octave in range(1, 8):
            phase, size = rng.uniform(0, 2 * np.pi), 0.16 * (1 - 0.12 * level) / octave**1.15
            ridge -= size * np.abs(np.sin(columns[0] * octave * rng.uniform(1.2, 2.4) + phase)) - size / 2
        below = np.clip((rows - ridge) * height / 1.5, 0, 1)[..., None]
        rock = ndimage.gaussian_filter(rng.normal(0, 1, (height, width)), (2.5, 1.0)) * 0.22
        mist = np.clip((rows - ridge) / 0.3, 0, 1)
        dark = 0.66 - 0.15 * level + rock * (0.5 + level / 4) + 0.3 * mist * (3 - level) / 3
        stone = np.stack([dark * 0.95, dark, dark * (1.02 - 0.05 * level)], axis=-1)
        picture = below * stone + (1 - below) * picture
    for _ in range(26):
        across, foot = rng.integers(0, width), rng.uniform(0.8, 0.98)
        tall = rng.uniform(0.05, 0.13)
        spread = np.abs(columns - across / height) / (0.25 * np.clip(rows - (foot - tall), 1e-3, None))
        tree = ((spread < 1 + 0.4 * rng.normal(0, 1, spread.shape)) & (rows > foot - tall) & (rows < foot))[..., None]
        picture = np.where(tree, picture * 0.25, picture)
    return np.clip(ndimage.gaussian_filter(picture, (0.6, 0.6, 0)), 0, 1).astype(np.float32)
