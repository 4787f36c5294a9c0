"""Padding by reflection: on JAX as zeros that are written over, which is one pass over the picture.

`jax.numpy.pad` puts three parts beside each other, once for rows and once for columns, and their gradients on maps of
zeros. On an H200, forward and backward took 1.1 ms for 32 x 272 x 272 x 64 in bfloat16, more than the convolution
behind it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from keras import backend, ops

Sides = tuple[tuple[int, int], tuple[int, int]]


def reflected(features: Any, sides: Sides) -> Any:
    """`[B, H, W, C]` -> `[B, H + top + bottom, W + left + right, C]`, without repeating the border.

    Args:
        features: H and W exceed what is added on their sides.
        sides: ((top, bottom), (left, right)).
    """
    if backend.backend() == "jax" and None not in features.shape[1:3]:
        return _on_jax(sides)(features)
    return ops.pad(features, ((0, 0), *sides, (0, 0)), mode="reflect")


@lru_cache
def _on_jax(sides: Sides) -> Callable[[Any], Any]:
    import jax
    import jax.numpy as jnp
    from jax import lax

    def part(images: Any, axis: int, start: int, stop: int) -> Any:
        """The rows or columns from `start` to `stop`, in the reversed order."""
        return jnp.flip(lax.slice_in_dim(images, start, stop, axis=axis), axis)

    def beside(images: Any, axis: int, before: int, after: int) -> Any:
        length = images.shape[axis]
        parts = [part(images, axis, 1, before + 1), images, part(images, axis, length - after - 1, length - 1)]
        return jnp.concatenate(parts, axis)

    def padded(images: Any) -> Any:
        (top, bottom), (left, right) = sides
        height, width = images.shape[1:3]
        edges = ((0, 0, 0), (top, bottom, 0), (left, right, 0), (0, 0, 0))
        whole = lax.pad(images, jnp.zeros((), images.dtype), edges)
        # Rows over the pictures' own width, then columns with the corners.
        for at, rows in ((0, (1, top + 1)), (top + height, (height - bottom - 1, height - 1))):
            if rows[0] < rows[1]:
                whole = lax.dynamic_update_slice(whole, part(images, 1, *rows), (0, at, left, 0))
        for at, columns in ((0, (1, left + 1)), (left + width, (width - right - 1, width - 1))):
            if columns[0] < columns[1]:
                corners_too = beside(part(images, 2, *columns), 1, top, bottom)
                whole = lax.dynamic_update_slice_in_dim(whole, corners_too, at, 2)
        return whole

    def backward(_: None, upstream: Any) -> tuple[Any]:
        # What the copies were given is added where they were copied from.
        for axis, (before, after) in ((2, sides[1]), (1, sides[0])):
            length = upstream.shape[axis] - before - after
            inside = lax.slice_in_dim(upstream, before, before + length, axis=axis)
            for start, count, at in ((1, before, 0), (length - after - 1, after, before + length)):
                if count:
                    given = part(upstream, axis, at, at + count)
                    own = lax.slice_in_dim(inside, start, start + count, axis=axis)
                    inside = lax.dynamic_update_slice_in_dim(inside, own + given, start, axis)
            upstream = inside
        return (upstream,)

    padding = jax.custom_vjp(padded)
    padding.defvjp(lambda images: (padded(images), None), backward)
    return padding
