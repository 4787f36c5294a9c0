"""One file for a trained pair: a `.keras` archive that also holds its model card as `card.json`.

`keras.saving.load_model` reads it as any other `.keras` file; `load` here checks it first and says what is wrong.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np

import models.layers  # noqa: F401  registers the layers that the archive names
from impasto.contract import Preprocessing
from impasto.files import found_at, replacing
from models import inspection
from models.inspection import HostileError
from models.predictors import STYLE_SIZE
from models.preprocessing import preprocessing_of
from models.transformers import EMBEDDING_SIZE, size_multiple

log = logging.getLogger(__name__)

FORMAT = "impasto-stylizer"
VERSION = 1
CARD = "card.json"
CONFIG = "config.json"
METADATA = "metadata.json"
WEIGHTS = "model.weights.h5"
# What an archive can hold, and the layers its model then has. A transformer alone comes from published weights whose
# predictor was never published with them.
KINDS = {"stylizer": ("predictor", "transformer"), "transformer": ("transformer",)}


class ArtefactError(ValueError):
    """A file is not a whole Impasto artefact; the message says what was expected and what was found."""


def save(
    path: str | Path, model: keras.Model, card: dict[str, Any], *, weights_dtype: str = "float32"
) -> dict[str, Any]:
    """Writes the model and its card as one archive, atomically; returns the complete card.

    Args:
        path: Ends in `.keras`.
        model: Functional model with layers `predictor` and `transformer`, or `transformer` only (`transformer_alone`).
        card: Own entries (provenance, licence, figures).
        weights_dtype: "float32" or "float16", as stored.

    Raises:
        ValueError: the suffix is another, the dtype unknown, the model has no layer named `transformer`, or a weight
            is not finite.
        OSError: it cannot be written.
    """
    path = Path(path)
    layers = {layer.name for layer in model.layers}
    kind = next((kind for kind, names in KINDS.items() if layers.issuperset(names)), None)
    if kind is None:
        raise ValueError(f"an artefact's model has a layer named transformer. Received the layers: {sorted(layers)}")
    if path.suffix != ".keras":
        raise ValueError(f"an artefact's name ends in .keras. Received: {path}")
    if weights_dtype not in ("float32", "float16"):
        raise ValueError(f"weights_dtype must be float32 or float16. Received: {weights_dtype!r}")
    bad = [weight.path for weight in model.weights if not np.isfinite(keras.ops.convert_to_numpy(weight)).all()]
    if bad:
        raise ValueError(f"{path}: {len(bad)} arrays of weights are not finite, first {bad[0]}; nothing was written")
    with replacing(path, ".keras") as draft:
        model.save(draft)
        with zipfile.ZipFile(draft) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
        if weights_dtype == "float16":
            members[WEIGHTS] = _as_float16(members[WEIGHTS])
        _make_reproducible(members)
        block = _preprocessing(model, kind, {"style_size": STYLE_SIZE, **card})
        finished = {
            "format": FORMAT,
            "version": VERSION,
            "license": "Apache-2.0",
            **card,
            "style_size": block.style.short_side,
            "kind": kind,
            "preprocessing": block.to_json(),
            "value_range": [0, 1],
            "embedding_size": EMBEDDING_SIZE,
            "size_multiple": size_multiple(model.get_layer("transformer")),
            "parameters": {name: model.get_layer(name).count_params() for name in KINDS[kind]},
            "weights_dtype": weights_dtype,
            "checksum": _checksum(members),
        }
        _write(draft, members, finished)
    return finished


def complete(path: str | Path) -> dict[str, Any]:
    """Gives an artefact of before the entries that a card has today, atomically; returns the complete card.

    The networks stay as they are, byte for byte, and so does the checksum. A card that has them already stays too.

    Raises:
        ArtefactError: as `load`.
    """
    path = Path(path)
    kind = read_card(path).get("kind", "stylizer")
    _, card = load(path, kind=kind, quiet=True)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with replacing(path, ".keras") as draft:
        _write(draft, members, card)
    return card


def read_card(path: str | Path) -> dict[str, Any]:
    """The card of an artefact, after checking that the archive is whole and the checksum holds.

    Raises:
        ArtefactError: as `load`.
    """
    return _read(Path(path))[0]


def _read(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The card, and every member of the archive."""
    if not path.is_file():
        raise ArtefactError(f"{path}: expected an Impasto artefact (.keras), found {found_at(path)}")
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(set(archive.namelist()))
            missing = {CARD, CONFIG, WEIGHTS} - set(names)
            if missing:
                raise ArtefactError(
                    f"{path}: expected an archive with {CONFIG}, {WEIGHTS} and {CARD}, "
                    f"found {names[:8] or 'an empty one'}: {', '.join(sorted(missing))} missing"
                )
            members = inspection.members(archive)
    except ArtefactError:
        raise
    except HostileError as error:
        raise ArtefactError(f"{path}: refused: {error}") from error
    except inspection.UNZIPPING_ERRORS as error:
        raise ArtefactError(
            f"{path}: expected an Impasto artefact (.keras, a zip archive), found {_describe(path)} ({error})"
        ) from error
    try:
        card = json.loads(members[CARD])
    except (ValueError, RecursionError) as error:
        raise ArtefactError(f"{path}: {CARD} is not JSON: {error}") from error
    found = (card.get("format"), card.get("version")) if isinstance(card, dict) else (type(card).__name__, None)
    if found != (FORMAT, VERSION):
        raise ArtefactError(
            f"{path}: expected format {FORMAT!r} version {VERSION}, found {found[0]!r} version {found[1]}"
        )
    checksum = _checksum(members)
    if card.get("checksum") != checksum:
        raise ArtefactError(f"{path}: damaged: the card's checksum is {card.get('checksum')}, the content's {checksum}")
    return card, members


