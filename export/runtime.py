"""What the runtimes of this room have in common: the graphs of an exported folder as impasto's Stylizer asks for them.

LiteRT and ONNX Runtime are impasto's own (impasto.runtimes); SavedModel and TensorFlow.js are here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TypeVar

import numpy as np

from export.manifest import GIVEN, GRAPHS, ExportError, check_folder

Self = TypeVar("Self", bound="ExportedModel")


class ExportedModel(ABC):
    """An exported folder, loaded through its manifest. Implements impasto.runtimes.protocol.Runtime; a context manager.

    Attributes:
        manifest: Of the folder.
        name: The runtime and its version.
        embedding_size: E.

    Args:
        folder: What `python -m export` wrote.
        painter: One of its further painters; None for the first.

    Raises:
        ExportError: the folder is no whole export for this runtime.
    """

    runtime: str
    name: str

    def __init__(self, folder: Path, painter: str | None = None) -> None:
        self.folder = Path(folder)
        self.manifest = check_folder(self.folder, self.runtime, painter)
        self.embedding_size = self.manifest.embedding_size

    @abstractmethod
    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        """Runs one of `GRAPHS` on its named inputs; float32 answers in the order of `outputs`."""

    def close(self) -> None:  # noqa: B027  nothing to free, unless a runtime says so
        """Frees what the runtime holds."""

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def predict(self, style: np.ndarray) -> np.ndarray:
        return self._run("predictor", "embedding", style)

    def condition(self, embedding: np.ndarray) -> np.ndarray:
        return self._run("conditioning", "conditioning", embedding)

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        own = self._given(np.zeros_like(conditioning), 0)
        return self._run("transformer", "stylised", content, conditioning, **own)

    def statistics(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        own = self._given(np.zeros_like(conditioning), 0)
        return self._run("transformer", "affine", content, conditioning, **own)

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """A part of a picture with the whole's statistics.

        Raises:
            ExportError: the export cannot; it was written by an earlier version.
        """
        given = self._given(affine, 1)
        if not given:
            raise ExportError(f"{self.folder}: paints no tiles with given statistics; export the model again")
        return self._run("transformer", "stylised", content, affine, **given)

    def _given(self, affine: np.ndarray, share: float) -> dict[str, np.ndarray]:
        """Statistics that are given, for a transformer that takes some."""
        if not set(GIVEN) <= set(self.manifest.transformer.inputs):
            return {}
        return dict(zip(GIVEN, (affine, np.full(1, share, np.float32)), strict=True))

    def _run(self, graph: str, output: str, *arrays: np.ndarray, **more: np.ndarray) -> np.ndarray:
        named = {**dict(zip(GRAPHS[graph][0], arrays, strict=True)), **more}
        feeds = {name: np.ascontiguousarray(array, np.float32) for name, array in named.items()}
        return self.run(graph, feeds, (output,))[0]
