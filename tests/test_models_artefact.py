"""Saving and loading the one file, and what is said of files that are damaged or something else."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest

from impasto.contract import Preprocessing
from models import artefact
from models.artefact import ArtefactError
from models.stylizer import Stylizer
from models.transformers import build_transformer

# Receptive radius of the network below, rounded up to its size multiple of 16.
OVERLAP = 64


def _small_predictor() -> keras.Model:
    """What an artefact needs of a predictor, in 1,300 weights: the archive does not care which network it holds."""
    style = keras.Input((None, None, 3), name="style")
    x = keras.layers.Conv2D(10, 3, strides=2, activation="relu")(style)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(style, keras.layers.Dense(100, name="embedding")(x), name="predictor")


@pytest.fixture(scope="module")
def stylizer() -> Stylizer:
    keras.utils.set_random_seed(0)
    return Stylizer(
        _small_predictor(), build_transformer("fast", width=16, blocks=1), {"name": "test", "license": "CC0-1.0"}
    )


@pytest.fixture(scope="module")
def saved(stylizer: Stylizer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("artefact") / "saved.keras"
    stylizer.save(path)
    return path


def _inputs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((37, 50, 3)).astype("f4"), rng.random((64, 48, 3)).astype("f4")


def _paint(stylizer: Stylizer) -> np.ndarray:
    content, style = _inputs()
    return stylizer.stylize(content, stylizer.predict(style))


def _rewrite(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of the archive with members changed; its zip checksums are right."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target


def test_float32_round_trip_is_exact(stylizer: Stylizer, saved: Path) -> None:
    again = Stylizer.load(saved)
    np.testing.assert_array_equal(_paint(again), _paint(stylizer))
    for network in ("predictor", "transformer"):
        for a, b in zip(getattr(stylizer, network).weights, getattr(again, network).weights, strict=True):
            np.testing.assert_array_equal(a.numpy(), b.numpy())


def test_float16_round_trip_is_close_and_half_the_size(stylizer: Stylizer, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "half.keras"
    card = stylizer.save(path, weights_dtype="float16")
    assert card["weights_dtype"] == "float16"
    again = Stylizer.load(path)
    weights = [weight.numpy() for weight in stylizer.transformer.weights]
    for exact, rounded in zip(weights, again.transformer.weights, strict=True):
        assert keras.backend.standardize_dtype(rounded.dtype) == "float32"
        np.testing.assert_allclose(rounded.numpy(), exact, rtol=5e-4, atol=1e-7)
    assert np.abs(_paint(again) - _paint(stylizer)).max() < 0.02
    assert path.stat().st_size < 0.7 * saved.stat().st_size


def test_card_is_complete(stylizer: Stylizer, saved: Path) -> None:
    card = artefact.read_card(saved)
    with zipfile.ZipFile(saved) as archive:
        digest = hashlib.sha256(archive.read("config.json") + archive.read("model.weights.h5")).hexdigest()
    assert card == {
        "format": "impasto-stylizer",
        "version": 1,
        "kind": "stylizer",
        "name": "test",
        "license": "CC0-1.0",
        "preprocessing": {
            **Preprocessing().to_json(),
            "content": {**Preprocessing().to_json()["content"], "multiple": 16, "overlap": OVERLAP},
        },
        "value_range": [0, 1],
        "embedding_size": 100,
        "size_multiple": 16,
        "style_size": 256,
        "parameters": {
            "predictor": stylizer.predictor.count_params(),
            "transformer": stylizer.transformer.count_params(),
        },
        "weights_dtype": "float32",
        "checksum": f"sha256:{digest}",
    }
    assert Stylizer.load(saved).card == card


def without_block(source: Path, target: Path) -> Path:
    """The artefact as it was written before cards held `preprocessing`."""

    def change(members: dict[str, bytes]) -> None:
        card = json.loads(members["card.json"])
        del card["preprocessing"]
        members["card.json"] = json.dumps({**card, "style_size": 192}).encode()

    return _rewrite(source, target, change)


def test_an_artefact_of_before_loads_with_a_sentence(
    saved: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = without_block(saved, tmp_path / "earlier.keras")
    _, card = artefact.load(earlier)
    block = Preprocessing.from_json(card["preprocessing"])
    assert (block.style.short_side, block.content.multiple, block.content.overlap) == (192, 16, OVERLAP)
    [sentence] = [record.message for record in caplog.records]
    assert sentence.startswith(f"{earlier}: made before") and f"models complete {earlier}`" in sentence


def test_completing_leaves_the_networks_as_they_are(
    saved: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = without_block(saved, tmp_path / "earlier.keras")
    with zipfile.ZipFile(earlier) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    card = artefact.complete(earlier)
    with zipfile.ZipFile(earlier) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    assert {name for name in before if before[name] != after[name]} == {"card.json"}
    assert json.loads(after["card.json"]) == card == artefact.load(earlier)[1]
    assert card["preprocessing"]["style"]["short_side"] == 192
    written = earlier.read_bytes()
    artefact.complete(earlier)
    assert earlier.read_bytes() == written and not caplog.records


def test_a_loaded_card_can_be_extended_and_saved(saved: Path, tmp_path: Path) -> None:
    again = Stylizer.load(saved)
    again.card["figures"] = {"style": 0.5}
    again.card["value_range"] = "what the card says of the architecture is not the caller's to choose"
    card = again.save(tmp_path / "again.keras")
    assert card["figures"] == {"style": 0.5} and card["value_range"] == [0, 1]


def test_the_same_weights_give_the_same_bytes(stylizer: Stylizer, saved: Path, tmp_path: Path) -> None:
    first = saved.read_bytes()
    stylizer.save(tmp_path / "second.keras")
    assert (tmp_path / "second.keras").read_bytes() == first
    Stylizer.load(saved).save(tmp_path / "third.keras")
    assert (tmp_path / "third.keras").read_bytes() == first


def test_the_file_names_no_module_of_ours_and_no_date(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        assert b'"models.' not in archive.read("config.json")
        assert b"date" not in archive.read("metadata.json")
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_keras_itself_reads_the_file(stylizer: Stylizer, saved: Path) -> None:
    content, style = _inputs()
    model = keras.saving.load_model(saved)
    padded = np.pad(content, ((0, 27), (0, 14), (0, 0)), mode="reflect")
    whole = np.asarray(model([padded[None], style[None]]))
    expected = stylizer.stylize(content, stylizer.predict(style))
    np.testing.assert_allclose(whole[0, :37, :50], expected, atol=1e-6)


def test_a_transformer_alone_is_no_stylizer(stylizer: Stylizer, tmp_path: Path) -> None:
    path = tmp_path / "alone.keras"
    card = artefact.save(path, artefact.transformer_alone(stylizer.transformer), {"name": "half a pair"})
    assert card["kind"] == "transformer" and list(card["parameters"]) == ["transformer"]
    with pytest.raises(
        ArtefactError, match=r"alone.keras: expected .*predictor.*found a transformer alone \(half a pair"
    ):
        Stylizer.load(path)
    model, _ = artefact.load(path, kind="transformer")
    inputs = [np.full((1, 16, 16, 3), 0.5, "f4"), np.ones((1, 100), "f4")]
    again = model.get_layer("transformer")(inputs)
    np.testing.assert_array_equal(np.asarray(again), np.asarray(stylizer.transformer(inputs)))


def test_a_pair_will_do_where_a_transformer_is_needed(saved: Path) -> None:
    assert artefact.load(saved, kind="transformer")[0].get_layer("transformer").name == "transformer"


@pytest.mark.parametrize("share", [0.999, 0.5, 0.01])
def test_truncated(saved: Path, tmp_path: Path, share: float) -> None:
    path = tmp_path / "short.keras"
    path.write_bytes(saved.read_bytes()[: int(saved.stat().st_size * share)])
    with pytest.raises(
        ArtefactError, match=r"short.keras: expected an Impasto artefact .*found \d+ bytes starting b'PK"
    ):
        Stylizer.load(path)


def test_zero_bytes_missing_and_folder(tmp_path: Path) -> None:
    empty = tmp_path / "empty.keras"
    empty.touch()
    with pytest.raises(ArtefactError, match="empty.keras: expected an Impasto artefact .*found an empty file"):
        Stylizer.load(empty)
    with pytest.raises(ArtefactError, match="none.keras: expected an Impasto artefact .*found no such file"):
        Stylizer.load(tmp_path / "none.keras")
    with pytest.raises(ArtefactError, match="expected an Impasto artefact .*found a folder"):
        Stylizer.load(tmp_path)


def test_foreign_zip_and_foreign_keras(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "foreign.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(ArtefactError, match=r"foreign.zip: .*found \['readme.txt'\]: card.json, config.json.* missing"):
        Stylizer.load(tmp_path / "foreign.zip")
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(tmp_path / "foreign.keras")
    with pytest.raises(ArtefactError, match=r"foreign.keras: expected .*: card.json missing"):
        Stylizer.load(tmp_path / "foreign.keras")


def test_a_flipped_byte_anywhere_in_the_weights(saved: Path, tmp_path: Path) -> None:
    """In the compressed stream zip's own checks see it, in a re-packed archive the card's checksum does."""
    path = tmp_path / "flipped.keras"
    with zipfile.ZipFile(saved) as archive:
        member = archive.getinfo("model.weights.h5")
    whole = saved.read_bytes()
    start = member.header_offset + 30 + len(member.filename)
    for offset in np.linspace(start, start + member.compress_size - 64, 9).astype(int):
        damaged = bytearray(whole)
        damaged[offset] ^= 0xFF
        path.write_bytes(damaged)
        with pytest.raises(ArtefactError, match="flipped.keras: expected an Impasto artefact"):
            Stylizer.load(path)

    def flip(members: dict[str, bytes]) -> None:
        weights = bytearray(members["model.weights.h5"])
        weights[len(weights) // 2] ^= 1
        members["model.weights.h5"] = bytes(weights)

    with pytest.raises(
        ArtefactError, match="repacked.keras: damaged: the card's checksum is sha256:.*content's sha256:"
    ):
        Stylizer.load(_rewrite(saved, tmp_path / "repacked.keras", flip))


def test_wrong_version_format_and_card(saved: Path, tmp_path: Path) -> None:
    def with_card(**entries: object) -> Callable[[dict[str, bytes]], None]:
        def change(members: dict[str, bytes]) -> None:
            members["card.json"] = json.dumps(json.loads(members["card.json"]) | entries).encode()

        return change

    with pytest.raises(ArtefactError, match="expected format 'impasto-stylizer' version 1, found .* version 2"):
        Stylizer.load(_rewrite(saved, tmp_path / "version.keras", with_card(version=2)))
    with pytest.raises(ArtefactError, match="expected format 'impasto-stylizer' version 1, found 'other' version 1"):
        Stylizer.load(_rewrite(saved, tmp_path / "format.keras", with_card(format="other")))
    for text, message in ((b"{", "card.json is not JSON"), (b"[]", "found 'list' version None")):

        def change(members: dict[str, bytes], text: bytes = text) -> None:
            members["card.json"] = text

        path = _rewrite(saved, tmp_path / "card.keras", change)
        with pytest.raises(ArtefactError, match=message):
            Stylizer.load(path)


def test_a_link_is_followed_and_a_name_may_be_long(stylizer: Stylizer, saved: Path, tmp_path: Path) -> None:
    path, link = tmp_path / f"{'n' * 249}.keras", tmp_path / "link.keras"
    link.symlink_to(path)
    stylizer.save(link)
    assert link.is_symlink() and path.read_bytes() == saved.read_bytes()
    path.chmod(0o640)
    artefact.complete(link)
    assert link.is_symlink() and path.read_bytes() == saved.read_bytes() and path.stat().st_mode & 0o777 == 0o640
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([path.name, link.name])


def test_a_save_that_fails_leaves_the_old_file(stylizer: Stylizer, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "kept.keras"
    path.write_bytes(saved.read_bytes())
    predictor = _small_predictor()
    kernel, bias = predictor.get_layer("embedding").get_weights()
    predictor.get_layer("embedding").set_weights([kernel, bias + 1e6])
    with pytest.raises(ValueError, match="beyond float16's range; save it as float32"):
        Stylizer(predictor, stylizer.transformer).save(path, weights_dtype="float16")
    assert path.read_bytes() == saved.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["kept.keras"]


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_weights_that_are_not_finite_are_never_saved(stylizer: Stylizer, tmp_path: Path, value: float) -> None:
    broken = keras.models.clone_model(stylizer.predictor)
    kernel, bias = broken.get_layer("embedding").get_weights()
    kernel[3, 5] = value
    broken.get_layer("embedding").set_weights([kernel, bias])
    with pytest.raises(ValueError, match=r"x\.keras: 1 arrays of weights are not finite, first .*kernel"):
        Stylizer(broken, stylizer.transformer).save(tmp_path / "x.keras")
    assert not list(tmp_path.iterdir())


def test_an_interrupted_save_leaves_the_old_file(
    stylizer: Stylizer, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.keras"
    path.write_bytes(saved.read_bytes())

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "writestr", interrupt)
    with pytest.raises(KeyboardInterrupt):
        stylizer.save(path)
    assert path.read_bytes() == saved.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["kept.keras"]


def test_arguments_are_checked_before_anything_is_written(stylizer: Stylizer, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="name ends in .keras. Received: .*model.h5"):
        stylizer.save(tmp_path / "model.h5")
    with pytest.raises(ValueError, match="weights_dtype must be float32 or float16. Received: 'int8'"):
        stylizer.save(tmp_path / "model.keras", weights_dtype="int8")
    dense = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="dense")])
    with pytest.raises(ValueError, match=r"a layer named transformer. Received the layers: \['dense'\]"):
        artefact.save(tmp_path / "model.keras", dense, {})
    assert not list(tmp_path.iterdir())
