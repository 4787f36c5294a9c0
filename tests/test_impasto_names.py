from __future__ import annotations

import os

import pytest

from impasto.pictures.names import joined, shortened, unique


def test_equal_names_get_numbers() -> None:
    assert unique(["cat", "dog", "Cat", "cat", "cat-2"]) == ["cat", "dog", "Cat-3", "cat-4", "cat-2"]
    # The same accent as one character and as two: one name to some file systems.
    assert unique(["caf\u00e9", "cafe\u0301"]) == ["caf\u00e9", "cafe\u0301-2"]


def test_long_names_are_cut_and_stay_different() -> None:
    first, second = "a" * 250 + "1", "a" * 250 + "2"
    assert shortened(first) == first
    assert len(shortened(first, 100)) == 100 and shortened(first, 100) != shortened(second, 100)
    assert shortened(first, 100) == shortened(first, 100)


@pytest.mark.parametrize("room", range(20, 30))
def test_cuts_lie_between_characters(room: int) -> None:
    name = shortened("\u00e9\u20ac" * 20, room)
    assert len(os.fsencode(name)) <= room
    os.fsencode(name).decode("utf-8")  # no half character is left


def test_joined_names_fit_whatever_their_parts_are() -> None:
    assert joined("cat", "sea", ".png") == "cat__sea.png"
    long = [joined("a" * 251, style, ".png") for style in ("sea", "b" * 251, "b" * 250 + "c")]
    assert [len(name) for name in long] == [255, 255, 255] and len(set(long)) == 3
    assert long[0].endswith("__sea.png")
    assert joined("cat", "b" * 251, ".png").startswith("cat__bbb")
    assert len(os.fsencode(joined(os.fsdecode(b"\xff" * 251), "sea", ".png"))) <= 255
