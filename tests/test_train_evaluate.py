"""The judge's scale, and an evaluation's numbers, files and errors."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from datasets.folder import FolderSource
from train.cli import main
from train.evaluation_names import outputs, sheet_file, system_names
from train.grid import Picture, Row, evaluate, named_apart, pick, summarise
from train.judge import COLUMNS, Judge, SecondJudge
from train.systems import ArtefactSystem, FolderSystem


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(weights=None)


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.random.default_rng(1).random((2, 48, 48, 3)).astype(np.float32)


def test_a_picture_judged_against_itself_scores_zero(judge: Judge, pictures: np.ndarray) -> None:
    photo = pictures[0]
    found = judge.judge(photo, judge.content_features(photo), judge.grams(photo))
    assert tuple(found) == Judge.columns()
    assert all(value == pytest.approx(0, abs=1e-6) for value in found.values())


def test_losses_lie_between_zero_and_their_bound_and_add_up(judge: Judge, pictures: np.ndarray) -> None:
    found = judge.judge(pictures[0], judge.content_features(pictures[1]), judge.grams(np.zeros_like(pictures[0])))
    layers = [value for name, value in found.items() if name.startswith("style_relu")]
    assert all(0 < value <= 1 for value in [found["content"], *layers])
    assert found["style_sum"] == pytest.approx(sum(layers))


def test_the_second_judge_looks_at_inception(
    starting_weights: dict[str, Path], photo: np.ndarray, painting: np.ndarray
) -> None:
    """Every loss against keras.applications' own network and preprocessing, put together by hand."""
    path = starting_weights["inception_v3"]
    found = SecondJudge(path)
    content, grams = found.content_features(photo), found.grams(painting)
    losses = found.judge(photo[::-1], content, grams)

    reference = keras.applications.InceptionV3(include_top=False, weights=str(path), input_shape=(None, None, 3))
    layers = ("mixed0", "mixed2", "mixed4", "mixed5")
    network = keras.Model(reference.input, [reference.get_layer(name).output for name in layers])

    def look(picture: np.ndarray) -> dict[str, np.ndarray]:
        prepared = keras.applications.inception_v3.preprocess_input(picture[None] * 255)
        return {name: np.asarray(x, "f8")[0] for name, x in zip(layers, network(prepared), strict=True)}

    def difference(a: np.ndarray, b: np.ndarray) -> float:
        return float(np.square(a - b).sum() / (np.square(a).sum() + np.square(b).sum()))

    def gram(x: np.ndarray) -> np.ndarray:
        return np.einsum("hwc,hwd->cd", x, x) / (x.shape[0] * x.shape[1])

    stylised, photograph, style = look(photo[::-1].copy()), look(photo), look(painting)
    expected = {"inception_content": difference(stylised["mixed5"], photograph["mixed5"])}
    for name in layers[:3]:
        expected[f"inception_style_{name}"] = difference(gram(stylised[name]), gram(style[name]))
    expected["inception_style_sum"] = sum(list(expected.values())[1:])
    assert tuple(losses) == SecondJudge.columns() == tuple(expected)
    assert 0.05 < expected["inception_content"] < 1 and expected["inception_style_sum"] > 0.5
    assert losses == pytest.approx(expected, abs=1e-4)
    with pytest.raises(ValueError, match="judged by Inception-v3 from 75 px a side on, received 128x74"):
        found.content_features(photo[:74])


def test_means_and_worst_decile_by_hand() -> None:
    def row(system: str, observed: str, value: float) -> Row:
        return Row(system, "c", "s", observed, {name: value for name in COLUMNS})

    rows = [row("a", "observed", float(value)) for value in range(20)] + [row("a", "unobserved", 100.0)]
    whole, observed, unobserved = summarise(rows)
    assert (whole.observed, whole.pairs) == ("all", 21)
    assert observed.means["content"] == pytest.approx(9.5)
    assert observed.worst_deciles["worst_decile"] == pytest.approx(18.5)  # the two worst of twenty: 18 and 19
    assert unobserved.means["style_sum"] == unobserved.worst_deciles["worst_decile"] == 100.0


