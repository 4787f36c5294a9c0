"""Pictures of paint and pattern alone: marbling, drips, weaves, swirls, contours, circles, poured colour."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from datasets.procedural.noise import (
    Array,
    blur,
    cells,
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
from datasets.procedural.palettes import palette, ramp, shift_colours


def _shrink(picture: Array, size: int) -> Array:
    return np.clip(resize(np.clip(picture, 0, 1), size, Image.Resampling.HAMMING), 0, 1)


def marbling(rng: np.random.Generator, size: int) -> Array:
    """Floating colours drawn into feathers by combs, as on the end-papers of books."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    colours = palette(rng, vary=0.08)[rng.permutation(6)]
    for _ in range(int(rng.integers(1, 3))):
        y = y + noise(rng, n, 3) * 0.035
        x = x + noise(rng, n, 3) * 0.035
    teeth, pull = rng.uniform(4, 14), rng.uniform(0.04, 0.12)
    y = y + pull * np.abs((x * teeth) % 2 - 1) ** 1.5 * rng.choice([-1, 1])
    if rng.random() < 0.5:
        x = x + 0.4 * pull * np.sin(y * 2 * np.pi * teeth / 2)
    band = (y * rng.uniform(9, 18) + 0.8 * noise(rng, n, 5)) % 6
    low = band.astype(np.int32)
    edge = np.minimum(band - low, 1 - (band - low))
    picture = mix(colours[low], colours[0], 0.5 * smoothstep(0.08, 0.02, edge))
    return _shrink(picture * (1 + 0.04 * fractal(rng, n, 4, 6, 0.7) + 0.02 * grain(rng, n))[..., None], size)


def drip(rng: np.random.Generator, size: int) -> Array:
    """Skeins of poured paint thrown over each other, with splashes, in relief."""
    n = size * 3 // 2
    colours = palette(rng, vary=0.08)
    ground = colours[int(rng.choice([1, 3, 4, 5]))]
    picture = ground * (1 + 0.05 * fractal(rng, n, 30, 3, 0.8))[..., None]
    height = np.zeros((n, n), np.float32)
    for layer in range(int(rng.integers(4, 7))):
        mask = Image.new("L", (n, n), 0)
        draw = ImageDraw.Draw(mask)
        for _ in range(int(rng.integers(9, 20))):
            steps = 90
            turn = np.cumsum(
                0.22 * np.sin(np.arange(steps) * rng.uniform(0.03, 0.12) + rng.uniform(0, 6))
                + rng.normal(0, 0.12, steps)
            ) + rng.uniform(0, 6.3)
            stride = rng.uniform(0.012, 0.03)
            py, px = (
                rng.uniform(-0.1, 1.1) + np.cumsum(np.sin(turn)) * stride,
                rng.uniform(-0.1, 1.1) + np.cumsum(np.cos(turn)) * stride,
            )
            thick = np.clip(0.005 + 0.004 * np.cumsum(rng.normal(0, 0.4, steps)), 0.0018, 0.018) * n
            for i in range(steps - 1):
                draw.line(
                    (px[i] * n, py[i] * n, px[i + 1] * n, py[i + 1] * n),
                    fill=255,
                    width=max(int(thick[i]), 1),
                )
                if thick[i] > 3:
                    r = thick[i] / 2 - 0.5
                    draw.ellipse((px[i] * n - r, py[i] * n - r, px[i] * n + r, py[i] * n + r), fill=255)
        for _ in range(60):
            r, at_y, at_x = n * 0.0015 * rng.exponential(1.6) + 0.5, rng.random() * n, rng.random() * n
            draw.ellipse((at_x - r, at_y - r, at_x + r, at_y + r), fill=255)
        cover = np.asarray(mask, np.float32) / 255
        paint = colours[(layer * 5 + int(rng.integers(2))) % 6] * (1 + 0.06 * noise(rng, n, 12))[..., None]
        picture = mix(picture, paint, cover)
        height = np.maximum(height * (1 - cover), height * 0.6 * cover) + cover * blur(cover, 0.004) * 1.2
    return _shrink(picture * relief(height, 0.25)[..., None], size)


