"""`impasto video` from and to pipes, from cameras, with decoders of the hardware, and of high dynamic range."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.codec.hwaccel import hwdevices_available
from PIL import Image
from test_impasto_films import HEIGHT, TIMES, WIDTH, apart, frames, packets, paint, write_film

from impasto.films import dynamic_range, sources
from impasto.films.live import Pace
from impasto.films.reading import Film

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("sources")
    Image.effect_noise((64, 64), 60).convert("RGB").save(place / "waves.png")
    write_film(place / "walk.mkv", [np.full((HEIGHT, WIDTH, 3), 20 * index, np.uint8) for index in range(len(TIMES))])
    return place


@contextlib.contextmanager
def piped(film: bytes) -> Iterator[None]:
    """A film comes through a pipe, as standard input."""
    reading, writing = os.pipe()

    def feed() -> None:
        with contextlib.suppress(BrokenPipeError), open(writing, "wb") as file:
            file.write(film)

    feeder = threading.Thread(target=feed)
    feeder.start()
    with pytest.MonkeyPatch.context() as patch:
        with open(reading, "rb") as file:
            patch.setattr("sys.stdin", io.TextIOWrapper(file))
            yield
    feeder.join()


def test_from_a_pipe_to_a_pipe(folder: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    flags = ["--style", folder / "waves.png", "--keep-color", "luma", "--strength", 0, "--out", "-"]
    with piped((folder / "walk.mkv").read_bytes()):
        assert paint("-", *flags) == 0
    film, told = capfdbinary.readouterr()
    assert b"standard output: 10 frames written" in told
    (tmp_path / "new.mkv").write_bytes(film)
    painted = frames(tmp_path / "new.mkv")
    assert [time for time, _ in painted] == [time / 1000 for time in TIMES]
    # Without the silence before the first sound, for which Matroska has no times.
    sound, original = (
        [data for _, data in packets(path, "audio")] for path in (tmp_path / "new.mkv", folder / "walk.mkv")
    )
    assert sound == original[1:]
    assert not list(Path().glob("-*"))


def test_what_comes_through_a_pipe_and_is_refused(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = folder / "walk.mkv"
    # A list of files of this machine, which is no film of whoever sent it.
    listed = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{film.as_uri()}\n#EXT-X-ENDLIST\n".encode()
    for data, more, reason in (
        (film.read_bytes(), ["--resume"], "--resume: expected a film in a file"),
        (b"This is no film. " * 200, [], "is no film, or a damaged one"),
        (b"", [], "is no film, or a damaged one"),
        (listed, [], "is no film, or a damaged one"),
    ):
        with piped(data):
            assert paint("-", "--style", folder / "waves.png", "--out", tmp_path / "new.mp4", *more) == 1
        said = capsys.readouterr().err
        assert said.startswith("error: standard input: ") and reason in said, said
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_reader_that_has_gone_is_told(folder: Path) -> None:
    flags = ["--style", str(folder / "waves.png"), "--out", "-"]
    with subprocess.Popen(
        [sys.executable, "-m", "impasto", "video", str(folder / "walk.mkv"), *flags],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout and process.stderr
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 1
    assert said.splitlines()[-1] == "error: standard output: whoever read the film has gone"


def test_a_camera_is_painted_until_the_end_that_was_asked_for(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # FFmpeg's own source of pictures, in real time, as a camera gives them.
    monkeypatch.setitem(sources._CAMERAS, sys.platform, ("lavfi", "testsrc2=size=96x64:rate=25,realtime"))
    out = tmp_path / "new.mp4"
    assert paint("camera:", "--style", folder / "waves.png", "--end", 0.4, "--out", out) == 0
    moments = [time for time, _ in frames(out)]
    assert moments[0] == 0 and moments[-1] < 0.4 and moments == sorted(set(moments))
    assert {picture.shape for _, picture in frames(out)} == {(64, 96, 3)}
    capsys.readouterr()
    # A name of its own; no such camera is in this machine.
    monkeypatch.setitem(sources._CAMERAS, sys.platform, ("v4l2", "/dev/video0"))
    for name in ("camera:/dev/video77", "camera:nowhere"):
        assert paint(name, "--style", folder / "waves.png", "--out", tmp_path / "no.mp4") == 1
        said = capsys.readouterr().err
        assert said.startswith(f"error: camera {name.removeprefix('camera:')}: cannot be opened: "), said
    assert [path.name for path in tmp_path.iterdir()] == ["new.mp4"]


def test_frames_that_came_long_ago_are_late() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    # The camera began at 98, and the first frames waited while the model was loaded: they are as new as any so far.
    assert not pace.is_late(0.0)
    now = 100.04
    assert not pace.is_late(1.0)  # 1.04 seconds less late than the first
    assert not pace.is_late(2.0)
    assert not pace.is_late(2.0 - 0.2) and pace.is_late(2.0 - 0.3)
    now = 101
    assert pace.is_late(2.04) and not pace.is_late(2.96)


def test_hardware_that_is_not_there_is_said(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flags = ["--style", folder / "waves.png", "--out", tmp_path / "new.mkv", "--hwaccel"]
    assert paint(folder / "walk.mkv", *flags, "abacus") == 1
    assert "--hwaccel: expected one of " in capsys.readouterr().err
    for name in hwdevices_available():
        assert paint(folder / "walk.mkv", *flags, name) == 0
        with Film(folder / "walk.mkv", name) as film:
            said = f"decoded without --hwaccel {name}: " in capsys.readouterr().err
            assert said != film.source.accelerated
        assert len(frames(tmp_path / "new.mkv")) == len(TIMES)


def coded(path: Path, codes: np.ndarray, transfer: int) -> None:
    """A film of one frame: uint16 `[H, W, 3]` as BT.2020's primaries, in 10 bits."""
    with av.open(str(path), "w") as file:
        stream: Any = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = codes.shape[1], codes.shape[0], "yuv420p10le"
        stream.options = {"crf": "1"}
        stream.color_trc, stream.color_primaries, stream.colorspace, stream.color_range = transfer, 9, 9, 1
        frame = av.VideoFrame.from_ndarray(codes, format="rgb48le")
        made = frame.reformat(format="yuv420p10le", dst_colorspace=9, dst_color_range=1)
        made.pts = 0
        file.mux(stream.encode(made))
        file.mux(stream.encode(None))


