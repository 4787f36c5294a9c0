"""An exported folder as impasto's own runtimes need it: which files to load, the names in them, and the contract."""

from __future__ import annotations

import hashlib
import importlib.metadata
import math
import os
import stat
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from impasto.console import one_line
from impasto.contract import Preprocessing
from impasto.earlier import from_version_2
from impasto.errors import ContractError, ModelError
from impasto.files import is_below
from impasto.text_files import read_json

FORMAT = "impasto-export"
FILE_NAME = "manifest.json"
GRAPHS = ("predictor", "conditioning", "transformer")
# More than any export has: what is larger was made to fill a memory.
_MOST_MANIFEST = 2**24
_MOST_NUMBERS = 2**16
_LONGEST_NAME = 300
_MOST_BYTES = 2**31


@dataclass(frozen=True)
class Graph:
    """One graph: its file, and the runtime's own name of every input and output."""

    file: Path
    inputs: dict[str, str]
    outputs: dict[str, str]


@dataclass(frozen=True)
class ExportedFolder:
    """What `python -m export` wrote.

    Attributes:
        folder: Where it lies.
        runtime: "litert", "onnx", or one that is not for this package.
        name: Of the model.
        precision: How weights are stored.
        preprocessing: The contract.
        graphs: By name.
        fingerprint: 16 hexadecimal digits that tell its style space from others: embeddings of one mean nothing to
            another.
        embedding_size: Numbers of an embedding: E.
        conditioning_size: Numbers that one style becomes for the transformer: T.
        licence: Of the weights.
        styles: Names of the styles that it has by number, where it was made for a few; none of a model of any style.
    """

    folder: Path
    runtime: str
    name: str
    precision: str
    preprocessing: Preprocessing
    graphs: dict[str, Graph]
    fingerprint: str
    embedding_size: int
    conditioning_size: int
    licence: str
    styles: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: str | Path, painter: str | None = None) -> ExportedFolder:
        """Reads `folder`/manifest.json, and compares every file with its checksum there.

        Args:
            folder: What `python -m export` wrote.
            painter: One of its further painters (`painters_of`), whose manifest lies in a folder of its name.

        Raises:
            ModelError: the folder is no whole export of a version that is known; names the file.
        """
        place = Path(folder)
        path = place / (painter or "") / FILE_NAME
        values = read_manifest(path)
        version = values.get("version")
        if values.get("format") != FORMAT or version not in (2, 3):
            raise ModelError(
                f"{path}: expected format {FORMAT!r} version 2 or 3, found {values.get('format')!r} {version!r}"
            )
        if version == 2:
            warnings.warn(
                f"{path}: exported before manifests told how pictures are prepared; today's rules are taken, with the "
                "sizes that it names. Export the model again to have them written down.",
                stacklevel=3,
            )
        try:
            if version == 2:
                values = from_version_2(values)
            files = [entry for graph in GRAPHS for entry in values[graph]["files"]]
            for entry in files:
                _inside(entry["path"], path)
                _size(entry, "bytes", path, _MOST_BYTES)
            graphs = {graph: _graph(values[graph], graph, place, path) for graph in GRAPHS}
            read = cls(
                folder=place,
                runtime=values["runtime"],
                name=values["name"],
                precision=values["precision"],
                preprocessing=Preprocessing.from_json(values["preprocessing"], str(path)),
                graphs=graphs,
                fingerprint=values.get("fingerprint") or _mixed([entry["sha256"] for entry in files]),
                embedding_size=_size(values, "embedding_size", path),
                conditioning_size=_size(values, "conditioning_size", path),
                licence=values["license"],
                styles=_styles(values.get("styles"), values["embedding_size"], path),
            )
            words = (read.runtime, read.name, read.precision, read.fingerprint, read.licence)
            if not all(isinstance(word, str) for word in words):
                raise TypeError(f"words expected, found {words}")
        except (ModelError, ContractError):
            raise
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise ModelError(f"{path}: expected the entries of version {version}, found others ({error!r})") from error
        for entry in files:
            _check(place / entry["path"], entry)
        return read

    def feeds(self, graph: str, arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What a graph is fed: `arrays`; a transformer also which statistics are given (`given_affine`), or none.

        Raises:
            ModelError: statistics are given, and the export is too old to take them.
        """
        feeds = {name: np.ascontiguousarray(array, np.float32) for name, array in arrays.items()}
        if graph == "transformer":
            given = feeds.get("given_affine")
            if "given_affine" in self.graphs[graph].inputs:
                feeds.setdefault("given_share", np.full(1, given is not None, np.float32))
                feeds.setdefault("given_affine", np.zeros((1, self.conditioning_size), np.float32))
            elif given is not None:
                raise ModelError(
                    f"{self.folder}: exported before large pictures could be painted with it, in tiles, and films; "
                    "export the model again"
                )
        return feeds

    def answers(self, graph: str, arrays: dict[str, np.ndarray], feeds: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What a graph gave, after a look at it: of the shape that the manifest says, and numbers.

        Raises:
            ModelError: another shape, or numbers that are not finite (of weights that are not); names the file.
        """
        expected = {"embedding": (1, self.embedding_size), "conditioning": (1, self.conditioning_size)}
        if "content" in feeds:
            expected["stylised"] = feeds["content"].shape
        for name, array in arrays.items():
            shape = expected.get(name, array.shape)
            if array.shape != shape:
                raise ModelError(
                    f"{self.graphs[graph].file}: expected {name} of the shape {shape}, as {FILE_NAME} says, "
                    f"found {array.shape}"
                )
            if not math.isfinite(float(np.sum(array, dtype=np.float64))):
                raise ModelError(
                    f"{self.graphs[graph].file}: gave {name} that are not finite numbers; its weights are "
                    "damaged, or were made so"
                )
        return arrays

    def failed(self, graph: str, error: Exception) -> ModelError:
        """What is raised where a runtime cannot load or run a graph."""
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        return ModelError(f"{self.graphs[graph].file}: {self.runtime} cannot run it: {reason}")


def painters_of(folder: Path) -> list[str]:
    """Names of an export's further painters, which share its predictor; empty in most.

    Raises:
        ModelError: there is no manifest, or it names none as it should.
    """
    path = folder / FILE_NAME
    try:
        return painter_names(read_manifest(path))
    except TypeError as error:
        raise ModelError(f"{path}: {error}") from error


def painter_names(manifest: dict[str, Any]) -> list[str]:
    """The same of a manifest's entries; raises TypeError where they are no names, which are folders too."""
    found = manifest.get("painters") or []
    if not (isinstance(found, list) and all(isinstance(name, str) and name.isidentifier() for name in found)):
        raise TypeError(f"expected painters as a list of names, found {found!r}")
    return found


def installed_version(distribution: str) -> str:
    """The version of an installed distribution; "" where it goes by another name."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def read_manifest(path: Path) -> dict[str, Any]:
    """The entries of a manifest as they are there, whatever their format and version.

    Raises:
        ModelError: it is missing, too large, no file, or no JSON object; the message names it.
    """
    expected = "the manifest of an exported model"
    try:
        size = _regular(path)
        if size > _MOST_MANIFEST:
            raise ModelError(f"{path}: expected {expected}, found {size:,} bytes")
        return read_json(path, expected)
    except OSError as error:
        raise ModelError(f"{path}: expected {expected}, {one_line(error)}") from error
    except ModelError:
        raise
    except ValueError as error:
        raise ModelError(str(error)) from error


def _mixed(checksums: list[str]) -> str:
    """The first 16 digits of all checksums, put together by exclusive or, as the page did before version 3."""
    mixed = 0
    for checksum in checksums:
        mixed ^= int(checksum[:16], 16)
    return f"{mixed:016x}"


def _graph(values: dict[str, Any], name: str, folder: Path, manifest: Path) -> Graph:
    model, inputs, outputs = values["model"], values["inputs"], values["outputs"]
    if model not in [entry["path"] for entry in values["files"]]:
        raise ModelError(
            f"{manifest}: {name}: expected a model among its files, whose checksums are known, found {model!r}"
        )
    for names in (inputs, outputs):
        if not all(isinstance(word, str) for pair in names.items() for word in pair):
            raise TypeError(f"names expected, found {names}")
    return Graph(folder / model, inputs, outputs)


def _inside(name: str, manifest: Path) -> None:
    if not is_below(name):
        raise ModelError(f"{manifest}: expected names of files inside its folder, found {name!r}")


def _size(values: dict[str, Any], name: str, manifest: Path, most: int = _MOST_NUMBERS) -> int:
    found = values[name]
    if type(found) is not int or not 1 <= found <= most:
        raise ModelError(f"{manifest}: expected {name} of 1 to {most}, found {found!r}")
    return found


def _styles(found: Any, most: int, path: Path) -> tuple[str, ...]:
    """The names of a model's own styles, all different and none empty."""
    names = [] if found is None else found
    if not (
        isinstance(names, list)
        and len(names) <= most
        and all(isinstance(name, str) and 0 < len(name) <= _LONGEST_NAME for name in names)
        and len(set(names)) == len(names)
    ):
        raise ModelError(f"{path}: expected styles to be at most {most} different names, found {str(found)[:200]}")
    return tuple(names)


def _regular(path: Path) -> int:
    """The bytes of a file; a device or a pipe, which has no end, is none."""
    found = os.stat(path)
    if not stat.S_ISREG(found.st_mode):
        raise ModelError(f"{path}: expected a file, found something else")
    return found.st_size


def _check(path: Path, entry: dict[str, Any]) -> None:
    try:
        size = _regular(path)
        # The size first: what is larger is not read at all.
        data = path.read_bytes() if size == entry["bytes"] else b""
    except OSError as error:
        raise ModelError(f"{path}: expected {entry['bytes']} bytes, {one_line(error)}") from error
    if size != entry["bytes"] or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ModelError(
            f"{path}: expected {entry['bytes']} bytes with the checksum in {FILE_NAME}, found {size} bytes that "
            "are not those"
        )
