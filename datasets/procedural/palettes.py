"""Colours for generated paintings: palettes from dark to light, and regrading a picture to one."""

from __future__ import annotations

import numpy as np

from datasets.procedural.noise import Array, luminance

_HEX = {
    "night": "0b1437 1d3b77 2f6fb0 7fa8c9 e8b83a fbe9a4",
    "fauve": "23234d a8233a e2572b 2f8f6b f2b233 f6e3c2",
    "earth": "241a14 5a3a22 8f5f35 b98d56 d8b98a efe2c6",
    "nordic": "1e262c 43545f 7a8a90 a9aea6 cfc6b4 eeeae0",
    "prussian": "0f2147 1f4a80 4f86a8 c7502f e3c79a f4ead2",
    "pastel": "5b5878 8f86b0 d596a8 9cc3bd f0cda6 fbf3e3",
    "autumn": "2b150f 6e2415 b4471d d98324 ebb850 f5e4b5",
    "emerald": "0d2420 17493f 2f7d5b 83a94f d6c36a f3edcb",
    "nocturne": "0a0d14 1b2a3d 2f4a57 59707a 9a8f79 e0cfa2",
    "sunset": "2a1440 6b2262 b83a5e e8714a f6ac5b fde3a7",
    "sepia": "20150d 4a321f 7a5836 a98558 d2b68a f2e6cd",
    "primary": "14141c 1c3f94 c8252c e9b51a d8d3c7 f7f4ea",
    "rose": "2d1426 6a2b4d a94a68 d8868d ecbfae f9ebdc",
    "lagoon": "0c2a3a 126073 1fa0a0 6fcab0 f2d388 fdf3da",
    "umber": "0e0906 2b1a10 5b3519 99602b d3a45c f6e0b0",
    "violet": "17103a 3c2a7d 7a4fb0 c084c4 f0a88a fbe6c9",
    "moss": "191c12 3b4423 6b7435 a3a154 d3c98c f1ecd4",
    "lemon": "1b2b4a 2f6d8f 63a77f c6c64a f4df5e fdf7d6",
    "terracotta": "2a1a1c 733225 b85b3c dc9468 7fa3a0 f2e2cf",
    "cobalt": "0c1233 1a2f8a 2d62d1 6da5e0 ef8a3c f9edd9",
    "candy": "2c1d4f d1307b f2653f f9c22e 35b5a6 fdf0e1",
    "ash": "101112 36383a 66696b 989a99 c6c5c0 efede6",
}


def palette_names() -> list[str]:
    return list(_HEX)


def palette(rng: np.random.Generator, names: list[str] | None = None, vary: float = 0.05) -> Array:
    """Six colours [6, 3] in [0, 1], dark to light: one of the named palettes (default any), varied."""
    choices = names or palette_names()
    codes = _HEX[choices[int(rng.integers(len(choices)))]].split()
    colours = np.array([[int(code[i : i + 2], 16) / 255 for i in (0, 2, 4)] for code in codes], np.float32)
    tint = rng.normal(0, vary * 0.5, (1, 3)) + rng.normal(0, vary, colours.shape)
    colours = np.clip(colours + tint.astype(np.float32), 0, 1)
    ordered: Array = colours[np.argsort(luminance(colours))]
    return ordered


def ramp(colours: Array, tone: Array) -> Array:
    """Colours along a palette at tone in [0, 1]."""
    place = np.clip(tone, 0, 1) * (len(colours) - 1)
    low = np.minimum(place.astype(np.int32), len(colours) - 2)
    weight = (place - low)[..., None].astype(np.float32)
    return colours[low] * (1 - weight) + colours[low + 1] * weight


def regrade(picture: Array, colours: Array, keep: float = 0.3, sharp: float = 9.0) -> Array:
    """A picture in the colours of a palette, by tone and by nearness, with `keep` of its own colours left."""
    grey = luminance(picture)
    low, high = np.quantile(grey[::4, ::4], (0.02, 0.98))
    tone = np.clip((grey - low) / (high - low + 1e-4), 0, 1)
    distance = ((picture[..., None, :] - colours) ** 2).sum(-1) + 0.6 * (
        tone[..., None] - np.linspace(0, 1, len(colours), dtype=np.float32)
    ) ** 2
    weight = np.exp(-sharp * distance)
    near = (weight / weight.sum(-1, keepdims=True)) @ colours
    graded = 0.5 * ramp(colours, tone) + 0.5 * near
    return np.clip(graded * (1 - keep) + picture * keep, 0, 1).astype(np.float32)


def shift_colours(rng: np.random.Generator, colours: Array, amount: float) -> Array:
    """Each colour of [N, 3] moved a little on its own: lighter or darker, warmer or cooler."""
    light = rng.normal(0, amount, (len(colours), 1))
    warm = rng.normal(0, amount * 0.6, (len(colours), 1)) * np.array([[1, 0.1, -1]])
    return np.clip(colours + light + warm, 0, 1).astype(np.float32)
