"""What a recipe measures of a picture: content, style and total variation, and their weighted sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from keras import ops

from models.layer_names import canonical
from models.loss_network import build_loss_network
from stylize.descent import Look, value_and_gradient
from stylize.localised import Localised, Tile, add_looks, core, core_of, halo, reach, tiles
from stylize.recipes import DEFAULT_WEIGHTS, Recipe, Weights
from stylize.terms import TERMS, ContentSums, StyleMeans

# Pixels of a picture that is looked at at once, and the side of a tile's core where it has more.
WHOLE_PIXELS = 1024 * 1024
TILE = 512


@dataclass(frozen=True)
class Subject:
    """What a picture is to be like.

    Attributes:
        photographs: `[H, W, 3]` in [0, 1], all of the size of the picture; none for a texture.
        photograph_shares: One a photograph; their losses are weighted by them.
        paintings: `[h, w, 3]` in [0, 1] of any sizes; none for a reconstruction.
        painting_shares: One a painting; their Gram matrices are mixed by them.
        masks: `[H, W]` in [0, 1], one a painting: where it counts. Losses are then weighted by the shares.
    """

    photographs: Sequence[np.ndarray] = ()
    photograph_shares: Sequence[float] = ()
    paintings: Sequence[np.ndarray] = ()
    painting_shares: Sequence[float] = ()
    masks: Sequence[np.ndarray] | None = None


class PictureLosses:
    """The losses of a recipe as functions of pictures.

    Args:
        recipe: Which.

    Raises:
        ValueError: a layer that the network does not have, layers and weights that differ in number.
        StartingWeightsError: where weights cannot be had.
    """

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.weights = recipe.weights or DEFAULT_WEIGHTS[recipe.loss]
        self.terms = TERMS[recipe.loss]
        content = tuple(canonical(recipe.network, name) for name in recipe.content_layers)
        style = tuple(canonical(recipe.network, name) for name in recipe.style_layers)
        share = 1 / len(style) if self.terms.style_mean and style else 1.0
        self.content_layers = _weighted("content", content, recipe.content_layer_weights, 1 / max(1, len(content)))
        self.style_layers = _weighted("style", style, recipe.style_layer_weights, share)
        self.network = build_loss_network(
            weights=recipe.vgg_weights, pooling=recipe.pooling, padding=recipe.padding,
            outputs=_used(self.weights, content, style), network=recipe.network, dtype=recipe.precision,
        )  # fmt: skip

    def tensor(self, picture: np.ndarray) -> Any:
        return ops.convert_to_tensor(picture[None], self.recipe.precision)

    def gram_means(self, painting: np.ndarray, whole_pixels: int) -> dict[str, Any]:
        """A painting's Gram matrices, means over positions `[C, C]`, by layer; a large one tile by tile."""
        sums: dict[str, Any] = {}
        counts: dict[str, int] = {}
        strides = {name: told.stride for name, told in reach(self.network).items()}
        for tile in self._tiles(painting.shape[0], painting.shape[1], whole_pixels):
            features = self.network(self.tensor(tile.cut(painting)), training=False)
            own = core_of(features, core(tile, strides))
            for name in dict.fromkeys(name for name, _ in self.style_layers):
                sums[name] = sums.get(name, 0) + _gram(own[name])
                counts[name] = counts.get(name, 0) + _positions(own[name])
        return {name: total / counts[name] for name, total in sums.items()}

    def _tiles(self, height: int, width: int, whole_pixels: int) -> list[Tile]:
        if height * width <= whole_pixels:
            return tiles(height, width, max(height, width), 0)
        return tiles(height, width, min(TILE, max(64, int(whole_pixels**0.5))), halo(self.network))

    def parts(self, subject: Subject, picture: np.ndarray) -> dict[str, tuple[float, float]]:
        """Every term of a picture `[H, W, 3]` by name, such as `style 0 relu4_1`: its weight, and its value."""
        height, width = picture.shape[:2]
        (tile,) = tiles(height, width, max(height, width), 0)
        compared, x = Comparison(self, subject, height, width), self.tensor(picture)
        sums = compared.sums(self.network(x, training=False), compared.seen(tile))
        parts = {name: (weight, float(value)) for name, (weight, value) in compared.parts(sums).items()}
        return parts | {"variation": (self.weights.total_variation, float(self.terms.variation(x)))}

    def look(self, subject: Subject, height: int, width: int, whole_pixels: int = WHOLE_PIXELS) -> Look:
        """Value and gradient of the weighted sum of all losses.

        Args:
            subject: What the picture is to be like.
            height, width: Of the pictures that will be looked at.
            whole_pixels: What is looked at at once; larger pictures tile by tile, in bounded memory, with the same
                result.
        """
        weight, precision = self.weights.total_variation, self.recipe.precision
        variation = value_and_gradient(lambda picture: weight * self.terms.variation(picture), precision)
        cuts = self._tiles(height, width, whole_pixels)
        if len(cuts) > 1 and self.recipe.normalise_gradients:
            raise ValueError("normalised gradients need the whole picture at once; make it smaller, or leave them out")
        measured = Comparison(self, subject, height, width, whole_pixels)
        looked = Localised(measured, cuts, [measured.seen(tile) for tile in cuts], precision)
        return add_looks(looked, variation) if weight else looked


