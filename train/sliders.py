"""Loss weights as sliders: a painter whose norms also take how much each loss counts (arXiv 1811.08560, an experiment).

What the networks of an artefact paint stays as it is where all sliders are in the middle: a small network adds to the
conditioning (gamma and beta of every norm) what it says for the sliders less what it says for their middle. It alone is
trained, with the weights of the losses drawn anew for every picture. Departure from the paper, which trains the whole
network so: there the default has a price, here it has none.

A slider's value is the logarithm to base 2 of its loss's weight: 0 is the default, 1 twice as much, -1 half.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from models import losses
from models.inference import conditioning_size, style_heads
from models.loss_network import STYLE_LAYERS
from models.transformers import EMBEDDING_SIZE
from train.indexed import IndexedTrainer
from train.short_run import ShortRun

SLIDERS = ("content", *(f"style_{name}" for name in STYLE_LAYERS))
# Each way; a loss then counts from a quarter of its weight to four times as much.
REACH = 2.0
# What users would be shown: each moves several losses, up with one side and down with the other.
COMBINED = {
    "abstract": {"content": -1.0},
    "fine": {"style_relu1_2": 1.0, "style_relu2_2": 1.0, "style_relu3_3": -1.0, "style_relu4_3": -1.0},
}
_HIDDEN = 96


def slider_network(transformer: keras.Model, embeddings: np.ndarray) -> keras.Model:
    """Model of `embedding` `[B, 100]` and `sliders` `[B, 5]` -> `conditioning` `[B, T]` (models.inference).

    Args:
        transformer: Whose norms it feeds.
        embeddings: `[N, 100]`, as they come: their size is what the network is told of.
    """
    embedding = keras.Input((EMBEDDING_SIZE,), name="embedding")
    sliders = keras.Input((len(SLIDERS),), name="sliders")
    count = conditioning_size(transformer)
    default = keras.layers.Dense(count, name="conditioning", trainable=False)
    size = keras.layers.Rescaling(1 / max(float(np.std(embeddings)), 1e-6), name="size")(embedding)
    layers = [
        keras.layers.Dense(_HIDDEN, activation="swish", name="hidden1"),
        keras.layers.Dense(_HIDDEN, activation="swish", name="hidden2"),
        # Zeros: it begins as the artefact itself, wherever the sliders are.
        keras.layers.Dense(count, use_bias=False, kernel_initializer="zeros", name="moved"),
    ]

    def said(values: Any, name: str) -> Any:
        x = keras.layers.Concatenate(name=name)([size, values])
        for layer in layers:
            x = layer(x)
        return x

    middle = keras.layers.Rescaling(0.0, name="middle")(sliders)
    moved = keras.layers.Subtract(name="difference")([said(sliders, "asked"), said(middle, "default")])
    model = keras.Model([embedding, sliders], keras.layers.Add(name="sum")([default(embedding), moved]), name="sliders")
    default.set_weights(style_heads(transformer).get_weights())
    return model


def fed_by_conditioning(transformer: keras.Model) -> keras.Model:
    """The transformer as a frozen model of content `[B, H, W, 3]` and `conditioning` `[B, T]`."""
    count = conditioning_size(transformer)
    content, conditioning = keras.Input((None, None, 3), name="content"), keras.Input((count,), name="conditioning")

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        return layer.__class__.from_config(layer.get_config())

    # As in models.inference: clone_model would not take an input of another size.
    stylised = transformer._run_through_graph([content, conditioning], operation_fn=copy, call_fn=_called)
    model = keras.Model([content, conditioning], stylised, name="transformer")
    sources = {layer.name: layer for layer in transformer.layers}
    for layer in model.layers:
        if layer is style_heads(model):
            layer.set_weights([np.eye(count, dtype=np.float32), np.zeros(count, np.float32)])
        elif layer.weights:
            layer.set_weights(sources[layer.name].get_weights())
    model.trainable = False
    return model


def _called(layer: keras.layers.Layer, *args: Any, **kwargs: Any) -> Any:
    return layer(*args, **kwargs)


class SliderTrainer(IndexedTrainer):
    """One step: pictures of a batch's photographs in its styles, each with loss weights of its own.

    A batch is that of `IndexedTrainer`, with embeddings as its `index`, and `sliders` `[B, 5]`.
    """

    def __init__(self, transformer: keras.Model, sliders: keras.Model, settings: ShortRun) -> None:
        super().__init__(fed_by_conditioning(transformer), settings)
        self.sliders = sliders

    def call(self, batch: dict[str, Any], training: bool = False) -> Any:
        content = ops.cast(batch["content"], "float32") / 255.0
        conditioning = self.sliders([batch["index"], batch["sliders"]], training=training)
        return self.transformer([content, conditioning], training=False)

    def total(self, batch: dict[str, Any], terms: dict[str, Any], picture: Any) -> Any:
        """The weighted mean of the losses, so that heavy weights do not outweigh other pictures of the batch."""
        weights = ops.power(2.0, ops.cast(batch["sliders"], "float32"))
        own = [self.settings.content_weight, *[self.settings.style_weight] * len(STYLE_LAYERS)]
        stacked = ops.stack([weight * terms[name] for weight, name in zip(own, SLIDERS, strict=True)], axis=1)
        mean = ops.sum(weights * stacked, axis=1) / ops.mean(weights, axis=1)
        return ops.mean(mean + self.settings.total_variation_weight * losses.total_variation(picture))


def positions(reach: float = REACH) -> dict[str, np.ndarray]:
    """The slider settings that are measured, by name: the default, each loss's own, and the combined ones."""
    found = {"default": np.zeros(len(SLIDERS), np.float32)}
    moves = {name: {name: 1.0} for name in SLIDERS} | COMBINED
    for name, parts in moves.items():
        direction = np.array([parts.get(slider, 0.0) for slider in SLIDERS], np.float32)
        for value in (-reach, reach):
            found[f"{name} {value:+g}"] = value * direction
    return found
