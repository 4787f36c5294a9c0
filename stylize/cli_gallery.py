"""`python -m stylize gallery`: every recipe and command as a page of pictures."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from impasto.arguments import add_command

HELP = """\
Runs every recipe of `optimise` and what `dream` can do on pictures that are free to give, and writes them with their
commands and times as a page. It takes long; Ctrl-C keeps what is there, and --only makes some of them anew."""

EXAMPLES = """\
examples:
  python -m datasets samples --out web_demo/public/samples
  python -m stylize gallery --out docs/gallery
  python -m stylize gallery --out docs/gallery --only ink-horse dream
"""


def add_to(commands: Any, main: Callable[[list[str]], int]) -> None:
    """Adds the command to the subcommands of a parser; `main` runs the other commands."""
    parser = add_command(commands, "gallery", "every recipe and command as a page of pictures", HELP, EXAMPLES)
    add = parser.add_argument
    add("--out", type=Path, required=True, metavar="FOLDER", help="folder of the page")
    add(
        "--samples", type=Path, default=Path("web_demo/public/samples"), metavar="FOLDER",
        help="what `python -m datasets samples` wrote (default: %(default)s)",
    )  # fmt: skip
    add("--only", nargs="+", default=[], metavar="NAME", help="make these pictures only, the others stay")
    parser.set_defaults(run=lambda options: _run(options, main))


def _run(options: argparse.Namespace, main: Callable[[list[str]], int]) -> int:
    from stylize.gallery import make_gallery

    def stopping(arguments: list[str]) -> int:
        code = main(arguments)
        if code == 130:
            raise KeyboardInterrupt
        return code

    failed = make_gallery(options.out, options.samples, stopping, options.only)
    if failed:
        print(f"note: {failed} commands failed; the page says which", file=sys.stderr)
    print(options.out / "README.md")
    return 0
