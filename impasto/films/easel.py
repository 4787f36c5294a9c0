"""Paints frames in their order: less noise, styles over time, steady statistics, strokes that go with what moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impasto.errors import ModelError
from impasto.films.carrying import Carrier
from impasto.films.keyframes import Keyframe, Keyframes
from impasto.films.reading import Frame
from impasto.noise import NoiseFilter
from impasto.painter import Painter, StyleSource
from impasto.runtimes.protocol import FilmRuntime
from impasto.steadiness import LAG, Steadiness
from impasto.strokes import as_float, store
from impasto.stylizer import Settings


@dataclass(frozen=True)
class Wishes:
    """How a film is painted.

    Attributes:
        strength: None takes the styles' own.
        stroke: As for pictures; None gives strokes the network's own size in pixels, which is fastest.
        keep_color: None, "luma", or "recolour": every style is given the palette of each scene's first frame.
        size: Long side of the frames; None keeps the film's.
        start, end: In seconds from the film's start; None for all of it.
        lag: Seconds that contrasts and colours take to follow the film; 0 paints every frame by itself, its strokes
            and its noise too.
        tile: Largest side in pixels of what the network sees at once.
        sound: Whether sound is kept.
        crf: The encoder's constant rate factor; None for the default.
    """

    strength: float | None = None
    stroke: float | None = None
    keep_color: str | None = None
    size: int | None = None
    start: float | None = None
    end: float | None = None
    lag: float = LAG
    tile: int | None = None
    sound: bool = True
    crf: int | None = None


class Easel:
    """Paints one frame after the other.

    Args:
        painter: What paints.
        styles: Each with the time in seconds from which it is painted; in between they are blended.
        wishes: How.

    Raises:
        ModelError: the model cannot paint films.
    """

    def __init__(self, painter: Painter, styles: Sequence[tuple[float, StyleSource]], wishes: Wishes) -> None:
        runtime = painter.stylizer.runtime
        if not isinstance(runtime, FilmRuntime):
            raise ModelError(f"{runtime.name} paints no films: expected LiteRT or ONNX Runtime")
        self._painter, self._styles, self._wishes = painter, styles, wishes
        self._steadiness = Steadiness(runtime, wishes.lag)
        self._carrier = Carrier() if wishes.lag > 0 else None
        self._noise = NoiseFilter() if wishes.lag > 0 else None
        self._keyframes: Keyframes | None = None
        if wishes.keep_color != "recolour":
            self._keyframes = Keyframes([Keyframe(time, painter.embed(style)) for time, style in styles])

    def paint(self, frame: Frame) -> np.ndarray:
        cuts = self._steadiness.cuts
        clean = self._cleaned(frame.pixels)
        painted = self._painted(clean, frame.time)
        if self._wishes.keep_color == "recolour" and self._steadiness.cuts > cuts:
            self._keyframes = None
            self._steadiness.forget()
            painted = self._painted(clean, frame.time)
        if self._carrier is not None:
            if self._steadiness.cuts > cuts:
                self._carrier.forget()
            painted = self._carrier.carry(painted, frame.pixels, frame.time)
        if self._wishes.keep_color == "luma":
            self._painter.give_colours(painted, frame.pixels)
        return painted

    def _cleaned(self, pixels: np.ndarray) -> np.ndarray:
        if self._noise is None:
            return pixels
        cleaned = np.empty_like(pixels)
        store(cleaned, self._noise.clean(as_float(pixels)))
        return cleaned

    def _painted(self, pixels: np.ndarray, time: float) -> np.ndarray:
        if self._keyframes is None:
            self._keyframes = Keyframes(
                [Keyframe(moment, self._painter.embed_recoloured(style, pixels)) for moment, style in self._styles]
            )
        style = self._keyframes.at(time)
        strength = style.strength if self._wishes.strength is None else self._wishes.strength
        self._steadiness.begin(time)
        self._painter.check_strength(strength)
        settings = Settings(strength, self._wishes.stroke, self._wishes.tile)
        return self._painter.stylizer.stylize(pixels, style.embedding, settings, steadiness=self._steadiness)

    def state(self) -> dict[str, np.ndarray]:
        """What the next frame takes over from those before it, by name."""
        found = {f"steady.{name}": value for name, value in self._steadiness.state().items()}
        if self._carrier is not None:
            found |= {f"carried.{name}": value for name, value in self._carrier.state().items()}
        if self._noise is not None:
            found |= {f"noise.{name}": value for name, value in self._noise.state().items()}
        if self._wishes.keep_color == "recolour" and self._keyframes is not None:
            found["recoloured"] = np.stack([one.style.embedding for one in self._keyframes.all])
        return found

    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Goes on from a `state`."""

        def part(kind: str) -> dict[str, np.ndarray]:
            return {name.partition(".")[2]: value for name, value in state.items() if name.startswith(f"{kind}.")}

        self._steadiness.restore(part("steady"))
        if self._carrier is not None:
            self._carrier.restore(part("carried"))
        if self._noise is not None:
            self._noise.restore(part("noise"))
        if "recoloured" in state:
            made = zip(self._styles, state["recoloured"], strict=True)
            self._keyframes = Keyframes([Keyframe(time, self._painter.embed(vector)) for (time, _), vector in made])

    @property
    def embeddings(self) -> list[np.ndarray]:
        """Those of the styles, in the order of their times; none where each scene has its own."""
        return [one.style.embedding for one in self._keyframes.all] if self._keyframes is not None else []
