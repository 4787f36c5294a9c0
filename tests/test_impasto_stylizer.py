"""The Stylizer over a small network: padding, tiles, strokes, regions, strength, in either kind of picture."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from impasto.contract import ContentRules, Preprocessing, StrokeRules
from impasto.masks import Region
from impasto.resampling import resized
from impasto.strokes import as_float
from impasto.stylizer import Settings, Stylizer

RULES = Preprocessing(
    content=ContentRules(multiple=4, whole_pixels=64 * 64, tile=32, overlap=4, patch=32, patches=2),
    strokes=StrokeRules(reference_side=24),
)


class SmallNetwork:
    """A runtime in NumPy: a 3x3 mean that reflects at borders, then one norm whose gamma and beta the embedding holds.

    Its embedding is the picture's mean colour, and what it paints has that mean: gamma is a quarter of its spread.
    """

    name = "numpy"
    embedding_size = 3

    def __init__(self) -> None:
        self.shown: list[tuple[int, int]] = []
        self.affine: np.ndarray | None = None

    def predict(self, style: np.ndarray) -> np.ndarray:
        self.shown.append(style.shape[1:3])
        return style.mean(axis=(1, 2))

    def condition(self, embedding: np.ndarray) -> np.ndarray:
        return np.concatenate([np.full((1, 3), 0.1, np.float32), embedding], axis=1)

    def paint(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        return self.paint_tile(content, self._affine(content, conditioning))

    def statistics(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        self.shown.append(content.shape[1:3])
        return self._affine(content, conditioning)

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        self.shown.append(content.shape[1:3])
        self.affine = affine
        return (affine[0, :3] * self._features(content) + affine[0, 3:])[None]

    def _affine(self, content: np.ndarray, conditioning: np.ndarray) -> np.ndarray:
        features = self._features(content)
        scale = conditioning[0, :3] / np.sqrt(features.var(axis=(0, 1)) + 1e-3)
        return np.concatenate([scale, conditioning[0, 3:] - scale * features.mean(axis=(0, 1))])[None]

    def _features(self, content: np.ndarray) -> np.ndarray:
        height, width = content.shape[1:3]
        assert height % 4 == width % 4 == 0 and min(height, width) >= 16
        padded = np.pad(content[0], ((1, 1), (1, 1), (0, 0)), mode="reflect")
        return np.mean([padded[y : y + height, x : x + width] for y in range(3) for x in range(3)], axis=0)

    def close(self) -> None:
        pass


@pytest.fixture
def network() -> SmallNetwork:
    return SmallNetwork()


@pytest.fixture
def stylizer(network: SmallNetwork) -> Stylizer:
    return Stylizer(network, RULES)


def photo(height: int, width: int) -> np.ndarray:
    """Every block of eight pixels alike, so that a sample of blocks tells the statistics of the whole."""
    block = np.random.default_rng(0).integers(60, 190, (8, 8, 3)).astype(np.uint8)
    return np.tile(block, (-(-height // 8), -(-width // 8), 1))[:height, :width]


DIRECT = Settings(stroke=None)
STYLE = np.array([0.3, 0.5, 0.7], np.float32)


def test_a_picture_is_padded_to_the_network_and_cropped_back(stylizer: Stylizer, network: SmallNetwork) -> None:
    painted = stylizer.stylize(photo(10, 30), STYLE, DIRECT)
    assert painted.shape == (10, 30, 3) and painted.dtype == np.uint8
    assert network.shown == [(16, 32)]


def test_bytes_and_floats_paint_the_same(stylizer: Stylizer) -> None:
    painted = stylizer.stylize(photo(20, 24), STYLE, DIRECT)
    floats = stylizer.stylize(as_float(photo(20, 24)), STYLE, DIRECT)
    assert floats.dtype == np.float32
    np.testing.assert_array_equal(painted, np.floor(floats * 255 + 0.5))


def test_a_large_picture_is_painted_in_tiles_that_show_no_seam(stylizer: Stylizer, network: SmallNetwork) -> None:
    large = as_float(photo(96, 128))
    steps: list[tuple[int, int]] = []
    tiled = stylizer.stylize(large, STYLE, DIRECT, progress=lambda done, total: steps.append((done, total)))
    assert max(max(size) for size in network.shown[1:]) == 32 and network.shown[0] == (64, 64)
    # (96 - 8) / (32 - 8) and (128 - 8) / (32 - 8), rounded up: 4 times 5 tiles.
    assert steps == [(done, 20) for done in range(21)]
    assert network.affine is not None
    np.testing.assert_allclose(tiled, network.paint_tile(large[None], network.affine)[0], atol=1e-6)
    # The mosaic's statistics are nearly the whole picture's.
    whole = dataclasses.replace(RULES, content=dataclasses.replace(RULES.content, whole_pixels=96 * 128))
    np.testing.assert_allclose(tiled, Stylizer(network, whole).stylize(large, STYLE, DIRECT), atol=5e-3)


def test_a_tile_that_is_asked_for_bounds_both_sides(stylizer: Stylizer, network: SmallNetwork) -> None:
    stylizer.stylize(photo(16, 60), STYLE, Settings(stroke=None, tile=24))
    assert network.shown[0] == (16, 32)  # the mosaic: one patch of what there is
    assert max(width for _, width in network.shown[1:]) <= 24
    with pytest.raises(ValueError, match="tile must be larger than twice the overlap of 4 pixels. Received: 10"):
        stylizer.stylize(photo(16, 60), STYLE, Settings(tile=10))


def test_a_long_strip_is_painted_too(stylizer: Stylizer) -> None:
    """Its short side is padded to the network's least, in tiles as well as whole."""
    assert stylizer.stylize(photo(1, 5000), STYLE, DIRECT).shape == (1, 5000, 3)