def weave(rng: np.random.Generator, size: int) -> Array:
    """Woven cloth: striped warp and weft that cross over and under, plain or twilled."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    colours = palette(rng, vary=0.08)
    sag = noise(rng, n, 3) * 0.012
    gy, gx = (y + sag) * (threads := int(rng.integers(36, 80))), (x - sag) * threads
    row, column = np.floor(gy).astype(np.int32), np.floor(gx).astype(np.int32)
    stripe = np.repeat(rng.integers(0, 6, 60), rng.integers(1, 8, 60))
    warp = colours[stripe[(column + 10) % len(stripe)]]
    weft = colours[stripe[(row + 10) % len(stripe)]] if rng.random() < 0.6 else colours[(row // 9) % 6]
    twill = int(rng.integers(2, 5))
    over = ((row + column) % twill) < max(twill // 2, 1)
    fy, fx = gy - row - 0.5, gx - column - 0.5
    height = np.where(
        over,
        np.cos(fx * np.pi) * (0.6 + 0.4 * np.cos(fy * np.pi)),
        np.cos(fy * np.pi) * (0.6 + 0.4 * np.cos(fx * np.pi)),
    )
    fibre = np.where(over, noise(rng, n, 170), noise(rng, n, 150))
    cloth = np.where(over[..., None], warp, weft) * (0.55 + 0.5 * height + 0.06 * fibre)[..., None]
    return _shrink(cloth * (1 + 0.1 * fractal(rng, n, 2, 3))[..., None], size)


def swirls(rng: np.random.Generator, size: int) -> Array:
    """Art-nouveau bands that curl into spirals, gold and enamel with dark contours."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    colours = palette(rng, ["night", "autumn", "emerald", "violet", "umber", "cobalt", "rose", "earth"], 0.07)
    for _ in range(int(rng.integers(3, 8))):
        # Turning the plane about a point, most at its centre, curls whatever is drawn afterwards into a
        # spiral.
        at_y, at_x = rng.random(2)
        off_y, off_x = y - at_y, x - at_x
        turn = rng.choice([-1, 1]) * rng.uniform(3, 9) * np.exp(-(off_y**2 + off_x**2) / rng.uniform(0.12, 0.26) ** 2)
        cosine, sine = np.cos(turn), np.sin(turn)
        y, x = at_y + off_y * cosine - off_x * sine, at_x + off_x * cosine + off_y * sine
    turn = rng.uniform(0, np.pi)
    phase = 3 * (x * np.cos(turn) + y * np.sin(turn)) + 0.5 * noise(rng, n, 2)
    step = phase * rng.uniform(2, 3.5)
    index = np.floor(step).astype(np.int32)
    part = step - index
    picture = shift_colours(rng, colours[rng.permutation(6)], 0.04)[index % 6]
    picture = picture * (0.75 + 0.4 * np.sin(np.pi * part))[..., None]
    gold = np.array([0.86, 0.66, 0.25], np.float32) * (0.85 + 0.25 * fractal(rng, n, 40, 3, 0.8))[..., None]
    if rng.random() < 0.7:
        count = rng.uniform(20, 34)
        _, _, _, border = cells(rng, *unit_grid(n), count, 0.5)
        picture = mix(picture, gold, smoothstep(0.12, 0.3, border) * (index % 3 == 0))
        picture = mix(picture, gold, smoothstep(0.15, 0.1, np.abs(part - 0.5)) * (index % 3 == 1))
    # Distance to the nearest contour in 1/256 of the picture, so that lines are as thick at any size.
    down, across = np.gradient(step)
    gap = np.minimum(part, 1 - part) / (np.sqrt(down**2 + across**2) + 1e-5) * 256 / n
    picture = mix(picture, colours[0] * 0.6, smoothstep(0.75, 0.35, gap))
    return _shrink(picture * relief(np.sin(np.pi * part), 0.06)[..., None], size)


