"""`impasto`, or `python -m impasto`: paint photographs in the style of paintings."""

from __future__ import annotations

import argparse
import sys

from impasto import cli_corpus, cli_image, cli_models, cli_style, cli_video, console

COMMANDS = (cli_image, cli_video, cli_corpus, cli_style, cli_models)

EXAMPLES = """\
Every command has its own help, with examples: impasto image --help
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line."""
    made = argparse.ArgumentParser(
        prog="impasto",
        description="Paint any photograph in the style of any painting, on this machine and without a network.",
        epilog=EXAMPLES,
    )
    made.add_argument("--version", action="store_true", help="print the version of Impasto and exit")
    commands = made.add_subparsers(dest="command", metavar="COMMAND")
    for command in COMMANDS:
        command.add_to(commands)
    return made


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code: 0, 1 after an error, 2 for a wrong command line, 130 after Ctrl-C."""
    console.prepare()
    made = parser()
    options = made.parse_args(arguments)
    if options.version:
        import impasto

        console.say(f"impasto {impasto.__version__}")
        return 0
    if options.command is None:
        made.error("a command is needed: impasto --help lists them")
    told = {"interrupted": options.interrupted} if "interrupted" in options else {}
    return console.run(lambda: int(options.run(options)), **told)


if __name__ == "__main__":
    sys.exit(main())
