"""What the Stylizer asks of a runtime: a few functions on NumPy arrays.

LiteRT and ONNX Runtime implement it here, Keras in models.keras_runtime, SavedModel and TensorFlow.js in export. Nobody
else knows which runtime it is: fit, padding, tiles, strokes and colours are the Stylizer's.
"""

from __future__ import annotations

from typing import Protocol, runtime_checkable

import numpy as np


class Runtime(Protocol):
    """The networks of one model, loaded. All arrays are float32, pictures RGB in [0, 1].

    Attributes:
        name: The runtime and its version, for people.
        embedding_size: Numbers of an embedding: E.
    """

    name: str
    embedding_size: int

    def predict(self, style: np.ndarray) -> np.ndarray:
        """style `[1, h, w, 3]` -> embedding `[1, E]`."""
        ...

    def condition(self, embedding: np.ndarray) -> np.ndarray:
        """embedding `[1, E]` -> conditioning `[1, T]`: what one style is for the transformer, as every gamma and beta.

        It is made once a style, and handed back to `paint` and `statistics`.
        """
        ...

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        """content `[1, H, W, 3]`, conditioning `[1, T]` -> stylised `[1, H, W, 3]`.

        H and W are multiples of the contract's, and at least so many of them as it says.
        """
        ...

    def statistics(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        """As `paint`, but -> affine `[1, A]`: scale and shift of every norm, as this picture's statistics make them."""
        ...

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """A part of a picture `[1, H, W, 3]`, and `affine` `[1, A]` of the whole -> stylised `[1, H, W, 3]`."""
        ...

    def close(self) -> None:
        """Frees what the runtime holds."""
        ...


@runtime_checkable
class FilmRuntime(Runtime, Protocol):
    """A runtime that can mix a picture's statistics with those of pictures before it, as films need it."""

    def paint_frame(
        self, content: np.ndarray, conditioning: np.ndarray, given: np.ndarray | None, share: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """As `paint`, but every norm takes the mean of its own scale and shift and those `given` `[1, A]`.

        Args:
            content: `[1, H, W, 3]`.
            conditioning: `[1, T]`.
            given: None for none.
            share: How much those given count, from 0 to 1.

        Returns:
            stylised `[1, H, W, 3]`, and the affine `[1, A]` that it was painted with.
        """
        ...
