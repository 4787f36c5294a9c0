"""Proof that an export paints what Keras paints: both are run on a real photograph and compared."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from export.folder import Check
from export.manifest import ExportError, Manifest, Parity
from impasto.contract import Preprocessing
from impasto.geometry import round_up
from impasto.pictures.reading import read
from impasto.runtimes.protocol import Runtime

if TYPE_CHECKING:
    from models.stylizer import Stylizer

# Height and width, rounded up to the size multiple; the second is not square, and neither side is a power of two.
SIZES = ((256, 256), (208, 304))

# Timed repetitions after the first run.
REPEATS = 3


@dataclass(frozen=True)
class Tolerance:
    """Largest differences accepted between Keras and an export.

    Attributes:
        maximum: Of any channel of any pixel of the picture.
        mean: Over all channels and pixels of the picture.
        embedding: |e - k| / |k| of the embedding.
        conditioning: Likewise of the conditioning, given Keras' embedding.
        same_conditioning: As `maximum`, where the exported transformer is fed Keras' conditioning.
        affine: Relative as `embedding`, of the picture's statistics, given Keras' conditioning.
        tile: As `maximum`, of a part of the picture that is fed Keras' affine instead.
    """

    maximum: float
    mean: float
    embedding: float
    conditioning: float
    same_conditioning: float
    affine: float
    tile: float


# float32: what summing in another order leaves; two frameworks, two orders. Measured: 3e-6 to 5e-5.
# float16 and uint8 round the weights, and with the predictor's the embedding moves: most of the difference.
# Measured on Magenta's mobile pair and on ImageNet's MobileNetV2 with an untrained transformer: float16 at most
# 0.012, mean 0.0023, embedding 0.006; uint8 at most 0.40, mean 0.035, embedding 0.17. The rest, at most twice
# that, is room for other weights. The shipped student in float16: 0.0026, 0.0004, 0.0038.
TOLERANCES = {
    "float32": Tolerance(1e-3, 1e-4, 1e-3, 1e-4, 1e-3, 1e-3, 1e-4),
    "float16": Tolerance(0.025, 0.004, 0.012, 1e-3, 0.006, 0.006, 0.006),
    "int8": Tolerance(0.6, 0.05, 0.25, 0.02, 0.1, 0.1, 0.1),
    "uint8": Tolerance(0.6, 0.05, 0.25, 0.02, 0.1, 0.1, 0.1),
}


@dataclass(frozen=True)
class Difference:
    """What `compare` measured at one size; figures as in `Tolerance`, and the time of one picture."""

    size: tuple[int, int]
    milliseconds: float
    maximum: float
    mean: float
    embedding: float
    conditioning: float
    same_conditioning: float
    affine: float
    tile: float


def verifier(
    stylizer: Stylizer,
    photo: Path | None,
    painting: Path | None,
    load: Callable[[Path], Runtime],
    report: Callable[[str], None] = print,
) -> Check:
    """A `check` for `export.folder.write_export`: runs the draft, compares it with Keras, notes the figures.

    Args:
        stylizer: The artefact that is exported.
        photo: Picture file; None for a photograph that scikit-image brings.
        painting: Likewise.
        load: Loads the folder into its runtime.
        report: Told one line a size.

    Raises:
        ExportError: a picture file cannot be read.
    """
    # Before the conversion: a wrong path is said at once.
    content, style = read_picture(photo, "astronaut"), read_picture(painting, "immunohistochemistry")

    def check(folder: Path, manifest: Manifest) -> Manifest:
        with contextlib.closing(load(folder)) as runtime:
            differences = compare(runtime, manifest.preprocessing, stylizer, content, style)
            name = runtime.name
        for found in differences:
            height, width = found.size
            report(
                f"{name} {height}x{width}: {found.milliseconds:.0f} ms; differs from Keras by at most "
                f"{found.maximum:.2g}, mean {found.mean:.2g} (given the same conditioning at most "
                f"{found.same_conditioning:.2g}; the embedding itself {found.embedding:.2g} relative)"
            )
        return dataclasses.replace(manifest, parity=judge(manifest.precision, name, differences))

    return check


def compare(
    runtime: Runtime, rules: Preprocessing, stylizer: Stylizer, photo: np.ndarray, painting: np.ndarray
) -> list[Difference]:
    """Runs an export and the artefact that it was made from, at every size of `SIZES`.

    Args:
        runtime: The export, loaded.
        rules: Of its manifest.
        stylizer: The artefact.
        photo: uint8 `[H, W, 3]`.
        painting: uint8 `[H, W, 3]`.

    Raises:
        ExportError: the runtime cannot run the export.
    """
    reference = _Reference(stylizer, runtime, rules.content.multiple)
    style = _resized(painting, (rules.style.short_side, rules.style.short_side))
    embedding = np.asarray(stylizer.predictor(style, training=False))
    conditioning = np.asarray(reference.conditioning(embedding))
    own_embedding = runtime.predict(style)
    own_conditioning = runtime.condition(own_embedding)
    embedding_difference = _relative(own_embedding, embedding)
    conditioning_difference = _relative(runtime.condition(embedding), conditioning)
    differences = []
    for size in SIZES:
        height, width = (round_up(side, rules.content.multiple) for side in size)
        content = _resized(photo, (height, width))
        expected = np.asarray(stylizer.transformer([content, embedding], training=False))
        gaps = np.abs(_like(expected, runtime.paint(content, own_conditioning)) - expected)
        differences.append(
            Difference(
                size=(height, width),
                milliseconds=_milliseconds(partial(runtime.paint, content, own_conditioning)),
                maximum=float(gaps.max()),
                mean=float(gaps.mean()),
                embedding=embedding_difference,
                conditioning=conditioning_difference,
                **reference.differences(content, conditioning, expected),
            )
        )
    return differences


class _Reference:
    """Keras' inference forms of an artefact, beside its export."""

    def __init__(self, stylizer: Stylizer, runtime: Runtime, multiple: int) -> None:
        from models.inference import conditioning_network, tile_transformer, whole_transformer

        self.runtime = runtime
        self.multiple = multiple
        self.conditioning = conditioning_network(stylizer.transformer)
        self._whole = whole_transformer(stylizer.transformer)
        self._tiles = tile_transformer(stylizer.transformer)

    def differences(self, content: np.ndarray, conditioning: np.ndarray, expected: np.ndarray) -> dict[str, float]:
        """`same_conditioning`, `affine` and `tile` of `Tolerance`."""
        affine = np.asarray(self._whole([content, conditioning])["affine"])
        own_affine = self.runtime.statistics(content, conditioning)
        same = float(np.abs(_like(expected, self.runtime.paint(content, conditioning)) - expected).max())
        return {"same_conditioning": same, "affine": _relative(own_affine, affine), "tile": self._tile(content, affine)}

    def _tile(self, content: np.ndarray, affine: np.ndarray) -> float:
        height, width = (side // 2 // self.multiple * self.multiple for side in content.shape[1:3])
        part = content[:, -height:, :width]
        expected = np.asarray(self._tiles([part, affine]))
        return float(np.abs(_like(expected, self.runtime.paint_tile(part, affine)) - expected).max())


def judge(precision: str, runtime: str, differences: list[Difference]) -> Parity:
    """The manifest's entry, if every difference is within the tolerance of `precision`.

    Raises:
        ExportError: a difference exceeds its tolerance; names the figure, the size and both numbers.
    """
    limits = TOLERANCES[precision]
    for difference in differences:
        for figure in dataclasses.fields(limits):
            found, limit = getattr(difference, figure.name), getattr(limits, figure.name)
            if not found <= limit:  # also refuses NaN
                height, width = difference.size
                raise ExportError(
                    f"the {precision} export differs from Keras at {height}x{width} in {runtime}: "
                    f"{figure.name} difference {found:.2g}, expected at most {limit:.2g}"
                )
    return Parity(
        runtime=runtime,
        max_abs_difference=max(difference.maximum for difference in differences),
        tolerance=limits.maximum,
        sizes=[list(difference.size) for difference in differences],
        mean_abs_difference=max(difference.mean for difference in differences),
        mean_tolerance=limits.mean,
        embedding_difference=max(difference.embedding for difference in differences),
    )


def read_picture(path: Path | None, default: str) -> np.ndarray:
    """A picture file as uint8 `[H, W, 3]`; without a path, the picture `default` that scikit-image brings.

    Raises:
        PictureError: the file cannot be read.
    """
    if path is None:
        import skimage.data

        return np.asarray(getattr(skimage.data, default)())
    return read(path).pixels


def _resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """uint8 `[H, W, 3]` -> float32 `[1, height, width, 3]` in [0, 1]."""
    from PIL import Image

    height, width = size
    resized = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)
    return (np.asarray(resized, np.float32) / 255)[None]


def _relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(_like(expected, found) - expected) / np.linalg.norm(expected))


def _like(expected: np.ndarray, found: np.ndarray) -> np.ndarray:
    if found.shape != expected.shape:
        raise ExportError(f"the export returned an array of shape {found.shape}, Keras {expected.shape}")
    return found


def _milliseconds(run: Callable[[], object]) -> float:
    """The fastest of `REPEATS`."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)
