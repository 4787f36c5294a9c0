"""A new film: painted frames encoded, and sound and subtitles of another film copied beside them as they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from impasto.errors import FilmError
from impasto.films.reading import Film, Frame
from impasto.films.sources import PIPE

if TYPE_CHECKING:
    import av

# By suffix: what FFmpeg calls the container, and the encoder.
_KINDS = {
    ".mp4": ("mp4", "libx264"),
    ".m4v": ("mp4", "libx264"),
    ".mov": ("mov", "libx264"),
    ".mkv": ("matroska", "libx264"),
    ".webm": ("webm", "libvpx-vp9"),
}
# Constant rate factors at which strokes keep their edges, and what makes encoding fast enough beside painting.
_OPTIONS = {
    "libx264": {"crf": "18", "preset": "medium"},
    "libvpx-vp9": {"crf": "24", "b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"},
}
# Containers without times before 0.
_FROM_ZERO = ("matroska", "webm")
# What the container writes of its own.
_OWN_TAGS = {"major_brand", "minor_version", "compatible_brands", "encoder", "duration"}
_BT709, _LIMITED = 1, 1


# A pipe cannot be gone back in: Matroska needs that least, and is read by every player.
_PIPED = ".mkv"
# Each picture goes on at once, for whoever watches.
_AT_ONCE = {"cluster_time_limit": "100", "flush_packets": "1"}


def _suffix(path: Path) -> str:
    return _PIPED if path == PIPE else path.suffix.lower()


def check_suffix(path: Path) -> None:
    """Raises FilmError where no film of that suffix can be written."""
    if _suffix(path) not in _KINDS:
        raise FilmError(path, f"expected the name of a film to write: {', '.join(_KINDS)}")


class Writer:
    """Writes one film to a draft. Leaving the block ends the file, whatever happened: what is in it can be played.

    Args:
        draft: Where it is written: a path, or what has a method `write` for bytes.
        out: What it is to be called, which says of what kind it is.
        film: That it is made of.
        origin: Seconds in the times of `film`'s file that become 0.
        sound: Whether its sound is copied.
        crf: The encoder's constant rate factor: smaller is better and larger; None for the default.
        chapters: Whether chapters are copied.
        part: Write frames alone, into a file that `join` of another writer takes them from.

    Raises:
        FilmError: the kind of file cannot hold the film's sound.

    Attributes:
        copied: Streams of `film` whose packets `copy` takes.
        left_out: What of it this kind of file cannot hold, for people.
    """

    def __init__(
        self, draft: Any, out: Path, film: Film, origin: float | Fraction, *, sound: bool, crf: int | None,
        chapters: bool, part: bool = False,
    ) -> None:  # fmt: skip
        import av

        kind, encoder = _KINDS[_suffix(out)]
        # Of all kinds it keeps times as exactly as films have them, and holds what each encoder writes.
        kind, sound = ("mp4", False) if part else (kind, sound)
        piped = out == PIPE
        options = {"movflags": "faststart"} if kind in ("mp4", "mov") else _AT_ONCE if piped else {}
        self._film, self._kind = film, kind
        self._origin = Fraction(origin).limit_denominator(10**6)
        self._container = av.open(str(draft) if isinstance(draft, Path) else draft, "w", format=kind, options=options)
        self._streams: dict[int, Any] = {}
        self.left_out: list[str] = []
        self._video: Any = None
        self._joined, self._last = False, -(2**62)
        self._encoder, self._options = encoder, dict(_OPTIONS[encoder])
        if crf is not None:
            self._options["crf"] = str(crf)
        if film.source.live or piped:  # no frame is held back to be compared with those after it
            self._options |= {"tune": "zerolatency", "preset": "veryfast"} if encoder == "libx264" else {}
        try:
            self._check_sound(out, sound)
        except FilmError:
            self._container.close()
            raise
        self._with_sound = sound
        self._container.metadata.update(_tags(film.container.metadata))
        if chapters:
            self._container.set_chapters(film.container.chapters())
        self.copied = [] if part else [stream for stream in film.container.streams if self._fits(stream)]

    def _check_sound(self, out: Path, sound: bool) -> None:
        for stream in self._film.container.streams.audio if sound else ():
            if stream.codec_context.name not in self._container.supported_codecs:
                codec = stream.codec_context.name
                raise FilmError(
                    out, f"this kind of file cannot hold the sound ({codec}): choose .mkv, or leave it out with --mute"
                )

    def _fits(self, stream: Any) -> bool:
        if stream.type == "audio":
            return self._with_sound
        if stream.type != "subtitle":
            return False
        codec = stream.codec_context.name if stream.codec_context is not None else "unknown"
        # Names of decoders differ from those of codecs here alone.
        codec = {"srt": "subrip", "ssa": "ass"}.get(codec, codec)
        fits = codec in self._container.supported_codecs
        if not fits:
            self.left_out.append(f"subtitles ({codec})")
        return fits

    def _begin(self, width: int, height: int, turned: bool) -> None:
        """Streams are known before the first packet, and the size with the first frame."""
        film = self._film.stream
        made: Any = self._container.add_stream(self._encoder, rate=film.average_rate or film.guessed_rate or 25)
        made.width, made.height, made.pix_fmt = width, height, "yuv420p"
        made.time_base = made.codec_context.time_base = self._film.base
        made.options = self._options
        made.color_primaries = made.color_trc = made.colorspace = _BT709
        made.color_range = _LIMITED
        shape = film.sample_aspect_ratio
        if shape:
            made.sample_aspect_ratio = 1 / shape if turned else shape
        made.metadata.update(_tags(film.metadata))
        self._video = made
        self._add_copies()

    def _add_copies(self) -> None:
        for stream in self.copied:
            copy = self._container.add_stream_from_template(stream)
            copy.metadata.update(_tags(stream.metadata))
            copy.disposition = stream.disposition
            self._streams[stream.index] = copy

    @property
    def begun(self) -> bool:
        """Whether there is a frame."""
        return self._video is not None

    def from_zero(self, frame: Frame) -> None:
        """Makes the time of `frame` the beginning."""
        self._origin = Fraction(frame.ticks) * self._film.base

    def write(self, frame: Frame, pixels: np.ndarray) -> None:
        """Encodes `pixels` uint8 `[H, W, 3]`, of even sides, at the time of `frame`."""
        import av

        if not self.begun:
            self._begin(pixels.shape[1], pixels.shape[0], frame.turned)
        made = av.VideoFrame.from_ndarray(pixels, format="rgb24").reformat(
            format="yuv420p", dst_colorspace=_BT709, dst_color_range=_LIMITED
        )
        base = self._film.base
        made.time_base = base
        made.pts = frame.ticks - round(self._origin / base)
        made.duration = frame.duration
        made.color_primaries = made.color_trc = _BT709
        self._container.mux(self._video.encode(made))

    def join(self, packet: av.Packet[Any], shift: int) -> None:
        """Takes a packet of frames that are encoded already, `shift` ticks of the film's frames later than it says."""
        if not self.begun:
            self._video = self._container.add_stream_from_template(packet.stream)
            self._video.time_base = self._film.base
            self._video.metadata.update(_tags(self._film.stream.metadata))
            self._add_copies()
            self._joined = True
        base = self._film.base
        pts, dts = packet.pts or 0, packet.dts or 0
        packet.pts = round(pts * packet.time_base / base) + shift
        # Each part counts from its own frames held back: they would overlap with those of the part before by some.
        packet.dts = min(max(round(dts * packet.time_base / base) + shift, self._last + 1), packet.pts)
        packet.duration = round((packet.duration or 0) * packet.time_base / base)
        self._last, packet.time_base, packet.stream = packet.dts, base, self._video
        self._container.mux(packet)

    def copy(self, packet: av.Packet[Any]) -> None:
        """Takes a packet of one of `copied`, once there is a frame; its stream and its times become those here."""
        base = packet.time_base
        shift = round(self._origin / base)
        packet.pts = None if packet.pts is None else packet.pts - shift
        if self._kind in _FROM_ZERO and packet.pts is not None and packet.pts + (packet.duration or 0) <= 0:
            return  # silence before the beginning, which is decoded and not heard: all times would be moved for it
        packet.dts = packet.pts if packet.dts is None else packet.dts - shift
        packet.stream = self._streams[packet.stream.index]
        self._container.mux(packet)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        try:
            if self.begun and kind is None and not self._joined:
                self._container.mux(self._video.encode(None))
        finally:
            self._container.close()


def _tags(found: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in found.items() if name.lower() not in _OWN_TAGS}
