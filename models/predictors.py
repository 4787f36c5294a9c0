"""Style prediction networks: a painting in, its 100-D embedding out (Ghiasi et al. 2017, section 3.2).

Every builder returns a `keras.Model` with input `style` float32 `[B, H, W, 3]` RGB in [0, 1], any H and W from 32 px
(75 for the Inception-v3s), and output `[B, 100]`. Preprocessing is inside: nobody outside needs to know a backbone's
range.
"""

from __future__ import annotations

from pathlib import Path

import keras

from models.layers import PositionStatistics
from models.starting_weights import load_backbone
from models.transformers import EMBEDDING_SIZE

# Long side in pixels at which paintings are looked at, unless a model card says otherwise.
STYLE_SIZE = 256
KINDS = ("inception_v3", "inception_v3_statistics", "mobilenet_v2", "mobilenet_v2_early")
# Layers whose statistics `mobilenet_v2_early` looks at: 32 channels at half the input's resolution, 144 at 1/4, 192 at
# 1/8, 384 and 384 at 1/16 (names of keras.applications.MobileNetV2; channels at width multiplier 1).
EARLY_LAYERS = ("Conv1_relu", *(f"block_{index}_expand_relu" for index in (3, 6, 8, 10)))
# Layers whose statistics `inception_v3_statistics` looks at: 64 channels of the stem at 1/2 of the input and
# 192 at 1/4, then 256 and 288 at 1/8, 768 and 768 at 1/16 (from `mixed0` on names of keras.applications.InceptionV3).
INCEPTION_LAYERS = ("stem3", "stem5", "mixed0", "mixed2", "mixed4", "mixed7")
INPUT_SCALINGS = ("symmetric", "none")


def _inception_v3(weights: str | Path | None) -> keras.Model:
    # `mixed7` is Mixed_6e of the paper's Inception-v3: 768 channels at 1/17 of the input.
    full = load_backbone("inception_v3", weights)
    return keras.Model(full.input, full.get_layer("mixed7").output, name="backbone")


def _inception_v3_statistics(weights: str | Path | None) -> keras.Model:
    full = load_backbone("inception_v3", weights)
    # Keras numbers the stem's layers by process; `stemN` is the rectified output of its N-th convolution.
    rectified = [layer for layer in full.layers if isinstance(layer, keras.layers.Activation)]
    named = {f"stem{index}": layer.output for index, layer in enumerate(rectified[:5], start=1)}
    named |= {layer.name: layer.output for layer in full.layers if layer.name.startswith("mixed")}
    return keras.Model(full.input, [named[name] for name in INCEPTION_LAYERS], name="backbone")


def _mobilenet_v2(weights: str | Path | None, width: float) -> keras.Model:
    full = load_backbone("mobilenet_v2", weights, alpha=width)
    return keras.Model(full.input, full.output, name="backbone")


def _mobilenet_v2_early(weights: str | Path | None, width: float) -> keras.Model:
    full = load_backbone("mobilenet_v2", weights, alpha=width)
    return keras.Model(full.input, [full.get_layer(name).output for name in EARLY_LAYERS], name="backbone")


def build_predictor(
    kind: str,
    *,
    weights: str | Path | None = "imagenet",
    width: float = 1.0,
    input_scaling: str = "symmetric",
) -> keras.Model:
    """Builds the style predictor `kind`: backbone, mean over positions, one linear layer to 100 numbers.

    Departure from the published networks: those were fed [0, 1] although their ImageNet checkpoints expect [-1, 1];
    here the pictures are rescaled to [-1, 1], which lets the pretrained features work from the first step. Imported
    published weights keep their own habit through `input_scaling="none"`.

    Args:
        kind: "inception_v3" (the paper's: end point `mixed7`, 768 channels), "mobilenet_v2" (last convolution, 1280
            channels), or the means and standard deviations of several layers of either: "inception_v3_statistics"
            (`INCEPTION_LAYERS`) and "mobilenet_v2_early" (`EARLY_LAYERS`; a fifth of the parameters of the whole).
            What is told apart by its texture shows early: `python -m train fit` says how much of a style's statistics
            the embedding leaves unexplained.
        weights: Starting weights of the backbone: "imagenet" (cache, then Keras' download), a path, or None / "random".
        width: Width multiplier of MobileNetV2; starting weights exist on disk for 1.0 only.
        input_scaling: "symmetric" maps [0, 1] to [-1, 1] inside the model; "none" feeds the backbone as is.

    Raises:
        ValueError: on an unknown kind or scaling, or a width for Inception-v3.
        StartingWeightsError: where the starting weights cannot be had.
    """
    if kind not in KINDS:
        raise ValueError(f"predictor must be one of {KINDS}. Received: {kind!r}")
    if input_scaling not in INPUT_SCALINGS:
        raise ValueError(f"input_scaling must be one of {INPUT_SCALINGS}. Received: {input_scaling!r}")
    if kind.startswith("inception_v3") and width != 1.0:
        raise ValueError(f"{kind} has no width multiplier. Received: width={width}")

    style = keras.Input((None, None, 3), name="style")
    x = style
    if input_scaling == "symmetric":
        x = keras.layers.Rescaling(2.0, -1.0, name="to_symmetric_range")(x)
    if kind in ("inception_v3_statistics", "mobilenet_v2_early"):
        early = (
            _mobilenet_v2_early(weights, width) if kind == "mobilenet_v2_early" else _inception_v3_statistics(weights)
        )
        layers = early(x)
        statistics = [
            PositionStatistics(name=f"statistics{index}")(layer) for index, layer in enumerate(layers, start=1)
        ]
        pooled = keras.layers.Concatenate(name="statistics", dtype="float32")(statistics)
    else:
        backbone = _inception_v3(weights) if kind == "inception_v3" else _mobilenet_v2(weights, width)
        features = backbone(x)  # [B, H/s, W/s, C]
        pooled = keras.layers.GlobalAveragePooling2D(name="mean_over_positions")(features)
    embedding = keras.layers.Dense(EMBEDDING_SIZE, name="embedding", dtype="float32")(pooled)
    return keras.Model(style, embedding, name="predictor")


def smallest_style(predictor: keras.Model) -> int:
    """Pixels a side below which the predictor's backbone has no position left to look at: 75 or 32."""
    backbone = next((layer for layer in predictor.layers if layer.name == "backbone"), None)
    inception = backbone is not None and any(layer.name == "mixed7" for layer in backbone.layers)
    return 75 if inception else 32
