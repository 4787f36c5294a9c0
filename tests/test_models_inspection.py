"""Artefacts that were made to do harm: each is a real file, its checksum right, and is refused with the reason."""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest

from models import artefact, inspection
from models.artefact import ArtefactError

CONFIG, WEIGHTS, CARD = "config.json", "model.weights.h5", "card.json"


@pytest.fixture(scope="module")
def members(tiny_artefact: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(tiny_artefact) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forged(path: Path, members: dict[str, bytes], changed: dict[str, bytes], **card: Any) -> Path:
    """An archive with members changed whose card tells their checksum, as whoever means harm would write it."""
    whole = {**members, **changed}
    if CARD not in changed:
        digest = hashlib.sha256(whole[CONFIG] + whole[WEIGHTS]).hexdigest()
        whole[CARD] = json.dumps(json.loads(members[CARD]) | {"checksum": f"sha256:{digest}"} | card).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    return path


def with_layer(members: dict[str, bytes], layer: dict[str, Any]) -> bytes:
    """The configuration with one more layer in its predictor."""
    config = json.loads(members[CONFIG])
    predictor = next(one for one in config["config"]["layers"] if one["config"]["name"] == "predictor")
    predictor["config"]["layers"].append(layer)
    return json.dumps(config).encode()


def refused(path: Path, reason: str) -> None:
    with pytest.raises(ArtefactError, match=rf"{path.name}: refused: .*{reason}"):
        artefact.load(path)


def weights_with(members: dict[str, bytes], change: Callable[[h5py.File], None]) -> bytes:
    buffer = io.BytesIO(members[WEIGHTS])
    with h5py.File(buffer, "r+") as file:
        change(file)
    return buffer.getvalue()


def first_array(file: h5py.File) -> h5py.Dataset:
    found: list[h5py.Dataset] = []
    file.visititems(lambda _, item: found.append(item) if isinstance(item, h5py.Dataset) else None)
    return next(array for array in found if array.ndim == 4)


class Pickled:
    """Makes a folder when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.marker),)


def test_code_of_a_lambda_layer_never_runs(members: dict[str, bytes], tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    code = eval(f"lambda x: (__import__('pathlib').Path({str(marker)!r}).touch(), x)[1]")
    inputs = keras.Input((2,))
    keras.Model(inputs, keras.layers.Lambda(code)(inputs)).save(tmp_path / "lambda.keras")
    marker.unlink()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        keras.saving.load_model(tmp_path / "lambda.keras", safe_mode=False)
    assert marker.exists()  # the file does harm where nobody looks at it
    marker.unlink()
    with zipfile.ZipFile(tmp_path / "lambda.keras") as archive:
        config = archive.read(CONFIG)
    path = forged(tmp_path / "code.keras", members, {CONFIG: config})
    keras.config.enable_unsafe_deserialization()  # as somebody's notebook may have left it
    try:
        refused(path, "found '(Lambda|__lambda__)'")
    finally:
        keras.src.backend.common.global_state.set_global_attribute("safe_mode_saving", None)
    assert not marker.exists()


@pytest.mark.parametrize(
    ("module", "name", "config"),
    [
        ("keras.layers", "TFSMLayer", {"filepath": "/tmp/saved_model"}),
        ("keras.layers", "TorchModuleWrapper", {"module": "gASVAAAA"}),
        ("keras.layers", "StringLookup", {"vocabulary": "/etc/passwd"}),
        ("keras.utils", "get_file", {"fname": "x", "origin": "http://localhost/"}),
        ("builtins", "function", "eval"),
        ("os", "system", {"command": "true"}),
        ("keras.layers", "Lambda", {"function": {"class_name": "__lambda__", "config": {"code": "4wEA"}}}),
    ],
)
def test_classes_that_run_or_read_are_refused(
    module: str, name: str, config: Any, members: dict[str, bytes], tmp_path: Path
) -> None:
    layer = {"module": module, "class_name": name, "config": config, "registered_name": None}
    changed = with_layer(members, layer)
    refused(forged(tmp_path / "class.keras", members, {CONFIG: changed}), "which is not one of them and is not loaded")


@pytest.mark.parametrize(
    "layer",
    [
        {"class_name": "Dense", "config": {}},  # Keras 2's form, which other rules read
        {"module": "keras.layers", "class_name": "Dense", "registered_name": "x>Evil", "config": {}},
        {"module": None, "class_name": "ReflectionPad2D", "registered_name": "impasto>StyleHeads", "config": {}},
        {"module": "keras.layers", "class_name": ["Dense"], "config": {}},
    ],
)
def test_a_known_name_in_another_form_is_refused(
    layer: dict[str, Any], members: dict[str, bytes], tmp_path: Path
) -> None:
    refused(forged(tmp_path / "form.keras", members, {CONFIG: with_layer(members, layer)}), "is not loaded")


@pytest.mark.parametrize("member", [CONFIG, WEIGHTS, CARD])
def test_a_pickle_in_any_place_is_not_unpickled(member: str, members: dict[str, bytes], tmp_path: Path) -> None:
    marker = tmp_path / "unpickled"
    path = forged(tmp_path / "pickle.keras", members, {member: pickle.dumps(Pickled(marker))})
    with pytest.raises(ArtefactError, match=r"is not JSON|is no HDF5 file"):
        artefact.load(path)
    path.write_bytes(pickle.dumps(Pickled(marker)))
    with pytest.raises(ArtefactError, match="expected an Impasto artefact"):
        artefact.load(path)
    assert not marker.exists()


def test_names_that_climb_out_and_members_of_others_are_refused(members: dict[str, bytes], tmp_path: Path) -> None:
    for name in ("../../climbed.txt", "/tmp/climbed.txt", "assets/vocabulary.txt", "model.weights.npz"):
        path = forged(tmp_path / "names.keras", members, {name: b"x"})
        refused(path, "expected no members but config.json")
    assert not list(tmp_path.parent.rglob("climbed.txt"))
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, data in [*members.items(), (CONFIG, b"{}")]:
            archive.writestr(name, data)
    refused(path, "config.json twice")


def test_bombs_are_refused_before_they_unpack(members: dict[str, bytes], tmp_path: Path) -> None:
    zipped = forged(tmp_path / "bomb.keras", members, {CONFIG: b" " * 2**26})
    assert zipped.stat().st_size < 2**20

    unbounded = tmp_path / "method.keras"
    with zipfile.ZipFile(unbounded, "w", zipfile.ZIP_LZMA) as archive:
        for name, data in members.items():
            archive.writestr(name, data)

    def swell(file: h5py.File) -> None:
        file.create_dataset("layers/zeros", shape=(2**30,), dtype="f4", chunks=(2**20,), compression="gzip")

    claimed = forged(tmp_path / "arrays.keras", members, {WEIGHTS: weights_with(members, swell)})
    tracemalloc.start()
    try:
        refused(zipped, "expected at most 16,777,216 bytes unpacked, found 67,108,864")
        refused(unbounded, "expected it stored or deflated, found method 14")
        refused(claimed, "claim 4,2.* bytes, more than any network has")
        assert tracemalloc.get_traced_memory()[1] < 2**25
    finally:
        tracemalloc.stop()
    nested = forged(tmp_path / "nested.keras", members, {CONFIG: b"[" * 10**6})
    refused(nested, "config.json is not JSON")


def test_arrays_that_lie_elsewhere_are_not_read(members: dict[str, bytes], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(bytes(64))

    def link(file: h5py.File) -> None:
        file["layers/other"] = h5py.ExternalLink(str(secret), "/")

    def soft(file: h5py.File) -> None:
        file["layers/other"] = h5py.SoftLink("/layers")

    def external(file: h5py.File) -> None:
        file.create_dataset("layers/other", (16,), "f4", external=[(str(secret), 0, 64)])

    def text(file: h5py.File) -> None:
        file["layers/other"] = "text"

    for change, reason in (
        (link, "/layers/other is a link to elsewhere"),
        (soft, "/layers/other is a link to elsewhere"),
        (external, "/layers/other lies in another file"),
        (text, "expected arrays of numbers, found /layers/other"),
    ):
        refused(forged(tmp_path / "linked.keras", members, {WEIGHTS: weights_with(members, change)}), reason)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(value: float, members: dict[str, bytes], tmp_path: Path) -> None:
    def spoil(file: h5py.File) -> None:
        first_array(file)[0, 0, 0, 0] = value

    changed = weights_with(members, spoil)
    refused(forged(tmp_path / "nan.keras", members, {WEIGHTS: changed}), "has numbers that are not finite")


def embedding_layer(config: dict[str, Any]) -> dict[str, Any]:
    predictor = next(one for one in config["config"]["layers"] if one["config"]["name"] == "predictor")
    return next(one for one in predictor["config"]["layers"] if one["class_name"] == "Dense")


def test_shapes_that_lie_are_refused(members: dict[str, bytes], tmp_path: Path) -> None:
    for units, message in (
        (2**31 - 1, "refused: the layers need more weights than the .* that the file has"),  # four terabytes
        (99, "cannot read the networks|refused: "),
    ):
        config = json.loads(members[CONFIG])
        embedding_layer(config)["config"]["units"] = units
        path = forged(tmp_path / "units.keras", members, {CONFIG: json.dumps(config).encode()})
        with pytest.raises(ArtefactError, match=message):
            artefact.load(path)
    parameters = {"predictor": 7, "transformer": 7}
    refused(forged(tmp_path / "card.keras", members, {}, parameters=parameters), "says 7 parameters of the predictor")
    refused(forged(tmp_path / "card.keras", members, {}, embedding_size=10**9), "expected embeddings of 100, found 10")


def test_a_card_that_lies_is_named(members: dict[str, bytes], tmp_path: Path) -> None:
    for entries, message in (
        ({"kind": "lambda"}, "expected a kind of stylizer, transformer, found 'lambda'"),
        ({"style_size": "huge"}, "card.json: .*short_side"),
        ({"style_size": -5}, "card.json: .*short_side"),
    ):
        path = forged(tmp_path / "kind.keras", members, {}, **entries)
        with pytest.raises(ArtefactError, match=f"kind.keras: .*{message}"):
            artefact.load(path, kind="transformer")


def test_networks_that_are_not_ours_are_refused(members: dict[str, bytes], tmp_path: Path) -> None:
    inputs = keras.Input((2,))
    keras.Model(inputs, keras.layers.Dense(1)(inputs)).save(tmp_path / "other.keras")
    with zipfile.ZipFile(tmp_path / "other.keras") as archive:
        changed = {name: archive.read(name) for name in (CONFIG, WEIGHTS)}
    refused(forged(tmp_path / "foreign.keras", members, changed), "expected a network named predictor")


def test_the_layers_of_every_backbone_are_let_through() -> None:
    """What a predictor can be built on: a list that forgets one would refuse our own artefacts."""
    for build in (keras.applications.MobileNetV2, keras.applications.InceptionV3):
        inspection.check_config(build(include_top=False, weights=None, input_shape=(96, 96, 3)).to_json().encode())
