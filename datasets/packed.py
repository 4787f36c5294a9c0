"""Pictures packed into one memory-mapped uint8 array: fast, and needing neither TensorFlow nor the files."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from datasets.canvas import canvas_offset, square_canvas
from datasets.source import Role, Source
from impasto import console
from impasto.arrays import map_array
from impasto.console import one_line, shown
from impasto.errors import PictureError
from impasto.files import naming, write_json
from impasto.lock import exclusive
from impasto.pictures.names import LONGEST, ended, shortened
from impasto.text_files import read_json

_HEADER_BYTES = 128
_SAVE_EVERY = 256


class PackedSource:
    """An array uint8 [N, S, S, 3] in PATH.npy, with the index PATH.json beside it if there is one.

    Raises ValueError where the file is missing, damaged or of another shape.
    """

    infallible = True

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.name = f"packed:{path}"
        if not self.path.exists():
            partial = _partial_path(self.path)
            hint = f"; {partial} is unfinished, run the same pack command again" if partial.exists() else ""
            raise ValueError(f"packed array {self.path} does not exist{hint}")
        try:
            self.array = map_array(self.path)
        except (OSError, ValueError) as error:
            raise ValueError(f"{self.path} is not a readable .npy array: {one_line(error)}") from None
        shape = self.array.shape
        if self.array.dtype != np.uint8 or len(shape) != 4 or shape[1] != shape[2] or shape[3] != 3:
            raise ValueError(f"{self.path} holds {self.array.dtype} {list(shape)}, expected uint8 [N, S, S, 3]")
        self.index = self._read_index()

    def _read_index(self) -> dict[str, Any]:
        path = index_path(self.path)
        if not path.exists():
            return {"names": [str(number) for number in range(len(self.array))]}
        index: dict[str, Any] = read_json(path, "the index of a packed array")
        names = index.get("names", [])
        if not isinstance(names, list):
            raise ValueError(f"{path}: expected the index of a packed array, with a list of names, found {names!r:.50}")
        if len(names) != len(self.array):
            raise ValueError(
                f"{path} names {len(names)} pictures, {self.path} holds {len(self.array)}: they do not belong together"
            )
        return index

    @property
    def canvas(self) -> int:
        """Side of each picture in pixels."""
        return int(self.array.shape[1])

    def __len__(self) -> int:
        return len(self.array)

    def load(self, index: int) -> np.ndarray:
        return np.array(self.array[index])

    def key(self, index: int) -> str:
        return str(self.index["names"][index])

    def describe(self, index: int) -> str:
        return f"{self.path}[{index}] ({self.key(index)})"


@dataclass
class _Progress:
    """What a later run needs to go on: the settings it must share, and how far this one came."""

    settings: dict[str, Any]
    done: int = 0
    names: list[str] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)


def index_path(path: Path) -> Path:
    """The index of a packed array lies beside it: its name with the suffix .json, cut where that is too long."""
    return path.with_name(ended(path.stem, ".json"))


def _partial_path(out: Path) -> Path:
    # Room for the suffix of the journal, too.
    return out.with_name(shortened(out.name, LONGEST - len(".partial.json")) + ".partial")


def _header(rows: int, canvas: int) -> bytes:
    buffer = io.BytesIO()
    header = {"descr": "|u1", "fortran_order": False, "shape": (rows, canvas, canvas, 3)}
    np.lib.format.write_array_header_1_0(buffer, header)
    if buffer.tell() != _HEADER_BYTES:
        raise RuntimeError(f"numpy wrote a header of {buffer.tell()} bytes, {_HEADER_BYTES} were kept free")
    return buffer.getvalue()


def pack(
    source: Source,
    out: str | Path,
    *,
    canvas: int,
    role: Role,
    seed: int = 0,
    spec: str = "",
    workers: int = 2,
    progress: bool = True,
) -> dict[str, Any]:
    """Writes every readable picture of `source` as a square canvas into OUT.npy, and the index OUT.json.

    Interrupted at any moment it leaves OUT.npy.partial, and the same call goes on from there with the same
    result as if it had never stopped; OUT.npy itself appears complete or not at all. Returns the index:
    names, canvas, role, seed, source, skipped (name and reason). Raises ValueError where an unfinished file
    belongs to other settings or where no picture is readable, and BusyError where another process writes it.
    """
    out = Path(out)
    if out.suffix != ".npy":
        raise ValueError(f"the packed array's name must end in .npy, got {out}")
    with exclusive(out.with_name(ended(out.name, ".lock", start=".")), str(out)):
        return _pack(source, out, canvas, role, seed, spec, workers, progress)


def _pack(
    source: Source, out: Path, canvas: int, role: Role, seed: int, spec: str, workers: int, progress: bool
) -> dict[str, Any]:
    partial, journal = _partial_path(out), Path(f"{_partial_path(out)}.json")
    settings = {
        "source": spec or source.name,
        "canvas": canvas,
        "role": role,
        "seed": seed,
        "keys": keys_digest(source),
    }
    state = _load_progress(journal, partial, settings)
    row_bytes = canvas * canvas * 3

    with naming(partial), open(partial, "r+b" if partial.exists() else "w+b") as file:
        file.truncate(_HEADER_BYTES + row_bytes * len(state.names))
        file.seek(0, os.SEEK_END)

        def save() -> None:
            file.flush()
            os.fsync(file.fileno())
            write_json(journal, vars(state))

        def make(index: int) -> np.ndarray | PictureError:
            try:
                image = source.load(index)
            except PictureError as error:
                return error
            return square_canvas(image, canvas, canvas_offset(role, seed, index))

        bar = console.progress(
            total=len(source),
            initial=state.done,
            unit="picture",
            desc=shown(out.name),
            disable=None if progress else True,
        )
        try:
            for index, made in _ordered(make, range(state.done, len(source)), workers):
                if isinstance(made, PictureError):
                    state.skipped.append({"name": made.name, "reason": made.reason})
                    bar.write(f"skipped {made}")
                else:
                    file.write(made.tobytes())
                    state.names.append(source.key(index))
                state.done = index + 1
                bar.update()
                if state.done % _SAVE_EVERY == 0:
                    save()
        except BaseException:
            with contextlib.suppress(OSError):  # what went wrong first is what is to be told
                save()
            raise
        finally:
            bar.close()
        save()
        if not state.names:
            raise ValueError(f"none of the {len(source)} pictures of {source.name} is readable, nothing was packed")
        file.seek(0)
        file.write(_header(len(state.names), canvas))
        file.flush()
        os.fsync(file.fileno())
    # The names first: an array without them would be taken for one that has none.
    index_content = {
        "format": "impasto-packed",
        "version": 1,
        "count": len(state.names),
        **settings,
        "skipped": state.skipped,
        "names": state.names,
    }
    write_json(index_path(out), index_content)
    os.replace(partial, out)
    journal.unlink()
    return index_content


def keys_digest(source: Source) -> str:
    """Short hash of the source's keys: a folder that changed meanwhile must not be continued."""
    digest = hashlib.sha256()
    for index in range(len(source)):
        digest.update(os.fsencode(source.key(index)) + b"\0")
    return digest.hexdigest()[:16]


def _load_progress(journal: Path, partial: Path, settings: dict[str, Any]) -> _Progress:
    if not (journal.exists() and partial.exists()):
        return _Progress(settings)
    try:
        state = _Progress(**read_json(journal, "how far packing is"))
    except TypeError:
        raise ValueError(f"{journal}: expected how far packing is, found other JSON; delete it, and begin") from None
    if state.settings != settings:
        changed = [key for key in settings if state.settings.get(key) != settings[key]]
        raise ValueError(
            f"{partial} was begun with another {' and '.join(changed)}; delete it to start again, "
            "or repeat the command it was begun with"
        )
    return state


def _ordered(make: Any, indices: range, workers: int) -> Iterator[tuple[int, Any]]:
    """(index, make(index)) in order, computed a little ahead in threads."""
    waiting: list[tuple[int, Future[Any]]] = []
    pool = ThreadPoolExecutor(max(workers, 1))
    try:
        for index in indices:
            waiting.append((index, pool.submit(make, index)))
            if len(waiting) > 4 * max(workers, 1):
                first, future = waiting.pop(0)
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
