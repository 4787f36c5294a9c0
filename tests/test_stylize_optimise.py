"""Per-image optimisation: losses against models.losses and by hand, and the command on real pictures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models import losses
from models.loss_network import build_loss_network
from stylize.__main__ import main
from stylize.optimisation import PictureLosses, optimise, pyramid
from stylize.pictures import write
from stylize.recipes import DEFAULT_WEIGHTS, Recipe, Weights, with_weights

LAYERS = ("relu1_1", "relu2_1")


def recipe(path: Path, **options: object) -> Recipe:
    return Recipe(vgg_weights=path, content_layers=("relu2_2",), style_layers=LAYERS, **options)  # type: ignore[arg-type]


def quiet(step: int, value: float, picture: np.ndarray) -> None:
    pass


@pytest.mark.parametrize("loss", ["balanced", "gatys"])
def test_objective_is_the_weighted_sum(
    loss: str, starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray
) -> None:
    weights = Weights(2.0, 3.0, 5.0)
    how = recipe(starting_weights["vgg16"], loss=loss, weights=weights)
    found = float(PictureLosses(how).objective(photo, [painting], [1.0])(photo[None] * 0.5))

    network = build_loss_network(weights=starting_weights["vgg16"], padding="reflect", outputs=("relu2_2", *LAYERS))
    a, b, style = (network(picture[None]) for picture in (photo * 0.5, photo, painting))
    balanced = loss == "balanced"
    expected = 2 * float(losses.content_loss(a["relu2_2"], b["relu2_2"], balanced=balanced)[0])
    for name, channels in zip(LAYERS, (64, 128), strict=True):
        grams = [np.asarray(losses.gram_matrix(features[name]))[0] for features in (a, style)]
        squares = np.square(grams[0] - grams[1]).mean()
        bound = np.square(grams[0]).mean() + np.square(grams[1]).mean()
        expected += 3 * float(squares / bound if balanced else squares / channels**2)
    expected += 5 * float(losses.total_variation(photo[None] * 0.5)[0])
    assert found == pytest.approx(expected, rel=1e-4)


def test_styles_are_mixed_by_their_shares(
    starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray
) -> None:
    """A mixture of a painting with itself is that painting; one with a share of nothing is the other one."""
    judged = PictureLosses(recipe(starting_weights["vgg16"]))

    def of(styles: list[np.ndarray], shares: list[float]) -> float:
        return float(judged.objective(photo, styles, shares)(photo[None]))

    alone = of([painting], [1.0])
    assert of([painting, painting], [0.3, 0.7]) == pytest.approx(alone, rel=1e-5)
    assert of([painting, photo], [1.0, 0.0]) == pytest.approx(alone, rel=1e-5)
    assert of([painting, photo], [0.0, 1.0]) == pytest.approx(of([photo], [1.0]), rel=1e-5)
    assert of([photo], [1.0]) < 0.1 * alone


def test_pyramid_doubles_and_leaves_tiny_sizes_out() -> None:
    assert pyramid(512, 400, 3) == [(128, 100), (256, 200), (512, 400)]
    assert pyramid(120, 200, 3) == [(120, 200)]
    assert pyramid(50, 50, 2) == [(50, 50)]


def test_weights_not_given_are_those_of_the_loss() -> None:
    own = DEFAULT_WEIGHTS["gatys"]
    assert with_weights(Recipe(loss="gatys"), None, 7.0, None).weights == Weights(own.content, 7.0, own.total_variation)


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_optimising_takes_most_of_the_loss_away(
    optimizer: str, starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray
) -> None:
    how = recipe(starting_weights["vgg16"], optimizer=optimizer, steps=15, scales=1, weights=Weights(0.1, 1.0, 0.0))
    values: list[float] = []
    picture = optimise(photo, [lambda side: painting], [2.0], how, lambda step, value, picture: values.append(value))
    assert picture.shape == photo.shape
    assert picture.dtype == np.float32
    judged = PictureLosses(how).objective(photo, [painting], [1.0])
    assert float(judged(picture[None])) < 0.5 * float(judged(photo[None]))
    assert len(values) == 15


def test_a_random_start_is_the_same_for_one_seed(starting_weights: dict[str, Path], photo: np.ndarray) -> None:
    def of(seed: int) -> np.ndarray:
        how = recipe(starting_weights["vgg16"], optimizer="adam", steps=1, scales=1, start="random", seed=seed)
        return optimise(photo, [lambda side: photo], [1.0], how, quiet)

    np.testing.assert_array_equal(of(1), of(1))
    assert np.abs(of(1) - of(2)).max() > 0.05


def test_command(
    starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name, picture in (("photo", photo), ("painting", painting)):
        write(tmp_path / f"{name}.png", picture)
    arguments = [
        "optimise", "--content", str(tmp_path / "photo.png"), "--style", str(tmp_path / "painting.png"),
        "--out", str(tmp_path / "out.png"), "--size", "80", "--steps", "4", "--scales", "1", "--every", "2",
        "--style-layers", "relu1_1", "relu2_1", "--content-layers", "relu2_2",
        "--vgg-weights", str(starting_weights["vgg16"]), "--keep-color", "luma",
    ]  # fmt: skip
    assert main(arguments) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out.png'}\n"
    with Image.open(tmp_path / "out.png") as made:
        assert made.size == (80, 60)
    assert sorted(path.name for path in tmp_path.glob("out-*")) == ["out-2.png", "out-4.png"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["--style-weights", "1", "2"], "--style-weights: expected one a painting, 1, received 2"),
        (["--content", "absent.png"], "absent.png: expected a picture"),
        (["--out", "PHOTO"], "photo.png: would be overwritten, but is also read"),
        (["--style-layers", "relu9_9"], "outputs must be among .*relu9_9"),
        (["--vgg-weights", "absent.h5"], "no file at absent.h5"),
    ],
)
def test_mistakes_are_told(
    change: list[str], message: str, photo: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "photo.png", photo)
    picture = str(tmp_path / "photo.png")
    out = tmp_path / "out.png"
    change = [picture if item == "PHOTO" else item for item in change]
    weights = [] if "absent.h5" in change else ["--vgg-weights", "random"]
    assert main(["optimise", "--content", picture, "--style", picture, "--out", str(out), *weights, *change]) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert len(error.splitlines()) == 1
    assert re.search(message, error), error
    assert not out.exists()


def test_the_name_of_the_picture_is_checked_first() -> None:
    command = ["-m", "stylize", "optimise", "--content", "x", "--style", "y", "--out", "picture.txt"]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
    assert done.returncode == 2
    assert "picture.txt" in done.stderr
