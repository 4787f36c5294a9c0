"""Works on paper: ink hatching, woodcut, watercolour, ink wash, colour woodblock, screen print."""

from __future__ import annotations

import numpy as np
from PIL import Image

from datasets.procedural.noise import (
    Array,
    blur,
    flow_angle,
    fractal,
    grain,
    luminance,
    mix,
    noise,
    resize,
    sample,
    smoothstep,
    streaks,
    unit_grid,
)
from datasets.procedural.palettes import palette, ramp, regrade
from datasets.procedural.scenes import scene


def _paper(rng: np.random.Generator, size: int, warm: float = 1.0) -> Array:
    """Off-white paper with fibres and faint stains."""
    base = np.array([0.96, 0.94 - 0.03 * warm, 0.9 - 0.11 * warm], np.float32)
    stain = 1 - 0.04 * np.clip(fractal(rng, size, 2, 4), 0, 2) + 0.02 * grain(rng, size)
    return base * stain[..., None]


def _tone(rng: np.random.Generator, size: int, names: tuple[str, ...] | None = None) -> Array:
    """Tones of a scene stretched to 0..1, [size, size]."""
    grey = luminance(scene(rng, size, names))
    low, high = np.quantile(grey[::3, ::3], (0.03, 0.97))
    return np.clip((grey - low) / (high - low + 1e-4), 0, 1)


def _outline(tone: Array, strength: float = 1.0) -> Array:
    down, across = np.gradient(blur(tone, 0.006))
    edge = np.sqrt(down**2 + across**2) * tone.shape[0] / 256
    return smoothstep(0.05, 0.13, edge * strength)


