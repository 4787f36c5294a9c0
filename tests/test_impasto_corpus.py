"""Photographs by the million, in small: parts, names, poison, going on, other wishes; and the whole command on Beam."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import pytest
from conftest import packaged_picture
from PIL import Image

import impasto
from impasto.__main__ import main
from impasto.bulk import painting
from impasto.bulk.painting import Corpus, Look, as_json, from_json, parts, photographs
from impasto.bulk.places import Place
from impasto.bulk.work import Work
from impasto.errors import FileError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four photographs, two of which are of one name, one damaged; a note; two paintings."""
    monkeypatch.chdir(tmp_path)
    for name, source in (
        ("photos/cat.jpg", "chelsea.png"),
        ("photos/cat.png", "coffee.png"),
        ("photos/in/cup.jpg", "coffee.png"),
        ("waves.jpg", "ihc.png"),
        ("night.jpg", "astronaut.png"),
    ):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray((255 * packaged_picture(source, 48, 32)).astype(np.uint8)).save(name)
    Path("photos/cut.jpg").write_bytes(Path("photos/cat.jpg").read_bytes()[:900])
    Path("photos/notes.txt").write_text("no picture")
    return tmp_path


@pytest.fixture(scope="module")
def styles() -> list[Any]:
    with impasto.load() as painter:
        return [
            painter.embed((255 * packaged_picture(name, 64, 64)).astype(np.uint8), title=name)
            for name in ("ihc.png", "coffee.png")
        ]


def test_every_photograph_has_a_name_of_its_own(folder: Path) -> None:
    found, ignored, refused = photographs(["photos", "photos/cat.jpg"], "photos/painted")
    assert found == [
        (f"{folder}/photos/cat.jpg", "cat"),
        (f"{folder}/photos/cat.png", "cat-2"),
        (f"{folder}/photos/cut.jpg", "cut"),
        (f"{folder}/photos/in/cup.jpg", "in/cup"),
    ]
    assert (ignored, refused) == (["photos/notes.txt"], [])
    Path("photos/painted").mkdir()
    Path("photos/painted/x.jpg").write_bytes(Path("photos/cat.jpg").read_bytes())
    assert len(photographs(["photos"], "photos/painted")[0]) == 4
    # A folder that is read and written: what lies in the folders of styles is no photograph.
    assert len(photographs(["photos"], "photos/")[0]) == 5
    assert photographs(["photos"], "photos/", ["painted"])[0] == found[:4]
    with pytest.raises(FileError, match="nothing"):
        photographs(["nothing"], "out")


def test_parts_hold_every_photograph_once() -> None:
    found = [(str(number), str(number)) for number in range(100_000)]
    cut = list(parts(found))
    assert [entry for part in cut for entry in part] == found
    assert len(cut) == 391 and {len(part) for part in cut[:-1]} == {256}
    assert [len(part) for part in parts(found[:3])] == [1, 1, 1]


