"""The formats that can be exported to, by name."""

from __future__ import annotations

from pathlib import Path

from export.format import Format
from export.litert import LiteRTFormat
from export.manifest import ExportError, Manifest
from export.onnx import OnnxFormat
from export.runtime import ExportedModel
from export.saved_model import SavedModelFormat
from export.tfjs import TfjsFormat

FORMATS: dict[str, Format] = {
    chosen.name: chosen for chosen in (TfjsFormat(), LiteRTFormat(), OnnxFormat(), SavedModelFormat())
}


def load_exported(folder: Path) -> ExportedModel:
    """Loads an exported folder into the runtime that its manifest names.

    Raises:
        ExportError: the folder is no whole export, or one for a runtime that is not known here.
    """
    runtime = Manifest.read(folder).runtime
    if runtime not in FORMATS:
        raise ExportError(f"{folder}: expected an export for one of {', '.join(FORMATS)}, found one for {runtime!r}")
    return FORMATS[runtime].load(folder)
