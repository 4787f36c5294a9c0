"""A style predictor and a transformer that belong together, in Keras: loaded, saved, and applied to pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

import impasto.stylizer
from impasto.contract import Preprocessing
from models import artefact
from models.keras_runtime import KerasRuntime
from models.predictors import STYLE_SIZE
from models.preprocessing import preprocessing_of


class Stylizer(impasto.stylizer.Stylizer):
    """impasto's Stylizer over Keras, with the networks and the card that an artefact carries.

    Args:
        predictor: Model `[B, H, W, 3]` in [0, 1] -> `[B, 100]` (models.predictors).
        transformer: Model of content `[B, H, W, 3]` and embedding `[B, 100]` -> `[B, H, W, 3]` (models.transformers).
        card: The model card's own entries (provenance, licence, figures); what the architecture implies is added.
    """

    def __init__(self, predictor: keras.Model, transformer: keras.Model, card: dict[str, Any] | None = None) -> None:
        self.predictor = predictor
        self.transformer = transformer
        self.card = dict(card or {})
        self.style_size = int(self.card.get("style_size", STYLE_SIZE))
        super().__init__(KerasRuntime(predictor, transformer), self._contract)

    @classmethod
    def load(cls, path: str | Path) -> Stylizer:
        """Reads an artefact written by `save`.

        Raises:
            ArtefactError: the file is missing, damaged or no Impasto artefact; says what was expected and found.
        """
        model, card = artefact.load(path)
        return cls(model.get_layer("predictor"), model.get_layer("transformer"), card)

    def save(self, path: str | Path, *, weights_dtype: str = "float32") -> dict[str, Any]:
        """Writes both networks and the card as one `.keras` file, atomically; returns the complete card.

        Args:
            path: Ends in `.keras`.
            weights_dtype: "float32", or "float16" for half the size (loads into float32; rounding 5e-4 relative).
        """
        return artefact.save(path, self.as_model(), self.card, weights_dtype=weights_dtype)

    def as_model(self) -> keras.Model:
        """One functional model: content `[B, H, W, 3]`, style `[B, h, w, 3]` -> stylised `[B, H, W, 3]`."""
        content = keras.Input((None, None, 3), name="content")
        style = keras.Input((None, None, 3), name="style")
        stylised = self.transformer([content, self.predictor(style)])
        return keras.Model([content, style], stylised, name="stylizer")

    def _contract(self) -> Preprocessing:
        """The card's; of networks without one, what they imply, which takes a second to find out."""
        block = self.card.get("preprocessing")
        if block is not None:
            return Preprocessing.from_json(block, "the model card's preprocessing")
        return preprocessing_of(self.transformer, self.predictor, style_size=self.style_size)
