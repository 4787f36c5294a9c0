"""`python -m stylize image` on a small untrained artefact: what is written, refused and named."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import skimage.data
from PIL import Image

from models.embeddings import blend
from models.predictors import build_predictor
from models.stylizer import Stylizer
from models.transformers import build_transformer
from stylize.__main__ import main
from stylize.batch import Painter, Settings
from stylize.color import keep_luma, recolour
from stylize.pictures import read
from stylize.plan import Job

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for name, picture in (
        ("photos/cat", skimage.data.chelsea()[::4, ::4]),
        ("photos/face", skimage.data.astronaut()[::8, ::8]),
        ("styles/tissue", skimage.data.immunohistochemistry()[::8, ::8]),
        ("styles/rocket", skimage.data.rocket()[::8, ::8]),
    ):
        (folder / name).parent.mkdir(exist_ok=True)
        Image.fromarray(picture).save(folder / f"{name}.png")
    return folder


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory, pictures: Path) -> Path:
    keras.utils.set_random_seed(5)
    path = tmp_path_factory.mktemp("artefact") / "small.keras"
    predictor = build_predictor("mobilenet_v2", weights=None, width=0.35)
    stylizer = Stylizer(predictor, build_transformer("fast", stem=4, width=8, blocks=1))
    # Untrained, all embeddings are nearly equal: centred and enlarged, the two styles are about one apart.
    first, second = (stylizer.predict(read(style, 256))[0] for style in (pictures / "styles").iterdir())
    head, scale = predictor.get_layer("embedding"), 1 / np.std(first - second)
    head.set_weights([scale * head.get_weights()[0], -scale * (first + second) / 2])
    stylizer.save(path)
    return path


@pytest.fixture(scope="module")
def stylizer(model: Path) -> Stylizer:
    return Stylizer.load(model)


def run(*arguments: object) -> int:
    return main(["image", *map(str, arguments)])


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path))


def as_bytes(picture: np.ndarray) -> np.ndarray:
    return np.round(picture * 255).astype(np.uint8)


def test_every_pair_is_written_as_the_stylizer_paints_it(
    model: Path, stylizer: Stylizer, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        run(
            "--model",
            model,
            "--content",
            pictures / "photos",
            "--style",
            pictures / "styles",
            "--out",
            tmp_path,
        )
        == 0
    )
    names = ["cat__rocket", "cat__tissue", "face__rocket", "face__tissue"]
    assert sorted(path.stem for path in tmp_path.iterdir()) == names
    assert "4 of 4 pictures written" in capsys.readouterr().out
    photo, style = read(pictures / "photos/cat.png"), read(pictures / "styles/tissue.png", 256)
    expected = as_bytes(stylizer.stylize(photo, stylizer.predict(style)))
    assert pixels(tmp_path / "cat__tissue.png").shape == (75, 113, 3)
    np.testing.assert_array_equal(pixels(tmp_path / "cat__tissue.png"), expected)
    assert np.abs(pixels(tmp_path / "cat__rocket.png").astype(int) - expected).max() > 8


def test_blend_mixes_embeddings_by_weight(model: Path, stylizer: Stylizer, pictures: Path, tmp_path: Path) -> None:
    styles = [pictures / "styles/tissue.png", pictures / "styles/rocket.png"]
    out = tmp_path / "mixed.png"
    photo = pictures / "photos/cat.png"
    arguments = ("--model", model, "--content", photo, "--style", *styles, "--out", out, "--blend")
    assert run(*arguments, "--weights", 7, 3, "--size", 64, "--style-size", 96) == 0
    embedding = blend([stylizer.predict(read(style, 96))[0] for style in styles], [0.7, 0.3])
    np.testing.assert_array_equal(pixels(out), as_bytes(stylizer.stylize(read(photo, 64), embedding)))


def test_strength_starts_at_the_photos_own_embedding(stylizer: Stylizer, pictures: Path) -> None:
    photo, style = pictures / "photos/face.png", pictures / "styles/rocket.png"
    job = Job(photo, (style,), Path("unused.png"))
    own = stylizer.stylize(read(photo), stylizer.identity(read(photo)))
    np.testing.assert_allclose(Painter(stylizer, Settings(strength=0)).paint(job), own, atol=1e-6)


def test_colour_modes(stylizer: Stylizer, pictures: Path) -> None:
    photo, style = pictures / "photos/cat.png", pictures / "styles/tissue.png"
    job = Job(photo, (style,), Path("unused.png"))
    plain = Painter(stylizer, Settings()).paint(job)
    luma = Painter(stylizer, Settings(keep_color="luma")).paint(job)
    np.testing.assert_array_equal(luma, keep_luma(plain, read(photo)))
    embedding = stylizer.predict(recolour(read(style, 256), read(photo)))
    recoloured = Painter(stylizer, Settings(keep_color="recolour")).paint(job)
    np.testing.assert_allclose(recoloured, stylizer.stylize(read(photo), embedding), atol=1e-6)
    assert np.abs(recoloured - plain).max() > 0.03


def test_bad_files_do_not_stop_the_rest(
    model: Path, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    (tmp_path / "empty.png").touch()
    photos, styles = (
        [tmp_path / "broken.jpg", pictures / "photos/cat.png"],
        [tmp_path / "empty.png", pictures / "styles/rocket.png"],
    )
    assert run("--model", model, "--content", *photos, "--style", *styles, "--out", tmp_path / "out") == 1
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["cat__rocket.png"]
    output = capsys.readouterr()
    assert "1 of 4 pictures written" in output.out
    errors = [line for line in output.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 2
    assert any("broken.jpg: expected a picture" in line for line in errors)
    assert any("empty.png: expected a picture, found: an empty file" in line for line in errors)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--weights", "1"), "--weights belongs to --blend"),
        (("--blend", "--weights", "1"), "expected one a style, 2, received 1"),
        (("--blend", "--weights", "1", "-1"), "expected numbers from 0 on"),
        (("--model", "none.keras"), "none.keras: expected an Impasto artefact"),
    ],
)
def test_wrong_commands_are_one_sentence(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: tuple[str, ...], message: str
) -> None:
    assert (
        run(
            "--content",
            pictures / "photos",
            "--style",
            pictures / "styles",
            "--out",
            tmp_path / "out",
            *extra,
        )
        == 1
    )
    error = capsys.readouterr().err
    assert error.startswith("error: ") and message in error and error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_damaged_artefact_is_named(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.keras"
    bad.write_bytes(b"PK nothing")
    assert (
        run(
            "--content",
            pictures / "photos",
            "--style",
            pictures / "styles",
            "--out",
            tmp_path,
            "--model",
            bad,
        )
        == 1
    )
    assert f"{bad}: expected an Impasto artefact" in capsys.readouterr().err
