from __future__ import annotations

import logging
import subprocess
import sys
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from datasets.pairs import Pairs, PairSpec
from impasto.errors import PictureError


class Numbers:
    """Picture i is a plain 16 x 16 square of value i; some cannot be read."""

    def __init__(self, count: int, bad: tuple[int, ...] = (), name: str = "numbers") -> None:
        self.count, self.bad, self.name = count, bad, name
        self.loads: list[int] = []

    def __len__(self) -> int:
        return self.count

    def load(self, index: int) -> np.ndarray:
        self.loads.append(index)
        if index in self.bad:
            raise PictureError(f"file{index}.png", "truncated")
        return np.full((16, 16, 3), index, np.uint8)

    def key(self, index: int) -> str:
        return f"file{index}.png"

    def describe(self, index: int) -> str:
        return self.key(index)


def _spec(**changes: object) -> PairSpec:
    return PairSpec(**{"batch_size": 4, "canvas": 16, "seed": 3, **changes})  # type: ignore[arg-type]


def _values(pairs: Pairs, key: str, steps: range) -> list[int]:
    return [int(picture[0, 0, 0]) for step in steps for picture in pairs.batch(step)[key]]


def test_batch_has_the_promised_arrays() -> None:
    batch = Pairs(Numbers(9), Numbers(7), _spec()).batch(0)
    expected = {
        "content": ((4, 16, 16, 3), np.uint8),
        "content_box": ((4, 4), np.float32),
        "content_flip": ((4,), np.float32),
        "style": ((4, 16, 16, 3), np.uint8),
        "style_box": ((4, 4), np.float32),
        "style_flip": ((4, 2), np.float32),
        "style_colour": ((4, 3), np.float32),
        "identity": ((4,), np.float32),
        "warp_box": ((4, 4), np.float32),
        "shift": ((4, 2), np.float32),
    }
    size = batch.pop("style_size")
    assert {key: (value.shape, value.dtype.type) for key, value in batch.items()} == expected
    assert size.dtype == np.uint8 and size.shape[0] == 4 and 128 <= size.shape[1] < 300 and not size.any()


def test_one_place_for_a_whole_batch_half_of_the_time_at_an_edge() -> None:
    pairs = Pairs(Numbers(9), Numbers(7), _spec())
    places = np.array([pairs.batch(step)["shift"] for step in range(400)])
    assert (places == places[:, :1]).all() and places.min() == 0 and places.max() == 1
    edges = [(places[:, 0] == edge).mean() for edge in (0, 1)]
    assert edges == pytest.approx([0.25, 0.25], abs=0.04)


def test_a_step_depends_on_seed_and_step_only() -> None:
    first, again = (Pairs(Numbers(9), Numbers(7), _spec(identity_fraction=0.3)) for _ in range(2))
    for step in (11, 2, 700):
        one, two = first.batch(step), again.batch(step)
        for key in one:
            np.testing.assert_array_equal(one[key], two[key])
    other = Pairs(Numbers(9), Numbers(7), _spec(seed=4, identity_fraction=0.3)).batch(11)
    assert not np.array_equal(other["style_box"], first.batch(11)["style_box"])


def test_content_crop_shows_windows_of_many_scales_inside_the_canvas() -> None:
    pairs = Pairs(Numbers(9), Numbers(7), _spec(content_crop=0.5, identity_fraction=0.5))
    batches = [pairs.batch(step) for step in range(40)]
    boxes = np.concatenate([batch["content_box"] for batch in batches])
    sides = boxes[:, 2:] - boxes[:, :2]
    np.testing.assert_allclose(sides[:, 0], sides[:, 1], atol=1e-6)
    assert 0.5 <= sides.min() < 0.55 and 0.95 < sides.max() < 1
    assert boxes.min() >= 0 and boxes.max() <= 1 and boxes[:, 0].std() > 0.05
    for batch in batches:  # an identity pair's painting is the same window
        chosen = batch["identity"] > 0
        np.testing.assert_array_equal(batch["style_box"][chosen], batch["content_box"][chosen])
    with pytest.raises(ValueError, match="content_crop must lie in"):
        _spec(content_crop=0)


def test_every_epoch_shows_each_picture_once() -> None:
    pairs = Pairs(Numbers(12), Numbers(8), _spec())
    epochs = [_values(pairs, "content", range(start, start + 3)) for start in (0, 3, 6)]
    assert all(sorted(epoch) == list(range(12)) for epoch in epochs)
    assert epochs[0] != epochs[1] != epochs[2]
    assert sorted(_values(pairs, "style", range(2))) == list(range(8))


def test_geometry_and_colour_follow_the_published_recipe() -> None:
    pairs = Pairs(Numbers(9), Numbers(9), _spec(batch_size=8))
    batches = [pairs.batch(step) for step in range(150)]
    rim = 1 / 258
    np.testing.assert_allclose(batches[0]["content_box"], [[rim, rim, 1 - rim, 1 - rim]] * 8, atol=1e-6)
    boxes = np.concatenate([b["style_box"] for b in batches])
    sides = boxes[:, 2] - boxes[:, 0]
    np.testing.assert_allclose(sides, boxes[:, 3] - boxes[:, 1], atol=1e-6)
    assert sides.min() >= 256 / 455 - 1e-6 and sides.max() <= 256 / 258 + 1e-6
    assert sides.min() < 0.57 and sides.max() > 0.98
    assert boxes.min() >= 0 and boxes.max() <= 1 + 1e-6
    bright, saturation, hue = np.concatenate([b["style_colour"] for b in batches]).T
    for values, low, high in ((bright, -0.8, 0.8), (saturation, 0.5, 1.5), (hue, -0.2, 0.2)):
        assert low <= values.min() < low + 0.02 * (high - low) and high - 0.02 * (high - low) < values.max() <= high
    flips = np.concatenate([b["style_flip"] for b in batches])
    assert set(np.unique(flips)) == {0, 1} and np.all(np.abs(flips.mean(0) - 0.5) < 0.07)
    sizes = {b["style_size"].shape[1] for b in batches}
    assert min(sizes) < 135 and max(sizes) > 292


