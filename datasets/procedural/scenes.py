"""Generated scenes: landscapes, water, towns, still lifes, portraits of a sort, flowers, terrain from above.

They serve as photographs, and as what generated paintings depict. Each takes a generator and a size and
returns float32 [size, size, 3] in [0, 1].
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from datasets.procedural.noise import Array, blur, fractal, grain, mix, noise, smoothstep, unit_grid

Scene = Callable[[np.random.Generator, int], Array]


def _colour(rng: np.random.Generator, low: tuple[float, ...], high: tuple[float, ...]) -> Array:
    """A colour between two: mostly one step for all channels, so that it stays plausible."""
    along = 0.75 * rng.random() + 0.25 * rng.random(3)
    return (np.array(low) + (np.array(high) - np.array(low)) * along).astype(np.float32)


def _sky(rng: np.random.Generator, size: int, horizon: float) -> tuple[Array, Array]:
    """A sky with clouds and a sun, and the colour of the haze at the horizon."""
    y, x = unit_grid(size)
    dusk = rng.random() < 0.4
    if dusk:
        top, low = (
            _colour(rng, (0.12, 0.14, 0.3), (0.4, 0.35, 0.55)),
            _colour(rng, (0.85, 0.45, 0.25), (1, 0.7, 0.5)),
        )
    else:
        top, low = (
            _colour(rng, (0.15, 0.35, 0.65), (0.4, 0.6, 0.9)),
            _colour(rng, (0.7, 0.8, 0.88), (0.92, 0.95, 1)),
        )
    sky = mix(np.broadcast_to(low, (size, size, 3)), top, (1 - np.clip(y / horizon, 0, 1)) ** 1.2)
    sun_y, sun_x = rng.uniform(0.1, 0.9) * horizon, rng.uniform(0.1, 0.9)
    far = np.sqrt((y - sun_y) ** 2 + (x - sun_x) ** 2)
    glow = np.exp(-far * (5 if dusk else 8))
    sky = sky + glow[..., None] * np.array([0.55, 0.4, 0.2], np.float32)
    sky = mix(sky, np.array([1, 0.97, 0.85], np.float32), smoothstep(0.05, 0.035, far))
    cover = fractal(rng, size, 2, 6, 0.55) + 0.35 * noise(rng, size, 2)
    body = smoothstep(0.1, 1.1, cover + rng.uniform(-0.5, 0.4))
    lit = np.clip(0.75 + 0.25 * (np.gradient(blur(cover, 0.01), axis=0) * size / 24) + 0.3 * glow, 0, 1.1)
    cloud = lit[..., None] * mix(np.array([0.97, 0.97, 1], np.float32)[None, None], low, 0.5 if dusk else 0.1)
    return mix(sky, cloud, body * 0.85).astype(np.float32), low


def _ridge(rng: np.random.Generator, size: int, base: float, height: float, cells: int) -> Array:
    """Height of the skyline in each column, [size], in fractions of the picture."""
    line = fractal(rng, size, cells, 6, 0.5)[size // 2]
    return base - height * (0.5 + 0.5 * line / 1.5)


def _slope(skyline: Array) -> Array:
    """Slope of a skyline, smoothed over a twelfth of the picture."""
    width = max(len(skyline) // 12, 2)
    smooth = np.convolve(np.pad(skyline, width, mode="edge"), np.ones(width) / width, mode="same")[width:-width]
    return np.gradient(smooth) * len(skyline) * 4


def _foliage(rng: np.random.Generator, size: int, picture: Array, y: Array, x: Array, ground: float) -> Array:
    """A few trees of round clumps on trunks, lit from one side."""
    for _ in range(int(rng.integers(1, 5))):
        foot, at = rng.uniform(ground, 0.95), rng.uniform(0.02, 0.98)
        tall = rng.uniform(0.15, 0.4) * (0.5 + foot)
        trunk = (np.abs(x - at - 0.01 * np.sin(y * 30)) < 0.012 * tall / 0.3) & (y < foot) & (y > foot - tall * 0.7)
        picture = mix(picture, _colour(rng, (0.15, 0.1, 0.06), (0.3, 0.22, 0.15)), trunk.astype(np.float32))
        leaf = _colour(rng, (0.08, 0.2, 0.05), (0.5, 0.45, 0.15))
        ragged = fractal(rng, size, 12, 4, 0.7)
        for _ in range(7):
            cy, cx = foot - tall * rng.uniform(0.45, 1.0), at + tall * rng.uniform(-0.28, 0.28)
            wide = tall * rng.uniform(0.14, 0.26)
            off_y, off_x = (y - cy) / wide, (x - cx) / wide
            inside = smoothstep(1.05, 0.85, np.sqrt(off_y**2 + off_x**2) + 0.18 * ragged)
            light = np.clip(0.75 - 0.4 * off_y - 0.25 * off_x + 0.25 * ragged, 0.3, 1.6)
            picture = mix(picture, leaf * light[..., None], inside)
    return picture


def landscape(rng: np.random.Generator, size: int) -> Array:
    """Hills one behind the other in haze, under a sky; sometimes a lake, sometimes trees."""
    y, x = unit_grid(size)
    horizon = rng.uniform(0.4, 0.65)
    picture, haze = _sky(rng, size, horizon)
    near = _colour(rng, (0.12, 0.2, 0.06), (0.4, 0.42, 0.18))
    layers = int(rng.integers(3, 6))
    texture = fractal(rng, size, 8, 5, 0.65)
    for layer in range(layers):
        depth = 1 - (layer + 1) / layers
        skyline = _ridge(rng, size, horizon + 0.3 * (1 - depth) ** 2, 0.04 + 0.22 * depth, 2 + layer)
        below = smoothstep(-0.004, 0.004, y - skyline[None, :])
        shade = 0.9 + 0.16 * texture * (1 - 0.7 * depth) + 0.08 * np.clip(_slope(skyline), -2, 2)[None, :]
        ground = mix(near * np.clip(shade, 0.4, 1.6)[..., None], haze, 0.85 * depth**0.8)
        picture = mix(picture, ground, below)
    ground_line = horizon + 0.3
    kind = rng.random()
    if kind < 0.35:
        picture = _lake(rng, size, picture, y, x, rng.uniform(horizon + 0.1, 0.75))
    else:
        rows = np.clip((y - ground_line) / (1 - ground_line), 0.02, 1)
        field = np.sin((x - rng.random()) / rows * rng.uniform(15, 40)) * (rng.random() < 0.4)
        picture = picture * (1 + 0.15 * field * (y > ground_line) * smoothstep(0.0, 0.3, rows))[..., None]
        if kind < 0.8:
            picture = _foliage(rng, size, picture, y, x, ground_line)
    return picture


def _lake(rng: np.random.Generator, size: int, picture: Array, y: Array, x: Array, shore: float) -> Array:
    ripple = noise(rng, size, 3) * 0.01 + 0.012 * np.sin(y**2 * 190 + noise(rng, size, 6)) * (y - shore)
    mirror = np.clip(((2 * shore - y + ripple) * size).astype(np.int32), 0, size - 1)
    columns = np.clip(((x + ripple) * size).astype(np.int32), 0, size - 1)
    water = picture[mirror, columns] * 0.75 + np.array([0.02, 0.07, 0.11], np.float32)
    return mix(picture, water, smoothstep(-0.003, 0.003, y - shore))


def sea(rng: np.random.Generator, size: int) -> Array:
    """Open water with swell and glitter, perhaps a sailing boat."""
    y, x = unit_grid(size)
    horizon = rng.uniform(0.3, 0.6)
    picture, haze = _sky(rng, size, horizon)
    depth = np.clip((y - horizon) / (1 - horizon), 0.004, 1)
    wobble = noise(rng, size, 5)
    swell = np.sin(9 / depth**0.6 + 2 * wobble + 5 * x) + 0.6 * np.sin(23 / depth**0.55 + 3 * wobble - 9 * x)
    chop = fractal(rng, size, 16, 4, 0.7)
    deep = _colour(rng, (0.03, 0.15, 0.22), (0.12, 0.38, 0.45))
    water = mix(
        np.broadcast_to(deep, picture.shape),
        haze,
        np.clip(0.35 + 0.22 * swell - 0.3 * depth + 0.1 * chop, 0, 1),
    )
    foam = smoothstep(1.25, 1.7, swell + 0.35 * chop) * smoothstep(0.05, 0.4, depth)
    picture = mix(picture, mix(water, 0.95, foam * 0.8), smoothstep(-0.002, 0.002, y - horizon))
    for _ in range(int(rng.integers(0, 4))):
        at, foot = rng.uniform(0.1, 0.9), horizon + rng.uniform(0.02, 0.3)
        tall = 0.12 + 0.6 * (foot - horizon)
        up, side = (foot - y) / tall, (x - at) / tall
        hull = (up > 0) & (up < 0.13) & (np.abs(side) < 0.3 + up)
        sail = (up > 0.15) & (up < 1) & (side > 0.02) & (side < (1 - up) * 0.5)
        jib = (up > 0.2) & (up < 0.9) & (side < -0.02) & (-side < (0.9 - up) * 0.4)
        picture = mix(picture, _colour(rng, (0.1, 0.05, 0.05), (0.6, 0.3, 0.25)), hull.astype(np.float32))
        sheet = _colour(rng, (0.8, 0.7, 0.55), (1, 1, 0.95)) * (0.8 + 0.4 * np.clip(side, 0, 0.5))[..., None]
        picture = mix(picture, sheet, (sail | jib).astype(np.float32))
    return picture


def town(rng: np.random.Generator, size: int) -> Array:
    """Rows of houses with windows and roofs, the far ones in haze, above a street or a quay."""
    y, x = unit_grid(size)
    ground = rng.uniform(0.7, 0.85)
    picture, haze = _sky(rng, size, ground)
    plaster = fractal(rng, size, 10, 4, 0.7)
    for depth in (0.8, 0.45, 0.0):
        left = -0.1
        while left < 1.05:
            wide = rng.uniform(0.08, 0.24) * (1.1 - 0.4 * depth)
            tall = rng.uniform(0.25, 0.6) * (0.75 + 0.45 * depth)
            top, roof = ground - tall, rng.uniform(0, 0.35) * wide * 2
            strip = slice(max(int((left - 0.05 * wide) * size), 0), max(int((left + 1.05 * wide) * size) + 1, 0))
            part, sy, across = picture[:, strip], y[:, strip], ((x - left) / wide)[:, strip]
            wall = (across >= 0) & (across < 1) & (sy > top) & (sy < ground + 0.01)
            paint = _colour(rng, (0.45, 0.3, 0.25), (0.97, 0.88, 0.75)) * (1 + 0.07 * plaster[:, strip])[..., None]
            paint = paint * (1 - 0.25 * smoothstep(0.75, 1.0, across))[..., None]
            columns, rows = int(rng.integers(2, 5)), max(int(tall / wide * 3.2), 2)
            in_x, in_y = (across * columns) % 1, ((sy - top) / tall * rows) % 1
            pane = (np.abs(in_x - 0.5) < 0.24) & (np.abs(in_y - 0.5) < 0.3)
            sky_light = 0.7 * rng.random() + 0.3 * np.clip(plaster[:, strip], 0, 1)
            glass = mix(np.array([0.12, 0.14, 0.2], np.float32)[None, None], haze, 0.45 * sky_light)
            paint = mix(paint, glass, pane.astype(np.float32))
            part = mix(part, mix(paint, haze, 0.7 * depth), wall.astype(np.float32))
            gable = (
                (sy > top - roof * (1 - 2 * np.abs(across - 0.5))) & (sy <= top) & (across > -0.03) & (across < 1.03)
            )
            tiles = _colour(rng, (0.25, 0.15, 0.12), (0.75, 0.4, 0.3)) * (0.9 + 0.12 * np.sin(sy * 400))[..., None]
            picture[:, strip] = mix(part, mix(tiles, haze, 0.7 * depth), gable.astype(np.float32))
            left += wide * rng.uniform(0.95, 1.3)
    if rng.random() < 0.5:
        return _lake(rng, size, picture, y, x, ground)
    street = _colour(rng, (0.35, 0.33, 0.32), (0.65, 0.6, 0.55))
    near = (y - ground) / (1 - ground)
    stones = np.sin(60 / np.clip(near + 0.15, 0.1, 2)) * np.sin((x - 0.5) / np.clip(near + 0.3, 0.1, 2) * 40)
    floor = street * (1 + 0.1 * stones + 0.08 * plaster)[..., None]
    return mix(picture, floor, smoothstep(-0.002, 0.002, y - ground))


def still_life(rng: np.random.Generator, size: int) -> Array:
    """Fruit-like balls and jars on a table, lit from a side, with shadows."""
    y, x = unit_grid(size)
    edge = rng.uniform(0.45, 0.65)
    light = np.array([rng.uniform(-0.7, -0.3), rng.choice([-1, 1]) * rng.uniform(0.3, 0.7), 0.6], np.float32)
    light /= np.linalg.norm(light)
    half = light + np.array([0, 0, 1], np.float32)
    half /= np.linalg.norm(half)
    gloss = rng.uniform(25, 80)
    wall = _colour(rng, (0.1, 0.1, 0.1), (0.75, 0.7, 0.65))
    wall_light = 0.75 + 0.5 * np.exp(-((x - 0.5 + light[1]) ** 2 + y**2) * 1.5) + 0.05 * fractal(rng, size, 3, 5)
    table = _colour(rng, (0.3, 0.15, 0.08), (0.9, 0.85, 0.8))
    wood = fractal(rng, size, 3, 4)[:, size // 2][:, None] + 0.3 * noise(rng, size, 4)
    picture = mix(wall * wall_light[..., None], table * (1 + 0.1 * wood)[..., None], (y > edge).astype(np.float32))
    for depth in sorted(rng.uniform(0, 1, int(rng.integers(3, 8))).tolist()):
        wide, foot, at = (
            rng.uniform(0.07, 0.17) * (0.7 + 0.5 * depth),
            edge + 0.06 + 0.3 * depth,
            rng.uniform(0.1, 0.9),
        )
        tall = wide * (1 if rng.random() < 0.65 else rng.uniform(1.6, 2.6))
        cy = foot - tall
        fall_x, fall_y = x - at + light[1] * wide * 1.1, y - foot + wide * 0.1
        shadow = np.exp(-((fall_x / wide / 1.25) ** 2 + (fall_y / wide / 0.35) ** 2) * 1.2)
        picture = picture * (1 - 0.65 * shadow * (y > edge))[..., None]
        # A jar is a ball whose upper half is stretched and narrowed towards a neck.
        ny = (y - cy) / tall
        narrow = wide if tall < wide * 1.3 else wide * (0.55 + 0.45 * smoothstep(-0.6, 0.1, ny))
        nx = (x - at) / narrow
        inside = nx**2 + ny**2
        nz = np.sqrt(np.clip(1 - inside, 0, 1))
        lambert = np.clip(ny * light[0] + nx * light[1] + nz * light[2], 0, 1)
        shine = np.clip(ny * half[0] + nx * half[1] + nz * half[2], 0, 1) ** gloss
        skin = _colour(rng, (0.35, 0.1, 0.05), (1, 0.85, 0.45))[
            rng.permutation(3) if rng.random() < 0.3 else slice(None)
        ]
        body = skin * (0.18 + 0.95 * lambert + 0.06 * noise(rng, size, 24))[..., None] + 0.5 * shine[..., None]
        picture = mix(picture, body, smoothstep(1.0, 0.965, inside))
    return picture


def portrait(rng: np.random.Generator, size: int) -> Array:
    """A head of a sort: shaded oval, hair, eyes, nose, mouth, shoulders."""
    y, x = unit_grid(size)
    ground = _colour(rng, (0.1, 0.12, 0.12), (0.8, 0.75, 0.7))
    picture = ground * (0.85 + 0.35 * noise(rng, size, 2) * 0.4 + 0.4 * (1 - y))[..., None]
    cy, cx, wide = rng.uniform(0.38, 0.46), rng.uniform(0.42, 0.58), rng.uniform(0.15, 0.22)
    tall, side = wide * rng.uniform(1.25, 1.4), rng.choice([-1.0, 1.0])
    hair = _colour(rng, (0.06, 0.04, 0.03), (0.75, 0.55, 0.3))
    strands = fractal(rng, size, 14, 3, 0.7)
    hy, hx = (y - cy + 0.06) / (tall * 1.12), (x - cx) / (wide * 1.28)
    fall = rng.uniform(0, 1.4)
    mane = smoothstep(1.05, 0.95, hx**2 + np.where(hy > 0, hy / (1 + fall), hy) ** 2 + 0.05 * strands)
    picture = mix(picture, hair * (0.8 + 0.3 * strands)[..., None], mane)
    cloth = _colour(rng, (0.08, 0.08, 0.1), (0.85, 0.6, 0.6))
    bust = smoothstep(0.01, -0.01, (cy + tall * 1.12 + 1.3 * (x - cx) ** 2 + 0.02 * noise(rng, size, 4)) - y)
    folds = 0.85 + 0.2 * np.sin(14 * x + 7 * y + 2 * noise(rng, size, 3)) - 0.3 * side * (x - cx)
    skin = _colour(rng, (0.5, 0.32, 0.24), (0.98, 0.82, 0.72))
    neck = smoothstep(1.0, 0.9, np.abs(x - cx) / (wide * 0.5)) * (y > cy) * (y < cy + tall * 1.35)
    picture = mix(picture, skin * 0.72, neck)
    picture = mix(picture, cloth * folds[..., None], bust * (1 - 0.9 * neck * (y < cy + tall * 1.22)))
    fy, fx = (y - cy) / tall, (x - cx) / wide
    face = fx**2 * (1 + 0.25 * np.clip(fy, 0, 1)) + fy**2
    depth = np.sqrt(np.clip(1.05 - face, 0, 1))
    shade = 0.5 + 0.5 * depth - 0.3 * side * fx - 0.1 * fy
    nose = np.exp(-((fx - 0.02 * side) ** 2 * 120)) * smoothstep(-0.25, 0.25, fy) * smoothstep(0.4, 0.25, fy)
    shade = shade + 0.14 * nose - 0.22 * np.exp(-((fx - 0.13 * side) ** 2 * 90 + (fy - 0.22) ** 2 * 60))
    head = skin * np.clip(shade, 0.15, 1.2)[..., None]
    for eye in (-0.38, 0.38):
        socket = np.exp(-((fx - eye) ** 2 * 22 + (fy + 0.1) ** 2 * 60))
        head = head * (1 - 0.35 * socket)[..., None]
        white = smoothstep(1.0, 0.8, ((fx - eye) / 0.17) ** 2 + ((fy + 0.08) / 0.06) ** 2)
        head = mix(head, np.float32(0.85), white * 0.9)
        iris = smoothstep(1.1, 0.8, ((fx - eye) ** 2 + ((fy + 0.08) * tall / wide) ** 2) / 0.075**2)
        head = mix(head, np.array([0.12, 0.09, 0.07], np.float32), iris * (white > 0.2))
        brow = smoothstep(1, 0.7, ((fx - eye) / 0.24) ** 2 + ((fy + 0.24 + 0.35 * (fx - eye) ** 2) / 0.035) ** 2)
        head = mix(head, hair * 0.7, brow * 0.85)
    lips = smoothstep(1, 0.6, (fx / 0.26) ** 2 + ((fy - 0.5 - 0.2 * fx**2) / 0.075) ** 2)
    head = mix(head, np.array([0.62, 0.22, 0.2], np.float32), lips * 0.75)
    head = head * (1 - 0.5 * np.exp(-(((fy - 0.5) / 0.012) ** 2)) * (np.abs(fx) < 0.24))[..., None]
    blush = np.exp(-((np.abs(fx) - 0.5) ** 2 * 16 + (fy - 0.2) ** 2 * 16))
    head = head + 0.1 * blush[..., None] * np.array([1, 0.15, 0.1], np.float32)
    picture = mix(picture, head, smoothstep(1.02, 0.97, face))
    fringe = smoothstep(-0.52, -0.62, fy + 0.12 * np.sin(fx * 3 + side) + 0.04 * strands) * smoothstep(1.15, 1.0, face)
    return mix(picture, hair * (0.85 + 0.3 * strands)[..., None], fringe)


def flowers(rng: np.random.Generator, size: int) -> Array:
    """A bunch of flowers before leaves, sometimes in a vase."""
    y, x = unit_grid(size)
    ground = _colour(rng, (0.08, 0.1, 0.1), (0.85, 0.82, 0.7))
    picture = ground * (0.9 + 0.1 * fractal(rng, size, 2, 4) + 0.2 * (0.5 - y))[..., None]
    leaf = _colour(rng, (0.08, 0.2, 0.08), (0.4, 0.5, 0.25))
    mass = fractal(rng, size, 7, 4, 0.6)
    bush = smoothstep(1.1, 0.8, np.sqrt(((y - 0.48) / 0.42) ** 2 + ((x - 0.5) / 0.44) ** 2) + 0.15 * mass)
    picture = mix(picture, leaf * np.clip(0.8 + 0.35 * mass, 0.25, 1.6)[..., None], bush)
    if rng.random() < 0.6:
        down = (y - 0.72) / 0.24
        half = 0.1 + 0.05 * np.sin(np.clip(down, 0, 1) * np.pi)
        across = (x - 0.5) / half
        vase = _colour(rng, (0.15, 0.2, 0.3), (0.9, 0.85, 0.8)) * (1 - 0.55 * np.abs(across + 0.3))[..., None]
        picture = mix(picture, vase, ((np.abs(across) < 1) & (down > 0) & (down < 1)).astype(np.float32))
    for _ in range(int(rng.integers(7, 16))):
        turn, reach = rng.uniform(0, 2 * np.pi), np.sqrt(rng.random()) * 0.36
        cy, cx, wide = 0.43 + reach * np.sin(turn), 0.5 + reach * np.cos(turn), rng.uniform(0.06, 0.13)
        rows = slice(max(int((cy - 2 * wide) * size), 0), max(int((cy + 2 * wide) * size), 0))
        columns = slice(max(int((cx - 2 * wide) * size), 0), max(int((cx + 2 * wide) * size), 0))
        part = picture[rows, columns]
        off_y, off_x = (y[rows, columns] - cy) / wide * rng.uniform(1, 1.5), (x[rows, columns] - cx) / wide
        far, around = np.sqrt(off_y**2 + off_x**2), np.arctan2(off_y, off_x)
        petals = int(rng.integers(5, 13))
        wave = np.cos(around * petals + rng.uniform(0, 6))
        paint = _colour(rng, (0.55, 0.15, 0.2), (1, 0.9, 0.95))[rng.permutation(3)]
        petal_light = 0.62 + 0.25 * wave + 0.3 * far - 0.15 * off_y
        part = part * (1 - 0.35 * np.exp(-(far**2)))[..., None]
        petal = smoothstep(0.04, -0.04, far - 0.8 - 0.2 * wave)
        part = mix(part, paint * np.clip(petal_light, 0.2, 1.2)[..., None], petal)
        heart = _colour(rng, (0.35, 0.2, 0.05), (0.95, 0.75, 0.2))
        picture[rows, columns] = mix(part, heart * (1.1 - far)[..., None], smoothstep(0.26, 0.2, far))
    return picture


def terrain(rng: np.random.Generator, size: int) -> Array:
    """Land from above: water, shore, woods, rock and snow by height, lit from the side."""
    height = fractal(rng, size, 2, 7, 0.52)
    level = rng.uniform(-0.6, 0.2)
    slope = (np.gradient(height, axis=1) + np.gradient(height, axis=0)) * size / 14
    stops = np.array([level - 1.2, level, level + 0.06, level + 0.5, level + 1.1, level + 1.7], np.float32)
    tones = np.array(
        [
            [0.03, 0.12, 0.25],
            [0.15, 0.42, 0.5],
            [0.82, 0.76, 0.55],
            [0.25, 0.4, 0.15],
            [0.45, 0.38, 0.3],
            [0.95, 0.95, 0.97],
        ],
        np.float32,
    ) + rng.normal(0, 0.05, (6, 3)).astype(np.float32)
    ground = np.stack([np.interp(height, stops, tones[:, c]) for c in range(3)], axis=-1)
    light = np.where(height > level, np.clip(1 - 0.35 * slope, 0.35, 1.6), 1)
    return (ground * light[..., None]).astype(np.float32)


SCENES: dict[str, Scene] = {
    "landscape": landscape,
    "sea": sea,
    "town": town,
    "still_life": still_life,
    "portrait": portrait,
    "flowers": flowers,
    "terrain": terrain,
}


def scene(rng: np.random.Generator, size: int, names: tuple[str, ...] | None = None) -> Array:
    """One of the scenes (of those named), in [0, 1]."""
    choices = names or tuple(SCENES)
    picture = SCENES[choices[int(rng.integers(len(choices)))]](rng, size)
    return np.clip(picture, 0, 1).astype(np.float32)


def photograph(rng: np.random.Generator, size: int) -> Array:
    """A scene as a camera might give it: exposure, contrast, vignette, slight softness, grain."""
    picture = scene(rng, size)
    y, x = unit_grid(size)
    far = (y - 0.5) ** 2 + (x - 0.5) ** 2
    picture = picture * (1 - rng.uniform(0, 0.7) * far)[..., None] * rng.uniform(0.8, 1.15)
    picture = np.clip(picture, 0, 1) ** rng.uniform(0.75, 1.25)
    tint = 1 + rng.normal(0, 0.03, 3).astype(np.float32)
    if rng.random() < 0.2:
        # Shallow depth of field: sharp in a band, soft away from it.
        picture = mix(picture, blur(picture, 0.012), smoothstep(0.1, 0.4, np.abs(y - rng.uniform(0.3, 0.8))))
    noisy = picture * tint + rng.uniform(0, 0.03) * grain(rng, size)[..., None]
    return np.clip(noisy, 0, 1).astype(np.float32)
