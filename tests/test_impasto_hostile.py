"""Exported folders that were made to do harm: their checksums are right, and they are refused with the reason."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import numpy_helper

import impasto
from impasto.errors import ImpastoError, ModelError
from impasto.exported import ExportedFolder
from impasto.library import SHIPPED

Change = Callable[[dict[str, Any]], Any]
PICTURE = np.full((70, 80, 3), 0.5, np.float32)


@pytest.fixture(params=["litert", "onnx"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED / request.param, tmp_path / "model"))


def rewrite(folder: Path, change: Change) -> None:
    path = folder / "manifest.json"
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def graph_file(folder: Path, graph: str) -> Path:
    return next((folder / graph).iterdir())


def replace(folder: Path, graph: str, data: bytes) -> None:
    """Another file in a graph's place, with its checksum in the manifest."""
    graph_file(folder, graph).write_bytes(data)

    def change(values: dict[str, Any]) -> None:
        (entry,) = values[graph]["files"]
        entry.update(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())

    rewrite(folder, change)


def paint(folder: Path) -> None:
    impasto.load(folder).paint(PICTURE, PICTURE)


@pytest.mark.parametrize(
    "name",
    [
        "../outside.bin",
        "predictor/../../outside.bin",
        "/etc/passwd",
        "..\\outside.bin",
        "C:\\secret",
        "\\\\host\\x",
        "",
    ],
)
def test_paths_that_climb_out_of_the_folder_are_refused(name: str, folder: Path) -> None:
    secret = folder.parent / "outside.bin"
    secret.write_bytes(b"secret")
    told = {"path": name, "bytes": 6, "sha256": hashlib.sha256(b"secret").hexdigest()}
    rewrite(folder, lambda values: values["predictor"]["files"].append(told))
    with pytest.raises(ModelError, match=r"manifest.json: expected names of files inside its folder, found '"):
        ExportedFolder.read(folder)


def test_a_model_whose_checksum_nobody_looks_at_is_refused(folder: Path) -> None:
    graph_file(folder, "predictor").rename(folder.parent / "elsewhere")
    for name in ("../elsewhere", "card.json"):

        def rename(values: dict[str, Any], name: str = name) -> None:
            values["predictor"]["model"] = name

        rewrite(folder, rename)
        with pytest.raises(ModelError, match="predictor: expected a model among its files, whose checksums are known"):
            ExportedFolder.read(folder)


def test_pipes_and_devices_are_not_read(folder: Path) -> None:
    file = graph_file(folder, "conditioning")
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(ModelError, match=f"{file.name}: expected a file, found something else"):
        ExportedFolder.read(folder)
    file.unlink()
    file.symlink_to("/dev/zero")
    with pytest.raises(ModelError, match=f"{file.name}: expected a file, found something else"):
        ExportedFolder.read(folder)


