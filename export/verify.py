"""Proof that an exported pair paints what Keras paints: both are run on a real photograph and compared."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from export.manifest import ExportError, Manifest, Parity
from export.tfjs_runtime import Answer, Run, execute

if TYPE_CHECKING:
    from models.stylizer import Stylizer

# Height and width; the second is not square, and neither side is a power of two.
SIZES = ((256, 256), (200, 312))


@dataclass(frozen=True)
class Tolerance:
    """Largest differences accepted between Keras and an export.

    Attributes:
        maximum: Of any channel of any pixel of the picture.
        mean: Over all channels and pixels of the picture.
        embedding: |e - k| / |k| of the embedding.
        same_embedding: As `maximum`, where the exported transformer is fed Keras' embedding.
    """

    maximum: float
    mean: float
    embedding: float
    same_embedding: float


# float32: what summing in another order leaves; two frameworks, two orders. Measured: 3e-6 to 5e-5.
# float16 and uint8 round the weights, and with the predictor's the embedding moves: most of the difference.
# Measured on Magenta's mobile pair and on ImageNet's MobileNetV2 with an untrained transformer: float16 at most
# 0.012, mean 0.0023, embedding 0.006; uint8 at most 0.40, mean 0.035, embedding 0.17. The rest, at most twice
# that, is room for other weights. The shipped student in float16: 0.0026, 0.0004, 0.0038.
TOLERANCES = {
    "float32": Tolerance(maximum=1e-3, mean=1e-4, embedding=1e-3, same_embedding=1e-3),
    "float16": Tolerance(maximum=0.025, mean=0.004, embedding=0.012, same_embedding=0.006),
    "uint8": Tolerance(maximum=0.6, mean=0.05, embedding=0.25, same_embedding=0.1),
}


@dataclass(frozen=True)
class Difference:
    """What `compare` measured at one size; the fields are those of `Tolerance`, and the time of one
    picture."""

    size: tuple[int, int]
    maximum: float
    mean: float
    embedding: float
    same_embedding: float
    milliseconds: float


def compare(
    folder: Path,
    manifest: Manifest,
    stylizer: Stylizer,
    photo: np.ndarray,
    painting: np.ndarray,
    node_modules: Path,
) -> tuple[str, list[Difference]]:
    """Runs the export in `folder` in TensorFlow.js and `stylizer` in Keras, at every size of `SIZES`.

    Args:
        folder: Holds the files that `manifest` lists.
        manifest: Of the export.
        stylizer: The artefact that was exported.
        photo: uint8 `[H, W, 3]`.
        painting: uint8 `[H, W, 3]`.
        node_modules: Where npm installed TensorFlow.js.

    Returns:
        The runtime's name and version, and one difference a size.

    Raises:
        ExportError: the runtime is missing, or cannot run the export.
    """
    from keras import ops

    style = _resized(painting, (manifest.style_size, manifest.style_size))
    expected_embedding = ops.convert_to_numpy(stylizer.predictor(style, training=False))
    runs = [Run(manifest.predictor, {"style": style})]
    expected = []
    for size in SIZES:
        content = _resized(photo, size)
        picture = stylizer.transformer([content, expected_embedding], training=False)
        expected.append(ops.convert_to_numpy(picture))
        runs.append(Run(manifest.transformer, {"content": content, "embedding": 0}, repeats=3))
        runs.append(Run(manifest.transformer, {"content": content, "embedding": expected_embedding}))
    runtime, (embedding, *pictures) = execute(folder, runs, node_modules)
    embedding_difference = _relative(embedding.values, expected_embedding)
    differences = [
        _difference(size, picture, end_to_end, same, embedding_difference)
        for size, picture, end_to_end, same in zip(SIZES, expected, pictures[::2], pictures[1::2], strict=True)
    ]
    return runtime, differences


def judge(precision: str, runtime: str, differences: list[Difference]) -> Parity:
    """The manifest's entry, if every difference is within the tolerance of `precision`.

    Raises:
        ExportError: a difference exceeds its tolerance; names the figure, the size and both numbers.
    """
    limits = TOLERANCES[precision]
    for difference in differences:
        for figure in ("embedding", "same_embedding", "maximum", "mean"):
            found, limit = getattr(difference, figure), getattr(limits, figure)
            if not found <= limit:  # also refuses NaN
                height, width = difference.size
                raise ExportError(
                    f"the {precision} export differs from Keras at {height}x{width} in {runtime}: "
                    f"{figure} difference {found:.2g}, expected at most {limit:.2g}"
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
        ExportError: the file cannot be read.
    """
    if path is None:
        import skimage.data

        return np.asarray(getattr(skimage.data, default)())
    from PIL import Image

    try:
        with Image.open(path) as image:
            return np.asarray(image.convert("RGB"))
    except OSError as error:
        raise ExportError(f"{path}: expected a picture, found: {error}") from error


def _resized(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """uint8 `[H, W, 3]` -> float32 `[1, height, width, 3]` in [0, 1]."""
    from PIL import Image

    height, width = size
    resized = Image.fromarray(picture).resize((width, height), Image.Resampling.BICUBIC)
    return (np.asarray(resized, np.float32) / 255)[None]


def _relative(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.linalg.norm(found - expected) / np.linalg.norm(expected))


def _difference(
    size: tuple[int, int], expected: np.ndarray, end_to_end: Answer, same_embedding: Answer, embedding: float
) -> Difference:
    for answer in (end_to_end, same_embedding):
        if answer.values.shape != expected.shape:
            raise ExportError(f"the exported transformer returned {answer.values.shape}, Keras {expected.shape}")
    gaps = np.abs(end_to_end.values - expected)
    return Difference(
        size=size,
        maximum=float(gaps.max()),
        mean=float(gaps.mean()),
        embedding=embedding,
        same_embedding=float(np.abs(same_embedding.values - expected).max()),
        milliseconds=float(end_to_end.milliseconds or 0.0),
    )
