"""Readers of files that others may have made, given any bytes: `python tests/fuzz.py READER [SECONDS]` runs atheris.

Seconds are of processor time, 600 by default, so that a busy machine tries as much as an idle one.
atheris (coverage-guided; https://github.com/google/atheris) is no dependency of the checkout: install it into an
environment of its own, `python3.11 -m venv --system-site-packages`, say, with the checkout's packages on its path.
Without it, tests/test_impasto_fuzzed.py gives every reader some thousands of changed files, and those that once did
harm. A reader may refuse, in one sentence that names the file; anything else is a fault, and lies in build/fuzz.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import signal
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

if __name__ == "__main__":
    import atheris

    # Follows which lines are reached, in modules that are imported here for the first time.
    with atheris.instrument_imports(include=["impasto", "datasets"]):
        import datasets.combining
        import datasets.packed  # noqa: F401
        import impasto.exported
        import impasto.styles  # noqa: F401

from impasto import errors, exported, share_code, styles  # noqa: E402
from impasto.arrays import read_arrays, write_arrays  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
MODEL = "0123456789abcdef"
# Seconds of processor time that one file may take. A reader that never comes back is found after an hour of the clock:
# a machine may be busy with other things.
SLOWEST = 20


@dataclass(frozen=True)
class Reader:
    """Something that reads.

    Attributes:
        read: Called with a folder of its own and the bytes.
        refusals: What it may raise.
        seeds: Good files.
        names: Whether a refusal has to name the file.
    """

    read: Callable[[Path, bytes], object]
    refusals: tuple[type[Exception], ...]
    seeds: Callable[[], list[bytes]]
    names: bool = True


def check(reader: Reader, folder: Path, data: bytes) -> bool:
    """Gives the bytes to a reader; returns whether they were read. Raises what is no refusal, warnings among it."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        read = _read(reader, folder, data)
    if told:
        raise AssertionError(f"a warning on the terminal: {told[0].message}")
    return read


def _read(reader: Reader, folder: Path, data: bytes) -> bool:
    try:
        reader.read(folder, data)
    except reader.refusals as error:
        text = str(error)
        if "\n" in text.strip() or (reader.names and str(folder) not in text):
            raise AssertionError(f"a refusal of one line that names the file is expected: {text!r}") from error
        return False
    return True


def _code() -> bytes:
    return share_code.encode(np.linspace(-1, 1, 100), 0.7, MODEL).encode()


def _read_code(folder: Path, data: bytes) -> object:
    # With the right sum, so that what lies behind it is reached, and as it is.
    body = data[: len(data) // 2]
    whole = body + share_code.checksum(body).to_bytes(4, "big")
    for code in (data.decode("latin-1"), base64.urlsafe_b64encode(whole).decode().rstrip("=")):
        share_code.decode(code, MODEL, 100)
    return None


def _style() -> bytes:
    made = {"format": "impasto-style", "version": 1, "title": "waves", "model": f"fast {MODEL}"}
    return json.dumps({**made, "code": _code().decode()}).encode()


def _read_style(folder: Path, data: bytes) -> object:
    path = folder / "a.json"
    path.write_bytes(data)
    return styles.read_style(path, MODEL, 100)


def _manifest() -> bytes:
    return min((ROOT / "impasto" / "shipped").glob("**/manifest.json")).read_bytes()


def _read_manifest(folder: Path, data: bytes) -> object:
    (folder / "manifest.json").write_bytes(data)
    try:
        return exported.ExportedFolder.read(folder)
    except errors.ModelError as error:
        if "bytes, " not in str(error):  # the files themselves are not there
            raise
    return None


def _read_export(folder: Path, data: bytes) -> object:
    from export import manifest

    (folder / "manifest.json").write_bytes(data)
    try:
        return manifest.check_folder(folder)
    except manifest.ExportError as error:
        if "no such file" not in str(error):  # the files themselves are not there
            raise
    return None


def _refusals_of_exports() -> tuple[type[Exception], ...]:
    from export.manifest import ExportError

    return (ExportError,)


def _artefact() -> dict[str, bytes]:
    with zipfile.ZipFile(ROOT / "models" / "shipped" / "student.keras") as archive:
        return {name: archive.read(name) for name in archive.namelist() if name != "model.weights.h5"}


def _weights() -> bytes:
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        group = file.create_group("layers/dense/vars")
        group["0"], group["1"] = np.ones((3, 4), np.float16), np.zeros(4, np.float32)
    return buffer.getvalue()


def _read_artefact(folder: Path, data: bytes) -> object:
    """An archive; or, behind a first byte, one of its members, in an archive with the right sum."""
    from models import artefact, inspection

    path = folder / "a.keras"
    if not data[:1] or data[0] > 2:
        path.write_bytes(data)
        return artefact.read_card(path)
    if data[0] == 2:
        inspection.check_weights(data[1:])
        return None
    if data[0] == 1:
        inspection.check_config(data[1:])
        return None
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", b"{}")
        archive.writestr("model.weights.h5", b"")
        archive.writestr(artefact.CARD, data[1:])
    return artefact.read_card(path)


def _artefacts() -> list[bytes]:
    members = _artefact()
    card = json.dumps({"format": "impasto-stylizer", "version": 1, "checksum": "x"}).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in (("config.json", b"{}"), ("model.weights.h5", _weights()), ("card.json", card)):
            archive.writestr(name, data)
    return [buffer.getvalue(), b"\0" + card, b"\1" + members["config.json"][:20_000], b"\1{}", b"\2" + _weights()]


def _refusals_of_artefacts() -> tuple[type[Exception], ...]:
    from models.artefact import ArtefactError
    from models.inspection import HostileError

    return ArtefactError, HostileError


class _Three:
    name = "three"

    def __len__(self) -> int:
        return 3

    def key(self, index: int) -> str:
        return f"{index}.jpg"

    def load(self, index: int) -> np.ndarray:
        return np.zeros((4, 4, 3), np.uint8)

    describe = key


def _read_split(folder: Path, data: bytes) -> object:
    from datasets.combining import load_subset

    path = folder / "split.json"
    path.write_bytes(data)
    return len(load_subset(_Three(), path, "train"))


def _packed() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((2, 4, 4, 3), np.uint8))
    return buffer.getvalue()


