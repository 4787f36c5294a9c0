"""How far networks look: counted by hand for single layers, and seen by changing pixels for whole networks."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from models.inference import conditioning_size, tile_transformer, whole_transformer
from models.layers import ReflectionPad2D
from models.receptive_field import receptive_radius
from models.transformers import build_transformer
from models.upsampling import BilinearUpsampling2D, UpsampledConv2D


@pytest.mark.parametrize(
    ("layers", "radius"),
    [
        ([keras.layers.Conv2D(1, 1), keras.layers.ReLU()], 0),
        ([ReflectionPad2D(4), keras.layers.Conv2D(1, 9)], 4),
        ([keras.layers.ZeroPadding2D(1), keras.layers.DepthwiseConv2D(3)], 1),
        ([keras.layers.Conv2D(1, 3, dilation_rate=5, padding="same")], 5),
        ([keras.layers.AveragePooling2D(3, strides=1, padding="same")], 1),
        # Pixel 2i + 1 shows coarse pixel i, which is fine pixels 2i and 2i + 1: one to the left, one to the right.
        ([keras.layers.AveragePooling2D(2), keras.layers.UpSampling2D(2)], 1),
        # Between coarse i - 1 and i, that is from fine 2i - 2; 2i + 1 between i and i + 1, up to fine 2i + 3.
        ([keras.layers.AveragePooling2D(2), keras.layers.UpSampling2D(2, interpolation="bilinear")], 2),
        ([keras.layers.AveragePooling2D(2), BilinearUpsampling2D()], 2),
        # The 3x3 after it looks one fine pixel further, 2i - 1 and 2i + 2: from fine 2i - 2 still, up to 2i + 3.
        ([keras.layers.AveragePooling2D(2), UpsampledConv2D(1)], 3),
        # Coarse i is fine 2i - 1 to 2i + 2; a 3x3 there goes from fine 2i - 3 to 2i + 4, and 2i + 1 is still i.
        (
            [
                ReflectionPad2D(1), keras.layers.Conv2D(1, 4, strides=2),
                ReflectionPad2D(1), keras.layers.Conv2D(1, 3), keras.layers.UpSampling2D(2),
            ],
            4,
        ),
    ],
)  # fmt: skip
def test_layers_counted_by_hand(layers: list[Any], radius: int) -> None:
    x = content = keras.Input((None, None, 1))
    for layer in layers:
        x = layer(x)
    assert receptive_radius(keras.Model(content, x)) == radius


def test_the_longer_of_two_ways_and_the_wider_of_two_axes_count() -> None:
    content = keras.Input((None, None, 2))
    near = keras.layers.Conv2D(2, 3, padding="same")(content)
    far = keras.layers.Conv2D(2, (1, 5), padding="same")(near)
    assert receptive_radius(keras.Model(content, keras.layers.Add()([content, near]))) == 1
    assert receptive_radius(keras.Model(content, keras.layers.Concatenate()([far, content]))) == 3


def test_unknown_layers_are_named() -> None:
    content = keras.Input((None, None, 2))
    whole = keras.layers.LayerNormalization(axis=(1, 2, 3), name="over_everything")
    with pytest.raises(ValueError, match="not known for its layer 'over_everything', a LayerNormalization"):
        receptive_radius(keras.Model(content, whole(keras.layers.Resizing(8, 8)(content))))


@pytest.mark.parametrize(("kind", "options"), [("fast", {"start": "independent"}), ("separable", {"alpha": 0.125})])
def test_a_changed_pixel_reaches_this_far_and_no_further(kind: str, options: dict[str, Any]) -> None:
    keras.utils.set_random_seed(0)
    transformer = build_transformer(kind, **options)
    radius = receptive_radius(transformer)
    paint = tile_transformer(transformer)
    side = -(-(2 * radius + 24) // 16) * 16
    rng = np.random.default_rng(0)
    content = rng.random((1, side, side, 3), np.float32)
    conditioning = np.ones((1, conditioning_size(transformer)), np.float32)
    affine = np.asarray(whole_transformer(transformer)([content, conditioning])["affine"])
    before, reached = np.asarray(paint([content, affine])), 0
    # Every phase of the network's grid up to an eighth, and two places where padding reflects what changed.
    inside = [(side // 2 + step, side // 2 - step) for step in range(8)]
    for y, x in [*inside, (1, 2), (side - 2, side - 1)]:
        changed = content.copy()
        changed[0, y, x] += 8
        rows, columns = np.nonzero(np.any(np.asarray(paint([changed, affine]))[0] != before[0], axis=-1))
        reached = max(reached, np.abs(rows - y).max(), np.abs(columns - x).max())
    # The last pixel's difference may be lost in rounding or behind a ReLU.
    assert radius - 4 <= reached <= radius
