"""The one step of the pipelines: a part's number in, nothing out. Imports Apache Beam, so that runners alone do it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import apache_beam as beam

if TYPE_CHECKING:
    from impasto.bulk.choice import Doer


class Step(beam.DoFn):
    """Does parts.

    Args:
        doer: Who does a part.
    """

    def __init__(self, doer: Doer) -> None:
        self._doer = doer

    def process(self, number: int) -> Iterator[int]:
        """Does part `number`."""
        self._doer.do(number)
        yield from ()
