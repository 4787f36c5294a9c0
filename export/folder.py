"""Writing an exported folder: graphs, manifest and proof, published as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export import style_space
from export.format import Format
from export.manifest import FILE_NAME, Manifest, check_folder, write_card
from export.painters import join
from export.publish import publish

if TYPE_CHECKING:
    from models.stylizer import Stylizer

# Takes the folder of the draft and its manifest, returns the manifest to publish; raises ExportError to
# refuse.
Check = Callable[[Path, Manifest], Manifest]


def write_export(
    stylizer: Stylizer,
    out: Path,
    chosen: Format,
    *,
    name: str,
    precision: str = "float32",
    check: Check | None = None,
    painters: Mapping[str, Path] | None = None,
) -> Manifest:
    """Writes `out`/predictor, `out`/conditioning, `out`/transformer, `out`/manifest.json and `out`/card.json,
    replacing an earlier export as a whole.

    Everything is made and checked beside `out` and moved into place at the end (export.publish), so that
    `out` holds a whole export at any time.

    Args:
        stylizer: The artefact.
        out: Folder; must be absent, empty, or an earlier export.
        chosen: Of `export.registry`.
        name: For the manifest, where the model card has none.
        precision: One of the format's.
        check: Called with the finished draft (export.verify); without one the manifest's parity is null.
        painters: Exports of artefacts with the same predictor, by name: their transformers join this one's folder.

    Returns:
        The manifest as written.

    Raises:
        ExportError: `out` holds something else, the networks cannot be converted, `check` refused, or a painter has
            another predictor.
        ValueError: the format has no such precision.
    """
    if precision not in chosen.precisions:
        raise ValueError(f"precision for {chosen.name} must be one of {chosen.precisions}. Received: {precision!r}")

    def fill(draft: Path) -> Manifest:
        manifest = _manifest(stylizer, draft, chosen.convert(stylizer, draft, precision), chosen.name, name, precision)
        if check is not None:
            manifest.write(draft)  # the runtime loads the draft through it
            manifest = check(draft, manifest)
        for painter, folder in (painters or {}).items():
            manifest = join(draft, manifest, painter, folder)
        manifest.write(draft)
        return check_folder(draft, chosen.name)

    return publish(out, fill, marker=FILE_NAME)


def _manifest(
    stylizer: Stylizer, folder: Path, graphs: dict[str, Any], runtime: str, name: str, precision: str
) -> Manifest:
    from impasto.contract import Preprocessing
    from models.inference import conditioning_size
    from models.preprocessing import preprocessing_of

    card = stylizer.card
    block = card.get("preprocessing")
    preprocessing = preprocessing_of(
        stylizer.transformer,
        stylizer.predictor,
        style_size=stylizer.style_size,
        chosen=None if block is None else Preprocessing.from_json(block),
    )
    return Manifest(
        runtime=runtime,
        name=card.get("name") or name,
        precision=precision,
        embedding_size=stylizer.predictor.output_shape[-1],
        conditioning_size=conditioning_size(stylizer.transformer),
        preprocessing=preprocessing,
        license=card.get("license") or "Apache-2.0",
        fingerprint=_fingerprint(stylizer),
        styles=[style["name"] for style in card["styles"]] if card.get("styles") else None,
        parity=None,
        card=write_card(folder, {**card, "preprocessing": preprocessing.to_json()}),
        **graphs,
    )


def _fingerprint(stylizer: Stylizer) -> str:
    """Of the style space; of a model of a few styles the artefact's: its predictor may be a constant like another's."""
    checksum = stylizer.card.get("checksum")
    if stylizer.card.get("styles") and checksum:
        return str(checksum).partition(":")[2][:16]
    return style_space.fingerprint(stylizer.predictor)