def test_each_judge_has_a_worst_decile_of_its_own() -> None:
    """Ten pictures; the one that is worst for the first judge is the best for the second."""
    first, second = (judge.columns()[-1] for judge in (Judge, SecondJudge))
    rows = [
        Row("a", "c", "s", "observed", dict.fromkeys(COLUMNS, 0.0) | {first: float(value), second: 9.0 - value})
        for value in range(10)
    ]
    rows[0].losses[second] = 20.0
    (summary,) = summarise(rows)
    assert summary.worst_deciles == {"worst_decile": 9.0, "inception_worst_decile": 20.0}
    assert summary.means[first] == pytest.approx(4.5)
    assert summary.means[second] == pytest.approx((36 + 20) / 10)


def test_an_artefact_beside_a_folder(tiny_artefact: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The folder holds the photographs themselves under stylised names: content must be judged perfect there."""
    artefact = tmp_path / "untrained.keras"
    shutil.copy(tiny_artefact, artefact)
    for name, count, scale in (("photos", 2, 255), ("paintings", 2, 128)):
        (tmp_path / name).mkdir()
        for index in range(count):
            noise = np.random.default_rng([scale, index]).random((80, 80, 3)) * scale
            Image.fromarray(noise.astype(np.uint8)).save(tmp_path / name / f"{name}{index}.png")
    (tmp_path / "other").mkdir()
    for content in range(2):
        for style in range(2):
            copy = Image.open(tmp_path / "photos" / f"photos{content}.png")
            copy.save(tmp_path / "other" / f"photos{content}__paintings{style}.png")
    arguments = [
        "evaluate", str(artefact), str(tmp_path / "other"), "--content", str(tmp_path / "photos"), "--unobserved",
        str(tmp_path / "paintings"), "--contents", "2", "--styles", "2", "--size", "80", "--style-size", "80",
        "--out", str(tmp_path / "report"), "--vgg16-weights", "random",
        "--inception-v3-weights", "random",
    ]  # fmt: skip
    assert main(arguments) == 0
    with (tmp_path / "report" / "losses.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["system"] for row in rows] == ["untrained"] * 4 + ["other"] * 4
    assert all(float(row["content"]) < 1e-4 for row in rows[4:])
    assert all(float(row["content"]) > 1e-3 for row in rows[:4])
    summary = json.loads((tmp_path / "report" / "summary.json").read_text())["figures"]["evaluation"]["systems"]
    mean = sum(float(row["style_sum"]) for row in rows[:4]) / 4
    assert summary["untrained"]["unobserved"]["style_sum"] == pytest.approx(mean, abs=1e-4)
    mean = sum(float(row["inception_content"]) for row in rows[:4]) / 4
    assert summary["untrained"]["unobserved"]["inception_content"] == pytest.approx(mean, abs=1e-4) != 0
    assert {"worst_decile", "inception_worst_decile"} <= set(summary["other"]["unobserved"])
    page = (tmp_path / "report" / "report.html").read_text()
    assert "VGG16 with max pooling" in page and "Judged by Inception-v3" in page
    assert page.count("data:image/jpeg;base64,") == 2 and "untrained" in page and "http" not in page
    with Image.open(tmp_path / "report" / "untrained.png") as sheet:
        assert sheet.width > 3 * 160

    (tmp_path / "other" / "photos1__paintings1.png").unlink()
    capsys.readouterr()
    assert main(arguments) == 1
    told = capsys.readouterr().err
    # Said before any of the eight pairs is painted.
    assert "expected photos1__paintings1.png" in told and "/8" not in told


def folder_of(path: Path, seed: int, names: tuple[str, ...] = ("1.png",)) -> Path:
    path.mkdir(parents=True)
    for index, name in enumerate(names):
        noise = np.random.default_rng([seed, index]).integers(0, 256, (40, 40, 3), np.uint8)
        Image.fromarray(noise).save(path / name)
    return path


def test_pictures_of_equal_names_are_never_mixed_up(
    tiny_artefact: Path, tmp_path: Path, judge: Judge, pictures: np.ndarray
) -> None:
    """Two sources both hold 1.png; each is painted in its own style, judged by its own, and shown as its own."""
    first, second = (
        pick(FolderSource(folder_of(tmp_path / name, seed)), 1, 40)[0] for name, seed in (("a", 1), ("b", 2))
    )
    assert first.key == second.key == "1.png"
    system = ArtefactSystem(tiny_artefact)
    photo = [Picture("photo", pictures[0])]
    with pytest.raises(ValueError, match="told apart by their keys, 2 are named 1.png"):
        evaluate([system], photo, [first, second], [judge])
    styles = named_apart([first, second])
    assert [style.key for style in styles] == [str(tmp_path / "a" / "1.png"), str(tmp_path / "b" / "1.png")]
    _, painted = evaluate([system], photo, styles, [judge])
    for style in styles:
        alone = ArtefactSystem(tiny_artefact).stylise(pictures[0], "photo", style.image, "1.png")
        # As the system itself keeps embeddings, whatever the names.
        np.testing.assert_array_equal(system.stylise(pictures[0], "photo", style.image, "1.png"), alone)
        bytes_of = (np.clip(alone, 0, 1) * 255).round().astype(np.uint8)
        np.testing.assert_array_equal(painted[system.name, "photo", style.key], bytes_of)
    one, other = painted.values()
    assert not np.array_equal(one, other)
    # One picture asked for twice, as observed and unobserved.
    assert [one.key for one in named_apart([first, first])] == [f"{first.place} #1", f"{first.place} #2"]


def test_a_folder_of_pictures_cannot_stand_for_two_of_one_name(tmp_path: Path, pictures: np.ndarray) -> None:
    Image.fromarray((pictures[0] * 255).astype(np.uint8)).save(folder_of(tmp_path / "other", 0, ()) / "c__1.png")
    # Begins alike, but is the picture of another pair.
    (tmp_path / "other" / "c__1.a__b.png").write_bytes(b"no picture")
    system = FolderSystem(tmp_path / "other")
    system.stylise(pictures[0], "c.jpg", pictures[0], "a/1.png")
    system.stylise(pictures[0], "c.jpg", pictures[0], "a/1.png")
    with pytest.raises(ValueError, match="two paintings of this grid are named 1, .*cannot be told apart"):
        system.stylise(pictures[0], "c.jpg", pictures[1], "b/1.png")


def test_a_folder_of_pictures_may_be_laid_out_as_the_photographs_are(tmp_path: Path, pictures: np.ndarray) -> None:
    """As `impasto image` writes them; names may hold what file patterns are made of."""
    for place, level in (("deep", 0), ("", 255)):
        (tmp_path / "other" / place).mkdir(parents=True, exist_ok=True)
        Image.new("L", (8, 8), level).save(tmp_path / "other" / place / "c [1]__s.png")
    system = FolderSystem(tmp_path / "other")
    assert system.stylise(pictures[0], "deep/c [1].jpg", pictures[0], "s.png").max() == 0
    assert system.stylise(pictures[0], "c [1].jpg", pictures[0], "s.png").min() == 1


def test_what_systems_and_files_are_called(tmp_path: Path) -> None:
    assert system_names("runs/a.keras", (0.5, 1.0)) == ["a@0.5", "a"]
    assert system_names(str(tmp_path / "other" / ".." / "other"), (1.0,)) == ["other"]
    longest = "\u20ac" * 85
    assert len(os.fsencode(sheet_file(longest))) <= 255 and sheet_file(longest) != sheet_file(longest[:-1] + "abc")
    assert outputs(tmp_path, ["a"])[-1] == tmp_path / "a.png"


def test_a_report_never_lands_on_a_picture_that_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("photos/other.png", "other/other__other.png"):
        (tmp_path / name).parent.mkdir()
        Image.new("RGB", (80, 80)).save(tmp_path / name)
    before = (tmp_path / "photos" / "other.png").read_bytes()
    arguments = [
        "evaluate", str(tmp_path / "other"), "--content", str(tmp_path / "photos"), "--unobserved",
        str(tmp_path / "photos"), "--contents", "1", "--styles", "1", "--size", "80", "--out", str(tmp_path / "photos"),
        "--vgg16-weights", "random", "--inception-v3-weights", "random",
    ]  # fmt: skip
    assert main(arguments) == 1
    assert "other.png: would be overwritten, but is also read" in capsys.readouterr().err
    assert (tmp_path / "photos" / "other.png").read_bytes() == before


def test_evaluate_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["evaluate", str(tmp_path), "--content", "synthetic:4:32", "--out", str(tmp_path / "out")]
    assert main(arguments) == 1
    assert "pass --unobserved, --observed or both" in capsys.readouterr().err
    assert main([*arguments, "--observed", "synthetic:4:32", "--contents", "9"]) == 1
    assert "9 pictures were asked for, 4 can be read" in capsys.readouterr().err
