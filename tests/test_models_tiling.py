"""Tiles: seams by construction impossible, statistics from a sample of the whole."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from models.inference import conditioning_network, painter, tile_painter
from models.stylizer import Stylizer, pad_to_multiple
from models.tiling import TiledPainter, mosaic, spans
from models.transformers import build_transformer


@pytest.fixture(scope="module")
def transformer() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_transformer("fast", stem=8, middle=8, width=16, blocks=1, middle_blocks=1, last=8, start="independent")


@pytest.fixture(scope="module")
def embedding() -> np.ndarray:
    return np.random.default_rng(1).normal(size=100).astype("f4")


@pytest.mark.parametrize("side, tile, overlap", [(4000, 768, 112), (784, 768, 112), (3008, 336, 160), (640, 640, 16)])
def test_spans_cover_once_and_see_far_enough(side: int, tile: int, overlap: int) -> None:
    cut = spans(side, tile, overlap, 16)
    assert [span.core_start for span in cut] == [0, *(span.core_end for span in cut[:-1])] and cut[-1].core_end == side
    assert len({span.end - span.start for span in cut}) == 1 and cut[0].end <= tile
    for span in cut:
        assert span.start % 16 == 0 and 0 <= span.start < span.core_start + 1 and span.core_end <= span.end <= side
        assert span.start == 0 or span.core_start - span.start >= overlap
        assert span.end == side or span.end - span.core_end >= overlap


def test_tiles_of_a_line_by_hand() -> None:
    """64 pixels, shown 32 at a time with 8 around: three tiles, at 0, 16 and 32."""
    found = [(span.start, span.end, span.core_start, span.core_end) for span in spans(64, 32, 8, 8)]
    assert found == [(0, 32, 0, 24), (16, 48, 24, 40), (32, 64, 40, 64)]


def test_tiled_is_untiled_where_statistics_are_the_same(transformer: keras.Model, embedding: np.ndarray) -> None:
    tiled = TiledPainter(transformer, tile=240)
    content = np.random.default_rng(2).random((301, 390, 3), np.float32)
    affine = tiled.statistics(content, embedding)
    calls: list[tuple[int, int]] = []
    found = tiled.paint_with(content, affine, lambda *call: calls.append(call))
    assert found.shape == content.shape and len(calls) > 5 and calls[-1][0] == calls[-1][1]
    assert [done for done, _ in calls] == list(range(len(calls)))
    padded = pad_to_multiple(content[None], 16)
    whole = np.asarray(tile_painter(transformer).predict_on_batch([padded, affine]))
    np.testing.assert_allclose(found, whole[0, :301, :390], atol=2e-5)


def test_the_mosaic_spreads_from_border_to_border() -> None:
    """A picture whose pixels say where they are."""
    height, width = 1008, 4000
    place = np.stack(np.meshgrid(np.arange(height), np.arange(width), indexing="ij"), axis=-1).astype("f4")
    sample = mosaic(np.concatenate([place, place[..., :1]], axis=-1), 16)
    assert sample.shape == (768, 1024, 3)
    assert (sample[0, 0, :2] == 0).all() and (sample[-1, -1, :2] == [height - 1, width - 1]).all()
    assert sample[::256, 0, 0].tolist() == [0, 384, 752]  # 376 rounded to sixteens
    assert sample[0, ::256, 1].tolist() == [0, 1248, 2496, 3744]


def test_small_pictures_are_their_own_mosaic(transformer: keras.Model, embedding: np.ndarray) -> None:
    content = np.random.default_rng(3).random((96, 64, 3), np.float32)
    np.testing.assert_array_equal(mosaic(content, 16), content)
    conditioning = conditioning_network(transformer)(embedding[None])
    whole = painter(transformer)([keras.ops.convert_to_tensor(content[None]), conditioning])["stylised"]
    np.testing.assert_allclose(TiledPainter(transformer).paint(content, embedding), np.asarray(whole)[0], atol=1e-5)


def test_tiles_smaller_than_their_overlap_are_refused(transformer: keras.Model) -> None:
    with pytest.raises(ValueError, match="tile must be larger than twice the overlap of .* pixels. Received: 48"):
        TiledPainter(transformer, tile=48)


def test_stylizers_paint_large_pictures_in_tiles(
    transformer: keras.Model, embedding: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = keras.Input((None, None, 3), name="style")
    pooled = keras.layers.GlobalAveragePooling2D()(style)
    predictor = keras.Model(style, keras.layers.Dense(100)(pooled), name="predictor")
    stylizer = Stylizer(predictor, transformer)
    content = np.random.default_rng(4).random((60, 150, 3), np.float32)
    calls: list[tuple[int, int]] = []
    whole = stylizer.stylize(content, embedding, progress=lambda *call: calls.append(call))
    assert not calls
    tiled = stylizer.stylize(content, embedding, tile=512, progress=lambda *call: calls.append(call))
    assert calls == [(0, 1), (1, 1)]
    np.testing.assert_allclose(tiled, whole, atol=1e-4)
    monkeypatch.setattr("models.stylizer.WHOLE_PIXELS", 60 * 150 - 1)
    np.testing.assert_array_equal(
        stylizer.stylize(content[None], embedding)[0], stylizer.stylize(content, embedding, tile=768)
    )
