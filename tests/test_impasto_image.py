"""`impasto image` with the model that ships: what is written, refused and named."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from impasto.__main__ import main
from impasto.painter import Painter, load
from impasto.pictures.reading import read

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    for name, picture in (
        ("photos/cat", skimage.data.chelsea()[::4, ::4]),
        ("photos/deep/face", skimage.data.astronaut()[::8, ::8]),
        ("styles/tissue", skimage.data.immunohistochemistry()[::8, ::8]),
        ("styles/rocket", skimage.data.rocket()[::8, ::8]),
    ):
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        Image.fromarray(picture).save(folder / f"{name}.png")
    return folder


@pytest.fixture(scope="module")
def painter() -> Painter:
    return load(threads=1)


def run(*arguments: object) -> int:
    return main(["image", *map(str, arguments)])


def close(path: Path, expected: Image.Image) -> bool:
    """The same picture, but for what threads change in a sum's order."""
    found = np.asarray(Image.open(path)).astype(int)
    return found.shape == np.asarray(expected).shape and bool(np.abs(found - np.asarray(expected)).max() <= 1)


def below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_every_pair_is_written_as_the_painter_paints_it(
    painter: Painter, pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("--content", pictures / "photos", "--style", pictures / "styles", "--out", tmp_path / "out")
    assert run(*command, "--jobs", 2) == 0
    assert below(tmp_path / "out") == [
        "cat__rocket.png", "cat__tissue.png", "deep/face__rocket.png", "deep/face__tissue.png",
    ]  # fmt: skip
    assert "4 of 4 pictures written" in capsys.readouterr().out
    expected = painter.paint(pictures / "photos/cat.png", pictures / "styles/tissue.png")
    assert close(tmp_path / "out" / "cat__tissue.png", expected)
    assert not close(tmp_path / "out" / "cat__rocket.png", expected)
    # What is there is left alone, the rest is made.
    kept = tmp_path / "out" / "deep" / "face__rocket.png"
    kept.write_bytes(b"mine")
    (tmp_path / "out" / "cat__tissue.png").unlink()
    assert run(*command, "--skip-existing") == 0
    assert kept.read_bytes() == b"mine" and close(tmp_path / "out" / "cat__tissue.png", expected)
    assert "1 of 1 pictures written, 3 were there already" in capsys.readouterr().out
    assert run(*command, "--skip-existing") == 0
    assert "all 4 pictures are there already" in capsys.readouterr().out


def test_what_is_wished_reaches_the_painter(painter: Painter, pictures: Path, tmp_path: Path) -> None:
    styles = [pictures / "styles/tissue.png", pictures / "styles/rocket.png"]
    photo, out = pictures / "photos/cat.png", tmp_path / "mixed.png"
    arguments = ("--content", photo, "--style", *styles, "--out", out, "--blend")
    assert run(*arguments, "--weights", 7, 3, "--size", 64, "--strength", 0.5, "--stroke", 2) == 0
    assert close(out, painter.paint(photo, styles, 0.5, weights=[7, 3], size=64, stroke=2))
    for mode in ("luma", "recolour"):
        assert run("--content", photo, "--style", styles[0], "--out", out, "--keep-color", mode, "--stroke", 0) == 0
        assert close(out, painter.paint(photo, styles[0], keep_color=mode, stroke=None))
    before = out.read_bytes()
    assert run("--content", photo, "--style", styles[0], "--out", out, "--style-size", 40) == 0
    assert out.read_bytes() != before


def test_a_kept_edge_is_painted_without_white(painter: Painter, pictures: Path, tmp_path: Path) -> None:
    """What is cut out is painted on colours that go on, and not on the white that its alpha takes away."""
    photo = np.asarray(Image.open(pictures / "photos/cat.png").convert("RGB"))
    y, x = np.mgrid[0 : photo.shape[0], 0 : photo.shape[1]]
    cover = np.clip(20 - np.hypot(x - 30, y - 30), 0, 1)
    cut, style = tmp_path / "cut.png", pictures / "styles/rocket.png"
    Image.fromarray(np.dstack([photo, np.round(255 * cover).astype(np.uint8)])).save(cut)
    assert run("--content", cut, "--style", style, "--out", tmp_path / "a.png", "--keep-alpha") == 0
    found = np.asarray(Image.open(tmp_path / "a.png"))
    expected = np.asarray(painter.paint(read(cut, extend=True).pixels, style))
    assert np.abs(found[..., :3].astype(int) - expected)[cover > 0].max() <= 1
    assert np.abs(expected.astype(int) - np.asarray(painter.paint(cut, style)))[cover > 0].mean() > 5


def test_what_the_photo_has_beside_its_colours(pictures: Path, tmp_path: Path) -> None:
    pixels = np.dstack([skimage.data.chelsea()[::4, ::4], np.full((75, 113), 90, np.uint8)])
    exif = Image.Exif()
    exif[0x013B] = "Ada"
    Image.fromarray(pixels).save(tmp_path / "cat.png", exif=exif, dpi=(300, 300))
    command = ("--content", tmp_path / "cat.png", "--style", pictures / "styles/rocket.png", "--out")
    assert run(*command, tmp_path / "a.webp", "--keep-alpha", "--quality", 80) == 0
    found = read(tmp_path / "a.webp")
    assert found.alpha is not None and set(found.alpha.ravel()) == {90} and found.metadata.main == {0x013B: "Ada"}
    assert run(*command, tmp_path / "b.png", "--no-metadata") == 0
    found = read(tmp_path / "b.png")
    assert found.alpha is None and not found.metadata.main and found.metadata.dpi is None
    assert run(*command, tmp_path / "c.jpg", "--keep-alpha") == 1 and not (tmp_path / "c.jpg").exists()


def test_bad_files_do_not_stop_the_rest(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    photos = tmp_path / "photos"
    photos.mkdir()
    shutil.copy(pictures / "photos/cat.png", photos)
    (photos / "paper.pdf").write_bytes(b"%PDF-1.7")  # in a folder, no picture: said, and no failure
    (photos / "notes.txt").write_text("no picture")
    command = ("--content", photos, "--style", pictures / "styles/rocket.png", "--out", tmp_path / "out")
    assert run(*command) == 0
    assert f"note: 2 files are no pictures and passed over: {photos}/notes.txt, {photos}/paper.pdf" in (
        capsys.readouterr().err
    )
    (photos / "broken.jpg").write_bytes(b"not a picture")
    (photos / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    (tmp_path / "empty.png").touch()
    assert run(*command, "--style", pictures / "styles/rocket.png", tmp_path / "empty.png") == 1
    output = capsys.readouterr()
    assert "1 of 6 pictures written" in output.out
    errors = [line for line in output.err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 3
    for name, reason in (("broken.jpg", "found none"), ("phone.heic", "HEIC"), ("empty.png", "an empty file")):
        assert any(name in line and reason in line for line in errors)


@pytest.mark.parametrize(
    ("extra", "message"),
    [
        (("--weights", "1"), "--weights belongs to --blend"),
        (("--blend", "--weights", "1"), "expected one a style, 2, received 1"),
        (("--blend", "--weights", "1", "-1"), "expected numbers from 0 on"),
        (("--model", "none"), "none: expected an exported folder"),
        (("--model", "x.keras"), "x.keras: an artefact of training has to be exported first"),
        (("--out", "cat.jgp"), "did you mean .jpg"),
        (("--out", "/proc/out"), "/proc/out: the folder cannot be made"),
        (("--content", "gone.png"), "gone.png: expected a picture or a folder of pictures, found no such file"),
    ],
)
def test_wrong_commands_are_one_sentence(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: tuple[str, ...], message: str
) -> None:
    folders = ("--content", pictures / "photos", "--style", pictures / "styles", "--out", tmp_path / "out")
    assert run(*folders, *extra) == 1
    error = capsys.readouterr().err
    assert error.startswith("error: ") and message in error and error.count("\n") == 1
    assert os.listdir(tmp_path) == []


def test_a_file_that_is_read_is_never_written(
    pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cat = tmp_path / "cat.png"
    shutil.copy(pictures / "photos/cat.png", cat)
    os.link(cat, tmp_path / "cat__rocket.png")
    before = cat.read_bytes()
    for out in (cat, tmp_path):
        assert run("--content", cat, "--style", pictures / "styles/rocket.png", "--out", out) == 1
        assert "would be overwritten, but is also read" in capsys.readouterr().err
    assert cat.read_bytes() == before


def test_a_result_of_before_is_not_painted_again(pictures: Path, tmp_path: Path) -> None:
    """The folder that is written may lie in the one that is read."""
    shutil.copytree(pictures / "photos", tmp_path / "p")
    command = ("--content", tmp_path / "p", "--style", pictures / "styles/rocket.png", "--out", tmp_path / "p" / "out")
    assert run(*command) == 0 and run(*command) == 0
    assert below(tmp_path / "p" / "out") == ["cat__rocket.png", "deep/face__rocket.png"]


def test_a_folder_that_is_read_and_written(pictures: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is painted is painted no further, in whatever style or format it was, and however long its name is."""
    shutil.copytree(pictures / "photos", tmp_path / "p")
    (tmp_path / "p/cat.png").rename(tmp_path / "p" / f"{'n' * 250}.png")
    command = ("--content", tmp_path / "p", "--out", f"{tmp_path}/p/", "--size", 32, "--style")
    assert run(*command, pictures / "styles/rocket.png") == 0
    assert "left out" not in capsys.readouterr().err
    first = below(tmp_path / "p")
    assert len(first) == 4 and run(*command, pictures / "styles/rocket.png", "--format", "jpg") == 0
    assert "note: 2 pictures are painted already, by their names, and left out: " in capsys.readouterr().err
    assert run(*command, pictures / "styles/tissue.png") == 0
    after = below(tmp_path / "p")
    assert len(after) == 8 and set(first) < set(after)
    assert [name for name in after if name.startswith("deep")] == [
        "deep/face.png", "deep/face__rocket.jpg", "deep/face__rocket.png", "deep/face__tissue.png",
    ]  # fmt: skip


def test_saved_styles_and_links_paint_as_their_paintings(painter: Painter, pictures: Path, tmp_path: Path) -> None:
    saved = tmp_path / "mine.impasto-style.json"
    style = painter.embed(pictures / "styles/rocket.png")
    style.save(saved)
    photo = pictures / "photos/cat.png"
    assert run("--content", photo, "--style", saved, style.link("https://example.org/"), "--out", tmp_path / "out") == 0
    assert below(tmp_path / "out") == ["cat__mine.png", "cat__style.png"]
    assert close(tmp_path / "out" / "cat__mine.png", painter.paint(photo, painter.read_style(saved)))


def test_an_interruption_says_how_many_were_written(pictures: Path, tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for index in range(300):
        (photos / f"photo{index:03}.png").symlink_to(pictures / "photos/cat.png")
    paths = {"--content": photos, "--style": pictures / "styles/rocket.png", "--out": out}
    command = [sys.executable, "-m", "impasto", "image", *(str(part) for pair in paths.items() for part in pair)]

    def hear_interrupts() -> None:  # a test run started in the background ignores SIGINT, and would pass that on
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=hear_interrupts) as process:
        # The first picture in its folder is the sign that painting is under way.
        while process.poll() is None and not any(out.glob("*.png")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        error = process.communicate(timeout=60)[1]
    written = sorted(out.glob("*.png"))
    assert process.returncode == 130
    assert f"interrupted; {out}: {len(written)} of 300 pictures written" in error
    assert "Traceback" not in error
    assert not list(out.glob(".*"))


def test_stylize_image_names_its_successor(capsys: pytest.CaptureFixture[str]) -> None:
    from stylize.__main__ import main as stylize

    assert stylize(["image", "--content", "cat.jpg"]) == 2
    assert "impasto image" in capsys.readouterr().err


def test_threads_that_load_at_once_leave_standard_error_open(pictures: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A runtime closes the stream for a moment, against a note; two at once restored each other's closed one."""
    for _ in range(3):
        painters = [load(threads=1) for _ in range(6)]
        together = threading.Barrier(len(painters))

        def look(painter: Painter, together: threading.Barrier = together) -> None:
            together.wait()
            painter.embed(pictures / "styles/rocket.png")

        threads = [threading.Thread(target=look, args=(painter,)) for painter in painters]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    os.write(2, b"still heard")
    assert "still heard" in capfd.readouterr().err
