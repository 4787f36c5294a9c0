"""Any source to records: each picture once, shuffled, reduced; what is left out is named; TFDS reads them, too."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pytest
from PIL import Image
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from datasets.__main__ import main
from datasets.combining import ConcatSource
from datasets.duplicates import near_groups, perceptual_hash
from datasets.fingerprint import fingerprint
from datasets.opening import files_of, open_source
from datasets.preparing import WORK, Preparation, Preparing, plan, summary
from datasets.records import RecordsSource
from datasets.stored import stored
from datasets.synthetic import SyntheticSource
from impasto.bulk.places import Place
from impasto.bulk.work import Work
from impasto.errors import PictureError


def photo(number: int, size: tuple[int, int] = (96, 72)) -> Image.Image:
    """A generated photograph, cut to a shape."""
    return Image.fromarray(SyntheticSource(100, 128, role="content", seed=1).load(number)).resize(size)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve photographs, one of them twice in another size; a damaged and a tiny one; a name that is no text."""
    path = tmp_path_factory.mktemp("corpus") / "photos"
    path.mkdir()
    for number in range(12):
        photo(number).save(path / f"{number:02d}.jpg", quality=90)
    photo(3, (160, 120)).save(path / "copy.png")
    (path / "cut.jpg").write_bytes((path / "00.jpg").read_bytes()[:600])
    photo(0, (90, 20)).save(path / "tiny.png")
    (path / "11.jpg").rename(path / os.fsdecode(b"caf\xe9.jpg"))
    return path


def prepared(spec: str, out: Path, drop: bool = False, **wish: Any) -> dict[str, Any]:
    """Without Beam: its parts one after the other."""
    asked = Preparation(spec, **{"short": 64, "least": 32, "shards": 3, **wish})
    work = Work(Place(str(out)), WORK)
    shards, parts = plan(asked)
    work.begin({}, parts)
    for number in range(shards):
        Preparing(work, asked, shards).do(number)
    return summary(work, asked, shards, 4, drop)


def test_every_picture_once_and_what_is_left_out_named(folder: Path, tmp_path: Path) -> None:
    report = prepared(str(folder), tmp_path / "out")
    assert report["pictures"] == sum(report["shards"]) == 13 and max(report["shards"]) <= 5
    reasons = {Path(entry["name"]).name: entry["reason"] for entry in report["skipped"]}
    assert set(reasons) == {"cut.jpg", "tiny.png"}
    assert "damaged" in reasons["cut.jpg"] and "too small: 90x20" in reasons["tiny.png"]
    source = open_source(f"records:{tmp_path / 'out'}", role="content")
    names = [source.key(index) for index in range(len(source))]
    found = {path.name for path in folder.iterdir()} - {"cut.jpg", "tiny.png"}
    assert sorted(names) == sorted(found) and names != sorted(names)
    for index, name in enumerate(names):
        assert source.load(index).shape == (64, 85, 3), name
    place = names.index("02.jpg")
    expected = photo(2).resize((85, 64), Image.Resampling.LANCZOS)
    # Two JPEGs lie between.
    assert np.abs(source.load(place).astype(int) - np.asarray(expected)).mean() < 4
    copies = json.loads((tmp_path / "out" / "duplicates.json").read_text())["names"]
    assert [sorted(group) for group in copies] == [["03.jpg", "copy.png"]] and report["copies"] == 1
    assert str(tmp_path / "out" / "report.json") in files_of(source)


