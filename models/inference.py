"""The inference form of a transformer: the same picture from a graph that runtimes compute several times faster.

What depends on the style alone is taken out (`conditioning_network`), and every conditional instance norm is written as
runtimes like it. One style is then one vector, `conditioning` `[1, T]`: gamma and beta of every norm, in the order of
`StyleHeads`. The same layout with scale and shift in the place of gamma and beta is called `affine`; it also depends on
the photograph's statistics, and applying it needs no look at the whole picture, so that a large photograph can be
painted in tiles:

    conditioning = conditioning_network(transformer)(embedding)
    stylised, affine = whole_transformer(transformer)([content, conditioning])  # a picture, and its statistics
    stylised = tile_transformer(transformer)([tile, affine])                    # a part, with the whole's statistics

An export with one graph for both takes `whole_transformer(transformer, given=True)`, also fed an affine vector, and how
much of it to use. All of these share no weights with `transformer`: they hold copies. Batches of one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from models.architecture import once_an_architecture
from models.layers import ConditionalInstanceNorm, StyleHeads
from models.transformers import EMBEDDING_SIZE, size_multiple
from models.upsampling import UpsampledConv2D

# Side at which a network is probed for the resolution of its layers; any multiple of every size multiple.
_PROBE = 64


class SplitConditioning(keras.layers.Layer):
    """`[1, T]` -> gamma_1 `[C1]`, beta_1 `[C1]`, gamma_2, ...: what `StyleHeads` gives, as rank-1 vectors.

    Rank 1, because TensorFlow.js refuses a bias of rank 2 where its converter has fused one into a convolution.
    """

    def __init__(self, channels: list[int], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.channels = channels

    def call(self, conditioning: Any) -> list[Any]:
        ends, total = [], 0
        for count in self.channels:
            ends += [total + count, total + 2 * count]
            total += 2 * count
        return list(ops.split(ops.reshape(conditioning, (total,)), ends[:-1]))

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> list[tuple[int | None, ...]]:
        return [(count,) for count in self.channels for _ in ("gamma", "beta")]


class InstanceStatistics(keras.layers.Layer):
    """Features `[1, H, W, C]`, gamma `[C]` and beta `[C]` -> scale `[C]` and shift `[C]` of the conditional norm.

    Sums over positions run through average pooling first: TensorFlow.js' mean over two axes takes ten times as long in
    WebAssembly, and a matrix product with a row of ones has its large side packed anew for every picture.

    Args:
        epsilon: As in `ConditionalInstanceNorm`.
        pool: Side of the pooling window; divides H and W.
    """

    def __init__(self, epsilon: float, pool: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.pool = pool

    def call(self, inputs: list[Any]) -> list[Any]:
        features, gamma, beta = inputs
        mean = self._mean(features)
        # A relu, not only for safety: `+ epsilon` next to a product is fused into what WebAssembly cannot compute.
        variance = ops.relu(self._mean(ops.square(features)) - ops.square(mean))
        scale = gamma * ops.rsqrt(variance + self.epsilon)
        return [scale, beta - mean * scale]

    def _mean(self, x: Any) -> Any:
        pooled = ops.average_pool(x, self.pool, strides=self.pool, padding="valid") if self.pool > 1 else x
        return ops.mean(pooled, axis=(0, 1, 2))

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> list[tuple[int | None, ...]]:
        return [(input_shape[0][-1],), (input_shape[0][-1],)]


class ScaleAndShift(keras.layers.Layer):
    """Features `[1, H, W, C]`, scale `[C]`, shift `[C]` -> `scale * features + shift`.

    Args:
        as_convolution: Multiply by a 1x1 depthwise convolution, which TensorFlow.js fuses with the shift and a relu
            that follows; a broadcast product and sum take fourteen times as long there. Other runtimes have fast
            broadcasts, and no fast convolution with a kernel that is computed.
    """

    def __init__(self, as_convolution: bool, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.as_convolution = as_convolution

    def call(self, inputs: list[Any]) -> Any:
        features, scale, shift = inputs
        if not self.as_convolution:
            return features * scale + shift
        kernel = ops.reshape(scale, (1, 1, features.shape[-1], 1))
        return ops.depthwise_conv(features, kernel, padding="valid") + shift

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> tuple[int | None, ...]:
        return tuple(input_shape[0])


class GivenStatistics(keras.layers.Layer):
    """scale `[C]`, shift `[C]`, two like them that are given, and their share `[1]` -> the means, so weighted.

    At 0 and at 1 the means are the one and the other to the bit.
    """

    def call(self, inputs: list[Any]) -> list[Any]:
        scale, shift, given_scale, given_shift, share = inputs
        return [(1 - share) * scale + share * given_scale, (1 - share) * shift + share * given_shift]

    def compute_output_shape(self, input_shape: list[tuple[int | None, ...]]) -> list[tuple[int | None, ...]]:
        return [input_shape[0], input_shape[1]]


def style_heads(transformer: keras.Model) -> StyleHeads:
    """The one layer of `transformer` that maps the embedding to gammas and betas."""
    return next(layer for layer in transformer.layers if isinstance(layer, StyleHeads))


def conditioning_size(transformer: keras.Model) -> int:
    """T: how many gammas and betas there are in all."""
    return 2 * sum(style_heads(transformer).channels)


def conditioning_network(transformer: keras.Model) -> keras.Model:
    """Model of `embedding` `[B, 100]` -> `conditioning` `[B, T]`."""
    heads = style_heads(transformer)
    embedding = keras.Input((EMBEDDING_SIZE,), name="embedding")
    linear = keras.layers.Dense(conditioning_size(transformer), name="conditioning")
    model = keras.Model(embedding, linear(embedding), name="conditioning")
    linear.set_weights(heads.get_weights())
    return model


def whole_transformer(transformer: keras.Model, *, as_convolution: bool = False, given: bool = False) -> keras.Model:
    """Model of `content` `[1, H, W, 3]` and `conditioning` `[1, T]` -> `stylised` `[1, H, W, 3]`, `affine` `[1, T]`.

    Equals `transformer` to 1e-4 on pictures in [0, 1]; H and W must be multiples of `size_multiple(transformer)`.

    Args:
        transformer: Any of models.transformers, in float32.
        as_convolution: See `ScaleAndShift`.
        given: Add the inputs `given_affine` `[1, T]` and `given_share` `[1]`: with a share of 0 the picture's own
            statistics are used, with 1 those that are given, between them the mean so weighted. The output `affine` is
            what was used.
    """
    pools = _pools(transformer)
    used: list[Any] = []
    more = [
        keras.Input((conditioning_size(transformer),), batch_size=1, name="given_affine"),
        keras.Input((), batch_size=1, name="given_share"),
    ]
    vectors = iter(SplitConditioning(style_heads(transformer).channels, name="given_vectors")(more[0]) if given else ())

    def norm(layer: ConditionalInstanceNorm, inputs: list[Any]) -> Any:
        statistics = InstanceStatistics(layer.epsilon, pools[layer.name], name=f"{layer.name}_statistics")
        scale, shift = statistics(inputs)
        if given:
            mix = GivenStatistics(name=f"{layer.name}_given")
            scale, shift = mix([scale, shift, next(vectors), next(vectors), more[1]])
        used.extend((scale, shift))
        return ScaleAndShift(as_convolution, name=layer.name)([inputs[0], scale, shift])

    content, conditioning, stylised = _rebuild(transformer, "conditioning", norm, by_rows=True)
    joined = ops.reshape(ops.concatenate(used, axis=0), (1, conditioning_size(transformer)))
    outputs = {"stylised": stylised, "affine": keras.layers.Identity(name="affine_used")(joined)}
    inputs = [content, conditioning, *(more if given else ())]
    return _with_weights(keras.Model(inputs, outputs, name="whole_transformer"), transformer)


def tile_transformer(transformer: keras.Model) -> keras.Model:
    """Model of `content` `[1, H, W, 3]` and `affine` `[1, T]` (`whole_transformer`'s) -> `stylised` `[1, H, W, 3]`."""

    def norm(layer: ConditionalInstanceNorm, inputs: list[Any]) -> Any:
        return ScaleAndShift(False, name=layer.name)(inputs)

    content, affine, stylised = _rebuild(transformer, "affine", norm, by_rows=True)
    return _with_weights(keras.Model([content, affine], stylised, name="tile_transformer"), transformer)


def _rebuild(
    transformer: keras.Model, vector_name: str, norm: Callable[[Any, list[Any]], Any], *, by_rows: bool
) -> tuple[Any, Any, Any]:
    """Runs `transformer`'s graph on new inputs, norms replaced by what `norm` makes of them."""
    content = keras.Input((None, None, 3), batch_size=1, name="content")
    vector = keras.Input((conditioning_size(transformer),), batch_size=1, name=vector_name)

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        if isinstance(layer, StyleHeads):
            return SplitConditioning(layer.channels, name=layer.name)
        if isinstance(layer, UpsampledConv2D):
            return UpsampledConv2D.from_config({**layer.get_config(), "by_rows": by_rows})
        if isinstance(layer, ConditionalInstanceNorm):
            return layer
        return layer.__class__.from_config(layer.get_config())

    def call(layer: keras.layers.Layer, *args: Any, **kwargs: Any) -> Any:
        if isinstance(layer, ConditionalInstanceNorm):
            return norm(layer, args[0])
        return layer(*args, **kwargs)

    # What keras.models.clone_model does, without its check that the output depends on nothing but the two inputs: norms
    # may be fed by further ones.
    stylised = transformer._run_through_graph([content, vector], operation_fn=copy, call_fn=call)
    return content, vector, stylised


def _with_weights(model: keras.Model, transformer: keras.Model) -> keras.Model:
    sources = {layer.name: layer for layer in transformer.layers}
    for layer in model.layers:
        if layer.weights:
            layer.set_weights(sources[layer.name].get_weights())
    return model


@once_an_architecture
def _pools(transformer: keras.Model) -> dict[str, int]:
    """For every norm, the largest window up to 8 that divides its height and width at any allowed size."""
    probe = keras.models.clone_model(
        transformer, input_tensors=[keras.Input((_PROBE, _PROBE, 3)), keras.Input((EMBEDDING_SIZE,))]
    )
    multiple = size_multiple(transformer)
    return {
        layer.name: min(8, multiple * layer.input[0].shape[1] // _PROBE)
        for layer in probe.layers
        if isinstance(layer, ConditionalInstanceNorm)
    }
