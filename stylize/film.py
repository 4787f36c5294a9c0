"""Frames as a film: an animated GIF by Pillow, an MP4 by the `ffmpeg` program."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
from pathlib import Path

import numpy as np
from PIL import Image

from impasto.files import replacing

SUFFIXES = (".gif", ".mp4")


class FilmError(ValueError):
    """A film cannot be written; the message says why."""


class Film:
    """A film that grows frame by frame, and is there whole or not at all.

    Use as a context; the file appears when it is left, after Ctrl-C too, if there was a frame.

    Args:
        path: Ends in .gif or .mp4.
        rate: Frames a second.

    Raises:
        FilmError: another suffix; no `ffmpeg` for an MP4.
    """

    def __init__(self, path: Path, rate: float = 12.0) -> None:
        if path.suffix.lower() not in SUFFIXES:
            raise FilmError(f"{path}: expected a film's suffix, .gif or .mp4, found {path.suffix!r}")
        self._program = shutil.which("ffmpeg")
        if path.suffix.lower() == ".mp4" and self._program is None:
            raise FilmError(f"{path}: writing an MP4 needs the program ffmpeg, which is not installed; .gif needs none")
        self._path, self._rate = path, rate
        # The film's draft, from the first frame that is written.
        self._held = contextlib.ExitStack()
        self._frames: list[Image.Image] = []
        self._encoder: subprocess.Popen[bytes] | None = None
        self._size: tuple[int, int] | None = None

    def __enter__(self) -> Film:
        return self

    def append(self, picture: np.ndarray) -> None:
        """Adds a frame: `[H, W, 3]` in [0, 1]; later frames are brought to the size of the first."""
        pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
        frame = Image.fromarray(pixels)
        if self._size is None:
            self._size = frame.size
        if frame.size != self._size:
            frame = frame.resize(self._size, Image.Resampling.LANCZOS)
        if self._path.suffix.lower() == ".gif":
            self._frames.append(frame.quantize(128, dither=Image.Dither.FLOYDSTEINBERG))
            return
        if self._encoder is None:
            self._encoder = self._start(frame.size)
        assert self._encoder.stdin is not None
        try:
            self._encoder.stdin.write(frame.tobytes())
        except BrokenPipeError:
            self._finish()

    def _start(self, size: tuple[int, int]) -> subprocess.Popen[bytes]:
        # H.264 in the colours that every player shows halves the chroma's sides: an odd side loses its last row.
        command = [
            str(self._program), "-loglevel", "error", "-y",
            "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{size[0]}x{size[1]}", "-r", f"{self._rate:g}", "-i", "-",
            "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2", "-pix_fmt", "yuv420p", "-movflags", "+faststart",
            str(self._draft()),
        ]  # fmt: skip
        # A session of its own: Ctrl-C in the terminal is ours to answer, and the film is to be whole.
        return subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def __exit__(self, *error: object) -> None:
        with self._held:
            self._finish()

    def _draft(self) -> Path:
        return self._held.enter_context(replacing(self._path, self._path.suffix.lower()))

    def _finish(self) -> None:
        if self._encoder is not None:
            encoder, self._encoder = self._encoder, None
            _, told = encoder.communicate()
            if encoder.returncode:
                lines = told.decode(errors="replace").strip().splitlines() or ["no reason given"]
                with self._held:  # the draft goes, also where frames are still to come
                    raise FilmError(f"{self._path}: ffmpeg could not write it: {lines[-1]}")
        elif self._frames:
            first, *others = self._frames
            # The last frame is what there is to look at.
            times = [round(1000 / self._rate)] * len(others) + [1500]
            first.save(self._draft(), format="GIF", save_all=True, append_images=others, duration=times, loop=0)
