"""Grids of pictures in one image, to look at many at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from datasets.source import Source
from impasto.console import shown
from impasto.errors import PictureError

_GAP, _TITLE = 4, 18


def contact_sheet(
    rows: Sequence[Sequence[np.ndarray | None]],
    row_titles: Sequence[str] | None = None,
    column_titles: Sequence[str] | None = None,
    cell: int = 160,
) -> Image.Image:
    """Pictures (uint8, or float in [0, 1]; [H, W, 3], any size; None leaves a gap) in a grid of square cells.

    Each picture is fitted into its cell with its proportions kept. Row titles stand above their row. Raises
    ValueError where there is nothing to show.
    """
    columns = max((len(row) for row in rows), default=0)
    if columns == 0:
        raise ValueError("a contact sheet needs at least one picture")
    title = _TITLE if row_titles else 0
    head = _TITLE if column_titles else 0
    pitch = cell + _GAP
    sheet = Image.new("RGB", (columns * pitch + _GAP, head + len(rows) * (pitch + title) + _GAP), "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(size=12)
    for column, text in enumerate(column_titles or ()):
        draw.text((_GAP + column * pitch, 2), _fit(text, cell, font), fill="black", font=font)
    for number, row in enumerate(rows):
        top = head + _GAP + number * (pitch + title)
        if row_titles and number < len(row_titles):
            draw.text((_GAP, top), _fit(row_titles[number], columns * pitch, font), fill="black", font=font)
        for column, picture in enumerate(row):
            if picture is None:
                continue
            image = _as_image(picture)
            scale = cell / max(image.size)
            size = max(round(image.width * scale), 1), max(round(image.height * scale), 1)
            image = image.resize(size, Image.Resampling.LANCZOS)
            left = _GAP + column * pitch + (cell - size[0]) // 2
            sheet.paste(image, (left, top + title + (cell - size[1]) // 2))
    return sheet


def source_sheet(source: Source, *, count: int = 60, columns: int = 10, cell: int = 160) -> Image.Image:
    """Pictures spread evenly over a source; unreadable ones leave a gap."""
    indices = np.linspace(0, len(source) - 1, min(count, len(source))).round().astype(int)
    pictures: list[np.ndarray | None] = []
    for index in indices:
        try:
            pictures.append(source.load(int(index)))
        except PictureError:
            pictures.append(None)
    return contact_sheet([pictures[i : i + columns] for i in range(0, len(pictures), columns)], cell=cell)


def _as_image(picture: np.ndarray) -> Image.Image:
    array = np.asarray(picture)
    if array.dtype != np.uint8:
        array = np.round(np.clip(array.astype(np.float32), 0, 1) * 255).astype(np.uint8)
    return Image.fromarray(array)


def _fit(text: str, width: int, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The text, cut where it would run into the next cell."""
    text = shown(text)
    while len(text) > 1 and font.getlength(text) > width:
        text = text[:-2].rstrip() + "…"
    return text
