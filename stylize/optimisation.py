"""A picture optimised on its own until it has a photograph's content and a painting's style (Gatys et al. 2016).

No network is trained for it, and none is as good: this is the limit that feed-forward networks are measured against, at
a thousand times their time. The options are those that neural-style (Johnson 2015) made known: several styles, layers,
weights, optimiser and starting picture. Departures from the papers: the balanced losses are the default, because their
weights fit every painting; pictures are painted from coarse to fine, so that strokes may be larger than what the
network sees at once at full size (Gatys et al. 2017, section 6); and the network continues them by reflection, since
its own zeros beyond the border are painted for, too: as streaks along it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from keras import ops

from models import losses
from models.loss_network import build_loss_network
from stylize.descent import Objective, Report, adam, lbfgs
from stylize.recipes import DEFAULT_WEIGHTS, Recipe
from stylize.scales import growing, resized

# Neither side of a coarse picture is smaller: relu5_1 would have nothing left to compare.
_SMALLEST = 64


class PictureLosses:
    """The losses of a recipe for one photograph and its paintings, as functions of a picture."""

    def __init__(self, recipe: Recipe) -> None:
        self._recipe = recipe
        self._weights = recipe.weights or DEFAULT_WEIGHTS[recipe.loss]
        names = tuple(dict.fromkeys((*recipe.content_layers, *recipe.style_layers)))
        self._network = build_loss_network(
            weights=recipe.vgg_weights,
            pooling=recipe.pooling,
            padding="reflect",
            outputs=names,
            network=recipe.network,
        )

    def objective(self, content: np.ndarray, styles: Sequence[np.ndarray], shares: Sequence[float]) -> Objective:
        """The weighted sum of all losses.

        Args:
            content: Photograph `[H, W, 3]` in [0, 1], of the size of the pictures that the objective will see.
            styles: Paintings `[h, w, 3]` in [0, 1] of any sizes.
            shares: One a painting, summing to 1: their Gram matrices are mixed.
        """
        features = self._network(content[None], training=False)
        targets = {name: features[name] for name in self._recipe.content_layers}
        looked_at = [self._network(style[None], training=False) for style in styles]
        grams = {
            name: sum(share * losses.gram_matrix(seen[name]) for share, seen in zip(shares, looked_at, strict=True))
            for name in self._recipe.style_layers
        }
        return lambda picture: self._total(picture, targets, grams)

    def _total(self, picture: Any, targets: dict[str, Any], grams: dict[str, Any]) -> Any:
        features, balanced = self._network(picture, training=False), self._recipe.loss == "balanced"
        content = [losses.content_loss(features[name], target, balanced=balanced) for name, target in targets.items()]
        styles = losses.style_losses(features, grams, balanced=balanced)
        if not balanced:
            styles = {name: value / features[name].shape[-1] ** 2 for name, value in styles.items()}
        total = (
            self._weights.content * sum(content) / len(content)
            + self._weights.style * sum(styles.values())
            + self._weights.total_variation * losses.total_variation(picture)
        )
        return ops.sum(total)


def optimise(
    content: np.ndarray,
    styles: Sequence[Callable[[int], np.ndarray]],
    shares: Sequence[float],
    recipe: Recipe,
    report: Report,
) -> np.ndarray:
    """Paints one picture.

    Args:
        content: Photograph `[H, W, 3]` in [0, 1]; the result has its size.
        styles: For every painting what gives it, `[h, w, 3]` in [0, 1], at a long side.
        shares: Of the paintings; any positive scale.
        recipe: How.
        report: Told after every step, counted over all scales; pictures are smaller at first.

    Returns `[H, W, 3]` in [0, 1].
    """
    weights = [share / sum(shares) for share in shares]
    judged = PictureLosses(recipe)
    sizes = pyramid(content.shape[0], content.shape[1], recipe.scales)
    picture = _start(resized(content, *sizes[0]), recipe)
    for scale, (height, width) in enumerate(sizes):
        photo, picture = resized(content, height, width), resized(picture, height, width)
        long_side = max(_SMALLEST, round(recipe.style_scale * max(height, width)))
        objective = judged.objective(photo, [style(long_side) for style in styles], weights)

        def counted(step: int, value: float, painted: np.ndarray, before: int = scale * recipe.steps) -> None:
            report(before + step, value, painted)

        if recipe.optimizer == "adam":
            picture = adam(objective, picture, recipe.steps, recipe.rate, counted)
        else:
            picture = lbfgs(objective, picture, recipe.steps, counted)
    return picture


def pyramid(height: int, width: int, scales: int) -> list[tuple[int, int]]:
    """Sizes from coarse to fine, the last one the whole, each half the next; fewer where a side would be tiny."""
    return growing(height, width, scales, 2, _SMALLEST)


def _start(photo: np.ndarray, recipe: Recipe) -> np.ndarray:
    if recipe.start == "content":
        return photo
    noise = np.random.default_rng(recipe.seed).normal(0, 0.1, photo.shape)
    return np.clip(photo.mean(axis=(0, 1)) + noise, 0, 1).astype(np.float32)
