"""Padding by reflection on JAX, against NumPy, and its gradient against the one that JAX derives."""

from __future__ import annotations

from on_jax import printed_on_jax


def test_pads_and_derives_as_the_library_does() -> None:
    """Odd and even pads, none on a side, and sides so short that the two borders' copies come from the same pixels."""
    script = """
import numpy as np
from models.startup import load_backend_quietly
load_backend_quietly()
import jax, jax.numpy as jnp
from models.reflection import reflected
rng = np.random.default_rng(0)
for shape in ((2, 9, 12, 5), (1, 5, 6, 1)):
    for sides in (((1, 1), (1, 1)), ((4, 4), (4, 4)), ((1, 2), (0, 3)), ((0, 0), (2, 0))):
        x = rng.normal(size=shape).astype("float32")
        around = ((0, 0), *sides, (0, 0))
        found, back = jax.vjp(lambda images: reflected(images, sides), x)
        np.testing.assert_array_equal(found, np.pad(x, around, "reflect"))
        upstream = rng.normal(size=found.shape).astype("float32")
        wanted = jax.vjp(lambda images: jnp.pad(images, around, mode="reflect"), x)[1](upstream)[0]
        np.testing.assert_allclose(back(upstream)[0], wanted, atol=1e-5)
print("alike")
"""
    assert printed_on_jax(script) == "alike\n"
