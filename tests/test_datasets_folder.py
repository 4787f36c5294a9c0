from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from datasets.folder import FolderSource


def _gradient(width: int = 20, height: int = 12) -> Image.Image:
    y, x = np.mgrid[0:height, 0:width]
    array = np.stack([x * 255 // width, y * 255 // height, np.full_like(x, 90)], axis=-1).astype(np.uint8)
    return Image.fromarray(array)


def test_folder_is_deep_sorted_and_sniffs_unknown_suffixes(tmp_path: Path) -> None:
    (tmp_path / "b" / "c").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    for name in ("b/c/2.PNG", "z.bmp", "a.webp", ".hidden/x.png", "no_suffix"):
        _gradient().save(tmp_path / name, format={"a.webp": "WEBP", "z.bmp": "BMP"}.get(name, "PNG"))
    (tmp_path / "notes.txt").write_text("not a picture")
    source = FolderSource(tmp_path)
    assert source.keys == ["a.webp", "b/c/2.PNG", "no_suffix", "z.bmp"]
    assert source.ignored == ["notes.txt"]
    assert source.describe(1) == str(tmp_path / "b/c/2.PNG")
    np.testing.assert_array_equal(source.load(2), np.asarray(_gradient()))


def test_folder_errors_name_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        FolderSource(tmp_path / "gone")
    with pytest.raises(ValueError, match="holds no picture"):
        FolderSource(tmp_path)
    (tmp_path / "f.txt").write_text("x")
    with pytest.raises(ValueError, match="is a file"):
        FolderSource(tmp_path / "f.txt")


def test_unreadable_folder_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "locked").mkdir()
    _gradient().save(tmp_path / "ok.png")
    real = os.scandir

    # Root may enter every folder, so that permission bits alone would test nothing here.
    def refuse(path: str | Path) -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    source = FolderSource(tmp_path)
    assert source.keys == ["ok.png"]
    assert "Permission denied" in str(source.unreadable_folders[0])
    assert "locked" in caplog.text
