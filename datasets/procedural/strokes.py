"""Paintings made of strokes: oil in relief, dabs, fauve patches, dots, old-master glazes, pastel.

Strokes are drawn as polygons into a picture of stroke numbers. Every pixel then looks up its stroke and its
place along and across it, which gives bristles, ridges of paint and dry ends for all strokes at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from datasets.procedural.noise import (
    Array,
    blur,
    cells,
    flow_angle,
    fractal,
    grain,
    luminance,
    mix,
    noise,
    relief,
    resize,
    sample,
    smoothstep,
    streaks,
    unit_grid,
)
from datasets.procedural.palettes import palette, ramp, regrade, shift_colours
from datasets.procedural.scenes import scene


@dataclass(frozen=True)
class Brush:
    """Width and length in fractions of the picture; the rest in [0, 1]."""

    width: float
    length: float
    bristle: float = 0.5
    relief: float = 0.6
    dry: float = 0.4
    colour_jitter: float = 0.06
    bend: float = 1.0


class Canvas:
    """A painting under way: colour [n, n, 3] and height of the paint [n, n], finer than it ends up."""

    def __init__(self, size: int, ground: Array) -> None:
        self.size = size
        self.n = size * 3 // 2
        self.colour = np.broadcast_to(ground.astype(np.float32), (self.n, self.n, 3)).copy()
        self.height = np.zeros((self.n, self.n), np.float32)
        self.y, self.x = unit_grid(self.n)

    def finish(self, light: float, weave: float = 0.0) -> Array:
        """Lit from the upper left and brought to the final size."""
        height = self.height
        if weave:
            threads = np.sin(self.x * 2 * np.pi * 110) * np.sin(self.y * 2 * np.pi * 110)
            height = height + weave * threads
        lit = self.colour * relief(height, light)[..., None]
        return np.clip(resize(np.clip(lit, 0, 1), self.size, Image.Resampling.HAMMING), 0, 1)


def lay_strokes(
    rng: np.random.Generator,
    canvas: Canvas,
    picture: Array,
    angle: Array,
    brush: Brush,
    where: Array | None = None,
) -> None:
    """Covers the canvas with strokes: colour from a picture, direction from angle [m, m].

    where [m, m], if given, is the chance of a stroke at each place.
    """
    across = 1 / (brush.width * 0.62)
    along = 1 / max(brush.length * 0.45, brush.width * 0.62)
    count = int(across * along * 1.15)
    start_y, start_x = rng.uniform(-0.03, 1.03, (2, count)).astype(np.float32)
    if where is not None:
        kept = rng.random(count) < sample(where, start_y, start_x)
        start_y, start_x = start_y[kept], start_x[kept]
        count = len(start_y)
    if count == 0:
        return
    scale = rng.uniform(0.7, 1.3, count).astype(np.float32)
    width, length = (
        brush.width * scale,
        brush.length * scale * rng.uniform(0.7, 1.2, count).astype(np.float32),
    )
    path_y, path_x = _trace(angle, start_y, start_x, length, brush.bend, 6 if brush.length > 0.08 else 2)
    ids = _draw(canvas.n, path_y, path_x, width)

    colour = sample(picture, start_y, start_x)
    first = shift_colours(rng, colour, brush.colour_jitter)
    second = shift_colours(rng, colour, brush.colour_jitter * 1.6)
    head_y, head_x, tail_y, tail_x = path_y[:, 0], path_x[:, 0], path_y[:, -1], path_x[:, -1]
    middle = path_y.shape[1] // 2
    axis_y, axis_x = tail_y - head_y, tail_x - head_x
    span = np.sqrt(axis_y**2 + axis_x**2) + 1e-6
    axis_y, axis_x = axis_y / span, axis_x / span
    centre_y, centre_x = (head_y + tail_y) / 2, (head_x + tail_x) / 2
    # How far the middle of the stroke bulges from its chord, to straighten curved strokes.
    bulge = (path_x[:, middle] - centre_x) * -axis_y + (path_y[:, middle] - centre_y) * axis_x

    painted = ids > 0
    stroke = ids[painted] - 1
    off_y, off_x = canvas.y[painted] - centre_y[stroke], canvas.x[painted] - centre_x[stroke]
    u = (off_y * axis_y[stroke] + off_x * axis_x[stroke]) / (span[stroke] / 2)
    v = (off_y * axis_x[stroke] - off_x * axis_y[stroke] - bulge[stroke] * (1 - u**2)) / (width[stroke] / 2)
    hairs, rows = 64, 97
    tufts = Image.fromarray(rng.standard_normal((rows, 20)).astype(np.float32))
    comb = np.asarray(tufts.resize((hairs, rows), Image.Resampling.BICUBIC))
    hair = np.clip((v * 0.5 + 0.5) * hairs, 0, hairs - 1).astype(np.int32)
    bristle = comb[(stroke * 31) % rows, hair]
    streak = comb[(stroke * 17 + 5) % rows, hair]
    paint = mix(first[stroke], second[stroke], smoothstep(-0.3, 0.9, streak + 0.4 * u))
    paint = paint * (1 + 0.09 * brush.bristle * bristle)[:, None]
    ridge = np.exp(-(((np.abs(v) - 0.82) / 0.16) ** 2)) + 0.8 * np.exp(-(((u - 0.92) / 0.12) ** 2))
    height = 0.6 + 0.5 * brush.bristle * bristle + 0.7 * ridge
    # Towards its end a stroke runs out of paint and shows what is below between the bristles.
    cover = smoothstep(-0.15, 0.25, 1.25 - brush.dry * 1.6 * np.clip(u, 0, 1.2) ** 2 + 0.55 * brush.dry * bristle)
    canvas.colour[painted] = mix(canvas.colour[painted], paint, cover)
    below = canvas.height[painted]
    canvas.height[painted] = below * (1 - 0.8 * cover) + height * brush.relief * cover


def _trace(angle: Array, y: Array, x: Array, length: Array, bend: float, points: int = 6) -> tuple[Array, Array]:
    """Paths [N, points] that follow a direction field both ways from their middle."""
    cosine, sine = np.cos(angle), np.sin(angle)
    start_c, start_s = sample(cosine, y, x), sample(sine, y, x)
    half = points // 2
    paths_y, paths_x = [y], [x]
    for sign in (-1.0, 1.0):
        py, px, dc, ds = y, x, start_c * sign, start_s * sign
        side_y, side_x = [], []
        for _ in range(half):
            c, s = sample(cosine, py, px), sample(sine, py, px)
            # The field has no arrow head: keep going the way we came.
            agree = np.where(c * dc + s * ds < 0, -1, 1)
            dc, ds = dc + bend * (c * agree - dc), ds + bend * (s * agree - ds)
            py, px = py + ds * length / points, px + dc * length / points
            side_y.append(py)
            side_x.append(px)
        paths_y = side_y[::-1] + paths_y if sign < 0 else paths_y + side_y
        paths_x = side_x[::-1] + paths_x if sign < 0 else paths_x + side_x
    return np.stack(paths_y, axis=1), np.stack(paths_x, axis=1)


def _draw(n: int, path_y: Array, path_x: Array, width: Array) -> Array:
    """Picture [n, n] of stroke numbers, counted from 1; later strokes lie above earlier ones."""
    tangent_y, tangent_x = np.gradient(path_y, axis=1), np.gradient(path_x, axis=1)
    norm = np.sqrt(tangent_y**2 + tangent_x**2) + 1e-9
    swell = np.array([0.55] + [1.0] * (path_y.shape[1] - 2) + [0.5], np.float32)
    half = width[:, None] / 2 * swell
    side_y, side_x = tangent_x / norm * half, -tangent_y / norm * half
    outline_y = np.concatenate([path_y + side_y, (path_y - side_y)[:, ::-1]], axis=1) * n
    outline_x = np.concatenate([path_x + side_x, (path_x - side_x)[:, ::-1]], axis=1) * n
    outlines = np.stack([outline_x, outline_y], axis=-1).reshape(len(path_y), -1).tolist()
    image = Image.new("I", (n, n), 0)
    draw = ImageDraw.Draw(image)
    for number, outline in enumerate(outlines):
        draw.polygon(outline, fill=number + 1)
    return np.asarray(image)


def _detail(picture: Array, size: int = 64) -> Array:
    """Where a picture has edges, about 0 to 1, [size, size]."""
    grey = luminance(resize(picture, size, Image.Resampling.BOX))
    down, across = np.gradient(blur(grey, 0.02))
    edge = np.sqrt(down**2 + across**2)
    return np.clip(edge / (np.quantile(edge, 0.92) + 1e-6), 0, 1)


def _subject(rng: np.random.Generator, names: tuple[str, ...] | None = None, size: int = 192) -> Array:
    return scene(rng, size, names)


def impasto(rng: np.random.Generator, size: int) -> Array:
    """Long thick strokes that swirl, in high relief."""
    picture = regrade(_subject(rng), palette(rng), keep=0.25)
    angle = flow_angle(rng, picture, swirl=rng.uniform(1, 2.2))
    canvas = Canvas(size, palette(rng)[2])
    width = rng.uniform(0.022, 0.034)
    lay_strokes(rng, canvas, picture, angle, Brush(width * 1.5, 0.2, 0.8, 0.7, 0.3, 0.06))
    lay_strokes(rng, canvas, picture, angle, Brush(width, rng.uniform(0.1, 0.16), 1.0, 1.0, 0.45, 0.085))
    lay_strokes(rng, canvas, picture, angle, Brush(width * 0.6, 0.075, 1.0, 1.0, 0.4, 0.07), 0.65 * _detail(picture))
    return canvas.finish(0.16)


def impressionist(rng: np.random.Generator, size: int) -> Array:
    """Short broken dabs over a loose underpainting."""
    names = ("landscape", "sea", "flowers", "town")
    picture = regrade(_subject(rng, names), palette(rng), keep=0.4)
    angle = flow_angle(rng, picture, swirl=0.6)
    canvas = Canvas(size, palette(rng)[3])
    lay_strokes(rng, canvas, picture, angle, Brush(0.06, 0.16, 0.6, 0.4, 0.6, 0.05))
    lay_strokes(rng, canvas, picture, angle, Brush(0.026, 0.07, 0.8, 0.8, 0.5, 0.08))
    lay_strokes(rng, canvas, picture, angle, Brush(0.014, 0.036, 0.8, 0.8, 0.4, 0.08), 0.75 * _detail(picture))
    return canvas.finish(0.13, weave=0.06)


def fauve(rng: np.random.Generator, size: int) -> Array:
    """Wide flat patches of loud colour, dark contours."""
    colours = palette(rng, ["fauve", "candy", "primary", "violet", "cobalt", "lemon"], 0.08)
    picture = regrade(_subject(rng), colours, keep=0.1, sharp=20)
    angle = flow_angle(rng, picture, swirl=0.7)
    canvas = Canvas(size, colours[int(rng.integers(2, 6))])
    lay_strokes(rng, canvas, picture, angle, Brush(0.085, 0.28, 0.5, 0.4, 0.7, 0.07))
    lay_strokes(rng, canvas, picture, angle, Brush(0.042, 0.13, 0.5, 0.5, 0.6, 0.08), np.full((8, 8), 0.6, np.float32))
    contour = np.broadcast_to(colours[0], picture.shape)
    edges = smoothstep(0.75, 1.0, _detail(picture))
    lay_strokes(rng, canvas, contour, angle, Brush(0.015, 0.1, 0.4, 0.5, 0.5, 0.03), edges * rng.uniform(0.3, 0.8))
    return canvas.finish(0.12, weave=0.1)


def gestural(rng: np.random.Generator, size: int) -> Array:
    """Abstract: sweeping strokes of a house painter's brush in few colours."""
    colours = palette(rng, vary=0.07)
    tone = 0.5 + 0.33 * fractal(rng, 128, 2, 3)
    picture = ramp(colours[rng.permutation(6)], np.clip(tone, 0, 1))
    angle = noise(rng, 64, 2) * rng.uniform(0.4, 1.5) + rng.uniform(0, np.pi)
    canvas = Canvas(size, colours[int(rng.integers(6))])
    lay_strokes(rng, canvas, picture, angle, Brush(rng.uniform(0.1, 0.17), 0.6, 0.9, 0.8, 0.6, 0.07))
    for width in (0.07, 0.03):
        accent = ramp(colours[rng.permutation(6)], np.clip(0.5 + 0.4 * noise(rng, 128, 3), 0, 1))
        turned = angle + rng.normal(0, 0.8)
        chance = smoothstep(0.3, 1.2, noise(rng, 32, 3))
        lay_strokes(rng, canvas, accent, turned, Brush(width, width * 6, 1.0, 0.9, 0.8, 0.06), chance * 0.7)
    return canvas.finish(0.15, weave=0.05)


