"""Per-image optimisation: what it gains, how it starts and goes on, and the command on real pictures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from impasto.arrays import read_arrays, write_arrays
from impasto.pictures.writing import write
from stylize.__main__ import main
from stylize.measure import PictureLosses, Subject
from stylize.optimisation import optimise, pyramid
from stylize.recipes import DEFAULT_WEIGHTS, Recipe, Weights, with_weights
from stylize.tones import in_tones_of

LAYERS = ("relu1_1", "relu2_1")


def recipe(path: Path, **options: object) -> Recipe:
    return Recipe(vgg_weights=path, content_layers=("relu2_2",), style_layers=LAYERS, **options)  # type: ignore[arg-type]


def quiet(step: int, value: float, picture: np.ndarray) -> None:
    pass


def test_pyramid_doubles_and_leaves_tiny_sizes_out() -> None:
    assert pyramid(512, 400, 3) == [(128, 100), (256, 200), (512, 400)]
    assert pyramid(120, 200, 3) == [(120, 200)]
    assert pyramid(50, 50, 2) == [(50, 50)]


def test_weights_not_given_are_those_of_the_loss() -> None:
    own = DEFAULT_WEIGHTS["gatys"]
    assert with_weights(Recipe(loss="gatys"), None, 7.0, None).weights == Weights(own.content, 7.0, own.total_variation)
    given = Recipe(weights=Weights(2.0, 3.0, 4.0))
    assert with_weights(given, 1.0, None, None).weights == Weights(1.0, 3.0, 4.0)


def test_content_in_the_tones_of_the_style_is_nothing_away_from_them(
    starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray
) -> None:
    """The content loss of the photograph in those tones is 0, and that of the photograph itself is not."""

    how = recipe(
        starting_weights["vgg16"], content_color="tones", weights=Weights(1.0, 0.0, 0.0), optimizer="adam", steps=1,
        scales=1, rate=1e-6,
    )  # fmt: skip

    def at(first: np.ndarray) -> float:
        values: list[float] = []
        optimise([photo], [1.0], [lambda side: painting], [1.0], how, lambda *told: values.append(told[1]), first=first)
        return values[0]

    assert at(in_tones_of(photo, [painting], [1.0], None)) == pytest.approx(0, abs=1e-6)
    assert at(photo) > 0.01


@pytest.mark.parametrize("optimizer", ["lbfgs", "adam"])
def test_optimising_takes_most_of_the_loss_away(
    optimizer: str, starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray
) -> None:
    how = recipe(starting_weights["vgg16"], optimizer=optimizer, steps=15, scales=1, weights=Weights(0.1, 1.0, 0.0))
    values: list[float] = []
    picture = optimise(
        [photo], [1.0], [lambda side: painting], [2.0], how, lambda step, value, picture: values.append(value)
    )
    assert picture.shape == photo.shape
    assert picture.dtype == np.float32
    judged = PictureLosses(how).look(Subject([photo], [1.0], [painting], [1.0]), *photo.shape[:2])
    assert judged(picture)[0] < 0.5 * judged(photo)[0]
    assert len(values) == 15


@pytest.mark.parametrize("shape", [(10, 60), (60, 1)])
def test_strips_are_painted_too(photo: np.ndarray, shape: tuple[int, int]) -> None:
    """Narrower than the deepest layers see at all, photograph and painting alike."""
    strip = photo[: shape[0], : shape[1]]
    how = Recipe(vgg_weights=None, steps=1, scales=1, optimizer="adam", rate=0.02)
    seen: list[tuple[int, ...]] = []
    made = optimise([strip], [1.0], [lambda side: strip], [1.0], how, lambda *told: seen.append(told[2].shape))
    assert made.shape == strip.shape and seen == [strip.shape]
    assert 0 < np.abs(made - strip).mean() < 0.05


def test_a_random_start_is_the_same_for_one_seed(starting_weights: dict[str, Path], photo: np.ndarray) -> None:
    def of(seed: int) -> np.ndarray:
        how = recipe(starting_weights["vgg16"], optimizer="adam", steps=1, scales=1, start="random", seed=seed)
        return optimise([photo], [1.0], [lambda side: photo], [1.0], how, quiet)

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
    ("flags", "message"),
    [
        (["--content-weight", "5"], "--content-weight means nothing to --recipe texture, which looks at no photograph"),
        (["--content-layers", "relu4_2"], "--content-layers means nothing to --recipe texture"),
        (["--content-color", "tones"], "--content-color means nothing to --recipe texture"),
        (["--start", "content"], "--start content: --recipe texture looks at no photograph to start from"),
    ],
)
def test_a_texture_has_no_photograph(
    flags: list[str], message: str, painting: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "painting.png", painting)
    command = ["optimise", "--recipe", "texture", "--style", str(tmp_path / "painting.png"), "--vgg-weights", "random"]
    assert main([*command, "--out", str(tmp_path / "out.png"), *flags]) == 1
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (["--style-weights", "1", "2"], "--style-weights: expected one a painting, 1, received 2"),
        (["--content", "absent.png"], "absent.png: cannot be opened: No such file"),
        (["--out", "PHOTO"], "photo.png: would be overwritten, but is also read"),
        (["--style-layers", "relu9_9"], "vgg16 has no layer 'relu9_9'; the nearest are relu"),
        (["--vgg-weights", "absent.h5"], "absent.h5: expected a file, found no such file"),
        (["--style-layers", "relu1_1=0", "relu2_1=0"], "--style-layers: expected a weight above 0 for one of them"),
        (["--rate", "0.1"], "--rate belongs to --optimizer adam, and this recipe's is lbfgs"),
        (["--corrections", "5", "--optimizer", "adam"], "--corrections belongs to --optimizer lbfgs"),
        (["--recipe", "reconstruct", "--animate", "a.gif"], "--animate means nothing to --recipe reconstruct"),
        (["--recipe", "reconstruct", "--content-color", "tones"], "--content-color means nothing to --recipe recon"),
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


def test_the_name_of_the_picture_is_checked_first(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["optimise", "--content", "x", "--style", "y", "--out", "picture.txt"])
    assert ended.value.code == 2
    assert "picture.txt" in capsys.readouterr().err


def test_a_stopped_run_goes_on_where_it_was(
    starting_weights: dict[str, Path], photo: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Ctrl-C after two of four steps of Adam, then the rest: the same picture as without a stop."""
    write(tmp_path / "photo.png", photo)
    picture = str(tmp_path / "photo.png")

    def command(out: str, *more: str) -> int:
        arguments = [
            "optimise", "--content", picture, "--style", picture, "--out", str(tmp_path / out), "--size", "48",
            "--steps", "4", "--scales", "1", "--optimizer", "adam", "--start", "random", "--style-layers", "relu1_1",
            "--content-layers", "relu1_2", "--vgg-weights", str(starting_weights["vgg16"]), *more,
        ]  # fmt: skip
        return main(arguments)

    assert command("whole.png") == 0
    assert command("parts.png", "--resume") == 1
    assert "which a stopped run leaves beside its picture" in capsys.readouterr().err

    from stylize import optimisation

    whole = optimisation.adam

    def stopped(*arguments: object, **options: object) -> np.ndarray:
        *others, report = arguments

        def until_two(step: int, value: float, painted: np.ndarray) -> None:
            report(step, value, painted)  # type: ignore[operator]
            if step == 2:
                raise KeyboardInterrupt

        return whole(*others, until_two, **options)  # type: ignore[arg-type, call-arg]

    monkeypatch.setattr(optimisation, "adam", stopped)
    assert command("parts.png") == 130
    monkeypatch.setattr(optimisation, "adam", whole)
    assert command("parts.png", "--resume", "--seed", "1") == 1
    assert "is of another run (seed was 0, now 1)" in capsys.readouterr().err
    (kept,) = tmp_path.glob("*.npz")
    whole_file = kept.read_bytes()
    kept.write_bytes(whole_file[: len(whole_file) // 2])
    assert command("parts.png", "--resume") == 1
    assert f"{kept}: expected what a stopped run left, found a damaged file" in capsys.readouterr().err
    kept.write_bytes(whole_file)
    # As an earlier version left it, which knew less.
    arrays = read_arrays(kept)
    older = {name: value for name, value in json.loads(str(arrays["run"])).items() if name != "content_color"}
    with kept.open("wb") as file:
        write_arrays(file, {**arrays, "run": json.dumps(older)})
    assert command("parts.png", "--resume", "--content-color", "tones") == 1
    assert "is of another run (content_color was 'own', now 'tones')" in capsys.readouterr().err
    assert command("parts.png", "--resume") == 0
    with Image.open(tmp_path / "whole.png") as a, Image.open(tmp_path / "parts.png") as b:
        np.testing.assert_allclose(np.asarray(a, float), np.asarray(b, float), atol=1)
    assert not list(tmp_path.glob("*.npz"))
