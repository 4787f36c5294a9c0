"""`impasto video`: a film painted in the styles of paintings."""

from __future__ import annotations

import argparse
import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto import console
from impasto.arguments import add_command, count, moment, number, pixels
from impasto.console import complain, say, shown
from impasto.library import RUNTIMES, own_styles

if TYPE_CHECKING:
    from impasto.films.painting import Painted
    from impasto.films.reading import Film

HELP = """\
Paints a film in the style of a painting: any file that PyAV reads (pip install 'impasto[video]'). Sound, and subtitles
where the new file can hold them, are copied as they are; frames keep their times, and are written upright. The suffix
of --out says what is written: .mp4, .mov, .m4v and .mkv with H.264, .webm with VP9.

With --at, styles change in the film: between two times they are blended, before the first and after the last it is
painted in that one. --style is the style at the beginning. Times are those of the film, with --start too.

Frames are painted steadily: contrasts and colours follow the film in about half a second, and at once at a cut, and
strokes go with what moves. Noise of a camera is taken out before. --steady 0 paints every frame by itself, as it
is: faster, crisper, and it flickers.
FILM may be - for standard input, camera: for the first camera of this machine, or camera:NAME for another; --out may
be - for standard output (Matroska), for a player or another program. Of a camera, what is newest is painted.
Ctrl-C ends the film there: what is painted lies in --out and can be played. A second Ctrl-C leaves nothing.
With --resume, the same command goes on after Ctrl-C, a crash or a power cut."""

EXAMPLES = """\
examples:
  impasto video walk.mp4 --style waves.jpg --out walk_waves.mp4
  impasto video walk.mp4 --style waves.jpg --start 0:10 --end 0:15 --size 640 --out trial.mp4
  impasto video walk.mp4 --at 0:05 waves.jpg --at 0:20 night.jpg --out walk.mkv
  impasto video walk.mp4 --style waves.jpg --stroke 1 --keep-color luma --out walk_waves.webm
  impasto video camera: --style waves.jpg --size 480 --out - | ffplay -

colours (--keep-color):
  luma      brightness from the painted film, colours from the film, pixel by pixel
  recolour  the style is given the palette of the first frame of every scene before it is looked at
"""

# Made for films.
_MODEL = "fast"


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    video = add_command(commands, "video", "paint a film", HELP, EXAMPLES)
    add = video.add_argument
    add("film", type=Path, metavar="FILM", help="the film; - for standard input; camera: for a camera")
    add(
        "--style", nargs="+", default=[], metavar="PATH",
        help="painting, saved style or link, or one of the model's own styles; of several, the mean is painted",
    )  # fmt: skip
    add(
        "--at", nargs=2, action="append", default=[], metavar=("TIME", "PATH"),
        help="a style from this time on, such as 1:23; may be given often",
    )  # fmt: skip
    add("--out", type=Path, required=True, metavar="FILE", help="the film to write; - for standard output")
    add("--model", metavar="NAME", help=f"of `impasto models`, or an exported folder (default: {_MODEL})")
    add("--runtime", choices=tuple(RUNTIMES), help="what computes (default: the fastest that is installed)")
    add("--threads", type=count(1, 1024), metavar="N", help="for computing (default: one a processor)")
    add(
        "--hwaccel", metavar="NAME",
        help="decode on hardware of this kind, by FFmpeg's name (cuda, vaapi, videotoolbox ...), where this machine, "
        "PyAV and the kind of film allow it",
    )  # fmt: skip
    look = video.add_argument_group("how to paint")
    add = look.add_argument
    add(
        "--weights", type=number(0, 1e9), nargs="+", metavar="W", help="share of each of several styles of --style"
    )  # fmt: skip
    add(
        "--strength", type=number(0, 10), metavar="S",
        help="0 paints the film in its own style, 1 in the other, above 1 exaggerates (default: 1, or what a saved "
        "style says)",
    )  # fmt: skip
    add("--size", type=pixels, metavar="N", help="long side of the new film (default: the film's own)")
    add(
        "--stroke", type=number(0, 16), default=0.0, metavar="X",
        help="size of the strokes, as a share of the picture, as of impasto image; slower. 0 gives them the network's "
        "own size in pixels (default: 0)",
    )  # fmt: skip
    add("--keep-color", choices=("luma", "recolour"), help="keep the film's colours, see below")
    add(
        "--steady", type=number(0, 60), default=0.4, metavar="SECONDS",
        help="how long contrasts and colours take to follow the film; 0 paints every frame by itself, and carries no "
        "strokes on (default: 0.4)",
    )  # fmt: skip
    add("--tile", type=pixels, metavar="N", help="largest side that is painted at once, in pixels, for less memory")
    files = video.add_argument_group("what to write")
    add = files.add_argument
    add("--start", type=moment, metavar="TIME", help="begin there, such as 0:10 (default: the beginning)")
    add("--end", type=moment, metavar="TIME", help="end there (default: the end)")
    add(
        "--resume", action="store_true",
        help="paint in parts of 120 frames, kept beside --out until all is done: whatever ends the command, run again "
        "it goes on",
    )  # fmt: skip
    add("--mute", action="store_true", help="leave the sound out")
    add(
        "--crf", type=count(0, 63), metavar="N",
        help="constant rate factor of the encoder: smaller is better and larger (default: 18 for H.264, 24 for VP9)",
    )  # fmt: skip
    video.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from impasto.files import prove_writable, refuse_inputs, remove_empty
    from impasto.films.live import refuse_terminal
    from impasto.films.reading import Film
    from impasto.films.sources import PIPE, is_file
    from impasto.films.writing import check_suffix
    from impasto.styles import is_style, style_number

    if options.end is not None and options.end <= (options.start or 0):
        raise ValueError(f"--end: expected a time after --start, received {_clock(options.end)}")
    check_suffix(options.out)
    if options.out == PIPE:
        refuse_terminal()
    own = own_styles(options.model, options.runtime)
    if not options.style and not options.at and len(own) == 1:
        options.style = list(own)
    styles = _styles(options)
    paintings = [
        Path(path) for _, path in styles if not (is_style(path) and "#" in path) and style_number(path, own) is None
    ]
    with Film(options.film, options.hwaccel) as film:
        if options.start and film.seconds is not None and options.start >= film.seconds:
            raise ValueError(f"--start: {shown(options.film)} ends at {_clock(film.seconds)}")
        outputs = [] if options.out == PIPE else [options.out]
        refuse_inputs(outputs, [*([options.film] if is_file(options.film) else []), *paintings])
        made = prove_writable(outputs)
        try:
            return _paint(options, film, styles)
        finally:
            remove_empty(made)


