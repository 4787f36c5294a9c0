"""Pictures made of pieces: stained glass, mosaic, cubist facets, cut paper, squares, tiles, polygons."""

from __future__ import annotations

import numpy as np

from datasets.procedural.noise import (
    Array,
    cells,
    flow_angle,
    fractal,
    grain,
    mix,
    noise,
    relief,
    resize,
    sample,
    smoothstep,
    unit_grid,
)
from datasets.procedural.palettes import palette, ramp, regrade, shift_colours
from datasets.procedural.scenes import scene


def _grid(size: int) -> tuple[int, Array, Array]:
    """A finer working size, and its coordinates."""
    n = size * 3 // 2
    return n, *unit_grid(n)


def _shrink(picture: Array, size: int) -> Array:
    return np.clip(resize(np.clip(picture, 0, 1), size), 0, 1)


def stained_glass(rng: np.random.Generator, size: int) -> Array:
    """Panes of glowing glass in lead; the panes follow a scene or a plain colour field."""
    n, y, x = _grid(size)
    colours = palette(rng, ["primary", "candy", "cobalt", "emerald", "fauve", "violet", "lagoon", "night"], 0.08)
    if rng.random() < 0.6:
        picture = regrade(scene(rng, 128), colours, 0.15, 16)
    else:
        picture = ramp(colours[rng.permutation(6)], 0.5 + 0.4 * noise(rng, 128, 3))
    if rng.random() < 0.4:
        # A rose window: cells in polar coordinates.
        far, turn = np.sqrt((y - 0.5) ** 2 + (x - 0.5) ** 2), np.arctan2(y - 0.5, x - 0.5) / (2 * np.pi) + 0.5
        _, at_y, at_x, border = cells(rng, far * 1.1, turn, rng.integers(7, 12), 0.35, square=True)
        radius, around = at_y / 1.1, (at_x - 0.5) * 2 * np.pi
        centre_y, centre_x = 0.5 + radius * np.sin(around), 0.5 + radius * np.cos(around)
        lead = 0.07
    else:
        warp = noise(rng, n, 4) * 0.02
        _, centre_y, centre_x, border = cells(rng, y + warp, x - warp, rng.uniform(8, 15), rng.uniform(0.7, 1))
        lead = 0.06
    paint = sample(picture, centre_y, centre_x)
    glow = 0.85 + 0.2 * fractal(rng, n, 5, 4, 0.6) * 0.6 + 0.35 * smoothstep(0, 0.3, border)
    glass = np.clip(paint * 1.25, 0, 1) ** 1.2 * glow[..., None]
    ridge = smoothstep(lead, 0.0, border)
    metal = 0.09 + 0.12 * relief(3 * ridge, 0.6)[..., None] * np.array([0.8, 0.85, 0.9], np.float32)
    return _shrink(mix(glass, metal - 0.05, smoothstep(lead, lead * 0.7, border)), size)


def mosaic(rng: np.random.Generator, size: int) -> Array:
    """Small stones in mortar that follow the outlines of a scene."""
    n, y, x = _grid(size)
    picture = regrade(scene(rng, 192), palette(rng, vary=0.07), 0.35, 12)
    bend = noise(rng, n, 3) * 0.05
    count = rng.uniform(28, 46)
    index, centre_y, centre_x, border = cells(
        rng, y + bend, x + noise(rng, n, 3) * 0.05, count, rng.uniform(0.35, 0.6), True
    )
    # The cells live in bent coordinates: one colour a stone, looked up where the stone roughly is.
    shade = rng.normal(0, 1, index.max() + 1).astype(np.float32)[index]
    paint = sample(picture, centre_y - bend, centre_x) * (1 + 0.1 * shade)[..., None]
    height = smoothstep(0.05, 0.2, border) * 1.2
    tilt = 1 + 0.08 * shade
    mortar = np.array([0.78, 0.74, 0.66], np.float32) * rng.choice([0.25, 0.6, 1.0])
    stone = paint * (relief(height, 0.22) * tilt)[..., None] + 0.04 * grain(rng, n)[..., None]
    return _shrink(mix(np.broadcast_to(mortar, stone.shape), stone, smoothstep(0.03, 0.09, border)), size)


