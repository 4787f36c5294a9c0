"""Building blocks of generated pictures: smooth noise, flow fields, resampling, cells. Everything is float32.

Noise draws the same random numbers whatever the picture's size, so that a seed means one picture at any
resolution.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

Array = np.ndarray


def unit_grid(size: int) -> tuple[Array, Array]:
    """y and x of the pixel centres in [0, 1], each [size, size]."""
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    y, x = np.meshgrid(line, line, indexing="ij")
    return y, x


def resize(field: Array, size: int, method: Image.Resampling = Image.Resampling.BICUBIC) -> Array:
    """A field [h, w] or picture [h, w, 3] at size x size."""
    if field.ndim == 3:
        return np.stack([resize(field[..., c], size, method) for c in range(field.shape[-1])], axis=-1)
    image = Image.fromarray(np.ascontiguousarray(field, dtype=np.float32))
    return np.asarray(image.resize((size, size), method))


def blur(field: Array, radius: float) -> Array:
    """A cheap smooth blur: shrink and enlarge. `radius` in fractions of the picture."""
    size = field.shape[0]
    small = int(np.clip(1.2 / max(radius, 1e-4), 3, size))
    return resize(resize(field, small, Image.Resampling.HAMMING), size)


def noise(rng: np.random.Generator, size: int, cells: int) -> Array:
    """Smooth noise [size, size] of mean 0 and about unit spread, `cells` bumps across."""
    lattice = rng.standard_normal((cells + 3, cells + 3)).astype(np.float32)
    # The rim of one and a half cells is cut off: bicubic enlarging repeats the edge there.
    image = Image.fromarray(lattice)
    box = (1.5, 1.5, 1.5 + cells, 1.5 + cells)
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC, box=box)) * 1.3


def fractal(rng: np.random.Generator, size: int, cells: int = 3, octaves: int = 5, gain: float = 0.5) -> Array:
    """Octaves of noise added up, scaled to mean 0 and about unit spread."""
    total = np.zeros((size, size), np.float32)
    power = 0.0
    for octave in range(octaves):
        weight = gain**octave
        total += weight * noise(rng, size, cells * 2**octave)
        power += weight**2
    return total / np.float32(np.sqrt(power))


def grain(rng: np.random.Generator, size: int, cells: int = 256) -> Array:
    """Fine noise, as of paper or film, in [-1, 1]."""
    return np.clip(noise(rng, size, cells) * 0.5, -1, 1)


def smoothstep(low: float | Array, high: float | Array, value: Array) -> Array:
    """0 below low, 1 above high, smooth between (low may exceed high)."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def mix(first: Array, second: Array | float | np.floating, weight: Array | float) -> Array:
    """first where weight is 0, second where it is 1. A weight [H, W] spreads over a picture's channels."""
    if isinstance(weight, np.ndarray) and weight.ndim == first.ndim - 1:
        weight = weight[..., None]
    return first + (second - first) * weight


def sample(picture: Array, y: Array, x: Array) -> Array:
    """Nearest pixel of a picture at y, x in [0, 1]; mirrored outside (as far as one picture's width)."""
    size = picture.shape[0]
    index = _mirrored(y, size) * size + _mirrored(x, size)
    values: Array = picture.reshape(size * size, *picture.shape[2:])[index]
    return values


def _mirrored(position: Array, size: int) -> Array:
    place = np.floor(position * np.float32(size)).astype(np.int32)
    place = np.abs(place + (place < 0))
    place = np.where(place >= size, 2 * size - 1 - place, place)
    clipped: Array = np.clip(place, 0, size - 1)
    return clipped


def luminance(picture: Array) -> Array:
    return picture @ np.array([0.299, 0.587, 0.114], np.float32)


