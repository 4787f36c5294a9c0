"""The forms for runtimes give the transformer's numbers, whatever network it was made of."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from export.rewriting import for_litert, for_onnx_runtime, for_tensorflow_js
from export.rewritten_layers import (
    ConcatenatedPad2D,
    ConcatenatedUpsampling2D,
    ConvolvedUpsampling2D,
    RearrangedSigmoid,
    stacked_kernel,
)
from models.inference import conditioning_size, whole_transformer
from models.layers import ReflectionPad2D
from models.transformers import build_transformer
from models.upsampling import BilinearUpsampling2D, UpsampledConv2D

SMALL = {"stem": 8, "middle": 8, "width": 16, "blocks": 1, "middle_blocks": 1, "last": 8, "start": "independent"}
KINDS: dict[str, dict[str, Any]] = {
    "fast": SMALL,
    "fine": SMALL | {"middle": 24, "middle_blocks": 2},
    "paper": {"alpha": 0.1},  # pads by four pixels, and upsamples to the nearest
}
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("kind", KINDS)
def test_forms_equal_the_transformer(kind: str) -> None:
    transformer = build_transformer(kind, **KINDS[kind])
    for layer in transformer.layers:
        # As small as it starts, features vary by less than the norm's epsilon, and rounding shows.
        if kind == "paper" and isinstance(layer, keras.layers.Conv2D):
            layer.kernel.assign(20 * layer.kernel)
    feeds = [RNG.random((1, 32, 48, 3), "f4"), RNG.normal(size=(1, conditioning_size(transformer))).astype("f4")]
    plain = whole_transformer(transformer)
    expected = plain(feeds)
    assert float(np.std(expected["stylised"])) > 0.01
    for form in (for_tensorflow_js, for_onnx_runtime, for_litert):
        rewritten = form(plain)
        found = rewritten(feeds)
        for name in ("stylised", "affine"):
            largest = float(np.abs(expected[name]).max())  # a scale is one over a deviation: up to 7
            np.testing.assert_allclose(
                found[name], expected[name], rtol=0, atol=3e-6 * largest, err_msg=f"{form.__name__} {name}"
            )
    replaced = (ReflectionPad2D, UpsampledConv2D, BilinearUpsampling2D, keras.layers.UpSampling2D)
    assert any(isinstance(layer, replaced) for layer in plain.layers)
    assert not any(isinstance(layer, replaced) for layer in rewritten.layers)
    # LiteRT's picture is rearranged last, where an upsampled convolution makes it.
    assert isinstance(rewritten.get_layer("stylised"), RearrangedSigmoid) == (kind != "paper")


def test_padding_by_concatenation() -> None:
    x = np.arange(2 * 4 * 5 * 1, dtype="f4").reshape(2, 4, 5, 1)
    around = ((0, 0), (2, 1), (3, 0), (0, 0))
    np.testing.assert_array_equal(ConcatenatedPad2D(around[1:3])(x), np.pad(x, around, mode="reflect"))
    repeated = ConcatenatedPad2D(around[1:3], repeat_border=True)(x)
    np.testing.assert_array_equal(repeated, np.pad(x, around, mode="symmetric"))


def test_nearest_upsampling_by_concatenation() -> None:
    x = RNG.random((2, 3, 4, 5), "f4")
    np.testing.assert_array_equal(ConcatenatedUpsampling2D()(x), x.repeat(2, axis=1).repeat(2, axis=2))


def test_bilinear_upsampling_by_convolutions() -> None:
    """A line of 0 and 4: between them a quarter and three quarters, the borders continued."""
    x = np.array([0, 4], "f4").reshape(1, 1, 2, 1)
    np.testing.assert_array_equal(np.ravel(ConvolvedUpsampling2D()(x)), [0, 1, 3, 4] * 2)
    x = RNG.random((1, 3, 4, 5), "f4")
    np.testing.assert_allclose(ConvolvedUpsampling2D()(x), BilinearUpsampling2D()(x), atol=1e-6)


def test_stacked_kernel_of_a_single_tap() -> None:
    """One weight in the fine kernel's middle: every phase is the bilinear interpolation of its four neighbours."""
    layer = UpsampledConv2D(2)
    layer.build((None, None, None, 3))
    kernel = np.zeros((3, 3, 3, 2), "f4")
    kernel[1, 1, 2, 1] = 1
    layer.set_weights([kernel])
    found = stacked_kernel(layer).reshape(3, 3, 3, 2, 2, 2)  # [row, column, input, row phase, column phase, output]
    line = {0: [0.25, 0.75, 0.0], 1: [0.0, 0.75, 0.25]}
    for row_phase in (0, 1):
        for column_phase in (0, 1):
            expected = np.outer(line[row_phase], line[column_phase])
            np.testing.assert_allclose(found[:, :, 2, row_phase, column_phase, 1], expected, atol=1e-7)
    assert np.count_nonzero(found) == 16
