from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.__main__ import main
from datasets.contact_sheet import contact_sheet
from datasets.procedural.noise import cells, flow_angle, mix, noise, relief, sample, smoothstep, unit_grid
from datasets.procedural.palettes import palette, palette_names, ramp, regrade
from datasets.procedural.scenes import SCENES
from datasets.synthetic import STYLES, SyntheticSource


@pytest.mark.parametrize("family", list(STYLES))
def test_every_style_family_gives_a_lively_picture_at_any_size(family: str) -> None:
    pictures = [STYLES[family](np.random.default_rng([seed, 9]), 64) for seed in (0, 1)]
    assert not np.array_equal(pictures[0], pictures[1])
    for picture in pictures:
        assert picture.shape == (64, 64, 3) and np.isfinite(picture).all()
        assert picture.min() >= -1e-3 and picture.max() <= 1.001
        assert picture.std() > 0.04, "a flat picture teaches nothing"


@pytest.mark.parametrize("name", list(SCENES))
def test_every_scene_gives_a_lively_picture(name: str) -> None:
    for seed in range(3):
        picture = np.clip(SCENES[name](np.random.default_rng(seed), 64), 0, 1)
        assert picture.shape == (64, 64, 3) and np.isfinite(picture).all() and picture.std() > 0.04


def test_pictures_depend_on_seed_and_index_only() -> None:
    source, again = SyntheticSource(60, 48, seed=5), SyntheticSource(40, 48, seed=5)
    for index in (33, 2, 17):
        np.testing.assert_array_equal(source.load(index), again.load(index))
    assert not np.array_equal(source.load(2), SyntheticSource(60, 48, seed=6).load(2))
    photos = SyntheticSource(3, 48, role="content", seed=5)
    assert photos.family(1) == "photograph" and photos.load(1).dtype == np.uint8
    assert not np.array_equal(photos.load(0), photos.load(1))


def test_families_take_turns_and_name_their_pictures() -> None:
    source = SyntheticSource(len(STYLES) * 2, 32)
    assert [source.family(i) for i in range(len(STYLES))] == list(STYLES)
    assert source.family(len(STYLES)) == source.family(0)
    assert len({source.key(i) for i in range(len(source))}) == len(source)


@pytest.mark.parametrize("family", ["impasto", "stained_glass", "woodblock"])
def test_a_seed_means_one_composition_at_any_resolution(family: str) -> None:
    small, large = (STYLES[family](np.random.default_rng([3, 1]), size) for size in (96, 192))
    coarse = [
        np.asarray(Image.fromarray((p * 255).astype(np.uint8)).resize((8, 8), Image.Resampling.BOX)) / 255.0
        for p in (small, np.clip(large, 0, 1))
    ]
    assert np.abs(coarse[0] - coarse[1]).mean() < 0.06


def test_noise_has_unit_spread_and_sampling_mirrors() -> None:
    field = noise(np.random.default_rng(0), 256, 32)
    assert abs(field.mean()) < 0.1 and 0.6 < field.std() < 1.3
    ramp_field = np.arange(4, dtype=np.float32)[None, :].repeat(4, 0)
    places = np.array([-0.3, -0.1, 0.1, 0.9, 1.1, 1.3], np.float32)
    assert sample(ramp_field, np.full(6, 0.5, np.float32), places).tolist() == [1, 0, 0, 3, 3, 2]


def test_cells_tell_the_nearest_point() -> None:
    y, x = unit_grid(60)
    index, centre_y, centre_x, border = cells(np.random.default_rng(1), y, x, 5)
    points = np.unique(np.stack([centre_y.ravel(), centre_x.ravel()], 1), axis=0)
    distance = np.sqrt((y[..., None] - points[:, 0]) ** 2 + (x[..., None] - points[:, 1]) ** 2)
    found = np.sqrt((y - centre_y) ** 2 + (x - centre_x) ** 2)
    # Only the eight neighbouring cells are searched, which rarely misses the very nearest point.
    assert np.mean(found <= distance.min(-1) + 1e-4) > 0.99
    assert border.min() >= 0 and len(np.unique(index)) == len(points)


