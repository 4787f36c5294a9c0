"""Which command goes on with a run: what decides the result must match, how it is run may change.

A workdir holds `config.json`, the last command's config, and `run.json`: what the data and the weights were that the
run was begun with, by what they hold and not by where they lie, and the lengths that it was meant to have.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from datasets.fingerprint import fingerprint
from datasets.pairs import Pairs
from impasto.files import make_folder, write_json, write_text
from impasto.text_files import read_json, read_text
from train import checkpoints
from train.config import CONFIG, Config, ConfigError, from_json, to_json
from train.places import CHECKPOINTS, RUN, TARGETS
from train.schedule import Leg

# How a run is run: none of these changes what is learnt. `optim.steps` prolongs it (train/schedule.py).
MAY_CHANGE = frozenset(
    {
        "data.workers",
        # The same pairs, gathered elsewhere (datasets/indexed_pairs.py).
        "data.on_device",
        "data.preview_content",
        "data.preview_style",
        "optim.steps",
        "run.log_every",
        "run.checkpoint_every",
        "run.picture_every",
        "run.keep_checkpoints",
        "run.steps_per_execution",
    }
)
# Sources of pictures and files: another path is the same run if the same is found there.
_SOURCES = ("data.content", "data.style")
_FILES = (
    "data.targets",
    "loss.vgg16_weights",
    "loss.mobilenet_weights",
    "distillation.teacher",
    "distillation.painter",
)
# How the networks started, which the checkpoint has overtaken: other values are another run, but the files may be gone.
_STARTS = ("model.predictor_weights", "model.start_from", "model.predictor_from", "student.start_from")


def claim(workdir: Path, config: Config, pairs: Pairs, lineage: Callable[[], list[Any]] = list) -> list[Leg]:
    """Writes the config into a new workdir, or makes sure that an old one holds this very run; returns its legs.

    Args:
        workdir, config: Of the run.
        pairs: Its opened data.
        lineage: Reads the runs that this one starts from, once: later, their files may be gone.

    Raises:
        ConfigError: the workdir holds another run; names the fields.
    """
    found = _holdings(config, pairs)
    # Before the first checkpoint there is no run to protect: a mistyped path can be corrected.
    if not (workdir / CONFIG).is_file() or not checkpoints.existing(workdir / CHECKPOINTS):
        legs = [Leg(0, config.optim.steps)]
        _write(workdir, config, {"holds": found, "legs": legs, "lineage": lineage()})
        return legs
    before = _config_before(workdir, type(config))
    known = record(workdir)
    changes = [
        change
        for name, old, new in _differences(before, config)
        if name not in MAY_CHANGE and (change := _change(name, old, new, known.get("holds", {}), found))
    ]
    for name in _SOURCES:
        held = known.get("holds", {}).get(name)
        if held and held != found[name] and not any(change.startswith(name) for change in changes):
            changes.append(f"{name} {_told(held, found[name])}")
    if changes:
        raise ConfigError(f"{workdir} holds another run ({'; '.join(changes)}); use its values or another --workdir")
    legs = [Leg(*leg) for leg in known.get("legs", [])] or [Leg(0, before.optim.steps)]
    ancestors = known["lineage"] if "lineage" in known else lineage()
    _write(workdir, config, {"holds": found | known.get("holds", {}), "legs": legs, "lineage": ancestors})
    return legs


def decisive(config: Config, pairs: Pairs) -> dict[str, Any]:
    """What decides a run's numbers, by name: fields that are no paths, and what lies at those that are."""
    paths = {*_SOURCES, *_FILES, *_STARTS}
    free = paths | MAY_CHANGE - {"optim.steps", "run.steps_per_execution", "data.on_device"}
    values = {f"{section}.{name}": value for section, part in asdict(config).items() for name, value in part.items()}
    found = {name: value for name, value in values.items() if name not in free}
    holds = _holdings(config, pairs)
    return found | {name: holds.get(name, "") for name in sorted(paths)}


def prolong(workdir: Path, config: Config, legs: list[Leg], start: int) -> list[Leg]:
    """The legs of a run that goes on after step `start` under `config`, also written down.

    Raises:
        ConfigError: the run has more steps behind it than it is to have.
    """
    steps = config.optim.steps
    if start > steps:
        raise ConfigError(f"{workdir} has done {start} steps; optim.steps cannot be made less. Received: {steps}")
    # A leg that began after the checkpoint that could be restored is as if it had not been.
    legs = [leg for leg in legs if leg.start < start] or [Leg(0, steps)]
    if legs[-1].steps != steps:
        legs.append(Leg(start, steps))
    write_json(workdir / RUN, {**record(workdir), "legs": legs})
    return legs


def _write(workdir: Path, config: Config, content: dict[str, Any]) -> None:
    make_folder(workdir)
    write_json(workdir / RUN, {"format": "impasto-run", "version": 1, **content})
    write_text(workdir / CONFIG, to_json(config))


def _config_before(workdir: Path, kind: type[Config]) -> Config:
    path = workdir / CONFIG
    try:
        return from_json(kind, read_text(path, "a run's configuration"))
    except ValueError as error:
        raise ConfigError(f"{path} does not describe a run of this kind ({error}); use another --workdir") from error


def record(workdir: Path) -> dict[str, Any]:
    """What `run.json` says: `holds`, `legs`, `lineage`; nothing for runs of versions that wrote none.

    Raises:
        ValueError: it is damaged. A run that went on without it would have no ancestors, and no data to compare with.
    """
    path = workdir / RUN
    return read_json(path, "what a run was begun with") if path.exists() else {}


def _holdings(config: Config, pairs: Pairs) -> dict[str, Any]:
    """What lies at the config's paths, by the fields' names."""
    found: dict[str, Any] = {"data.content": fingerprint(pairs.content), "data.style": fingerprint(pairs.style)}
    for name in (*_FILES, *_STARTS):
        digest = _file_digest(_value(config, name))
        if digest:
            found[name] = digest
    return found


def _value(config: Any, name: str) -> str:
    section, _, field = name.partition(".")
    return str(getattr(getattr(config, section, None), field, "") or "")


@lru_cache(maxsize=16)
def _file_digest(path: str) -> str:
    file = Path(path).expanduser()
    if path and (file / TARGETS).is_file():
        file = file / TARGETS  # of a folder of targets, which says what it holds
    if not path or not file.is_file():
        return ""
    return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


def _differences(before: Any, after: Any, where: str = "") -> list[tuple[str, Any, Any]]:
    """(dotted name, value before, value now) of the fields that differ."""
    if not is_dataclass(before):
        return [] if before == after else [(where, before, after)]
    changes = []
    for field in fields(before):
        pair = getattr(before, field.name), getattr(after, field.name)
        changes += _differences(*pair, f"{where}.{field.name}".lstrip("."))
    return changes


def _change(name: str, old: Any, new: Any, holds: dict[str, Any], found: dict[str, Any]) -> str:
    """What has changed in a field whose text differs; empty where its paths lead to the same."""
    known = holds.get(name)
    if name in (*_SOURCES, *_FILES, *_STARTS) and known is not None:
        if found.get(name) == known:
            return ""
        if name in _SOURCES:
            return f"{name} was {old!r}, now {new!r}, {_told(known, found[name])}"
    return f"{name} was {old!r}, now {new!r}"


def _told(known: dict[str, Any], found: dict[str, Any]) -> str:
    before, now = known["pictures"], found["pictures"]
    return (
        f"which held {before} pictures and holds {now}" if before != now else f"holds other pictures, {now} as before"
    )
