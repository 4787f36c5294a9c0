"""Several painters in one exported folder: one style space, one predictor, a transformer each."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from export.manifest import CARD_NAME, ExportError, Manifest, check_folder, file_entry, moved

# What belongs to a painter alone. The predictor is the folder's.
_OWN = ("conditioning", "transformer")


def join(folder: Path, manifest: Manifest, name: str, other: Path) -> Manifest:
    """Copies another export's transformer into `folder`/`name`, with a manifest whose predictor is that of `folder`.

    Args:
        folder: A whole export, but for its manifest perhaps.
        manifest: Its manifest.
        name: Of the painter, in the manifest and as a folder.
        other: An export for the same runtime, of an artefact with the same predictor.

    Returns:
        The manifest of `folder`, which names the painter.

    Raises:
        ExportError: the other export has another predictor or is for another runtime, or the name is taken.
    """
    if not name.isidentifier() or (folder / name).exists():
        raise ExportError(f"expected a painter's name that is a word and not taken, received {name!r}")
    found = check_folder(other, manifest.runtime)
    if found.fingerprint != manifest.fingerprint:
        raise ExportError(
            f"the painter {name} has another style predictor (style space {found.fingerprint}) than the first "
            f"({manifest.fingerprint}): painters in one folder share one, so that a style means the same to all"
        )
    place = folder / name
    for graph in _OWN:
        shutil.copytree(other / graph, place / graph)
    shutil.copyfile(other / CARD_NAME, place / CARD_NAME)
    card = file_entry(folder, place / CARD_NAME)
    conditioning, transformer = (moved(found.graph(graph), f"{name}/") for graph in _OWN)
    own = replace(found, predictor=manifest.predictor, conditioning=conditioning, transformer=transformer)
    replace(own, card=card, painters=()).write(place)
    return replace(manifest, painters=(*manifest.painters, name))
