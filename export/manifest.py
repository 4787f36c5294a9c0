"""manifest.json: what a TensorFlow.js export holds, and whether the folder still holds just that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

FORMAT = "impasto-tfjs"
VERSION = 1
FILE_NAME = "manifest.json"
PRECISIONS = ("float32", "float16", "uint8")
GRAPH_INPUTS = {"predictor": ("style",), "transformer": ("content", "embedding")}


class ExportError(RuntimeError):
    """An export could not be made, or an exported folder is not what its manifest says; the message tells
    why."""


@dataclass(frozen=True)
class GraphEntry:
    """One graph model: `model` and the file paths relative to the manifest, and its tensors' names."""

    model: str
    inputs: dict[str, str]
    output: str
    files: list[dict[str, Any]]


@dataclass(frozen=True)
class Parity:
    """How far the exported files, run by `runtime`, are from Keras on pictures in [0, 1].

    `max_abs_difference` and `mean_abs_difference` are of the stylised picture, style and content through both
    exported networks, the worst of `sizes` ([height, width] each); `embedding_difference` is |e - k| / |k| of
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
    """The contract between an export and the page; `parity` is None where the export was not verified."""

    name: str
    precision: str
    size_multiple: int
    embedding_size: int
    predictor: GraphEntry
    transformer: GraphEntry
    parity: Parity | None
    card: dict[str, Any]
    license: str = "Apache-2.0"
    style_size: int = 256
    value_range: list[float] = field(default_factory=lambda: [0, 1])
    format: str = FORMAT
    version: int = VERSION

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False, allow_nan=False)
        (folder / FILE_NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Reads `folder`/manifest.json.

        Raises:
            ExportError: it is missing, not JSON, or of another format or version; the message names the file.
        """
        path = folder / FILE_NAME
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ExportError(f"{path}: expected the manifest of an export, {error.strerror}") from error
        except ValueError as error:
            raise ExportError(f"{path}: expected the manifest of an export, found no JSON ({error})") from error
        found = (values.get("format"), values.get("version")) if isinstance(values, dict) else (None, None)
        if found != (FORMAT, VERSION):
            raise ExportError(f"{path}: expected format {FORMAT!r} version {VERSION}, found {found[0]!r} {found[1]!r}")
        missing = {entry.name for entry in fields(cls)} - set(values)
        if missing:
            raise ExportError(f"{path}: entries missing: {', '.join(sorted(missing))}")
        graphs = {name: GraphEntry(**values[name]) for name in GRAPH_INPUTS}
        parity = Parity(**values["parity"]) if values["parity"] else None
        return cls(**{**values, **graphs, "parity": parity})


def describe_graph(folder: Path, name: str) -> GraphEntry:
    """The manifest's entry of the converted model in `folder`/`name`, tensor names taken from its signature.

    Raises:
        ExportError: the model has other inputs than the page feeds, or not exactly one output.
    """
    model = folder / name / "model.json"
    signature = json.loads(model.read_text(encoding="utf-8"))["signature"]
    inputs = {key: entry["name"] for key, entry in signature["inputs"].items()}
    if set(inputs) != set(GRAPH_INPUTS[name]):
        raise ExportError(f"{model}: expected the inputs {GRAPH_INPUTS[name]}, found {sorted(inputs)}")
    outputs = [entry["name"] for entry in signature["outputs"].values()]
    if len(outputs) != 1:
        raise ExportError(f"{model}: expected one output, found {outputs}")
    files = [
        {"path": path.relative_to(folder).as_posix(), **_fingerprint(path)}
        # The model first: whoever reads the list in order knows the shards' names before they come.
        for path in sorted(model.parent.iterdir(), key=lambda path: (path != model, path.name))
    ]
    return GraphEntry(model=f"{name}/model.json", inputs=inputs, output=outputs[0], files=files)


def check_folder(folder: Path) -> Manifest:
    """Reads the manifest and compares every file with it, and every graph's tensor names.

    Raises:
        ExportError: as `Manifest.read`, or a file is missing, has another size or checksum, or names other
            tensors.
    """
    manifest = Manifest.read(folder)
    for name in GRAPH_INPUTS:
        listed: GraphEntry = getattr(manifest, name)
        for entry in listed.files:
            path = folder / entry["path"]
            expected = {key: entry[key] for key in ("bytes", "sha256")}
            found = _fingerprint(path) if path.is_file() else None
            if found != expected:
                raise ExportError(f"{path}: expected {expected}, found {found or 'no such file'}")
        if describe_graph(folder, name) != listed:
            raise ExportError(f"{folder / name}: files or tensor names differ from what {FILE_NAME} lists")
    return manifest


def total_bytes(manifest: Manifest) -> int:
    """Bytes that a visitor downloads for both networks."""
    return sum(entry["bytes"] for name in GRAPH_INPUTS for entry in getattr(manifest, name).files)


def _fingerprint(path: Path) -> dict[str, Any]:
    data = path.read_bytes()
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
