"""Where frames come from: a file, standard input, or a camera."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from impasto.console import one_line
from impasto.errors import FilmError

if TYPE_CHECKING:
    from av.container import InputContainer

# Standard input and output, as a film's name.
PIPE = Path("-")
CAMERA = "camera:"
# By system: what FFmpeg calls its cameras, and the first of them.
_CAMERAS = {
    "linux": ("v4l2", "/dev/video0"),
    "darwin": ("avfoundation", "default"),
    "win32": ("dshow", ""),
}


@dataclass(frozen=True)
class Source:
    """An opened source of frames.

    Attributes:
        container: PyAV's.
        path: What people call it.
        live: Whether its frames come when they happen, and are lost when nobody takes them.
        seekable: Whether any place of it can be gone to.
        accelerated: Whether a decoder of the graphics hardware is used.
        refused: Why it is not, where it was asked for.
    """

    container: InputContainer
    path: Path
    live: bool
    seekable: bool
    accelerated: bool = False
    refused: str = ""


def is_file(path: Path) -> bool:
    """Whether the name of a film is that of a file, not of standard input or a camera."""
    return path != PIPE and _camera(path) is None


def opened(path: Path, hwaccel: str | None = None) -> Source:
    """Opens a film.

    Args:
        path: A file; `-` for standard input; `camera:`, `camera:NAME`, or one of Linux's devices of video.
        hwaccel: Kind of hardware that decodes where it can, by FFmpeg's name.

    Raises:
        FilmError: it cannot be opened, holds no film, or PyAV is not installed or has no such hardware.
    """
    try:
        import av
    except ImportError as error:
        reason = f"films need PyAV, and that Python 3.11: pip install 'impasto[video]' ({one_line(error)})"
        raise FilmError(path, reason) from error
    camera = _camera(path)
    if camera is not None:
        kind, name = camera
        label = Path(f"camera {name}".rstrip())
        with _named(label, "cannot be opened"):
            return Source(av.open(name, "r", format=kind), label, live=True, seekable=False)
    if path == PIPE:
        label = Path("standard input")
        if sys.stdin is None or sys.stdin.isatty():
            raise FilmError(label, "expected a film from another program, found a terminal")
        with _named(label, "cannot be read as a film"):
            # A list of other files is followed to none of them.
            options: Any = {"options": {"protocol_whitelist": "none"}, "metadata_errors": "replace"}
            found: Any = av.open(sys.stdin.buffer, "r", **options)
        return Source(found, label, live=False, seekable=False)
    if not path.exists():
        raise FilmError(path, "there is no such file")
    if not path.is_file():
        raise FilmError(path, "expected a film, found " + ("a folder" if path.is_dir() else "a pipe or a device"))
    with _named(path, "cannot be read as a film"):
        return _file(path, hwaccel)


def _file(path: Path, hwaccel: str | None) -> Source:
    import av
    from av.codec.hwaccel import HWAccel, hwdevices_available

    # Lists of other files (HLS, concat) may name addresses: nothing is fetched from a network.
    options: Any = {"options": {"protocol_whitelist": "file"}, "metadata_errors": "replace"}
    if hwaccel is None:
        return Source(av.open(os.path.abspath(path), "r", **options), path, live=False, seekable=True)
    if hwaccel not in hwdevices_available():
        raise FilmError(path, f"--hwaccel: expected one of {', '.join(hwdevices_available())}, received {hwaccel}")
    try:
        container = av.open(os.path.abspath(path), "r", **options, hwaccel=HWAccel(hwaccel))
    except av.FFmpegError as error:  # no such device in this machine; a fault of the file comes again
        refused = one_line(error)
        container = av.open(os.path.abspath(path), "r", **options)
        return Source(container, path, live=False, seekable=True, refused=refused)
    used = any(stream.codec_context.is_hwaccel for stream in container.streams.video)
    return Source(
        container,
        path,
        live=False,
        seekable=True,
        accelerated=used,
        refused="" if used else "not for this kind of film",
    )


def _camera(path: Path) -> tuple[str, str] | None:
    """FFmpeg's kind of device and its name there; None where the path is that of no camera."""
    kind, first = _CAMERAS.get(sys.platform, ("", ""))
    text = str(path)
    if text.startswith(CAMERA):
        name = text.removeprefix(CAMERA) or first
        if not kind or not name:
            raise FilmError(path, "expected the name of a camera of this system after camera:")
        return kind, f"video={name}" if kind == "dshow" else name
    if kind == "v4l2" and text.startswith("/dev/video"):
        return kind, text
    return None


@contextlib.contextmanager
def _named(path: Path, failed: str) -> Iterator[None]:
    import av

    try:
        yield
    except FilmError:
        raise
    except av.InvalidDataError as error:
        raise FilmError(path, "is no film, or a damaged one: no kind of file that PyAV reads") from error
    except (av.FFmpegError, OSError, ValueError) as error:
        raise FilmError(path, f"{failed}: {one_line(error)}") from error
