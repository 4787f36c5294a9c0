"""Running an exported folder in LiteRT: NumPy arrays in, NumPy arrays out."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Any

import numpy as np

from export.captured import quiet
from export.manifest import GRAPHS
from export.runtime import ExportedModel

# Height and width until the first picture comes.
SIZE = 64


class LiteRTModel(ExportedModel):
    """An exported folder of `.tflite` models.

    Args:
        folder: What `python -m export litert` wrote.
        threads: For computing; None takes LiteRT's default, one.
    """

    runtime = "litert"

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        super().__init__(folder)
        from ai_edge_litert.interpreter import Interpreter

        self.name = f"litert {importlib.metadata.version('ai-edge-litert')}"
        self._runners: dict[str, Any] = {}
        for graph in GRAPHS:
            interpreter = Interpreter(str(self.folder / self.manifest.graph(graph).model), num_threads=threads)
            for tensor in interpreter.get_input_details():
                shape = [SIZE if size < 0 else size for size in tensor["shape_signature"]]
                interpreter.resize_tensor_input(tensor["index"], [1, *shape[1:]])
            with quiet():  # it announces its delegate, once
                interpreter.allocate_tensors()
            self._runners[graph] = interpreter.get_signature_runner()

    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        entry = self.manifest.graph(graph)
        # Resizes the graph's inputs first, where they have another shape than in the run before.
        answers = self._runners[graph](**{entry.inputs[name]: array for name, array in inputs.items()})
        return tuple(answers[entry.outputs[name]] for name in outputs)

    def close(self) -> None:
        self._runners.clear()
