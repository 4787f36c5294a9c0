"""What a config says of the pictures reaches the stream of pairs."""

from __future__ import annotations

from dataclasses import fields

from datasets.pairs import PairSpec
from train.config import DataConfig
from train.data import pair_spec


def test_a_batch_holds_what_the_config_says() -> None:
    config = DataConfig(
        batch_size=3,
        canvas=48,
        content_size=32,
        content_crop=0.5,
        style_size=(32, 49),
        style_size_step=8,
        augment_style=False,
        style_jitter=0.25,
        identity_fraction=0.4,
    )
    expected = PairSpec(
        batch_size=3,
        canvas=48,
        content_size=32,
        content_crop=0.5,
        style_size=(32, 49),
        style_size_step=8,
        augment_style=False,
        style_jitter=0.25,
        identity_fraction=0.4,
        seed=7,
    )
    assert pair_spec(config, 7) == expected
    # A field that is renamed on one side only would silently keep its default.
    own = {"seed", "flip_content"}
    assert {field.name for field in fields(PairSpec)} - {field.name for field in fields(DataConfig)} == own
