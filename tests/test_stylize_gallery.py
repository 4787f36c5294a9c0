"""The gallery's commands are commands, its page names what it shows, and what it draws can be seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from impasto.pictures.reading import read
from impasto.pictures.writing import write
from stylize.__main__ import _parser, main
from stylize.cookbook import RECIPES
from stylize.gallery import ENTRIES, SAMPLES, make_gallery, page
from stylize.gallery_pictures import horse, landscape

NAMES = ("photo", "other", "style", "second", "ink", "horse", "landscape", "left", "right")
PICTURES = {name: f"{name}.jpg" for name in NAMES} | {"film": "way.gif"}


def test_every_command_is_one_and_every_recipe_is_shown() -> None:
    recipes = set()
    for entry in ENTRIES:
        options = _parser().parse_args(entry.words(PICTURES, f"{entry.name}{entry.suffix}"))
        recipes.add(getattr(options, "recipe", None))
    # Those that differ in one number, or in the network alone, are not.
    assert set(RECIPES) - recipes == {"gatys-vgg16-strong", "gatys-vgg19"}


def test_the_page_shows_what_was_made_and_says_what_was_not() -> None:
    told = page({"dream": 12, "inception": None})
    assert "![A dream](dream.jpg)" in told
    assert "*12 seconds.*" in told
    assert "python -m stylize dream --content coffee.jpg --recipe inception --size 176 --out inception.jpg" in told
    assert "![DeepDream as published]" not in told
    assert "Not shown: its weights were not at hand." in told
    assert "Not made yet, each by `--only NAME`: impasto, painted, gatys-vgg16" in told


def test_pictures_for_ink() -> None:
    drawn = horse(96)
    assert drawn.shape[0] == 96 and 0 <= drawn.min() and drawn.max() <= 1
    # A dark animal on light ground: between a twentieth and half of the picture.
    assert 0.05 < (drawn.mean(axis=2) < 0.45).mean() < 0.5
    hills = landscape(96, 144)
    rows = hills.mean(axis=(1, 2))
    assert hills.shape == (96, 144, 3)
    assert rows[:20].min() > rows[-20:].max()


@pytest.mark.slow
def test_one_entry_from_end_to_end(
    starting_weights: dict[str, Path], photo: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPASTO_VGG16_WEIGHTS", str(starting_weights["vgg16"]))
    for place in SAMPLES.values():
        write(tmp_path / "samples" / place, photo)
    assert make_gallery(tmp_path / "out", tmp_path / "samples", main, ["dream-zoom"]) == 0
    assert read(tmp_path / "out" / "dream-zoom.gif").pixels.shape == (108, 144, 3)
    assert "dream-zoom.gif" in (tmp_path / "out" / "README.md").read_text()
    with pytest.raises(ValueError, match="the gallery has no dreams; it has impasto, painted"):
        make_gallery(tmp_path / "out", tmp_path / "samples", main, ["dreams"])
