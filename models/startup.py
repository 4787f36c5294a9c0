"""Starting the backend without its noise: for command lines, before anything imports Keras."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


def load_backend_quietly() -> None:
    """Imports TensorFlow, where it is the backend, with its start-up notes kept off standard error.

    The wheel of TensorFlow 2.19 registers its CUDA factories twice and says so in eight lines that no log level stops,
    because they are written before logging is set up; they bury what a command prints. What fails still raises.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    if os.environ.get("KERAS_BACKEND", "tensorflow") != "tensorflow" or "tensorflow" in sys.modules:
        return
    with _standard_error_closed(), contextlib.suppress(ImportError):  # Keras says it better where TensorFlow is missing
        import tensorflow as tf

        # Looks for a GPU, with a note of its own where there is none.
        tf.config.list_physical_devices()


@contextlib.contextmanager
def _standard_error_closed() -> Iterator[None]:
    """Points the process's standard error, C++ code's included, at nothing inside the block."""
    sys.stderr.flush()
    before = os.dup(2)
    try:
        with open(os.devnull, "wb") as nothing:
            os.dup2(nothing.fileno(), 2)
        yield
    finally:
        os.dup2(before, 2)
        os.close(before)
