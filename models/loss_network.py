"""The loss network: VGG16 or VGG19, frozen, with its preprocessing inside (Simonyan and Zisserman 2015).

Training and judging use VGG16 up to relu4_3; per-image optimisation and dreams may take any layer of either.

Layers are named as the papers name them: `relu3_3` is the rectified output of the third convolution of block 3.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras

from models.layer_names import VGG_BLOCKS, canonical
from models.layers import ReflectionPad2D
from models.precision import precision
from models.starting_weights import load_backbone

CONTENT_LAYER = "relu3_3"
STYLE_LAYERS = ("relu1_2", "relu2_2", "relu3_3", "relu4_3")
# Of the second loss network, names of keras.applications.MobileNetV2: 32 channels at half the picture's resolution, 144
# at 1/4, 192 at 1/8, 384 at 1/16.
MOBILENET_LAYERS = ("Conv1_relu", "block_3_expand_relu", "block_6_expand_relu", "block_10_expand_relu")
POOLINGS = ("average", "max")
PADDINGS = ("zero", "reflect")

NETWORKS = VGG_BLOCKS

_CHANNELS = (64, 128, 256, 512, 512)
# ImageNet means in RGB order on the 0..255 scale that the VGG weights were trained with.
_MEANS = (123.68, 116.779, 103.939)


@keras.saving.register_keras_serializable(package="impasto")
class VGGPreprocessing(keras.layers.Layer):
    """RGB in [0, 1] to what VGG expects: BGR on the 0..255 scale, centred on ImageNet's means."""

    def call(self, inputs: Any) -> Any:
        centred = inputs * 255.0 - keras.ops.convert_to_tensor(_MEANS, dtype=inputs.dtype)
        return centred[..., ::-1]


