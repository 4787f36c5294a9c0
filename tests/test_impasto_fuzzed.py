"""Readers refuse, in a sentence, whatever bytes they are given: changed good files, and those that once did harm."""

from __future__ import annotations

import copy
import json
import struct
from pathlib import Path
from random import Random
from typing import Any

import pytest
from fuzz import READERS, check

# What a file in JSON is changed by, where it hurts.
PIECES = (
    b"null", b"[]", b"{}", b"1e999", b"-1", b'"x"', b"9" * 30, b"[" * 5000, b"\0", b"true", b",", b"\xff" * 4,
    b"\x7f\xff\xff\xff",
)  # fmt: skip


def changed(data: bytes, rng: Random) -> bytes:
    """A good file with a few places of it overwritten, cut out, or filled with what does not belong there."""
    made = bytearray(data)
    for _ in range(rng.choice([1, 2, 5, 20])):
        at, way = rng.randrange(len(made) or 1), rng.randrange(4)
        if way == 0:
            made[at : at + 1] = bytes([rng.randrange(256)])
        elif way == 1:
            del made[at : at + rng.randrange(1, 9)]
        elif way == 2:
            made[at:at] = rng.choice(PIECES)
        else:
            piece = rng.choice(PIECES)
            made[at : at + len(piece)] = piece
    return bytes(made)


# What a value in JSON is replaced by.
ODD = (
    "null", "true", "0", "-1", "1", "-0.5", str(2**63), str(10**30), "NaN", "1e999", '""', '"x"', '"../x"', '"/etc"',
    '"a\\nb"', '"\\ud800"', '"\\u0000"', f'"{"x" * 5000}"', "[]", "{}", "[[]]", "[{}]", "[null]", '["x", "x"]',
    '{"a": 1}',
)  # fmt: skip


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every list or dict within a value in JSON, with each key in it."""
    if not isinstance(value, (dict, list)):
        return []
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    return [(value, key) for key in keys] + [place for key in keys for place in places(value[key])]


def restructured(data: bytes, rng: Random) -> bytes:
    """JSON that still is JSON, with some values gone, renamed, of other kinds or in each other's place."""
    whole = json.loads(data)
    for _ in range(rng.choice([1, 1, 2, 5])):
        if not (found := places(whole)):
            break
        (holder, key), (other, another) = rng.choice(found), rng.choice(found)
        way = rng.randrange(5)
        if way == 0:
            del holder[key]
        elif way == 1 and isinstance(holder, dict):
            holder[rng.choice(["x", "", "a\nb", "\ud800"])] = holder.pop(key)
        elif way == 2:
            holder[key] = copy.deepcopy(other[another])
        else:
            holder[key] = json.loads(rng.choice(ODD))
    return json.dumps(whole).encode()


@pytest.mark.parametrize("name", READERS)
def test_changed_files_are_read_or_refused(name: str, tmp_path: Path) -> None:
    reader, rng = READERS[name](), Random(0)
    seeds = reader.seeds()
    # Codes are tried twice, once with a sum that is not theirs, and the archives hold no whole network.
    assert name in ("code", "artefact") or all(check(reader, tmp_path, seed) for seed in seeds)
    for _ in range(100):
        check(reader, tmp_path, changed(rng.choice(seeds), rng))


@pytest.mark.parametrize("name", ["style", "manifest", "export", "split"])
def test_json_of_other_shapes_is_read_or_refused(name: str, tmp_path: Path) -> None:
    reader, rng = READERS[name](), Random(0)
    for _ in range(100):
        check(reader, tmp_path, restructured(rng.choice(reader.seeds()), rng))


def header(shape: str, rest: str = "}") -> bytes:
    """A .npy file that claims this shape."""
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}{rest}"
    return b"\x93NUMPY\x01\x00\x76\x00" + text.encode().ljust(117) + b"\n" + bytes(96)


INDEX = b"\0\0\0\0index"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("style", b"[" * 100_000),
        ("split", b"[" * 100_000),
        ("split", b'{"train": [{}, []]}'),
        ("split", b'{"train": [null]}'),
        ("split", b'{"a\\nb": []}'),
        ("manifest", b'{"a":' * 50_000),
        ("packed", header("(2, 4, 4, 3", "")),
        ("packed", header("(99999999999999999999, 4, 4, 3)")),
        ("packed", header("(2, 4, 4, 3or 3)")),  # Python's parser warned of it on the terminal
        ("arrays", b"\0" + header("(2, 4, 4, 3or 3)")),
        ("arrays", b"\0" + header("(99999999999999999999,)")),
        ("arrays", header("(2, 4, 4, 3)")),
        ("packed", header("(2, 4, 4, 3)") + INDEX + b"[1, 2]"),
        ("packed", header("(2, 4, 4, 3)") + INDEX + b'{"names": 2}'),
        ("packed", header("(2, 4, 4, 3)") + INDEX + b"{"),
    ],
)
def test_what_once_did_harm_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    assert check(READERS[name](), tmp_path, data) is False


def test_an_array_that_python_2_wrote_is_read_without_a_word(tmp_path: Path) -> None:
    assert check(READERS["packed"](), tmp_path, header("(2L, 4L, 4L, 3L)")) is True
    assert check(READERS["arrays"](), tmp_path, b"\0" + header("(2L, 4L, 4L, 3L)")) is True


def test_a_manifest_without_the_bytes_of_a_file_is_refused(tmp_path: Path) -> None:
    reader = READERS["manifest"]()
    (good,) = reader.seeds()
    assert check(reader, tmp_path, good.replace(b'"bytes"', b'"other"', 1)) is False


def test_lists_of_free_room_in_weights_that_never_end_are_refused(tmp_path: Path) -> None:
    """libhdf5 followed them until the memory was full, within a call that nothing interrupts."""
    reader = READERS["artefact"]()
    good = reader.seeds()[-1]
    heap = good.rindex(b"HEAP\0")
    first, start = struct.unpack_from("<QQ", good, heap + 16)
    for step in (0, 16):
        # The first free block, or one behind it, names the first as the next.
        made = bytearray(good)
        struct.pack_into("<Q", made, 1 + start + first, first + step)
        struct.pack_into("<Q", made, 1 + start + first + step, first)
        with pytest.raises(reader.refusals, match="expected lists that end, found one that goes on and on"):
            reader.read(tmp_path, bytes(made))


@pytest.mark.parametrize("side", [8, 16])
def test_trees_in_weights_that_go_in_circles_are_refused(side: int, tmp_path: Path) -> None:
    """libhdf5 went round for ever."""
    reader = READERS["artefact"]()
    good = reader.seeds()[-1]
    first, second = good.index(b"TREE"), good.rindex(b"TREE")
    for one, other in ((first, first), (first, second)):
        made = bytearray(good)
        struct.pack_into("<Q", made, one + side, other - 1)
        struct.pack_into("<Q", made, other + side, one - 1)
        with pytest.raises(reader.refusals, match="expected lists that end, found one that goes on and on"):
            reader.read(tmp_path, bytes(made))


def test_numbers_of_an_archive_of_weights_that_are_too_large_are_refused(tmp_path: Path) -> None:
    """In the place of any number of its tables: what HDF5 then asks for is nothing that Python can count."""
    reader = READERS["artefact"]()
    good = reader.seeds()[-1]
    read = 0
    for place in range(1, 1500, 16):
        read += check(reader, tmp_path, good[:place] + b"\xff" * 8 + good[place + 8 :])
    assert 50 < read < 90
