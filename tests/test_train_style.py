"""Networks of one style or a few: they start as what they come from, learn, keep what is to be kept, and travel."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from impasto.pictures.reading import read
from impasto.pictures.writing import write
from models.artefact import read_card
from models.stylizer import Stylizer
from train import one_style, squares
from train.cli import main
from train.indexed import Indexed
from train.one_style import StyleConfig
from train.pace import Pace


def place(index: int) -> np.ndarray:
    return np.eye(1, 100, index, dtype="f4")


def paintings() -> dict[str, np.ndarray]:
    """Two that any predictor tells apart."""
    rng = np.random.default_rng(0)
    return {"noise": rng.random((96, 80, 3)).astype("f4"), "flat": np.full((80, 80, 3), [0.9, 0.2, 0.1], "f4")}


def test_it_starts_as_what_it_comes_from(tiny_artefact: Path, photo: np.ndarray) -> None:
    """A style's number paints what the arbitrary model paints with that painting, and is what its painting gives."""
    start = Stylizer.load(tiny_artefact)
    indexed = Indexed.from_artefact(start, paintings(), keep=False)
    recognise = indexed.recogniser()
    for index, picture in enumerate(paintings().values()):
        expected = start.transformer([photo[None], start.predict(picture)[None]])
        np.testing.assert_allclose(indexed.transformer([photo[None], place(index)]), expected, atol=2e-5)
        np.testing.assert_allclose(recognise(picture[None]), place(index), atol=1e-3)


