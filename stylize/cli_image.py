"""`python -m stylize image`: photographs painted by a trained artefact."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from impasto.arguments import add_command, number, pixels
from models.startup import load_backend_quietly

SHIPPED = Path("models/shipped/student.keras")

HELP = """\
Paints photographs in the styles of paintings. A folder stands for the pictures directly in it. Every photo is
painted in every style and written to the folder --out as CONTENT__STYLE.png; with --blend all styles are
mixed into one, written as CONTENT__blend.png. If only one picture is to be written, --out may be its name
(.png, .jpg, ...).

Pictures of the same name from an earlier run are overwritten; a file that is read never is. Two inputs of the
same name get numbers (cat, cat-2). A file that cannot be read is passed over and named at the end, with exit
code 1."""

EXAMPLES = """\
examples:
  python -m stylize image --content cat.jpg --style waves.jpg --out cat_waves.png
  python -m stylize image --content photos/ --style paintings/ --out stylised/
  python -m stylize image --content cat.jpg --style waves.jpg night.jpg --blend --weights 0.7 0.3 --out blends/
  python -m stylize image --content cat.jpg --style waves.jpg --out stylised/ --strength 0.6 --keep-color luma

colours (--keep-color):
  luma      brightness from the painted picture, colours from the photo, pixel by pixel
  recolour  the style is given the photo's palette before it is looked at; colours still move with the strokes
"""

# Beyond this, painting takes long and strokes look small: worth a word.
LARGE = 1024


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    image = add_command(commands, "image", "stylise photographs", HELP, EXAMPLES)
    for flag, what in (("--content", "photographs"), ("--style", "paintings")):
        image.add_argument(
            flag, type=Path, nargs="+", required=True, metavar="PATH", help=f"{what}: files, folders or both"
        )
    image.add_argument("--out", type=Path, required=True, metavar="PATH", help="folder, or the one picture, to write")
    image.add_argument(
        "--model",
        type=Path,
        default=SHIPPED,
        metavar="PATH",
        help="artefact to paint with (default: %(default)s)",
    )
    image.add_argument("--blend", action="store_true", help="mix all styles into one")
    image.add_argument(
        "--weights", type=float, nargs="+", metavar="W",
        help="share of each style in a blend, in their order; any positive scale (default: equal)",
    )  # fmt: skip
    image.add_argument(
        "--strength", type=number(0, 10), default=1.0, metavar="S",
        help="0 paints the photo in its own style, 1 in the other, above 1 exaggerates (default: %(default)s)",
    )  # fmt: skip
    image.add_argument("--size", type=pixels, metavar="N", help="long side of the result (default: the photo's own)")
    image.add_argument(
        "--style-size", type=pixels, metavar="N",
        help="long side at which a style is looked at: smaller sees its forms, larger its brush strokes "
        "(default: what the artefact was trained for)",
    )  # fmt: skip
    image.add_argument(
        "--tile", type=pixels, metavar="N",
        help="largest side that is painted at once, in pixels: smaller needs less memory (default: pictures to a "
        "megapixel as a whole, larger ones in tiles of 768)",
    )  # fmt: skip
    image.add_argument("--keep-color", choices=("luma", "recolour"), help="keep the photo's colours, see below")
    image.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from stylize.pictures import collect, long_side
    from stylize.plan import plan

    contents, styles = collect(options.content), collect(options.style)
    if options.weights is not None:
        if not options.blend:
            raise ValueError("--weights belongs to --blend: pass both, or neither")
        if len(options.weights) != len(styles):
            raise ValueError(f"--weights: expected one a style, {len(styles)}, received {len(options.weights)}")
        if min(options.weights) < 0 or not 0 < sum(options.weights) < float("inf"):
            raise ValueError(f"--weights: expected numbers from 0 on, not all 0, received {options.weights}")
    jobs = plan(contents, styles, options.out, blended=options.blend)
    large = 0 if options.size else sum(long_side(path) > LARGE for path in contents)
    if large:
        print(
            f"note: {large} of {len(contents)} photos are larger than {LARGE} pixels; --size {LARGE} is "
            "faster and shows larger brush strokes",
            file=sys.stderr,
        )

    from tqdm import tqdm

    load_backend_quietly()
    from models.stylizer import Stylizer
    from stylize.batch import Outcome, Painter, Settings, run

    settings = Settings(
        options.weights, options.strength, options.size, options.style_size, options.keep_color, options.tile
    )
    painter = Painter(Stylizer.load(options.model), settings, _tile_bar())
    outcome = Outcome()
    interrupted = False
    try:
        run(painter, jobs, outcome, lambda items: tqdm(items, unit="picture", disable=None))
    except KeyboardInterrupt:
        interrupted = True
    for reason in outcome.failures.values():
        print(f"error: {reason}", file=sys.stderr)
    place = f"{options.out}: {len(outcome.written)} of {len(jobs)} pictures written"
    if interrupted:
        print(f"interrupted; {place}", file=sys.stderr)
        return 130
    print(place)
    return 1 if outcome.unwritten else 0


def _tile_bar() -> Callable[[int, int], None]:
    """A progress bar over the tiles of one picture, gone when it is painted."""
    from tqdm import tqdm

    bar = tqdm(disable=True)

    def report(done: int, total: int) -> None:
        nonlocal bar
        if not done:
            bar = tqdm(total=total, unit="tile", leave=False, disable=None)
        bar.update(done - bar.n)
        if done == total:
            bar.close()

    return report
