"""`impasto video` on films of half a second: times, sound, turned frames, styles over time, interruption, errors."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from conftest import packaged_picture
from PIL import Image

from impasto.__main__ import main
from impasto.arguments import moment
from impasto.films.keyframes import Keyframe, Keyframes
from impasto.films.reading import Film, upright
from impasto.films.writing import Writer
from impasto.painter import Painter, load
from impasto.styles import Style

# Milliseconds; no two steps are alike.
TIMES = (0, 40, 100, 141, 200, 230, 300, 301, 400, 433)
WIDTH, HEIGHT = 64, 48


def write_film(
    path: Path, pictures: list[np.ndarray], *, turn: float = 0, sound: bool = True, words: str = "", **colours: int
) -> None:
    """H.264 with `pictures` at `TIMES`, AAC beside it, and one subtitle."""
    with av.open(str(path), "w") as file:
        video: Any = file.add_stream("libx264", rate=24, options={"crf": "1", "preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = pictures[0].shape[1], pictures[0].shape[0], "yuv420p"
        video.codec_context.time_base = video.time_base = Fraction(1, 1000)
        for name, value in colours.items():
            setattr(video.codec_context, name, value)
        if turn:
            video.set_display_rotation(turn)
        audio: Any = file.add_stream("aac", rate=44100, layout="mono") if sound else None
        text = file.add_mux_stream("subrip") if words else None
        for picture, time in zip(pictures, TIMES, strict=False):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = time, Fraction(1, 1000)
            file.mux(video.encode(frame))
        for index in range(22 if sound else 0):
            wave = np.sin(np.arange(1024 * index, 1024 * (index + 1), dtype=np.float32) / 20)
            tone = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
            tone.sample_rate, tone.pts = 44100, 1024 * index
            file.mux(audio.encode(tone))
        if text is not None:
            packet: Any = av.Packet(words.encode())
            packet.stream, packet.pts, packet.dts, packet.duration = text, 100, 100, 200
            packet.time_base = Fraction(1, 1000)
            file.mux(packet)
        for stream in (video, audio) if sound else (video,):
            file.mux(stream.encode(None))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("films")
    for name, source in (("waves", "ihc.png"), ("night", "astronaut.png")):
        Image.fromarray((255 * packaged_picture(source, 64, 64)).astype(np.uint8)).save(place / f"{name}.png")
    photo = (255 * packaged_picture("chelsea.png", WIDTH + 10, HEIGHT)).astype(np.uint8)
    write_film(place / "walk.mp4", [photo[:, step : step + WIDTH] for step in range(len(TIMES))])
    return place


@pytest.fixture(scope="module")
def painter() -> Iterator[Painter]:
    with load("fast", threads=1) as made:
        yield made


def paint(*arguments: object) -> int:
    return main(["video", *map(str, arguments), "--threads", "1"])


def frames(path: Path) -> list[tuple[float, np.ndarray]]:
    with Film(path) as film:
        return [
            (round(frame.time, 3), frame.pixels)
            for packet in film.packets([film.stream])
            for frame in film.decode(packet, None, 0)
        ]


def packets(path: Path, kind: str) -> list[tuple[float, bytes]]:
    with av.open(str(path)) as file:
        stream = getattr(file.streams, kind)[0]
        return [
            (round(float(one.pts * one.time_base), 3), bytes(one))
            for one in file.demux(stream)
            if one.pts is not None and one.size
        ]


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference, of 255."""
    return float(np.abs(one.astype(float) - other).mean())


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".mov"])
def test_frames_keep_their_times_and_sound_its_bytes(
    folder: Path, tmp_path: Path, painter: Painter, suffix: str
) -> None:
    out = tmp_path / f"new{suffix}"
    assert paint(folder / "walk.mp4", "--style", folder / "waves.png", "--out", out, "--steady", 0, "--crf", 1) == 0
    painted = frames(out)
    assert [time for time, _ in painted] == [time / 1000 for time in TIMES]
    sound, original = packets(out, "audio"), packets(folder / "walk.mp4", "audio")
    if suffix == ".mkv":
        assert original[0][0] < 0  # what a decoder needs before the first sound; Matroska has no such times
        original = original[1:]
    assert [data for _, data in sound] == [data for _, data in original]
    assert [time for time, _ in sound] == pytest.approx([time for time, _ in original], abs=2e-3)
    source = frames(folder / "walk.mp4")
    for index in (0, 7):
        expected = np.asarray(painter.paint(source[index][1], folder / "waves.png", stroke=None))
        # Chroma is kept at half the size.
        assert apart(painted[index][1], expected) < 8 < apart(painted[index][1], source[index][1])
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_the_middle_of_a_film(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "part.mkv"
    style = folder / "waves.png"
    arguments = ["--start", "0:00.2", "--end", "0.4", "--size", 32, "--keep-color", "luma"]
    assert paint(folder / "walk.mp4", "--style", style, "--out", out, *arguments) == 0
    painted = frames(out)
    assert [time for time, _ in painted] == [0, 0.03, 0.1, 0.101]
    assert {picture.shape for _, picture in painted} == {(24, 32, 3)}
    sound = packets(out, "audio")
    original = [data for time, data in packets(folder / "walk.mp4", "audio") if 0.2 <= time < 0.4]
    assert [data for _, data in sound] == original
    assert 0 <= sound[0][0] < 1024 / 44100


def test_a_part_of_a_stream_without_an_index(folder: Path, tmp_path: Path) -> None:
    film = tmp_path / "stream.ts"
    with av.open(str(film), "w") as file:
        stream: Any = file.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for index in range(25 * 12):
            value = np.full((HEIGHT, WIDTH, 3), index * 200 // 300, np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(value, format="rgb24")))
        file.mux(stream.encode(None))
    out = tmp_path / "part.mkv"
    arguments = ["--start", 11, "--end", 11.4, "--keep-color", "luma", "--steady", 0]
    assert paint(film, "--style", folder / "waves.png", "--out", out, *arguments) == 0
    # Times are those of a clock of 90 kHz, from a start that is no whole millisecond.
    assert [time for time, _ in frames(out)] == pytest.approx([index / 25 for index in range(10)], abs=2e-3)


def test_webm_needs_another_sound(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new.webm"
    assert paint(folder / "walk.mp4", "--style", folder / "waves.png", "--out", out) == 1
    assert "cannot hold the sound (aac): choose .mkv, or leave it out with --mute" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert paint(folder / "walk.mp4", "--style", folder / "waves.png", "--out", out, "--mute") == 0
    assert [time for time, _ in frames(out)] == [time / 1000 for time in TIMES]


def test_subtitles_are_kept_where_they_can_be(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    film = tmp_path / "spoken.mkv"
    write_film(film, [np.full((HEIGHT, WIDTH, 3), 90, np.uint8)] * 3, words="Good morning")
    assert paint(film, "--style", folder / "waves.png", "--out", tmp_path / "new.mkv") == 0
    assert packets(tmp_path / "new.mkv", "subtitles") == [(0.1, b"Good morning")]
    capsys.readouterr()
    assert paint(film, "--style", folder / "waves.png", "--out", tmp_path / "new.mp4") == 0
    assert "this kind of file cannot hold subtitles (subrip)" in capsys.readouterr().err


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turned_films_come_upright(folder: Path, tmp_path: Path, quarters: int) -> None:
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    picture[:16, :16] = 255  # a white corner
    film, out = tmp_path / "turned.mp4", tmp_path / "new.mp4"
    write_film(film, [picture] * 2, turn=90 * quarters, sound=False)
    # As FFmpeg does with its -autorotate: counterclockwise.
    expected = np.rot90(picture, quarters)
    assert apart(frames(film)[0][1], expected) < 3
    assert paint(film, "--style", folder / "waves.png", "--out", out, "--keep-color", "luma", "--strength", 0) == 0
    with av.open(str(out)) as file:
        found = next(file.decode(video=0))
        assert (found.rotation, found.height, found.width) == (0, *expected.shape[:2])


def test_mirrored_frames_are_mirrored_back() -> None:
    picture = np.arange(6, dtype=np.uint8).reshape(2, 3, 1).repeat(3, axis=2)
    assert (upright(picture, (-1, 0, 0, 1)) == picture[:, ::-1]).all()
    assert (upright(picture, (1, 0, 0, -1)) == picture[::-1]).all()
    assert (upright(picture, (0, 1, 1, 0)) == picture.transpose(1, 0, 2)).all()


@pytest.mark.parametrize("colours", [{}, {"colorspace": 5}, {"colorspace": 1}])
def test_colours_of_either_standard_come_out_as_they_went_in(tmp_path: Path, colours: dict[str, int]) -> None:
    film, out = tmp_path / "red.mkv", tmp_path / "new.mkv"
    red = np.full((HEIGHT, WIDTH, 3), (200, 40, 60), np.uint8)
    with av.open(str(film), "w") as file:
        stream: Any = file.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.codec_context.colorspace = colours.get("colorspace", 2)
        frame = av.VideoFrame.from_ndarray(red, format="rgb24")
        file.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace=colours.get("colorspace", 5))))
        file.mux(stream.encode(None))
    with Film(film) as read:
        (found,) = [one for packet in read.packets([read.stream]) for one in read.decode(packet, None, 0)]
        assert np.abs(found.pixels.astype(int) - red).max() <= 4
        with Writer(out, out, read, 0, sound=True, crf=1, chapters=True) as writer:
            writer.write(found, red)
    assert np.abs(frames(out)[0][1].astype(int) - red).max() <= 4


def test_styles_over_time(folder: Path, tmp_path: Path) -> None:
    zero, one = (Style(np.full(100, value, np.float32), "f" * 16, strength=1 + value) for value in (0, 1))
    styles = Keyframes([Keyframe(20, one), Keyframe(5, zero)])
    for time, expected in ((0, 0), (5, 0), (8, 0.2), (20, 1), (60, 1)):
        assert styles.at(time).embedding == pytest.approx(np.full(100, expected))
        assert styles.at(time).strength == pytest.approx(1 + expected)
    with pytest.raises(ValueError, match="two styles are at the same moment, 5 seconds"):
        Keyframes([Keyframe(5, zero), Keyframe(5, one)])
    assert [moment(text) for text in ("83", "1:23", "0:01:23.5")] == [83, 83, 83.5]

    still = tmp_path / "still.mp4"
    write_film(still, [frames(folder / "walk.mp4")[0][1]] * len(TIMES))
    arguments = ["--at", "0.1", folder / "waves.png", "--at", "0:00.3", folder / "night.png", "--steady", 0]
    assert paint(still, *arguments, "--out", tmp_path / "both.mkv", "--crf", 1) == 0
    pictures = dict(frames(tmp_path / "both.mkv"))
    whole = apart(pictures[0.0], pictures[0.433])
    assert whole > 10
    assert apart(pictures[0.0], pictures[0.1]) < 0.1 * whole
    assert apart(pictures[0.301], pictures[0.433]) < 0.1 * whole
    assert apart(pictures[0.0], pictures[0.2]) == pytest.approx(whole / 2, rel=0.4)


def test_an_interrupted_film_can_be_played(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = 0
    original = Writer.write

    def write(self: Writer, frame: Any, pixels: np.ndarray) -> None:
        nonlocal written
        written += 1
        if written == 4:
            signal.raise_signal(signal.SIGINT)
        original(self, frame, pixels)

    monkeypatch.setattr(Writer, "write", write)
    before = signal.getsignal(signal.SIGINT)
    out = tmp_path / "new.mp4"
    assert paint(folder / "walk.mp4", "--style", folder / "waves.png", "--out", out) == 130
    assert "interrupted; " in (said := capsys.readouterr().err) and "4 frames written, up to 0:00.141" in said
    assert [time for time, _ in frames(out)] == [0, 0.04, 0.1, 0.141]
    assert packets(out, "audio")[0][1] == packets(folder / "walk.mp4", "audio")[0][1]
    assert [path.name for path in tmp_path.iterdir()] == ["new.mp4"]
    assert signal.getsignal(signal.SIGINT) == before


def test_what_is_no_film_is_named(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text.mp4").write_text("This is no film. " * 200)
    (tmp_path / "cut.mp4").write_bytes((folder / "walk.mp4").read_bytes()[:3000])
    Image.new("RGB", (8, 8)).save(tmp_path / "picture.mp4", "PNG")
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n")
    with av.open(str(tmp_path / "song.mp4"), "w") as file:
        audio: Any = file.add_stream("aac", rate=44100, layout="mono")
        tone = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        tone.sample_rate = 44100
        file.mux(audio.encode(tone))
        file.mux(audio.encode(None))
    before = sorted(path.name for path in tmp_path.iterdir())
    for name, reason in (
        ("text.mp4", "is no film, or a damaged one"),
        ("cut.mp4", "is no film, or a damaged one"),
        ("picture.mp4", "is a picture, not a film: impasto image paints it"),
        ("list.mp4", "is no film, or a damaged one"),
        ("song.mp4", "holds no film, only sound"),
        ("missing.mp4", "there is no such file"),
        (".", "expected a film, found a folder"),
    ):
        assert paint(tmp_path / name, "--style", folder / "waves.png", "--out", tmp_path / "new.mp4") == 1, name
        said = capsys.readouterr().err
        assert said.startswith(f"error: {tmp_path / name}: ") and reason in said, said
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_wrong_wishes_are_refused_before_the_work(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film, style = folder / "walk.mp4", folder / "waves.png"
    data = film.read_bytes()
    for arguments, reason in (
        (["--style", style, "--out", film], "would be overwritten, but is also read"),
        (["--style", style, "--out", tmp_path / "new.gif"], "expected the name of a film to write: .mp4"),
        (["--out", tmp_path / "new.mp4"], "a film needs a style"),
        (["--at", "soon", style, "--out", tmp_path / "new.mp4"], "expected a time such as 83, 1:23"),
        (["--style", style, "--start", 2, "--end", 1, "--out", tmp_path / "new.mp4"], "--end: expected a time after"),
        (["--style", style, "--start", 9, "--out", tmp_path / "new.mp4"], "walk.mp4 ends at 0:00.4"),
        (["--style", style, "--weights", 1, 2, "--out", tmp_path / "new.mp4"], "--weights: expected one a style"),
    ):
        assert paint(film, *arguments) == 1, arguments
        assert reason in capsys.readouterr().err
    assert film.read_bytes() == data and not list(tmp_path.iterdir())


def test_a_film_that_breaks_off_is_painted_so_far(folder: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole.mkv"
    rng = np.random.default_rng(3)
    write_film(whole, list(rng.integers(0, 255, (8, HEIGHT, WIDTH, 3), np.uint8)), sound=False)
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    paint(broken, "--style", folder / "waves.png", "--out", tmp_path / "new.mp4")
    assert 2 <= len(frames(tmp_path / "new.mp4")) < 8


def test_without_pyav_the_extra_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    assert paint(folder / "walk.mp4", "--style", folder / "waves.png", "--out", tmp_path / "new.mp4") == 1
    assert "films need PyAV, and that Python 3.11: pip install 'impasto[video]'" in capsys.readouterr().err
