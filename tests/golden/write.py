"""Writes the golden cases: what Python computes, for the page to be held to. Run it as `python -m tests.golden.write`.

Each JSON file holds cases of one subject, inputs and results as plain numbers. Pictures are `[height][width][3]`, 0 to
255.
pytest checks that the files are what the package computes (tests/test_impasto_golden.py); the page's tests read them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from impasto.colors import keep_luma, recolour
from impasto.contract import Preprocessing
from impasto.embeddings import blend, interpolate
from impasto.geometry import padded, patches, reflected, spans, stroke_levels, style_fit
from impasto.masks import lay_over, share_of
from impasto.noise import NoiseFilter
from impasto.pictures.reading import read
from impasto.resampling import resized
from impasto.share_code import encode
from impasto.strokes import Enlarged, as_float, put_back
from impasto.wrapping import Wrapping, seamless

from . import pictures  # relative: pytest calls this package golden, the command tests.golden

FOLDER = Path(__file__).parent
RULES = Preprocessing()
SIZES = (
    (256, 256), (1000, 2000), (4000, 100), (300, 333), (101, 300), (20, 33), (1, 1000), (257, 515), (3000, 1999),
    (640, 480), (31, 31), (5, 5000), (513, 256),
)  # fmt: skip


def picture(width: int, height: int, seed: int) -> np.ndarray:
    """uint8 `[H, W, 3]`: a smooth gradient with some noise, which differs in every channel."""
    noise = np.random.default_rng(seed).integers(-24, 25, (height, width, 3))
    y, x = np.mgrid[0:height, 0:width]
    waves = [128 + 100 * np.sin((x * (1 + k) + y * (2 - k)) / 5 + seed + k) for k in range(3)]
    return np.clip(np.stack(waves, axis=-1) + noise, 0, 255).astype(np.uint8)


def fits() -> Any:
    return [
        {"width": w, "height": h, "rules": asdict(RULES.style), **asdict(style_fit(w, h, RULES.style))}
        for w, h in SIZES
    ]


def padding() -> Any:
    sides = [{"side": side, "padded": padded(side, RULES.content)} for side in (1, 15, 16, 64, 65, 384, 385, 1000)]
    places = [(-3, 8, 4), (0, 70, 65), (0, 64, 3), (0, 64, 1), (60, 80, 70)]
    reflections = [{"start": s, "end": e, "length": n, "places": reflected(s, e, n).tolist()} for s, e, n in places]
    return {"multiple": RULES.content.multiple, "smallest_multiples": 4, "sides": sides, "reflections": reflections}


def tiles() -> Any:
    cases = [(768, 768, 160, 16), (784, 768, 160, 16), (1536, 768, 112, 16), (4000, 768, 160, 16), (160, 96, 16, 16)]
    cut = [
        {"side": side, "tile": tile, "overlap": overlap, "multiple": multiple,
         "spans": [list(asdict(span).values()) for span in spans(side, tile, overlap, multiple)]}
        for side, tile, overlap, multiple in cases
    ]  # fmt: skip
    mosaic = [{"side": side, **asdict(patches(side, RULES.content))} for side in (64, 256, 496, 512, 1040, 1536, 4000)]
    return {"tiles": cut, "span": "start, end, core_start, core_end", "patch": 256, "patches": 4, "mosaic": mosaic}


def blends() -> Any:
    vectors = [np.round(np.random.default_rng(seed).normal(size=5), 3).astype(np.float32) for seed in range(3)]
    weights: list[list[float]] = [[1, 0, 0], [1, 1, 1], [0.7, 0.3, 0], [3, 2, 1], [1e-9, 0, 0]]
    refused: list[list[float | str]] = [[0, 0, 0], [1, -1, 1], [1, "NaN", 1], [1, "Infinity", 1], [1, 1]]
    return {
        "vectors": [_rounded(vector) for vector in vectors],
        "cases": [{"weights": w, "blend": _rounded(blend(vectors, w))} for w in weights],
        "refused": refused,
    }


def strengths() -> Any:
    own, style = np.array([0.5, -1.0, 2.0], np.float32), np.array([1.5, 1.0, -2.0], np.float32)
    cases = [{"strength": s, "vector": _rounded(interpolate(own, style, s))} for s in (0, 0.25, 1, 1.5, 2.55)]
    return {"own": own.tolist(), "style": style.tolist(), "cases": cases, "refused": ["NaN", "Infinity", -0.5]}


def colours() -> Any:
    photo, style = picture(7, 5, 1), picture(6, 8, 2)
    grey = np.repeat(picture(4, 4, 3)[..., :1], 3, axis=-1)
    flat = np.full((3, 3, 3), (200, 30, 90), np.uint8)
    recoloured = [
        {
            "style": s.tolist(),
            "content": c.tolist(),
            "result": _levels(recolour(as_float(s), as_float(c), RULES.colors)),
        }
        for s, c in ((style, photo), (grey, photo), (flat, photo), (style, flat))
    ]
    painted = picture(7, 5, 4)
    bright = np.clip(painted.astype(int) + 90, 0, 255).astype(np.uint8)
    kept = [
        {
            "stylised": p.tolist(),
            "content": photo.tolist(),
            "result": _levels(keep_luma(as_float(p), as_float(photo), RULES.colors)),
        }
        for p in (painted, bright)
    ]
    return {"rules": RULES.to_json()["colors"], "recolour": recoloured, "luma": kept}


def strokes() -> Any:
    levels = [
        {"width": w, "height": h, "stroke": s, "levels": stroke_levels(w, h, RULES.strokes, s)}
        for w, h, s in (
            (512, 300, 1.0), (513, 300, 1.0), (1536, 1024, 1.0), (1537, 1024, 1.0), (4608, 3072, 1.0),
            (4000, 3000, 1.0), (1536, 1536, 2.0), (800, 600, 0.5), (3000, 2000, 0.75), (12000, 9000, 1.0),
            (2048, 1, 1.0),
        )
    ]  # fmt: skip
    photo, painted = picture(22, 15, 5), picture(22, 15, 7)
    resampling = RULES.strokes.resampling
    reduced, coarse = resized(photo, 9, 6, resampling), picture(9, 6, 6)
    summed = Enlarged(photo, coarse, reduced, resampling)
    result = painted.copy()
    put_back(result, coarse, resampling)
    step = {
        "photo": photo.tolist(),
        "reduced": reduced.tolist(),
        "coarse": coarse.tolist(),
        "sum": _levels(summed.region(0, 15, 0, 22)),
        # Rows 5 to 16, the last two of them beyond the bottom; columns 8 to 24, the last two beyond the right.
        "region": {"top": 5, "bottom": 17, "left": 8, "right": 24, "values": _levels(summed.region(5, 17, 8, 24))},
        "painted": painted.tolist(),
        "result": result.tolist(),
    }
    return {"rules": RULES.to_json()["strokes"], "levels": levels, "step": step}


def resampled() -> Any:
    source = picture(37, 23, 8)
    sizes = [("lanczos3", 16, 10), ("lanczos3", 11, 23), ("bicubic", 12, 8), ("bicubic", 50, 31), ("bilinear", 50, 31)]
    return {
        "picture": source.tolist(),
        "cases": [
            {"resampling": name, "width": w, "height": h, "result": resized(source, w, h, name).tolist()}
            for name, w, h in sizes
        ],
    }


def reductions() -> Any:
    cases = []
    for width, height, side in ((61, 43, 20), (151, 101, 8), (300, 40, 30), (97, 211, 9), (24, 36, 36)):
        y, x, channel = np.mgrid[0:height, 0:width, 0:3]
        source = (3 * x + 5 * y + x * y * (channel + 1) % 31 + 40 * channel) % 256
        found = read(source.astype(np.uint8), long_side=side)
        cases.append({"width": width, "height": height, "long_side": side, "result": found.pixels.tolist()})
    formula = "value at column x, row y, channel c: (3 x + 5 y + (x y (c + 1)) mod 31 + 40 c) mod 256"
    return {"picture": formula, "cases": cases}


def extending() -> Any:
    """A disc whose edge is as soft as `slope` says; `radius2` is its radius squared, `slope` levels a squared pixel."""
    cases = []
    for width, height, side, radius2, slope in (
        (24, 17, 24, 40, 255), (23, 32, 32, 90, 2), (61, 43, 20, 300, 1), (151, 101, 8, 1500, 255), (1, 9, 9, 2, 100),
        (40, 7, 7, -1, 255), (3, 2, 3, 1, 9),
    ):  # fmt: skip
        y, x, channel = np.mgrid[0:height, 0:width, 0:3]
        cover = np.clip((radius2 - (x[..., 0] - width // 3) ** 2 - (y[..., 0] - height // 2) ** 2) * slope, 0, 255)
        colours = (3 * x + 5 * y + x * y * (channel + 1) % 31 + 40 * channel) % 256
        found = read(np.dstack([colours, cover]).astype(np.uint8), long_side=side, extend=True)
        assert found.alpha is not None
        cases.append(
            {"width": width, "height": height, "long_side": side, "radius2": radius2, "slope": slope,
             "result": found.pixels.tolist(), "cover": found.alpha.tolist()}
        )  # fmt: skip
    formula = (
        "value: as in reductions.json; alpha: (radius2 - (x - width // 3)^2 - (y - height // 2)^2) slope, 0 to 255"
    )
    return {"picture": formula, "cases": cases}


def regions() -> Any:
    below, layers = picture(9, 7, 9), [picture(9, 7, 10), picture(9, 7, 11)]
    random = np.random.default_rng(12)
    masks = [random.integers(0, 256, (4, 5)).astype(np.uint8), random.integers(0, 256, (4, 5)).astype(np.uint8)]
    result = below.copy()
    for index, layer in enumerate(layers):
        lay_over(result, layer, masks, index)
    coverages = [[0.2, 0.0, 0.0], [0.5, 0.5, 0.0], [0.9, 0.9, 0.2], [1.0, 0.0, 1.0]]
    shares = [
        {
            "coverages": one,
            "shares": [round(float(share_of(np.array(one), index)), 6) for index in range(3)],
        }
        for one in coverages
    ]
    return {
        "below": below.tolist(),
        "layers": [layer.tolist() for layer in layers],
        "masks": [mask.tolist() for mask in masks],
        "result": result.tolist(),
        "shares": shares,
    }


def share_codes() -> Any:
    model = "0123456789abcdef"
    random = np.random.default_rng(13).normal(size=100).astype(np.float32)
    vectors = [
        np.array([0.5, -1.25, 3.0], np.float32),
        np.zeros(2, np.float32),
        np.array([-1e-20, 1e20], np.float32),
        random,
    ]
    strengths = (1.0, 0.0, 2.55, 0.8)
    codes = [encode(vector, strength, model) for vector, strength in zip(vectors, strengths, strict=True)]
    cases = [
        {"vector": [float(value) for value in vector], "strength": strength, "code": code}
        for vector, strength, code in zip(vectors, strengths, codes, strict=True)
    ]
    good = codes[0]
    damaged = ["", "!", good[:-2], f"{good[:8]}A{good[9:]}", good + "AA"]
    return {"model": model, "cases": cases, "damaged": damaged, "other_model": "fedcba9876543210"}


def wrapping() -> Any:
    photo = picture(26, 17, 14)
    rows, columns = np.mgrid[0:16, 0:24]
    tile = (128 + 90 * np.sin(rows * np.pi / 4)[..., None] * np.cos(columns * np.pi / 6)[..., None]).astype(np.uint8)
    small = Wrapping(12, 9, 5, 4, 1.0)
    painted = picture(22, 19, 15)
    mask = np.random.default_rng(16).integers(0, 256, (9, 16)).astype(np.uint8)
    sizes = [(384, 256, 1.0), (512, 512, 1.0), (1536, 1000, 1.0), (1536, 1000, 0.5), (100, 4000, 2.0)]
    return {
        "seamless": [
            {"picture": one.tolist(), "result": seamless(one).tolist()} for one in (photo, tile.repeat(3, axis=-1))
        ],
        "mask": {"mask": mask.tolist(), "result": seamless(mask).tolist()},
        "sizes": [
            {"given": size, **asdict(Wrapping.of(*size[:2], RULES.content, RULES.strokes, size[2]))} for size in sizes
        ],
        "fold": {
            **asdict(small),
            "extended": small.extended(picture(12, 9, 17)).tolist(),
            "painted": painted.tolist(),
            "result": small.folded(painted).tolist(),
        },
    }


def noise() -> Any:
    """A film in levels of 255: a camera's noise, a square that moves, and a cut at the end; and what is made of it."""
    random, (height, width) = np.random.default_rng(23), (14, 19)
    gradient = np.linspace(50, 130, width)[None, :, None] * np.array([1.0, 0.8, 0.6])
    found, kept = [], NoiseFilter()
    for step in range(5):
        frame = np.tile(gradient, (height, 1, 1)) if step < 4 else np.full((height, width, 3), 200.0)
        if step < 4:
            frame[4:9, 2 + 3 * step : 7 + 3 * step] = (230, 180, 50)
        frame = (frame + random.normal(0, 5, frame.shape)).round(2)
        result = kept.clean(frame.astype(np.float32)).astype(np.float64)
        found.append({"frame": frame.tolist(), "result": result.round(3).tolist()})
    return found


def contract() -> Any:
    return RULES.to_json()


FILES: dict[str, Callable[[], Any]] = {
    "blend": blends,
    "colours": colours,
    "decoding": pictures.decoding,
    "extending": extending,
    "fit": fits,
    "noise": noise,
    "padding": padding,
    "pictures": pictures.pictures,
    "preprocessing": contract,
    "reductions": reductions,
    "regions": regions,
    "resampling": resampled,
    "share_codes": share_codes,
    "strength": strengths,
    "strokes": strokes,
    "tiles": tiles,
    "wrapping": wrapping,
}


def _rounded(vector: np.ndarray) -> list[float]:
    return [round(float(value), 6) for value in vector]


def _levels(picture: np.ndarray) -> Any:
    """[0, 1] in levels of 255, with two digits behind the point."""
    return np.round(picture.astype(np.float64) * 255, 2).tolist()


def main() -> None:
    """Writes every file beside this one; the sources of pictures only where they are not there."""
    if not (pictures.FOLDER / "photo.png").is_file():
        pictures.write_sources()
    pictures.write_results()
    for name, make in FILES.items():
        text = json.dumps(make(), separators=(",", ":"), allow_nan=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
