from __future__ import annotations

import os
from pathlib import Path

import pytest
from PIL import Image

from impasto.errors import PictureError
from impasto.pictures.folders import Found, collect, walk


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 8)).save(path, "PNG")
    return path


def names(paths: list[Path]) -> list[str]:
    return [path.as_posix() for path in paths]


def test_a_folder_is_walked_in_order_and_what_is_no_picture_is_told(tmp_path: Path) -> None:
    for name in ("z.bmp", "a.JPG", "b/c/2.png", "no_suffix", ".hidden.png", ".git/x.png"):
        picture(tmp_path / name)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypisom\0\0\2\0isommp42")
    (tmp_path / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")  # meant as a picture
    os.mkfifo(tmp_path / "pipe.png")
    tree = walk(tmp_path)
    assert names(tree.pictures) == ["a.JPG", "b/c/2.png", "no_suffix", "phone.heic", "z.bmp"]
    assert names(tree.ignored) == ["film.mp4", "notes.txt", "paper.pdf", "pipe.png"]
    assert not tree.refused


def test_links_are_followed_once(tmp_path: Path) -> None:
    picture(tmp_path / "root" / "real" / "1.png")
    picture(tmp_path / "elsewhere" / "2.png")
    root = tmp_path / "root"
    (root / "a_link").symlink_to(root / "real")
    (root / "loop").symlink_to(root)
    (root / "up").symlink_to(tmp_path)
    (root / "b_out").symlink_to(tmp_path / "elsewhere")
    (root / "c_out").symlink_to(tmp_path / "elsewhere")
    (root / "one.png").symlink_to(root / "real" / "1.png")
    (root / "nowhere.png").symlink_to(tmp_path / "gone.png")
    (root / "self.png").symlink_to(root / "self.png")
    tree = walk(root)
    assert names(tree.pictures) == ["b_out/2.png", "one.png", "real/1.png"]
    assert sorted(Path(error.name).name for error in tree.refused) == ["nowhere.png", "self.png"]


def test_names_of_any_bytes_are_found(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9 \n.png")
    picture(tmp_path / name)
    assert walk(tmp_path).pictures == [Path(name)]


def test_a_folder_that_cannot_be_entered_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(tmp_path / "ok.png")
    (tmp_path / "locked").mkdir()
    real = os.scandir

    # Root may enter every folder, so that permission bits alone would test nothing here.
    def refuse(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    tree = walk(tmp_path)
    assert names(tree.pictures) == ["ok.png"]
    assert [str(error) for error in tree.refused] == [f"{tmp_path / 'locked'}: cannot be entered: Permission denied"]


def test_paths_stand_for_files_and_for_what_lies_below_folders(tmp_path: Path) -> None:
    cat = picture(tmp_path / "cat.png")
    deep = picture(tmp_path / "photos" / "2024" / "dog.png")
    picture(tmp_path / "photos" / "out" / "dog__sea.png")
    found = collect([cat, tmp_path / "photos", deep, cat], leave_out=[tmp_path / "photos" / "out"])
    assert found.pictures == [Found(cat, Path("cat.png")), Found(deep, Path("2024/dog.png"))]
    with pytest.raises(PictureError, match="expected a picture or a folder of pictures, found no such file"):
        collect([tmp_path / "gone"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(PictureError, match="expected a folder with pictures, found none in it"):
        collect([tmp_path / "empty"])