def transformer_alone(transformer: keras.Model) -> keras.Model:
    """A model that holds nothing but `transformer`, to `save` one that has no predictor."""
    content = keras.Input((None, None, 3), name="content")
    embedding = keras.Input((EMBEDDING_SIZE,), name="embedding")
    return keras.Model([content, embedding], transformer([content, embedding]), name="transformer_alone")


def load(path: str | Path, *, kind: str = "stylizer", quiet: bool = False) -> tuple[keras.Model, dict[str, Any]]:
    """Reads an artefact: `(model, card)`.

    An artefact of before the `preprocessing` block gets the one that its networks imply, and a sentence says so.

    Args:
        path: A file written by `save`.
        kind: What the caller needs: "stylizer" (layers `predictor` and `transformer`) or "transformer" (a layer
            `transformer`, which a stylizer has too).
        quiet: Say nothing of a missing `preprocessing` block.

    Raises:
        ArtefactError: no such file, no archive, a member missing, another format or version, a wrong checksum,
            a transformer alone where a stylizer is needed, or what models.inspection refuses.
    """
    card, members = _read(Path(path))
    found = card.get("kind", "stylizer")
    if kind == "stylizer" and found != "stylizer":
        raise ArtefactError(
            f"{path}: expected an artefact with a predictor and a transformer, found a {found} alone "
            f"({card.get('name', 'no name')}); pass embeddings to its transformer yourself, or another artefact"
        )
    if found not in KINDS:
        raise ArtefactError(f"{path}: {CARD}: expected a kind of {', '.join(KINDS)}, found {found!r}")
    try:
        inspection.check_config(members[CONFIG])
        with inspection.at_most(inspection.check_weights(members[WEIGHTS])):
            model = keras.saving.load_model(path, compile=False, safe_mode=True)
        _check_shapes(model, found, card)
    except HostileError as error:
        raise ArtefactError(f"{path}: refused: {error}") from error
    except Exception as error:  # whatever Keras says, the reader needs the file's name with it
        raise ArtefactError(f"{path}: Keras {keras.__version__} cannot read the networks: {error}") from error
    written = "preprocessing" in card
    try:
        block = _preprocessing(model, found, card).to_json()
        card["preprocessing"] = Preprocessing.from_json(block).to_json()
    except Exception as error:  # ContractError, or whatever networks lead to that are not ours
        raise ArtefactError(f"{path}: {CARD}: {error}") from error
    if not written and not quiet:
        log.warning(
            "%s: made before cards told how pictures are prepared (preprocessing); today's rules are taken, with what "
            "its networks imply. `python -m models complete %s` writes them into its card.",
            path, path,
        )  # fmt: skip
    return model, card


