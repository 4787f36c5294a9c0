"""DeepDream: gradient, octaves, tiles and guides by hand, and the command on a real picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from impasto.pictures.writing import write
from models.loss_network import build_loss_network
from stylize.__main__ import main
from stylize.dream import Dreamer, _Responses, dream, octaves
from stylize.recipes import DEFAULT_LAYERS, DREAMS, Dream
from stylize.scales import resized
from stylize.zoom import fine_detail, nearer, sharpened


def test_octaves_grow_to_the_whole_size() -> None:
    assert octaves(200, 280, Dream(octaves=3, octave_scale=1.4)) == [(102, 143), (143, 200), (200, 280)]
    assert octaves(90, 400, Dream(octaves=3, octave_scale=1.4)) == [(90, 400)]


def test_a_tile_leaves_no_seam(photo: np.ndarray) -> None:
    """One step on a picture in tiles of 64 px is the step on the whole, on their edges as elsewhere, to rounding."""

    def step(tile: int) -> np.ndarray:
        keras.utils.set_random_seed(1)
        settings = Dream(weights=None, layers=("relu2_2", "relu1_1"), octaves=1, steps=1, tile=tile, border=3)
        return dream(photo, settings, lambda *told: None)

    np.testing.assert_allclose(step(64), step(1024), atol=2e-5)


def test_inception_by_its_layers(photo: np.ndarray) -> None:
    """The recipe on random weights, few steps: the objective is Keras' own formula, and rises at both octaves."""
    keras.utils.set_random_seed(2)
    settings = replace(DREAMS["inception"], weights=None, octaves=2, octave_scale=1.1, steps=2, border=1)
    responses = _Responses(settings, None)
    values: list[float] = []
    dreamer = Dreamer(settings)
    dreamer._responses = responses  # these random weights, not others
    dreamer.dream(photo, lambda step, value, picture: values.append(value))
    assert values[1] > values[0] and values[3] > values[2]
    # The first octave's first value, by hand: sum of squares without the outermost positions, over all positions.
    small = resized(photo, round(96 / 1.1), round(128 / 1.1))
    features = np.asarray(responses.network(small[None] * 2 - 1)["activation_41"])
    expected = np.square(features[:, 1:-1, 1:-1]).sum() / features.size
    assert values[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("network", ["vgg16", pytest.param("inception_v3", marks=pytest.mark.slow)])
def test_strips_are_dreamt_on_too(photo: np.ndarray, network: str) -> None:
    strip = photo[:9, :100]
    settings = Dream(network=network, weights=None, layers=DEFAULT_LAYERS[network], octaves=1, steps=1)
    seen: list[tuple[int, ...]] = []
    made = dream(strip, settings, lambda *told: seen.append(told[2].shape), guide=strip[:, :4])
    assert made.shape == strip.shape and seen == [strip.shape]


def test_it_stops_above_the_objective_asked_for(photo: np.ndarray) -> None:
    values: list[float] = []
    settings = Dream(weights=None, layers=("relu1_1",), octaves=1, steps=5, stop=0.0)
    dreamt = dream(photo, settings, lambda step, value, picture: values.append(value))
    np.testing.assert_array_equal(dreamt, photo)
    assert len(values) == 1


def test_a_nearer_picture_is_its_middle() -> None:
    picture = np.zeros((40, 60, 3), "f4")
    picture[10:30, 15:45] = 1
    # Three pixels of the picture, six of the enlarged one: as far as the filter sees what is black.
    assert nearer(picture, 2.0)[6:-6, 6:-6].min() > 0.99
    np.testing.assert_allclose(nearer(picture, 1.0), picture, atol=1e-6)


def test_a_film_stays_as_sharp_as_it_began() -> None:
    """Thirty enlargements of a fine texture: without what is given back, less than half of its detail is left."""
    rng = np.random.default_rng(0)
    first = np.clip(0.5 + 0.15 * rng.normal(size=(48, 64, 3)), 0, 1).astype("f4")
    soft = sharp = first
    detail = fine_detail(first)
    for _ in range(30):
        soft, sharp = nearer(soft, 1.03), sharpened(nearer(sharp, 1.03), detail)
    assert fine_detail(soft) < 0.5 * detail
    assert 0.9 * detail < fine_detail(sharp) < 1.02 * detail
    np.testing.assert_array_equal(sharpened(first, 0.5 * detail), first)


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
        (Dream(weights=None, layers=("mixed3",)), "vgg16 has no layer 'mixed3'; the nearest are"),
        (
            Dream(network="inception_v3", weights=None, layers=("relu1_1",)),
            "inception_v3 has no layer 'relu1_1'; the nearest are",
        ),
        (Dream(weights=None, layers=("relu1_1",), channel=64), "channels are {'relu1_1': 64}"),
    ],
)
def test_mistakes_are_told(settings: Dream, message: str, photo: np.ndarray) -> None:
    with pytest.raises(ValueError, match=message):
        dream(photo, settings, lambda *told: None)


@pytest.mark.parametrize(
    ("out", "change", "message"),
    [
        ("out.png", ["--frames", "3"], "--frames belongs to a film, and --out is a picture"),
        ("out.png", ["--zoom", "1.1"], "--zoom belongs to a film"),
        ("out.gif", ["--explain", "3"], "--explain belongs to a picture, and --out is a film"),
        ("out.gif", ["--every", "1"], "--every belongs to a picture"),
        ("out.png", ["--layers", "relu1_1=0"], "--layers: expected a weight above 0"),
    ],
)
def test_what_would_mean_nothing_is_refused(
    out: str, change: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["dream", "--content", str(tmp_path / "a.png"), "--out", str(tmp_path / out), *change]) == 1
    assert message in capsys.readouterr().err


def test_a_film_into_a_dream(photo: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "photo.png", photo)
    options = ["--size", "64", "--octaves", "1", "--steps", "1", "--layers", "relu1_1=0.5", "--weights", "random"]
    arguments = ["dream", "--content", str(tmp_path / "photo.png"), "--out", str(tmp_path / "out.gif"), *options]
    assert main([*arguments, "--frames", "3", "--zoom", "1.1"]) == 0
    with Image.open(tmp_path / "out.gif") as film:
        assert (film.size, getattr(film, "n_frames", 1)) == ((64, 48), 3)
    assert capsys.readouterr().out == f"{tmp_path / 'out.gif'}: 3 of 3 frames\n"
