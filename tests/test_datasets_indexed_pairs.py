"""Pairs by number: with the pictures put back they are the pairs of the packed arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from keras import ops

from datasets.indexed_pairs import IndexedPairs
from datasets.opening import open_source
from datasets.packed import PackedSource, pack
from datasets.pairs import Pairs, PairSpec
from datasets.preprocessing import chosen_pictures, content_images, style_images

SPEC = PairSpec(
    batch_size=3, canvas=32, content_size=16, style_size=(16, 24), style_size_step=4, content_crop=0.5,
    flip_content=True, identity_fraction=0.5, seed=4,
)  # fmt: skip


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("packed")
    for role, number in (("content", 5), ("style", 7)):
        source = open_source(f"synthetic:{number}:32", role=role)  # type: ignore[arg-type]
        pack(source, folder / f"{role}.npy", canvas=32, role=role, progress=False)  # type: ignore[arg-type]
    return {role: PackedSource(folder / f"{role}.npy") for role in ("content", "style")}


def test_the_same_pairs_without_pixels(packed: dict[str, Any]) -> None:
    whole, indexed = Pairs(**packed, spec=SPEC), IndexedPairs(**packed, spec=SPEC)
    arrays = {role: ops.convert_to_tensor(np.array(source.array)) for role, source in packed.items()}
    for step in range(6):  # past the end of both, into the next epochs
        expected, sent = whole.batch(step), indexed.batch(step)
        assert sum(value.nbytes for value in sent.values()) < 1000
        for name, (shape, dtype) in indexed.shapes().items():
            assert sent[name].dtype == dtype
            assert all(a in (None, b) for a, b in zip(shape, sent[name].shape, strict=True)), name
        found = chosen_pictures(sent, **arrays)
        for name, value in expected.items():
            np.testing.assert_array_equal(np.asarray(found[name]), value, err_msg=name)


def test_an_identity_pair_is_the_photograph_as_it_is_seen(packed: dict[str, Any]) -> None:
    """Window and mirror included, at the painting's size."""
    spec = PairSpec(**{**vars(SPEC), "identity_fraction": 1.0, "style_size": (16, 17)})
    pairs = Pairs(**packed, spec=spec)
    mirrored = set()
    for step in range(4):
        batch = pairs.batch(step)
        mirrored |= set(batch["content_flip"])
        np.testing.assert_allclose(style_images(batch), content_images(batch, 16), atol=1e-5)
    assert mirrored == {0, 1}


def test_only_packed_arrays_of_the_right_side(packed: dict[str, Any]) -> None:
    synthetic = open_source("synthetic:5:32", role="content")
    with pytest.raises(ValueError, match="expected packed:PATH.npy alone, to put it on the device whole"):
        IndexedPairs(synthetic, packed["style"], SPEC)
    with pytest.raises(ValueError, match="holds pictures of 32 px, expected canvas 48"):
        IndexedPairs(**packed, spec=PairSpec(batch_size=3, canvas=48))
