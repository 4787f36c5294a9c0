"""What every runtime of an exported folder offers: the three graphs as functions on NumPy arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import GRAPHS, check_folder


class ExportedModel(ABC):
    """An exported folder, loaded through its manifest. A context manager: leaving it frees what the runtime holds.

    Attributes:
        manifest: Of the folder.
        name: The runtime and its version.

    Args:
        folder: What `python -m export` wrote.

    Raises:
        ExportError: the folder is no whole export for this runtime.
    """

    runtime: str
    name: str

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.manifest = check_folder(self.folder, self.runtime)

    @abstractmethod
    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        """Runs one of `GRAPHS` on its named inputs; float32 answers in the order of `outputs`."""

    def tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """A part of a picture `[1, H, W, 3]`, painted with the whole's `affine` `[1, T]`.

        Raises:
            NotImplementedError: the export's transformer cannot (the manifest lists no affine_nodes).
        """
        raise NotImplementedError(f"{self.name} paints no tiles with given statistics")

    def close(self) -> None:  # noqa: B027  nothing to free, unless a runtime says so
        """Frees what the runtime holds."""

    def predictor(self, style: np.ndarray) -> np.ndarray:
        """style `[B, h, w, 3]` in [0, 1] -> embedding `[B, 100]`."""
        return self._call("predictor", style)[0]

    def conditioning(self, embedding: np.ndarray) -> np.ndarray:
        """embedding `[B, 100]` -> conditioning `[B, T]`."""
        return self._call("conditioning", embedding)[0]

    def transformer(self, content: np.ndarray, conditioning: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """content `[1, H, W, 3]` in [0, 1], conditioning `[1, T]` -> stylised `[1, H, W, 3]`, affine `[1, T]`.

        H and W are multiples of `manifest.size_multiple`.
        """
        stylised, affine = self._call("transformer", content, conditioning)
        return stylised, affine

    def _call(self, graph: str, *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
        inputs, outputs = GRAPHS[graph]
        feeds = {name: np.ascontiguousarray(array, np.float32) for name, array in zip(inputs, arrays, strict=True)}
        return self.run(graph, feeds, outputs)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