def _styles(options: argparse.Namespace) -> list[tuple[float, str]]:
    """Every style with its time."""
    styles = [(0.0, path) for path in options.style]
    for text, path in options.at:
        try:
            styles.append((moment(text), path))
        except argparse.ArgumentTypeError as error:
            raise ValueError(f"--at: {error}") from error
    if not styles:
        raise ValueError("a film needs a style: pass --style, or --at with a time")
    if options.weights is not None and len(options.weights) != len(options.style):
        raise ValueError(
            f"--weights: expected one a style of --style, {len(options.style)}, received {len(options.weights)}"
        )
    return styles


def _paint(options: argparse.Namespace, film: Film, styles: list[tuple[float, str]]) -> int:
    from impasto.films.easel import Wishes
    from impasto.films.painting import paint_film
    from impasto.films.resumed import paint_in_parts
    from impasto.painter import load

    if film.hdr:
        complain(f"note: {shown(film.path)}: of high dynamic range ({film.hdr}): painted and written in standard range")
    if film.source.refused:
        complain(f"note: {shown(film.path)}: decoded without --hwaccel {options.hwaccel}: {film.source.refused}")
    wishes = Wishes(
        strength=options.strength, stroke=options.stroke or None, keep_color=options.keep_color, size=options.size,
        start=options.start, end=options.end, lag=options.steady, tile=options.tile, sound=not options.mute,
        crf=options.crf,
    )  # fmt: skip
    model = options.model or _MODEL
    with load(model, runtime=options.runtime, threads=options.threads) as painter:
        first = options.style
        chosen: list[tuple[float, Any]] = [*styles[len(first) :]]
        if len(first) > 1 and options.keep_color == "recolour":
            raise ValueError("--keep-color recolour: expected one painting at a time, received several after --style")
        if first:
            chosen.insert(0, (0.0, painter.blend(first, options.weights) if len(first) > 1 else first[0]))
        with _first_interrupt() as interrupted, console.progress(unit="frame") as bar:

            def watch(done: int, total: int | None) -> bool:
                bar.total = None if total is None else max(total, done)
                if not bar.n:
                    bar.initial = done  # painted before, which says nothing of how long the rest takes
                bar.update(done - bar.n)
                return not interrupted.is_set()

            paint = paint_in_parts if options.resume else paint_film
            painted = paint(painter, film, chosen, options.out, wishes, watch)
    return _tell(options.out, painted, resumable=options.resume)


def _tell(out: Path, painted: Painted, *, resumable: bool) -> int:
    from impasto.films.sources import PIPE

    if painted.left_out:
        complain(f"note: {shown(out)}: this kind of file cannot hold {', '.join(painted.left_out)}, left out")
    if painted.bad:
        complain(f"error: {painted.bad} damaged parts of the film could not be read, and are left out")
    place = f"{'standard output' if out == PIPE else shown(out)}: {painted.frames} frames written"
    if not painted.finished:
        further = "; the same command goes on from there" if resumable else ""
        complain(f"interrupted; {place}, up to {_clock(painted.until)} of the film{further}")
        return 130
    (complain if out == PIPE else say)(place)
    return 1 if painted.bad else 0


@contextlib.contextmanager
def _first_interrupt() -> Iterator[threading.Event]:
    """The first Ctrl-C sets the event, so that a frame is finished; a second one interrupts as ever."""
    happened = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield happened  # signals are the main thread's
        return
    before = signal.getsignal(signal.SIGINT)

    def note(number: int, frame: object) -> None:
        happened.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, note)
    try:
        yield happened
    finally:
        signal.signal(signal.SIGINT, before)


def _clock(seconds: float) -> str:
    """75.5 as 1:15.5."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    text = f"{rest:06.3f}".rstrip("0").rstrip(".")
    return f"{hours}:{minutes:02}:{text}" if hours else f"{minutes}:{text}"
