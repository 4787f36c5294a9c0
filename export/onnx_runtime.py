"""Running an exported folder in ONNX Runtime: NumPy arrays in, NumPy arrays out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from export.manifest import GRAPHS
from export.runtime import ExportedModel


class OnnxModel(ExportedModel):
    """An exported folder of `.onnx` models, run on the CPU.

    Args:
        folder: What `python -m export onnx` wrote.
        threads: For computing; None takes ONNX Runtime's default, every core.
    """

    runtime = "onnx"

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        super().__init__(folder)
        import onnxruntime

        self.name = f"onnxruntime {onnxruntime.__version__}"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or 0
        self._sessions = {
            graph: onnxruntime.InferenceSession(
                self.folder / self.manifest.graph(graph).model, options, providers=["CPUExecutionProvider"]
            )
            for graph in GRAPHS
        }

    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        entry = self.manifest.graph(graph)
        feeds = {entry.inputs[name]: array for name, array in inputs.items()}
        answers: list[np.ndarray] = self._sessions[graph].run([entry.outputs[name] for name in outputs], feeds)
        return tuple(answers)

    def close(self) -> None:
        self._sessions.clear()
