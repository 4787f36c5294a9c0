"""`python -m stylize`: pictures optimised in the style of others, and dreamt on."""

from __future__ import annotations

import argparse
import sys

from impasto import console
from stylize import cli_dream, cli_gallery, cli_optimise, cli_see


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stylize",
        description="Paint pictures in the style of others, each optimised on its own; or dream on them. A trained "
        "network paints them in one pass: impasto image.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (cli_optimise, cli_dream, cli_see):
        command.add_to(commands)
    cli_gallery.add_to(commands, main)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0, 1 if a picture could not be written, 130 after Ctrl-C."""
    console.prepare()
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["image"]:
        console.complain("error: photographs are painted by `impasto image` now (python -m impasto image --help)")
        return 2
    options = _parser().parse_args(given)
    return console.run(lambda: int(options.run(options)))


if __name__ == "__main__":
    sys.exit(main())