def test_strokes_keep_the_small_picture(stylizer: Stylizer, network: SmallNetwork) -> None:
    """Reduced, the large picture is the small one, as a photograph is read at 24 pixels, of which 64 are 8/3."""
    large = np.clip(as_float(photo(48, 64)) + np.linspace(-0.2, 0.2, 64)[None, :, None], 0, 1).astype(np.float32)
    painted = stylizer.stylize(large, STYLE)
    assert network.shown[:2] == [(20, 24), (48, 64)]
    small = stylizer.stylize(resized(large, 24, 18, "lanczos3"), STYLE)
    difference = np.abs(resized(painted, 24, 18, "bicubic") - small).mean()
    assert (
        difference < 2 / 255 < np.abs(resized(stylizer.stylize(large, STYLE, DIRECT), 24, 18, "bicubic") - small).mean()
    )


def test_strokes_in_tiles_at_every_level(stylizer: Stylizer, network: SmallNetwork) -> None:
    large = photo(90, 200)
    steps: list[tuple[int, int]] = []
    painted = stylizer.stylize(large, STYLE, progress=lambda done, total: steps.append((done, total)))
    # 24, 69 and 200 pixels: 24x11 and 69x31 whole, 200x92 in (92 - 8) / 24 and (200 - 8) / 24 tiles.
    assert painted.shape == large.shape and steps[-1] == (2 + 4 * 8, 2 + 4 * 8)


def test_regions_have_styles_of_their_own(stylizer: Stylizer) -> None:
    content, other = photo(16, 32), np.array([0.8, 0.2, 0.4], np.float32)
    mask = np.zeros((1, 32), np.uint8)
    mask[:, 16:] = 255
    painted = stylizer.stylize(content, STYLE, DIRECT, regions=[Region(mask, other), Region(np.zeros((2, 2)), STYLE)])
    np.testing.assert_array_equal(painted[:, :16], stylizer.stylize(content, STYLE, DIRECT)[:, :16])
    np.testing.assert_array_equal(painted[:, 16:], stylizer.stylize(content, other, DIRECT)[:, 16:])


def test_strength_starts_at_the_photographs_own_embedding(stylizer: Stylizer) -> None:
    content = photo(16, 16)
    own = stylizer.predict(content)
    for strength in (0.0, 0.5, 1.5):
        expected = stylizer.stylize(content, own + strength * (STYLE - own), DIRECT)
        np.testing.assert_array_equal(stylizer.stylize(content, STYLE, Settings(strength, None)), expected)
    for strength in (float("nan"), float("inf"), -1.0):
        with pytest.raises(ValueError, match="strength must be a finite number from 0 on"):
            stylizer.stylize(content, STYLE, Settings(strength))


def test_a_style_is_fitted_and_small_ones_are_continued(stylizer: Stylizer, network: SmallNetwork) -> None:
    stylizer.predict(photo(600, 300))
    stylizer.predict(photo(20, 200))
    assert network.shown == [(512, 256), (32, 40)]


def test_the_contract_may_come_when_it_is_needed(network: SmallNetwork) -> None:
    made: list[int] = []

    def contract() -> Preprocessing:
        made.append(1)
        return RULES

    late = Stylizer(network, contract)
    assert not made
    late.predict(photo(16, 16))
    late.stylize(photo(16, 16), STYLE)
    assert made == [1]


def test_recolouring_gives_the_style_the_photographs_mean(stylizer: Stylizer) -> None:
    content = photo(40, 40)
    style = np.random.default_rng(1).integers(90, 160, (40, 40, 3)).astype(np.uint8)
    np.testing.assert_allclose(
        stylizer.predict_recoloured(style, content), as_float(content).mean(axis=(0, 1)), atol=0.01
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (np.zeros((4, 4)), r"content must have shape \[H, W, 3\]. Received: \(4, 4\)"),
        (np.zeros((0, 4, 3)), r"Received: \(0, 4, 3\)"),
        (np.zeros((4, 4, 3), np.int32), "content must be uint8, or float in .* Received dtype: int32"),
        (np.full((4, 4, 3), 200.0), "content must be uint8, or float in .* Received floats from 200 to 200"),
        (np.full((4, 4, 3), np.nan), "Received floats from nan to nan"),
    ],
)
def test_other_arrays_are_refused(stylizer: Stylizer, content: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        stylizer.stylize(content, STYLE)


def test_an_embedding_of_another_size_is_refused(stylizer: Stylizer) -> None:
    for wrong in (np.zeros(2), np.zeros((1, 3)), np.array([0.0, np.nan, 0.0])):
        with pytest.raises(ValueError, match="embedding must be 3 finite numbers. Received shape"):
            stylizer.stylize(photo(8, 8), wrong)


def test_masks_of_another_kind_are_refused() -> None:
    for mask, message in (
        (np.zeros((2, 2, 3)), "shape"),
        (np.full((2, 2), 1.5), "from 1.5 to 1.5"),
        (np.zeros((2, 2), int), "int64"),
    ):
        with pytest.raises(ValueError, match=message):
            Region(mask, STYLE)
