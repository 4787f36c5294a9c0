"""manifest.json: what it says, and what it notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from export.manifest import GRAPHS, ExportError, Manifest, check_folder, graph_entry, total_bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export in all but what its files hold."""
    entries = {}
    for name, (inputs, outputs) in GRAPHS.items():
        (tmp_path / name / "parts").mkdir(parents=True)
        (tmp_path / name / "net.bin").write_bytes(b"graph")
        (tmp_path / name / "parts" / "a").write_bytes(b"weights")
        tensors_in, tensors_out = ({key: f"{key}:0" for key in keys} for keys in (inputs, outputs))
        entries[name] = graph_entry(tmp_path, name, f"{name}/net.bin", tensors_in, tensors_out)
    manifest = Manifest(
        runtime="onnx", name="x", precision="float32", size_multiple=16, embedding_size=100, conditioning_size=6,
        overlap=40, parity=None, card={"name": "x"}, predictor=entries["predictor"],
        conditioning=entries["conditioning"], transformer=entries["transformer"],
    )  # fmt: skip
    manifest.write(tmp_path)
    return tmp_path


def test_reads_what_it_wrote(folder: Path) -> None:
    manifest = check_folder(folder, "onnx")
    assert (manifest.format, manifest.version, manifest.value_range) == ("impasto-export", 2, [0, 1])
    assert manifest.graph("transformer").outputs == {"stylised": "stylised:0", "affine": "affine:0"}
    assert [entry["path"] for entry in manifest.predictor.files] == ["predictor/net.bin", "predictor/parts/a"]
    assert total_bytes(manifest) == 3 * (5 + 7)


def test_damage_is_named(folder: Path) -> None:
    (folder / "transformer" / "net.bin").write_bytes(b"graqh")
    with pytest.raises(ExportError, match=r"transformer/net.bin: expected .*sha256.*found"):
        check_folder(folder)
    (folder / "transformer" / "net.bin").unlink()
    with pytest.raises(ExportError, match=r"transformer/net.bin: expected .* found no such file"):
        check_folder(folder)


def test_a_file_too_many_is_named(folder: Path) -> None:
    (folder / "conditioning" / "more").write_bytes(b"")
    with pytest.raises(ExportError, match="conditioning: holds other files than manifest.json lists"):
        check_folder(folder)


def test_another_runtimes_export_is_refused(folder: Path) -> None:
    with pytest.raises(ExportError, match="manifest.json: expected an export for litert, found one for onnx"):
        check_folder(folder, "litert")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"format": "something", "version": 3}', "expected format 'impasto-export' version 2, found 'something' 3"),
        (
            '{"format": "impasto-tfjs", "version": 1}',
            "expected format 'impasto-export' version 2, found 'impasto-tfjs'",
        ),
        ("[]", "expected format 'impasto-export' version 2, found None None"),
        ("{", "manifest.json: expected the manifest of an export, found no JSON"),
        ('{"format": "impasto-export", "version": 2}', "entries missing: .*predictor"),
    ],
)
def test_other_manifests_are_named(folder: Path, text: str, message: str) -> None:
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ExportError, match=message):
        check_folder(folder)


def test_entries_of_another_shape_are_named(folder: Path) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    values["predictor"]["output"] = "Identity:0"
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(ExportError, match="expected the entries of version 2, found others .*'output'"):
        check_folder(folder)


def test_no_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="manifest.json: expected the manifest of an export, No such file"):
        check_folder(tmp_path)


def test_other_tensors_are_refused(folder: Path) -> None:
    with pytest.raises(
        ExportError, match=r"net.bin: expected the outputs \['affine', 'stylised'\], found \['stylised'\]"
    ):
        graph_entry(
            folder, "transformer", "transformer/net.bin", {"content": "a", "conditioning": "b"}, {"stylised": "c"}
        )