def _used(weights: Weights, content: tuple[str, ...], style: tuple[str, ...]) -> tuple[str, ...]:
    """The layers whose losses count; all, where none does."""
    chosen = (*(content if weights.content else ()), *(style if weights.style else ()))
    return tuple(dict.fromkeys(chosen or (*content, *style)))


def _weighted(
    what: str, names: tuple[str, ...], weights: tuple[float, ...] | None, share: float
) -> tuple[tuple[str, float], ...]:
    if weights is None:
        return tuple((name, share) for name in names)
    if len(weights) != len(names):
        raise ValueError(f"{what} layers: expected a weight for each of {len(names)}, received {len(weights)}")
    return tuple(zip(names, weights, strict=True))


def _gram(features: Any, mask: Any = None) -> Any:
    """Sum over positions of the outer product of the channels: `[1, h, w, C]` -> `[C, C]`.

    For functions whose gradient by the Gram matrix is symmetric, as that of its difference to another one is: the two
    products that lead back to the features are then one, taken twice. A third of what Gram matrices cost is saved.
    """
    flat = ops.reshape(features, (-1, features.shape[-1]))
    other = flat if mask is None else flat * ops.reshape(mask, (-1, 1))
    product = ops.matmul(ops.transpose(other), ops.stop_gradient(flat))
    return 2 * product - ops.stop_gradient(product)


def _positions(features: Any) -> int:
    return int(features.shape[1] * features.shape[2])