def test_a_part_is_painted_whole_and_never_twice(
    folder: Path, styles: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = Work(Place("out"), painting.WORK)
    corpus = Corpus(work, [("a", styles[0]), ("b", styles[1])], Look(stroke=None, format="png"))
    work.begin({}, parts(photographs(["photos"], "out")[0]))
    for number in range(4):
        corpus.do(number)
    results = list(work.results())
    assert [result["written"] for result in results] == [2, 2, 0, 2]
    assert (
        results[2]["failed"][0]["name"] == f"{folder}/photos/cut.jpg" and "damaged" in results[2]["failed"][0]["reason"]
    )
    written = sorted(str(path.relative_to("out")) for path in Path("out").rglob("*.png"))
    assert written == sorted(f"{style}/{name}.png" for style in "ab" for name in ("cat", "cat-2", "in/cup"))
    with impasto.load() as painter, Image.open("out/b/in/cup.png") as picture:
        expected = painter.paint("photos/in/cup.jpg", styles[1], stroke=None)
        np.testing.assert_array_equal(np.asarray(picture), np.asarray(expected))
    # Cut off before the part was noted as done, what is there is kept, and not even read again.
    Path("out/a/cat.png").unlink()
    painted: list[Any] = []
    read = painting.read

    def noted(source: Any, **settings: Any) -> Any:
        painted.append(source)
        return read(source, **settings)

    monkeypatch.setattr(painting, "read", noted)
    for number in (0, 1):
        corpus.do(number)
    assert painted == [f"{folder}/photos/cat.jpg"] and Path("out/a/cat.png").is_file()
    assert work.result(0)["written"] == 2


def test_a_disk_that_is_full_is_no_fault_of_the_photograph(folder: Path, styles: list[Any]) -> None:
    work = Work(Place("out"), painting.WORK)
    work.begin({}, parts([("photos/cat.jpg", "cat")]))
    Path("out/a").write_text("a file where the folder should be")
    with pytest.raises(FileError, match="out/a/cat.jpg: cannot be written"):
        Corpus(work, [("a", styles[0])], Look()).do(0)
    assert work.done() == set()


def test_a_style_is_kept_to_the_last_bit(styles: list[Any]) -> None:
    label, kept = from_json(json.loads(json.dumps(as_json("waves", styles[0]))))
    assert (label, kept.model, kept.strength) == ("waves", styles[0].model, 1.0)
    np.testing.assert_array_equal(kept.embedding, styles[0].embedding)


def corpus(*flags: str) -> int:
    return main(["corpus", "--content", "photos", "--out", "out", "--workers", "1", "--stroke", "0", *flags])


@pytest.mark.slow
def test_the_command_goes_on_and_takes_what_is_new(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One test for what follows from one run, because every pipeline takes half a second."""
    assert corpus("--style", "waves.jpg", "--beam", "flink_mister=there") == 1
    assert "Apache Beam knows no option flink_mister" in capsys.readouterr().err
    assert corpus("--style", "waves.jpg") == 1
    shown = capsys.readouterr()
    assert shown.out == "out: 3 of 4 pictures are there\n"
    assert "note: 1 files are no pictures and passed over: photos/notes.txt" in shown.err
    assert f"error: {folder}/photos/cut.jpg: expected a picture, found a damaged file" in shown.err
    report = json.loads(Path("out/report.json").read_text())
    assert report["pictures"] == 3 and [entry["name"] for entry in report["failed"]] == [f"{folder}/photos/cut.jpg"]
    assert not list(Path("out/.impasto-corpus").rglob("*.part"))
    before = {path: path.stat().st_mtime_ns for path in Path("out").rglob("*.jpg")}
    # Other settings would mix with what is there.
    assert corpus("--style", "waves.jpg", "--strength", "0.5") == 1
    assert "out: painting was begun with strength None (now 0.5)" in capsys.readouterr().err
    # More photographs and more paintings are more work; a name that would change hands is refused.
    Path("photos/dog.jpg").write_bytes(Path("photos/cat.jpg").read_bytes())
    assert corpus("--style", "waves.jpg", "night.jpg") == 1
    assert capsys.readouterr().out == "out: 8 of 10 pictures are there\n"
    assert {path: path.stat().st_mtime_ns for path in before} == before
    Path("photos/cat.bmp").write_bytes(Path("photos/cat.jpg").read_bytes())
    assert corpus("--style", "waves.jpg", "night.jpg") == 1
    assert f"the name cat was given to {folder}/photos/cat.jpg before" in capsys.readouterr().err
    Path("photos/cat.bmp").unlink()
    Path("waves.jpg").write_bytes(Path("night.jpg").read_bytes())
    Path("photos/emu.jpg").write_bytes(Path("photos/cat.jpg").read_bytes())
    assert corpus("--style", "waves.jpg", "night.jpg") == 1
    assert "the pictures in waves were painted in another painting of that name" in capsys.readouterr().err


@pytest.fixture
def bucket() -> Iterator[Any]:
    memory = fsspec.filesystem("memory")
    yield memory
    memory.store.clear()


def test_what_is_painted_into_a_bucket_that_is_read_is_no_photograph(bucket: Any) -> None:
    for name in ("cat.jpg", "out/waves/cat.jpg", "outer/cup.jpg"):
        bucket.pipe_file(f"/b/{name}", b"any")
    there = [f"memory://b/{name}" for name in ("cat.jpg", "outer/cup.jpg")]
    assert [source for source, _ in photographs(["memory://b"], "memory://b/out/")[0]] == there
    assert [source for source, _ in photographs(["memory://b/"], "memory://b", ["out/waves"])[0]] == there


def test_from_and_to_a_bucket(folder: Path, bucket: Any, capsys: pytest.CaptureFixture[str]) -> None:
    for path in Path("photos").rglob("*.*"):
        bucket.pipe_file(f"/b/{path}", path.read_bytes())
    flags = ["--style", "waves.jpg", "--workers", "1", "--stroke", "0"]
    assert main(["corpus", "--content", "memory://b/photos", "--out", "memory://b/out", *flags]) == 1
    assert capsys.readouterr().out == "memory://b/out: 3 of 4 pictures are there\n"
    with Image.open(io.BytesIO(bucket.cat_file("/b/out/waves/in/cup.jpg"))) as picture:
        assert picture.size == (48, 32)
    report = json.loads(bucket.cat_file("/b/out/report.json"))
    assert report["failed"][0]["name"] == "memory://b/photos/cut.jpg"
    assert not [name for name in bucket.find("/b/out") if "drafts" in name]
