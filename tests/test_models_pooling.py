"""Maximum pooling by cells, as JAX has it here, against TensorFlow's own."""

from __future__ import annotations

import numpy as np
import pytest

from models.pooling import cells


@pytest.mark.parametrize("sides", ((8, 6), (7, 9)))
def test_pools_and_derives_as_tensorflow_does(sides: tuple[int, int]) -> None:
    import jax
    import tensorflow as tf

    rng = np.random.default_rng(sum(sides))
    pictures = rng.normal(size=(2, *sides, 3)).astype(np.float32)
    with tf.GradientTape() as tape:
        given = tf.constant(pictures)
        tape.watch(given)
        wanted = tf.nn.max_pool2d(given, 2, 2, "VALID")
    found, back = jax.vjp(cells(), pictures)
    np.testing.assert_array_equal(found, wanted)
    upstream = rng.normal(size=found.shape).astype(np.float32)
    np.testing.assert_array_equal(back(upstream)[0], tape.gradient(wanted, given, upstream))


def test_equals_share_their_gradient() -> None:
    """A cell of 3, 1, 3, 3 gives a third to each of the three; XLA would give all to the first."""
    import jax

    picture = np.array([[3, 1], [3, 3]], np.float32).reshape(1, 2, 2, 1)
    _, back = jax.vjp(cells(), picture)
    np.testing.assert_allclose(np.squeeze(back(np.full((1, 1, 1, 1), 6, np.float32))[0]), [[2, 0], [2, 2]], atol=1e-6)