def contours(rng: np.random.Generator, size: int) -> Array:
    """Level lines of a smooth field in alternating inks: agate, topographic maps, psychedelic posters."""
    n = size * 3 // 2
    field = fractal(rng, n, 2, int(rng.integers(2, 5)), 0.4)
    colours = palette(rng, vary=0.08)
    step = field * rng.uniform(3, 9) + 20
    index = np.floor(step).astype(np.int32)
    part = step - index
    steps = (
        colours[rng.integers(0, 6, 64)]
        if rng.random() < 0.5
        else ramp(colours, np.abs((np.arange(64) / 7) % 2 - 1).astype(np.float32))
    )
    picture = mix(steps[index % 64], steps[(index + 1) % 64], smoothstep(0.88, 1.0, part))
    picture = picture * (0.88 + 0.2 * part + 0.05 * fractal(rng, n, 50, 2, 0.8))[..., None]
    return _shrink(picture, size)


def circles(rng: np.random.Generator, size: int) -> Array:
    """Overlapping discs, rings, beams and arcs on a clouded ground, after the constructivists."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    colours = palette(rng, vary=0.08)
    picture = colours[5 if rng.random() < 0.7 else 1] * (1 + 0.06 * fractal(rng, n, 2, 5, 0.6))[..., None]
    for _ in range(int(rng.integers(12, 26))):
        paint = colours[int(rng.integers(6))]
        off_y, off_x = y - rng.random(), x - rng.random()
        far, kind, radius = np.sqrt(off_y**2 + off_x**2), rng.random(), rng.uniform(0.02, 0.22)
        turn = rng.uniform(0, np.pi)
        along, aside = (
            off_x * np.cos(turn) + off_y * np.sin(turn),
            off_y * np.cos(turn) - off_x * np.sin(turn),
        )
        soft = 0.003
        if kind < 0.35:
            mask = smoothstep(radius + soft, radius - soft, far) * rng.uniform(0.55, 1)
        elif kind < 0.55:
            mask = smoothstep(0.006 + soft, 0.006 - soft, np.abs(far - radius))
        elif kind < 0.75:
            mask = smoothstep(0.01, 0.007, np.abs(aside) * rng.uniform(0.5, 3)) * (np.abs(along) < radius * 2)
        elif kind < 0.9:
            mask = ((along > 0) & (np.abs(aside) < along * rng.uniform(0.1, 0.6)) & (along < radius * 2)) * 0.75
        else:
            check = (np.floor(along / 0.025) + np.floor(aside / 0.025)) % 2
            mask = check * (np.abs(along) < radius * 0.6) * (np.abs(aside) < radius * 0.6)
        picture = mix(picture, paint * (1 + 0.3 * off_y)[..., None], mask.astype(np.float32))
    return _shrink(picture * (1 + 0.035 * fractal(rng, n, 60, 2, 0.8))[..., None], size)


def poured(rng: np.random.Generator, size: int) -> Array:
    """Alcohol inks and poured acrylics: veils with bright rims that flow around cells."""
    y, x = unit_grid(size)
    colours = palette(rng, vary=0.08)[rng.permutation(6)]
    for scale in (0.09, 0.045, 0.02):
        count = int(0.5 / scale) + 1
        y, x = y + scale * noise(rng, size, count), x + scale * noise(rng, size, count)
    base = sample(fractal(rng, size, 2, 5, 0.55), y, x)
    picture = ramp(colours, 0.5 + 0.27 * base)
    down, across = np.gradient(base)
    rim = np.clip(np.sqrt(down**2 + across**2) * size / 40, 0, 1)
    picture = mix(picture, np.float32(0.97), 0.35 * smoothstep(0.3, 0.9, rim))
    if rng.random() < 0.6:
        index, _, _, border = cells(rng, y, x, rng.uniform(7, 14), 1)
        chosen = (rng.random(index.max() + 1) < 0.4)[index] * smoothstep(0.04, 0.1, border)
        inner = ramp(colours[::-1], 0.5 + 0.3 * base + 0.5 * smoothstep(0.1, 0.4, border))
        picture = mix(picture, inner, chosen.astype(np.float32) * smoothstep(-0.2, 0.6, noise(rng, size, 3)))
    return np.clip(picture * relief(base * 3, 0.05)[..., None], 0, 1)
