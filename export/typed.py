"""Whether what a JSON file held is of the types that a dataclass names."""

from __future__ import annotations

import types
import typing
from dataclasses import fields
from typing import Any


def require_types(made: Any) -> None:
    """Raises TypeError for the first field of a dataclass that holds something else than its annotation says.

    Looks into lists, tuples and dicts. A whole number is a float, too; true and false are no numbers.
    """
    kinds = typing.get_type_hints(type(made))
    for field in fields(made):
        value = getattr(made, field.name)
        if not fits(value, kinds[field.name]):
            raise TypeError(f"{field.name} as {field.type} was expected, not {str(value)[:200]!r}")


def fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type: a class, a union, or a list, tuple or dict of such."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if kind is Any:
        return True
    if origin in (types.UnionType, typing.Union):
        return any(fits(value, one) for one in inner)
    if origin is dict:
        return isinstance(value, dict) and all(
            fits(key, inner[0]) and fits(entry, inner[1]) for key, entry in value.items()
        )
    if origin in (list, tuple):
        return isinstance(value, origin) and all(fits(entry, inner[0]) for entry in value)
    if kind in (int, float):
        return isinstance(value, (int, kind)) and not isinstance(value, bool)
    return isinstance(value, kind)
