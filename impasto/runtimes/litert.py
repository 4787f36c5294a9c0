"""Running an exported folder in LiteRT (TensorFlow Lite), the fastest of the runtimes on a PC's processor."""

from __future__ import annotations

import contextlib
import importlib.util
import threading
from typing import Any

import numpy as np

from impasto.console import standard_error_closed
from impasto.errors import ModelError
from impasto.exported import ExportedFolder, installed_version
from impasto.runtimes.graphs import GraphRuntime

# Height and width until the first picture comes.
_SIZE = 64


class LiteRTRuntime(GraphRuntime):
    """The networks of a folder that `python -m export litert` wrote. Graphs are loaded when they are first needed.

    Not for several threads at once: one object each.

    Args:
        folder: Read.
        threads: For computing.

    Raises:
        ModelError: the folder is for another runtime, or LiteRT is not installed.
    """

    def __init__(self, folder: ExportedFolder, threads: int) -> None:
        self._folder, self._threads = folder, threads
        self.embedding_size = folder.embedding_size
        if importlib.util.find_spec("ai_edge_litert") is None:
            raise ModelError("LiteRT is not installed: pip install ai-edge-litert, or take runtime='onnx'")
        self.name = f"litert {installed_version('ai-edge-litert')}"
        self._runners: dict[str, Any] = {}

    def _run(self, graph: str, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        entry = self._folder.graphs[graph]
        feeds = self._folder.feeds(graph, arrays)
        # Resizes the graph's inputs first, where they have another shape than in the run before.
        try:
            answers = self._runner(graph)(**{entry.inputs[name]: array for name, array in feeds.items()})
            found = {name: answers[key] for name, key in entry.outputs.items()}
        except (ImportError, MemoryError):
            raise
        except Exception as error:  # whatever LiteRT says, the reader needs the file's name with it
            raise self._folder.failed(graph, error) from error
        return self._folder.answers(graph, found, feeds)

    def _runner(self, graph: str) -> Any:
        if graph not in self._runners:
            from ai_edge_litert.interpreter import Interpreter

            interpreter = Interpreter(str(self._folder.graphs[graph].file), num_threads=self._threads)
            for tensor in interpreter.get_input_details():
                shape = [_SIZE if size < 0 else size for size in tensor["shape_signature"]]
                interpreter.resize_tensor_input(tensor["index"], [1, *shape[1:]])
            _allocate(interpreter)
            self._runners[graph] = interpreter.get_signature_runner()
        return self._runners[graph]

    def close(self) -> None:
        self._runners.clear()


# The stream is the whole process's: two threads that close it at once would leave it closed for good.
_allocating = threading.Lock()
_announced = False


def _allocate(interpreter: Any) -> None:
    """Allocates an interpreter's memory; LiteRT announces its delegate when that happens for the first time."""
    global _announced
    with _allocating:
        with contextlib.nullcontext() if _announced else standard_error_closed():
            interpreter.allocate_tensors()
        _announced = True
