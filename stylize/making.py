"""A picture in the making: a progress bar, pictures on the way, a film of it, and what there is when it is stopped."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from impasto.pictures.writing import write
from stylize.descent import Report
from stylize.film import Film

Finish = Callable[[np.ndarray], np.ndarray]

# Frames of a film of the way there: few seconds, whatever the number of steps.
_FRAMES = 96


def make(
    out: Path,
    steps: int,
    every: int,
    paint: Callable[[Report], np.ndarray],
    finish: Finish,
    *,
    animate: Path | None = None,
    keep: Callable[[], None] = lambda: None,
) -> int:
    """Runs `paint` and writes its picture to `out`; returns the exit code.

    Ctrl-C writes the picture as far as it is, and gives 130.

    Args:
        out: The picture to write. Pictures on the way get the step's number behind its name.
        steps: How many there will be.
        every: Write a picture on the way after so many steps; 0 for none.
        paint: Takes what is told after every step, returns the picture `[H, W, 3]` in [0, 1].
        finish: What is done to every picture before it is written.
        animate: A film of the way there.
        keep: Called whenever a picture is written: keeps what a later run needs to go on.
    """
    latest: np.ndarray | None = None
    code = 0
    stride = max(1, steps // _FRAMES)
    with contextlib.ExitStack() as stack:
        film = None if animate is None else stack.enter_context(Film(animate))
        frames: list[np.ndarray] = []
        bar = stack.enter_context(tqdm(total=steps, unit="step", disable=None))

        def report(step: int, value: float, picture: np.ndarray) -> None:
            nonlocal latest
            latest = picture
            bar.update(step - bar.n)
            bar.set_postfix_str(f"{picture.shape[1]}x{picture.shape[0]}, objective {value:.4g}")
            if film is not None and (step == 1 or step % stride == 0):
                frames.append(np.round(np.clip(finish(picture), 0, 1) * 255).astype(np.uint8))
            if every and step % every == 0:
                write(out.with_stem(f"{out.stem}-{step:0{len(str(steps))}}"), finish(picture))
                keep()

        try:
            picture = paint(report)
        except KeyboardInterrupt:
            if latest is None:
                raise
            picture, code = latest, 130
        picture = finish(picture)
        write(out, picture)
        keep()
        if film is not None:
            # The first frames are smaller than the picture, which says how large the film is.
            for frame in (*frames, picture):
                film.append(_enlarged(frame, picture))
    print(f"interrupted; {out} as far as it is" if code else out, file=sys.stderr if code else sys.stdout)
    return code


def _enlarged(frame: np.ndarray, picture: np.ndarray) -> np.ndarray:
    from PIL import Image

    pixels = frame if frame.dtype == np.uint8 else np.round(np.clip(frame, 0, 1) * 255).astype(np.uint8)
    image = Image.fromarray(pixels).resize((picture.shape[1], picture.shape[0]), Image.Resampling.LANCZOS)
    return np.asarray(image, np.float32) / 255
