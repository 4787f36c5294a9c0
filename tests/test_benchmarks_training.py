"""What a pair costs, counted: against the figures that the networks are known by."""

from __future__ import annotations

from dataclasses import replace

import keras
import pytest

from benchmarks.training.work import convolutions, pair_costs
from models.loss_network import build_loss_network
from train.presets import TEACHER


def test_convolutions_of_a_model_and_of_one_inside() -> None:
    picture = keras.Input((None, None, 3))
    inner = keras.Model(picture, keras.layers.Conv2D(8, 3, strides=2, padding="same")(picture))
    outer = keras.Model(picture, keras.layers.Dense(4)(keras.layers.GlobalAveragePooling2D()(inner(picture))))
    assert convolutions(inner, 32) == convolutions(outer, 32) == 16 * 16 * 3 * 3 * 3 * 8


# Channels in, channels out and by how much the positions are fewer, of VGG16's convolutions up to relu4_3.
VGG16 = [(3, 64, 1), (64, 64, 1), (64, 128, 4), (128, 128, 4), (128, 256, 16), (256, 256, 16), (256, 256, 16)]
VGG16 += [(256, 512, 64), (512, 512, 64), (512, 512, 64)]


def _vgg16(side: int, layers: int = len(VGG16)) -> int:
    return sum(side * side // reduced * 9 * before * after for before, after, reduced in VGG16[:layers])


def test_vgg16_by_hand() -> None:
    assert convolutions(build_loss_network(weights=None), 64) == _vgg16(64)


def test_a_pair_of_the_shipped_preset_by_hand() -> None:
    """At 256 px; `fast` has 0.26 GMAC, which its gradient makes three times, and the moved picture six times."""
    preset = TEACHER["student"]
    costs = pair_costs(preset, 256)
    assert costs["targets"] == _vgg16(256) + _vgg16(256, layers=7)
    assert costs["loss of the stylised picture"] == 2 * _vgg16(256)
    assert costs["transformer"] / 1e9 == pytest.approx(6 * 0.26, abs=0.03)
    still = replace(preset, loss=replace(preset.loss, consistency_weight=0.0))
    assert pair_costs(still, 256)["transformer"] * 2 == costs["transformer"]
