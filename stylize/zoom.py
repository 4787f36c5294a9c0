"""A film into a dream: every frame is the one before, seen from nearer and dreamt on."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from stylize.dream import Dreamer, octaves
from stylize.film import Film

# What later frames are dreamt on by: most of what there is to see is there already.
_SIZES = 2
_STEPS_SHARE = 4


def zoom_film(dreamer: Dreamer, picture: np.ndarray, out: Path, frames: int, zoom: float) -> int:
    """Writes the film and returns the exit code; Ctrl-C ends the film early, with 130.

    Args:
        dreamer: Dreams.
        picture: `[H, W, 3]` in [0, 1].
        out: The film.
        frames: How many.
        zoom: From frame to frame; 1 stays where it is.
    """
    steps = max(1, dreamer.settings.steps // _STEPS_SHARE)
    height, width = picture.shape[:2]
    first = dreamer.settings.steps * len(octaves(height, width, dreamer.settings))
    later = steps * min(_SIZES, len(octaves(height, width, dreamer.settings)))
    code, written = 0, 0
    with tqdm(total=first + (frames - 1) * later, unit="step", disable=None) as bar, Film(out) as film:
        try:
            for frame in range(frames):
                picture = picture if frame == 0 else nearer(picture, zoom)
                before = int(bar.n)

                def report(step: int, value: float, dreamt: np.ndarray, before: int = before) -> None:
                    bar.update(before + step - bar.n)

                picture = dreamer.dream(picture, report) if not frame else dreamer.dream(picture, report, _SIZES, steps)
                film.append(picture)
                written += 1
                bar.set_postfix_str(f"frame {written} of {frames}")
        except KeyboardInterrupt:
            if not written:
                raise
            code = 130
    told = f"{out}: {written} of {frames} frames"
    print(f"interrupted; {told}" if code else told, file=sys.stderr if code else sys.stdout)
    return code


def nearer(picture: np.ndarray, zoom: float) -> np.ndarray:
    """The middle of a picture `[H, W, 3]` in [0, 1], enlarged to its size."""
    height, width = picture.shape[:2]
    left, top = width * (1 - 1 / zoom) / 2, height * (1 - 1 / zoom) / 2
    pixels = [Image.fromarray(picture[..., channel].astype(np.float32)) for channel in range(3)]
    box = (left, top, width - left, height - top)
    enlarged = [image.resize((width, height), Image.Resampling.BICUBIC, box=box) for image in pixels]
    return np.clip(np.stack([np.asarray(image) for image in enlarged], axis=-1), 0, 1)
