"""A picture optimised on its own until it has a photograph's content and a painting's style (Gatys et al. 2016).

No network is trained for it, and none is as good: this is the limit that feed-forward networks are measured against, at
a thousand times their time. What the well-known write-ups did is one recipe each (stylize/cookbook.py). Departures of
the default recipe from the papers: the balanced losses, because their weights fit every painting; pictures are painted
from coarse to fine, so that strokes may be larger than what the network sees at once at full size (Gatys et al. 2017,
section 6); and the network continues them by reflection, since its own zeros beyond the border are painted for, too: as
streaks along it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from keras import ops

from stylize.descent import AdamState, Report, adam, lbfgs
from stylize.measure import WHOLE_PIXELS, PictureLosses, Subject
from stylize.recipes import Recipe
from stylize.scales import SMALLEST, continued, growing, resized, uncontinued
from stylize.tones import in_tones_of

# Neither side of a coarse picture is smaller: relu5_1 would have nothing left to compare.
_SMALLEST = 64
# ImageNet's mean colour, which VGG takes for nothing at all.
_GREY = np.array([123.68, 116.779, 103.939]) / 255

# What gives a painting, `[h, w, 3]` in [0, 1], at a height and width, or at a long side where one number is given.
Painting = Callable[[tuple[int, int] | int], np.ndarray]


@dataclass
class Progress:
    """Where a run is, so that another can go on: the size, the picture `[H, W, 3]`, the steps done, Adam's memory."""

    scale: int = 0
    step: int = 0
    picture: np.ndarray | None = None
    adam: AdamState = field(default_factory=AdamState)


def optimise(
    contents: Sequence[np.ndarray],
    content_shares: Sequence[float],
    styles: Sequence[Painting],
    style_shares: Sequence[float],
    recipe: Recipe,
    report: Report,
    *,
    masks: Sequence[np.ndarray] | None = None,
    size: tuple[int, int] | None = None,
    first: np.ndarray | None = None,
    whole_pixels: int = WHOLE_PIXELS,
    progress: Progress | None = None,
) -> np.ndarray:
    """Paints one picture.

    Args:
        contents: Photographs `[H, W, 3]` in [0, 1] of one size, which the result has; none for a texture.
        content_shares: Of the photographs; any positive scale.
        styles: For every painting what gives it at a size; none for a reconstruction.
        style_shares: Of the paintings; any positive scale.
        recipe: How.
        report: Told after every step, counted over all scales; pictures are smaller at first.
        masks: `[H, W]` in [0, 1], one a painting: where it counts; None for everywhere.
        size: Height and width of a texture.
        first: The picture to start from, where the recipe does not make one itself.
        whole_pixels: Larger pictures are looked at in parts.
        progress: Where an earlier run stopped; kept up to date.

    Returns `[H, W, 3]` in [0, 1].
    """
    whole = contents[0].shape[:2] if contents else size
    if whole is None:
        raise ValueError("a texture needs a size, as there is no photograph that has one")
    progress = progress if progress is not None else Progress()
    if min(whole) < SMALLEST:  # painted with a continuation, which nobody gets to see
        made = optimise(
            [continued(photo) for photo in contents],
            content_shares,
            styles,
            style_shares,
            recipe,
            lambda step, value, painted: report(step, value, uncontinued(painted, whole[0], whole[1])),
            masks=None if masks is None else [continued(mask) for mask in masks],
            size=(max(whole[0], SMALLEST), max(whole[1], SMALLEST)),
            first=None if first is None else continued(resized(first, whole[0], whole[1])),
            whole_pixels=whole_pixels,
            progress=progress,
        )
        return uncontinued(made, whole[0], whole[1])
    judged = PictureLosses(recipe)
    sizes = pyramid(whole[0], whole[1], recipe.scales)
    if progress.picture is None:
        mean = _mean(contents, content_shares) if contents else None
        progress.picture = _start(mean, first, sizes[0], recipe)
    for scale in range(progress.scale, len(sizes)):
        height, width = sizes[scale]
        if scale != progress.scale:
            progress.scale, progress.step, progress.adam = scale, 0, AdamState()
        side = (height, width) if recipe.style_fit == "same" else _side(recipe, height, width)
        paintings = [style(side) for style in styles]
        places = None if masks is None else [resized(mask[..., None], height, width)[..., 0] for mask in masks]
        photos = [resized(photo, height, width) for photo in contents]
        if recipe.content_color == "tones" and paintings:
            photos = [in_tones_of(photo, paintings, style_shares, places) for photo in photos]
        subject = Subject(photos, content_shares, [continued(painting) for painting in paintings], style_shares, places)
        look = judged.look(subject, height, width, whole_pixels)
        before = scale * recipe.steps

        def counted(step: int, value: float, painted: np.ndarray, before: int = before) -> None:
            progress.step, progress.picture = step, painted
            report(before + step, value, painted)

        picture = progress.picture
        if picture.shape[:2] != (height, width):
            picture = resized(picture, height, width)
        if recipe.optimizer == "adam":
            picture = adam(
                look, picture, recipe.steps, recipe.rate, counted, bounded=recipe.bounded, state=progress.adam
            )
        else:
            picture = lbfgs(
                look, picture, recipe.steps, counted, bounded=recipe.bounded, corrections=recipe.corrections,
                evaluations=recipe.evaluations, done=progress.step,
            )  # fmt: skip
        progress.picture = picture
    return np.clip(progress.picture, 0, 1).astype(np.float32)


def pyramid(height: int, width: int, scales: int) -> list[tuple[int, int]]:
    """Sizes from coarse to fine, the last one the whole, each half the next; fewer where a side would be tiny."""
    return growing(height, width, scales, 2, _SMALLEST)


def _side(recipe: Recipe, height: int, width: int) -> int:
    return max(_SMALLEST, round(recipe.style_scale * max(height, width)))


def _mean(contents: Sequence[np.ndarray], shares: Sequence[float]) -> np.ndarray:
    return np.asarray(np.average(contents, axis=0, weights=shares), np.float32)


def _start(photo: np.ndarray | None, first: np.ndarray | None, size: tuple[int, int], recipe: Recipe) -> np.ndarray:
    if first is not None:
        return resized(first, *size)
    rng, shape = np.random.default_rng(recipe.seed), (*size, 3)
    if recipe.start == "content" and photo is not None:
        return resized(photo, *size)
    if recipe.start == "uniform":
        picture = rng.integers(0, 256, shape) / 255
    elif recipe.start == "grey":
        picture = _GREY + rng.normal(0, 0.001 / 255, shape)
    else:
        mean = 0.5 if photo is None else photo.mean(axis=(0, 1))
        picture = np.clip(mean + rng.normal(0, 0.1, shape), 0, 1)
    return picture.astype(np.float32)


def to_size(picture: np.ndarray, height: int, width: int) -> np.ndarray:
    """A finished picture at another size, such as the photograph's own."""
    return np.asarray(ops.convert_to_numpy(resized(picture, height, width)), np.float32)
