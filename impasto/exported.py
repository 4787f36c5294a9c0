"""An exported folder as impasto's own runtimes need it: which files to load, the names in them, and the contract."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from impasto.contract import Preprocessing
from impasto.earlier import from_version_2
from impasto.errors import ModelError

FORMAT = "impasto-export"
FILE_NAME = "manifest.json"
GRAPHS = ("predictor", "conditioning", "transformer")


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
        fingerprint: 16 hexadecimal digits that tell this model from others: embeddings of one mean nothing to another.
        embedding_size: Numbers of an embedding: E.
        conditioning_size: Numbers that one style becomes for the transformer: T.
        licence: Of the weights.
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

    @classmethod
    def read(cls, folder: str | Path) -> ExportedFolder:
        """Reads `folder`/manifest.json, and compares every file with its checksum there.

        Raises:
            ModelError: the folder is no whole export of a version that is known; names the file.
        """
        place = Path(folder)
        path = place / FILE_NAME
        values = _json(path)
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
            values = from_version_2(values)
        try:
            files = [entry for graph in GRAPHS for entry in values[graph]["files"]]
            graphs = {
                graph: Graph(place / values[graph]["model"], values[graph]["inputs"], values[graph]["outputs"])
                for graph in GRAPHS
            }
            read = cls(
                folder=place,
                runtime=values["runtime"],
                name=values["name"],
                precision=values["precision"],
                preprocessing=Preprocessing.from_json(values["preprocessing"], str(path)),
                graphs=graphs,
                fingerprint=values.get("fingerprint") or _mixed([entry["sha256"] for entry in files]),
                embedding_size=int(values["embedding_size"]),
                conditioning_size=int(values["conditioning_size"]),
                licence=values["license"],
            )
        except (KeyError, TypeError) as error:
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


def installed_version(distribution: str) -> str:
    """The version of an installed distribution; "" where it goes by another name."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(f"{path}: expected the manifest of an exported model, {error.strerror}") from error
    except ValueError as error:
        raise ModelError(f"{path}: expected the manifest of an exported model, found no JSON ({error})") from error
    if not isinstance(values, dict):
        raise ModelError(f"{path}: expected the manifest of an exported model, found other JSON")
    return values


def _mixed(checksums: list[str]) -> str:
    """The first 16 digits of all checksums, put together by exclusive or, as the page did before version 3."""
    mixed = 0
    for checksum in checksums:
        mixed ^= int(checksum[:16], 16)
    return f"{mixed:016x}"


def _check(path: Path, entry: dict[str, Any]) -> None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: expected {entry['bytes']} bytes, {error.strerror}") from error
    if len(data) != entry["bytes"] or hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ModelError(
            f"{path}: expected {entry['bytes']} bytes with the checksum in {FILE_NAME}, found {len(data)} bytes that "
            "are not those"
        )
