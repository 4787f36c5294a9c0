"""Outcomes as Markdown and as JSON."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.python.contest import SIZE, STYLE_SIZE, Outcome
from benchmarks.python.runners import PEER

# The best runtime has to be this many times as fast as the peer, both networks together; by the kind of transformer.
FASTER = {"fast": 6.0, "fine": 2.0}


def results(
    outcomes: list[Outcome], *, transformer: str, threads: int, precision: str, load: tuple[float, float]
) -> dict[str, Any]:
    """Everything measured, for JSON; seconds and bytes.

    Args:
        outcomes: The peer's among them.
        transformer: Kind of the artefact's.
        threads: That all computed with.
        precision: Of the exports' weights.
        load: The machine's load average before and after.
    """
    peer = next(outcome for outcome in outcomes if outcome.name == PEER)
    reference = next((outcome.picture for outcome in outcomes if outcome.name == "keras"), None)
    ours = [outcome for outcome in outcomes if outcome is not peer]
    best = max(ours, key=lambda outcome: _ratios(peer, outcome)[1])
    speedup = _ratios(peer, best)[1]
    faster = FASTER.get(transformer, 1.0)
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cpu": _processor(), "processors": os.cpu_count(), "load": list(load)},
        "python": platform.python_version(),
        "threads": threads,
        "precision": precision,
        "content_size": SIZE,
        "style_size": STYLE_SIZE,
        "contestants": [
            {
                "name": outcome.name,
                "software": outcome.software,
                "rounds": len(outcome.turns),
                "style": outcome.median("style"),
                "paint": outcome.median("paint"),
                "both": outcome.median(),
                "peer_over_this_quartiles": _ratios(peer, outcome),
                "cold_start": statistics.median(outcome.cold_starts) if outcome.cold_starts else None,
                "peak_memory": outcome.peak,
                "files": outcome.size,
                "mean_abs_difference_from_keras": (
                    None if reference is None or outcome is peer else float(np.abs(outcome.picture - reference).mean())
                ),
            }
            for outcome in outcomes
        ],
        "bar": {"faster": faster, "best": best.name, "measured": speedup, "met": speedup >= faster},
    }


def markdown(found: dict[str, Any]) -> str:
    """The results as text to paste into a document."""
    machine, bar = found["machine"], found["bar"]
    rows = [
        [
            row["name"],
            f"{1e3 * row['both']:.1f}",
            f"{1e3 * row['style']:.1f}",
            f"{1e3 * row['paint']:.1f}",
            "{1:.2f} ({0:.2f} to {2:.2f})".format(*row["peer_over_this_quartiles"]),
            "-" if row["cold_start"] is None else f"{row['cold_start']:.2f}",
            f"{row['peak_memory'] / 1e6:.0f}",
            f"{row['files'] / 1e6:.2f}",
            "-" if (far := row["mean_abs_difference_from_keras"]) is None else f"{far:.1e}",
        ]
        for row in found["contestants"]
    ]
    head = ["runtime", "both ms", "style ms", "painting ms", "peer / this"]
    head += ["cold start s", "peak MB", "files MB", "from Keras"]
    software = "; ".join(f"{row['name']}: {row['software']}" for row in found["contestants"])
    verdict = [
        f"peer / best >= {bar['faster']:g}",
        bar["best"],
        f"{bar['measured']:.2f}",
        "yes" if bar["met"] else "**no**",
    ]
    return "\n".join(
        [
            f"{found['date'][:10]}, {machine['cpu']}, {machine['processors']} processors, {found['threads']} threads "
            f"each, Python {found['python']}. {software}. Exports' weights: {found['precision']}.",
            f"Load average {machine['load'][0]:.1f} before, {machine['load'][1]:.1f} after. The contestants run in "
            "turn; on a busy machine their ratios are rough, and milliseconds and cold starts mean little.",
            "",
            *_table(head, rows),
            "",
            f"Both: the style's vector from a painting of {found['style_size']} px, and a photograph of "
            f"{found['content_size']} px painted with it. Medians. Ratios are of round against round: the median, and "
            "in brackets the middle half.",
            "Cold start: from the start of Python to the first picture. Peak: resident memory up to that picture.",
            "From Keras: mean absolute difference of that picture, in [0, 1].",
            "",
            *_table(["bar", "runtime", "measured", "met"], [verdict]),
            "",
        ]
    )


def _ratios(peer: Outcome, outcome: Outcome) -> list[float]:
    """Times the speed of the peer, round against round: first quartile, median, third quartile."""
    ratios = [a.both / b.both for a, b in zip(peer.turns, outcome.turns, strict=True)]
    return [float(value) for value in np.quantile(ratios, (0.25, 0.5, 0.75))]


def _table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (head, ["---"] * len(head), *rows)]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
