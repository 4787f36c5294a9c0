"""Types of command-line arguments that only this room has: text in, a checked value or a sentence out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from impasto.arguments import number, picture_file
from stylize.film import SUFFIXES


def film_file(text: str) -> Path:
    """A path whose suffix is that of a film."""
    if Path(text).suffix.lower() not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text}: expected a film's suffix, {' or '.join(SUFFIXES)}")
    return Path(text)


def picture_or_film(text: str) -> Path:
    """A path whose suffix is that of a film, or of a picture that can be written."""
    return Path(text) if Path(text).suffix.lower() in SUFFIXES else picture_file(text)


def layer(text: str) -> tuple[str, float | None]:
    """`LAYER` or `LAYER=WEIGHT`."""
    name, separator, weight = text.partition("=")
    try:
        return name, number(0, 1e6)(weight) if separator else None
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"{text!r}: {error}") from error
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected LAYER or LAYER=WEIGHT, received {text!r}") from error


def check_weights(flag: str, weights: Sequence[float]) -> None:
    """Raises ValueError where nothing that the flag names would count."""
    if not any(weights):
        raise ValueError(f"{flag}: expected a weight above 0 for one of them at least")