# The white of a page, 203 cd/m2, is 58.1 % of PQ and 75.0 % of HLG (BT.2408). The curve starts at 95 cd/m2 and makes
# 159 of it: (159 / 203) ** (1 / 2.4) = 0.903. The brightest, 1,000 cd/m2, are the screen's white. What is standard but
# for its primaries keeps its greys.
@pytest.mark.parametrize(
    ("transfer", "white", "expected", "name"),
    [
        (16, 0.5807, 230, "PQ"),
        (18, 0.75, 230, "HLG"),
        (16, 0.7518, 255, "PQ"),
        (18, 1.0, 255, "HLG"),
        (14, 0.5, 128, ""),
    ],
)
def test_high_dynamic_range_becomes_standard(
    tmp_path: Path, transfer: int, white: float, expected: int, name: str
) -> None:
    codes = np.full((HEIGHT, WIDTH, 3), round(white * 65535), np.uint16)
    # A red that BT.709 has too: (0.5, 0.1, 0.1) of the screen's light there, in BT.2020's primaries.
    light = np.linalg.inv(dynamic_range._TO_BT709.astype(float)) @ [0.5, 0.1, 0.1]
    if transfer == 14:
        codes[:, : WIDTH // 2] = np.round(65535 * light ** (1 / 2.4))
    coded(tmp_path / "bright.mkv", codes, transfer)
    with Film(tmp_path / "bright.mkv") as film:
        (found,) = [one for packet in film.packets([film.stream]) for one in film.decode(packet, None, 0)]
        assert film.hdr == name
    assert np.abs(found.pixels[HEIGHT // 2, -8].astype(int) - expected).max() <= 1
    if transfer == 14:
        red = 255 * np.array([0.5, 0.1, 0.1]) ** (1 / 2.4)
        assert np.abs(found.pixels[HEIGHT // 2, 8] - red).max() <= 3


def test_light_below_the_knee_stays_and_hues_stay() -> None:
    light = np.array([0.0, 1, 50, 95, 203, 1000, 4000])
    bent = dynamic_range.bent(light)
    assert bent[:4] == pytest.approx(light[:4], rel=0.01)
    assert bent[4:] == pytest.approx([159, 203, 203], rel=0.01)
    assert (np.diff(dynamic_range.bent(np.linspace(0, 1000, 500))) > 0).all()
    orange = np.round(65535 * dynamic_range.pq_of(np.array([800.0, 400, 100]))).astype(np.uint16)
    codes = np.broadcast_to(orange, (2, 2, 3))
    screen = (dynamic_range.to_standard(codes, dynamic_range.PQ, 1)[0, 0] / 255) ** 2.4
    assert screen / screen[0] == pytest.approx([1, 0.5, 0.125], rel=0.03)


def test_a_film_of_high_dynamic_range_is_painted_and_said(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    coded(tmp_path / "bright.mkv", np.full((HEIGHT, WIDTH, 3), round(0.5807 * 65535), np.uint16), 16)
    flags = ["--style", folder / "waves.png", "--keep-color", "luma", "--strength", 0]
    assert paint(tmp_path / "bright.mkv", *flags, "--out", tmp_path / "new.mkv") == 0
    assert "of high dynamic range (PQ): painted and written in standard range" in capsys.readouterr().err
    with av.open(str(tmp_path / "new.mkv")) as file:
        assert int(next(file.decode(video=0)).color_trc) == 1
    # In its own style, a grey frame stays about as bright.
    assert apart(frames(tmp_path / "new.mkv")[0][1], np.full((HEIGHT, WIDTH, 3), 230.0)) < 40
