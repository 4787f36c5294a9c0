"""Statistics that change slowly from frame to frame. The page does the same (web_demo/src/worker/steadiness.ts).

Painted with its own, every frame of a film gets contrasts and colours that jump with all that comes into the picture
or leaves it, far from there too. Here every norm takes the mean of what the frame's own statistics make of it and what
the frames before it had, which count the less the longer ago they were: 63 % of a change are there after `LAG`
seconds, 95 % after three times that. Edges and movement are not touched by it: they come from the frame itself. A
change as large as a cut to another scene is not faded: that frame is painted again, with its own statistics alone.

Unlike on the page, the frame itself counts in the mean: it would need a second run of the graph there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from impasto.runtimes.protocol import FilmRuntime

# Seconds.
LAG = 0.4
# Relative distance between a frame's statistics and the smoothed ones, from which on it belongs to another scene.
CUT = 0.5
# Seconds between frames, at least: of two at the same moment nothing could be told apart.
_SHORTEST = 1e-3


@dataclass(frozen=True)
class _Past:
    affine: np.ndarray
    time: float


class Steadiness:
    """What the frames of one film hand on to each other. Frames come in their order.

    Args:
        runtime: That paints.
        lag: Seconds; 0 gives every frame its own statistics.

    Attributes:
        cuts: How many frames began another scene; the first is none.
    """

    def __init__(self, runtime: FilmRuntime, lag: float = LAG) -> None:
        if not (math.isfinite(lag) and lag >= 0):
            raise ValueError(f"lag must be a finite number of seconds from 0 on. Received: {lag}")
        self.cuts = 0
        self._runtime, self._lag = runtime, lag
        self._time = 0.0
        # One for each size that the network is shown: levels of strokes have statistics of their own.
        self._past: dict[tuple[int, ...], _Past] = {}

    def begin(self, time: float) -> None:
        """The next frame, at `time` in seconds."""
        self._time = time

    def forget(self) -> None:
        """Begins anew: the next frame has nothing before it."""
        self._past.clear()

    def state(self) -> dict[str, np.ndarray]:
        """What the next frame takes over, by name."""
        made: dict[str, np.ndarray] = {"cuts": np.array(self.cuts)}
        for shape, past in self._past.items():
            name = "x".join(map(str, shape))
            made |= {f"affine {name}": past.affine, f"time {name}": np.array(past.time)}
        return made

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from a `state`."""
        self.cuts = int(state["cuts"])
        self._past = {
            tuple(map(int, name.removeprefix("affine ").split("x"))): _Past(
                affine, float(state[name.replace("affine", "time")])
            )
            for name, affine in state.items()
            if name.startswith("affine ")
        }

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """content `[1, H, W, 3]`, conditioning `[1, T]` -> stylised `[1, H, W, 3]`, and the affine `[1, A]` it has."""
        past = self._past.get(content.shape)
        given = share = None
        if past is not None and self._lag > 0:
            share = math.exp(-max(self._time - past.time, _SHORTEST) / self._lag)
            given = past.affine
        stylised, affine = self._runtime.paint_frame(content, conditioning, given, share or 0.0)
        if given is not None and share is not None and _distance(affine, given) > CUT * (1 - share):
            self.cuts += 1
            stylised, affine = self._runtime.paint_frame(content, conditioning, None, 0.0)
        self._past[content.shape] = _Past(affine, self._time)
        return stylised, affine


def _distance(mixed: np.ndarray, given: np.ndarray) -> float:
    """Length of the difference, in lengths of `given`."""
    return float(np.linalg.norm(mixed - given) / max(float(np.linalg.norm(given)), 1e-12))