def expressionist(rng: np.random.Generator, size: int) -> Array:
    """A warped scene in strained colours, strokes that run in waves, black outlines."""
    source = _subject(rng, size=192)
    y, x = unit_grid(192)
    bent = sample(source, y + 0.05 * noise(rng, 192, 3), x + 0.05 * noise(rng, 192, 3))
    colours = palette(rng, ["fauve", "sunset", "violet", "autumn", "night", "candy", "rose", "cobalt"], 0.08)
    picture = regrade(bent, colours, keep=0.1, sharp=14)
    angle = flow_angle(rng, picture, swirl=2.0)
    canvas = Canvas(size, colours[1])
    lay_strokes(rng, canvas, picture, angle, Brush(0.05, 0.34, 0.9, 0.7, 0.4, 0.09))
    lay_strokes(rng, canvas, picture, angle, Brush(0.026, 0.18, 0.9, 0.8, 0.6, 0.11), np.full((8, 8), 0.6, np.float32))
    dark = np.broadcast_to(colours[0] * 0.6, picture.shape)
    lay_strokes(
        rng,
        canvas,
        dark,
        angle,
        Brush(0.014, 0.13, 0.5, 0.6, 0.5, 0.02),
        smoothstep(0.7, 1, _detail(picture)) * 0.9,
    )
    return canvas.finish(0.13)


