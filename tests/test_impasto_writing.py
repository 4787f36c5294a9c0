"""The one writer, and files that are written whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, features

from impasto.errors import FileError, PictureError
from impasto.files import prove_writable, refuse_inputs, replacing, save, write_json
from impasto.pictures.formats import output_format
from impasto.pictures.metadata import Metadata
from impasto.pictures.reading import read
from impasto.pictures.writing import write

PICTURE = np.linspace(0, 1, 6 * 4 * 3, dtype=np.float32).reshape(6, 4, 3)


def test_written_picture_reads_back(tmp_path: Path) -> None:
    write(tmp_path / "new" / "picture.png", PICTURE)
    np.testing.assert_allclose(read(tmp_path / "new" / "picture.png").floats(), PICTURE, atol=0.5 / 255 + 1e-6)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["picture.png"]


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp", "tif", *(["avif"] if features.check("avif") else [])])
def test_what_the_photograph_said_is_kept_but_for_its_orientation(tmp_path: Path, suffix: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "Ada"
    exif.get_ifd(0x8769).update({0x9003: "2026:11:25 10:00:00", 0xA002: 4, 0x927C: b"n" * 70_000})
    exif.get_ifd(0x8825)[1] = "N"
    srgb = Metadata(profiled=True)
    Image.fromarray(np.zeros((4, 6, 3), np.uint8)).save(tmp_path / "photo.tif", exif=exif.tobytes(), dpi=(300, 300))
    photo = read(tmp_path / "photo.tif")
    assert photo.pixels.shape == (6, 4, 3)
    out = tmp_path / f"out.{suffix}"
    write(out, PICTURE, metadata=Metadata(**{**vars(photo.metadata), "profiled": srgb.profiled}))
    found = read(out)
    assert found.pixels.shape == (6, 4, 3), "turned once more"
    assert found.metadata.main == {0x013B: "Ada"} and found.metadata.profiled
    # The notes were too long for any JPEG; the width is the new picture's.
    assert found.metadata.camera == {0x9003: "2026:11:25 10:00:00", 0xA002: 4}
    assert found.metadata.place == {1: "N"}
    if suffix in ("png", "jpg", "tif"):
        assert found.metadata.dpi == pytest.approx((300, 300), abs=0.1)
    write(out, PICTURE)
    assert read(out).metadata == Metadata(dpi=read(out).metadata.dpi)


def test_transparency_is_written_where_the_format_holds_it(tmp_path: Path) -> None:
    alpha = np.arange(24, dtype=np.uint8).reshape(6, 4)
    for suffix in ("png", "tif", "webp"):
        write(tmp_path / f"a.{suffix}", PICTURE, alpha=alpha)
        found = read(tmp_path / f"a.{suffix}")
        assert found.alpha is not None and found.alpha.tolist() == alpha.tolist()
    image = Image.fromarray(np.zeros((6, 4, 3), np.uint8))
    write(tmp_path / "a.png", image, alpha=alpha)
    assert image.mode == "RGB"  # the caller's own is left alone
    with pytest.raises(PictureError, match="JPEG holds no transparency"):
        write(tmp_path / "a.jpg", PICTURE, alpha=alpha)


def test_quality_is_heard(tmp_path: Path, photo: np.ndarray) -> None:
    for suffix in ("jpg", "webp", *(["avif"] if features.check("avif") else [])):
        sizes = []
        for quality in (30, 90):
            write(tmp_path / f"q.{suffix}", photo, quality=quality)
            sizes.append((tmp_path / f"q.{suffix}").stat().st_size)
        assert sizes[0] < 0.7 * sizes[1]


def test_failed_writing_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "picture.webp"
    write(path, PICTURE)
    before = path.read_bytes()
    with pytest.raises(PictureError, match="WEBP holds at most 16383 pixels a side"):
        write(path, np.zeros((2, 16_384, 3), np.uint8))
    with pytest.raises(PictureError, match=r"array of shape \(0, 2, 3\)"):
        write(path, np.zeros((0, 2, 3), np.uint8))
    assert path.read_bytes() == before and os.listdir(tmp_path) == ["picture.webp"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cat.jgp", "did you mean .jpg"),
        ("cat.ping", "did you mean .png"),
        ("cat.pdf", "found '.pdf'"),
        ("cat", "found none"),
    ],
)
def test_a_suffix_that_is_not_written_names_the_nearest(name: str, reason: str) -> None:
    with pytest.raises(PictureError, match=f"expected a suffix of a picture .*{reason}"):
        output_format(Path(name))


def test_a_file_keeps_its_permissions_and_a_link_its_place(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    real, link = tmp_path / "real" / "a.png", tmp_path / "b.png"
    write(real, PICTURE)
    real.chmod(0o640)
    link.symlink_to(real)
    write(link, 1 - PICTURE)
    assert link.is_symlink() and stat.S_IMODE(real.stat().st_mode) == 0o640
    np.testing.assert_allclose(read(real).floats(), 1 - PICTURE, atol=0.5 / 255 + 1e-6)


def test_an_interruption_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), replacing(tmp_path / "a.txt") as draft:
        draft.write_text("half")
        raise KeyboardInterrupt
    assert os.listdir(tmp_path) == []


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 251 + ".png")
    write(path, PICTURE)
    assert os.listdir(tmp_path) == [path.name]


def test_names_of_any_bytes_survive_json(tmp_path: Path) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    write_json(tmp_path / "report.json", {name: "café"})
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == {name: "café"}
    assert "café" in (tmp_path / "report.json").read_text(encoding="utf-8")


def test_outputs_are_proven_before_the_work(tmp_path: Path) -> None:
    prove_writable([tmp_path / "deep" / "er" / "a.png"])
    assert (tmp_path / "deep" / "er").is_dir() and os.listdir(tmp_path / "deep" / "er") == []
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    for name, reason in (
        ("file/a.png", "the folder cannot be made: expected a folder, found a file$"),
        ("pipe.png", "something that is no file"),
        ("folder.png", "expected a file or nothing of that name, found a folder"),
        (f"new/{'n' * 256}.png", "name too long"),
        ("/proc/a.png", "cannot be written"),
    ):
        with pytest.raises(FileError, match=reason):
            prove_writable([tmp_path / name])
    assert sorted(os.listdir(tmp_path)) == ["deep", "file", "folder.png", "pipe.png"]


def test_a_file_that_is_read_is_found_under_every_name(tmp_path: Path) -> None:
    cat = tmp_path / "cat.png"
    write(cat, PICTURE)
    (tmp_path / "soft.png").symlink_to(cat)
    os.link(cat, tmp_path / "hard.png")
    (tmp_path / "x").mkdir()
    for name in ("cat.png", "x/../cat.png", "soft.png", "hard.png"):
        with pytest.raises(FileError, match="would be overwritten, but is also read"):
            refuse_inputs([tmp_path / name], [cat])
    refuse_inputs([tmp_path / "other.png", tmp_path / "x" / "cat.png"], [cat, tmp_path / "gone.png"])


def test_a_result_that_cannot_lie_where_it_should_is_saved_beside(tmp_path: Path) -> None:
    path = tmp_path / "out.png"
    path.mkdir()  # somebody made a folder of that name meanwhile
    (tmp_path / "out-2.png").write_bytes(b"taken")
    where, said = save(path, lambda target: write(target, PICTURE))
    assert where == tmp_path / "out-3.png"
    assert str(said) == f"{path}: cannot be written: expected a file, found a folder; saved as {where}"
    np.testing.assert_allclose(read(where).floats(), PICTURE, atol=0.5 / 255 + 1e-6)


def test_a_full_disk_is_one_sentence_and_the_result_goes_elsewhere(tmp_path: Path) -> None:
    """A limit on a file's size is how a full disk looks to a process that is not allowed to fill one."""
    program = (
        "import resource, sys, numpy as np\nfrom pathlib import Path\n"
        "from impasto.files import save\nfrom impasto.pictures.writing import write\n"
        "picture = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)\n"
        "path = Path(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, resource.RLIM_INFINITY))\n"
        "try:\n    write(path, picture)\nexcept ValueError as error:\n    print(error)\n"
        "def elsewhere(target):\n"
        "    if target.parent != path.parent:\n"
        "        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)\n"
        "    write(target, picture)\n"
        "print(save(path, elsewhere)[1])\n"
    )
    (tmp_path / "full").mkdir()
    (tmp_path / "temporary").mkdir()
    path = tmp_path / "full" / "out.png"
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, env=environment, check=True
    )
    assert done.stdout.splitlines() == [
        f"{path}: cannot be written: File too large",
        f"{path}: cannot be written: File too large; saved as {tmp_path / 'temporary' / 'out-2.png'}",
    ]
    assert os.listdir(tmp_path / "full") == [] and os.listdir(tmp_path / "temporary") == ["out-2.png"]
