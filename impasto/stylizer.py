"""The Stylizer: one model applied to pictures of any size, in any runtime, in bounded memory.

What happens to pixels before and after the networks is decided here alone, by the numbers of the contract. Training's
evaluation, the exports' proof and the command line all paint through this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from impasto.colors import recolour
from impasto.contract import ContentRules, Preprocessing
from impasto.embeddings import interpolate
from impasto.geometry import Span, padded, patches, spans, stroke_levels, style_fit
from impasto.masks import Region, lay_over
from impasto.resampling import resized
from impasto.runtimes.protocol import Runtime
from impasto.steadiness import Steadiness
from impasto.strokes import Enlarged, Picture, Source, as_float, put_back, reductions, store
from impasto.wrapping import Wrapping, seamless

# Called with steps done and steps in all, first with none done. A step is a tile, or a picture that is painted whole.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Settings:
    """How to paint.

    Attributes:
        strength: 0 paints the photograph with its own embedding, 1 with the style's, beyond 1 exaggerates.
        stroke: Size of the strokes. 1 keeps, at any size of picture, what a picture with the contract's long side
            (512 px) shows; 2 gives strokes twice as large, 0.5 half as large. None paints directly, so that strokes
            have the network's own size in pixels.
        tile: Largest side in pixels of what the network is shown at once; given, every picture that is larger is
            painted in tiles. None takes the contract's, for pictures of more than its `whole_pixels`.
        wrap: Opposite borders of the result meet, so that copies of it can be laid side by side (impasto.wrapping).
    """

    strength: float = 1.0
    stroke: float | None = 1.0
    tile: int | None = None
    wrap: bool = False


class Stylizer:
    """Predicts embeddings from paintings and paints photographs with them.

    Pictures are `[H, W, 3]` RGB, uint8 or float32 in [0, 1]; what is painted comes back as the same kind. uint8 is kept
    as such and made float in parts, so that a photograph of 100 megapixels needs 2.4 GB with its strokes (measured).

    Args:
        runtime: The networks.
        preprocessing: The contract of the model, or what makes it when it is first needed.
    """

    def __init__(self, runtime: Runtime, preprocessing: Preprocessing | Callable[[], Preprocessing]) -> None:
        self.runtime = runtime
        self._preprocessing = preprocessing

    @property
    def preprocessing(self) -> Preprocessing:
        """The contract of the model."""
        if not isinstance(self._preprocessing, Preprocessing):
            self._preprocessing = self._preprocessing()
        return self._preprocessing

    @preprocessing.setter
    def preprocessing(self, rules: Preprocessing) -> None:
        self._preprocessing = rules

    def fitted(self, style: np.ndarray) -> np.ndarray:
        """What of a picture the predictor looks at, at that size (geometry.style_fit), before it is padded."""
        rules = self.preprocessing.style
        picture = checked(style, "style")
        fit = style_fit(picture.shape[1], picture.shape[0], rules)
        return resized(picture[fit.top : fit.bottom, fit.left : fit.right], fit.width, fit.height, rules.resampling)

    def predict(self, style: np.ndarray) -> np.ndarray:
        """The embedding `[E]` of a painting of any size."""
        shown = self.fitted(style)
        smallest = self.preprocessing.style.smallest_side
        height, width = (max(side, smallest) for side in shown.shape[:2])
        return self.runtime.predict(Picture(shown).region(0, height, 0, width)[None])[0]

    def predict_recoloured(self, style: np.ndarray, content: np.ndarray) -> np.ndarray:
        """The embedding `[E]` of a painting that is given the photograph's colours first (colors.recolour)."""
        shown, photo = (as_float(self.fitted(picture)) for picture in (style, content))
        return self.predict(recolour(shown, photo, self.preprocessing.colors))

    def stylize(
        self,
        content: np.ndarray,
        embedding: np.ndarray,
        settings: Settings | None = None,
        *,
        regions: Sequence[Region] = (),
        progress: Progress | None = None,
        steadiness: Steadiness | None = None,
    ) -> np.ndarray:
        """Paints a photograph.

        Args:
            content: Of any size.
            embedding: `[E]`.
            settings: Of strength, strokes and tiles.
            regions: Parts of the picture with embeddings of their own; the rest is painted with `embedding`.
            progress: Told the steps as they are done.
            steadiness: What the frames of a film before this one hand on to it; not together with regions.

        Returns:
            A picture of the size and kind of `content`.

        Raises:
            ValueError: an argument has another shape or range than it should; says which.
        """
        chosen = settings or Settings()
        photo = checked(content, "content")
        if steadiness is not None and (regions or chosen.wrap):
            raise ValueError("a film has no regions and does not wrap: pass either those or steadiness")
        wanted = [region for region in regions if not region.is_blank]
        vectors = [self._vector(vector) for vector in (embedding, *(region.embedding for region in wanted))]
        if chosen.strength != 1.0:
            own = self.predict(photo)
            vectors = [interpolate(own, vector, chosen.strength) for vector in vectors]
        masks = [region.mask for region in wanted]
        stroke, wrapping = chosen.stroke, None
        if chosen.wrap:
            rules = self.preprocessing
            wrapping = Wrapping.of(photo.shape[1], photo.shape[0], rules.content, rules.strokes, stroke)
            photo, stroke = wrapping.extended(seamless(photo)), wrapping.stroke
            masks = [seamless(mask) for mask in masks]
        sizes = [(photo.shape[1], photo.shape[0])]
        if stroke is not None:
            sizes = stroke_levels(*sizes[0], self.preprocessing.strokes, stroke)
        plan = _Plan.of(self.preprocessing.content, chosen.tile)
        steps = _Steps(len(vectors) * sum(plan.steps(*size) for size in sizes), progress)
        photos = reductions(photo, sizes)
        result = self._painted(photos, vectors[0], plan, steps, steadiness)
        result = wrapping.folded(result) if wrapping else result
        for index, vector in enumerate(vectors[1:]):
            layer = self._painted(photos, vector, plan, steps)
            lay_over(result, wrapping.folded(layer) if wrapping else layer, masks, index)
        return result

    def _painted(
        self,
        photos: list[np.ndarray],
        embedding: np.ndarray,
        plan: _Plan,
        steps: _Steps,
        steadiness: Steadiness | None = None,
    ) -> np.ndarray:
        """The largest of `photos`, painted from the smallest on."""
        brush = _Brush(self.runtime, self.runtime.condition(embedding[None]), steadiness)
        resampling = self.preprocessing.strokes.resampling
        result = self._level(Picture(photos[0]), photos[0].dtype, brush, plan, steps)
        for below, photo in zip(photos, photos[1:]):  # noqa: B905
            source = Enlarged(photo, result, below, resampling)
            fine = self._level(source, photo.dtype, brush, plan, steps)
            put_back(fine, result, resampling)
            result = fine
        return result

    def _level(self, source: Source, dtype: np.dtype, brush: _Brush, plan: _Plan, steps: _Steps) -> np.ndarray:
        """One picture painted at its own size, whole or in tiles."""
        result = np.empty((source.height, source.width, 3), dtype)
        tall, wide = plan.padded(source.height), plan.padded(source.width)
        if plan.is_whole(source.width, source.height):
            painted = brush.paint(source.region(0, tall, 0, wide)[None])
            store(result, painted[0, : source.height, : source.width])
            steps.done()
            return result
        affine = brush.statistics(self._mosaic(source, tall, wide)[None])
        for row in plan.spans(tall):
            for column in plan.spans(wide):
                shown = source.region(row.start, row.end, column.start, column.end)
                painted = self.runtime.paint_tile(shown[None], affine)[0]
                bottom, right = min(row.core_end, source.height), min(column.core_end, source.width)
                core = painted[
                    row.core_start - row.start : bottom - row.start,
                    column.core_start - column.start : right - column.start,
                ]
                store(result[row.core_start : bottom, column.core_start : right], core)
                steps.done()
        return result

    def _mosaic(self, source: Source, tall: int, wide: int) -> np.ndarray:
        """The sample that the norms' statistics are measured on, at full resolution."""
        rows, columns = patches(tall, self.preprocessing.content), patches(wide, self.preprocessing.content)
        return np.concatenate(
            [
                np.concatenate(
                    [source.region(top, top + rows.side, left, left + columns.side) for left in columns.starts], axis=1
                )
                for top in rows.starts
            ]
        )

    def _vector(self, embedding: np.ndarray) -> np.ndarray:
        vector = np.asarray(embedding, np.float32)
        if vector.shape != (self.runtime.embedding_size,) or not np.isfinite(vector).all():
            raise ValueError(
                f"embedding must be {self.runtime.embedding_size} finite numbers. Received shape: {vector.shape}"
            )
        return vector

    def close(self) -> None:
        """Frees what the runtime holds; so does leaving a `with` block."""
        self.runtime.close()

    def __enter__(self) -> Stylizer:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


