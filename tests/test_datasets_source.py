from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.__main__ import main
from datasets.combining import ConcatSource, SubsetSource
from datasets.folder import FolderSource
from datasets.opening import open_source
from datasets.packed import PackedSource
from datasets.splitting import held_out, split_folder
from impasto.errors import PictureError


def _pictures(folder: Path, names: list[str]) -> Path:
    for number, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number, 0, 0)).save(folder / name)
    return folder


def test_specs_open_what_they_name(tmp_path: Path) -> None:
    folder = _pictures(tmp_path / "a+b", ["0.png", "1.png", "sub/2.png"])
    assert len(open_source(str(folder), role="content")) == 3
    assert len(open_source(f"folder:{folder}", role="content")) == 3
    assert len(open_source("synthetic", role="style")) == 1000
    synthetic = open_source("synthetic:7:48", role="style", seed=2)
    assert len(synthetic) == 7 and synthetic.load(0).shape == (48, 48, 3)
    np.save(tmp_path / "p.npy", np.zeros((5, 8, 8, 3), np.uint8))
    assert isinstance(open_source(f"packed:{tmp_path / 'p.npy'}", role="content"), PackedSource)
    joined = open_source(f"packed:{tmp_path / 'p.npy'} + synthetic:3:32", role="style")
    assert isinstance(joined, ConcatSource) and len(joined) == 8


def test_joined_sources_count_through() -> None:
    joined = open_source("synthetic:2:32+synthetic:3:32", role="style", seed=1)
    single = open_source("synthetic:3:32", role="style", seed=1)
    np.testing.assert_array_equal(joined.load(4), single.load(2))
    assert joined.key(1) == f"1:{single.key(1)}" and "[2]" in joined.describe(4)
    with pytest.raises(IndexError, match="has 5 pictures"):
        joined.load(5)
    with pytest.raises(IndexError):
        joined.load(-1)


@pytest.mark.parametrize(
    "spec, message",
    [
        ("nowhere", "does not exist"),
        ("synthetic:many", "whole numbers"),
        ("synthetic:0", "count"),
        ("", "empty"),
        ("packed:nowhere.npy", "does not exist"),
        ("synthetic:4+nowhere", "nowhere does not exist"),
        ("folder:", "empty"),
    ],
)
def test_malformed_specs_say_what_is_wrong(spec: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        open_source(spec, role="style")


def test_pictures_of_equal_names_in_joined_sources_have_keys_of_their_own(tmp_path: Path) -> None:
    """Else a packed array of both, or an evaluation, would take one for the other."""
    both = [FolderSource(_pictures(tmp_path / name, ["1.png", f"{name}.png"])) for name in ("a", "b")]
    assert [ConcatSource(both).key(index) for index in range(4)] == ["1:1.png", "1:a.png", "2:1.png", "2:b.png"]
    apart = ConcatSource([both[0], FolderSource(_pictures(tmp_path / "c", ["c.png"]))])
    assert [apart.key(index) for index in range(3)] == ["1.png", "a.png", "c.png"]


def test_subset_by_split_file(tmp_path: Path) -> None:
    folder = _pictures(tmp_path / "d", ["0.png", "1.png", "2.png"])
    split = tmp_path / "s.json"
    split.write_text(json.dumps({"train": ["0.png", "2.png"], "val": ["1.png"]}))
    source = open_source(f"folder:{folder}@{split}#train", role="content")
    assert isinstance(source, SubsetSource)
    assert [source.key(i) for i in range(len(source))] == ["0.png", "2.png"]
    assert source.load(1)[0, 0].tolist() == [2, 0, 0]
    assert open_source(f"{folder}@{split}#val", role="content").describe(0) == str(folder / "1.png")
    with pytest.raises(ValueError, match="no list named 'test', it has train, val"):
        open_source(f"{folder}@{split}#test", role="content")
    split.write_text(json.dumps({"train": ["other.png"]}))
    with pytest.raises(ValueError, match="another folder"):
        open_source(f"{folder}@{split}#train", role="content")
    with pytest.raises(ValueError, match="does not exist"):
        open_source(f"{folder}@{tmp_path / 'no.json'}#train", role="content")


def test_held_out_share_and_independence_of_seed() -> None:
    chosen = [held_out(f"artist {i}", 0.1) for i in range(5000)]
    assert abs(np.mean(chosen) - 0.1) < 0.015
    assert chosen != [held_out(f"artist {i}", 0.1, seed=1) for i in range(5000)]


def test_split_keeps_groups_whole_and_is_stable_when_files_are_added(tmp_path: Path) -> None:
    names = [f"{i:03}.png" for i in range(60)]
    folder = _pictures(tmp_path / "d", names[:40])
    groups = {name: f"artist {int(name[:3]) % 9}" for name in names if int(name[:3]) < 50}
    first = split_folder(FolderSource(folder), holdout=0.3, groups=groups, column="artist")
    _pictures(folder, names[40:])
    second = split_folder(FolderSource(folder), holdout=0.3, groups=groups, column="artist")
    assert sorted(second["train"] + second["val"]) == names
    assert set(first["val"]) <= set(second["val"]) and set(first["train"]) <= set(second["train"])
    sides = {groups[n]: side for side in ("train", "val") for n in second[side] if n in groups}
    assert all(groups.get(n) is None or sides[groups[n]] == side for side in ("train", "val") for n in second[side])


def test_a_table_of_groups_that_matches_no_picture_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Else an artist would lie on both sides, and nothing would say so."""
    folder = _pictures(tmp_path / "d", [f"{i}.png" for i in range(30)])
    (tmp_path / "t.csv").write_text("file,path,artist\n" + "".join(f"{i}.jpg,{i}.png,a{i % 3}\n" for i in range(20)))
    command = ["split", str(folder), "--out", str(tmp_path / "s.json"), "--groups", str(tmp_path / "t.csv")]
    assert main(command) == 1
    said = capsys.readouterr().err
    assert "none of the 30 pictures" in said and "'0.png'" in said and "names '0.jpg'" in said
    assert not (tmp_path / "s.json").exists()
    assert main([*command, "--file-column", "path", "--holdout", "0.5", "--seed", "1"]) == 0
    assert "20 pictures lie in 3 groups; 10 are not in the table, each alone" in capsys.readouterr().out


def test_split_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _pictures(tmp_path / "d", [f"{i}.png" for i in range(30)])
    with open(tmp_path / "t.csv", "w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["file", "artist"])
        table.writerows([f"{i}.png", f"a{i % 6}"] for i in range(30))
    out = tmp_path / "s.json"
    command = [
        "split",
        str(folder),
        "--out",
        str(out),
        "--holdout",
        "0.4",
        "--groups",
        str(tmp_path / "t.csv"),
    ]
    assert main(command) == 0
    written = json.loads(out.read_text())
    assert written["grouped_by"] == "artist" and len(written["train"]) % 5 == 0 and written["val"]
    assert main([*command, "--column", "painter"]) == 1
    assert "has no column 'painter', it has file, artist" in capsys.readouterr().err
    assert main(["split", str(folder), "--out", str(out), "--holdout", "1.5"]) == 1
    assert main(["split", str(folder), "--out", str(out), "--holdout", "0.0000001"]) == 1
    assert "val side" in capsys.readouterr().err


def test_unreadable_image_reads_as_one_sentence() -> None:
    error = PictureError("a.png", "empty file (0 bytes)")
    assert str(error) == "a.png: empty file (0 bytes)" and error.reason == "empty file (0 bytes)"