class ReflectedBorder(ReflectionPad2D):
    """Reflection of one position; where a side has one only, which leaves nothing to reflect, it is repeated.

    On TensorFlow, rows and columns are put beside the features where both sides are known to hold four or more: its own
    padding by reflection copies number by number, and took a tenth of a training step.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(1, **kwargs)

    def call(self, inputs: Any) -> Any:
        sides = inputs.shape[1:3]
        if 1 in sides:
            return keras.ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="symmetric")
        if None in sides or min(sides) < 4 or keras.backend.backend() == "jax":
            return super().call(inputs)
        return _reflected(inputs)


@keras.ops.custom_gradient
def _reflected(features: Any) -> Any:
    """`[B, h, w, C]` -> `[B, h + 2, w + 2, C]`; both sides are four or more."""
    rows = keras.ops.concatenate([features[:, 1:2], features, features[:, -2:-1]], axis=1)

    def gradient(*arguments: Any, upstream: Any = None) -> Any:
        given = arguments[0] if upstream is None else upstream
        # What the border's copies were given is added where they were copied from.
        left, right = given[:, :, 2:3] + given[:, :, :1], given[:, :, -3:-2] + given[:, :, -1:]
        given = keras.ops.concatenate([given[:, :, 1:2], left, given[:, :, 3:-3], right, given[:, :, -2:-1]], axis=2)
        above, below = given[:, 2:3] + given[:, :1], given[:, -3:-2] + given[:, -1:]
        return keras.ops.concatenate([given[:, 1:2], above, given[:, 3:-3], below, given[:, -2:-1]], axis=1)

    return keras.ops.concatenate([rows[:, :, 1:2], rows, rows[:, :, -2:-1]], axis=2), gradient


def build_loss_network(
    *,
    weights: str | Path | None = "imagenet",
    pooling: str = "average",
    padding: str = "zero",
    outputs: tuple[str, ...] = STYLE_LAYERS,
    dtype: str = "float32",
    network: str = "vgg16",
) -> keras.Model:
    """Features of VGG16 or VGG19 by name.

    Args:
        weights: Starting weights: "imagenet", a path, or None / "random" (tests and the tiny preset only).
        pooling: "average" as the paper trains (Ghiasi et al. 2017 after Gatys et al. 2016), or "max" as VGG was trained
            and as pictures are judged here.
        padding: Of every convolution: "zero" as VGG was trained, or "reflect", with which the features along a border
            are nearer to those of a picture that goes on. Zeros change the features at relu4_3 by 20 % of their energy
            at 384 px and by 45 % at 160 px, reflection by 10 and 21 %.
        outputs: Names of the features to return, `relu<block>_<convolution>` or another of models.layer_names.
        dtype: Compute dtype: "float32", "mixed_bfloat16" to run convolutions in bfloat16, or "float64".
        network: One of `NETWORKS`.

    Returns:
        A frozen `keras.Model`: RGB `[B, H, W, 3]` in [0, 1] -> dict of name, as given -> `[B, h, w, C]`.

    Raises:
        ValueError: on an unknown pooling, padding, network or output name.
        StartingWeightsError: where the weights cannot be had.
    """
    if pooling not in POOLINGS:
        raise ValueError(f"pooling must be one of {POOLINGS}. Received: pooling={pooling!r}")
    if padding not in PADDINGS:
        raise ValueError(f"padding must be one of {PADDINGS}. Received: padding={padding!r}")
    if network not in NETWORKS:
        raise ValueError(f"network must be one of {tuple(NETWORKS)}. Received: network={network!r}")
    pool = keras.layers.AveragePooling2D if pooling == "average" else keras.layers.MaxPooling2D

    # float32 at least: 255 x a picture in bfloat16 would lose the last bits of every dark pixel.
    pixels = "float64" if dtype == "float64" else "float32"
    image = keras.Input((None, None, 3), name="image", dtype=pixels)
    x = VGGPreprocessing(name="preprocessing", dtype=pixels)(image)
    features: dict[str, Any] = {}
    for block, (count, channels) in enumerate(zip(NETWORKS[network], _CHANNELS, strict=True), start=1):
        if block > 1:
            x = pool(2, name=f"pool{block - 1}", dtype=dtype)(x)
        for index in range(1, count + 1):
            name = f"relu{block}_{index}"
            if padding == "reflect":
                x = ReflectedBorder(name=f"{name}_pad", dtype=dtype)(x)
            sides = "same" if padding == "zero" else "valid"
            x = keras.layers.Conv2D(channels, 3, padding=sides, activation="relu", name=name, dtype=dtype)(x)
            features[name] = x
    named = {name: canonical(network, name) for name in outputs}
    deepest = max(list(features).index(name) for name in named.values())
    used = list(features)[: deepest + 1]

    model = keras.Model(image, {name: features[short] for name, short in named.items()}, name="loss_network")
    _copy_weights(load_backbone(network, weights), model, used)
    model.trainable = False
    return model


def build_second_loss_network(weights: str | Path | None = "imagenet", dtype: str = "float32") -> keras.Model:
    """Early features of MobileNetV2: a second opinion on style, at a hundredth of VGG16's arithmetic.

    What only one network sees in a picture may be painted for that network alone. Departure from the paper, whose loss
    looks at VGG16 only.

    Args:
        weights: Starting weights of MobileNetV2: "imagenet", a path, or None / "random".
        dtype: Compute dtype: "float32", or "mixed_bfloat16" to run it in bfloat16.

    Returns:
        A frozen `keras.Model`: RGB `[B, H, W, 3]` in [0, 1] -> dict of the names in `MOBILENET_LAYERS` ->
        `[B, h, w, C]`, all in [0, 6].

    Raises:
        StartingWeightsError: where the weights cannot be had.
    """
    with precision(dtype):
        full = load_backbone("mobilenet_v2", weights)
    features = keras.Model(full.input, {name: full.get_layer(name).output for name in MOBILENET_LAYERS})
    picture = keras.Input((None, None, 3), name="image", dtype="float32")
    network = keras.Model(
        picture,
        features(keras.layers.Rescaling(2.0, -1.0, dtype="float32")(picture), training=False),
        name="second_loss_network",
    )
    network.trainable = False
    return network


def _copy_weights(source: keras.Model, target: keras.Model, names: list[str]) -> None:
    for name in names:
        block, index = name.removeprefix("relu").split("_")
        target.get_layer(name).set_weights(source.get_layer(f"block{block}_conv{index}").get_weights())
