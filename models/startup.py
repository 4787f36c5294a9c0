"""Starting the backend without its noise, and without others' settings: for command lines, before Keras is imported."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator

from impasto.console import standard_error_closed


def load_backend_quietly() -> None:
    """Imports Keras and its backend, with start-up notes kept off standard error, and as this project needs it.

    The wheel of TensorFlow 2.19 registers its CUDA factories twice and says so in eight lines that no log level stops,
    because they are written before logging is set up; they bury what a command prints. What fails still raises.

    The file keras.json that lies in the home folder belongs to whatever else its owner does with Keras: other axes,
    other numbers, another backend. It is not read. KERAS_BACKEND says which backend is used, else it is TensorFlow.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    if "keras" in sys.modules:
        import keras

        keras.config.set_image_data_format("channels_last")
        keras.config.set_floatx("float32")
        keras.config.set_epsilon(1e-7)
        _faster_where_slow()
        return
    chosen = os.environ.get("KERAS_HOME")
    with standard_error_closed(), without_settings_of_others():
        if os.environ["KERAS_BACKEND"] == "tensorflow":
            with contextlib.suppress(ImportError):  # Keras says it better where TensorFlow is missing
                import tensorflow as tf

                # Looks for a GPU, with a note of its own where there is none.
                tf.config.list_physical_devices()
                # Its advice on tf.function (a graph for every shape of tile) is for us, not for who paints.
                tf.get_logger().setLevel("ERROR")
        import keras
        from keras.src.backend import config
    # What Keras downloads lies where it always does, as Keras chooses it where nothing is said.
    home = os.path.expanduser("~")
    config._KERAS_DIR = chosen or os.path.join(home if os.access(home, os.W_OK) else tempfile.gettempdir(), ".keras")
    _faster_where_slow()


def _faster_where_slow() -> None:
    import keras

    if keras.backend.backend() == "jax":
        from models import depthwise, pooling

        depthwise.install()
        pooling.install()


@contextlib.contextmanager
def without_settings_of_others() -> Iterator[None]:
    """Inside the block, Keras (also that of a process that is started) finds no keras.json."""
    chosen = os.environ.get("KERAS_HOME")
    with tempfile.TemporaryDirectory() as empty:
        os.environ["KERAS_HOME"] = empty
        try:
            yield
        finally:
            if chosen is None:
                del os.environ["KERAS_HOME"]
            else:
                os.environ["KERAS_HOME"] = chosen
