"""manifest.json: what an exported folder holds, for any runtime, and whether the folder still holds just that.

It holds what a runtime needs, in a few kilobytes, since a visitor of the page waits for it. The model card, which tells
the model's whole story, lies beside it as card.json.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from export.typed import fits, require_types
from impasto.console import one_line
from impasto.contract import Preprocessing
from impasto.earlier import from_version_2
from impasto.errors import ContractError, ModelError
from impasto.exported import painter_names, read_manifest
from impasto.files import is_below

log = logging.getLogger(__name__)

FORMAT = "impasto-export"
VERSION = 3
FILE_NAME = "manifest.json"
CARD_NAME = "card.json"

# The graphs of every export: what each takes and gives. Shapes are in export.networks.
GRAPHS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "predictor": (("style",), ("embedding",)),
    "conditioning": (("embedding",), ("conditioning",)),
    "transformer": (("content", "conditioning"), ("stylised", "affine")),
}

# What a transformer may take besides: statistics that are given, and their share (models.inference.whole_transformer).
GIVEN = ("given_affine", "given_share")


class ExportError(RuntimeError):
    """An export could not be made, or an exported folder is not what its manifest says; the message tells
    why."""


@dataclass(frozen=True)
class GraphEntry:
    """One graph.

    Attributes:
        model: Path of the file (or SavedModel folder) that the runtime loads, relative to the manifest.
        inputs: The runtime's own tensor name of every input.
        outputs: Likewise of every output.
        files: Every file of the graph: `path` relative to the manifest, `bytes`, `sha256`. The first one is the one
            to load first.
        affine_nodes: TensorFlow.js' transformer only: the `node`s that hold scale_1, shift_1, scale_2, ... in the
            order of the output `affine`, each with its `size`. Whoever feeds them gets tiles painted with given
            statistics.
    """

    model: str
    inputs: dict[str, str]
    outputs: dict[str, str]
    files: list[dict[str, Any]]
    affine_nodes: list[dict[str, Any]] | None = None


@dataclass(frozen=True)
class Parity:
    """How far the exported files, run by `runtime`, are from Keras on pictures in [0, 1].

    `max_abs_difference` and `mean_abs_difference` are of the stylised picture, style and content through all
    exported graphs, the worst of `sizes` ([height, width] each); `embedding_difference` is |e - k| / |k| of
    the embedding.
    """

    runtime: str
    max_abs_difference: float
    tolerance: float
    sizes: list[list[int]]
    mean_abs_difference: float
    mean_tolerance: float
    embedding_difference: float


@dataclass(frozen=True)
class Manifest:
    """The contract between an export and whatever runs it; `parity` is None where the export was not verified.

    Attributes:
        runtime: Name of a format of `export.registry`.
        conditioning_size: Numbers that one style becomes for the transformer: T.
        preprocessing: What happens to pixels before and after the graphs.
        card: Where the model card lies: `path` relative to the manifest, `bytes`, `sha256`. None in exports of before,
            which held the card itself.
        fingerprint: 16 hexadecimal digits that tell the style space from others, whatever the format: saved styles name
            it (export.style_space). None in exports of before: their files' checksums make one then.
        painters: Names of further painters of the same style space. Each has a manifest of its own in a folder of its
            name, whose paths are relative to this folder, so that the predictor is shared.
        styles: Names of the styles that the model has by number (`train style`); None, and no entry, for one of any.
    """

    runtime: str
    name: str
    precision: str
    embedding_size: int
    conditioning_size: int
    preprocessing: Preprocessing
    predictor: GraphEntry
    conditioning: GraphEntry
    transformer: GraphEntry
    parity: Parity | None
    card: dict[str, Any] | None
    license: str = "Apache-2.0"
    fingerprint: str | None = None
    painters: tuple[str, ...] = ()
    styles: list[str] | None = None
    format: str = FORMAT
    version: int = VERSION

    def graph(self, name: str) -> GraphEntry:
        """The entry of one of `GRAPHS`."""
        entry: GraphEntry = getattr(self, name)
        return entry

    def write(self, folder: Path) -> None:
        values = {**asdict(self), "preprocessing": self.preprocessing.to_json()}
        if self.styles is None:
            del values["styles"]
        text = json.dumps(values, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, painter: str | None = None) -> Manifest:
        """Reads `folder`/manifest.json, or that of one of its further painters; one of version 2 too, with a warning.

        Raises:
            ExportError: it is missing, no file, too large, not JSON, or of another format or version; the message
                names the file.
        """
        path = folder / (painter or "") / FILE_NAME
        try:
            values = read_manifest(path)
        except ModelError as error:
            raise ExportError(str(error)) from error
        found = (values.get("format"), values.get("version"))
        if found == (FORMAT, 2):
            log.warning(
                "%s: exported before manifests told how pictures are prepared (preprocessing); today's rules are "
                "taken, with the sizes that it names. Export the model again to have them written down.",
                path,
            )
            values, found = from_version_2(values), (FORMAT, VERSION)
        if found != (FORMAT, VERSION):
            raise ExportError(f"{path}: expected format {FORMAT!r} version {VERSION}, found {found[0]!r} {found[1]!r}")
        expected = {entry.name for entry in fields(cls)}
        if missing := expected - set(values) - {"fingerprint", "painters", "styles"}:
            raise ExportError(f"{path}: entries missing: {', '.join(sorted(missing))}")
        try:
            graphs = {name: GraphEntry(**values[name]) for name in GRAPHS}
            _require_files([file for graph in graphs.values() for file in graph.files])
            _require_files([values["card"]] if values["card"] is not None else [])
            parity = Parity(**values["parity"]) if values["parity"] else None
            block = Preprocessing.from_json(values["preprocessing"])
            made = {"parity": parity, "preprocessing": block, "painters": tuple(painter_names(values))}
            manifest = cls(**{**values, **graphs, **made})
            for part in (manifest, *graphs.values(), *([parity] if parity else [])):
                require_types(part)
            return manifest
        except ContractError as error:
            raise ExportError(f"{path}: {error}") from error
        except TypeError as error:
            raise ExportError(
                f"{path}: expected the entries of version {VERSION}, found others ({one_line(error)})"
            ) from error


def _require_files(entries: list[Any]) -> None:
    """Raises TypeError where one is no `path` inside the folder with its `bytes` and `sha256`."""
    for entry in entries:
        named = isinstance(entry, dict) and isinstance(entry.get("path"), str) and is_below(entry["path"])
        if not (named and fits(entry.get("bytes"), int) and isinstance(entry.get("sha256"), str)):
            raise TypeError(f"a file inside the folder, its bytes and sha256 were expected, not {str(entry)[:200]!r}")


def graph_entry(
    folder: Path,
    name: str,
    model: str,
    inputs: dict[str, str] | None = None,
    outputs: dict[str, str] | None = None,
    affine_nodes: list[dict[str, Any]] | None = None,
) -> GraphEntry:
    """The manifest's entry of the graph in `folder`/`name`, whose file to load is `folder`/`model`.

    Inputs and outputs map our names to the runtime's; without them the file calls its tensors by `GRAPHS`' own names.
    A transformer that is converted from `export.networks.networks(..., given=True)` has the inputs `GIVEN` besides.

    Raises:
        ExportError: the graph has other inputs or outputs than `GRAPHS` says.
    """
    expected = GRAPHS[name]
    inputs = {key: key for key in expected[0]} if inputs is None else inputs
    outputs = {key: key for key in expected[1]} if outputs is None else outputs
    found = (inputs, outputs)
    for kind, wanted, names in zip(("inputs", "outputs"), expected, found, strict=True):
        more = set(GIVEN) if (name, kind) == ("transformer", "inputs") else set()
        if set(names) not in (set(wanted), set(wanted) | more):
            raise ExportError(f"{folder / model}: expected the {kind} {sorted(wanted)}, found {sorted(names)}")
    paths = (path for path in (folder / name).rglob("*") if path.is_file())
    files = [
        file_entry(folder, path)
        # The model first: whoever reads the list in order knows the shards' names before they come.
        for path in sorted(paths, key=lambda path: (path != folder / model, path.as_posix()))
    ]
    return GraphEntry(model, inputs, outputs, files, affine_nodes)


def check_folder(folder: Path, runtime: str | None = None, painter: str | None = None) -> Manifest:
    """Reads the manifest and compares every file with it, and those of its further painters likewise.

    Args:
        folder: An exported folder.
        runtime: Which one the caller needs, a format's name; None takes any.
        painter: Which of the further painters' manifest is returned; None for the folder's own.

    Raises:
        ExportError: as `Manifest.read`, or the export is for another runtime, or has no such painter, or a file is
            missing, unlisted, or has another size or checksum.
    """
    manifest = Manifest.read(folder)
    if runtime is not None and manifest.runtime != runtime:
        raise ExportError(f"{folder / FILE_NAME}: expected an export for {runtime}, found one for {manifest.runtime}")
    if painter is not None and painter not in manifest.painters:
        raise ExportError(f"{folder / FILE_NAME}: expected the painter {painter}, found {manifest.painters or 'none'}")
    _check_files(folder, manifest, None)
    further = {name: Manifest.read(folder, name) for name in manifest.painters}
    for name, other in further.items():
        shared = (manifest.predictor, manifest.fingerprint, manifest.runtime)
        if (other.predictor, other.fingerprint, other.runtime) != shared:
            raise ExportError(f"{folder / name / FILE_NAME}: expected the predictor of {folder / FILE_NAME}")
        _check_files(folder, other, name)
    return further[painter] if painter is not None else manifest


def _check_files(folder: Path, manifest: Manifest, painter: str | None) -> None:
    for name in GRAPHS:
        listed = manifest.graph(name)
        for entry in listed.files:
            path = folder / entry["path"]
            expected = {key: entry[key] for key in ("bytes", "sha256")}
            try:
                found = _fingerprint(path) if path.is_file() else None
            except OSError as error:  # a name too long
                raise ExportError(f"{path}: expected {expected}, {one_line(error)}") from error
            if found != expected:
                raise ExportError(f"{path}: expected {expected}, found {found or 'no such file'}")
        # What belongs to a further painter lies in its folder, but for the predictor, which is compared by itself.
        place = "" if painter is None or name == "predictor" else f"{painter}/"
        model = listed.model.removeprefix(place)
        found_entry = graph_entry(folder / place, name, model, listed.inputs, listed.outputs, listed.affine_nodes)
        if moved(found_entry, place) != listed:
            raise ExportError(f"{folder / place / name}: holds other files than {FILE_NAME} lists")
    card = folder / (painter or "") / CARD_NAME
    if manifest.card is not None and not (card.is_file() and file_entry(folder, card) == manifest.card):
        raise ExportError(f"{card}: expected {manifest.card}, found another file or none")


def moved(entry: GraphEntry, place: str) -> GraphEntry:
    """The entry of a graph whose folder has been moved into the folder `place` ("" or ending in a slash)."""
    files = [{**file, "path": f"{place}{file['path']}"} for file in entry.files]
    return replace(entry, model=f"{place}{entry.model}", files=files)


def write_card(folder: Path, card: dict[str, Any]) -> dict[str, Any]:
    """Writes card.json; returns the manifest's entry."""
    path = folder / CARD_NAME
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    return file_entry(folder, path)


def file_entry(folder: Path, path: Path) -> dict[str, Any]:
    """What the manifest says of a file: `path` relative to it, `bytes`, `sha256`."""
    return {"path": path.relative_to(folder).as_posix(), **_fingerprint(path)}


def total_bytes(manifest: Manifest) -> int:
    """Bytes of all graphs: what a visitor of the page downloads."""
    return sum(entry["bytes"] for name in GRAPHS for entry in manifest.graph(name).files)


def _fingerprint(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