@pytest.fixture(scope="module")
def trained(tiny_artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[StyleConfig, Path]:
    """Two steps on one style."""
    folder = tmp_path_factory.mktemp("style")
    for name, picture in paintings().items():
        write(folder / f"{name}.png", picture)
    config = StyleConfig(
        content="synthetic:3:96", out=folder / "flat.keras", style=folder / "flat.png", start=tiny_artefact, steps=2,
        size=64, style_size=64, photographs=2, vgg16_weights="random", mixed_precision=False,
    )  # fmt: skip
    return config, one_style.run(config)


def test_one_style_is_an_artefact_like_any_other(
    trained: tuple[StyleConfig, Path], tiny_artefact: Path, photo: np.ndarray
) -> None:
    _, path = trained
    card = read_card(path)
    assert [style["name"] for style in card["styles"]] == ["flat"]
    assert card["provenance"]["steps"] == 2
    stylizer, start = Stylizer.load(path), Stylizer.load(tiny_artefact)
    # Whatever painting it is given: there is one style.
    np.testing.assert_array_equal(stylizer.predict(paintings()["noise"]), place(0)[0])
    painted = stylizer.stylize(photo, stylizer.predict(paintings()["noise"]))
    assert np.abs(painted - start.stylize(photo, start.predict(paintings()["flat"]))).max() > 1e-4
    # Plain norms: no number but its own place counts.
    heads = next(layer for layer in stylizer.transformer.layers if layer.__class__.__name__ == "StyleHeads")
    assert not heads.get_weights()[0][1:].any() and not heads.get_weights()[1].any()


def test_a_style_is_added_by_its_norms_alone(trained: tuple[StyleConfig, Path], photo: np.ndarray) -> None:
    config, path = trained
    added = replace(config, start=path, add=True, style=path.with_name("noise.png"), out=path.with_name("two.keras"))
    before, after = Stylizer.load(path), Stylizer.load(one_style.run(added))
    assert [style["name"] for style in after.card["styles"]] == ["flat", "noise"]
    old, new = ([stylizer.transformer([photo[None], place(0)])] for stylizer in (before, after))
    np.testing.assert_array_equal(old, new)
    kernels = [
        [weight for weight in stylizer.transformer.get_weights() if weight.ndim == 4] for stylizer in (before, after)
    ]
    assert all(np.array_equal(a, b) for a, b in zip(*kernels, strict=True))
    assert np.abs(np.subtract(after.transformer([photo[None], place(1)]), old[0])).max() > 1e-3
    with pytest.raises(ValueError, match="noise is in --start already"):
        one_style.run(replace(added, start=added.out, out=added.out.with_name("again.keras")))


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (["--out", "x.h5", "--style", "a.png"], "--out must end in .keras. Received: x.h5"),
        (["--out", "x.keras"], "expected --style, a painting, or --styles, a folder of them; received 0"),
        (["--out", "x.keras", "--style", "absent.png"], "absent.png: expected a picture or a folder"),
        (["--out", "x.keras", "--style", "a.png", "--size", "100"], "--size must be a multiple of 16"),
    ],
)
def test_mistakes_are_told(flags: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["style", "--content", "synthetic:3:96", *flags]) == 1
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("command", "read", "out"),
    [
        ("style --content photos --style photos/a.png --start s.keras", "s.keras", "s.keras"),
        ("style --content photos --style photos/a.png --vgg16-weights v.keras", "v.keras", "v.keras"),
        ("sliders --content photos --style photos --start s.keras", "s.keras", "s.keras"),
        ("sliders --content photos --style photos", "photos/b.jpg", "photos/b.keras"),
    ],
)
def test_what_is_read_is_not_written_over(
    command: str, read: str, out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    for name in ("photos/a.png", "photos/b.jpg"):
        write(Path(name), np.zeros((64, 64, 3), "f4"))
    for name in ("s.keras", "v.keras"):
        Path(name).write_bytes(b"not read here")
    before = Path(read).read_bytes()
    assert main([*command.split(), "--out", out]) == 1
    assert capsys.readouterr().err == f"error: {read}: would be overwritten, but is also read: choose another name\n"
    assert Path(read).read_bytes() == before


def test_the_rate_ends_with_the_steps_or_with_the_minutes() -> None:
    """Half of either done gives half of the peak, whichever it is; the first steps rise to it."""
    pace = Pace(steps=100, seconds=60, rate=0.4, warmup=3)
    assert [pace.rate_at(step, 0) for step in (0, 1, 3)] == pytest.approx([0.1, 0.2, 0.4], rel=3e-3)
    assert pace.rate_at(50, 10) == pytest.approx(0.2) and pace.rate_at(10, 30) == pytest.approx(0.2)
    assert pace.rate_at(100, 0) == pytest.approx(0, abs=1e-9) and pace.rate_at(10, 70) == pytest.approx(0, abs=1e-9)


def test_time_ends_a_run_and_what_it_gained_is_told(
    trained: tuple[StyleConfig, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A photograph of five is held out; time ends the run after its first step, saved before it is judged."""
    config, _ = trained
    monkeypatch.setattr(squares, "JUDGED_SIZE", 64)
    out = config.out.with_name("timed.keras")
    timed = replace(config, content="synthetic:5:96", out=out, minutes=1e-6, steps=50)
    assert read_card(one_style.run(timed))["held_out"]["photographs"] == 1
    card = read_card(out)
    assert card["provenance"]["steps"] == 1 and card["provenance"]["data"]["photographs"] == 2
    told = capsys.readouterr().out
    assert told.startswith("on 1 photograph that it did not learn from, 64 px: style ")
    before, after = card["held_out"]["style_sum"]
    assert f"({after / before:.2f}x)" in told and 0 < after < 4

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("train.held_out.gain", interrupted)
    out.unlink()
    with pytest.raises(KeyboardInterrupt):
        one_style.run(timed)
    assert "held_out" not in read_card(out)


@pytest.mark.slow
def test_it_exports_and_runs_as_every_model_does(
    trained: tuple[StyleConfig, Path], photo: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its style's name reaches the manifest of every format; LiteRT and ONNX Runtime paint what Keras paints."""
    from export.__main__ import main as export
    from export.manifest import Manifest
    from impasto.__main__ import main as impasto

    _, path = trained
    stylizer = Stylizer.load(path)
    expected = stylizer.stylize(photo, place(0)[0])
    write(tmp_path / "photo.png", photo)
    for runtime in ("litert", "onnx", "tfjs", "saved_model"):
        folder = tmp_path / runtime
        assert export([runtime, "--model", str(path), "--out", str(folder)]) == 0
        assert Manifest.read(folder).styles == ["flat"]
        if runtime in ("litert", "onnx"):
            out = tmp_path / f"{runtime}.png"
            command = ["image", "--model", str(folder), "--content", str(tmp_path / "photo.png"), "--out", str(out)]
            assert impasto(command) == 0
            painted = np.asarray(read(out).floats())
            assert np.abs(painted - expected).max() < 0.02
            assert impasto([*command, "--style", str(tmp_path / "photo.png")]) == 1
            assert "paints in one style alone, flat: leave the painting out" in capsys.readouterr().err


def test_paintings_of_equal_names_are_two_styles(tmp_path: Path, painting: np.ndarray, photo: np.ndarray) -> None:
    for name, picture in (("a", painting), ("b", photo)):
        write(tmp_path / name / "1.png", picture)
    found = one_style._paintings(StyleConfig(content="synthetic", out=tmp_path / "x.keras", styles=tmp_path))
    assert list(found) == ["1", "1-2"]
    assert [picture.shape for picture in found.values()] == [painting.shape, photo.shape]


def test_only_what_train_style_wrote_can_be_added_to(tiny_artefact: Path) -> None:
    with pytest.raises(ValueError, match="--add: expected --start to be an artefact of `train style`"):
        Indexed.from_artefact(Stylizer.load(tiny_artefact), paintings(), keep=True)
