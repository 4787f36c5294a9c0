"""Keras as one more runtime of impasto's Stylizer: a predictor and a transformer as they were trained."""

from __future__ import annotations

from functools import cached_property

import keras
import numpy as np
from keras import ops

from models.inference import conditioning_network, tile_transformer, whole_transformer


class KerasRuntime:
    """The networks of one model in Keras, whatever its backend. Implements impasto.runtimes.protocol.Runtime.

    Pictures are painted by the training form, with the weights of the moment; for tiles the inference form is made when
    it is first needed, as a copy of the weights of then.

    Args:
        predictor: Model `[B, H, W, 3]` in [0, 1] -> `[B, E]` (models.predictors).
        transformer: Model of content `[B, H, W, 3]` and embedding `[B, E]` -> `[B, H, W, 3]` (models.transformers).
    """

    def __init__(self, predictor: keras.Model, transformer: keras.Model) -> None:
        self.name = f"keras {keras.__version__} on {keras.backend.backend()}"
        self.embedding_size = int(predictor.output_shape[-1])
        self._predictor = predictor
        self._transformer = transformer

    def predict(self, style: np.ndarray) -> np.ndarray:
        return _numbers(self._predictor(style, training=False))

    def condition(self, embedding: np.ndarray) -> np.ndarray:
        """The embedding itself: the training form makes gammas and betas of it."""
        return np.asarray(embedding, np.float32)

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        return _numbers(self._transformer([content, conditioning], training=False))

    def statistics(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        gammas_and_betas = self._conditioning.predict_on_batch(conditioning)
        return _numbers(self._whole.predict_on_batch([content, gammas_and_betas])["affine"])

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        return _numbers(self._tile_transformer.predict_on_batch([content, affine]))

    def close(self) -> None:
        """Nothing to free."""

    @cached_property
    def _conditioning(self) -> keras.Model:
        return conditioning_network(self._transformer)

    @cached_property
    def _whole(self) -> keras.Model:
        return whole_transformer(self._transformer)

    @cached_property
    def _tile_transformer(self) -> keras.Model:
        return tile_transformer(self._transformer)


def _numbers(tensor: object) -> np.ndarray:
    return np.asarray(ops.convert_to_numpy(tensor), np.float32)
