"""Running an exported folder in TensorFlow: NumPy arrays in, NumPy arrays out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import GRAPHS
from export.runtime import ExportedModel


class SavedModel(ExportedModel):
    """An exported folder of SavedModels, run by TensorFlow without Keras.

    Args:
        folder: What `python -m export saved_model` wrote.
    """

    runtime = "saved_model"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        import tensorflow as tf

        self.name = f"tensorflow {tf.__version__}"
        # The loaded objects own what their signatures compute with.
        self._loaded = {graph: tf.saved_model.load(self.folder / self.manifest.graph(graph).model) for graph in GRAPHS}

    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        entry = self.manifest.graph(graph)
        signature: Any = self._loaded[graph].signatures["serving_default"]
        answers = signature(**{entry.inputs[name]: _constant(array) for name, array in inputs.items()})
        return tuple(answers[entry.outputs[name]].numpy() for name in outputs)

    def close(self) -> None:
        self._loaded.clear()


def _constant(array: np.ndarray) -> Any:
    import tensorflow as tf

    return tf.constant(array)
