"""Films as upright RGB frames with their times, and everything else in the file as it lies there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from impasto.errors import FilmError
from impasto.films import dynamic_range
from impasto.films.sources import opened

if TYPE_CHECKING:
    import av
    from av.container import InputContainer
    from av.video.stream import VideoStream

_BT709, _UNSPECIFIED = 1, 2
# Films of this height and above that do not say which colours they have are taken for BT.709, as players do.
_HIGH_DEFINITION = 720
# Seconds. In a file without an index (a transport stream), places are guessed, and may lie a few pictures too late.
_AHEAD = 10


@dataclass(frozen=True)
class Frame:
    """A frame.

    Attributes:
        pixels: uint8 `[H, W, 3]`, RGB, upright.
        time: When it is shown, in seconds from the film's start.
        ticks: The same in the time base of the film's frames, as it lies in the file.
        duration: In ticks; 0 where the file does not say.
        turned: Whether width and height are those of the file, exchanged.
    """

    pixels: np.ndarray
    time: float
    ticks: int
    duration: int
    turned: bool


class Film:
    """A film that is read. A context manager: leaving it closes the file.

    Args:
        path: Any file that PyAV reads; `-` for standard input, `camera:` or `camera:NAME` for a camera.
        hwaccel: Kind of hardware that decodes where it can, by FFmpeg's name.

    Raises:
        FilmError: it cannot be read, or holds no film; or PyAV is not installed.

    Attributes:
        path: What people call it.
        source: Where it comes from.
        stream: That of the frames.
        begin: Seconds, in the file's own times, at which it starts.
        bad: How many packets could not be decoded, so far.
    """

    def __init__(self, path: Path, hwaccel: str | None = None) -> None:
        self.source = opened(path, hwaccel)
        self.path, self.container = self.source.path, self.source.container
        self.bad = 0
        try:
            self.stream = self._found()
        except FilmError:
            self.container.close()
            raise
        self.stream.thread_type = "AUTO"
        # What lies before 0 is the silence that a sound's decoder needs before it runs, and not shown.
        self.begin = max(0, self.container.start_time or 0) / 1e6
        self._last = -1

    def _found(self) -> VideoStream:
        from av.stream import Disposition

        name = self.container.format.name
        if name == "image2" or name.endswith("_pipe"):
            raise FilmError(self.path, "is a picture, not a film: impasto image paints it")
        for stream in self.container.streams.video:
            # A cover is a stream too.
            if not stream.disposition & Disposition.attached_pic and stream.width and stream.height:
                return stream
        raise FilmError(self.path, f"holds no film, only {_named(self.container)}")

    @property
    def seconds(self) -> float | None:
        """How long it is; None where the file does not say."""
        if self.stream.duration is not None and self.stream.time_base is not None:
            return float(self.stream.duration * self.stream.time_base)
        return None if self.container.duration is None else self.container.duration / 1e6

    @property
    def base(self) -> Fraction:
        """The time base of the frames, in seconds."""
        return self.stream.time_base or Fraction(1, 90_000)

    @property
    def rate(self) -> float:
        """Frames a second, on the average."""
        return float(self.stream.average_rate or self.stream.guessed_rate or 25)

    @property
    def hdr(self) -> str:
        """What the transfer function of a film of high dynamic range is called; empty for all others."""
        return dynamic_range.NAMES.get(int(self.stream.codec_context.color_trc), "")

    def seek(self, time: float) -> None:
        """Goes to a frame well before `time`, in seconds from the start, from which decoding can begin."""
        import av

        with contextlib.suppress(av.FFmpegError):  # where that cannot be done, it is read from the start
            if self.source.seekable and time > _AHEAD:
                self.container.seek(int((time - _AHEAD + self.begin) * 1e6), backward=True)

    def packets(self, streams: list[Any]) -> Iterator[av.Packet[Any]]:
        """Packets of `streams`, in the file's order. A file that is cut off ends where it does."""
        import av

        packets = self.container.demux(streams)
        while True:
            try:
                yield next(packets)
            except StopIteration:
                return
            except av.FFmpegError:
                self.bad += 1
                return

    def decode(self, packet: av.Packet[Any], size: tuple[int, int] | None, after: float) -> Iterator[Frame]:
        """The frames that are complete with this packet. What cannot be decoded is counted.

        Args:
            packet: Of `stream`; its last, empty one gives the frames that are left.
            size: Width and height of frames before they are turned; None for the film's own.
            after: Frames before this time, in seconds, are passed over.
        """
        import av

        try:
            found: list[av.VideoFrame] = packet.decode()
        except av.FFmpegError:
            self.bad += 1
            return
        for frame in found:
            base = self.base
            # A few old files have no times: their frames follow each other evenly.
            ticks = self._last + max(1, round(1 / (self.rate * base))) if frame.pts is None else frame.pts
            # Two frames cannot be shown at one moment.
            self._last = ticks = max(ticks, self._last + 1) if self._last >= 0 else ticks
            time = float(ticks * base) - self.begin
            if time >= after - 1e-6:
                matrix = display_matrix(frame)
                pixels = upright(_pixels(frame, size), matrix)
                yield Frame(pixels, time, ticks, frame.duration or 0, is_turned(matrix))

    def close(self) -> None:
        """Closes the file."""
        self.container.close()

    def __enter__(self) -> Film:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _named(container: InputContainer) -> str:
    kinds = sorted({"a cover" if stream.type == "video" else stream.type for stream in container.streams})
    return " and ".join(kinds).replace("audio", "sound") or "nothing"


def _pixels(frame: av.VideoFrame, size: tuple[int, int] | None) -> np.ndarray:
    """uint8 `[H, W, 3]` of standard range, as it lies in the file otherwise."""
    width, height = size or (frame.width, frame.height)
    unspecified = int(frame.colorspace) == _UNSPECIFIED and frame.height >= _HIGH_DEFINITION
    matrix = _BT709 if unspecified else None
    transfer, primaries = int(frame.color_trc), int(frame.color_primaries)
    if dynamic_range.is_beyond(transfer, primaries):
        deep = frame.reformat(width, height, "rgb48le", src_colorspace=matrix, interpolation="BICUBIC").to_ndarray()
        return dynamic_range.to_standard(np.asarray(deep, np.uint16), transfer, primaries)
    made = frame.reformat(width, height, "rgb24", src_colorspace=matrix, interpolation="BICUBIC").to_ndarray()
    return np.asarray(made, np.uint8)


def display_matrix(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    """How a frame is turned and mirrored for the screen: a, b, c, d of x' = a x + c y and y' = b x + d y."""
    data: Any
    for data in frame.side_data:
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(data)[:20], np.int32)
            return int(a), int(b), int(c), int(d)
    return 1, 0, 0, 1


def is_turned(matrix: tuple[int, int, int, int]) -> bool:
    """Whether width and height are exchanged."""
    return abs(matrix[1]) > abs(matrix[0])


def upright(pixels: np.ndarray, matrix: tuple[int, int, int, int]) -> np.ndarray:
    """`pixels` `[H, W, 3]` by quarter turns and mirrors, as `display_matrix` says."""
    a, b, c, d = matrix
    if is_turned(matrix):
        pixels, across, down = pixels.transpose(1, 0, 2), c, b
    else:
        across, down = a, d
    pixels = pixels[:, ::-1] if across < 0 else pixels
    pixels = pixels[::-1] if down < 0 else pixels
    return np.ascontiguousarray(pixels)
