"""Styles at moments of a film, blended in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from impasto.embeddings import interpolate
from impasto.styles import Style


@dataclass(frozen=True)
class Keyframe:
    """At `time`, in seconds from the film's start, it is painted in `style`."""

    time: float
    style: Style


class Keyframes:
    """The style of every moment: between two keyframes their mean, by time; before the first and after the last theirs.

    Args:
        keyframes: In any order, of one model.

    Raises:
        ValueError: there is none, or two are at one moment.
    """

    def __init__(self, keyframes: Sequence[Keyframe]) -> None:
        ordered = sorted(keyframes, key=lambda one: one.time)
        if not ordered:
            raise ValueError("a film needs a style")
        for before, after in zip(ordered, ordered[1:]):  # noqa: B905
            if before.time == after.time:
                raise ValueError(f"two styles are at the same moment, {after.time:g} seconds: expected one")
        self._keyframes = ordered
        self._times = [one.time for one in ordered]

    @property
    def all(self) -> list[Keyframe]:
        """In the order of their times."""
        return self._keyframes

    def at(self, time: float) -> Style:
        """The style at `time`; its strength is blended too."""
        last = int(np.searchsorted(self._times, time, side="right")) - 1
        if last < 0:
            return self._keyframes[0].style
        if last == len(self._keyframes) - 1:
            return self._keyframes[last].style
        before, after = self._keyframes[last], self._keyframes[last + 1]
        share = (time - before.time) / (after.time - before.time)
        return replace(
            before.style,
            embedding=interpolate(before.style.embedding, after.style.embedding, share),
            strength=before.style.strength + share * (after.style.strength - before.style.strength),
        )