class Comparison:
    """A picture's losses by way of sums over positions (stylize.localised.Measured)."""

    def __init__(
        self, losses: PictureLosses, subject: Subject, height: int, width: int, whole_pixels: int = WHOLE_PIXELS
    ) -> None:
        self._losses, self._subject = losses, subject
        self.network: keras.Model = losses.network
        self._pixels = height * width
        self._reach = reach(self.network)
        self._content = losses.content_layers if subject.photographs and losses.weights.content else ()
        self._style = losses.style_layers if subject.paintings and losses.weights.style else ()
        paintings = subject.paintings if self._style else ()
        grams = [losses.gram_means(painting, whole_pixels) for painting in paintings]
        shares = [float(share) / sum(subject.painting_shares) for share in subject.painting_shares]
        self._masks: list[dict[str, np.ndarray]] = []
        if subject.masks is None:
            mixed = {
                name: sum(share * gram[name] for share, gram in zip(shares, grams, strict=True))
                for name, _ in self._style
            }
            self._targets, self._shares = [mixed] if self._style else [], [1.0]
        else:
            self._targets, self._shares = grams, shares
            self._masks = [
                {name: self._at(mask, self._reach[name].stride) for name, _ in self._style} for mask in subject.masks
            ]
            for number, masks in enumerate(self._masks, start=1):
                if any(not mask.sum() for mask in masks.values()):
                    raise ValueError(f"mask {number}: expected some white, found too little for any position to count")

    def _at(self, mask: np.ndarray, stride: int) -> np.ndarray:
        """A mask `[H, W]` as means over the cells of a layer's positions `[h, w]`."""
        height, width = (side // stride for side in mask.shape)
        cells = mask[: height * stride, : width * stride].reshape(height, stride, width, stride)
        return np.asarray(cells.mean(axis=(1, 3)), self._losses.recipe.precision)

    def features(self, picture: Any) -> dict[str, Any]:
        found: dict[str, Any] = self.network(picture, training=False)
        return found

    def seen(self, tile: Tile) -> dict[str, Any]:
        """What a tile is compared to: the photographs' features, and its part of the masks."""
        seen: dict[str, Any] = {}
        if self._content:
            kind = core(tile, {name: told.stride for name, told in self._reach.items()})
            for index, photograph in enumerate(self._subject.photographs):
                features = core_of(self.features(self._losses.tensor(tile.cut(photograph))), kind)
                seen |= {f"content {index} {name}": features[name] for name, _ in self._content}
        for index, masks in enumerate(self._masks):
            for name, mask in masks.items():
                rows, columns = tile.positions_in_picture(self._reach[name].stride)
                seen[f"mask {index} {name}"] = ops.convert_to_tensor(mask[rows, columns])
        return seen

    def sums(self, features: dict[str, Any], seen: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, _ in self._content:
            found[f"squares {name}"] = ops.sum(ops.square(features[name]))
            found[f"positions {name}"] = ops.cast(_positions(features[name]), features[name].dtype)
            for index in range(len(self._subject.photographs)):
                target = seen[f"content {index} {name}"]
                found[f"target {index} {name}"] = ops.sum(ops.square(target))
                found[f"difference {index} {name}"] = ops.sum(ops.square(features[name] - target))
                found[f"slope {index} {name}"] = 2 * ops.sum(ops.abs(features[name] - target))
        for name, _ in self._style:
            for index in range(len(self._targets)):
                mask = seen.get(f"mask {index} {name}")
                weight = ops.cast(_positions(features[name]), features[name].dtype) if mask is None else ops.sum(mask)
                found[f"weight {index} {name}"] = weight
                found[f"gram {index} {name}"] = _gram(features[name], mask)
                if self._losses.recipe.normalise_gradients:
                    masked = features[name] if mask is None else features[name] * mask[None, :, :, None]
                    found[f"masked {index} {name}"] = masked
        return found

    def total(self, sums: dict[str, Any]) -> Any:
        return sum(weight * value for weight, value in self.parts(sums).values())

    def parts(self, sums: dict[str, Any]) -> dict[str, tuple[float, Any]]:
        """Every term by its name, such as `content 0 relu4_2`: its weight, and its value as a scalar."""
        losses, terms = self._losses, self._losses.terms
        shares = [float(share) / sum(self._subject.photograph_shares) for share in self._subject.photograph_shares]
        parts: dict[str, tuple[float, Any]] = {}
        for name, weight in self._content:
            count = sums[f"positions {name}"] * int(self.network.output[name].shape[-1])
            for index, share in enumerate(shares):
                difference, target = sums[f"difference {index} {name}"], sums[f"target {index} {name}"]
                value = terms.content(ContentSums(difference, sums[f"squares {name}"], target, count))
                value = self._normalised(value, lambda i=index, n=name, c=count: sums[f"slope {i} {n}"] / c)
                parts[f"content {index} {name}"] = (losses.weights.content * weight * share, value)
        for name, weight in self._style:
            for index, (targets, share) in enumerate(zip(self._targets, self._shares, strict=True)):
                positions = sums[f"weight {index} {name}"]
                means = StyleMeans(sums[f"gram {index} {name}"] / positions, targets[name], positions, self._pixels)
                value = terms.style(means)
                value = self._normalised(value, lambda i=index, n=name, m=means: _slope(sums[f"masked {i} {n}"], m))
                parts[f"style {index} {name}"] = (losses.weights.style * weight * share, value)
        return parts

    def _normalised(self, value: Any, norm: Any) -> Any:
        """The value, with a gradient whose L1 norm at the term's layer is 1 where the recipe wants that."""
        if not self._losses.recipe.normalise_gradients:
            return value
        scaled = value / ops.stop_gradient(norm() + 1e-8)
        return ops.stop_gradient(value) + scaled - ops.stop_gradient(scaled)


def _slope(features: Any, means: StyleMeans) -> Any:
    """L1 norm of the gradient of neural-style's style term by a layer's features, 4 F (G - A) / (C^4 M)."""
    channels = features.shape[-1]
    pulled = ops.matmul(ops.reshape(features, (-1, channels)), means.gram - means.target)
    return 4 * ops.sum(ops.abs(pulled)) / (channels**4 * means.positions)
