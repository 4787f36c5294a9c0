"""Upsampling layers against interpolation written out by hand."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from models.upsampling import BilinearUpsampling2D, UpsampledConv2D


def _doubled(line: np.ndarray) -> np.ndarray:
    """Bilinear doubling of `[N, ...]` along the first axis, the end pixels continued."""
    padded = np.concatenate([line[:1], line, line[-1:]])
    before, here, after = padded[:-2], padded[1:-1], padded[2:]
    pair = np.stack([0.25 * before + 0.75 * here, 0.75 * here + 0.25 * after], axis=1)
    return pair.reshape(2 * len(line), *line.shape[1:])


def _reference(picture: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """`[H, W, C]` doubled with one pixel more around, then a 3x3 correlation, `[2H, 2W, F]`."""
    wide = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    fine = _doubled(_doubled(wide).transpose(1, 0, 2)).transpose(1, 0, 2)[1:-1, 1:-1]
    height, width = 2 * picture.shape[0], 2 * picture.shape[1]
    return sum(fine[y : y + height, x : x + width] @ kernel[y, x] for y in range(3) for x in range(3))


def test_a_line_doubled_by_hand() -> None:
    layer = BilinearUpsampling2D()
    found = np.asarray(layer(np.array([0, 4, 8], "f4").reshape(1, 1, 3, 1)))
    np.testing.assert_allclose(found[0, :, :, 0], np.tile([0, 1, 3, 5, 7, 8], (2, 1)), atol=1e-6)


def test_bilinear_upsampling_is_kerass_own_and_keeps_the_precision() -> None:
    picture = np.random.default_rng(0).random((2, 5, 7, 3), np.float32)
    expected = np.asarray(keras.layers.UpSampling2D(2, interpolation="bilinear")(picture))
    np.testing.assert_allclose(np.asarray(BilinearUpsampling2D()(picture)), expected, atol=1e-6)
    assert BilinearUpsampling2D(dtype="mixed_bfloat16")(picture).dtype == "bfloat16"


@pytest.mark.parametrize("by_rows", [False, True])
@pytest.mark.parametrize("height, width", [(5, 7), (4, 4), (1, 3)])
def test_upsampled_convolution_interpolates_and_convolves(by_rows: bool, height: int, width: int) -> None:
    rng = np.random.default_rng(1)
    layer = UpsampledConv2D(2, by_rows=by_rows)
    layer.build((1, height, width, 3))
    kernel = rng.normal(size=(3, 3, 3, 2)).astype("f4")
    layer.set_weights([kernel])
    picture = rng.random((height, width, 3), np.float32)
    found = np.asarray(layer(picture[None]))
    assert found.shape == (1, *layer.compute_output_shape((1, height, width, 3))[1:])
    np.testing.assert_allclose(found[0], _reference(picture, kernel), atol=1e-5)


def test_flat_pictures_stay_flat_and_ramps_straight() -> None:
    """What a checkerboard would break: neighbouring output pixels come from different phases."""
    layer = UpsampledConv2D(1)
    layer.build((1, 6, 6, 1))
    layer.set_weights([np.random.default_rng(2).normal(size=(3, 3, 1, 1)).astype("f4")])
    flat = np.asarray(layer(np.ones((1, 6, 6, 1), "f4")))
    np.testing.assert_allclose(flat, flat[0, 0, 0, 0], rtol=1e-5)
    ramp = np.broadcast_to(np.arange(6, dtype="f4")[None, None, :, None], (1, 6, 6, 1))
    steps = np.diff(np.asarray(layer(ramp))[0, :, 3:-3, 0], axis=1)
    np.testing.assert_allclose(steps, steps[0, 0], atol=1e-5)


def test_config_round_trip() -> None:
    layer = UpsampledConv2D(4, by_rows=True, name="picture")
    copy = UpsampledConv2D.from_config(layer.get_config())
    assert (copy.filters, copy.by_rows, copy.name) == (4, True, "picture")
