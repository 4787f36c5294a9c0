"""What depends on a network's architecture alone is worked out once for each: it takes a copy of the network."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from typing import TypeVar

import keras

Found = TypeVar("Found")


def once_an_architecture(work_out: Callable[[keras.Model], Found]) -> Callable[[keras.Model], Found]:
    """Remembers what `work_out` found, by the network's configuration, in which weights have no part.

    Saving, loading and exporting an artefact ask for its size multiple and its reach several times, each of which takes
    most of a second.
    """
    found: dict[bytes, Found] = {}

    @functools.wraps(work_out)
    def remembered(network: keras.Model) -> Found:
        key = hashlib.sha256(network.to_json().encode()).digest()
        if key not in found:
            found[key] = work_out(network)
        return found[key]

    return remembered
