"""Transformer networks: a photograph and a style embedding in, the stylised photograph out.

Every builder returns a `keras.Model` with inputs `content` float32 `[B, H, W, 3]` RGB in [0, 1] (H and W multiples of
`SIZE_MULTIPLE`) and `embedding` float32 `[B, 100]`, and the output `[B, H, W, 3]` in [0, 1].

| kind | what | MAC at 256x256 |
|---|---|---|
| `paper` | Ghiasi et al. 2017 (arXiv 1705.06830, after Dumoulin et al. 2017), width multiplier `alpha` | 10.1 G |
| `separable` | the same with depthwise separable convolutions after the contraction | 2.3 G |
| `fast` | ours: half-resolution stem, quarter-resolution trunk of separable residual blocks | 0.36 G |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from models.layers import ConditionalInstanceNorm, ReflectionPad2D, StyleHeads

EMBEDDING_SIZE = 100
SIZE_MULTIPLE = 4
KINDS = ("paper", "separable", "fast")
PADDINGS = ("reflect", "zero")


class _Graph:
    """The blocks of one transformer under construction: what every layer shares, said once."""

    def __init__(self, norm_channels: list[int], padding: str, initializer: Any) -> None:
        if padding not in PADDINGS:
            raise ValueError(f"padding must be one of {PADDINGS}. Received: padding={padding!r}")
        self.padding = padding
        self.initializer = initializer
        self.content = keras.Input((None, None, 3), name="content")
        self.embedding = keras.Input((EMBEDDING_SIZE,), name="embedding")
        self._conditioning = iter(StyleHeads(norm_channels, name="style_heads", dtype="float32")(self.embedding))

    def pad(self, x: Any, sides: tuple[int, int], name: str) -> Any:
        if self.padding == "zero":
            return keras.layers.ZeroPadding2D((sides, sides), name=f"{name}_pad")(x)
        return ReflectionPad2D((sides, sides), name=f"{name}_pad")(x)

    def conv(self, x: Any, filters: int, size: int, name: str, strides: int = 1) -> Any:
        """Padded convolution without bias (a norm follows): `[B, H, W, C]` -> `[B, H/strides, W/strides, filters]`."""
        x = self.pad(x, _sides(size, strides), name)
        return keras.layers.Conv2D(
            filters, size, strides=strides, use_bias=False, kernel_initializer=self.initializer, name=name
        )(x)

    def separable(self, x: Any, filters: int, size: int, name: str) -> Any:
        """Padded depthwise `size` x `size`, then pointwise 1x1, nothing in between."""
        x = self.pad(x, _sides(size, 1), name)
        x = keras.layers.DepthwiseConv2D(
            size, use_bias=False, depthwise_initializer=self.initializer, name=f"{name}_depthwise"
        )(x)
        return keras.layers.Conv2D(
            filters, 1, use_bias=False, kernel_initializer=self.initializer, name=f"{name}_pointwise"
        )(x)

    def norm(self, x: Any, name: str, relu: bool = True) -> Any:
        gamma, beta = next(self._conditioning), next(self._conditioning)
        x = ConditionalInstanceNorm(name=f"{name}_norm")([x, gamma, beta])
        return keras.layers.ReLU(name=f"{name}_relu")(x) if relu else x

    def residual(self, x: Any, convolution: Callable[..., Any], name: str) -> Any:
        filters = x.shape[-1]
        h = self.norm(convolution(x, filters, 3, f"{name}_conv1"), f"{name}_conv1")
        h = self.norm(convolution(h, filters, 3, f"{name}_conv2"), f"{name}_conv2", relu=False)
        return keras.layers.Add(name=f"{name}_add")([x, h])

    def upsample(self, x: Any, name: str) -> Any:
        return keras.layers.UpSampling2D(2, interpolation="nearest", name=f"{name}_upsample")(x)

    def model(self, x: Any, name: str) -> keras.Model:
        # float32 whatever the policy: the picture itself must not be rounded to 8 bits of mantissa.
        picture = keras.layers.Activation("sigmoid", dtype="float32", name="stylised")(x)
        return keras.Model([self.content, self.embedding], picture, name=name)


def _sides(size: int, strides: int) -> tuple[int, int]:
    """Pixels before and after, so that a VALID convolution returns H / strides for H a multiple of strides."""
    total = size - strides
    if size % 2:  # odd kernels: the published network pads both sides by size // 2, stride or not
        return size // 2, size // 2
    return total // 2, total - total // 2


def paper(*, alpha: float = 1.0, separable: bool = False, padding: str = "reflect") -> keras.Model:
    """The transformer of Ghiasi et al. 2017; `separable` gives the variant of the published browser demo.

    The contraction carries batch norm (no style in the encoder), everything after it conditional instance norm; no
    convolution has a bias. Kernels start at N(0, 0.01) as published.

    Args:
        alpha: Width multiplier; channels are truncated to int(32 alpha), int(64 alpha), int(128 alpha).
        separable: Depthwise separable convolutions after the contraction.
        padding: "reflect" (published graph) or "zero" (the browser demo's export).
    """
    narrow, middle, wide = (int(width * alpha) for width in (32, 64, 128))
    if narrow < 1:
        raise ValueError(f"alpha must leave at least one channel of 32. Received: alpha={alpha}")
    graph = _Graph([wide] * 10 + [middle, narrow, 3], padding, keras.initializers.RandomNormal(stddev=0.01))
    after = graph.separable if separable else graph.conv

    x = graph.content
    for index, (filters, size, strides) in enumerate([(narrow, 9, 1), (middle, 3, 2), (wide, 3, 2)], start=1):
        name = f"contract_conv{index}"
        x = graph.conv(x, filters, size, name, strides)
        # Centre only, as in the published graph: a scale would be undone by the norms that follow.
        x = keras.layers.BatchNormalization(epsilon=1e-3, momentum=0.999, scale=False, name=f"{name}_norm")(x)
        x = keras.layers.ReLU(name=f"{name}_relu")(x)
    for index in range(1, 6):
        x = graph.residual(x, after, f"residual{index}")
    for index, filters in enumerate([middle, narrow], start=1):
        x = graph.upsample(x, f"expand_conv{index}")
        x = graph.norm(after(x, filters, 3, f"expand_conv{index}"), f"expand_conv{index}")
    x = graph.norm(after(x, 3, 9, "expand_conv3"), "expand_conv3", relu=False)
    return graph.model(x, "transformer")


def fast(*, stem: int = 16, width: int = 64, blocks: int = 5) -> keras.Model:
    """Impasto's own transformer: 0.36 GMAC at 256x256, no dense convolution over 3x3 at full resolution.

    Departures from Ghiasi et al. 2017: every norm is conditional (the encoder sees the style too), the picture is at
    half resolution after the first layer, blocks are depthwise separable, kernels start at He normal.

    Args:
        stem: Channels at half resolution.
        width: Channels of the quarter-resolution trunk.
        blocks: Residual blocks in the trunk.
    """
    norms = [stem, width] + [width] * (2 * blocks) + [2 * stem, stem, 3]
    graph = _Graph(norms, "reflect", keras.initializers.HeNormal())
    x = graph.norm(graph.conv(graph.content, stem, 4, "stem", strides=2), "stem")  # [B, H/2, W/2, stem]
    x = graph.norm(graph.conv(x, width, 4, "contract", strides=2), "contract")  # [B, H/4, W/4, width]
    for index in range(1, blocks + 1):
        x = graph.residual(x, graph.separable, f"residual{index}")
    x = graph.upsample(x, "expand1")  # [B, H/2, W/2, width]
    x = graph.norm(graph.separable(x, 2 * stem, 3, "expand1"), "expand1")
    x = graph.norm(graph.separable(x, stem, 3, "expand2"), "expand2")
    x = graph.upsample(x, "picture")  # [B, H, W, stem]
    x = graph.norm(graph.conv(x, 3, 3, "picture"), "picture", relu=False)
    return graph.model(x, "transformer")


def build_transformer(kind: str, **options: Any) -> keras.Model:
    """Builds the transformer named `kind` (one of `KINDS`); options go to its builder.

    Raises:
        ValueError: on an unknown kind or option; the message lists what exists.
    """
    builders: dict[str, Callable[..., keras.Model]] = {
        "paper": paper,
        "separable": lambda **kwargs: paper(separable=True, **kwargs),
        "fast": fast,
    }
    if kind not in builders:
        raise ValueError(f"transformer must be one of {KINDS}. Received: {kind!r}")
    try:
        return builders[kind](**options)
    except TypeError as error:
        raise ValueError(f"transformer {kind!r} does not take these options: {options} ({error})") from error