def old_master(rng: np.random.Generator, size: int) -> Array:
    """Warm light out of the dark, smooth glazes, fine cracks in the varnish."""
    picture = _subject(rng, ("portrait", "still_life", "flowers", "landscape", "still_life", "portrait"), 256)
    y, x = unit_grid(256)
    spot = np.exp(-((y - rng.uniform(0.35, 0.5)) ** 2 + (x - rng.uniform(0.35, 0.65)) ** 2) / rng.uniform(0.08, 0.2))
    lit = np.clip(picture * (0.3 + 0.9 * spot)[..., None], 0, 1)
    picture = regrade(lit, palette(rng, ["umber", "sepia", "earth", "autumn", "terracotta", "umber"], 0.03), 0.45)
    angle = flow_angle(rng, picture, swirl=0.6)
    canvas = Canvas(size, palette(rng, ["umber", "sepia"], 0.03)[1])
    lay_strokes(rng, canvas, picture, angle, Brush(0.03, 0.09, 0.5, 0.25, 0.5, 0.02))
    lay_strokes(rng, canvas, picture, angle, Brush(0.012, 0.04, 0.5, 0.25, 0.5, 0.025), _detail(picture))
    canvas.colour = mix(canvas.colour, resize(picture, canvas.n), 0.6)
    warp = noise(rng, canvas.n, 12) * 0.006
    _, _, _, border = cells(rng, canvas.y + warp, canvas.x - warp, rng.uniform(24, 40))
    cracks = smoothstep(0.04, 0.0, border) * np.clip(0.3 + 0.5 * noise(rng, canvas.n, 4), 0, 1)
    canvas.colour *= (1 - rng.uniform(0.05, 0.3) * cracks)[..., None]
    canvas.colour *= np.array([1.08, 1.0, 0.82], np.float32)
    return canvas.finish(0.1, weave=0.1)


