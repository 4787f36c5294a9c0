"""Picture grids of a run in progress: a few photographs times a few paintings, always the same ones."""

from __future__ import annotations

import keras
import numpy as np

from datasets.canvas import square_canvas
from datasets.contact_sheet import contact_sheet
from datasets.source import Source
from impasto.errors import PictureError

_SIDE = 4


class Preview:
    """Stylises every one of four photographs with every one of four paintings.

    Args:
        content, style: Where to take pictures from, spread evenly over each.
        content_size, style_size: Sides in pixels of the squares.
    """

    def __init__(self, content: Source, style: Source, content_size: int, style_size: int) -> None:
        self.contents = _pick(content, content_size)
        self.styles = _pick(style, style_size)

    def draw(self, predictor: keras.Model, transformer: keras.Model) -> np.ndarray:
        """The grid as uint8 `[H, W, 3]`: paintings across, photographs down."""
        # predict_on_batch compiles; layer by layer, some backends take minutes.
        embeddings = predictor.predict_on_batch(self.styles)
        rows = [[np.ones_like(self.styles[0]), *self.styles]]
        for content in self.contents:
            repeated = np.repeat(content[None], len(embeddings), axis=0)
            rows.append([content, *transformer.predict_on_batch([repeated, embeddings])])
        return np.asarray(contact_sheet(rows))


def _pick(source: Source, size: int) -> np.ndarray:
    pictures: list[np.ndarray] = []
    # Four times as many candidates as needed, so that unreadable ones leave enough.
    for index in np.linspace(0, len(source) - 1, 4 * _SIDE).round().astype(int):
        try:
            pictures.append(square_canvas(source.load(int(index)), size))
        except PictureError:
            continue  # the stream of pairs counts and names it
    if not pictures:
        raise ValueError(f"{source.name}: no readable picture for the preview grid")
    chosen = np.linspace(0, len(pictures) - 1, _SIDE).round().astype(int)
    return np.stack([pictures[index] for index in chosen]).astype(np.float32) / 255.0
