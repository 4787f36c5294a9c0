"""Which pictures are written, and under which names."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from impasto.errors import PictureError
from impasto.pictures.folders import Found
from impasto.plan import named_picture, plan, without_results


def found(*paths: str) -> list[Found]:
    """Files that were named one by one."""
    return [Found(Path(path), Path(Path(path).name)) for path in paths]


def names(contents: list[Found], labels: list[str], out: str = "out") -> list[str]:
    return [str(job.out) for job in plan(contents, labels, out, blended=False)]


def test_every_pair_has_its_name() -> None:
    jobs = plan(found("p/cat.jpg", "p/dog.png"), ["sea", "sky"], "out", blended=False)
    assert [(job.content.name, job.styles, str(job.out)) for job in jobs] == [
        ("cat.jpg", (0,), "out/cat__sea.png"),
        ("cat.jpg", (1,), "out/cat__sky.png"),
        ("dog.png", (0,), "out/dog__sea.png"),
        ("dog.png", (1,), "out/dog__sky.png"),
    ]


def test_blend_takes_all_styles_at_once() -> None:
    (job,) = plan(found("cat.jpg"), ["sea", "sky"], "out", blended=True, suffix=".jpg")
    assert job.styles == (0, 1) and job.out == Path("out/cat__blend.jpg")


def test_trees_are_mirrored() -> None:
    contents = [Found(Path("p/a/cat.jpg"), Path("a/cat.jpg")), Found(Path("p/b/cat.jpg"), Path("b/cat.jpg"))]
    assert names(contents, ["sea"]) == ["out/a/cat__sea.png", "out/b/cat__sea.png"]
    twice = [*contents, Found(Path("q/a/Cat.png"), Path("a/Cat.png"))]
    assert names(twice, ["sea"])[2] == "out/a/Cat-2__sea.png"


def test_equal_names_get_numbers() -> None:
    assert names(found("a/cat.jpg", "b/cat.jpg"), ["sea"]) == ["out/cat__sea.png", "out/cat-2__sea.png"]
    assert names(found("a.jpg", "a__b.jpg"), ["b__c", "c"]) == [
        "out/a__b__c.png", "out/a__c.png", "out/a__b__b__c.png", "out/a__b__c-2.png",
    ]  # fmt: skip


def test_names_of_any_length_and_bytes_fit() -> None:
    old = os.fsdecode(b"\xff" * 250)
    made = names(found(f"a/{'n' * 251}.jpg", f"b/{'n' * 251}.jpg", f"{old}.jpg"), ["s" * 250, "sea"])
    assert len(set(made)) == 6
    assert all(len(os.fsencode(Path(name).name)) <= 255 for name in made)


def test_what_is_painted_is_known_by_its_name() -> None:
    places = ["a.jpg", "a__sea.png", "a__sea__sky.png", "a_b.jpg", "in/a__sea.png", "__.png", "b__sea.png"]
    parted = without_results([Found(Path("p", place), Path(place)) for place in places])
    assert [[str(found.place) for found in part] for part in parted] == [
        ["a.jpg", "a_b.jpg", "in/a__sea.png", "__.png", "b__sea.png"], ["a__sea.png", "a__sea__sky.png"],
    ]  # fmt: skip
    # Whatever `plan` makes of names that differ in their suffix only, or are too long.
    contents = found("cat.jpg", "cat.png", f"{'é' * 120}.jpg", f"{'é' * 119}n.jpg")
    made = found(*names(contents, ["sea", "s" * 250]))
    assert without_results([*contents, *made]) == (contents, made)


def test_a_single_picture_may_be_named(tmp_path: Path) -> None:
    (job,) = plan(found("cat.jpg"), ["sea"], str(tmp_path / "mine.jpg"), blended=False)
    assert job.out == tmp_path / "mine.jpg"
    with pytest.raises(PictureError, match="names one picture, but 2 would be written"):
        plan(found("cat.jpg", "dog.jpg"), ["sea"], str(tmp_path / "mine.jpg"), blended=False)
    (tmp_path / "folder.png").mkdir()
    assert names(found("cat.jpg"), ["sea"], str(tmp_path / "folder.png")) == [
        str(tmp_path / "folder.png" / "cat__sea.png")
    ]


def test_out_must_not_be_another_file(tmp_path: Path) -> None:
    (tmp_path / "notes").write_text("mine")
    with pytest.raises(PictureError, match="notes: expected a folder or the name of a picture, found a file"):
        names(found("cat.jpg"), ["sea"], str(tmp_path / "notes"))


@pytest.mark.parametrize(
    ("out", "named"), [("cat.PNG", True), ("out", False), ("cat.jgp/", False), ("v1.2", False), ("2024.12.24", False)]
)
def test_what_names_a_picture(out: str, named: bool) -> None:
    assert (named_picture(out) == Path(out)) if named else named_picture(out) is None


@pytest.mark.parametrize(("out", "near"), [("cat.jgp", "mean .jpg"), ("cat.ping", "mean .png"), ("cat.pdf", "'.pdf'")])
def test_a_slip_in_a_suffix_makes_no_folder(out: str, near: str) -> None:
    with pytest.raises(PictureError, match=f"{near}.*a folder of that name ends in a slash: {out}/"):
        named_picture(out)
