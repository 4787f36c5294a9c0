"""Transformer networks: a photograph and a style embedding in, the stylised photograph out.

Every builder returns a `keras.Model` with inputs `content` float32 `[B, H, W, 3]` RGB in [0, 1] (H and W multiples of
what `size_multiple` says) and `embedding` float32 `[B, 100]`, and the output `[B, H, W, 3]` in [0, 1].

| kind | what | MAC at 256x256 |
|---|---|---|
| `paper` | Ghiasi et al. 2017 (arXiv 1705.06830, after Dumoulin et al. 2017), width multiplier `alpha` | 10.1 G |
| `separable` | the same with depthwise separable convolutions after the contraction | 2.3 G |
| `fast` | ours: a trunk of separable residual blocks at an eighth, bilinear upsampling, one skip | 0.26 G |
| `fine` | the same layout, wider, with most of the trunk at a quarter | 1.14 G |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras

from models.architecture import once_an_architecture
from models.layers import ConditionalInstanceNorm, ReflectionPad2D, StyleHeads
from models.starts import Start
from models.upsampling import BilinearUpsampling2D, UpsampledConv2D

EMBEDDING_SIZE = 100
KINDS = ("paper", "separable", "fast", "fine")
PADDINGS = ("reflect", "zero")


class _Graph:
    """The blocks of one transformer under construction: what every layer shares, said once."""

    def __init__(self, norm_channels: list[int], padding: str, start: Start) -> None:
        if padding not in PADDINGS:
            raise ValueError(f"padding must be one of {PADDINGS}. Received: padding={padding!r}")
        self.padding = padding
        self.start = start
        self.content = keras.Input((None, None, 3), name="content")
        self.embedding = keras.Input((EMBEDDING_SIZE,), name="embedding")
        self._conditioning = iter(StyleHeads(norm_channels, name="style_heads", dtype="float32")(self.embedding))

    def pad(self, x: Any, sides: tuple[int, int], name: str) -> Any:
        if self.padding == "zero":
            return keras.layers.ZeroPadding2D((sides, sides), name=f"{name}_pad")(x)
        return ReflectionPad2D((sides, sides), name=f"{name}_pad")(x)

    def conv(self, x: Any, filters: int, size: int, name: str, strides: int = 1, *, norm_follows: bool = True) -> Any:
        """Padded convolution `[B, H, W, C]` -> `[B, H/strides, W/strides, filters]`; bias and relu without a norm."""
        if size > 1:
            x = self.pad(x, _sides(size, strides), name)
        x = keras.layers.Conv2D(
            filters,
            size,
            strides=strides,
            use_bias=not norm_follows,
            kernel_initializer=self.start.kernel(),
            name=name,
        )(x)
        return x if norm_follows else keras.layers.ReLU(name=f"{name}_relu")(x)

    def separable(self, x: Any, filters: int, size: int, name: str, *, ends_branch: bool = False) -> Any:
        """Padded depthwise `size` x `size`, then pointwise 1x1, nothing in between."""
        x = self.pad(x, _sides(size, 1), name)
        x = keras.layers.DepthwiseConv2D(
            size, use_bias=False, depthwise_initializer=self.start.kernel(), name=f"{name}_depthwise"
        )(x)
        pointwise = self.start.last_of_branch() if ends_branch else self.start.kernel()
        return keras.layers.Conv2D(filters, 1, use_bias=False, kernel_initializer=pointwise, name=f"{name}_pointwise")(
            x
        )

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


@once_an_architecture
def size_multiple(transformer: keras.Model) -> int:
    """Pixels that height and width must be a multiple of; read off the network's lowest resolution.

    Networks that go down to an eighth ask for twice that, so that statistics can be pooled at every resolution
    (models.inference); the published ones ask for the quarter that they need.
    """
    side = 64
    probe = keras.models.clone_model(
        transformer, input_tensors=[keras.Input((side, side, 3)), keras.Input((EMBEDDING_SIZE,))]
    )
    norms = [layer for layer in probe.layers if isinstance(layer, ConditionalInstanceNorm)]
    reduction = max(side // layer.input[0].shape[1] for layer in norms)
    return 16 if reduction > 4 else 4


def _sides(size: int, strides: int) -> tuple[int, int]:
    """Pixels before and after, so that a VALID convolution returns H / strides for H a multiple of strides."""
    total = size - strides
    if size % 2:  # odd kernels: the published network pads both sides by size // 2, stride or not
        return size // 2, size // 2
    return total // 2, total - total // 2


def paper(*, alpha: float = 1.0, separable: bool = False, padding: str = "reflect") -> keras.Model:
    """The transformer of Ghiasi et al. 2017; `separable` gives the variant of the published browser demo.

    The contraction carries batch norm (no style in the encoder), everything after it conditional instance norm; no
    convolution has a bias. Kernels start at N(0, 0.01) as published; residual branches end in a norm, which brings any
    output to the same size, so that a small last kernel would be no smaller start.

    Args:
        alpha: Width multiplier; channels are truncated to int(32 alpha), int(64 alpha), int(128 alpha).
        separable: Depthwise separable convolutions after the contraction.
        padding: "reflect" (published graph) or "zero" (the browser demo's export).
    """
    narrow, middle, wide = (int(width * alpha) for width in (32, 64, 128))
    if narrow < 1:
        raise ValueError(f"alpha must leave at least one channel of 32. Received: alpha={alpha}")
    graph = _Graph(
        [wide] * 10 + [middle, narrow, 3], padding, Start(keras.initializers.RandomNormal(stddev=0.01), "independent")
    )
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


def fast(
    *,
    stem: int = 16,
    middle: int = 40,
    width: int = 96,
    blocks: int = 4,
    middle_blocks: int = 2,
    last: int = 12,
    start: str = "zero",
) -> keras.Model:
    """Impasto's own transformer: most of the work at an eighth of the picture, none at full resolution.

    Departures from Ghiasi et al. 2017: the encoder has biases instead of batch norm; the first layer halves the
    picture, and the trunk of separable residual blocks is at an eighth of it, where strokes are a few positions wide;
    what is finer comes over a skip connection at a quarter; a block has one norm, in its middle (a second costs time
    and gains nothing that was measured), and the 1x1 convolutions on the way up have none (a norm costs as much as a
    convolution); upsampling is bilinear, and the last one is one layer with the last convolution
    (`UpsampledConv2D`); kernels start at He normal, those that end a block at zero.

    Its shape was compared once more from the start, behind the shipped predictor: 200 steps of 4 pairs at 128 px, the
    loss of the last 50.

    | shape | loss, seeds 1 and 2 | content | parameters |
    |---|---|---|---|
    | as it is | 2.29 2.44 | 0.40 0.49 | 263 k |
    | no block at a quarter | 2.48 2.42 | 0.55 0.47 | 239 k |
    | four blocks at a quarter | 2.29 2.34 | 0.45 0.41 | 287 k |
    | 64 channels at an eighth | 2.38 | 0.42 | 172 k |
    | 128 channels at an eighth | 2.35 | 0.42 | 370 k |
    | two blocks at an eighth | 2.36 | 0.47 | 184 k |
    | six blocks at an eighth | 2.44 | 0.51 | 342 k |
    | a second norm in each block | 2.44 2.31 | 0.70 0.65 | 356 k |

    Two seeds of one shape differ by up to 0.14, more than most shapes do. Blocks at a quarter help by their means
    (2.45, 2.37, 2.31 for none, two, four), and `fine` has five of them; a second norm costs content. Nothing changes.

    Args:
        stem: Channels at half resolution, on the way down.
        middle: Channels at quarter resolution.
        width: Channels at an eighth.
        blocks: Residual blocks at an eighth.
        middle_blocks: Residual blocks at a quarter, on the way up.
        last: Channels at half resolution, on the way up.
        start: How residual branches start, one of `models.starts.STARTS`.
    """
    norms = [width] * blocks + [middle] * middle_blocks + [last, 3]
    graph = _Graph(norms, "reflect", Start(keras.initializers.HeNormal(), start))

    def block(x: Any, name: str) -> Any:
        filters = x.shape[-1]
        h = graph.norm(graph.separable(x, filters, 3, f"{name}_conv1"), f"{name}_conv1")
        h = graph.separable(h, filters, 3, f"{name}_conv2", ends_branch=True)
        return keras.layers.Add(name=f"{name}_add")([x, h])

    x = graph.conv(graph.content, stem, 4, "contract1", strides=2, norm_follows=False)  # [B, H/2, W/2, stem]
    quarter = graph.conv(x, middle, 4, "contract2", strides=2, norm_follows=False)  # [B, H/4, W/4, middle]
    x = graph.conv(quarter, width, 4, "contract3", strides=2, norm_follows=False)  # [B, H/8, W/8, width]
    for index in range(1, blocks + 1):
        x = block(x, f"residual{index}")
    # Channels are reduced before upsampling: a quarter of the work, and interpolation commutes with it.
    x = graph.conv(x, middle, 1, "expand1")
    x = BilinearUpsampling2D(name="expand1_upsample")(x)  # [B, H/4, W/4, middle]
    x = keras.layers.Add(name="skip_add")([x, quarter])
    for index in range(1, middle_blocks + 1):
        x = block(x, f"middle{index}")
    x = graph.conv(x, last, 1, "expand2", norm_follows=False)
    x = BilinearUpsampling2D(name="expand2_upsample")(x)  # [B, H/2, W/2, last]
    x = graph.norm(graph.separable(x, last, 3, "expand3"), "expand3")
    x = UpsampledConv2D(3, kernel_initializer=graph.start.kernel(), name="picture")(x)  # [B, H, W, 3]
    x = graph.norm(x, "picture", relu=False)
    return graph.model(x, "transformer")


def fine(
    *,
    stem: int = 24,
    middle: int = 96,
    width: int = 160,
    blocks: int = 4,
    middle_blocks: int = 5,
    last: int = 24,
    start: str = "zero",
) -> keras.Model:
    """`fast`'s layout for stills, four times its work: five blocks at a quarter, where strokes have a finer grid.

    Arguments as of `fast`. The blocks at an eighth stay: they see far, which a picture's large shapes need, for a fifth
    of all multiplications.
    """
    return fast(
        stem=stem, middle=middle, width=width, blocks=blocks, middle_blocks=middle_blocks, last=last, start=start
    )


def build_transformer(kind: str, **options: Any) -> keras.Model:
    """Builds the transformer named `kind` (one of `KINDS`); options go to its builder.

    Raises:
        ValueError: on an unknown kind or option; the message lists what exists.
    """
    builders: dict[str, Callable[..., keras.Model]] = {
        "paper": paper,
        "separable": lambda **kwargs: paper(separable=True, **kwargs),
        "fast": fast,
        "fine": fine,
    }
    if kind not in builders:
        raise ValueError(f"transformer must be one of {KINDS}. Received: {kind!r}")
    try:
        return builders[kind](**options)
    except TypeError as error:
        raise ValueError(f"transformer {kind!r} does not take these options: {options} ({error})") from error