def test_without_augmentation_the_style_is_left_alone() -> None:
    batch = Pairs(Numbers(9), Numbers(9), _spec(augment_style=False, style_size=(64, 65))).batch(0)
    np.testing.assert_array_equal(batch["style_colour"], [[0, 1, 0]] * 4)
    assert not batch["style_flip"].any() and batch["style_size"].shape == (4, 64)
    np.testing.assert_array_equal(batch["style_box"], batch["content_box"])


def test_style_sizes_are_quantised() -> None:
    pairs = Pairs(Numbers(9), Numbers(9), _spec(style_size=(128, 300), style_size_step=43))
    assert {pairs.batch(step)["style_size"].shape[1] for step in range(60)} == {128, 171, 214, 257}


def test_identity_items_carry_the_content_unchanged() -> None:
    pairs = Pairs(Numbers(50), Numbers(50, name="s"), _spec(identity_fraction=0.3))
    batches = [pairs.batch(step) for step in range(200)]
    share = np.mean([b["identity"].mean() for b in batches])
    assert abs(share - 0.3) < 0.03
    for batch in batches:
        chosen = batch["identity"] > 0
        np.testing.assert_array_equal(batch["style"][chosen], batch["content"][chosen])
        np.testing.assert_array_equal(batch["style_box"][chosen], batch["content_box"][chosen])
        assert not batch["style_flip"][chosen].any()
        assert np.all(batch["style_colour"][chosen] == [0, 1, 0])
    assert all(
        b["identity"].all() for b in map(Pairs(Numbers(9), Numbers(9), _spec(identity_fraction=1)).batch, range(3))
    )


def test_unreadable_pictures_are_replaced_and_named_once(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        pairs = Pairs(Numbers(8, bad=(3, 4)), Numbers(8), _spec())
        shown = _values(pairs, "content", range(8))
    # 3 gives way to 4, which cannot be read either, and so to 5.
    assert shown.count(5) == 4 * 3 and not {3, 4} & set(shown)
    assert sorted(error.name for error in pairs.skipped) == ["file3.png", "file4.png"]
    assert caplog.text.count("file3.png: truncated") == 1


@pytest.mark.parametrize("role", ["content", "style"])
def test_too_few_usable_pictures(role: str) -> None:
    short = Numbers(6, bad=(0, 2, 5), name="pictures/short")
    sources = (short, Numbers(9)) if role == "content" else (Numbers(9), short)
    with pytest.raises(
        ValueError, match=rf"{role} source pictures/short has 3 usable pictures, a batch needs 4.*trunc"
    ):
        Pairs(*sources, _spec())
    with pytest.raises(ValueError, match="numbers has 2 usable pictures, a batch needs 4"):
        Pairs(Numbers(2), Numbers(9), _spec())


def test_stream_is_ordered_resumable_and_closes() -> None:
    pairs = Pairs(Numbers(9), Numbers(7), _spec())
    whole = [b["style_box"] for b in pairs.stream(0, 12, workers=3, prefetch=5)]
    assert len(whole) == 12
    for step, box in enumerate(whole):
        np.testing.assert_array_equal(box, pairs.batch(step)["style_box"])
    resumed = [b["style_box"] for b in islice(pairs.stream(7), 5)]
    for one, two in zip(resumed, whole[7:], strict=True):
        np.testing.assert_array_equal(one, two)


def test_tf_data_gives_the_same_stream() -> None:
    pytest.importorskip("tensorflow")
    pairs = Pairs(Numbers(9), Numbers(7), _spec())
    data = pairs.as_tf_data(4, 7)
    assert data.element_spec["style_size"].shape.as_list() == [4, None]
    assert data.element_spec["content"].shape.as_list() == [4, 16, 16, 3]
    batches = list(data.as_numpy_iterator())
    assert len(batches) == 3
    for step, batch in zip(range(4, 7), batches, strict=True):
        for key, value in pairs.batch(step).items():
            np.testing.assert_array_equal(batch[key], value)


@pytest.mark.parametrize(
    "changes",
    [{"batch_size": 0}, {"style_size": (300, 128)}, {"identity_fraction": 1.5}, {"canvas": 2}],
)
def test_senseless_specs_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="must"):
        _spec(**changes)


def test_pairs_import_neither_tensorflow_nor_keras() -> None:
    code = (
        "import sys\nfrom datasets.pairs import Pairs, PairSpec\nfrom datasets.opening import open_source\n"
        "s = open_source('synthetic:4:32+synthetic:4:32', role='content')\n"
        "Pairs(s, s, PairSpec(batch_size=2, canvas=32)).batch(0)\n"
        "assert not {'tensorflow', 'keras', 'jax', 'tensorflow_datasets'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[1])
