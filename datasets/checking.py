"""What a folder of pictures holds: counts, sizes, duplicates, and which files cannot be used and why."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from datasets.duplicates import near_groups, perceptual_hash
from datasets.folder import FolderSource
from impasto.console import progress, shown
from impasto.errors import PictureError
from impasto.pictures.reading import read
from impasto.pictures.writing import write

# Side of a picture on the contact sheet, in pixels.
_CELL = 140
_SHORT_SIDES = (0, 64, 128, 256, 384, 512, 768, 1024, 2048, 4096)


def check_folder(source: FolderSource, *, near: int = 4) -> dict[str, Any]:
    """Decodes every picture below a folder and reports.

    Returns counts, formats, wrong suffixes, sizes (width, height by file), exact duplicates (groups of equal
    bytes), near duplicates (groups whose perceptual hashes differ in at most `near` of 64 bits), unreadable
    files and folders with the reason, and files that were ignored as no pictures.
    """
    unreadable = [{"name": error.name, "reason": error.reason} for error in source.unreadable_folders]
    formats: Counter[str] = Counter()
    mislabelled: list[str] = []
    sizes: dict[str, tuple[int, int]] = {}
    digests: defaultdict[str, list[str]] = defaultdict(list)
    hashes: dict[str, int] = {}
    for index in progress(range(len(source)), desc="checking", unit="picture"):
        key, file = source.key(index), source.describe(index)
        try:
            picture = read(file)
        except PictureError as error:
            unreadable.append({"name": error.name, "reason": error.reason})
            continue
        image, kind = picture.pixels, picture.format
        formats[kind] += 1
        if Image.registered_extensions().get(Path(key).suffix.lower()) != kind and not _same_family(key, kind):
            mislabelled.append(f"{key} is {kind}")
        sizes[key] = (image.shape[1], image.shape[0])
        digests[hashlib.sha256(Path(file).read_bytes()).hexdigest()].append(key)
        hashes[key] = perceptual_hash(image)
    exact = [keys for keys in digests.values() if len(keys) > 1]
    copies = {key for keys in exact for key in keys[1:]}
    return {
        "folder": source.name,
        "files": len(source),
        "readable": len(sizes),
        "formats": dict(formats.most_common()),
        "mislabelled": mislabelled,
        "sizes": sizes,
        "exact_duplicates": exact,
        "near_duplicates": _near(hashes, copies, near),
        "unreadable": unreadable,
        "ignored": source.ignored,
    }


def _near(hashes: dict[str, int], copies: set[str], near: int) -> list[list[str]]:
    """Groups of near copies by name, exact copies left out."""
    names = [name for name in hashes if name not in copies]
    return [[names[place] for place in group] for group in near_groups([hashes[name] for name in names], near)]


def _same_family(key: str, kind: str) -> bool:
    """Formats that share a suffix: a multi-picture JPEG (MPO) is called .jpg by every camera."""
    return kind == "MPO" and Path(key).suffix.lower() in (".jpg", ".jpeg")


def report_lines(report: dict[str, Any], longest: int = 20) -> list[str]:
    """The report for people; long lists are cut after `longest` entries."""
    lines = [f"{report['folder']}: {report['readable']} of {report['files']} pictures can be used"]
    lines.append("formats: " + (", ".join(f"{kind} {count}" for kind, count in report["formats"].items()) or "none"))
    if report["sizes"]:
        sides = np.array(list(report["sizes"].values()))
        for name, values in (("short side", sides.min(1)), ("long side", sides.max(1))):
            low, quarter, middle, three, high = (int(v) for v in np.quantile(values, (0, 0.25, 0.5, 0.75, 1)))
            lines.append(f"{name} px: min {low}, quartiles {quarter} {middle} {three}, max {high}")
        counts, _ = np.histogram(sides.min(1), bins=[*_SHORT_SIDES, 10**9])
        lines.append("pictures by short side:")
        for low, count in zip(_SHORT_SIDES, counts, strict=True):
            if count:
                lines.append(f"  from {low:>4} px {count:>7} {'#' * max(round(40 * count / counts.max()), 1)}")
    blocks = (
        ("unreadable", [f"{entry['name']}: {entry['reason']}" for entry in report["unreadable"]]),
        ("wrong suffix (read all the same)", report["mislabelled"]),
        ("exact duplicates", [" = ".join(group) for group in report["exact_duplicates"]]),
        ("near duplicates", [" ~ ".join(group) for group in report["near_duplicates"]]),
        ("ignored, no pictures", report["ignored"]),
    )
    for title, entries in blocks:
        lines.append(f"{title}: {len(entries)}")
        lines += [f"  {entry}" for entry in entries[:longest]]
        if len(entries) > longest:
            lines.append(f"  ... and {len(entries) - longest} more (--json has them all)")
    return [shown(line) for line in lines]


def write_sheet(path: str | Path, report: dict[str, Any], out: Path, count: int = 80) -> None:
    """Contact sheet of readable pictures spread over the folder, and of the first duplicate groups."""
    from datasets.contact_sheet import contact_sheet

    root, keys = Path(path), sorted(report["sizes"])
    if not keys:
        raise ValueError(f"{path} has no readable picture to show")
    chosen = [keys[int(i)] for i in np.linspace(0, len(keys) - 1, min(count, len(keys))).round()]
    rows: list[list[np.ndarray]] = []
    titles: list[str] = []
    for start in range(0, len(chosen), 10):
        rows.append([read(root / key, long_side=_CELL).pixels for key in chosen[start : start + 10]])
        titles.append(f"{chosen[start]} ...")
    for label in ("exact", "near"):
        for group in report[f"{label}_duplicates"][:6]:
            rows.append([read(root / key, long_side=_CELL).pixels for key in group[:10]])
            titles.append(f"{label} duplicates: {group[0]} ...")
    write(out, contact_sheet(rows, titles, cell=_CELL))
