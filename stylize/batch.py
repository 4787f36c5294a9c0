"""Painting a list of jobs: every style embedded once, a bad file noted and passed over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from models.embeddings import blend, interpolate
from models.stylizer import Stylizer
from models.tiling import Progress
from stylize.color import keep_luma, recolour
from stylize.pictures import PictureError, read, write
from stylize.plan import Job


@dataclass(frozen=True)
class Settings:
    """How to paint.

    Attributes:
        weights: One a style, for blends; None weighs them equally.
        strength: 0 paints the photo with its own embedding, 1 with the style's, beyond 1 exaggerates.
        size: Long side of the result in pixels; None keeps the photo's own.
        style_size: Long side at which styles are looked at; None takes the model card's.
        keep_color: None, "luma" or "recolour" (stylize.color).
        tile: Largest side in pixels of what is painted at once; None paints pictures to a megapixel as a whole.
    """

    weights: Sequence[float] | None = None
    strength: float = 1.0
    size: int | None = None
    style_size: int | None = None
    keep_color: str | None = None
    tile: int | None = None


@dataclass
class Outcome:
    """What came of the jobs so far: pictures written, and each bad file with the reason."""

    written: list[Path] = field(default_factory=list)
    failures: dict[Path, str] = field(default_factory=dict)
    unwritten: int = 0


class Painter:
    """Paints jobs with one artefact; remembers embeddings, and the last photo, between them."""

    def __init__(self, stylizer: Stylizer, settings: Settings, tile_progress: Progress | None = None) -> None:
        self.stylizer = stylizer
        self.tile_progress = tile_progress
        self.settings = settings
        self.style_size = settings.style_size or stylizer.style_size
        self._embeddings: dict[Path, np.ndarray] = {}
        self._failures: dict[Path, PictureError] = {}
        self._photo: tuple[Path, np.ndarray] | None = None

    def paint(self, job: Job) -> np.ndarray:
        """The stylised picture, float32 `[H, W, 3]` in [0, 1].

        Raises:
            PictureError: the photo or a style cannot be read.
        """
        photo = self._read_photo(job.content)
        embeddings = [self._embedding(style, photo) for style in job.styles]
        embedding = embeddings[0] if len(embeddings) == 1 else blend(embeddings, self.settings.weights)
        if self.settings.strength != 1.0:
            identity = self.stylizer.identity(photo, self.style_size)[0]
            embedding = interpolate(identity, embedding, self.settings.strength)
        picture = self.stylizer.stylize(photo, embedding, tile=self.settings.tile, progress=self.tile_progress)
        return keep_luma(picture, photo) if self.settings.keep_color == "luma" else picture

    def _read_photo(self, path: Path) -> np.ndarray:
        if self._photo is None or self._photo[0] != path:
            self._photo = (path, self._read(path, self.settings.size))
        return self._photo[1]

    def _embedding(self, path: Path, photo: np.ndarray) -> np.ndarray:
        if self.settings.keep_color == "recolour":  # depends on the photo: nothing to remember
            return self.stylizer.predict(recolour(self._read(path, self.style_size), photo))[0]
        if path not in self._embeddings:
            self._embeddings[path] = self.stylizer.predict(self._read(path, self.style_size))[0]
        return self._embeddings[path]

    def _read(self, path: Path, long_side: int | None) -> np.ndarray:
        """As `read`, but a file that was bad once is not tried again."""
        if path in self._failures:
            raise self._failures[path]
        try:
            return read(path, long_side)
        except PictureError as error:
            self._failures[path] = error
            raise


def run(
    painter: Painter,
    jobs: Sequence[Job],
    outcome: Outcome,
    progress: Callable[[Sequence[Job]], Iterable[Job]],
) -> None:
    """Paints and writes every job, adding to `outcome` as it goes, so that an interruption leaves it true.

    A job that fails is counted and named, and the others go on.
    """
    for job in progress(jobs):
        before = _stamp(job.out)
        try:
            write(job.out, painter.paint(job))
            outcome.written.append(job.out)
        except KeyboardInterrupt:
            # It may have come when the picture was in its place and not yet counted.
            if outcome.written[-1:] != [job.out] and _stamp(job.out) != before:
                outcome.written.append(job.out)
            raise
        except PictureError as error:
            outcome.failures[error.path] = str(error)
            outcome.unwritten += 1
        except Exception as error:  # no memory, no space, a style too small for the predictor: name the job, go on
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            outcome.failures[job.out] = f"{job.out}: cannot be painted from {job.content}: {reason}"
            outcome.unwritten += 1


def _stamp(path: Path) -> tuple[int, int] | None:
    """Which file is at `path`, and from when; None where none can be found."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
