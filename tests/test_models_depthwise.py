"""Depthwise convolutions of JAX as sums of shifted products, against TensorFlow's own."""

from __future__ import annotations

import numpy as np
import pytest
from on_jax import printed_on_jax

from models.depthwise import shifted


@pytest.mark.parametrize("padding", ("valid", "same"))
@pytest.mark.parametrize(("side", "strides"), ((3, (1, 1)), (3, (2, 2)), (4, (1, 1)), (5, (2, 2)), (2, (2, 2))))
def test_as_tensorflow_convolves(side: int, strides: tuple[int, int], padding: str) -> None:
    import tensorflow as tf

    rng = np.random.default_rng(side)
    pictures = rng.normal(size=(2, 9, 12, 5)).astype(np.float32)
    kernel = rng.normal(size=(side, side, 5, 1)).astype(np.float32)
    wanted = tf.nn.depthwise_conv2d(pictures, kernel, (1, *strides, 1), padding.upper())
    np.testing.assert_allclose(shifted(pictures, kernel, strides, padding), wanted, atol=1e-5)


def test_half_precision_is_summed_in_single() -> None:
    """256 and eight numbers of a half: bfloat16, which has eight bits, would leave the 256 as it is."""
    import jax.numpy as jnp

    pictures = np.full((1, 3, 3, 1), 0.5, np.float32)
    pictures[0, 0, 0] = 256
    ones = np.ones((3, 3, 1, 1), np.float32)
    found = shifted(jnp.asarray(pictures, "bfloat16"), jnp.asarray(ones, "bfloat16"), (1, 1), "valid")
    assert found.dtype == jnp.bfloat16 and float(found[0, 0, 0, 0]) == 260


def test_keras_uses_it_on_jax_and_leaves_the_rest() -> None:
    """Kernels with several outputs a channel, with holes, or of many places go to XLA's own."""
    script = """
import numpy as np
from models.startup import load_backend_quietly
load_backend_quietly()
from keras import ops
from keras.src.backend import nn
rng = np.random.default_rng(0)
x = rng.normal(size=(1, 8, 8, 3)).astype("float32")
seen = []
before = nn.depthwise_conv.before
for kernel, dilation in (((3, 3, 3, 1), 1), ((3, 3, 3, 2), 1), ((3, 3, 3, 1), 2), ((7, 7, 3, 1), 1)):
    k = rng.normal(size=kernel).astype("float32")
    found = ops.depthwise_conv(x, k, padding="same", dilation_rate=dilation)
    seen.append(float(np.abs(np.asarray(found) - np.asarray(before(x, k, 1, "same", None, dilation))).max()))
assert max(seen) < 1e-5, seen
print("alike")
"""
    assert printed_on_jax(script) == "alike\n"


@pytest.mark.parametrize("padding", ("valid", "same"))
@pytest.mark.parametrize(("side", "strides"), ((3, (1, 1)), (3, (2, 2)), (4, (1, 2)), (5, (2, 2)), (2, (2, 2))))
def test_gradients_are_tensorflows(side: int, strides: tuple[int, int], padding: str) -> None:
    """Of pictures and kernel; TensorFlow has no strides that differ, so that JAX's own stand in for them there."""
    import jax
    import tensorflow as tf

    rng = np.random.default_rng(side)
    pictures = rng.normal(size=(2, 9, 12, 5)).astype(np.float32)
    kernel = rng.normal(size=(side, side, 5, 1)).astype(np.float32)
    found, back = jax.vjp(lambda x, k: shifted(x, k, strides, padding), pictures, kernel)
    upstream = rng.normal(size=found.shape).astype(np.float32)
    if strides[0] == strides[1]:
        with tf.GradientTape() as tape:
            given = tf.constant(pictures), tf.constant(kernel)
            tape.watch(given)
            painted = tf.nn.depthwise_conv2d(*given, (1, *strides, 1), padding.upper())
        wanted = tape.gradient(painted, given, upstream)
    else:
        own = jax.vjp(
            lambda x, k: jax.lax.conv_general_dilated(
                x, k.transpose(0, 1, 3, 2), strides, padding.upper(), feature_group_count=5,
                dimension_numbers=("NHWC", "HWIO", "NHWC"),
            ),
            pictures,
            kernel,
        )  # fmt: skip
        wanted = own[1](upstream)
    for ours, theirs in zip(back(upstream), wanted, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-5)
