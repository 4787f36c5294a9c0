"""Painting a film: read, painted and written a frame at a time, so that a long one needs no more memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from impasto.errors import FilmError
from impasto.films.easel import Easel, Wishes
from impasto.films.live import Pace, destination
from impasto.films.reading import Film
from impasto.films.writing import Writer
from impasto.painter import Painter, StyleSource

# Called with frames painted, and about how many there will be, where the file says so; False ends the film there.
Watch = Callable[[int, "int | None"], bool]


@dataclass(frozen=True)
class Painted:
    """What became of a film.

    Attributes:
        frames: How many were written.
        until: Seconds in the film at which it ends.
        finished: Whether that is its end, or where it was told to stop.
        bad: How many of its packets could not be read.
        left_out: What the new file cannot hold, for people.
    """

    frames: int
    until: float
    finished: bool
    bad: int
    left_out: list[str]


def paint_film(
    painter: Painter,
    film: Film,
    styles: Sequence[tuple[float, StyleSource]],
    out: Path,
    wishes: Wishes | None = None,
    watch: Watch = lambda done, total: True,
) -> Painted:
    """Paints a film into a new file, which lies there whole, or not at all; or up to where `watch` said that it ends.

    Of a camera's frames, those are left out that came while others were painted.

    Args:
        painter: What paints.
        film: Read from its start.
        styles: Each with the time in seconds from which it is painted; in between they are blended.
        out: The new file; its suffix says of what kind. `-` is standard output.
        wishes: How.
        watch: Told every frame.

    Raises:
        FilmError: it holds no frame that can be read in that time, or `out` cannot hold its sound.
        ModelError: the model cannot paint films.
    """
    chosen = wishes or Wishes()
    easel = Easel(painter, styles, chosen)
    start, end = chosen.start or 0.0, math.inf if chosen.end is None else chosen.end
    if start:
        film.seek(start)
    size = frame_size(film, chosen.size)
    frames, until, finished = 0, start, True
    whole = chosen.start is None and chosen.end is None
    pace = Pace() if film.source.live else None
    with destination(out) as draft:
        with Writer(draft, out, film, film.begin + start, sound=chosen.sound, crf=chosen.crf, chapters=whole) as writer:
            running = {film.stream.index, *(one.index for one in writer.copied if one.type == "audio")}
            held = []
            total = expected_frames(film, start, end)
            watch(0, total)
            for packet in film.packets([film.stream, *writer.copied]):
                index = packet.stream.index
                if index != film.stream.index:
                    if packet.pts is None:
                        continue  # the last one, which is empty
                    time = float(packet.pts * packet.time_base) - film.begin
                    if time >= end:
                        running.discard(index)
                    elif time >= start or start == 0:
                        held.append(packet)
                elif index in running:
                    for frame in film.decode(packet, size, start):
                        if frame.time >= end:
                            running.discard(index)
                            break
                        if pace is not None and pace.is_late(frame.time):
                            continue
                        writer.write(frame, easel.paint(frame))
                        frames, until = frames + 1, frame.time
                        finished = watch(frames, total)
                        if not finished:
                            break
                if writer.begun:
                    for other in held:
                        writer.copy(other)
                    held.clear()
                if not running or not finished:
                    break
            if not frames:
                span = "" if whole else f" from {start:g} to {end:g} seconds"
                raise FilmError(film.path, f"holds no frame that can be read{span}")
    return Painted(frames, until, finished, film.bad, writer.left_out)


def frame_size(film: Film, long_side: int | None) -> tuple[int, int]:
    """Width and height of the frames before they are turned: even, as encoders want them."""
    width, height = film.stream.width, film.stream.height
    share = 1.0 if long_side is None else long_side / max(width, height)
    return max(2, round(width * share) // 2 * 2), max(2, round(height * share) // 2 * 2)


def expected_frames(film: Film, start: float, end: float) -> int | None:
    """About how many frames there are from `start` to `end`."""
    if not start and math.isinf(end) and film.stream.frames:
        return film.stream.frames
    last = end if film.seconds is None else min(end, film.seconds)
    return None if math.isinf(last) else max(1, math.ceil((last - start) * film.rate))
