"""A picture in the making: a progress bar, pictures on the way, a film of it, and what there is when it is stopped."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from impasto import console
from impasto.errors import FileError
from impasto.files import prove_writable, refuse_inputs, save
from impasto.pictures.names import LONGEST, shortened
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
    inputs: Sequence[Path] = (),
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
        inputs: What was read for it: no picture on the way lands on one of these.

    Raises:
        FileError: a picture on the way cannot be written or would land on one of `inputs`, or the result can be written
            nowhere.
    """
    between = on_the_way(out, steps, every)
    refuse_inputs(between.values(), inputs)
    prove_writable(between.values())
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
            if step in between:
                try:
                    write(between[step], finish(picture))
                    keep()
                except (FileError, OSError) as error:  # a full disk: the work goes on, and may find room at its end
                    between.clear()
                    bar.write(f"note: {console.sentence(error)}; no more pictures on the way", file=sys.stderr)

        try:
            picture = paint(report)
        except KeyboardInterrupt:
            if latest is None:
                raise
            picture, code = latest, 130
        picture = finish(picture)
        where, elsewhere = save(out, lambda path: write(path, picture))
        with contextlib.suppress(OSError):
            keep()
        if film is not None:
            # The first frames are smaller than the picture, which says how large the film is.
            for frame in (*frames, picture):
                film.append(_enlarged(frame, picture))
    if elsewhere is not None:
        console.complain(f"error: {elsewhere}")
        code = code or 1
    elif code:
        console.complain(f"interrupted; {console.shown(where)} as far as it is")
    else:
        console.say(console.shown(where))
    return code


def on_the_way(out: Path, steps: int, every: int) -> dict[int, Path]:
    """The pictures on the way by their step: the step's number behind the name of `out`, which is cut if it is long."""
    if not every:
        return {}
    room = LONGEST - len(os.fsencode(out.suffix)) - 1 - len(str(steps))
    stem = shortened(out.stem, room)
    return {step: out.with_stem(f"{stem}-{step:0{len(str(steps))}}") for step in range(every, steps + 1, every)}


def _enlarged(frame: np.ndarray, picture: np.ndarray) -> np.ndarray:
    from PIL import Image

    pixels = frame if frame.dtype == np.uint8 else np.round(np.clip(frame, 0, 1) * 255).astype(np.uint8)
    image = Image.fromarray(pixels).resize((picture.shape[1], picture.shape[0]), Image.Resampling.LANCZOS)
    return np.asarray(image, np.float32) / 255
