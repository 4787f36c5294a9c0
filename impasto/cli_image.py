"""`impasto image`: photographs painted in the styles of paintings."""

from __future__ import annotations

import argparse
import contextlib
import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto import console
from impasto.arguments import add_command, count, number, pixels
from impasto.console import complain, say, shown
from impasto.library import RUNTIMES, own_styles

if TYPE_CHECKING:
    from impasto.painter import Painter
    from impasto.pictures.folders import Collection
    from impasto.plan import Job

HELP = """\
Paints photographs in the styles of paintings. A folder stands for all pictures below it, and what is painted lies
in the folder --out as the photographs lie in theirs. Every photo is painted in every style, as CONTENT__STYLE.png;
with --blend all styles are mixed into one, as CONTENT__blend.png. If only one picture is to be written, --out may be
its name (.png, .jpg, ...).

A style may also be a file that the page or `impasto style` saved, or a link of the page.

Pictures of the same name from an earlier run are overwritten, or kept with --skip-existing; a file that is read is
never written to. Where --out is a folder of --content itself, what is called CONTENT__... after another picture there
is taken for painted, and not painted again. A file that cannot be read is passed over and named at the end, with exit
code 1; files in folders that are no pictures are passed over."""

EXAMPLES = """\
examples:
  impasto image --content cat.jpg --style waves.jpg --out cat_waves.png
  impasto image --content photos/ --style paintings/ --out stylised/
  impasto image --content photos/ --style waves.jpg --out stylised/ --format jpg --skip-existing
  impasto image --content cat.jpg --style waves.jpg night.jpg --blend --weights 0.7 0.3 --out blends/
  impasto image --content cat.jpg --style waves.jpg --out stylised/ --strength 0.6 --keep-color luma
  impasto image --content moss.jpg --style waves.jpg --out texture.png --wrap

colours (--keep-color):
  luma      brightness from the painted picture, colours from the photo, pixel by pixel
  recolour  the style is given the photo's palette before it is looked at; colours still move with the strokes
"""


