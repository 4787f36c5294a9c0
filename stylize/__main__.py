"""`python -m stylize`: paint pictures in the style of others, and dream on them."""

from __future__ import annotations

import argparse
import sys

from stylize import cli_dream, cli_image, cli_optimise, cli_see


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stylize",
        description="Paint pictures in the style of others, in one pass of a trained artefact or each optimised on its "
        "own; or dream on them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in (cli_image, cli_optimise, cli_dream, cli_see):
        command.add_to(commands)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0, 1 if a picture could not be written, 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except KeyboardInterrupt:
        print("interrupted; nothing was written", file=sys.stderr)
        return 130
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
