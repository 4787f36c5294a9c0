"""Running an exported folder in ONNX Runtime, which has wheels for every machine."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np

from impasto.errors import ModelError
from impasto.exported import ExportedFolder, installed_version
from impasto.runtimes.graphs import GraphRuntime


class OnnxRuntime(GraphRuntime):
    """The networks of a folder that `python -m export onnx` wrote, on the processor. Loaded when first needed.

    Args:
        folder: Read.
        threads: For computing.

    Raises:
        ModelError: the folder is for another runtime, or ONNX Runtime is not installed.
    """

    def __init__(self, folder: ExportedFolder, threads: int) -> None:
        self._folder, self._threads = folder, threads
        self.embedding_size = folder.embedding_size
        if importlib.util.find_spec("onnxruntime") is None:
            raise ModelError("ONNX Runtime is not installed: pip install 'impasto[onnx]'")
        self.name = f"onnxruntime {installed_version('onnxruntime')}"
        self._sessions: dict[str, Any] = {}

    def _run(self, graph: str, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        entry = self._folder.graphs[graph]
        feeds = self._folder.feeds(graph, arrays)
        try:
            answers = self._session(graph).run(
                list(entry.outputs.values()), {entry.inputs[name]: array for name, array in feeds.items()}
            )
        except (ImportError, MemoryError, ModelError):
            raise
        except Exception as error:  # whatever ONNX Runtime says, the reader needs the file's name with it
            raise self._folder.failed(graph, error) from error
        return self._folder.answers(graph, dict(zip(entry.outputs, answers)), feeds)  # noqa: B905

    def _session(self, graph: str) -> Any:
        if graph not in self._sessions:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = self._threads
            options.log_severity_level = 3
            # The threads of a session go on spinning after a run, and would take the processor from the next session.
            options.add_session_config_entry("session.force_spinning_stop", "1")
            file = self._folder.graphs[graph].file
            # The key that ONNX keeps the name of a file of weights under: our exports have every weight inside, and
            # earlier releases of ONNX Runtime follow such a name out of the folder.
            if b"location" in file.read_bytes():
                raise ModelError(f"{file}: expected its weights inside, found the name of another file; it is not read")
            self._sessions[graph] = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        return self._sessions[graph]

    def close(self) -> None:
        self._sessions.clear()
