"""An artefact exported and proven, with further painters of its style space in the same folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from export.format import Format
from export.manifest import Manifest


def write_proven(
    model: Path,
    out: Path,
    chosen: Format,
    *,
    name: str,
    precision: str,
    painters: Mapping[str, Path] | None = None,
    photo: Path | None = None,
    painting: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    verify: bool = True,
    report: Callable[[str], None] = print,
) -> Manifest:
    """Writes `out` as `export.folder.write_export` does, after the proof of every painter.

    Args:
        model: The artefact.
        out: Folder: absent, empty, or an earlier export.
        chosen: Of `export.registry`.
        name: For the manifest, where the model card has none.
        precision: One of the format's.
        painters: Artefacts with the same style predictor, by the names that they get in the folder.
        photo, painting: To prove it with; None for those of scikit-image.
        settings: For loading what is written.
        verify: Whether to run it, and to compare it with Keras.
        report: Told one line a proof.

    Raises:
        ExportError: as `write_export`.
    """
    from export.folder import write_export
    from export.verify import verifier
    from models.stylizer import Stylizer

    def write(artefact: Path, folder: Path, called: str, joining: Mapping[str, Path]) -> Manifest:
        stylizer: Stylizer = Stylizer.load(artefact)
        load = partial(chosen.load, **(settings or {}))
        check = verifier(stylizer, photo, painting, load, report) if verify else None
        return write_export(stylizer, folder, chosen, name=called, precision=precision, check=check, painters=joining)

    with tempfile.TemporaryDirectory(prefix="impasto-painters-") as scratch:
        further = {painter: Path(scratch, painter) for painter in painters or {}}
        for painter, folder in further.items():
            write((painters or {})[painter], folder, painter, {})
        return write(model, out, name, further)
