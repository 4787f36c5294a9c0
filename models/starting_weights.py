"""Starting weights of the backbones: an explicit path, then the cache, then Keras' own download.

The order is: the `weights` argument where it is a path; the environment variable (`IMPASTO_VGG16_WEIGHTS`,
`IMPASTO_VGG19_WEIGHTS`, `IMPASTO_INCEPTION_V3_WEIGHTS`, `IMPASTO_MOBILENET_V2_WEIGHTS`); the cache of
`keras.applications` (`~/.keras/models`), filled by its own download where there is a network.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras

from impasto.files import found_at

_BUILDERS: dict[str, Callable[..., keras.Model]] = {
    "vgg16": keras.applications.VGG16,
    "vgg19": keras.applications.VGG19,
    "inception_v3": keras.applications.InceptionV3,
    "mobilenet_v2": keras.applications.MobileNetV2,
}


class StartingWeightsError(ValueError):
    """The starting weights of a backbone cannot be had; the message says what to pass."""


def environment_variable(name: str) -> str:
    """`vgg16` -> `IMPASTO_VGG16_WEIGHTS`."""
    return f"IMPASTO_{name.upper()}_WEIGHTS"


def load_backbone(name: str, weights: str | Path | None = "imagenet", **options: Any) -> keras.Model:
    """A `keras.applications` network without its classifier, any input size, with starting weights.

    Args:
        name: "vgg16", "vgg19", "inception_v3" or "mobilenet_v2".
        weights: A path to a `.weights.h5` of `keras.applications`' network with include_top=False; "imagenet" for the
            environment variable, the cache, the download, in this order; None or "random" for an untrained network.
        **options: Passed on (`alpha` for MobileNetV2).

    Raises:
        StartingWeightsError: the file is missing or does not fit, or there is neither cache nor network.
    """
    build = _BUILDERS[name]
    if weights is None or weights == "random":
        return build(include_top=False, weights=None, input_shape=(None, None, 3), **options)
    variable = environment_variable(name)
    source = str(weights)
    if source == "imagenet":
        source = os.environ.get(variable, "imagenet")
    if source == "imagenet":
        return _from_cache_or_download(name, build, variable, options)
    path = Path(source).expanduser()
    if not path.is_file():
        raise StartingWeightsError(
            f"starting weights for {name}: {path}: expected a file, found {found_at(path)}; pass a path to Keras' "
            f"{name} weights (include_top=False), or set {variable}"
        )
    network = build(include_top=False, weights=None, input_shape=(None, None, 3), **options)
    try:
        network.load_weights(str(path))
    except Exception as error:  # h5py, Keras and zip errors alike: all mean that this file does not fit
        raise StartingWeightsError(
            f"starting weights for {name}: {path} does not fit keras.applications' {build.__name__} without top "
            f"({len(network.weights)} arrays expected): {_first_line(error)}"
        ) from error
    return network


def _from_cache_or_download(
    name: str, build: Callable[..., keras.Model], variable: str, options: dict[str, Any]
) -> keras.Model:
    try:
        return build(include_top=False, weights="imagenet", input_shape=(None, None, 3), **options)
    except Exception as error:  # urllib, socket and h5py errors: no network, or a broken download
        raise StartingWeightsError(
            f"starting weights for {name} are neither in Keras' cache nor can they be downloaded here; pass the path "
            f"of a weights file (include_top=False) or set {variable} ({_first_line(error)})"
        ) from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