def cubist(rng: np.random.Generator, size: int) -> Array:
    """A scene broken along lines into shifted, turned and shaded facets, in few muted colours."""
    n, y, x = _grid(size)
    names = ["earth", "nordic", "sepia", "terracotta", "moss", "cobalt", "rose", "ash", "autumn"]
    colours = palette(rng, names, 0.06)
    picture = regrade(scene(rng, 256, ("portrait", "still_life", "town", "flowers", "still_life")), colours, 0.15)
    code = np.zeros((n, n), np.int64)
    edge = np.full((n, n), 9.0, np.float32)
    gradient = np.zeros((n, n), np.float32)
    for line in range(int(rng.integers(8, 14))):
        slant, offset = rng.uniform(0, np.pi), rng.uniform(-0.38, 0.38)
        side = (x - 0.5) * np.cos(slant) + (y - 0.5) * np.sin(slant) - offset
        if rng.random() < 0.2:
            side = np.sqrt((x - rng.random()) ** 2 + (y - rng.random()) ** 2) - rng.uniform(0.1, 0.3)
        code = code * 2 + (side > 0)
        shade = np.exp(-np.abs(side) * rng.uniform(6, 18)) * np.sign(side)
        gradient += shade * rng.uniform(0.08, 0.32)
        edge = np.minimum(edge, np.abs(side) + (0.01 if line % 3 == 0 else 0))
    _, facet = np.unique(code, return_inverse=True)
    facet = facet.reshape(n, n)
    number = int(facet.max()) + 1
    turn, zoom = rng.normal(0, 0.3, number)[facet], rng.uniform(0.7, 1.15, number)[facet]
    shift = rng.normal(0, 0.045, (2, number))[:, facet]
    off_y, off_x = (y - 0.5) * zoom, (x - 0.5) * zoom
    moved = sample(
        picture,
        0.5 + off_y * np.cos(turn) + off_x * np.sin(turn) + shift[0],
        0.5 + off_x * np.cos(turn) - off_y * np.sin(turn) + shift[1],
    )
    flat = colours[rng.integers(0, 6, number)][facet]
    paint = mix(moved, flat, (0.55 * rng.random(number) ** 1.5)[facet].astype(np.float32))
    paint = paint * (1 + gradient + 0.05 * fractal(rng, n, 24, 3, 0.8))[..., None]
    paint = mix(paint, colours[0], 0.75 * smoothstep(0.004, 0.0015, edge))
    brush = flow_angle(rng, picture)
    hatch = noise(rng, n, 90) * 0.03 + 0.02 * np.sin(160 * (x * np.cos(turn) + y * np.sin(turn)) + resize(brush, n))
    return _shrink(paint * (1 + hatch)[..., None], size)