def flow_angle(rng: np.random.Generator, picture: Array, swirl: float = 1.0, size: int = 64) -> Array:
    """Direction of strokes in radians, [size, size]: along a picture's edges, else along a smooth swirl."""
    grey = luminance(resize(picture, size, Image.Resampling.BOX))
    down, across = np.gradient(grey)
    # Double angles average where opposite directions mean the same stroke.
    cosine, sine = blur(across**2 - down**2, 0.05), blur(2 * across * down, 0.05)
    strength = np.sqrt(cosine**2 + sine**2) + 1e-9
    edge = np.minimum(strength / (2 * strength.mean()), 2) / strength
    turn = noise(rng, size, 2) * 1.4 * swirl + rng.uniform(0, np.pi)
    return 0.5 * np.arctan2(-sine * edge + 0.7 * np.sin(2 * turn), -cosine * edge + 0.7 * np.cos(2 * turn))


def streaks(
    rng: np.random.Generator, size: int, angle: Array, length: float, cells: int = 180, steps: int = 10
) -> Array:
    """Noise smeared along a direction field (line integral convolution), about unit spread, [size, size]."""
    field = noise(rng, size, cells)
    pixels = length * size / (2 * steps)
    step_x, step_y = (
        (resize(np.cos(angle), size) * pixels).ravel(),
        (resize(np.sin(angle), size) * pixels).ravel(),
    )
    y, x = unit_grid(size)
    total = field.copy()
    for sign in (-1, 1):
        py, px, index = y * size, x * size, np.arange(size * size).reshape(size, size)
        for _ in range(steps):
            py, px = py + sign * step_y[index], px + sign * step_x[index]
            rows, columns = (
                np.clip(py, 0, size - 1).astype(np.int32),
                np.clip(px, 0, size - 1).astype(np.int32),
            )
            index = rows * size + columns
            total += field.ravel()[index]
    return total / (total.std() + 1e-6)


def relief(height: Array, strength: float, angle: float = 2.35) -> Array:
    """Brightness factor of a surface lit from the side (default: from the upper left); 1 where it is flat.

    `height` is in units of about 1/100 of the picture's width.
    """
    down, across = np.gradient(height)
    scale = strength * height.shape[0] / 256
    slope = (across * np.cos(angle) - down * np.sin(angle)) * scale
    return np.clip(1 - slope, 0.55, 1.6).astype(np.float32)


def cells(
    rng: np.random.Generator, y: Array, x: Array, count: float, jitter: float = 1.0, square: bool = False
) -> tuple[Array, Array, Array, Array]:
    """Cells around scattered points, `count` across the unit square.

    Returns id (int), y and x of the cell's point, and the distance to the nearest border in units of a cell.
    `square` measures distance by the larger coordinate, which gives tiles.
    """
    side = int(count) + 6
    points = (rng.random((2, side, side), dtype=np.float32) - 0.5) * jitter + 0.5
    gy, gx = y * count, x * count
    base_y, base_x = np.floor(gy).astype(np.int32), np.floor(gx).astype(np.int32)
    near = np.full(y.shape, 1e9, np.float32)
    second = near.copy()
    best = np.zeros(y.shape, np.int32)
    for step_y in (-1, 0, 1):
        for step_x in (-1, 0, 1):
            row, column = np.clip(base_y + step_y + 3, 0, side - 1), np.clip(base_x + step_x + 3, 0, side - 1)
            index = row * side + column
            off_y = points[0].ravel()[index] + (base_y + step_y) - gy
            off_x = points[1].ravel()[index] + (base_x + step_x) - gx
            distance = np.maximum(np.abs(off_y), np.abs(off_x)) if square else np.sqrt(off_y**2 + off_x**2)
            closer = distance < near
            second = np.where(closer, near, np.minimum(second, distance))
            best = np.where(closer, index, best)
            near = np.where(closer, distance, near)
    row, column = best // side, best % side
    centre_y = (points[0].ravel()[best] + row - 3) / count
    centre_x = (points[1].ravel()[best] + column - 3) / count
    return best, centre_y.astype(np.float32), centre_x.astype(np.float32), (second - near) / 2
