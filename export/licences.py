"""The licences of what is shipped, read from software bills of materials (CycloneDX), against the ones we accept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from export.manifest import ExportError
from impasto.text_files import read_json

# SPDX identifiers. All let others use the work in any way, with the notices kept; MPL-2.0 asks for its own files alone.
ACCEPTED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0",
        "PSF-2.0", "Python-2.0", "Unlicense", "Zlib", "CC0-1.0",
    }
)  # fmt: skip
# Components of NumPy's and others' wheels: the compiler's runtime, whose exception lets any program link it.
_EXCEPTIONS = frozenset({"GCC-exception-3.1"})
# Names that packages write instead of identifiers.
_NAMES = {
    "Apache 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Where a bill says nothing. protobuf's metadata say "3-Clause BSD License", in a field that is not read any more.
_LOOKED_UP = {"protobuf": "BSD-3-Clause"}


def accepted(expression: str) -> bool:
    """Whether an SPDX expression (or a name in its place) can be met with accepted licences alone."""
    expression = _NAMES.get(expression.removeprefix("License :: OSI Approved :: "), expression)
    words = re.findall(r"[()]|[^\s()]+", expression)
    position = 0

    def one() -> bool:
        nonlocal position
        word = words[position]
        position += 1
        if word == "(":
            answer = any_of()
            if words[position] != ")":
                raise IndexError
            position += 1
            return answer
        if words[position : position + 1] == ["WITH"]:
            position += 2
            return words[position - 1] in _EXCEPTIONS
        return word in ACCEPTED

    def all_of() -> bool:
        nonlocal position
        answer = one()
        while words[position : position + 1] == ["AND"]:
            position += 1
            answer = one() and answer
        return answer

    def any_of() -> bool:
        nonlocal position
        answer = all_of()
        while words[position : position + 1] == ["OR"]:
            position += 1
            answer = all_of() or answer
        return answer

    try:
        answer = any_of()
    except IndexError:
        return False
    return answer and position == len(words)


def licences_of(component: dict[str, Any]) -> list[str]:
    """What a component's entry says, as SPDX expressions or names; several are all to be kept."""
    found = []
    for entry in component.get("licenses", []):
        licence = entry.get("license", {})
        named = entry.get("expression") or licence.get("id") or licence.get("name")
        if named:
            found.append(named)
    # A package that says its licence in SPDX may say it again in words.
    sure = [named for named in found if accepted(named) or re.fullmatch(r"[\w.+()\- ]*-[\w.+()\- ]*", named)]
    return sure or found


def is_shipped(component: dict[str, Any]) -> bool:
    """Whether a component is in what people get: not what npm marks as for development, but for the worker's own code.

    Workbox's modules are built into the page's service worker by a tool for development.
    """
    marks = {entry.get("name"): entry.get("value") for entry in component.get("properties", [])}
    return marks.get("cdx:npm:package:development") != "true" or component["name"].startswith("workbox-")


def check(paths: list[Path]) -> list[tuple[str, str, str]]:
    """Name, version and licence of every component of these bills that is shipped.

    Raises:
        ExportError: a file is no bill, or a component's licence is missing or not accepted; names all of them.
    """
    rows, bad = [], []
    for path in paths:
        try:
            bill = read_json(path, "a bill of materials (CycloneDX)")
            components = bill["components"] if bill["bomFormat"] == "CycloneDX" else None
        except KeyError as error:
            raise ExportError(f"{path}: expected a bill of materials (CycloneDX), found no {error}") from error
        except ValueError as error:
            raise ExportError(str(error)) from error
        if not components:
            raise ExportError(f"{path}: expected components, found none")
        for component in filter(is_shipped, components):
            found = licences_of(component) or [_LOOKED_UP[name] for name in [component["name"]] if name in _LOOKED_UP]
            told = " AND ".join(found) if found else "none"
            rows.append((component["name"], component.get("version", ""), told))
            if not found or not all(accepted(one) for one in found):
                bad.append(f"{component['name']} {component.get('version', '')} ({told})")
    if bad:
        raise ExportError(f"licences that are not accepted (export/licences.py): {', '.join(bad)}")
    return rows
