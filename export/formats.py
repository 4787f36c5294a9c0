"""What can be exported to: for every runtime its precisions, its converter, and how its exports are run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from export import litert, onnx, saved_model, tfjs
from export.litert_runtime import LiteRTModel
from export.manifest import GraphEntry, Manifest
from export.onnx_runtime import OnnxModel
from export.runtime import ExportedModel
from export.saved_model_runtime import SavedModel
from export.tfjs_runtime import TfjsModel

if TYPE_CHECKING:
    from models.stylizer import Stylizer


@dataclass(frozen=True)
class Format:
    """One runtime.

    Attributes:
        precisions: The first is the default.
        convert: Writes every graph of an artefact into an empty folder, at a precision; returns the manifest's entries.
        load: Loads an exported folder.
    """

    precisions: tuple[str, ...]
    convert: Callable[[Stylizer, Path, str], dict[str, GraphEntry]]
    load: Callable[[Path], ExportedModel]


FORMATS = {
    "tfjs": Format(tfjs.PRECISIONS, tfjs.convert, TfjsModel),
    "litert": Format(litert.PRECISIONS, litert.convert, LiteRTModel),
    "onnx": Format(onnx.PRECISIONS, onnx.convert, OnnxModel),
    "saved_model": Format(saved_model.PRECISIONS, saved_model.convert, SavedModel),
}


def load_exported(folder: Path) -> ExportedModel:
    """Loads an exported folder into the runtime that its manifest names.

    Raises:
        ExportError: the folder is no whole export.
    """
    return FORMATS[Manifest.read(folder).runtime].load(folder)
