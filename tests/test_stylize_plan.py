from __future__ import annotations

from pathlib import Path

import pytest

from stylize.pictures import PictureError
from stylize.plan import plan, unique


def test_every_pair_has_its_name() -> None:
    jobs = plan(
        [Path("p/cat.jpg"), Path("p/dog.png")],
        [Path("s/sea.jpg"), Path("s/sky.jpg")],
        Path("out"),
        blended=False,
    )
    assert [(job.content.name, job.styles[0].name, str(job.out)) for job in jobs] == [
        ("cat.jpg", "sea.jpg", "out/cat__sea.png"),
        ("cat.jpg", "sky.jpg", "out/cat__sky.png"),
        ("dog.png", "sea.jpg", "out/dog__sea.png"),
        ("dog.png", "sky.jpg", "out/dog__sky.png"),
    ]


def test_blend_takes_all_styles_at_once() -> None:
    styles = [Path("sea.jpg"), Path("sky.jpg")]
    (job,) = plan([Path("cat.jpg")], styles, Path("out"), blended=True)
    assert job.styles == tuple(styles) and job.out == Path("out/cat__blend.png")


def test_single_picture_may_be_named(tmp_path: Path) -> None:
    (job,) = plan([Path("cat.jpg")], [Path("sea.jpg")], tmp_path / "mine.jpg", blended=False)
    assert job.out == tmp_path / "mine.jpg"
    with pytest.raises(PictureError, match="names one picture, but 2 would be written"):
        plan([Path("cat.jpg"), Path("dog.jpg")], [Path("sea.jpg")], tmp_path / "mine.jpg", blended=False)
    (tmp_path / "folder.png").mkdir()
    (job,) = plan([Path("cat.jpg")], [Path("sea.jpg")], tmp_path / "folder.png", blended=False)
    assert job.out == tmp_path / "folder.png" / "cat__sea.png"


def test_equal_names_get_numbers() -> None:
    assert unique(["cat", "dog", "Cat", "cat", "cat-2"]) == ["cat", "dog", "Cat-3", "cat-4", "cat-2"]
    jobs = plan([Path("a/cat.jpg"), Path("b/cat.jpg")], [Path("sea.jpg")], Path("out"), blended=False)
    assert [job.out.name for job in jobs] == ["cat__sea.png", "cat-2__sea.png"]


def test_names_that_only_meet_when_joined_get_numbers() -> None:
    jobs = plan([Path("a.jpg"), Path("a__b.jpg")], [Path("b__c.jpg"), Path("c.jpg")], Path("out"), blended=False)
    names = [job.out.name for job in jobs]
    assert names == ["a__b__c.png", "a__c.png", "a__b__b__c.png", "a__b__c-2.png"]


def test_a_file_that_is_read_is_never_written(tmp_path: Path) -> None:
    content = tmp_path / "cat.png"
    with pytest.raises(PictureError, match="would be overwritten, but is also read"):
        plan([content], [Path("sea.jpg")], tmp_path / "x" / ".." / "cat.png", blended=True)


def test_out_must_not_be_another_file(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(PictureError, match="notes.txt: expected a folder or the name of a picture, found a file"):
        plan([Path("cat.jpg")], [Path("sea.jpg")], tmp_path / "notes.txt", blended=False)