def paper_cut(rng: np.random.Generator, size: int) -> Array:
    """Sheets of coloured paper with wavy edges, each casting a shadow on the one below."""
    n, y, x = _grid(size)
    colours = palette(rng, vary=0.07)
    if rng.random() < 0.5:
        colours = colours[::-1]
    layers = int(rng.integers(5, 9))
    kind = rng.integers(3)
    base = fractal(rng, n, 2, 3, 0.45)
    if kind == 0:
        field = base * 0.3 + (0.5 - y) * 2.4
    elif kind == 1:
        field = 1.2 - 3.2 * np.sqrt((y - 0.5) ** 2 + (x - 0.5) ** 2) + 0.22 * base
    else:
        field = base * 0.75
    steps = np.linspace(-0.95, 0.95, layers)
    picture = np.broadcast_to(ramp(colours, np.zeros((1, 1), np.float32)), (n, n, 3)).copy()
    offset = max(n // 60, 1)
    fibres = 0.025 * fractal(rng, n, 60, 2, 0.8)
    for number, step in enumerate(steps):
        ripple = field + 0.07 * noise(rng, n, 4)
        mask = smoothstep(step - 0.004, step + 0.004, ripple)
        soft = smoothstep(step - 0.13, step + 0.09, ripple)
        cast = np.pad(soft, ((offset, 0), (offset, 0)), mode="edge")[:n, :n]
        picture *= (1 - 0.55 * cast)[..., None]
        sheet = ramp(colours, np.full((1, 1), (number + 1) / layers, np.float32)) * (1 + fibres)[..., None]
        picture = mix(picture, sheet, mask)
    return _shrink(picture, size)


def colour_squares(rng: np.random.Generator, size: int) -> Array:
    """A checkered field of hand-painted squares in related colours, some with circles."""
    n, y, x = _grid(size)
    colours = palette(rng, vary=0.09)
    count = int(rng.integers(4, 9))
    wobble = noise(rng, n, 6) * 0.006
    gy, gx = (y + wobble) * count, (x + noise(rng, n, 6) * 0.006) * count
    row, column = np.clip(gy.astype(int), 0, count - 1), np.clip(gx.astype(int), 0, count - 1)
    pick = lambda: shift_colours(rng, colours[rng.integers(0, 6, count * count)], 0.06)[row * count + column]  # noqa: E731
    picture, other = pick(), pick()
    fy, fx = gy - row - 0.5, gx - column - 0.5
    kind = rng.integers(0, 5, count * count)[row * count + column]
    far = np.sqrt(fy**2 + fx**2)
    picture = mix(picture, other, smoothstep(0.36, 0.34, far) * (kind == 1))
    picture = mix(picture, pick(), smoothstep(0.2, 0.18, far) * (kind == 1))
    picture = mix(picture, other, smoothstep(-0.01, 0.01, fy - fx) * (kind == 2))
    picture = mix(picture, other, smoothstep(-0.01, 0.01, np.abs(fx) - fy - 0.1) * (kind == 3))
    border = 0.5 - np.maximum(np.abs(fy), np.abs(fx))
    thread = fractal(rng, n, 40, 3, 0.8)
    wash = 1 + 0.09 * fractal(rng, n, 6, 4, 0.7) + 0.05 * thread - 0.25 * smoothstep(0.05, 0.0, border)
    return _shrink(picture * (wash * relief(thread, 0.05))[..., None], size)


def neoplastic(rng: np.random.Generator, size: int) -> Array:
    """Rectangles in primary colours and off-white between black bars."""
    n, y, x = _grid(size)
    colours = np.array(
        [
            [0.93, 0.91, 0.85],
            [0.93, 0.91, 0.85],
            [0.85, 0.84, 0.8],
            [0.78, 0.1, 0.1],
            [0.1, 0.2, 0.55],
            [0.95, 0.8, 0.15],
            [0.12, 0.12, 0.13],
        ],
        np.float32,
    )
    if rng.random() < 0.5:
        colours = np.concatenate([palette(rng, vary=0.06)[1:], colours[:2]])
    picture = np.broadcast_to(colours[0], (n, n, 3)).copy()
    bars = np.zeros((n, n), bool)
    boxes = [(0.0, 0.0, 1.0, 1.0)]
    for _ in range(int(rng.integers(7, 16))):
        boxes.sort(key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
        y0, x0, y1, x1 = boxes.pop()
        cut = rng.uniform(0.25, 0.75)
        if (y1 - y0) * rng.uniform(0.7, 1.4) > x1 - x0:
            middle = y0 + cut * (y1 - y0)
            boxes += [(y0, x0, middle, x1), (middle, x0, y1, x1)]
        else:
            middle = x0 + cut * (x1 - x0)
            boxes += [(y0, x0, y1, middle), (y0, middle, y1, x1)]
    half = rng.uniform(0.004, 0.012)
    for y0, x0, y1, x1 in boxes:
        part = slice(int(y0 * n), int(y1 * n) + 1), slice(int(x0 * n), int(x1 * n) + 1)
        picture[part] = shift_colours(rng, colours[[rng.integers(len(colours))]], 0.03)[0]
        py, px = y[part], x[part]
        bars[part] |= (py < y0 + half) | (py > y1 - half) | (px < x0 + half) | (px > x1 - half)
    picture[bars] = colours[-1] if colours[-1].mean() < 0.3 else np.float32(0.07)
    stroke = noise(rng, n, 100) * 0.02 + fractal(rng, n, 8, 4, 0.7) * 0.02
    return _shrink(picture * (1 + stroke)[..., None], size)


def low_poly(rng: np.random.Generator, size: int) -> Array:
    """A scene folded into flat crystals with light on their faces."""
    n, y, x = _grid(size)
    picture = regrade(scene(rng, 192), palette(rng, vary=0.07), 0.3)
    index, centre_y, centre_x, border = cells(rng, y, x, rng.uniform(9, 18), 1.0)
    turn = rng.uniform(0, 2 * np.pi, index.max() + 1).astype(np.float32)[index]
    # Each cell is cut once more, so that pieces become irregular shards.
    half = ((y - centre_y) * np.sin(turn) + (x - centre_x) * np.cos(turn)) > 0
    light = np.where(half, 1, -1) * 0.1 * np.cos(turn - 0.8) + 0.05 * np.sin(3 * turn)
    paint = sample(picture, centre_y, centre_x) * (1 + light)[..., None]
    return _shrink(paint * (1 + 0.1 * smoothstep(0.05, 0.0, border))[..., None], size)


def glazed_tiles(rng: np.random.Generator, size: int) -> Array:
    """Repeating ornamental tiles in two or three glazes with crackle."""
    n, y, x = _grid(size)
    colours = palette(rng, ["prussian", "cobalt", "lagoon", "terracotta", "emerald", "candy", "autumn"], 0.07)
    count = int(rng.integers(3, 7))
    ty, tx = np.abs((y * count) % 1 - 0.5) * 2, np.abs((x * count) % 1 - 0.5) * 2
    far, turn = np.sqrt(ty**2 + tx**2), np.arctan2(ty, tx)
    corner = np.sqrt((1 - ty) ** 2 + (1 - tx) ** 2)
    star = far * (1 + rng.uniform(0.15, 0.4) * np.cos(turn * 2 * rng.integers(2, 6) + rng.uniform(0, 3)))
    rings = np.sin(star * rng.uniform(6, 13) + rng.uniform(0, 6))
    leaf = np.sin(corner * rng.uniform(6, 14)) * np.cos(turn * 4 * rng.integers(1, 3))
    ink = smoothstep(0.0, 0.12, rings + 0.5 * leaf)
    picture = mix(np.broadcast_to(colours[5], (n, n, 3)), colours[1], ink)
    picture = mix(picture, colours[3], smoothstep(0.55, 0.62, leaf - 0.4 * rings))
    seam = smoothstep(0.985, 0.96, np.maximum(ty, tx))
    wash = 1 + 0.08 * fractal(rng, n, 6, 5, 0.7) + 0.06 * noise(rng, n, count)
    return _shrink(picture * (wash * (0.55 + 0.45 * seam) * relief(seam * 1.5, 0.3))[..., None], size)
