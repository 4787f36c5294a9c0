"""The formats that can be exported to, by name."""

from __future__ import annotations

from pathlib import Path

from export.format import Format
from export.litert import LiteRTFormat
from export.manifest import ExportError, Manifest
from export.onnx import OnnxFormat
from export.saved_model import SavedModelFormat
from export.tfjs import TfjsFormat
from impasto.stylizer import Stylizer

FORMATS: dict[str, Format] = {
    chosen.name: chosen for chosen in (TfjsFormat(), LiteRTFormat(), OnnxFormat(), SavedModelFormat())
}


def load_exported(folder: Path) -> Stylizer:
    """impasto's Stylizer over an exported folder, in the runtime that its manifest names.

    Raises:
        ExportError: the folder is no whole export, or one for a runtime that is not known here.
    """
    manifest = Manifest.read(folder)
    runtime = manifest.runtime
    if runtime not in FORMATS:
        raise ExportError(f"{folder}: expected an export for one of {', '.join(FORMATS)}, found one for {runtime!r}")
    return Stylizer(FORMATS[runtime].load(folder), manifest.preprocessing)
