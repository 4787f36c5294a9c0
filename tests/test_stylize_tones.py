"""Photographs in the tones of paintings, by hand."""

from __future__ import annotations

import numpy as np

from stylize.tones import in_tones_of

DARK, LIGHT = [0.2, 0.0, 0.0], [1.0, 0.8, 0.6]
INK = np.array([[DARK, LIGHT]], np.float32)


def test_two_tones_take_the_places_of_black_and_white() -> None:
    """Two values have standardised lumas of -1 and 1 whatever they are, so that each gets the colour of its rank."""
    photo = np.array([[[0, 0, 0], [1, 1, 1]], [[1, 1, 1], [0, 0, 0]]], np.float32)
    np.testing.assert_allclose(in_tones_of(photo, [INK], [3.0], None), [[DARK, LIGHT], [LIGHT, DARK]], atol=1e-6)
    # Green is lighter than blue: hues of the photograph leave no trace.
    photo = np.array([[[0, 0, 1], [0, 1, 0]]], np.float32)
    np.testing.assert_allclose(in_tones_of(photo, [INK], [1.0], None), [[DARK, LIGHT]], atol=1e-6)


def test_pictures_of_one_luma() -> None:
    """A flat photograph becomes the painting's mean colour, and so does any photograph by a flat painting."""
    flat, steps = np.full((2, 3, 3), 0.4, np.float32), np.array([[[0, 0, 0], [1, 1, 1]]], np.float32)
    mean = np.mean([DARK, LIGHT], axis=0)
    np.testing.assert_allclose(in_tones_of(flat, [INK], [1.0], None), np.broadcast_to(mean, flat.shape), atol=1e-6)
    np.testing.assert_allclose(in_tones_of(steps, [flat], [1.0], None), np.full((1, 2, 3), 0.4), atol=1e-6)


def test_paintings_are_mixed_as_their_styles_are(photo: np.ndarray) -> None:
    """Of flat paintings nothing but their colour: three parts of red and one of blue, or each where its mask is."""
    red, blue = (np.broadcast_to(np.array(colour, np.float32), (20, 30, 3)) for colour in ([1, 0, 0], [0, 0, 1]))
    mixed = in_tones_of(photo, [red, blue], [3, 1], None)
    np.testing.assert_allclose(mixed, np.broadcast_to([0.75, 0, 0.25], photo.shape), atol=1e-6)
    left, nowhere = np.zeros(photo.shape[:2], np.float32), np.zeros(photo.shape[:2], np.float32)
    left[:, :10] = 0.5
    masked = in_tones_of(photo, [red, blue], [3, 1], [left, nowhere])
    np.testing.assert_allclose(masked[:, :10], np.broadcast_to([1, 0, 0], masked[:, :10].shape), atol=1e-6)
    np.testing.assert_array_equal(masked[:, 10:], photo[:, 10:])
