"""A picture in the making: a progress bar, pictures on the way, and what there is when somebody stops it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from tqdm import tqdm

from stylize.descent import Report
from stylize.pictures import write

Finish = Callable[[np.ndarray], np.ndarray]


def make(out: Path, steps: int, every: int, paint: Callable[[Report], np.ndarray], finish: Finish) -> int:
    """Runs `paint` and writes its picture to `out`; returns the exit code.

    Ctrl-C writes the picture as far as it is, and gives 130.

    Args:
        out: The picture to write. Pictures on the way get the step's number behind its name.
        steps: How many there will be.
        every: Write a picture on the way after so many steps; 0 for none.
        paint: Takes what is told after every step, returns the picture `[H, W, 3]` in [0, 1].
        finish: What is done to every picture before it is written.
    """
    latest: np.ndarray | None = None
    code = 0
    with tqdm(total=steps, unit="step", disable=None) as bar:

        def report(step: int, value: float, picture: np.ndarray) -> None:
            nonlocal latest
            latest = picture
            bar.update(step - bar.n)
            bar.set_postfix_str(f"{picture.shape[1]}x{picture.shape[0]}, objective {value:.4g}")
            if every and step % every == 0:
                write(out.with_stem(f"{out.stem}-{step:0{len(str(steps))}}"), finish(picture))

        try:
            picture = paint(report)
        except KeyboardInterrupt:
            if latest is None:
                raise
            picture, code = latest, 130
    write(out, finish(picture))
    print(f"interrupted; {out} as far as it is" if code else out, file=sys.stderr if code else sys.stdout)
    return code