@dataclass(frozen=True)
class _Brush:
    """One style, ready to paint with: a picture by itself, or a frame of a film after those before it."""

    runtime: Runtime
    conditioning: np.ndarray
    steadiness: Steadiness | None

    def paint(self, content: np.ndarray) -> np.ndarray:
        if self.steadiness is None:
            return self.runtime.paint(content, self.conditioning)
        return self.steadiness.paint(content, self.conditioning)[0]

    def statistics(self, content: np.ndarray) -> np.ndarray:
        if self.steadiness is None:
            return self.runtime.statistics(content, self.conditioning)
        return self.steadiness.paint(content, self.conditioning)[1]


@dataclass(frozen=True)
class _Plan:
    """How levels are cut into tiles: all that are larger than a tile (`tiled`), or those of many pixels."""

    rules: ContentRules
    tiled: bool

    @classmethod
    def of(cls, rules: ContentRules, tile: int | None) -> _Plan:
        if tile is None:
            return cls(rules, False)
        side = tile // rules.multiple * rules.multiple
        if side <= 2 * rules.overlap:
            raise ValueError(f"tile must be larger than twice the overlap of {rules.overlap} pixels. Received: {tile}")
        return cls(replace(rules, tile=side), True)

    def padded(self, side: int) -> int:
        return padded(side, self.rules)

    def is_whole(self, width: int, height: int) -> bool:
        if self.tiled:
            return self.padded(max(width, height)) <= self.rules.tile
        return width * height <= self.rules.whole_pixels

    def spans(self, side: int) -> list[Span]:
        return spans(side, self.rules.tile, self.rules.overlap, self.rules.multiple)

    def steps(self, width: int, height: int) -> int:
        if self.is_whole(width, height):
            return 1
        return len(self.spans(self.padded(height))) * len(self.spans(self.padded(width)))


class _Steps:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress
        if progress is not None:
            progress(0, total)

    def done(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self._total)


def checked(picture: np.ndarray, name: str) -> np.ndarray:
    """`picture` as uint8 or float32 `[H, W, 3]`.

    Raises:
        ValueError: it is of another shape or type, or a float outside of [0, 1].
    """
    values = np.asarray(picture)
    if values.ndim != 3 or values.shape[-1] != 3 or 0 in values.shape:
        raise ValueError(f"{name} must have shape [H, W, 3]. Received: {values.shape}")
    if values.dtype == np.uint8:
        return values
    if values.dtype.kind != "f":
        raise ValueError(f"{name} must be uint8, or float in [0, 1]. Received dtype: {values.dtype}")
    values = values.astype(np.float32, copy=False)
    low, high = float(values.min()), float(values.max())
    # What resampling and rounding leave beyond is no mistake of anybody's.
    if not (-1e-3 <= low and high <= 1 + 1e-3):
        raise ValueError(f"{name} must be uint8, or float in [0, 1]. Received floats from {low:g} to {high:g}")
    return values
