"""Fixtures for every test file: seeds, real pictures, starting weights, a checkout left as it was.

TensorFlow is not imported here: collecting the tests stays a matter of a second or two.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

# Before anything imports TensorFlow: its C++ start-up messages tell the reader nothing.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
# Beside other test processes, threads of its own only cost a process time: a fifth of it, on two cores.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
    os.environ.setdefault("TF_NUM_INTEROP_THREADS", "1")

import numpy as np
import pytest
from skip_count import SLOW, SkipCount, add_options

ROOT = Path(__file__).resolve().parents[1]

# What tools write by design; everything else that appears during the run was left behind by a test.
CACHES = {
    ".git",
    ".venv",
    "node_modules",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".import_linter_cache",
}

WEIGHTS = {
    "vgg16": "vgg16_imagenet_notop.weights.h5",
    "mobilenet_v2": "mobilenet_v2_notop.weights.h5",
    "inception_v3": "inception_v3_to_mixed7.weights.h5",
}

LONGEST = ("test_train_loop", "test_export_tfjs", "test_export_runtimes", "test_train_fit")


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")
    parser.addoption(
        "--watch-checkout",
        action="store_true",
        help="fail when a test leaves a file in the checkout; off by hand, where you may be editing",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # xdist's processes report to the one that has none
        config.pluginmanager.register(SkipCount(config, "CI" in os.environ and shared_folder().is_dir()))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # The files that take longest begin, so that no process is left waiting for the other's (whole files go to one).
    items.sort(key=lambda item: item.path.stem not in LONGEST)
    if config.getoption("--slow"):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason=SLOW))


@pytest.fixture(autouse=True)
def seeds() -> None:
    """The same random numbers for every test; one that builds networks calls `keras.utils.set_random_seed`."""
    random.seed(0)
    np.random.seed(0)


@pytest.fixture(scope="session", autouse=True)
def checkout_stays_clean(request: pytest.FixtureRequest) -> Iterator[None]:
    if not request.config.getoption("--watch-checkout"):
        yield
        return
    before = files_in_checkout()
    yield
    left = sorted(files_in_checkout() - before)
    assert not left, f"tests left files in the checkout, such as {left[:5]}: write to tmp_path instead"


def files_in_checkout() -> set[str]:
    """Every file below the root, git-ignored ones too, but for tools' caches."""
    found: set[str] = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in CACHES and not name.endswith(".egg-info")]
        found.update(os.path.relpath(os.path.join(folder, name), ROOT) for name in files)
    return found


def shared_folder() -> Path:
    """The developers' folder beside the checkout, or the one that IMPASTO_SHARED names; there or not."""
    return Path(os.environ.get("IMPASTO_SHARED", ROOT.parent / "shared"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The developers' folder, where it is there."""
    folder = shared_folder()
    if not folder.is_dir():
        pytest.skip(f"needs the developers' folder {folder}; IMPASTO_SHARED names another")
    return folder


@pytest.fixture(scope="session")
def starting_weights(shared: Path) -> dict[str, Path]:
    """Paths of the ImageNet weights: keys `vgg16`, `mobilenet_v2`, `inception_v3`."""
    paths = {name: shared / "weights" / file for name, file in WEIGHTS.items()}
    absent = [str(path) for path in paths.values() if not path.is_file()]
    if absent:
        pytest.skip(f"needs the starting weights {', '.join(absent)}")
    return paths


@pytest.fixture(scope="session")
def tiny_artefact(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pair with every kind of layer that the shipped one has, small enough to convert in a second or two.

    The predictor has large kernels with and without a batch norm, a depthwise one, and a model inside a model.
    """
    import keras

    from models.stylizer import Stylizer
    from models.transformers import build_transformer

    keras.utils.set_random_seed(9)
    features = keras.Input((None, None, 3))
    x = keras.layers.Conv2D(32, 3, strides=4, use_bias=False)(features)
    x = keras.layers.ReLU(6)(keras.layers.BatchNormalization()(x))
    x = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False)(x)
    x = keras.layers.ReLU(6)(keras.layers.BatchNormalization()(x))
    x = keras.layers.Conv2D(512, 1, use_bias=False)(x)
    backbone = keras.Model(features, keras.layers.ReLU(6)(keras.layers.BatchNormalization()(x)), name="backbone")
    for layer in backbone.layers:  # statistics as after training, so that folding them in changes something
        if isinstance(layer, keras.layers.BatchNormalization):
            channels = np.arange(layer.gamma.shape[0])
            layer.set_weights([1 + channels % 3, 0.1 * (channels % 5), 0.2 * (channels % 2), 1 + channels % 7])
    style = keras.Input((None, None, 3), name="style")
    x = backbone(keras.layers.Rescaling(2.0, -1.0)(style))
    embedding = keras.layers.Dense(100)(keras.layers.GlobalAveragePooling2D()(x))
    predictor = keras.Model(style, embedding, name="predictor")
    # Kernels of zeros would hide what an export does with a block.
    options = {"stem": 8, "middle": 8, "width": 16, "blocks": 1, "middle_blocks": 1, "last": 8}
    transformer = build_transformer("fast", **options, start="independent")
    path = tmp_path_factory.mktemp("artefact") / "tiny.keras"
    Stylizer(predictor, transformer, {"name": "tiny", "license": "CC0-1.0", "style_size": 128}).save(path)
    return path


@pytest.fixture
def photo() -> np.ndarray:
    """A real photograph (NASA's Eileen Collins, public domain): float32 [96, 128, 3] in [0, 1]."""
    return packaged_picture("astronaut.png", width=128, height=96)


@pytest.fixture
def painting() -> np.ndarray:
    """A real picture of little but colour and texture (stained tissue): float32 [112, 80, 3] in [0, 1].

    It stands in for a painting: the packages that tests may use ship none.
    """
    return packaged_picture("ihc.png", width=80, height=112)


def packaged_picture(name: str, width: int, height: int) -> np.ndarray:
    """A picture of scikit-image, cropped about its centre: float32 [height, width, 3] in [0, 1]."""
    import skimage.data
    from PIL import Image, ImageOps

    with Image.open(Path(skimage.data.__file__).parent / name) as picture:
        fitted = ImageOps.fit(picture.convert("RGB"), (width, height), Image.Resampling.LANCZOS)
    return np.asarray(fitted, np.float32) / 255.0
