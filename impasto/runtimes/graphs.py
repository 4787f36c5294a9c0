"""What the runtimes here have in common: the graphs of an exported folder, as the Stylizer asks for them."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np


class GraphRuntime(ABC):
    """Implements `impasto.runtimes.protocol.FilmRuntime` by three named graphs; a subclass runs one of them."""

    @abstractmethod
    def _run(self, graph: str, **arrays: np.ndarray) -> dict[str, np.ndarray]:
        """Runs "predictor", "conditioning" or "transformer" on its named inputs; answers by the names of outputs.

        Statistics that the transformer could be given, and is not, count nothing (ExportedFolder.feeds).
        """

    def predict(self, style: np.ndarray) -> np.ndarray:
        return self._run("predictor", style=style)["embedding"]

    def condition(self, embedding: np.ndarray) -> np.ndarray:
        return self._run("conditioning", embedding=embedding)["conditioning"]

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        return self._run("transformer", content=content, conditioning=conditioning)["stylised"]

    def statistics(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        return self._run("transformer", content=content, conditioning=conditioning)["affine"]

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        return self._run("transformer", content=content, conditioning=affine, given_affine=affine)["stylised"]

    def paint_frame(
        self, content: np.ndarray, conditioning: np.ndarray, given: np.ndarray | None, share: float
    ) -> tuple[np.ndarray, np.ndarray]:
        arrays = {} if given is None else {"given_affine": given, "given_share": np.full(1, share)}
        answers = self._run("transformer", content=content, conditioning=conditioning, **arrays)
        return answers["stylised"], answers["affine"]
