"""DeepDream: gradient, octaves, tiles and guides by hand, and the command on a real picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.loss_network import build_loss_network
from stylize.__main__ import main
from stylize.dream import _tiled, dream, octaves
from stylize.pictures import write
from stylize.recipes import Dream


def test_octaves_grow_to_the_whole_size() -> None:
    assert octaves(200, 280, Dream(octaves=3, octave_scale=1.4)) == [(102, 143), (143, 200), (200, 280)]
    assert octaves(90, 400, Dream(octaves=3, octave_scale=1.4)) == [(90, 400)]


def test_tiles_cover_the_picture_once() -> None:
    picture = np.random.default_rng(0).random((70, 45, 3)).astype("f4")
    seen: list[tuple[int, ...]] = []

    def look(part: np.ndarray) -> tuple[float, np.ndarray]:
        seen.append(part.shape[:2])
        return float(part.mean()), 2 * part

    value, gradient = _tiled(look, picture, 32)
    np.testing.assert_array_equal(gradient, 2 * picture)
    assert sorted(seen) == sorted([(24, 23), (24, 22), (23, 23), (23, 22), (23, 23), (23, 22)])
    assert value == pytest.approx(picture.mean(), abs=0.02)


def responses(path: Path, picture: np.ndarray, layer: str) -> np.ndarray:
    return np.asarray(build_loss_network(weights=path, pooling="max", outputs=(layer,))(picture[None])[layer])[0]


def test_the_layer_sees_more(starting_weights: dict[str, Path], photo: np.ndarray) -> None:
    path = starting_weights["vgg16"]
    settings = Dream(weights=path, layers=("relu3_3",), octaves=1, steps=4)
    values: list[float] = []
    dreamt = dream(photo, settings, lambda step, value, picture: values.append(value))
    assert dreamt.shape == photo.shape
    assert 0 <= dreamt.min() and dreamt.max() <= 1
    before, after = (np.square(responses(path, picture, "relu3_3")).mean() for picture in (photo, dreamt))
    assert after > 1.5 * before
    assert values == sorted(values)
    # Four steps of 0.012 on average, none longer than the clip allows.
    assert 0.01 < np.abs(dreamt - photo).mean() <= 4 * 0.012 + 1e-3


def test_one_channel_and_a_guide_pull_their_own_way(starting_weights: dict[str, Path], photo: np.ndarray) -> None:
    """The channel asked for gains more than in a dream of all channels; a guide favours what it responds to."""
    path, layer = starting_weights["vgg16"], "relu2_2"

    def gain(channel: int | None) -> np.ndarray:
        settings = Dream(weights=path, layers=(layer,), octaves=1, steps=2, channel=channel)
        dreamt = dream(photo, settings, lambda *told: None)
        change = responses(path, dreamt, layer).mean(axis=(0, 1)) - responses(path, photo, layer).mean(axis=(0, 1))
        return np.asarray(change)

    quiet = int(np.argsort(responses(path, photo, layer).mean(axis=(0, 1)))[64])
    assert gain(quiet)[quiet] > 2 * gain(None)[quiet] > 0

    guide = np.zeros((96, 96, 3), "f4")
    guide[:, ::8] = 1  # vertical lines
    settings = Dream(weights=path, layers=(layer,), octaves=1, steps=2)
    towards = [
        responses(path, dream(photo, settings, lambda *told: None, g), layer).mean(axis=(0, 1))
        @ responses(path, guide, layer).mean(axis=(0, 1))
        for g in (None, guide)
    ]
    assert towards[1] > towards[0]


def test_command(starting_weights: dict[str, Path], photo: np.ndarray, tmp_path: Path) -> None:
    write(tmp_path / "photo.png", photo)
    options = ["--size", "120", "--octaves", "2", "--steps", "2", "--layers", "relu2_2", "--tile", "64"]
    arguments = ["dream", "--content", str(tmp_path / "photo.png"), "--out", str(tmp_path / "out.jpg"), *options]
    assert main([*arguments, "--weights", str(starting_weights["vgg16"])]) == 0
    with Image.open(tmp_path / "out.jpg") as picture:
        assert picture.size == (120, 90)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Dream(weights=None, layers=("mixed3",)), r"outputs must be among .*Received: \['mixed3'\]"),
        (Dream(network="inception_v3", weights=None, layers=("relu1_1",)), "layers of inception_v3 must be among"),
        (Dream(weights=None, layers=("relu1_1",), channel=64), "channels are {'relu1_1': 64}"),
    ],
)
def test_mistakes_are_told(settings: Dream, message: str, photo: np.ndarray) -> None:
    with pytest.raises(ValueError, match=message):
        dream(photo, settings, lambda *told: None)
