"""One artefact, any backend: saved under TensorFlow, painted with under JAX."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from impasto.stylizer import Settings
from models.stylizer import Stylizer
from models.transformers import build_transformer

ROOT = Path(__file__).parents[1]
SCRIPT = """
import sys
import keras
import numpy as np
from impasto.stylizer import Settings
from models.stylizer import Stylizer
folder = sys.argv[1]
assert keras.backend.backend() == "jax" and "tensorflow" not in sys.modules
pictures = np.load(folder + "/pictures.npz")
stylizer = Stylizer.load(folder + "/saved.keras")
embedding = stylizer.predict(pictures["style"])
picture = stylizer.stylize(pictures["content"], embedding, Settings(0.7))
np.savez(folder + "/jax.npz", embedding=embedding, picture=picture)
"""


def _small_predictor() -> keras.Model:
    """One of each kind of layer of the backbones: JAX compiles every operation anew, a whole one takes a minute."""
    style = keras.Input((None, None, 3), name="style")
    x = keras.layers.Rescaling(2.0, -1.0)(style)
    x = keras.layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    x = keras.layers.ReLU(6.0)(keras.layers.BatchNormalization()(x))
    x = keras.layers.DepthwiseConv2D(3, padding="same")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(style, keras.layers.Dense(100, name="embedding")(x), name="predictor")


@pytest.mark.slow  # of compiling; `make test-jax` runs it
def test_jax_paints_the_same_picture(tmp_path: Path, photo: np.ndarray) -> None:
    keras.utils.set_random_seed(0)
    stylizer = Stylizer(_small_predictor(), build_transformer("fast", width=32, blocks=1, start="independent"))
    stylizer.save(tmp_path / "saved.keras")
    np.savez(tmp_path / "pictures.npz", content=photo, style=photo[::-1])
    embedding = stylizer.predict(photo[::-1])
    picture = stylizer.stylize(photo, embedding, Settings(0.7))

    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_backend_optimization_level=0",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path)], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    under_jax = np.load(tmp_path / "jax.npz")
    np.testing.assert_allclose(under_jax["embedding"], embedding, atol=1e-4 * max(1.0, np.abs(embedding).max()))
    np.testing.assert_allclose(under_jax["picture"], picture, atol=1e-4)