def test_what_is_larger_than_it_says_is_not_read(folder: Path) -> None:
    file = graph_file(folder, "conditioning")
    with file.open("r+b") as stream:
        stream.truncate(2**40)  # a terabyte of holes
    with pytest.raises(
        ModelError, match=f"{file.name}: expected .* bytes with the checksum .* found 1099511627776 bytes"
    ):
        ExportedFolder.read(folder)
    with (folder / "manifest.json").open("r+b") as stream:
        stream.truncate(2**40)
    with pytest.raises(ModelError, match="manifest.json: expected the manifest of an exported model, found 1,099,"):
        ExportedFolder.read(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda values: values.update(embedding_size=10**15),
        lambda values: values.update(conditioning_size=-1),
        lambda values: values.update(embedding_size="100"),
        lambda values: values.update(name=["a"]),
        lambda values: values.update(license={}),
        lambda values: values.update(predictor=[]),
        lambda values: values["predictor"].update(inputs=None),
        lambda values: values["predictor"].update(outputs={"embedding": 7}),
        lambda values: values["predictor"].update(files=7),
        lambda values: values["predictor"]["files"][0].update(path=7),
        lambda values: (values.pop("fingerprint"), values["predictor"]["files"][0].update(sha256="no digits")),
        lambda values: values["preprocessing"].update(style=7),
        lambda values: values.update(version=2, size_multiple="16"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*exported before manifests")
def test_entries_that_lie_about_their_kind_are_refused(change: Change, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED / "litert", tmp_path / "model"))
    rewrite(folder, change)
    with pytest.raises(ImpastoError, match=r"manifest.json: "):
        ExportedFolder.read(folder)


def test_a_manifest_of_a_million_brackets_is_refused(folder: Path) -> None:
    (folder / "manifest.json").write_text("[" * 10**6)
    with pytest.raises(ModelError, match="manifest.json: expected the manifest of an exported model, found no JSON"):
        ExportedFolder.read(folder)


@pytest.mark.parametrize(("entry", "graph"), [("embedding_size", "predictor"), ("conditioning_size", "conditioning")])
def test_sizes_that_the_networks_do_not_have_are_refused(entry: str, graph: str, folder: Path) -> None:
    rewrite(folder, lambda values: values.update({entry: 77}))
    with pytest.raises(ModelError, match=rf"{graph}\.\w+: expected .* of the shape \(1, 77\), as manifest.json says"):
        paint(folder)


class Pickled:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.mkdir, (str(self.marker),)


def test_a_pickle_in_a_networks_place_is_not_unpickled(folder: Path) -> None:
    marker = folder.parent / "unpickled"
    replace(folder, "predictor", pickle.dumps(Pickled(marker)))
    with pytest.raises(ModelError, match=r"predictor\.\w+: (litert|onnx) cannot run it: "):
        paint(folder)
    assert not marker.exists()


def test_a_network_in_anothers_place_is_refused(folder: Path) -> None:
    replace(folder, "predictor", graph_file(folder, "conditioning").read_bytes())
    with pytest.raises(ModelError, match=r"predictor\.\w+: "):
        paint(folder)


def test_weights_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    for graph in ("predictor", "conditioning", "transformer"):
        folder = Path(shutil.copytree(SHIPPED / "onnx", tmp_path / graph))
        model = onnx.load(graph_file(folder, graph))
        spoilt = 0
        for tensor in model.graph.initializer:
            array = numpy_helper.to_array(tensor)
            if array.dtype.kind == "f" and array.ndim > 1:
                tensor.CopyFrom(numpy_helper.from_array(np.full_like(array, np.nan), tensor.name))
                spoilt += 1
        assert spoilt
        replace(folder, graph, model.SerializeToString())
        with pytest.raises(ModelError, match=rf"{graph}.onnx: gave \w+ that are not finite numbers"):
            paint(folder)


def test_weights_of_litert_that_are_not_numbers_are_refused(tmp_path: Path) -> None:
    """Numbers of the last layer are found by their bytes; it is the bias, or a kernel's."""
    folder = Path(shutil.copytree(SHIPPED / "litert", tmp_path / "model"))
    data = bytearray(graph_file(folder, "conditioning").read_bytes())
    middle = len(data) // 2 // 4 * 4
    data[middle : middle + 4000] = struct.pack("<2000e", *[float("nan")] * 2000)
    replace(folder, "conditioning", bytes(data))
    with pytest.raises(ModelError, match=r"conditioning.tflite: gave conditioning that are not finite numbers"):
        paint(folder)


@pytest.mark.parametrize("order", ["key first", "value first"])
def test_onnx_files_that_read_other_files_are_refused(order: str, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SHIPPED / "onnx", tmp_path / "model"))
    (tmp_path / "secret").write_bytes(bytes(10**6))
    model = onnx.load(graph_file(folder, "conditioning"))
    tensor = max(model.graph.initializer, key=lambda one: len(one.raw_data))
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    entries = [("location", "../../secret"), ("offset", "0")]
    for key, value in entries if order == "key first" else entries[::-1]:
        tensor.external_data.add(key=key, value=value)
    replace(folder, "conditioning", model.SerializeToString())
    with pytest.raises(ModelError, match=r"conditioning.onnx: expected its weights inside, found the name of another"):
        paint(folder)