def _read_packed(folder: Path, data: bytes) -> object:
    """An array, and behind a line of zeros its index."""
    from datasets.packed import PackedSource

    array, _, index = data.partition(b"\0\0\0\0index")
    (folder / "a.npy").write_bytes(array)
    (folder / "a.json").write_bytes(index)
    if not index:
        (folder / "a.json").unlink()
    source = PackedSource(folder / "a.npy")
    return [source.key(place) for place in range(min(len(source), 4))] + [source.load(0)] if len(source) else None


def _arrays() -> bytes:
    """What checkpoints, parts of a film and stopped descents are kept in."""
    buffer = io.BytesIO()
    write_arrays(buffer, {"told": json.dumps({"starts": [0]}), "mean": np.zeros((2, 3), np.float32)})
    return buffer.getvalue()


def _read_arrays(folder: Path, data: bytes) -> object:
    """An archive; or, behind a first byte, one array in it with the right sum."""
    path = folder / "a.npz"
    path.write_bytes(data)
    if data[:1] == b"\0":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("a.npy", data[1:])
    return sorted(read_arrays(path))


READERS: dict[str, Callable[[], Reader]] = {
    "code": lambda: Reader(_read_code, (errors.StyleError,), lambda: [_code()], names=False),
    "style": lambda: Reader(_read_style, (errors.StyleError,), lambda: [_style()]),
    "manifest": lambda: Reader(_read_manifest, (errors.ModelError, errors.ContractError), lambda: [_manifest()]),
    "export": lambda: Reader(_read_export, _refusals_of_exports(), lambda: [_manifest()]),
    "artefact": lambda: Reader(_read_artefact, _refusals_of_artefacts(), _artefacts, names=False),
    "split": lambda: Reader(
        _read_split, (ValueError,), lambda: [json.dumps({"train": ["0.jpg"], "val": ["1.jpg", "2.jpg"]}).encode()]
    ),
    "arrays": lambda: Reader(_read_arrays, (ValueError,), lambda: [_arrays(), b"\0" + _packed()], names=False),
    "packed": lambda: Reader(
        _read_packed, (ValueError,), lambda: [_packed(), _packed() + b'\0\0\0\0index{"names": ["a", "b"]}']
    ),
}


def main() -> None:
    """Runs one reader under atheris."""
    name, seconds = sys.argv[1], int([*sys.argv[2:], "600"][0])
    with atheris.instrument_imports(include=["models", "export"]):
        reader = READERS[name]()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        corpus = Path(scratch, "corpus")
        corpus.mkdir()
        for seed in reader.seeds():
            (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
        place = Path(scratch, "files")
        place.mkdir()

        def attempt(data: bytes) -> None:
            before = time.process_time()
            check(reader, place, data)
            assert (took := time.process_time() - before) < SLOWEST, f"it took {took:.0f} seconds"
            if time.process_time() > seconds:
                os.kill(os.getpid(), signal.SIGUSR1)  # libFuzzer ends, and tells how much it tried

        found = ROOT / "build" / "fuzz"  # the files that did harm
        found.mkdir(parents=True, exist_ok=True)
        limits = ["-timeout=3600", "-rss_limit_mb=2048", "-max_len=65536", f"-artifact_prefix={found}/{name}-"]
        atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", str(corpus)], attempt)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
