"""manifest.json: what it says, and what it notices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from export.manifest import GRAPHS, ExportError, Manifest, check_folder, graph_entry, total_bytes, write_card
from impasto.contract import ContentRules, Preprocessing, StyleRules


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
        runtime="onnx", name="x", precision="float32", embedding_size=100, conditioning_size=6,
        preprocessing=Preprocessing(), parity=None, card=write_card(tmp_path, {"name": "x"}),
        predictor=entries["predictor"], conditioning=entries["conditioning"], transformer=entries["transformer"],
    )  # fmt: skip
    manifest.write(tmp_path)
    return tmp_path


def test_reads_what_it_wrote(folder: Path) -> None:
    manifest = check_folder(folder, "onnx")
    assert (manifest.format, manifest.version, manifest.preprocessing) == ("impasto-export", 3, Preprocessing())
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


def test_the_card_lies_beside_it_and_is_looked_after(folder: Path) -> None:
    assert json.loads((folder / "card.json").read_text()) == {"name": "x"}
    (folder / "card.json").write_text("{}")
    with pytest.raises(ExportError, match=r"card.json: expected .*sha256.*found another file or none"):
        check_folder(folder)


def test_a_broken_preprocessing_block_is_named(folder: Path) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    values["preprocessing"]["content"]["multiple"] = 0
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(ExportError, match=r"manifest.json: .*content.multiple: expected a whole number from 1 on"):
        check_folder(folder)


def test_version_2_loads_with_a_sentence(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As the exporter of September wrote it: sizes at the top level, the card inside, no preprocessing."""
    values = json.loads((folder / "manifest.json").read_text())
    del values["preprocessing"]
    (folder / "card.json").unlink()
    earlier = {"version": 2, "size_multiple": 4, "overlap": 51, "style_size": 192, "value_range": [0, 1], "card": {}}
    (folder / "manifest.json").write_text(json.dumps({**values, **earlier}))
    rules = check_folder(folder, "onnx").preprocessing
    assert rules.content == ContentRules(multiple=4, overlap=52) and rules.style == StyleRules(short_side=192)
    [sentence] = [record.message for record in caplog.records]
    assert sentence.startswith(f"{folder / 'manifest.json'}: exported before") and "Export the model again" in sentence


def test_another_runtimes_export_is_refused(folder: Path) -> None:
    with pytest.raises(ExportError, match="manifest.json: expected an export for litert, found one for onnx"):
        check_folder(folder, "litert")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"format": "something", "version": 3}', "expected format 'impasto-export' version 3, found 'something' 3"),
        (
            '{"format": "impasto-tfjs", "version": 1}',
            "expected format 'impasto-export' version 3, found 'impasto-tfjs'",
        ),
        ("[]", r"manifest.json: expected the manifest of an exported model, found other JSON \(list\)"),
        ("{", "manifest.json: expected the manifest of an exported model, found no JSON"),
        ('{"format": "impasto-export", "version": 3}', "entries missing: .*predictor"),
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
    with pytest.raises(ExportError, match="expected the entries of version 3, found others .*'output'"):
        check_folder(folder)


@pytest.mark.parametrize(
    ("name", "value"), [("path", "../outside"), ("path", 7), ("bytes", "many"), ("bytes", True), ("sha256", None)]
)
def test_files_outside_or_without_a_checksum_are_named(folder: Path, name: str, value: object) -> None:
    values = json.loads((folder / "manifest.json").read_text())
    values["transformer"]["files"][0][name] = value
    (folder / "manifest.json").write_text(json.dumps(values))
    with pytest.raises(ExportError, match="manifest.json: expected the entries of version 3.*a file inside the folder"):
        check_folder(folder)


def test_a_manifest_that_would_fill_a_memory_is_not_read(folder: Path) -> None:
    with (folder / "manifest.json").open("r+b") as file:
        file.truncate(2**24 + 1)
    with pytest.raises(ExportError, match="expected the manifest of an exported model, found 16,777,217 bytes"):
        check_folder(folder)


def test_no_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="manifest.json: expected the manifest of an exported model, No such file"):
        check_folder(tmp_path)


def test_other_tensors_are_refused(folder: Path) -> None:
    with pytest.raises(
        ExportError, match=r"net.bin: expected the outputs \['affine', 'stylised'\], found \['stylised'\]"
    ):
        graph_entry(
            folder, "transformer", "transformer/net.bin", {"content": "a", "conditioning": "b"}, {"stylised": "c"}
        )
