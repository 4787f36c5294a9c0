"""Contact sheets: rows of pictures with their names beneath."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFont

_GAP = 8
_LINE = 20


def sheet(rows: Sequence[Sequence[tuple[str, np.ndarray]]]) -> np.ndarray:
    """Pictures `[h, w, 3]` in [0, 1] of any sizes, in rows, as one `[H, W, 3]` on white."""
    height = max(picture.shape[0] for row in rows for _, picture in row)
    width = max(picture.shape[1] for row in rows for _, picture in row)
    columns = max(len(row) for row in rows)
    size = (columns * (width + _GAP) + _GAP, len(rows) * (height + _GAP + _LINE) + _GAP)
    canvas = Image.new("RGB", size, "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(13)
    for down, row in enumerate(rows):
        for across, (name, picture) in enumerate(row):
            left, top = _GAP + across * (width + _GAP), _GAP + down * (height + _GAP + _LINE)
            image = Image.fromarray(np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8))
            canvas.paste(image, (left, top))
            draw.text((left, top + picture.shape[0] + 2), name, fill="black", font=font)
    return np.asarray(canvas, np.float32) / 255
