"""What every runtime of an exported folder offers: the three graphs as functions on NumPy arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import GIVEN, GRAPHS, ExportError, check_folder


class ExportedModel(ABC):
    """An exported folder, loaded through its manifest. A context manager: leaving it frees what the runtime holds.

    It is an `impasto.runtimes.protocol.Runtime`, so that `impasto.stylizer.Stylizer` paints with it,
    pictures of any size.

    Attributes:
        manifest: Of the folder.
        name: The runtime and its version.
        embedding_size: Numbers of an embedding.

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
        self.embedding_size = self.manifest.embedding_size

    @abstractmethod
    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        """Runs one of `GRAPHS` on its named inputs; float32 answers in the order of `outputs`."""

    def tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """A part of a picture `[1, H, W, 3]`, painted with the whole's `affine` `[1, T]`.

        Raises:
            ExportError: the export's transformer cannot; it was written by an earlier version.
        """
        if not self.paints_tiles:
            raise ExportError(f"{self.folder}: paints no tiles with given statistics; export the model again")
        return self._transform(content, affine, affine, np.ones(1, np.float32))[0]

    @property
    def paints_tiles(self) -> bool:
        """Whether `tile` works: the transformer takes statistics that are given."""
        return self.takes_statistics

    @property
    def takes_statistics(self) -> bool:
        """Whether the transformer has the inputs `GIVEN`."""
        return set(GIVEN) <= set(self.manifest.transformer.inputs)

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

        H and W are multiples of `manifest.preprocessing.content.multiple`.
        """
        return self._transform(content, conditioning, np.zeros_like(conditioning), np.zeros(1, np.float32))

    def predict(self, style: np.ndarray) -> np.ndarray:
        """As `predictor`."""
        return self.predictor(style)

    def condition(self, embedding: np.ndarray) -> np.ndarray:
        """As `conditioning`."""
        return self.conditioning(embedding)

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        """The picture alone of `transformer`."""
        return self.transformer(content, conditioning)[0]

    def statistics(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        """The statistics alone of `transformer`."""
        return self.transformer(content, conditioning)[1]

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """As `tile`."""
        return self.tile(content, affine)

    def _transform(
        self, content: np.ndarray, conditioning: np.ndarray, affine: np.ndarray, share: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        more = dict(zip(GIVEN, (affine, share), strict=True)) if self.takes_statistics else {}
        stylised, used = self._call("transformer", content, conditioning, **more)
        return stylised, used

    def _call(self, graph: str, *arrays: np.ndarray, **more: np.ndarray) -> tuple[np.ndarray, ...]:
        inputs, outputs = GRAPHS[graph]
        named = {**dict(zip(inputs, arrays, strict=True)), **more}
        feeds = {name: np.ascontiguousarray(array, np.float32) for name, array in named.items()}
        return self.run(graph, feeds, outputs)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
