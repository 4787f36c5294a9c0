"""What is painted of a film so far, in parts beside the new one, so that a long night's work survives a short outage.

Every so many frames a part is closed, and what the next frame takes over is written down; then it counts. The same
command goes on after the last part, and paints what it would have painted: frames of a resumed film are those of one
that was never stopped.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from impasto.arrays import read_arrays, write_arrays
from impasto.errors import FilmError
from impasto.files import replacing
from impasto.pictures.names import ended

if TYPE_CHECKING:
    import av

# Frames of a part, and so the most that are painted twice: about a minute of work at one megapixel.
FRAMES = 120
_STATE = "state.npz"


class Parts:
    """The parts of one film, in a hidden folder beside it.

    Args:
        out: The new film.
        identity: What decides how its frames look, as JSON gives it back.

    Raises:
        FilmError: parts of another film or of other wishes are there.

    Attributes:
        folder: Where they lie.
        starts: Ticks at which each begins.
        frames: How many frames there are in all.
        last: Ticks of the last one; -1 where there is none.
        until: Its seconds.
    """

    def __init__(self, out: Path, identity: dict[str, Any]) -> None:
        self.folder = out.with_name(ended(out.name, ".parts", start="."))
        self.identity = json.loads(json.dumps(identity))
        self.starts: list[int] = []
        self.frames, self.last, self.until = 0, -1, 0.0
        self.state: dict[str, np.ndarray] = {}
        path = self.folder / _STATE
        if path.is_file():
            self._read(out, path)

    def _read(self, out: Path, path: Path) -> None:
        try:
            arrays = read_arrays(path)
            found = json.loads(str(arrays.pop("told")))
            self.state = arrays
            other = sorted(name for name in self.identity if found["identity"].get(name) != self.identity[name])
            self.starts = [int(start) for start in found["starts"]]
            self.frames, self.last, self.until = (found[name] for name in ("frames", "last", "until"))
        except Exception as error:  # whatever damage makes zip, NumPy or JSON say
            raise FilmError(
                path, f"expected what was painted so far, found a damaged file: delete {self.folder}"
            ) from error
        if other:
            raise FilmError(
                out, f"--resume: it was begun with another {' and '.join(other)}; use those, or delete {self.folder}"
            )
        gone = next((path for path in map(self.path, range(len(self.starts))) if not path.is_file()), None)
        if gone is not None:
            raise FilmError(gone, f"expected a part that was painted, found no such file: delete {self.folder}")

    def path(self, index: int) -> Path:
        """Of a part's file."""
        return self.folder / f"{index:05d}.mp4"

    @contextlib.contextmanager
    def next(self) -> Iterator[Path]:
        """Gives the path of a draft of the next part, which lies on the disk when the block has ended."""
        with replacing(self.path(len(self.starts))) as draft:
            yield draft
            with draft.open("rb") as file:
                os.fsync(file.fileno())

    def add(self, start: int, frames: int, last: int, until: float, state: dict[str, np.ndarray]) -> None:
        """The part that was just written counts from now on."""
        self.starts.append(start)
        self.frames, self.last, self.until = self.frames + frames, last, until
        told = {
            "identity": self.identity, "starts": self.starts, "frames": self.frames, "last": last, "until": until
        }  # fmt: skip
        with replacing(self.folder / _STATE) as draft, draft.open("wb") as file:
            write_arrays(file, {**state, "told": json.dumps(told)})
            file.flush()
            os.fsync(file.fileno())

    def packets(self) -> Iterator[tuple[av.Packet[Any], int]]:
        """Every part's packets, each with the ticks at which its part begins."""
        import av

        for index, start in enumerate(self.starts):
            with av.open(str(self.path(index)), "r") as file:
                for packet in file.demux(video=0):
                    if packet.size:
                        yield packet, start

    def remove(self) -> None:
        """Deletes them; first what says that they are there, since a kill may leave half of them."""
        (self.folder / _STATE).unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)


def identify(path: Path) -> dict[str, Any]:
    """A file, told apart from others: its bytes in number, when it was written, and a checksum of its first million."""
    found = path.stat()
    with path.open("rb") as file:
        digest = hashlib.sha256(file.read(2**20)).hexdigest()
    return {"bytes": found.st_size, "written": found.st_mtime_ns, "begins": digest[:16]}
