"""The files of an evaluation: a CSV of every picture, contact sheets, and one HTML page that holds all."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
from PIL import Image

from datasets.contact_sheet import contact_sheet
from impasto.files import make_folder, write_json, write_text
from impasto.pictures.writing import write
from train.evaluation_names import LOSSES, PAGE, SUMMARY, sheet_file
from train.grid import Picture, Pictures, Row, Summary
from train.judge import COLUMNS, JUDGES
from train.probes import Probe


def write_report(
    folder: Path,
    rows: Sequence[Row],
    pictures: Pictures,
    summaries: Sequence[Summary],
    probes: Sequence[Probe],
    contents: Sequence[Picture],
    styles: Sequence[Picture],
    title: str,
) -> Path:
    """Writes `losses.csv`, `summary.json`, `SYSTEM.png` a system and `report.html` into `folder`; returns the page.

    The page needs nothing beside it: pictures are inside.
    """
    make_folder(folder)
    _write_csv(folder / LOSSES, rows)
    _write_summary(folder / SUMMARY, summaries, probes, title)
    sheets = {}
    for system in dict.fromkeys(row.system for row in rows):
        sheet = _sheet(system, pictures, contents, styles)
        write(folder / sheet_file(system), sheet)
        sheets[system] = _as_data_url(sheet)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined
    )
    page = environment.get_template("report.html.jinja").render(
        title=title, judges=JUDGES, summaries=summaries, probes=probes, sheets=sheets, best=_best(summaries)
    )
    path = folder / PAGE
    write_text(path, page)
    return path


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["system", "content", "style", "observed", *COLUMNS])
    for row in rows:
        numbers = [f"{row.losses[name]:.6f}" for name in COLUMNS]
        writer.writerow([row.system, row.content, row.style, row.observed, *numbers])
    write_text(path, file.getvalue())


def _write_summary(path: Path, summaries: Sequence[Summary], probes: Sequence[Probe], title: str) -> None:
    """The table as a model card's entry: `python -m models ship --add` merges it."""
    table: dict[str, dict[str, Any]] = {}
    for summary in summaries:
        losses = {**summary.means, **summary.worst_deciles}
        rounded = {name: round(value, 4) for name, value in losses.items()}
        table.setdefault(summary.system, {})[summary.observed] = {"pairs": summary.pairs, **rounded}
    for probe in probes:
        table[probe.system] |= {"border": round(probe.border, 4), "flicker": round(probe.flicker, 4)}
    entry = {"figures": {"evaluation": {"what": title, "systems": table}}}
    write_json(path, entry, indent=2)


def _sheet(system: str, pictures: Pictures, contents: Sequence[Picture], styles: Sequence[Picture]) -> Image.Image:
    header = [None, *(style.image for style in styles)]
    body = [[content.image, *(pictures[system, content.key, style.key] for style in styles)] for content in contents]
    return contact_sheet([header, *body], column_titles=["", *(style.observed for style in styles)])


def _as_data_url(sheet: Image.Image) -> str:
    buffer = io.BytesIO()
    sheet.save(buffer, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def _best(summaries: Sequence[Summary]) -> dict[tuple[str, str], float]:
    """The lowest value of each column among the systems, by (kind of styles, column)."""
    best: dict[tuple[str, str], float] = {}
    for summary in summaries:
        for name, value in [*summary.means.items(), *summary.worst_deciles.items()]:
            key = (summary.observed, name)
            best[key] = min(best.get(key, value), value)
    return best
