"""The mean of artefacts' weights: runs that started from one another often paint better together than the best alone.

Weights of runs from a common start lie in one valley of the loss, and their mean nearer its floor (Izmailov et al.
2018; Wortsman et al. 2022, "Model soups"). Of runs from different random starts the mean paints nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from models.artefact import ArtefactError, runs
from models.stylizer import Stylizer


def average(paths: Sequence[str | Path]) -> Stylizer:
    """The stylizer whose weights are the mean of those of the artefacts at `paths`, two or more.

    Its card is the last artefact's; `provenance.averaged` names them all, and `provenance.lineage` has the runs of the
    others too.

    Raises:
        ValueError: fewer than two paths.
        ArtefactError: a file is no artefact, or its networks are not those of the first; names the file.
    """
    if len(paths) < 2:
        raise ValueError(f"an average needs two artefacts or more. Received: {[str(path) for path in paths]}")
    sums: list[list[np.ndarray]] = []
    cards = []
    for path in paths:
        stylizer = Stylizer.load(path)
        weights = [network.get_weights() for network in _networks(stylizer)]
        if not sums:
            sums = [[weight.astype(np.float64) for weight in network] for network in weights]
        else:
            _check_alike(path, paths[0], sums, weights)
            sums = [[s + w for s, w in zip(*both, strict=True)] for both in zip(sums, weights, strict=True)]
        cards.append(stylizer.card)
    for network, total in zip(_networks(stylizer), sums, strict=True):
        network.set_weights([(weight / len(paths)).astype(np.float32) for weight in total])
    stylizer.card = {**stylizer.card, "provenance": _provenance(cards)}
    return stylizer


def _networks(stylizer: Stylizer) -> tuple[keras.Model, keras.Model]:
    return stylizer.predictor, stylizer.transformer


def _check_alike(path: str | Path, first: str | Path, sums: Any, weights: Any) -> None:
    for name, *both in zip(("predictor", "transformer"), sums, weights, strict=True):
        expected, found = ([weight.shape for weight in network] for network in both)
        if expected != found:
            ours, theirs = (sum(int(np.prod(shape)) for shape in shapes) for shapes in (expected, found))
            raise ArtefactError(
                f"{path}: expected the {name} of {first}, {ours:,} numbers, found another of {theirs:,} numbers"
            )


def _provenance(cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The last card's, with the runs that only the others have in its lineage, and all of them named as averaged."""
    found: dict[str, dict[str, Any]] = {}
    for card in cards:
        for checksum, run in runs(card).items():
            found.setdefault(checksum, run)
    checksums = [card["checksum"] for card in cards]
    averaged = [{key: found[checksum].get(key) for key in ("name", "checksum", "workdir")} for checksum in checksums]
    # The last one's configuration stands in its own provenance; those of the others would bury the card.
    others = [run for checksum, run in found.items() if checksum != checksums[-1]]
    lineage = [{key: value for key, value in run.items() if key != "config"} for run in others]
    return {**cards[-1].get("provenance", {}), "averaged": averaged, "lineage": lineage}
