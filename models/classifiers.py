"""ImageNet classifiers, whole: what they see in a picture, by name and probability.

Their weights are those of `keras.applications` with the classifier, which are other files than those without it. The
order is that of models.starting_weights: a path, the environment variable (`IMPASTO_VGG16_CLASSIFIER_WEIGHTS`, ...),
Keras' cache, its download.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import keras
import numpy as np
from PIL import Image, ImageOps

from impasto.files import found_at
from impasto.text_files import read_text
from models.starting_weights import StartingWeightsError

NETWORKS = ("inception_v3", "vgg16", "vgg19")

_MODULES: dict[str, tuple[Any, Any, int]] = {
    "inception_v3": (keras.applications.InceptionV3, keras.applications.inception_v3, 299),
    "vgg16": (keras.applications.VGG16, keras.applications.vgg16, 224),
    "vgg19": (keras.applications.VGG19, keras.applications.vgg19, 224),
}
# Of a photograph's shorter side: what is cut away around the middle, as the networks were judged.
_MIDDLE = 0.875


class ClassNamesError(ValueError):
    """The names of the classes cannot be had, or do not fit; the message says what to pass."""


def variable(name: str) -> str:
    """`vgg16` -> `IMPASTO_VGG16_CLASSIFIER_WEIGHTS`."""
    return f"IMPASTO_{name.upper()}_CLASSIFIER_WEIGHTS"


class Classifier:
    """A network with its classifier.

    Args:
        name: One of `NETWORKS`.
        weights: "imagenet" for the environment variable, the cache, the download, in this order; a path to weights of
            `keras.applications`' network with include_top=True; None for random ones.

    Raises:
        StartingWeightsError: where the weights cannot be had.
    """

    def __init__(self, name: str, weights: str | Path | None = "imagenet") -> None:
        self.name = name
        build, self._module, self.side = _MODULES[name]
        source = os.environ.get(variable(name), "imagenet") if weights == "imagenet" else weights
        try:
            if source is None or source == "imagenet":
                self._network: keras.Model = build(weights=source)
                return
            path = Path(source).expanduser()
            if not path.is_file():
                raise OSError(f"{path}: expected a file, found {found_at(path)}")
            self._network = build(weights=None)
            self._network.load_weights(str(path))
        except Exception as error:  # urllib, socket, h5py and Keras errors: no network, or a file that does not fit
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise StartingWeightsError(
                f"{name} with its classifier is not at hand: pass the path of Keras' weights (include_top=True), or "
                f"set {variable(name)} ({reason})"
            ) from error

    def probabilities(self, picture: np.ndarray) -> np.ndarray:
        """Of every class, `[1000]`: a picture `[H, W, 3]` in [0, 1], its middle square looked at."""
        pixels = np.round(np.clip(picture, 0, 1) * 255).astype(np.uint8)
        side = max(1, round(min(pixels.shape[:2]) * _MIDDLE))
        middle = ImageOps.fit(Image.fromarray(pixels), (side, side), Image.Resampling.LANCZOS)
        small = np.asarray(middle.resize((self.side, self.side), Image.Resampling.LANCZOS), np.float32)
        prepared = self._module.preprocess_input(small[None].copy())
        return np.asarray(keras.ops.convert_to_numpy(self._network(prepared, training=False))[0])


def top(probabilities: np.ndarray, names: list[str], count: int) -> list[tuple[str, float]]:
    """The `count` likeliest classes, likeliest first."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return [(names[index], float(probabilities[index])) for index in order]


def class_names(path: Path | None = None) -> list[str]:
    """ImageNet's thousand names in the order of the classifiers: from a file, or Keras' own list.

    Args:
        path: One name a line, or JSON: a list, or Keras' `imagenet_class_index.json`. None for Keras' cache or its
            download.

    Raises:
        ClassNamesError: no such list, or one of another length.
    """
    expected = "a file with the names of ImageNet's classes, one a line"
    if path is None:
        path = _own_names(expected)
    elif not path.is_file():
        raise ClassNamesError(f"{path}: expected {expected}, found {found_at(path)}")
    names = _parsed(read_text(path, expected))
    if len(names) != 1000:
        raise ClassNamesError(f"{path}: expected the names of 1000 classes, found {len(names)}")
    return names


def _own_names(expected: str) -> Path:
    """The list that keras.applications itself decodes with; Keras keeps it in its cache."""
    try:
        return Path(
            keras.utils.get_file(
                "imagenet_class_index.json",
                "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
                cache_subdir="models",
                file_hash="c2c37ea517e94d9795004a39431a14cb",
            )
        )
    except Exception as error:  # urllib's and Keras' own
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ClassNamesError(
            f"the names of ImageNet's classes are not at hand: pass {expected}, with --classes ({reason})"
        ) from error


def _parsed(text: str) -> list[str]:
    if not text.lstrip().startswith(("[", "{")):
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        found = json.loads(text)
        if isinstance(found, dict):  # {"0": ["n01440764", "tench"], ...}
            found = [found[key] for key in sorted(found, key=int)]
        return [str(entry[-1] if isinstance(entry, list) else entry).replace("_", " ") for entry in found]
    except (ValueError, IndexError, RecursionError):  # none of the forms
        return []
