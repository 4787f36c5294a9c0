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
# What enlarging takes lies in details of about this many pixels; more than so much of it is never given back at once.
_DETAIL = 1.0
_MOST_GAIN = 1.5


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
    code, written, detail = 0, 0, 0.0
    with tqdm(total=first + (frames - 1) * later, unit="step", disable=None) as bar, Film(out) as film:
        try:
            for frame in range(frames):
                picture = picture if frame == 0 else sharpened(nearer(picture, zoom), detail)
                before = int(bar.n)

                def report(step: int, value: float, dreamt: np.ndarray, before: int = before) -> None:
                    bar.update(before + step - bar.n)

                picture = dreamer.dream(picture, report) if not frame else dreamer.dream(picture, report, _SIZES, steps)
                detail = detail or fine_detail(picture)
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
    enlarged = [image.resize((width, height), Image.Resampling.LANCZOS, box=box) for image in pixels]
    return np.clip(np.stack([np.asarray(image) for image in enlarged], axis=-1), 0, 1)


def fine_detail(picture: np.ndarray) -> float:
    """Root mean square of what is finer than a pixel or two in a picture `[H, W, 3]`."""
    return float(np.sqrt(np.mean(np.square(_band(picture)))))


def sharpened(picture: np.ndarray, detail: float) -> np.ndarray:
    """The picture with its finest detail brought up to `detail` (of `fine_detail`), where it has less.

    Enlarged frame after frame, a film would grow softer and softer: what every enlargement takes is given back, and not
    more, so that nothing builds up.
    """
    band = _band(picture)
    gain = float(np.clip(detail / max(float(np.sqrt(np.mean(np.square(band)))), 1e-6), 1.0, _MOST_GAIN))
    return np.clip(picture + (gain - 1) * band, 0, 1).astype(np.float32)


def _band(picture: np.ndarray) -> np.ndarray:
    from scipy import ndimage

    return picture - ndimage.gaussian_filter(picture, (_DETAIL, _DETAIL, 0), mode="reflect")
