from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow")
keras = pytest.importorskip("keras")
if keras.backend.backend() != "tensorflow":
    pytest.skip("compares with tf.image inside tf.data", allow_module_level=True)

from datasets import ops  # noqa: E402
from datasets.preprocessing import content_images, style_images  # noqa: E402

RNG = np.random.default_rng(0)
IMAGES = RNG.random((3, 24, 31, 3), dtype=np.float32)
BOXES = np.array([[0.1, 0.2, 0.7, 0.9], [0, 0, 1, 1], [0.35, 0.05, 0.6, 0.4]], np.float32)


def _batch() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(5)
    return {
        "content": rng.integers(0, 256, (3, 40, 40, 3), np.uint8),
        "content_box": BOXES,
        "content_flip": np.array([0, 1, 0], np.float32),
        "style": rng.integers(0, 256, (3, 40, 40, 3), np.uint8),
        "style_box": BOXES[::-1].copy(),
        "style_flip": np.array([[1, 0], [0, 1], [0, 0]], np.float32),
        "style_colour": np.array([[0.2, 0.6, 0.1], [-0.3, 1.4, -0.2], [0, 1, 0]], np.float32),
        "style_size": np.zeros((3, 22), np.uint8),
        "identity": np.array([0, 0, 1], np.float32),
    }


def test_to_float() -> None:
    np.testing.assert_allclose(ops.to_float(np.array([0, 51, 255], np.uint8)), [0, 0.2, 1])


@pytest.mark.parametrize("size", [(12, 10), (24, 31), (50, 70), (7, 64)])
def test_crop_resize_of_the_whole_equals_tf_resize(size: tuple[int, int]) -> None:
    whole = np.tile(np.array([0, 0, 1, 1], np.float32), (3, 1))
    expected = tf.image.resize(IMAGES, size, antialias=True)
    np.testing.assert_allclose(ops.crop_resize(IMAGES, whole, size), expected, atol=2e-5)


@pytest.mark.parametrize("size", [(9, 11), (40, 33)])
def test_crop_resize_of_boxes_equals_scale_and_translate(size: tuple[int, int]) -> None:
    found = ops.crop_resize(IMAGES, BOXES, size)
    for image, box, result in zip(IMAGES, BOXES, found, strict=True):
        extent = np.array([24, 31], np.float32)
        scale = np.array(size, np.float32) / ((box[2:] - box[:2]) * extent)
        expected = tf.raw_ops.ScaleAndTranslate(
            images=image[None],
            size=size,
            scale=scale,
            translation=-box[:2] * extent * scale,
            kernel_type="triangle",
            antialias=True,
        )[0]
        np.testing.assert_allclose(result, expected, atol=1e-4)


def test_crop_resize_copies_whole_pixels_exactly() -> None:
    box = np.array([[4 / 24, 10 / 31, 16 / 24, 30 / 31]] * 3, np.float32)
    np.testing.assert_allclose(ops.crop_resize(IMAGES, box, (12, 20)), IMAGES[:, 4:16, 10:30], atol=1e-4)


def test_crop_resize_by_hand() -> None:
    # Four pixels to two: the widened triangle gives (3 p0 + 3 p1 + p2) / 7 at the rim.
    row = np.array([0, 0.7, 0.14, 0.7], np.float32).reshape(1, 1, 4, 1)
    found = np.array(ops.crop_resize(row, np.array([[0, 0, 1, 1]]), (1, 2))).ravel()
    np.testing.assert_allclose(found, [(2.1 + 0.14) / 7, (0.7 + 3 * 0.14 + 2.1) / 7], atol=1e-6)


def test_flips() -> None:
    found = np.array(ops.flip(IMAGES, np.array([1, 0, 1]), np.array([0, 1, 1])))
    np.testing.assert_array_equal(found[0], IMAGES[0, :, ::-1])
    np.testing.assert_array_equal(found[1], IMAGES[1, ::-1])
    np.testing.assert_array_equal(found[2], IMAGES[2, ::-1, ::-1])


@pytest.mark.parametrize("value", [-0.8, -0.13, 0.0, 0.37, 0.8])
def test_colour_changes_equal_tf_image(value: float) -> None:
    images = IMAGES.copy()
    # Greys, black, white and saturated primaries are where hue and saturation are singular.
    images[0, 0, :6] = [[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    each = np.full(3, value, np.float32)
    bright = tf.clip_by_value(tf.image.adjust_brightness(images, value), 0, 1)
    np.testing.assert_allclose(ops.adjust_brightness(images, each), bright, atol=1e-6)
    saturated = tf.image.adjust_saturation(images, 1 + value)
    np.testing.assert_allclose(ops.adjust_saturation(images, each + 1), saturated, atol=1e-4)
    np.testing.assert_allclose(ops.adjust_hue(images, each), tf.image.adjust_hue(images, value), atol=1e-4)


def test_colour_changes_are_per_image() -> None:
    found = np.array(ops.adjust_brightness(IMAGES * 0 + 0.5, np.array([-0.2, 0, 0.9])))
    np.testing.assert_allclose(found[:, 0, 0, 0], [0.3, 0.5, 1.0], atol=1e-6)


def test_same_eagerly_and_inside_tf_data_also_where_the_size_is_unknown() -> None:
    batch = _batch()
    eager = np.array(content_images(batch, 19)), np.array(style_images(batch))
    assert eager[0].shape == (3, 19, 19, 3) and eager[1].shape == (3, 22, 22, 3)
    signature = {key: tf.TensorSpec(value.shape, value.dtype) for key, value in batch.items()}
    signature["style_size"] = tf.TensorSpec((3, None), tf.uint8)
    data = tf.data.Dataset.from_generator(lambda: iter([batch]), output_signature=signature)
    content, style = next(iter(data.map(lambda b: (content_images(b, 19), style_images(b)))))
    np.testing.assert_allclose(content, eager[0], atol=1e-6)
    np.testing.assert_allclose(style, eager[1], atol=1e-6)


def test_neutral_settings_leave_the_style_alone() -> None:
    batch = _batch()
    batch["style_box"] = np.tile(np.array([0, 0, 1, 1], np.float32), (3, 1))
    batch["style_size"] = np.zeros((3, 40), np.uint8)
    np.testing.assert_allclose(np.array(style_images(batch))[2], batch["style"][2] / 255.0, atol=1e-5)


_JAX = """
import sys
import jax, numpy as np
from datasets.preprocessing import content_images, style_images
batch = dict(np.load(sys.argv[1]))
content = jax.jit(lambda b: content_images(b, 19))(batch)
style = jax.jit(style_images)(batch)
assert "tensorflow" not in sys.modules, "TensorFlow was imported"
np.savez(sys.argv[2], content=content, style=style)
"""


def test_same_when_jitted_by_jax_without_tensorflow(tmp_path: Path) -> None:
    batch = _batch()
    np.savez(tmp_path / "in.npz", **batch)
    env = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu"}
    subprocess.run(
        [sys.executable, "-c", _JAX, str(tmp_path / "in.npz"), str(tmp_path / "out.npz")],
        check=True,
        env=env,
        cwd=Path(__file__).parents[1],
    )
    found = np.load(tmp_path / "out.npz")
    np.testing.assert_allclose(found["content"], content_images(batch, 19), atol=1e-5)
    np.testing.assert_allclose(found["style"], style_images(batch), atol=1e-4)
