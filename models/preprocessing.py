"""The `preprocessing` block of a pair of Keras networks: what they imply, beside what is chosen."""

from __future__ import annotations

import dataclasses

import keras

from impasto.contract import Preprocessing
from impasto.geometry import round_up
from models.predictors import smallest_style
from models.receptive_field import receptive_radius
from models.transformers import size_multiple

# Multiples beyond the two overlaps that a tile has at least: less would be nearly all overlap.
_CORE_MULTIPLES = 8


def preprocessing_of(
    transformer: keras.Model,
    predictor: keras.Model | None = None,
    *,
    style_size: int | None = None,
    chosen: Preprocessing | None = None,
) -> Preprocessing:
    """The contract of a pair: size multiple, overlap and smallest style as its networks need them.

    Args:
        transformer: Any of models.transformers.
        predictor: None where there is none; the smallest style is then what was chosen.
        style_size: Short side in pixels at which the predictor learnt to look at paintings; None takes what was chosen.
        chosen: Everything that the networks do not imply; the contract's defaults unless given.
    """
    rules = chosen or Preprocessing()
    multiple = size_multiple(transformer)
    overlap = round_up(receptive_radius(transformer), multiple)
    content = dataclasses.replace(
        rules.content,
        multiple=multiple,
        overlap=overlap,
        tile=max(round_up(rules.content.tile, multiple), 2 * overlap + _CORE_MULTIPLES * multiple),
        patch=round_up(rules.content.patch, multiple),
    )
    style = dataclasses.replace(
        rules.style,
        short_side=style_size or rules.style.short_side,
        smallest_side=smallest_style(predictor) if predictor is not None else rules.style.smallest_side,
    )
    return dataclasses.replace(rules, content=content, style=style)
