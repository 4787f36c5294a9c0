"""The Stylizer: a style predictor and a transformer that belong together, applied to pictures of any size."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from models import artefact
from models.embeddings import interpolate
from models.predictors import STYLE_SIZE, smallest_style
from models.tiling import TILE, WHOLE_PIXELS, Progress, TiledPainter, round_up
from models.transformers import EMBEDDING_SIZE, size_multiple


class Stylizer:
    """Predicts embeddings from paintings and paints photographs with them.

    Args:
        predictor: Model `[B, H, W, 3]` in [0, 1] -> `[B, 100]` (models.predictors).
        transformer: Model of content `[B, H, W, 3]` and embedding `[B, 100]` -> `[B, H, W, 3]` (models.transformers).
        card: The model card's own entries (provenance, licence, figures); what the architecture implies is added.
    """

    def __init__(self, predictor: keras.Model, transformer: keras.Model, card: dict[str, Any] | None = None) -> None:
        self.predictor = predictor
        self.transformer = transformer
        self.card = dict(card or {})
        self.size_multiple = int(self.card.get("size_multiple") or size_multiple(transformer))
        self.style_size = int(self.card.get("style_size", STYLE_SIZE))
        self._tiled_painters: dict[int, TiledPainter] = {}

    @classmethod
    def load(cls, path: str | Path) -> Stylizer:
        """Reads an artefact written by `save`.

        Raises:
            ArtefactError: the file is missing, damaged or no Impasto artefact; says what was expected and found.
        """
        model, card = artefact.load(path)
        return cls(model.get_layer("predictor"), model.get_layer("transformer"), card)

    def save(self, path: str | Path, *, weights_dtype: str = "float32") -> dict[str, Any]:
        """Writes both networks and the card as one `.keras` file, atomically; returns the complete card.

        Args:
            path: Ends in `.keras`.
            weights_dtype: "float32", or "float16" for half the size (loads into float32; rounding 5e-4 relative).
        """
        return artefact.save(path, self.as_model(), self.card, weights_dtype=weights_dtype)

    def as_model(self) -> keras.Model:
        """One functional model: content `[B, H, W, 3]`, style `[B, h, w, 3]` -> stylised `[B, H, W, 3]`."""
        content = keras.Input((None, None, 3), name="content")
        style = keras.Input((None, None, 3), name="style")
        stylised = self.transformer([content, self.predictor(style)])
        return keras.Model([content, style], stylised, name="stylizer")

    def predict(self, style: np.ndarray) -> np.ndarray:
        """Embeddings of paintings: float32 `[H, W, 3]` or `[B, H, W, 3]` in [0, 1] -> `[B, 100]`.

        Pictures too small for the backbone are continued by reflection, which keeps their texture.
        """
        batch = _as_batch(style, "style")
        smallest = smallest_style(self.predictor)
        batch = _pad(batch, [max(size, smallest) for size in batch.shape[1:3]])
        return ops.convert_to_numpy(self.predictor(batch, training=False)).astype(np.float32)

    def stylize(
        self,
        content: np.ndarray,
        embedding: np.ndarray,
        strength: float = 1.0,
        *,
        tile: int | None = None,
        progress: Progress | None = None,
    ) -> np.ndarray:
        """Paints photographs with an embedding; large ones in tiles (models.tiling), so that memory stays bounded.

        Args:
            content: float32 `[H, W, 3]` or `[B, H, W, 3]` in [0, 1], any H and W: padded by reflection to the size
                multiple, and cropped back.
            embedding: `[100]` or `[B, 100]`.
            strength: 0 paints the photograph with its own embedding (taken at the size of styles: embeddings of other
                sizes do not compare), 1 with the style's, beyond 1 exaggerates.
            tile: Largest side in pixels of what the network is shown at once; given, pictures of any size are painted
                in tiles. By default those of more than `WHOLE_PIXELS` are.
            progress: Called with tiles done and tiles in all, a picture at a time, where there are tiles.

        Returns:
            float32 in [0, 1], of the shape of `content`.
        """
        batch = _as_batch(content, "content")
        vectors = np.asarray(embedding, np.float32)
        if vectors.shape[-1:] != (EMBEDDING_SIZE,) or vectors.ndim > 2:
            raise ValueError(
                f"embedding must have shape [{EMBEDDING_SIZE}] or [B, {EMBEDDING_SIZE}]. Received: {vectors.shape}"
            )
        if vectors.ndim == 2 and len(vectors) not in (1, len(batch)):
            raise ValueError(f"one embedding a picture is needed: {len(batch)} pictures, embeddings: {len(vectors)}")
        vectors = np.broadcast_to(np.atleast_2d(vectors), (len(batch), EMBEDDING_SIZE))
        if strength != 1.0:
            vectors = interpolate(self.identity(batch), vectors, strength)
        height, width = batch.shape[1:3]
        if tile is not None or height * width > WHOLE_PIXELS:
            painter = self._tiled(TILE if tile is None else tile)
            stylised = np.stack([painter.paint(*pair, progress) for pair in zip(batch, vectors, strict=True)])
            return stylised[0] if np.ndim(content) == 3 else stylised
        padded = pad_to_multiple(batch, self.size_multiple)
        stylised = ops.convert_to_numpy(self.transformer([padded, vectors], training=False))
        stylised = stylised[:, :height, :width]
        return stylised[0] if np.ndim(content) == 3 else stylised

    def identity(self, content: np.ndarray, style_size: int | None = None) -> np.ndarray:
        """Photographs' own embeddings: `[H, W, 3]` or `[B, H, W, 3]` -> `[B, 100]`.

        Taken at the size at which styles are looked at (long side `style_size`, by default the card's): embeddings of
        other sizes do not compare.
        """
        return self.predict(_with_long_side(_as_batch(content, "content"), style_size or self.style_size))

    def _tiled(self, tile: int) -> TiledPainter:
        """Kept, since building and compiling one takes seconds."""
        if tile not in self._tiled_painters:
            self._tiled_painters[tile] = TiledPainter(self.transformer, tile)
        return self._tiled_painters[tile]


def pad_to_multiple(images: np.ndarray, multiple: int) -> np.ndarray:
    """Pads `[B, H, W, C]` at the bottom and right by reflection to multiples, and to at least four of them.

    The smallest size is four multiples because the networks pad by reflection inside, which needs a few positions at
    their lowest resolution.
    """
    return _pad(images, [max(round_up(size, multiple), 4 * multiple) for size in images.shape[1:3]])


def _with_long_side(batch: np.ndarray, side: int) -> np.ndarray:
    if max(batch.shape[1:3]) == side:
        return batch
    scale = side / max(batch.shape[1:3])
    size = tuple(max(round(length * scale), 1) for length in batch.shape[1:3])
    return ops.convert_to_numpy(ops.image.resize(batch, size, interpolation="bilinear", antialias=True))


def _pad(images: np.ndarray, targets: list[int]) -> np.ndarray:
    """Pads `[B, H, W, C]` at the bottom and right by reflection to the height and width in `targets`."""
    pads = [(0, target - size) for size, target in zip(images.shape[1:3], targets, strict=True)]
    if not any(after for _, after in pads):
        return images
    # NumPy reflects more than once where the padding exceeds the picture, and repeats a single pixel.
    return np.pad(images, ((0, 0), *pads, (0, 0)), mode="reflect")


def _as_batch(images: np.ndarray, name: str) -> np.ndarray:
    batch = np.asarray(images, np.float32)
    if batch.ndim == 3:
        batch = batch[None]
    if batch.ndim != 4 or batch.shape[-1] != 3 or 0 in batch.shape:
        raise ValueError(f"{name} must have shape [H, W, 3] or [B, H, W, 3]. Received: {np.shape(images)}")
    if np.asarray(images).dtype.kind in "ui":
        raise ValueError(f"{name} must be float in [0, 1]. Received dtype: {np.asarray(images).dtype}")
    return batch