def pastel(rng: np.random.Generator, size: int) -> Array:
    """Chalk rubbed over rough paper that shows through."""
    colours = palette(rng, ["pastel", "rose", "lagoon", "lemon", "moss", "violet", "terracotta"], 0.06)
    picture = regrade(_subject(rng), colours, keep=0.3)
    angle = flow_angle(rng, picture, swirl=0.5)
    canvas = Canvas(size, mix(colours[3], np.float32(0.8), 0.5) * rng.uniform(0.6, 1.0))
    paper = canvas.colour.copy()
    lay_strokes(rng, canvas, picture, angle, Brush(0.03, 0.12, 0.8, 0.2, 0.8, 0.05))
    lay_strokes(rng, canvas, picture, angle, Brush(0.013, 0.06, 1.0, 0.2, 0.8, 0.08), 0.3 + 0.7 * _detail(picture))
    canvas.colour = mix(canvas.colour, resize(picture, canvas.n), 0.25)
    tooth = smoothstep(0.1, 0.9, fractal(rng, canvas.n, 90, 2, 0.8))
    canvas.colour = mix(canvas.colour, paper, 0.75 * tooth)
    canvas.height = tooth * 0.2
    return canvas.finish(0.05)


def pointillism(rng: np.random.Generator, size: int) -> Array:
    """Dots of divided colour, each off its neighbour's hue."""
    picture = regrade(_subject(rng), palette(rng, vary=0.07), keep=0.4)
    canvas = Canvas(size, np.array([0.93, 0.9, 0.82], np.float32))
    canvas.colour = mix(canvas.colour, resize(picture, canvas.n), 0.75)
    step = rng.uniform(0.011, 0.019)
    for layer in range(4):
        count = 1 / (step * (1.25 - 0.08 * layer))
        shift = rng.random(2)
        # Each layer's grid is turned and shifted, so that no rows show through.
        turn = 0.4 + 0.7 * layer
        cosine, sine = np.cos(turn), np.sin(turn)
        gy = (canvas.y * cosine + canvas.x * sine + 1) * count + shift[0]
        gx = (canvas.x * cosine - canvas.y * sine + 1) * count + shift[1]
        row, column = gy.astype(np.int32), gx.astype(np.int32)
        side = int(count * 2.5) + 4
        jitter = rng.uniform(-0.3, 0.3, (2, side, side)).astype(np.float32)
        at_y, at_x = row + 0.5 + jitter[0][row, column], column + 0.5 + jitter[1][row, column]
        radius = rng.uniform(0.36, 0.54, (side, side)).astype(np.float32)[row, column]
        far = np.sqrt((gy - at_y) ** 2 + (gx - at_x) ** 2) / radius
        # One colour a dot: the picture's at its centre, pushed towards one of its components.
        place = np.arange(side, dtype=np.float32) + 0.5
        by, bx = np.meshgrid((place - shift[0]) / count - 1, (place - shift[1]) / count - 1, indexing="ij")
        table = sample(picture, by * cosine - bx * sine, bx * cosine + by * sine)
        push = rng.normal(0, 0.11, table.shape).astype(np.float32)
        table = np.clip(table + push - push.mean(-1, keepdims=True) * 0.6, 0, 1)
        inside = (far < 1).astype(np.float32)
        canvas.colour = mix(canvas.colour, table[row, column], inside)
        canvas.height = np.where(far < 1, np.sqrt(np.clip(1.02 - far**2, 0, 1)) * 1.1, canvas.height)
    return canvas.finish(0.1)


def silk(rng: np.random.Generator, size: int) -> Array:
    """Flowing brushed colour without edges: paint drawn along a field, as with a comb."""
    colours = palette(rng, vary=0.08)
    angle = noise(rng, 64, 3) * 1.3 + rng.uniform(0, np.pi)
    fine = size * 3 // 2
    thread = resize(
        streaks(rng, fine, angle, rng.uniform(0.12, 0.25), cells=90, steps=14), size, Image.Resampling.HAMMING
    )
    broad = fractal(rng, size, 2, 3)
    picture = ramp(colours[rng.permutation(6)], 0.5 + 0.24 * broad + 0.09 * thread)
    return np.clip(picture * relief(0.5 * thread, 0.2)[..., None] + 0.02 * grain(rng, size)[..., None], 0, 1)
