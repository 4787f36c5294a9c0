"""The pipeline on Apache Beam: numbers of parts, spread over processes, each done by whoever gets it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from impasto import console
from impasto.bulk.choice import Choice, Doer


def pipeline(doer: Doer, numbers: Sequence[int], choice: Choice) -> None:
    """Runs the pipeline over some parts, and waits for its end; of the direct runner, in this process."""
    beam = load_beam()
    from apache_beam.options.pipeline_options import PipelineOptions

    from impasto.bulk.step import Step

    made = beam.Pipeline(options=PipelineOptions(choice.arguments()))
    _ = made | "parts" >> beam.Create(list(numbers)) | "spread" >> beam.Reshuffle() | "do" >> beam.ParDo(Step(doer))
    made.run().wait_until_finish()


def cause(error: BaseException) -> str:
    """What went wrong with a part, without the lines in which Beam tells where."""
    while error.__cause__ is not None:
        error = error.__cause__
    lines = [line.partition(" [while running")[0].strip() for line in str(error).splitlines()]
    return console.shown(next((line for line in reversed(lines) if line), type(error).__name__))


def load_beam() -> Any:
    """Apache Beam, imported without its notes.

    Raises:
        ValueError: it is not installed.
    """
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)  # while it is imported, it warns of what it can do without
    try:
        import apache_beam
    except ImportError:
        raise ValueError("this needs Apache Beam: pip install 'impasto[beam]'") from None
    finally:
        logging.disable(before)
    # What it tells at length is said again by the error that it ends with.
    logging.getLogger("apache_beam").setLevel(logging.CRITICAL)
    return apache_beam
