"""Places, and work in parts: whole files or none, what was cut off goes on, a bucket is as good as a folder."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest

from impasto.bulk.places import Place
from impasto.bulk.work import Work, refuse_another
from impasto.errors import FileError
from impasto.lock import BusyError


@pytest.fixture(params=["folder", "memory", "dir"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """A folder; a bucket, in memory; and a file system of fsspec's where files have to be renamed."""
    memory = fsspec.filesystem("memory")
    yield Place(
        {"folder": str(tmp_path / "place"), "memory": "memory://bucket/place"}.get(
            request.param, f"file://{tmp_path}/place"
        )
    )
    memory.store.clear()


def test_what_is_written_is_there(place: Place) -> None:
    assert not place.exists("a/b.txt") and list(place.names("a")) == []
    place.write("a/b.txt", b"one")
    place.write("a/b.txt", b"two")
    place.write("a/c.txt", b"")
    assert place.read("a/b.txt") == b"two" and place.read("a/c.txt") == b""
    assert sorted(place.names("a")) == ["b.txt", "c.txt"] and list(place.names()) == []
    assert place.exists("a/b.txt") and list(place.names(".drafts")) == []
    with pytest.raises(FileError, match="a/d.txt: no such file"):
        place.read("a/d.txt")
    place.clear("a")
    place.remove("a/b.txt")  # which is gone
    assert not place.exists("a/b.txt")
    again = pickle.loads(pickle.dumps(place))
    again.write("x", b"1")
    assert place.read("x") == b"1"


def test_a_draft_takes_its_place_whole(place: Place, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    draft.write_bytes(b"whole")
    place.adopt(draft, "deep/er/file")
    assert place.read("deep/er/file") == b"whole" and not draft.exists()


def test_what_lies_below_a_bucket_but_for_what_is_hidden() -> None:
    place = Place("memory://bucket/photos")
    for name in ("b.jpg", "a/c.jpg", ".hidden/d.jpg", "a/.e.jpg"):
        place.write(name, b"1")
    assert place.below() == ["a/c.jpg", "b.jpg"]
    fsspec.filesystem("memory").store.clear()


def test_an_unknown_kind_of_bucket_is_said() -> None:
    with pytest.raises(ValueError, match="nothing://bucket"):
        Place("nothing://bucket")


def test_work_goes_on_where_it_was_cut_off(place: Place) -> None:
    work = Work(place, ".work")
    assert work.begun() is None
    plan = work.begin({"asked": 1}, iter([["a", os.fsdecode(b"caf\xe9")], ["b"], []]))
    assert plan["parts"] == 3
    work.finish(1, {"n": 5})
    other = pickle.loads(pickle.dumps(work))  # another process
    assert other.part(0) == ["a", os.fsdecode(b"caf\xe9")] and other.done() == {1}
    other.finish(0, {"n": 7})
    later = Work(place, ".work")  # the same command, later
    assert later.begun() == plan and later.done() == {0, 1}
    assert list(later.results()) == [{"n": 7}, {"n": 5}]


def test_a_plan_that_is_cut_off_leaves_the_one_of_before(place: Place) -> None:
    work = Work(place, ".work")
    work.begin({"asked": 1}, [["a"]])
    work.finish(0, {})

    def parts() -> Iterator[list[str]]:
        yield ["b"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work.begin({"asked": 2}, parts())
    later = Work(place, ".work")
    found = later.begun()
    assert found is not None and found["asked"] == 1
    assert later.part(0) == ["a"] and later.done() == {0}
    later.begin({"asked": 2}, [["b"]])
    assert later.done() == set() and later.part(0) == ["b"]
    assert json.loads(place.read(".work/plan.json"))["asked"] == 2


def test_what_somebody_else_made_is_left_alone(place: Place) -> None:
    work = Work(place, ".work")
    place.write("waves/cat.jpg", b"mine")
    work.refuse_taken(["night", "report.json"])
    for name in ("waves", "waves/cat.jpg"):
        with pytest.raises(ValueError, match="is there already, and not from this command"):
            work.refuse_taken(["night", name])


def test_one_command_at_a_time_and_no_drafts_of_killed_ones(tmp_path: Path) -> None:
    place = Place(str(tmp_path))
    work = Work(place, ".work")
    place.write(".work/drafts/other-1-1.part", b"half")
    with work.alone():
        assert list(place.names(".work/drafts")) == []
        with pytest.raises(BusyError, match="is in use by process"), work.alone():
            pass
    with work.alone():
        pass


def test_another_wish_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"^out: painting was begun with strength 1\.0 \(now 0\.5\); repeat the command"
    ):
        refuse_another({"strength": 1.0, "size": 3}, {"strength": 0.5, "size": 3}, "out", "painting")
    refuse_another({"strength": 1.0}, {"strength": 1.0}, "out", "painting")