def _preprocessing(model: keras.Model, kind: str, card: dict[str, Any]) -> Preprocessing:
    """What the card's block says, and what the networks imply."""
    block = card.get("preprocessing")
    return preprocessing_of(
        model.get_layer("transformer"),
        model.get_layer("predictor") if kind == "stylizer" else None,
        style_size=card.get("style_size"),
        chosen=None if block is None else Preprocessing.from_json(block),
    )


def _check_shapes(model: keras.Model, kind: str, card: dict[str, Any]) -> None:
    """Refuses networks whose inputs, outputs or sizes are not what the format and the card say.

    Raises:
        HostileError: names the network.
    """
    picture, embedding = (None, None, None, 3), (None, EMBEDDING_SIZE)
    expected = {"predictor": ([picture], embedding), "transformer": ([picture, embedding], picture)}
    layers = {layer.name: layer for layer in model.layers}
    for name in KINDS[kind]:
        network = layers.get(name)
        if not isinstance(network, keras.Model):
            raise HostileError(f"{CONFIG}: expected a network named {name}, found {sorted(layers)}")
        shapes = [tuple(tensor.shape) for tensor in network.inputs], tuple(network.output_shape)
        if shapes != expected[name]:
            raise HostileError(f"{CONFIG}: expected the {name} to take and give {expected[name]}, found {shapes}")
        claimed = card.get("parameters", {}).get(name, network.count_params())
        if claimed != network.count_params():
            raise HostileError(f"{CARD} says {claimed} parameters of the {name}, it has {network.count_params()}")
    if card.get("embedding_size", EMBEDDING_SIZE) != EMBEDDING_SIZE:
        raise HostileError(f"{CARD}: expected embeddings of {EMBEDDING_SIZE}, found {card['embedding_size']!r}")


def _write(path: Path, members: dict[str, bytes], card: dict[str, Any]) -> None:
    """The archive of these members, with the card as one of them."""
    members = {**members, CARD: json.dumps(card, indent=2, ensure_ascii=False).encode()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            # A fixed date: the same weights give the same file, byte for byte.
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def _make_reproducible(members: dict[str, bytes]) -> None:
    """Takes the memory addresses, our module paths and the date that Keras writes out of the archive, in place."""
    # Keras marks policies and initializers that layers share by their address in memory. No weight is shared this way.
    members[CONFIG] = re.sub(rb', "shared_object_id": \d+', b"", members[CONFIG])
    # Keras finds our layers by their registered names; a path would tie the file to this layout for nothing.
    members[CONFIG] = re.sub(rb'"module": "models\.[a-z_.]+"', b'"module": null', members[CONFIG])
    metadata = json.loads(members[METADATA])
    metadata.pop("date_saved", None)
    members[METADATA] = json.dumps(metadata).encode()


def runs(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The runs that a card tells of by their checksums, ancestors first, oldest first, the artefact's own last."""
    own = dict(card.get("provenance", {}))
    found = {str(ancestor.get("checksum", ancestor)): ancestor for ancestor in own.pop("lineage", None) or []}
    return found | {card["checksum"]: {"name": card.get("name", ""), "checksum": card["checksum"], **own}}


def _checksum(members: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in (CONFIG, WEIGHTS):
        digest.update(members[name])
    return f"sha256:{digest.hexdigest()}"


def _as_float16(weights: bytes) -> bytes:
    """The HDF5 file with every float32 array stored as float16, shuffled and compressed."""
    target = io.BytesIO()
    with h5py.File(io.BytesIO(weights), "r") as source, h5py.File(target, "w") as copy:

        def copy_item(name: str, item: Any) -> None:
            if isinstance(item, h5py.Group):
                group = copy.require_group(name)
                group.attrs.update(item.attrs)
                return
            data = np.asarray(item)
            if data.dtype == np.float32:
                with np.errstate(over="ignore"):  # told in words below
                    data = data.astype(np.float16)
                if not np.all(np.isfinite(data)):
                    raise ValueError(f"{name} has values beyond float16's range; save it as float32")
            options = {"compression": "gzip", "shuffle": True} if data.ndim else {}
            copy.create_dataset(name, data=data, **options).attrs.update(item.attrs)

        source.visititems(copy_item)
        copy.attrs.update(source.attrs)
    return target.getvalue()


def _describe(path: Path) -> str:
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
    return f"{size} bytes starting {start!r}" if size else "an empty file"