# More than this many at a time need much memory. One of this many pixels needs about 300 MB.
_MOST_AT_ONCE, _LARGE = 4, 24_000_000


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    image = add_command(commands, "image", "paint photographs", HELP, EXAMPLES)
    add = image.add_argument
    add(
        "--content", type=Path, nargs="+", required=True, metavar="PATH", help="photographs: files, folders or both"
    )  # fmt: skip
    add(
        "--style", nargs="+", default=[], metavar="PATH",
        help="paintings: files, folders or both; saved styles and links; of a model that was made for a few styles, "
        "their names or numbers (default: all of them)",
    )  # fmt: skip
    add("--out", required=True, metavar="PATH", help="folder, or the one picture, to write")
    add(
        "--model",
        metavar="NAME",
        help="model that ships (`impasto models`), or an exported folder (default: the first)",
    )
    add("--runtime", choices=tuple(RUNTIMES), help="what computes (default: the fastest that is installed)")
    add("--threads", type=count(1, 1024), metavar="N", help="for computing, in all (default: one a processor)")
    add(
        "--jobs", type=count(1, 64), metavar="N",
        help="pictures painted at a time (default: one a processor, 4 at most; 1 where a photo has over 24 megapixels)",
    )  # fmt: skip
    look = image.add_argument_group("how to paint")
    add = look.add_argument
    add("--blend", action="store_true", help="mix all styles into one")
    add(
        "--weights", type=float, nargs="+", metavar="W",
        help="share of each style in a blend, in their order; any positive scale (default: equal)",
    )  # fmt: skip
    add(
        "--strength", type=number(0, 10), metavar="S",
        help="0 paints the photo in its own style, 1 in the other, above 1 exaggerates (default: 1, or what a saved "
        "style says)",
    )  # fmt: skip
    add("--size", type=pixels, metavar="N", help="long side of the result (default: the photo's own)")
    add(
        "--stroke", type=number(0, 16), default=1.0, metavar="X",
        help="size of the strokes, as a share of the picture: 1 keeps the look of a small picture at any size, 2 "
        "doubles them; 0 gives them the network's own size in pixels (default: 1)",
    )  # fmt: skip
    add(
        "--style-size", type=pixels, metavar="N",
        help="short side at which a painting is looked at: smaller sees its forms, larger its brush strokes "
        "(default: what the model was trained for)",
    )  # fmt: skip
    add(
        "--wrap", action="store_true",
        help="make opposite borders meet, so that copies of the result can be laid side by side (default: they do not)",
    )  # fmt: skip
    add("--keep-color", choices=("luma", "recolour"), help="keep the photo's colours, see below")
    add(
        "--tile", type=pixels, metavar="N",
        help="largest side that is painted at once, in pixels: smaller needs less memory (default: pictures to a "
        "megapixel whole, larger ones in tiles)",
    )  # fmt: skip
    files = image.add_argument_group("what to write")
    add = files.add_argument
    add("--skip-existing", action="store_true", help="leave pictures that are there already")
    add(
        "--format", choices=("png", "jpg", "webp", "tif", "avif"), default="png",
        help="of the pictures in a folder (default: png)",
    )  # fmt: skip
    add("--quality", type=count(1, 100), default=95, metavar="N", help="of JPEG, WebP and AVIF (default: 95)")
    add("--keep-alpha", action="store_true", help="keep what is transparent in the photo so (default: white)")
    add(
        "--no-metadata", action="store_true",
        help="write no EXIF (date, place, camera), resolution and profile of the photo (default: they are kept)",
    )  # fmt: skip
    image.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from impasto.files import prove_writable, refuse_inputs, remove_empty
    from impasto.pictures.folders import collect
    from impasto.plan import named_picture, plan

    named = named_picture(options.out)
    is_read = named is None and Path(options.out).resolve() in {path.resolve() for path in options.content}
    contents = collect(options.content, leave_out=[] if named else [Path(options.out)])
    if is_read:
        _leave_out_results(contents)
    own = own_styles(options.model, options.runtime)
    if not (options.style or own):
        raise ValueError("--style: expected paintings, saved styles or links, received none")
    styles, labels, paintings = named_styles(options.style or list(own), own)
    _check_weights(options, len(styles))
    jobs = plan(contents.pictures, labels, options.out, blended=options.blend, suffix=f".{options.format}")
    refuse_inputs([job.out for job in jobs], [*contents.paths, *paintings.paths])
    _check_alpha(options, jobs)
    skipped = [job for job in jobs if options.skip_existing and job.out.exists()]
    jobs = [job for job in jobs if job not in skipped] if skipped else jobs
    made = prove_writable([job.out for job in jobs])
    passed_over = _tell_passed_over(contents, paintings)
    if not jobs:
        say(f"{shown(options.out)}: all {len(skipped)} pictures are there already")
        return 1 if passed_over else 0
    try:
        return _paint(options, jobs, styles, len(skipped), passed_over)
    finally:
        remove_empty(made)


def _leave_out_results(contents: Collection) -> None:
    """Of a folder that is read and written, leaves out what an earlier run has painted, and says so."""
    from impasto.plan import without_results

    contents.pictures, results = without_results(contents.pictures)
    if results:
        first = ", ".join(shown(found.path) for found in results[:3]) + (", ..." if len(results) > 3 else "")
        complain(f"note: {len(results)} pictures are painted already, by their names, and left out: {first}")


def named_styles(named: list[str], own: Sequence[str] = ()) -> tuple[list[Any], list[str], Collection]:
    """The styles, what they are called in names, and the files that are pictures."""
    from impasto.pictures.folders import Collection, collect
    from impasto.styles import SUFFIX, is_style, style_number

    styles: list[Any] = []
    labels: list[str] = []
    paintings = Collection()
    for text in named:
        number = style_number(text, own)
        if number is not None:
            styles.append(number)
            labels.append(own[number])
            continue
        if is_style(text):
            styles.append(text)
            name = Path(text).name
            labels.append(
                "style" if "#" in name else name[: -len(SUFFIX)] if name.endswith(SUFFIX) else Path(name).stem
            )
            continue
        found = collect([Path(text)])
        for picture in found.pictures:
            if picture.path not in styles:
                styles.append(picture.path)
                labels.append(picture.path.stem)
        paintings.pictures += found.pictures
        paintings.ignored += found.ignored
        paintings.refused += found.refused
    return styles, labels, paintings


