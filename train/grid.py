"""A grid of photographs and paintings, stylised by every system and judged picture by picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from tqdm import tqdm

from datasets.canvas import square_canvas
from datasets.source import Source
from impasto.errors import PictureError
from train.judge import COLUMNS, JUDGES, Judge
from train.systems import System


@dataclass(frozen=True)
class Picture:
    """A picture of the grid: its key in its source, `[S, S, 3]` in [0, 1], and whether training may have seen it.

    `place` says where it comes from, among all sources: a file's path or a record.
    """

    key: str
    image: np.ndarray
    observed: str = ""
    place: str = ""


@dataclass(frozen=True)
class Row:
    """One stylised picture's judgement; `losses` by the names in `judge.COLUMNS`."""

    system: str
    content: str
    style: str
    observed: str
    losses: dict[str, float]


@dataclass(frozen=True)
class Summary:
    """Means of a system over all its pictures or one kind of styles, and each judge's worst decile of its style sum.

    `worst_deciles` are named `worst_decile`, `inception_worst_decile`: the mean of the tenth with the highest sums.
    """

    system: str
    observed: str
    pairs: int
    means: dict[str, float]
    worst_deciles: dict[str, float]


Pictures = dict[tuple[str, str, str], np.ndarray]


def pick(source: Source, count: int, size: int, observed: str = "") -> list[Picture]:
    """`count` pictures spread evenly over a source as centred squares; unreadable ones are passed over.

    Raises:
        ValueError: the source has fewer readable pictures.
    """
    pictures: list[Picture] = []
    # Evenly spread first, then the rest in order, in case some cannot be read.
    spread = np.linspace(0, len(source) - 1, min(count, len(source))).round().astype(int)
    for index in dict.fromkeys([*spread.tolist(), *range(len(source))]):
        if len(pictures) == count:
            break
        try:
            image = square_canvas(source.load(index), size).astype(np.float32) / 255.0
        except PictureError:
            continue
        pictures.append(Picture(source.key(index), image, observed, source.describe(index)))
    if len(pictures) < count:
        raise ValueError(f"{source.name}: {count} pictures were asked for, {len(pictures)} can be read")
    return pictures


def named_apart(pictures: Sequence[Picture]) -> list[Picture]:
    """The same pictures with keys that differ: one that several share becomes their place, then one with a number."""
    counts = Counter(picture.key for picture in pictures)
    pictures = [replace(one, key=one.place or one.key) if counts[one.key] > 1 else one for one in pictures]
    counts, met = Counter(picture.key for picture in pictures), Counter[str]()
    apart = []
    for picture in pictures:
        met[picture.key] += 1
        shared = counts[picture.key] > 1
        apart.append(replace(picture, key=f"{picture.key} #{met[picture.key]}") if shared else picture)
    return apart


def require_apart(pictures: Sequence[Picture]) -> None:
    """Raises ValueError where two pictures have one key: what is kept by it would be mixed up."""
    key, count = Counter(picture.key for picture in pictures).most_common(1)[0]
    if count > 1:
        raise ValueError(f"pictures are told apart by their keys, {count} are named {key}; see named_apart")


def evaluate(
    systems: Sequence[System], contents: Sequence[Picture], styles: Sequence[Picture], judges: Sequence[Judge]
) -> tuple[list[Row], Pictures]:
    """Judges every system on every pair by every judge: one row a picture, and the stylised pictures as uint8.

    Returns:
        Rows in the order system, content, style; pictures by (system, content key, style key), `[H, W, 3]`.

    Raises:
        ValueError: two photographs or two paintings have one key.
    """
    for side in (contents, styles):
        require_apart(side)
    grams = [[judge.grams(style.image) for judge in judges] for style in styles]
    features = [[judge.content_features(content.image) for judge in judges] for content in contents]
    rows: list[Row] = []
    pictures: Pictures = {}
    with tqdm(total=len(systems) * len(contents) * len(styles), unit="picture") as bar:
        for system in systems:
            bar.set_description(system.name)
            for content, target in zip(contents, features, strict=True):
                for style, gram in zip(styles, grams, strict=True):
                    stylised = system.stylise(content.image, content.key, style.image, style.key)
                    found: dict[str, float] = {}
                    for judge, features_of_one, grams_of_one in zip(judges, target, gram, strict=True):
                        found |= judge.judge(stylised, features_of_one, grams_of_one)
                    rows.append(Row(system.name, content.key, style.key, style.observed, found))
                    as_bytes = (np.clip(stylised, 0, 1) * 255).round().astype(np.uint8)
                    pictures[system.name, content.key, style.key] = as_bytes
                    bar.update()
    return rows, pictures


def summarise(rows: Sequence[Row]) -> list[Summary]:
    """Means a system, over all styles and over each kind of them."""
    summaries = []
    for system in dict.fromkeys(row.system for row in rows):
        own = [row for row in rows if row.system == system]
        kinds = list(dict.fromkeys(row.observed for row in own))
        for kind in ["all", *kinds] if len(kinds) > 1 else kinds:
            chosen = [row.losses for row in own if kind in ("all", row.observed)]
            means = {name: float(np.mean([losses[name] for losses in chosen])) for name in COLUMNS}
            worst = {
                f"{judge.prefix}worst_decile": _worst_decile([losses[judge.columns()[-1]] for losses in chosen])
                for judge in JUDGES
            }
            summaries.append(Summary(system, kind, len(chosen), means, worst))
    return summaries


def _worst_decile(values: Sequence[float]) -> float:
    return float(np.sort(values)[-max(len(values) // 10, 1) :].mean())
