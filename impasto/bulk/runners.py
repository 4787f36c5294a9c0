"""Numbered parts of work on Apache Beam: on this machine by default, on Flink, Spark or Dataflow by a flag.

A part is done by `Doer.do(number)` in whatever process of whatever machine. A part that is done says so in the work's
folder, so that nothing passes between the machines but numbers.
"""

from __future__ import annotations

import argparse
import contextlib
import threading
from collections.abc import Iterator

from impasto import console
from impasto.arguments import count
from impasto.bulk.choice import RUNNERS, Choice, Doer
from impasto.bulk.pipeline import cause, load_beam, pipeline
from impasto.bulk.work import Work
from impasto.library import processors

_LOOK_EVERY = 0.5


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Adds the flags that `chosen` reads."""
    add = parser.add_argument_group("where the work is done").add_argument
    add(
        "--runner", choices=tuple(RUNNERS), default="direct",
        help="of Apache Beam: this machine (direct), Flink, Spark, Dataflow, or any job server (portable) "
        "(default: direct)",
    )  # fmt: skip
    add(
        "--workers", type=count(1, 1024), metavar="N", default=None,
        help="processes of the direct runner (default: one a processor)",
    )  # fmt: skip
    add(
        "--beam", action="append", default=None, metavar="OPTION",
        help="an option of the runner, as Beam calls it, without its dashes: flink_master=HOST:8081, project=NAME; "
        "may be given again",
    )  # fmt: skip


def chosen(options: argparse.Namespace) -> Choice:
    """What the flags say.

    Raises:
        ValueError: Beam is not installed, or knows no such option.
    """
    choice = Choice(options.runner, options.workers or processors(), tuple(options.beam or ()))
    load_beam()
    from apache_beam.options.pipeline_options import PipelineOptions

    # Beam itself passes over what it does not know, without a word.
    known = PipelineOptions(choice.arguments()).get_all_options()
    unknown = [name for name in (option.partition("=")[0] for option in choice.options) if name not in known]
    if unknown:
        raise ValueError(f"--beam: Apache Beam knows no option {', '.join(unknown)}")
    return choice


def run(doer: Doer, parts: int, choice: Choice, label: str) -> None:
    """Does the parts that are not done yet, with a progress bar over all of them.

    Args:
        doer: Who does a part.
        parts: How many there are in all.
        choice: Where.
        label: Of the bar.

    Raises:
        ValueError: a part failed, or a runner; says how. Parts that are done stay done.
    """
    done = doer.work.done()
    left = [number for number in range(parts) if number not in done]
    if not left:
        return
    with _bar(doer.work, parts, len(done), label):
        workers = min(choice.workers, len(left))
        if choice.runner == "direct" and workers > 1:
            from impasto.bulk.processes import share

            share(doer, left, choice, workers)
            return
        try:
            pipeline(doer, left, choice)
        except Exception as error:
            raise ValueError(f"{choice.runner} runner: {cause(error)}") from error


@contextlib.contextmanager
def _bar(work: Work, parts: int, before: int, label: str) -> Iterator[None]:
    """A progress bar that looks into the work's folder."""
    bar = console.progress(total=parts, initial=before, unit="part", desc=label)
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(_LOOK_EVERY if work.place.is_local else 10 * _LOOK_EVERY):
            with contextlib.suppress(Exception):  # a bucket that did not answer is asked again
                bar.update(len(work.done()) - bar.n)

    thread = threading.Thread(target=look, daemon=True)
    if not bar.disable:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if not bar.disable:
            thread.join()
            bar.update(len(work.done()) - bar.n)
        bar.close()