def _check_weights(options: argparse.Namespace, styles: int) -> None:
    weights = options.weights
    if weights is None:
        return
    if not options.blend:
        raise ValueError("--weights belongs to --blend: pass both, or neither")
    if len(weights) != styles:
        raise ValueError(f"--weights: expected one a style, {styles}, received {len(weights)}")
    if not (min(weights) >= 0 and 0 < sum(weights) < float("inf")):
        raise ValueError(f"--weights: expected numbers from 0 on, not all 0, received {weights}")


def _check_alpha(options: argparse.Namespace, jobs: list[Job]) -> None:
    from impasto.pictures.formats import keeps_alpha

    if options.keep_alpha and jobs and not keeps_alpha(jobs[0].out):
        raise ValueError(f"--keep-alpha: {jobs[0].out.suffix} holds no transparency: choose .png, .webp or .tif")


def _tell_passed_over(*collections: Collection) -> int:
    """Says which files are no pictures, and how many could not even be looked at; returns the number of these."""
    ignored = [path for collection in collections for path in collection.ignored]
    if ignored:
        first = ", ".join(shown(path) for path in ignored[:3]) + (", ..." if len(ignored) > 3 else "")
        complain(f"note: {len(ignored)} files are no pictures and passed over: {first}")
    refused = [error for collection in collections for error in collection.refused]
    for error in refused:
        complain(f"error: {error}")
    return len(refused)


def _paint(options: argparse.Namespace, jobs: list[Job], styles: list[Any], skipped: int, passed_over: int) -> int:
    from impasto.batch import Atelier, Outcome, Wishes, run
    from impasto.library import processors

    at_once = min(options.jobs or _at_once(options, jobs), len(jobs))
    threads = max(1, (options.threads or processors()) // at_once)
    wishes = Wishes(
        weights=options.weights, strength=options.strength, stroke=options.stroke or None, size=options.size,
        keep_color=options.keep_color, wrap=options.wrap, tile=options.tile, keep_alpha=options.keep_alpha,
        keep_metadata=not options.no_metadata, quality=options.quality,
    )  # fmt: skip
    open_painter = functools.partial(_open_painter, options, threads)
    atelier = Atelier(open_painter, styles, wishes, _tile_bar() if at_once == 1 else None)
    outcome = Outcome()
    interrupted = False
    try:
        run(atelier, jobs, outcome, at_once, lambda items, total: console.progress(items, total=total, unit="picture"))
    except KeyboardInterrupt:
        interrupted = True
    finally:
        atelier.close()
    for reason in (*outcome.failures.values(), *outcome.elsewhere):
        complain(f"error: {reason}")
    place = f"{shown(options.out)}: {len(outcome.written)} of {len(jobs)} pictures written"
    place += f", {skipped} were there already" if skipped else ""
    if interrupted:
        complain(f"interrupted; {place}")
        return 130
    say(place)
    return 1 if outcome.unwritten or passed_over else 0


def _at_once(options: argparse.Namespace, jobs: list[Job]) -> int:
    """How many pictures to paint at a time.

    A second processor makes painting 1.4 times as fast, and reading and writing not at all: two pictures at a time,
    computed on one processor each, take 0.6 of the time of one after the other (measured at 768 and 2048 px).
    """
    from impasto.errors import PictureError
    from impasto.library import processors
    from impasto.pictures.reading import measure

    if len(jobs) > 1 and not options.size:
        for path in dict.fromkeys(job.content for job in jobs):
            with contextlib.suppress(PictureError):
                if math.prod(measure(path)) > _LARGE:
                    return 1
    return min(processors(), _MOST_AT_ONCE)


def _open_painter(options: argparse.Namespace, threads: int) -> Painter:
    from impasto.errors import ModelError
    from impasto.painter import load

    if options.model is not None and options.model.endswith(".keras"):
        raise ModelError(
            f"{options.model}: an artefact of training has to be exported first: python -m export litert --model "
            f"{options.model} --out FOLDER"
        )
    painter = load(options.model, runtime=options.runtime, threads=threads)
    if options.style_size is not None:
        rules = painter.stylizer.preprocessing
        painter.stylizer.preprocessing = replace(rules, style=replace(rules.style, short_side=options.style_size))
    return painter


def _tile_bar() -> Callable[[int, int], None]:
    """A progress bar over the tiles of one picture, gone when it is painted."""
    bar = console.progress(disable=True)

    def report(done: int, total: int) -> None:
        nonlocal bar
        if total < 2:
            return
        if not done:
            bar = console.progress(total=total, unit="tile", leave=False)
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return report
