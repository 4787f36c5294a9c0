"""Painting a list of jobs: every style looked at once, a bad file noted and passed over, several at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.console import one_line
from impasto.errors import FileError, ImpastoError, PictureError
from impasto.files import save
from impasto.pictures.reading import Picture, read
from impasto.pictures.writing import QUALITY, write
from impasto.plan import Job

if TYPE_CHECKING:
    from impasto.painter import Painter
    from impasto.stylizer import Progress


@dataclass(frozen=True)
class Wishes:
    """How to paint, and how to write.

    Attributes:
        weights: One a style, for blends; None weighs them equally.
        strength: 0 paints the photo in its own style, 1 in the other; None takes the style's own: 1 for paintings.
        stroke: Size of the strokes (impasto.stylizer.Settings); None for the network's own.
        size: Long side of the result in pixels; None keeps the photo's own.
        keep_color: None, "luma" or "recolour" (impasto.colors).
        wrap: Whether opposite borders are to meet.
        tile: Largest side in pixels of what is painted at once; None takes the model's.
        keep_alpha: Write the photo's transparency.
        keep_metadata: Write the photo's EXIF, resolution and profile.
        quality: Of JPEG, WebP and AVIF.
    """

    weights: Sequence[float] | None = None
    strength: float | None = None
    stroke: float | None = 1.0
    size: int | None = None
    keep_color: str | None = None
    wrap: bool = False
    tile: int | None = None
    keep_alpha: bool = False
    keep_metadata: bool = True
    quality: int = QUALITY


@dataclass
class Outcome:
    """What came of the jobs so far.

    Attributes:
        written: Pictures where they should lie.
        failures: What is wrong with a file, by its name.
        unwritten: How many pictures could not be painted.
        elsewhere: What had to be written elsewhere, each a sentence. After one of these the work ends: a disk is full.
    """

    written: list[Path] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    unwritten: int = 0
    elsewhere: list[str] = field(default_factory=list)


class Stopped(Exception):
    """The work was interrupted."""


class Atelier:
    """Paints jobs with one painter a thread; remembers styles between them, and every thread its last photo.

    Args:
        open_painter: Loads the model; called at once, and then once for every further thread.
        styles: Paintings and saved styles, as `Painter.embed` takes them; jobs name them by number.
        wishes: How to paint.
        tiles: Called with steps done and steps in all of a picture.
    """

    def __init__(
        self, open_painter: Callable[[], Painter], styles: Sequence[Any], wishes: Wishes, tiles: Progress | None = None
    ) -> None:
        self._open_painter = open_painter
        # What is wrong with the model is said before all else.
        self._painters = [open_painter()]
        self._idle = list(self._painters)
        self._styles = styles
        self._wishes = wishes
        self._tiles = tiles
        self._own = threading.local()
        self._lock = threading.Lock()
        self._seen: dict[int, Any] = {}
        self._bad: dict[Path, PictureError] = {}
        self._stop = threading.Event()

    def paint(self, job: Job) -> tuple[Any, Picture]:
        """The painted picture, uint8 `[H, W, 3]` as a PIL image, and the photo that was read for it.

        Raises:
            ImpastoError: the photo or a style cannot be read.
            Stopped: `stop` was called meanwhile.
        """
        wishes = self._wishes
        photo = self._photo(job.content)
        painter = self._painter()
        recoloured = wishes.keep_color == "recolour"  # depends on the photo: nothing to remember
        styles = [self._styles[number] if recoloured else self._style(painter, number) for number in job.styles]
        picture = painter.paint(
            photo.pixels, styles, wishes.strength, weights=wishes.weights, stroke=wishes.stroke,
            keep_color=wishes.keep_color, wrap=wishes.wrap, tile=wishes.tile, progress=self._progress,
        )  # fmt: skip
        return picture, photo

    def finish(self, job: Job) -> tuple[Path, FileError | None]:
        """Paints and writes a job; returns where it lies, and an error that says so where that is elsewhere."""
        picture, photo = self.paint(job)
        wishes = self._wishes
        alpha = photo.alpha if wishes.keep_alpha else None
        metadata = photo.metadata if wishes.keep_metadata else None
        return save(job.out, lambda path: write(path, picture, alpha=alpha, metadata=metadata, quality=wishes.quality))

    def close(self) -> None:
        """Frees what the painters hold."""
        for painter in self._painters:
            painter.close()

    def stop(self) -> None:
        """Makes every thread end at its next tile."""
        self._stop.set()

    def _progress(self, done: int, total: int) -> None:
        if self._stop.is_set():
            raise Stopped
        if self._tiles is not None:
            self._tiles(done, total)

    def _painter(self) -> Painter:
        if not hasattr(self._own, "painter"):
            with self._lock:
                if not self._idle:
                    self._painters.append(self._open_painter())
                    self._idle.append(self._painters[-1])
                self._own.painter = self._idle.pop()
        painter: Painter = self._own.painter
        return painter

    def _photo(self, path: Path) -> Picture:
        last: tuple[Path, Picture] | None = getattr(self._own, "photo", None)
        if last is None or last[0] != path:
            if path in self._bad:
                raise self._bad[path]
            try:
                last = self._own.photo = (path, self._read(path))
            except PictureError as error:
                self._bad[path] = error
                raise
        return last[1]

    def _read(self, path: Path) -> Picture:
        # Over white, edges would be painted with the white that their alpha then takes away.
        return read(path, long_side=self._wishes.size, extend=self._wishes.keep_alpha)

    def _style(self, painter: Painter, number: int) -> Any:
        with self._lock:
            if number not in self._seen:
                try:
                    self._seen[number] = painter.embed(self._styles[number])
                except ImpastoError as error:
                    self._seen[number] = error
            found = self._seen[number]
        if isinstance(found, ImpastoError):
            raise found
        return found


def run(
    atelier: Atelier,
    jobs: Sequence[Job],
    outcome: Outcome,
    threads: int,
    progress: Callable[[Iterable[Any], int], Iterable[Any]],
) -> None:
    """Paints and writes every job, adding to `outcome` as it goes, so that an interruption leaves it true.

    A job that fails is counted and named, and the others go on.

    Args:
        atelier: Who paints.
        jobs: What.
        outcome: Is added to.
        threads: How many at a time.
        progress: Wraps what is waited for, told how many there are.
    """
    pool = ThreadPoolExecutor(threads)
    waiting = {pool.submit(atelier.finish, job): job for job in jobs}
    left = set(waiting)

    def account(done: Future[tuple[Path, FileError | None]]) -> None:
        left.discard(done)
        _account(waiting[done], done, outcome)

    try:
        for done in progress(as_completed(waiting), len(jobs)):
            account(done)
            if outcome.elsewhere:
                break
    finally:
        atelier.stop()
        pool.shutdown(wait=True, cancel_futures=True)
        # What was finished while the others were told to stop.
        for done in left.copy():
            if done.done() and not done.cancelled() and not isinstance(done.exception(), Stopped):
                account(done)


def _account(job: Job, done: Future[tuple[Path, FileError | None]], outcome: Outcome) -> None:
    error = done.exception()
    if error is None:
        where, elsewhere = done.result()
        if elsewhere is None:
            outcome.written.append(where)
        else:
            outcome.unwritten += 1
            outcome.elsewhere.append(str(elsewhere))
        return
    outcome.unwritten += 1
    if isinstance(error, FileError):
        outcome.failures[error.name] = str(error)
    elif isinstance(error, MemoryError):
        reason = "out of memory; a smaller --size or --tile needs less"
        outcome.failures[str(job.out)] = str(PictureError(job.out, f"cannot be painted from {job.content}: {reason}"))
    elif isinstance(error, Exception):  # a style of another model, a style too small: name the job, go on
        reason = f"cannot be painted from {job.content}: {one_line(error)}"
        outcome.failures[str(job.out)] = str(PictureError(job.out, reason))
    else:
        raise error
