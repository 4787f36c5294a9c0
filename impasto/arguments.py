"""Types of command-line arguments: text in, a checked value or a sentence out."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)


class Help(argparse.RawDescriptionHelpFormatter):
    """Help of every command: descriptions and examples keep their lines, and flags tell their defaults."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        text = action.help
        nothing = action.default is None or action.default is False or action.default in (argparse.SUPPRESS, [], ())
        if not text or nothing or "default" in text or not action.option_strings:
            return text
        return f"{text} (default: %(default)s)"


def add_command(commands: Any, name: str, what: str, description: str, examples: str = "") -> argparse.ArgumentParser:
    """Adds a command to the subcommands of a parser: a line of `what` it does, a description, examples.

    This is how commands of every room are written, but for `python -m train`, whose flags are the fields of its
    dataclasses (tyro): they are written down with every run, and read back.
    """
    parser: argparse.ArgumentParser = commands.add_parser(
        name, help=what, description=description, epilog=examples, formatter_class=Help
    )
    return parser


def pixels(text: str) -> int:
    value = int(text)
    if not 16 <= value <= 16384:
        raise argparse.ArgumentTypeError(f"expected 16 to 16384 pixels, received {value}")
    return value


def number(low: float, high: float) -> Callable[[str], float]:
    """The type of numbers from `low` to `high`."""
    return _within(float, "number", low, high)


def count(low: int, high: int) -> Callable[[str], int]:
    """The type of whole numbers from `low` to `high`."""
    return _within(int, "whole number", low, high)


def _within(kind: Callable[[str], Number], name: str, low: float, high: float) -> Callable[[str], Number]:
    def parse(text: str) -> Number:
        value = kind(text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"expected a {name} from {low:g} to {high:g}, received {text}")
        return value

    parse.__name__ = name  # argparse's name for it where the text is none
    return parse


def moment(text: str) -> float:
    """A time in a film, as seconds: "83", "1:23", "0:01:23.5"."""
    parts = text.split(":")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        values = []
    if not (0 < len(values) <= 3 and all(0 <= value < 1e6 for value in values) and all(v < 60 for v in values[1:])):
        raise argparse.ArgumentTypeError(f"expected a time such as 83, 1:23 or 0:01:23.5, received {text!r}")
    return sum(value * 60**place for place, value in enumerate(reversed(values)))


def picture_file(text: str) -> Path:
    """A path whose suffix is that of a format that can be written."""
    from impasto.errors import PictureError
    from impasto.pictures.formats import output_format

    try:
        output_format(Path(text))
    except PictureError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return Path(text)
