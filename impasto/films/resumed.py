"""A film painted in parts (impasto.films.parts), and put together at the end."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import Any

from impasto.console import shown
from impasto.errors import FilmError
from impasto.files import replacing
from impasto.films.easel import Easel, Wishes
from impasto.films.painting import Painted, Watch, expected_frames, frame_size
from impasto.films.parts import FRAMES, Parts, identify
from impasto.films.reading import Film, Frame
from impasto.films.sources import PIPE
from impasto.films.writing import Writer
from impasto.painter import Painter, StyleSource


def paint_in_parts(
    painter: Painter,
    film: Film,
    styles: Sequence[tuple[float, StyleSource]],
    out: Path,
    wishes: Wishes | None = None,
    watch: Watch = lambda done, total: True,
    length: int = FRAMES,
) -> Painted:
    """As `paint_film`; and the same call goes on, whatever ended the last one.

    Args:
        painter, film, styles, out, wishes, watch: As of `paint_film`.
        length: Frames of a part.

    Raises:
        FilmError: as of `paint_film`; also where what was begun was begun with other pictures, styles or wishes.
        ModelError: the model cannot paint films.
    """
    if not film.source.seekable or out == PIPE:
        raise FilmError(film.path, "--resume: expected a film in a file, painted to a file, to go on with")
    chosen = wishes or Wishes()
    easel = Easel(painter, styles, chosen)
    parts = Parts(out, _identity(painter, film, styles, easel, out, chosen, length))
    if parts.state:
        easel.restore(parts.state)
    start, end = chosen.start or 0.0, math.inf if chosen.end is None else chosen.end
    total = expected_frames(film, start, end)
    finished = watch(parts.frames, total)
    frames = _frames(film, frame_size(film, chosen.size), max(start, parts.until), end, parts.last)
    for first in frames if finished else ():
        done, last = 0, first
        with parts.next() as draft, Writer(
            draft, out, film, film.begin + start, sound=False, crf=chosen.crf, chapters=False, part=True
        ) as writer:  # fmt: skip
            writer.from_zero(first)
            for frame in itertools.chain([first], itertools.islice(frames, length - 1)):
                writer.write(frame, easel.paint(frame))
                done, last = done + 1, frame
                finished = watch(parts.frames + done, total)
                if not finished:
                    break
        parts.add(first.ticks, done, last.ticks, last.time, easel.state())
        if not finished:
            break
    if not parts.frames:
        raise FilmError(film.path, f"holds no frame that can be read from {start:g} to {end:g} seconds")
    with Film(film.path) as again:  # read to its end once, it gives no more sound
        left_out = _join(parts, again, out, chosen, start, end if finished else parts.until)
    if finished:
        parts.remove()
    return Painted(parts.frames, parts.until, finished, film.bad, left_out)


def _frames(film: Film, size: tuple[int, int], start: float, end: float, last: int) -> Iterator[Frame]:
    """Frames from `start` seconds on, after the one at `last` ticks, and before `end`."""
    if start:
        film.seek(start)
    for packet in film.packets([film.stream]):
        for frame in film.decode(packet, size, start):
            if frame.time >= end:
                return
            if frame.ticks > last:
                yield frame


def _join(parts: Parts, film: Film, out: Path, wishes: Wishes, start: float, end: float) -> list[str]:
    """Puts the parts together, with the film's sound and subtitles; returns what had to be left out."""
    if start:
        film.seek(start)
    origin = film.begin + start
    whole = wishes.start is None and wishes.end is None
    with replacing(out) as draft, Writer(
        draft, out, film, origin, sound=wishes.sound, crf=wishes.crf, chapters=whole
    ) as writer:  # fmt: skip
        zero = round(Fraction(origin).limit_denominator(10**6) / film.base)
        waiting = parts.packets()
        following = next(waiting, None)
        for packet in film.packets(writer.copied) if writer.copied else ():
            if packet.pts is None:
                continue
            time = float(packet.pts * packet.time_base) - film.begin
            while following is not None and _time(following, film) <= time or not writer.begun:
                assert following is not None
                writer.join(following[0], following[1] - zero)
                following = next(waiting, None)
            if time < end and (time >= start or start == 0):
                writer.copy(packet)
        while following is not None:
            writer.join(following[0], following[1] - zero)
            following = next(waiting, None)
        return writer.left_out


def _time(part: tuple[Any, int], film: Film) -> float:
    """Seconds from the film's start of a packet of a part."""
    packet, start = part
    return float(packet.pts * packet.time_base + start * film.base) - film.begin


def _identity(
    painter: Painter, film: Film, styles: Sequence[tuple[float, StyleSource]], easel: Easel, out: Path, wishes: Wishes,
    length: int,
) -> dict[str, Any]:  # fmt: skip
    """What decides how frames look, by names that people know."""
    if easel.embeddings:
        looks = [hashlib.sha256(vector.tobytes()).hexdigest()[:16] for vector in easel.embeddings]
    else:  # looked at anew in every scene
        looks = [str(identify(Path(path))) if isinstance(path, (str, Path)) else repr(path) for _, path in styles]
    return {
        "film": identify(film.path),
        "style": [[time for time, _ in styles], looks],
        "model": painter.folder.fingerprint,
        "settings": {**asdict(wishes), "kind": shown(out.suffix.lower()), "part": length},
    }
