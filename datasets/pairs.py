"""Batches of photographs and styles, the same for the same seed and step anywhere and after any resume."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from datasets.canvas import square_canvas
from datasets.source import Source
from impasto.errors import PictureError

if TYPE_CHECKING:
    import tensorflow as tf

log = logging.getLogger(__name__)

Batch = dict[str, np.ndarray]

# Ghiasi et al. 2017, training code: photographs have their short side at 258 and lose a rim of one pixel;
# styles have theirs at a random length in [258, 456) and give a random window of 256.
_WINDOW = 256
_CONTENT_SHORT = 258
_STYLE_SHORT = (258, 456)
_BRIGHTNESS, _SATURATION, _HUE = 0.8, (0.5, 1.5), 0.2
# Smallest side of the window that the consistency loss moves the photograph to: a hand-held camera's moment.
_WARP_SIDE = 0.9
NEUTRAL_COLOUR = np.array([0, 1, 0], np.float32)


@dataclass(frozen=True)
class PairSpec:
    """What a batch holds. Sizes in pixels; `style_size` excludes its end.

    `style_jitter` scales the published changes of brightness, saturation and hue: 1 keeps them, under which a
    quarter of the styles come out almost black or white; 0 leaves the colours alone. `content_crop` is the smallest
    side of the photographs' random windows, as a share of the canvas: 1 shows them whole, as published.
    """

    batch_size: int = 8
    canvas: int = 288
    content_size: int = 256
    style_size: tuple[int, int] = (128, 300)
    style_size_step: int = 1
    augment_style: bool = True
    style_jitter: float = 1.0
    flip_content: bool = False
    content_crop: float = 1.0
    identity_fraction: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        low, high = self.style_size
        if self.batch_size < 1 or self.canvas < 8 or self.content_size < 8 or self.style_size_step < 1:
            raise ValueError(f"batch_size and style_size_step must be at least 1, canvas and content_size 8: {self}")
        if not 8 <= low < high:
            raise ValueError(f"style_size must be (low, high) with 8 <= low < high, got {self.style_size}")
        if not 0 <= self.style_jitter <= 1:
            raise ValueError(f"style_jitter must lie in [0, 1], got {self.style_jitter}")
        if not 0 < self.content_crop <= 1:
            raise ValueError(f"content_crop must lie in (0, 1], got {self.content_crop}")
        if not 0 <= self.identity_fraction <= 1:
            raise ValueError(f"identity_fraction must lie in [0, 1], got {self.identity_fraction}")


class Pairs:
    """Pairs photographs with styles.

    `skipped` lists the unreadable pictures met so far, each once; `waited` is how many seconds a stream's reader has
    stood still so far, for want of a batch. Raises ValueError where a source has fewer
    usable pictures than a batch, or where a batch cannot be cut into equal parts.

    Args:
        content, style: Where pictures come from.
        spec: What a batch holds.
        part: (i, n): `batch` gives the i-th of n equal parts of the batch that (0, 1) gives whole, and reads its
            pictures only. So several processes share one stream.
    """

    def __init__(self, content: Source, style: Source, spec: PairSpec, part: tuple[int, int] = (0, 1)) -> None:
        self.content, self.style, self.spec = content, style, spec
        index, count = part
        if not 0 <= index < count or spec.batch_size % count:
            raise ValueError(f"a batch of {spec.batch_size} has no part {index} of {count} equal ones")
        self._items = range(spec.batch_size)[index * spec.batch_size // count :][: spec.batch_size // count]
        self.skipped: list[PictureError] = []
        self.waited = 0.0
        self._unreadable: set[tuple[str, int]] = set()
        self._lock = Lock()
        self._order = lru_cache(maxsize=8)(self._permutation)
        for role, source in (("content", content), ("style", style)):
            self._require_a_batch(role, source)

    def _require_a_batch(self, role: str, source: Source) -> None:
        needed, usable = self.spec.batch_size, 0
        tried: list[PictureError] = []
        if len(source) >= needed and not getattr(source, "infallible", False):
            for index in self._order(role, len(source), 0):
                try:
                    source.load(int(index))
                    usable += 1
                except PictureError as error:
                    tried.append(error)
                if usable == needed:
                    return
        elif len(source) >= needed:
            return
        found = usable if tried else len(source)
        reasons = f"; skipped: {'; '.join(str(error) for error in tried[:3])}" if tried else ""
        raise ValueError(
            f"{role} source {source.name} has {found} usable picture{'' if found == 1 else 's'}, "
            f"a batch needs {needed}{reasons}"
        )

    def _permutation(self, role: str, length: int, epoch: int) -> np.ndarray:
        stream = 0 if role == "content" else 1
        return np.random.default_rng([self.spec.seed, stream, epoch]).permutation(length)

    def _picture(self, role: str, source: Source, position: int, offset: float) -> np.ndarray:
        """The canvas at a place of the endless shuffled stream; an unreadable file gives way to the next."""
        epoch, place = divmod(position, len(source))
        first = int(self._order(role, len(source), epoch)[place])
        for shift in range(len(source)):
            index = (first + shift) % len(source)
            if (role, index) in self._unreadable:
                continue
            try:
                return square_canvas(source.load(index), self.spec.canvas, offset)
            except PictureError as error:
                self._skip(role, index, error)
        raise ValueError(f"{role} source {source.name} has no readable picture left")

    def _skip(self, role: str, index: int, error: PictureError) -> None:
        with self._lock:
            if (role, index) in self._unreadable:
                return
            self._unreadable.add((role, index))
            self.skipped.append(error)
            number = len(self.skipped)
        log.warning("skipping unreadable %s picture (number %d) %s", role, number, error)

    def batch(self, step: int) -> Batch:
        """Batch number `step`; the same numbers whenever and wherever it is asked for.

        content, style: uint8 [B, S, S, 3] canvases; content_box, style_box: float32 [B, 4] windows (y0, x0,
        y1, x1) in fractions of the canvas; content_flip [B]; style_flip [B, 2] (left-right, up-down);
        style_colour [B, 3] (brightness delta, saturation factor, hue delta); style_size: uint8 zeros [B, s],
        whose second dimension is the side to which this batch's styles are resized; identity [B], 1 where the
        style is the content itself; warp_box [B, 4], a slightly smaller window inside the content's; shift [B, 2],
        shares (down, across) of the room that a smaller window has, the same for the whole batch.
        """
        spec = self.spec
        number = spec.batch_size
        rng = np.random.default_rng([spec.seed, 2, step])
        sizes = range(*spec.style_size, spec.style_size_step)
        style_size = sizes[int(rng.integers(len(sizes)))]
        identity = identities(rng, number, spec.identity_fraction)
        content_flip = (rng.random(number) < 0.5).astype(np.float32) * float(spec.flip_content)
        offsets = rng.random(number) if spec.augment_style else np.full(number, 0.5)
        content_box = content_windows(rng, number, 1.0)
        style_box, style_flip, style_colour = style_settings(rng, number, spec.augment_style, spec.style_jitter)
        warp_box = warp_windows(rng, number)
        if spec.content_crop < 1:
            content_box = content_windows(rng, number, spec.content_crop)
        shift = shifts(rng, number)

        same = identity > 0
        style_box[same], style_flip[same], style_colour[same] = content_box[same], 0, NEUTRAL_COLOUR
        # Mirrored as the photograph is.
        style_flip[same, 0] = content_flip[same]
        settings = {
            "content_box": content_box,
            "content_flip": content_flip,
            "style_box": style_box,
            "style_flip": style_flip,
            "style_colour": style_colour,
            "style_size": np.zeros((number, style_size), np.uint8),
            "identity": identity,
            "warp_box": warp_box,
            "shift": shift,
        }
        # All is drawn for the whole batch, so that parts of it are parts of the same.
        own = slice(self._items.start, self._items.stop)
        pictures = self._pictures(step * number + self._items.start, identity[own], offsets[own])
        return {**pictures, **{name: values[own] for name, values in settings.items()}}

    def _pictures(self, first: int, identity: np.ndarray, offsets: np.ndarray) -> Batch:
        """The pictures themselves of the batch that begins at a place of the stream."""
        content = np.empty((len(identity), self.spec.canvas, self.spec.canvas, 3), np.uint8)
        style = np.empty_like(content)
        for item, offset in enumerate(offsets):
            content[item] = self._picture("content", self.content, first + item, 0.5)
            if identity[item]:
                style[item] = content[item]
            else:
                style[item] = self._picture("style", self.style, first + item, float(offset))
        return {"content": content, "style": style}

    def stream(self, start: int = 0, stop: int | None = None, workers: int = 2, prefetch: int = 4) -> Iterator[Batch]:
        """Batches start, start + 1, ... in order (endless where stop is None), prepared ahead by threads."""
        pool = ThreadPoolExecutor(max(workers, 1), thread_name_prefix="pairs")
        waiting: deque[Future[Batch]] = deque()
        try:
            for step in count(start) if stop is None else range(start, stop):
                waiting.append(pool.submit(self.batch, step))
                if len(waiting) >= max(prefetch, 1):
                    yield self._next(waiting)
            while waiting:
                yield self._next(waiting)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def _next(self, waiting: deque[Future[Batch]]) -> Batch:
        begun = time.perf_counter()
        batch = waiting.popleft().result()
        self.waited += time.perf_counter() - begun
        return batch

    def shapes(self) -> dict[str, tuple[tuple[int | None, ...], str]]:
        """Shape and type of what `batch` gives by name; None where a dimension varies."""
        number, side = len(self._items), self.spec.canvas
        return {
            "content": ((number, side, side, 3), "uint8"),
            "content_box": ((number, 4), "float32"),
            "content_flip": ((number,), "float32"),
            "style": ((number, side, side, 3), "uint8"),
            "style_box": ((number, 4), "float32"),
            "style_flip": ((number, 2), "float32"),
            "style_colour": ((number, 3), "float32"),
            "style_size": ((number, None), "uint8"),
            "identity": ((number,), "float32"),
            "warp_box": ((number, 4), "float32"),
            "shift": ((number, 2), "float32"),
        }

    def as_tf_data(self, start: int = 0, stop: int | None = None, workers: int = 2) -> tf.data.Dataset:
        """The same stream as a tf.data.Dataset; only style_size has a dimension that varies."""
        import tensorflow as tf

        signature = {key: tf.TensorSpec(shape, dtype) for key, (shape, dtype) in self.shapes().items()}
        return tf.data.Dataset.from_generator(lambda: self.stream(start, stop, workers), output_signature=signature)


def _window(side: float, across: float, down: float) -> np.ndarray:
    """Box of relative side `side`, placed at the fractions `down` and `across` of the room that is left."""
    top, left = (1 - side) * down, (1 - side) * across
    return np.array([top, left, top + side, left + side], np.float32)


def identities(rng: np.random.Generator, number: int, share: float) -> np.ndarray:
    """`[B]`, 1 where an item is to be an identity pair; the share holds on average whatever the batch size."""
    count = int(share * number + rng.random())  # 0.1 of 4 is one item in some batches
    chosen = np.zeros(number, np.float32)
    chosen[rng.permutation(number)[:count]] = 1
    return chosen


def warp_windows(rng: np.random.Generator, number: int) -> np.ndarray:
    """Windows `[B, 4]` that the consistency loss moves photographs to."""
    return np.stack([_window(float(rng.uniform(_WARP_SIDE, 1)), *map(float, rng.random(2))) for _ in range(number)])


def shifts(rng: np.random.Generator, number: int) -> np.ndarray:
    """`[B, 2]`, one place for a whole batch: half of the time at an edge, whose pixels would seldom be seen else."""
    place = np.clip(rng.uniform(-0.5, 1.5, 2), 0.0, 1.0).astype(np.float32)
    return np.tile(place, (number, 1))


def content_windows(rng: np.random.Generator, number: int, smallest: float) -> np.ndarray:
    """Windows `[B, 4]` of photographs, of a side from `smallest` on; at 1 the whole but for the published rim."""
    if smallest >= 1:
        return np.tile(_window(_WINDOW / _CONTENT_SHORT, 0.5, 0.5), (number, 1))
    sides = rng.uniform(smallest, 1, number)
    places = rng.random((number, 2))
    return np.stack([_window(float(s), *map(float, at)) for s, at in zip(sides, places, strict=True)])


def style_settings(
    rng: np.random.Generator, number: int, augment: bool, jitter: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Boxes [B, 4], flips [B, 2] and colour changes [B, 3] of the published augmentation, or neutral ones."""
    if not augment:
        boxes = content_windows(rng, number, 1.0)
        return boxes, np.zeros((number, 2), np.float32), np.tile(NEUTRAL_COLOUR, (number, 1))
    shorts = rng.integers(*_STYLE_SHORT, size=number)
    places = rng.random((number, 2))
    boxes = np.stack([_window(_WINDOW / int(s), float(x), float(y)) for s, (x, y) in zip(shorts, places, strict=True)])
    flips = (rng.random((number, 2)) < 0.5).astype(np.float32)
    colours = np.stack(
        [
            rng.uniform(-_BRIGHTNESS, _BRIGHTNESS, number),
            rng.uniform(*_SATURATION, number),
            rng.uniform(-_HUE, _HUE, number),
        ],
        axis=1,
    ).astype(np.float32)
    return boxes, flips, NEUTRAL_COLOUR + np.float32(jitter) * (colours - NEUTRAL_COLOUR)
