from __future__ import annotations

import numpy as np

from impasto.colors import keep_luma, recolour

RED, GREY = [1.0, 0.0, 0.0], [0.5, 0.5, 0.5]


def luma(picture: np.ndarray) -> np.ndarray:
    return picture[..., 0] * 0.299 + picture[..., 1] * 0.587 + picture[..., 2] * 0.114


def test_grey_photo_makes_the_result_grey() -> None:
    stylised = np.array([[RED, [0.0, 1.0, 0.0]]], np.float32)
    result = keep_luma(stylised, np.full((1, 2, 3), 0.2, np.float32))
    np.testing.assert_allclose(result, [[[0.299] * 3, [0.587] * 3]], atol=1e-6)


def test_chroma_comes_from_the_photo_where_it_fits() -> None:
    # Luma of the photo's (0.6, 0.5, 0.4) is 0.5185; grey 0.4 darkens every channel by 0.1185.
    result = keep_luma(np.full((1, 1, 3), 0.4, np.float32), np.array([[[0.6, 0.5, 0.4]]], np.float32))
    np.testing.assert_allclose(result, [[[0.4815, 0.3815, 0.2815]]], atol=1e-6)


def test_chroma_shrinks_where_it_does_not_fit_and_luma_stays() -> None:
    # Red is luma 0.299 plus (0.701, -0.299, -0.299). At luma 0.5 red has room for 0.5: factor 0.5 / 0.701.
    result = keep_luma(np.array([[GREY]], np.float32), np.array([[RED]], np.float32))
    np.testing.assert_allclose(result, [[[1.0, 0.5 - 0.299 * 0.5 / 0.701, 0.5 - 0.299 * 0.5 / 0.701]]], atol=1e-6)
    np.testing.assert_allclose(luma(result), 0.5, atol=1e-6)


def test_luma_of_any_picture_is_kept() -> None:
    random = np.random.default_rng(0)
    stylised, content = random.random((2, 16, 16, 3)).astype(np.float32)
    result = keep_luma(stylised, content)
    np.testing.assert_allclose(luma(result), luma(stylised), atol=1e-6)
    assert result.min() >= 0 and result.max() <= 1


def moments(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    colours = picture.reshape(-1, 3).astype(np.float64)
    return colours.mean(axis=0), np.cov(colours.T, bias=True)


def test_recoloured_style_has_the_moments_of_the_photo() -> None:
    # Narrow enough around the middle that nothing is clipped.
    random = np.random.default_rng(1)
    mixing = np.array([[0.04, 0.03, 0.0], [0.0, 0.05, 0.02], [0.01, 0.0, 0.03]])
    style = (0.4 + random.uniform(-1, 1, (40, 30, 3)) * 0.1).astype(np.float32)
    content = (np.array([0.6, 0.5, 0.4]) + random.uniform(-1, 1, (20, 50, 3)) @ mixing).astype(np.float32)
    result = recolour(style, content)
    assert result.shape == style.shape
    for found, expected in zip(moments(result), moments(content), strict=True):
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_recolouring_two_by_two_by_hand() -> None:
    # Each picture varies along one axis of its own: red from 0.2 to 0.4 becomes red from 0.3 to 0.7.
    style = np.array([[[0.2, 0.5, 0.5], [0.4, 0.5, 0.5]]], np.float32)
    content = np.array([[[0.7, 0.1, 0.9], [0.3, 0.1, 0.9]]], np.float32)
    np.testing.assert_allclose(recolour(style, content), [[[0.3, 0.1, 0.9], [0.7, 0.1, 0.9]]], atol=1e-6)


def test_flat_style_takes_the_mean_colour_and_no_noise() -> None:
    content = np.random.default_rng(2).random((8, 8, 3)).astype(np.float32)
    result = recolour(np.full((4, 4, 3), 0.5, np.float32), content)
    np.testing.assert_allclose(result, np.broadcast_to(content.mean(axis=(0, 1)), (4, 4, 3)), atol=1e-5)