def test_flow_follows_the_edges() -> None:
    stripes = np.zeros((64, 64, 3), np.float32)
    stripes[:, (np.arange(64) // 8) % 2 == 0] = 1
    angle = flow_angle(np.random.default_rng(0), stripes, swirl=0.0)
    # Vertical stripes: strokes run up and down, sine near 1 whichever way the arrow points.
    assert np.median(np.abs(np.sin(angle))) > 0.8


def test_relief_lights_from_the_upper_left() -> None:
    y, x = unit_grid(32)
    hill = np.exp(-((y - 0.5) ** 2 + (x - 0.5) ** 2) * 40) * 30
    light = relief(hill, 0.3)
    assert light[11, 11] > 1.05 and light[20, 20] < 0.95 and abs(light[0, 0] - 1) < 0.01


def test_palettes_run_from_dark_to_light() -> None:
    for name in palette_names():
        colours = palette(np.random.default_rng(0), [name])
        tones = colours @ [0.299, 0.587, 0.114]
        assert colours.shape == (6, 3) and np.all(np.diff(tones) >= 0) and tones[-1] - tones[0] > 0.3
    assert ramp(colours, np.array([[0.0, 1.0]]))[0] == pytest.approx(colours[[0, -1]])
    graded = regrade(np.random.default_rng(0).random((32, 32, 3), dtype=np.float32), colours, keep=0)
    assert graded.min() >= colours.min() - 1e-3 and graded.max() <= colours.max() + 1e-3
    assert smoothstep(0, 1, np.array([-1.0, 0.5, 2.0])).tolist() == [0, 0.5, 1]
    assert mix(np.zeros((1, 1, 3)), 1.0, np.array([[0.25]])).ravel().tolist() == [0.25] * 3


def test_contact_sheet_places_pictures_in_cells() -> None:
    red, tall = np.zeros((20, 20, 3), np.uint8), np.ones((40, 20, 3), np.float32) * [0, 0, 1]
    red[..., 0] = 255
    sheet = np.asarray(contact_sheet([[red, None], [tall, red]], cell=40))
    assert sheet.shape == (2 * 44 + 4, 2 * 44 + 4, 3)
    assert sheet[24, 24].tolist() == [255, 0, 0] and sheet[24, 68].tolist() == [255] * 3
    assert sheet[68, 24].tolist() == [0, 0, 255] and sheet[68, 8].tolist() == [255] * 3
    titled = contact_sheet([[red]], ["a rather long title that must be cut"], ["column"], cell=40)
    assert titled.size == (48, 48 + 36)
    with pytest.raises(ValueError, match="at least one"):
        contact_sheet([])


def test_samples_are_complete_and_free(tmp_path: Path) -> None:
    pytest.importorskip("skimage")
    out = tmp_path / "samples"
    (out / "styles").mkdir(parents=True)
    (out / "styles" / "stale.jpg").write_bytes(b"old")
    (out / "samples.json").write_text("{}")  # as a run of before leaves it
    assert main(["samples", "--out", str(out), "--size", "48"]) == 0
    listing = json.loads((out / "samples.json").read_text())
    assert len(listing["photos"]) >= 4 and len(listing["styles"]) >= 15
    entries = listing["photos"] + listing["styles"]
    assert len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry) == {"id", "title", "file", "thumb", "width", "height", "credit", "license"}
        assert entry["license"] in ("CC0", "Public domain", "Apache-2.0") and entry["credit"] and entry["title"]
        for key in ("file", "thumb"):
            with Image.open(out / entry[key]) as image:
                assert image.format == "JPEG"
        with Image.open(out / entry["file"]) as image:
            assert image.size == (entry["width"], entry["height"])
    assert not (out / "styles" / "stale.jpg").exists()


def test_sheet_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sheet.png"
    assert main(["sheet", "synthetic:6:32", "--out", str(out), "--columns", "3", "--cell", "30"]) == 0
    with Image.open(out) as image:
        assert image.size == (3 * 34 + 4, 2 * 34 + 4)
