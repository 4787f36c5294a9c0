"""The `preprocessing` block: what happens to pixels before and after the networks, as data that travels with a model.

It lies in a model's card and in every exported manifest.json, and is read by Python and by the page alike, so that the
same file gives the same picture on both. What the numbers mean is written once, in impasto.geometry,
impasto.embeddings, impasto.strokes and impasto.colors; golden cases in tests/golden hold both sides to it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from impasto.console import shown
from impasto.errors import ContractError

VERSION = 1


@dataclass(frozen=True)
class StyleRules:
    """How a painting, or a photograph whose own embedding is wanted, is shown to the style predictor.

    Attributes:
        short_side: Pixels of the short side; larger pictures are reduced to it, smaller ones keep their size.
        longest_aspect: Long side over short side; longer pictures are cut to it about their centre.
        smallest_side: Pixels a side that the predictor needs; smaller pictures are continued by reflection.
        resampling: How pictures are reduced: "lanczos3", antialiased.
    """

    short_side: int = 256
    longest_aspect: float = 2.0
    smallest_side: int = 32
    resampling: str = "lanczos3"


@dataclass(frozen=True)
class ContentRules:
    """How a photograph is shown to the transformer.

    Attributes:
        multiple: Pixels that height and width have to be a multiple of.
        smallest_multiples: The least height and width, in multiples.
        padding: How a picture is continued to that, at the bottom and the right: "reflect", edges not repeated.
        whole_pixels: Pictures of up to so many pixels are painted whole, larger ones in tiles.
        tile: Largest side in pixels of what is painted at once where there are tiles.
        overlap: Pixels around a tile that its painted pixels can depend on.
        patch: Side in pixels of the patches that the norms' statistics are measured on where there are tiles.
        patches: Most patches an axis.
    """

    multiple: int = 16
    smallest_multiples: int = 4
    padding: str = "reflect"
    whole_pixels: int = 1024 * 1024
    tile: int = 768
    overlap: int = 160
    patch: int = 256
    patches: int = 4


@dataclass(frozen=True)
class StrokeRules:
    """The size of strokes (impasto.strokes).

    Attributes:
        reference_side: Long side in pixels of the picture whose look larger ones keep, at stroke 1.
        factor: How much larger a level of the pyramid is than the one below it, at most.
        resampling: How what painting changes at a level is enlarged and reduced: "bicubic" (a = -0.5), antialiased.
    """

    reference_side: int = 512
    factor: float = 3.0
    resampling: str = "bicubic"


@dataclass(frozen=True)
class ColorRules:
    """Keeping the photograph's colours (impasto.colors).

    Attributes:
        luma: Weights of red, green and blue.
        flattest: Directions in which a style's colours vary less than this share of the widest one's standard deviation
            are left out of the recolouring.
    """

    luma: tuple[float, float, float] = (0.299, 0.587, 0.114)
    flattest: float = 1e-3


@dataclass(frozen=True)
class Preprocessing:
    """The whole block. Pictures are RGB in `value_range` where the networks see them."""

    style: StyleRules = field(default_factory=StyleRules)
    content: ContentRules = field(default_factory=ContentRules)
    strokes: StrokeRules = field(default_factory=StrokeRules)
    colors: ColorRules = field(default_factory=ColorRules)
    value_range: tuple[float, float] = (0.0, 1.0)
    version: int = VERSION

    def to_json(self) -> dict[str, Any]:
        """The block as `json.dumps` takes it."""
        order = ("version", "value_range", "style", "content", "strokes", "colors")
        values = asdict(self)
        return {
            name: {key: _plain(value) for key, value in values[name].items()}
            if isinstance(values[name], dict)
            else _plain(values[name])
            for name in order
        }

    @classmethod
    def from_json(cls, block: Any, where: str = "preprocessing") -> Preprocessing:
        """Reads the block.

        Args:
            block: What `json.loads` gave. Unknown entries are errors: they would change the picture on one side only.
            where: What the block was read from, for messages.

        Raises:
            ContractError: an entry is missing, unknown or out of range, or the version is another; names it.
        """
        if not isinstance(block, Mapping):
            raise ContractError(f"{where}: expected a preprocessing block, found {block!r}")
        if block.get("version") != VERSION:
            raise ContractError(
                f"{where}: expected version {VERSION} of the preprocessing block, found {block.get('version')!r}"
            )
        _check_names(where, block, [entry.name for entry in fields(cls)])
        low, high = _numbers(f"{where}: value_range", block["value_range"], 2)
        if (low, high) != (0.0, 1.0):
            raise ContractError(f"{where}: value_range must be [0, 1], found [{low:g}, {high:g}]")
        return cls(
            style=_group(StyleRules, block["style"], f"{where}: style"),
            content=_content(block["content"], f"{where}: content"),
            strokes=_group(StrokeRules, block["strokes"], f"{where}: strokes"),
            colors=_group(ColorRules, block["colors"], f"{where}: colors"),
        )


# Names that an entry may have, where it is one of a few words.
_WORDS = {"padding": ("reflect",)}
_RESAMPLING: dict[type, tuple[str, ...]] = {StyleRules: ("lanczos3",), StrokeRules: ("bicubic",)}
# The least value of a number; 1 where nothing else is said.
_LEAST = {"overlap": 0, "factor": 1.5, "flattest": 0.0}


def _group(kind: type, values: Any, where: str) -> Any:
    """One of the groups, each entry checked against the type and range of its default."""
    if not isinstance(values, Mapping):
        raise ContractError(f"{where}: expected an object, found {values!r}")
    _check_names(where, values, [entry.name for entry in fields(kind)])
    defaults = asdict(kind())
    read = {name: _entry(kind, name, values[name], defaults[name], f"{where}.{name}") for name in defaults}
    return kind(**read)


def _entry(kind: type, name: str, value: Any, default: Any, where: str) -> Any:
    if isinstance(default, tuple):
        return tuple(_numbers(where, value, len(default)))
    if isinstance(default, str):
        allowed = _WORDS.get(name) or _RESAMPLING[kind]
        if value not in allowed:
            raise ContractError(f"{where}: expected {' or '.join(map(repr, allowed))}, found {value!r}")
        return value
    whole = isinstance(default, int)
    least = _LEAST.get(name, 1)
    if not _is_number(value) or (whole and value != int(value)) or value < least:
        raise ContractError(f"{where}: expected a {'whole ' if whole else ''}number from {least} on, found {value!r}")
    return int(value) if whole else float(value)


def _content(values: Any, where: str) -> ContentRules:
    rules: ContentRules = _group(ContentRules, values, where)
    for name in ("tile", "overlap", "patch"):
        if getattr(rules, name) % rules.multiple:
            raise ContractError(
                f"{where}.{name}: expected a multiple of {rules.multiple}, found {getattr(rules, name)}"
            )
    if rules.tile <= 2 * rules.overlap:
        raise ContractError(
            f"{where}.tile: expected more than twice the overlap of {rules.overlap}, found {rules.tile}"
        )
    return rules


def _check_names(where: str, values: Mapping[str, Any], expected: list[str]) -> None:
    if missing := [name for name in expected if name not in values]:
        raise ContractError(f"{where}: entries missing: {', '.join(missing)}")
    if unknown := sorted(shown(name) for name in set(values) - set(expected)):
        raise ContractError(f"{where}: unknown entries: {', '.join(unknown)}; a newer Impasto may read them")


def _numbers(where: str, values: Any, count: int) -> list[float]:
    if not isinstance(values, (list, tuple)) or len(values) != count or not all(map(_is_number, values)):
        raise ContractError(f"{where}: expected {count} numbers, found {values!r}")
    return [float(value) for value in values]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
