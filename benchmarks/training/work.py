"""How many multiply-accumulates a pair costs in training, counted from the networks' own layers."""

from __future__ import annotations

import math
from dataclasses import replace

import keras

from models.loss_network import CONTENT_LAYER, STYLE_LAYERS, build_loss_network
from models.upsampling import UpsampledConv2D
from train.config import TeacherConfig
from train.networks import build_networks

_CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D, keras.layers.SeparableConv2D, UpsampledConv2D)


def convolutions(model: keras.Model, side: int) -> int:
    """Multiply-accumulates of all convolutions for one square picture; a model inside is taken to see one as large."""
    layers = [layer for layer in model.layers if isinstance(layer, _CONVOLUTIONS)]
    nested = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    total = sum(convolutions(layer, side) for layer in nested)
    if not layers:
        return total
    taps = keras.Model(model.inputs, [layer.output for layer in layers])
    specs = [
        keras.KerasTensor((1, side, side, *tensor.shape[3:]) if len(tensor.shape) == 4 else (1, *tensor.shape[1:]))
        for tensor in model.inputs
    ]
    shapes = taps.compute_output_spec(specs)
    for layer, spec in zip(layers, shapes, strict=True):
        total += spec.shape[1] * spec.shape[2] * sum(math.prod(weight.shape) for weight in layer.weights[:1])
    return total


def pair_costs(config: TeacherConfig, style_size: int) -> dict[str, int]:
    """Multiply-accumulates a pair by part, for a step that computes its targets.

    `targets` is what stored targets save. A backward pass costs as much as the forward one towards the pictures, and as
    much again towards weights that learn.
    """
    loss_network = build_loss_network(weights=None, outputs=STYLE_LAYERS)
    content_network = keras.Model(loss_network.input, loss_network.output[CONTENT_LAYER])
    predictor, transformer = build_networks(replace(config.model, predictor_weights="random"))
    side = config.data.content_size
    looks = 2 if config.loss.consistency_weight else 1
    return {
        "targets": convolutions(loss_network, style_size) + convolutions(content_network, side),
        "loss of the stylised picture": 2 * convolutions(loss_network, side),
        "predictor": 3 * convolutions(predictor, style_size),
        "transformer": 3 * looks * convolutions(transformer, side),
    }