def hatching(rng: np.random.Generator, size: int) -> Array:
    """Pen lines in several directions, denser where the scene is darker."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    tone = _tone(rng, n)
    first = rng.uniform(0, np.pi)
    spacing = rng.uniform(70, 105)
    ink = np.zeros((n, n), np.float32)
    bend = resize(flow_angle(rng, np.repeat(tone[..., None], 3, -1)), n)
    for layer, limit in enumerate((0.72, 0.5, 0.32, 0.16)):
        turn = first + layer * (np.pi / 4 if layer % 2 else -np.pi / 3) + rng.normal(0, 0.1)
        wobble = noise(rng, n, 7) * 0.006 + 0.004 * np.sin(bend * 2)
        phase = (y * np.cos(turn) + x * np.sin(turn) + wobble) * spacing
        dark = np.clip((limit - tone) * 2.2 + 0.1 * noise(rng, n, 40), 0, 1)
        line = np.abs((phase % 1) - 0.5) * 2
        width = 0.12 + 0.42 * dark
        ink = np.maximum(ink, smoothstep(width + 0.22, width, line) * smoothstep(0, 0.12, dark))
    ink = np.maximum(ink, _outline(tone) * 0.9)
    colours = palette(rng, ["sepia", "ash", "prussian", "umber", "ash", "night"], 0.04)
    picture = _paper(rng, n, rng.random())
    if rng.random() < 0.4:
        wash = ramp(palette(rng)[2:], tone)
        picture = picture * mix(np.ones_like(wash), wash, rng.uniform(0.4, 0.9))
    return np.clip(resize(mix(picture, colours[0], ink * 0.92), size, Image.Resampling.HAMMING), 0, 1)


def woodcut(rng: np.random.Generator, size: int) -> Array:
    """Grooves carved along the forms, printed in black, sometimes over flat colours."""
    n = size * 3 // 2
    tone = _tone(rng, n)
    angle = flow_angle(rng, np.repeat(tone[..., None], 3, -1), swirl=1.2)
    grooves = streaks(rng, n, angle, rng.uniform(0.08, 0.14), cells=int(rng.integers(50, 90)), steps=9)
    level = 0.5 * tone + 0.5 * smoothstep(0.2, 0.8, tone)
    black = smoothstep(0.12, -0.12, (level - 0.5) * 3.6 + grooves * 0.75)
    black = np.maximum(black, _outline(tone))
    ink = black * (1 - 0.12 * smoothstep(0.5, 1.2, fractal(rng, n, 60, 2, 0.8)))
    picture = _paper(rng, n)
    colours = palette(rng, ["prussian", "autumn", "terracotta", "fauve", "emerald", "cobalt", "ash"], 0.05)
    if rng.random() < 0.65:
        blocks = np.floor(blur(tone, 0.012) * 3.99) / 3
        picture = picture * 0.15 + 0.85 * ramp(colours[2:], blocks)
    dark = colours[0] if rng.random() < 0.6 else np.array([0.08, 0.07, 0.07], np.float32)
    return np.clip(resize(mix(picture, dark, ink), size, Image.Resampling.HAMMING), 0, 1)


def watercolour(rng: np.random.Generator, size: int) -> Array:
    """Transparent washes with dark rims, granulation and bleeding, on white paper."""
    n = size
    y, x = unit_grid(n)
    names = ("landscape", "sea", "flowers", "town", "still_life")
    source = regrade(scene(rng, n, names), palette(rng, vary=0.08), keep=0.45)
    picture = _paper(rng, n, 0.3)
    tooth = fractal(rng, n, 70, 2, 0.8)
    for scale, levels in ((0.03, 3), (0.016, 5), (0.007, 7)):
        warp_y, warp_x = noise(rng, n, 9) * scale * 0.7, noise(rng, n, 9) * scale * 0.7
        soft = sample(blur(source, scale), y + warp_y, x + warp_x)
        tone = luminance(soft) + 0.05 * fractal(rng, n, 5, 3)
        step = tone * levels
        part = step - np.floor(step)
        # Pigment gathers at the rim of a drying wash: darker just inside each level's edge.
        rim = np.exp(-((part / 0.13) ** 2)) + 0.5 * np.exp(-(((1 - part) / 0.08) ** 2))
        # Without most of its grey part, so that layers over each other stay clear and do not turn to mud.
        pigment = 1 - np.clip(soft, 0, 1)
        pigment = pigment - 0.55 * pigment.min(-1, keepdims=True)
        load = (0.3 + 0.3 * rim) * np.clip(1 + 0.07 * tooth + 0.3 * fractal(rng, n, 3, 4), 0.2, 2)
        picture = picture * (1 - np.clip(pigment * load[..., None], 0, 0.97))
    edge = np.minimum(np.minimum(y, 1 - y), np.minimum(x, 1 - x)) + 0.012 * fractal(rng, n, 8, 3)
    bare = smoothstep(rng.uniform(0.0, 0.05) + 0.02, 0.0, edge)
    return np.clip(mix(picture, _paper(rng, n, 0.3), bare) * (1 + 0.012 * tooth)[..., None], 0, 1)


def ink_wash(rng: np.random.Generator, size: int) -> Array:
    """Mountains in mist in diluted ink, a red sun or seal."""
    y, x = unit_grid(size)
    picture = _paper(rng, size, rng.uniform(0.5, 1.6))
    ink = np.array([0.1, 0.1, 0.13], np.float32) + rng.uniform(0, 0.08, 3).astype(np.float32)
    tooth = fractal(rng, size, 60, 2, 0.8)
    if rng.random() < 0.6:
        far = np.sqrt((y - rng.uniform(0.12, 0.3)) ** 2 + (x - rng.uniform(0.2, 0.8)) ** 2)
        picture = mix(picture, np.array([0.78, 0.2, 0.12], np.float32), smoothstep(0.062, 0.056, far) * 0.85)
    layers = int(rng.integers(4, 7))
    for layer in range(layers):
        near = (layer + 1) / layers
        line = fractal(rng, size, 2 + layer % 3, 6, 0.52)[size // 2]
        skyline = 0.2 + 0.62 * near - (0.1 + 0.22 * rng.random()) * (line + 0.3)
        below = y - skyline[None, :]
        body = smoothstep(-0.004, 0.006, below) * np.exp(-np.clip(below, 0, 1) * rng.uniform(5, 11))
        rough = streaks(rng, size, np.full((8, 8), np.pi / 2 + rng.normal(0, 0.4)), 0.05, 60, 4)
        body = body * np.clip(0.75 + 0.28 * rough + 0.15 * tooth, 0, 1.3)
        picture = mix(picture, ink, np.clip(body * (0.25 + 0.7 * near), 0, 0.95))
        if near > 0.5 and rng.random() < 0.7:
            at, foot = rng.uniform(0.05, 0.9), rng.uniform(0.7, 0.95)
            for _ in range(int(rng.integers(1, 5))):
                at += rng.uniform(0.02, 0.07)
                tall = rng.uniform(0.08, 0.2)
                up = (foot - y) / tall
                trunk = smoothstep(0.006, 0.003, np.abs(x - at - 0.01 * np.sin(up * 5))) * (up > 0) * (up < 1)
                clump = np.exp(-(((x - at) / 0.035) ** 2) - ((up - 0.85) / 0.3) ** 2)
                crown = smoothstep(0.45, 0.75, clump * (1 + 0.4 * tooth))
                picture = mix(picture, ink, np.clip(trunk * 0.85 + crown * 0.7, 0, 0.9))
    return np.clip(picture, 0, 1)


def woodblock(rng: np.random.Generator, size: int) -> Array:
    """A colour woodblock print: graded sky, a mountain, scalloped waves with pale crests, outlines."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    colours = palette(rng, ["prussian", "prussian", "lagoon", "terracotta", "sunset", "nordic"], 0.05)
    grain_lines = 0.02 * np.sin((y + 0.02 * noise(rng, n, 4)) * 380) + 0.015 * fractal(rng, n, 40, 2)
    picture = mix(np.broadcast_to(colours[4], (n, n, 3)), colours[5], smoothstep(0.0, 0.4, y))
    picture = mix(picture, colours[int(rng.choice([2, 3]))], smoothstep(0.25, 0.0, y) * 0.9)
    line = np.zeros((n, n), np.float32)
    if rng.random() < 0.6:
        far = np.sqrt((y - rng.uniform(0.15, 0.3)) ** 2 + (x - rng.uniform(0.15, 0.85)) ** 2)
        picture = mix(picture, np.array([0.8, 0.25, 0.15], np.float32), smoothstep(0.09, 0.086, far))
    at, peak, base = rng.uniform(0.25, 0.75), rng.uniform(0.15, 0.35), rng.uniform(0.5, 0.62)
    side = np.abs(x - at)
    slope = peak + (base - peak) * (1 - np.exp(-side * 5.5)) * 1.07
    cone = y - slope
    picture = mix(picture, colours[2], smoothstep(-0.002, 0.002, cone) * (y < base))
    snow = peak + (base - peak) * (0.42 + 0.12 * np.sin(x * 70) * np.sin(x * 23))
    picture = mix(picture, colours[5], smoothstep(-0.002, 0.002, cone) * smoothstep(0.002, -0.002, y - snow))
    line = np.maximum(line, smoothstep(0.004, 0.002, np.abs(cone)) * (y < base))
    rows = int(rng.integers(6, 11))
    top = rng.uniform(0.45, 0.6)
    for row in range(rows):
        depth = (row + 1) / rows
        pitch = 0.07 + 0.2 * depth
        phase = x / pitch + rng.random()
        # A skewed arch per wave: steep on one side, as if about to break.
        part = (phase + 0.12 * np.sin(2 * np.pi * phase)) % 1
        arch = np.sin(np.pi * part) ** 0.7
        crest = top + (1.02 - top) * depth**1.3 - (0.02 + 0.1 * depth) * arch + 0.02 * depth * noise(rng, n, 3)[n // 2]
        below = y - crest
        bands = below / (0.016 + 0.05 * depth)
        paint = ramp(colours[1:4] if row % 2 else colours[:3], np.clip((np.floor(bands * 1.4) % 3) / 2, 0, 1))
        foam = smoothstep(0.012 + 0.03 * depth, 0.01 + 0.026 * depth, below + 0.006 * np.sin(phase * 60) * depth)
        paint = mix(paint, colours[5], foam)
        picture = mix(picture, paint, smoothstep(-0.001, 0.001, below))
        line = line * (below < 0)
        stripes = np.abs((bands * 1.4) % 1 - 0.5) > 0.46
        line = np.maximum(line, smoothstep(0.0045, 0.002, np.abs(below)))
        line = np.maximum(line, stripes * (below > 0.02) * 0.5)
    picture = mix(picture, colours[0] * 0.7, line * 0.9)
    return np.clip(resize(np.clip(picture * (1 + grain_lines)[..., None], 0, 1), size), 0, 1)


def screen_print(rng: np.random.Generator, size: int) -> Array:
    """Flat inks, one a tone, a little out of register, with a dot screen in the middle tones."""
    n = size * 3 // 2
    y, x = unit_grid(n)
    tone = _tone(rng, n, ("portrait", "flowers", "still_life", "town", "sea"))
    colours = palette(rng, ["candy", "primary", "violet", "sunset", "lemon", "lagoon", "fauve", "cobalt"], 0.08)
    order = colours[[5, *(1 + rng.permutation(4)), 0]]
    picture = np.broadcast_to(order[0], (n, n, 3)).copy()
    for layer, limit in enumerate((0.8, 0.6, 0.42, 0.24)):
        shift = rng.normal(0, 0.006, 2)
        moved = sample(tone, y + shift[0], x + shift[1])
        turn, pitch = rng.uniform(0, 1.5), rng.uniform(45, 65)
        cosine, sine = np.cos(turn), np.sin(turn)
        dots = np.cos(2 * np.pi * pitch * (x * cosine + y * sine)) * np.cos(2 * np.pi * pitch * (y * cosine - x * sine))
        cover = smoothstep(limit + 0.02, limit - 0.02, moved + (0.16 * dots if layer % 2 == 0 else 0))
        picture = mix(picture, order[layer + 1] if layer < 3 else order[5], cover * 0.96)
    return np.clip(resize(picture * (1 + 0.02 * grain(rng, n))[..., None], size, Image.Resampling.HAMMING), 0, 1)