def test_a_seed_gives_the_same_bytes_another_another_order(folder: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        prepared(str(folder), tmp_path / name, seed=seed)
    trees = {}
    for name in "abc":
        files = [path for path in (tmp_path / name).rglob("*") if path.is_file() and WORK not in path.parts]
        trees[name] = {path.name: path.read_bytes() for path in files}
    assert trees["a"] == trees["b"] and len(trees["a"]) == 3 + 3 + 4
    assert trees["a"] != trees["c"]
    digests = [fingerprint(RecordsSource(str(tmp_path / name)))["digest"] for name in "abc"]
    assert digests[0] == digests[1] != digests[2]


def test_near_copies_can_be_left_out_and_shards_shared(folder: Path, tmp_path: Path) -> None:
    prepared(str(folder), tmp_path / "out", drop=True)
    whole = RecordsSource(str(tmp_path / "out"))
    names = [whole.key(index) for index in range(len(whole))]
    assert len(names) == 12 and len({"03.jpg", "copy.png"} & set(names)) == 1
    parts = [RecordsSource(f"{tmp_path / 'out'}#shard={number}/2") for number in (0, 1)]
    shared = [[part.key(index) for index in range(len(part))] for part in parts]
    assert sorted(sum(shared, [])) == sorted(names) and not set(shared[0]) & set(shared[1])
    for part in parts:
        for index in range(len(part)):
            np.testing.assert_array_equal(part.load(index), whole.load(names.index(part.key(index))))
    assert len({fingerprint(source)["digest"] for source in (whole, *parts)}) == 3
    with pytest.raises(ValueError, match="3 shards, fewer than 4 processes; prepare it with --shards 4"):
        RecordsSource(f"{tmp_path / 'out'}#shard=3/4")
    with pytest.raises(ValueError, match="expected #shard=K/N"):
        RecordsSource(f"{tmp_path / 'out'}#shard=2/2")


def test_tensorflow_datasets_reads_them(folder: Path, tmp_path: Path) -> None:
    tfds = pytest.importorskip("tensorflow_datasets")
    prepared(str(folder), tmp_path / "out")
    builder = tfds.builder_from_directory(str(tmp_path / "out"))
    found = builder.as_data_source(split="train")
    assert len(found) == builder.info.splits["train"].num_examples == 13
    ours = RecordsSource(str(tmp_path / "out"))
    for index in (0, 7, 12):
        np.testing.assert_array_equal(found[index]["image"], ours.load(index))
        assert found[index]["name"] == ours.key(index).encode("utf-8", "backslashreplace")


def test_sources_of_every_kind(folder: Path, tmp_path: Path) -> None:
    bucket = fsspec.filesystem("memory")
    for number in range(3):
        bucket.pipe_file(f"/b/photos/{number}.jpg", (folder / f"{number:02d}.jpg").read_bytes())
    bucket.pipe_file("/b/photos/notes.txt", b"no picture")
    report = prepared(f"memory://b/photos+{folder}+synthetic:4:48", tmp_path / "out")
    assert report["pictures"] == 3 + 13 + 4
    source = RecordsSource(str(tmp_path / "out"))
    names = [source.key(index) for index in range(len(source))]
    assert "0.jpg" in names and "00.jpg" in names and sum(name.startswith("photograph-") for name in names) == 4
    # Records are a source like others.
    assert prepared(f"records:{tmp_path / 'out'}", tmp_path / "again")["pictures"] == 20
    bucket.store.clear()
    with pytest.raises(ValueError, match="holds no picture|cannot be listed"):
        open_source("memory://b/photos", role="content")
    assert isinstance(open_source(f"{folder}+{folder}", role="content"), ConcatSource)


def test_a_jpeg_that_fits_is_kept_to_the_byte(folder: Path) -> None:
    data = (folder / "00.jpg").read_bytes()
    assert stored(data, "x", 72).jpeg() == data and stored(data, "x", None).jpeg() == data
    smaller = stored(data, "x", 36)
    assert smaller.file is None and smaller.pixels.shape == (36, 48, 3) and smaller.jpeg() != data
    turned = Image.Exif()
    turned[0x0112] = 6
    buffer = io.BytesIO()
    photo(0).save(buffer, "JPEG", exif=turned)
    found = stored(buffer.getvalue(), "x", None)
    assert found.pixels.shape == (96, 72, 3) and found.file is None
    with pytest.raises(PictureError, match="x: too small: 96x72 pixels, where the short side has to have 80"):
        stored(data, "x", None, 80)


def test_near_groups_are_those_of_comparing_all_with_all() -> None:
    generator = np.random.default_rng(3)
    centres = generator.integers(0, 2**64, 60, np.uint64)
    counts = generator.integers(0, 7, 300).tolist()
    flips = [sum(1 << int(bit) for bit in generator.choice(64, count, replace=False)) for count in counts]
    codes = np.array([int(centres[index % 60]) ^ flip for index, flip in enumerate(flips)], np.uint64)
    for near in (0, 1, 3, 6):
        linked = np.bitwise_count(codes[:, None] ^ codes[None]) <= near
        _, labels = connected_components(csr_array(linked))
        expected = {tuple(np.flatnonzero(labels == label).tolist()) for label in labels}
        assert {tuple(group) for group in near_groups(codes, near)} == {group for group in expected if len(group) > 1}
    assert near_groups([], 4) == []


def test_hashes_of_flat_and_small_pictures() -> None:
    flat = np.full((40, 30, 3), 128, np.uint8)
    assert 0 <= perceptual_hash(flat) < 2**64 and 0 <= perceptual_hash(flat[:1, :1]) < 2**64


def test_what_is_missing_or_wrong_is_said(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="holds no records; python -m datasets prepare"):
        RecordsSource(str(tmp_path))
    prepared(str(folder), tmp_path / "out")
    shard = next((tmp_path / "out").glob("*00001-of*"))
    (tmp_path / "out" / "report.json").rename(tmp_path / "report.json")
    with pytest.raises(ValueError, match="is unfinished; run the same prepare command again"):
        RecordsSource(str(tmp_path / "out"))
    (tmp_path / "report.json").rename(tmp_path / "out" / "report.json")
    shard.unlink()
    with pytest.raises(ValueError, match="00001-of-00003 is missing; copy the whole folder"):
        RecordsSource(str(tmp_path / "out"))
    assert main(["prepare", str(folder), "--out", str(tmp_path / "no"), "--least", "600"]) == 1
    assert "--least 600: pictures are reduced to 512" in capsys.readouterr().err
    with pytest.raises(ValueError, match=r"--shards 99: .* has 15 pictures, fewer than that"):
        plan(Preparation(str(folder), shards=99))
