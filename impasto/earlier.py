"""Manifests of earlier versions, as today's."""

from __future__ import annotations

import dataclasses
from typing import Any

from impasto.contract import Preprocessing
from impasto.geometry import round_up

# What version 2 said at its top level, and the preprocessing block says now.
_MOVED = ("size_multiple", "style_size", "overlap", "value_range")


def from_version_2(values: dict[str, Any]) -> dict[str, Any]:
    """The entries of a manifest of version 3: the sizes that the earlier one names, today's rules for the rest.

    The card, which version 2 held, is left out: version 3 has it in a file of its own.
    """
    rules = Preprocessing()
    multiple = values.get("size_multiple", rules.content.multiple)
    overlap = round_up(values.get("overlap", rules.content.overlap), multiple)
    content = dataclasses.replace(rules.content, multiple=multiple, overlap=overlap)
    style = dataclasses.replace(rules.style, short_side=values.get("style_size", rules.style.short_side))
    block = dataclasses.replace(rules, content=content, style=style)
    kept = {name: value for name, value in values.items() if name not in _MOVED}
    return {**kept, "version": 3, "preprocessing": block.to_json(), "card": None}
