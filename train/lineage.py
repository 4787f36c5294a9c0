"""How an artefact came to be: a command and a checksum for every run before it, short enough to travel with it.

A run's own card keeps its whole configuration. In the cards of those that follow it stands as one command, from which
the configuration can be had again: the nearest preset, and the flags that differ from it. Paths are left out, since
they are one machine's; what lay there is told by the checksums of the artefacts and of the pictures.
"""

from __future__ import annotations

import dataclasses
import json
import shlex
from pathlib import Path
from typing import Any

from models.artefact import ArtefactError, read_card, runs
from train import presets
from train.config import Config, ConfigError, DistillConfig, TeacherConfig, from_json

# What an ancestor keeps of its provenance.
_KEPT = ("name", "checksum", "command", "steps", "pairs", "pictures", "hours", "date", "prolonged", "averaged")
# Paths, and what only says how a run is run.
_LEFT_OUT = (
    "content",
    "style",
    "targets",
    "preview_content",
    "preview_style",
    "workers",
    "on_device",
    "start_from",
    "predictor_from",
    "predictor_weights",
    "teacher",
    "painter",
    "vgg16_weights",
    "mobilenet_weights",
)
# Artefacts here travel with cards of their own, which tell of what was before them.
_SHIPPED = Path(__file__).resolve().parents[1] / "models" / "shipped"
_SECTIONS = ("data", "model", "student", "distillation", "loss", "optim")


def command_line(config: Config) -> str:
    """The command that repeats a run, without its paths: `python -m train teacher fine --optim.steps 4000`."""
    return _command(isinstance(config, DistillConfig), dataclasses.asdict(config))


def lineage(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs that this one's starting networks and teacher came from, oldest first, each by its command.

    What came before an artefact of models/shipped stands in that artefact's card, and is not told again.
    """
    found: dict[str, dict[str, Any]] = {}
    distillation = config.get("distillation", {})
    origins = (config["model"].get(name) for name in ("start_from", "predictor_from"))
    student = config.get("student", {}).get("start_from")
    for path in (*origins, student, distillation.get("teacher"), distillation.get("painter")):
        if not path:
            continue
        try:
            card = read_card(path)
        except ArtefactError:  # moved since: its name is all that can be said
            found[path] = {"name": Path(path).name}
            continue
        if Path(path).resolve().parent == _SHIPPED:
            own = runs(card)[card["checksum"]]
            found.setdefault(card["checksum"], condensed(own) | {"card": f"models/shipped/{Path(path).stem}.json"})
            continue
        provenance = card.get("provenance", {})
        if not provenance.get("lineage"):
            card |= {"provenance": {**provenance, "lineage": lineage(provenance.get("config", {"model": {}}))}}
        for checksum, run in runs(card).items():
            found.setdefault(checksum, condensed(run))
    return list(found.values())


def condensed(run: dict[str, Any]) -> dict[str, Any]:
    """A run as its descendants tell of it: name, checksum, command, length and date; no configuration, no paths."""
    config = run.get("config")
    short = {key: run[key] for key in _KEPT if key in run}
    command = str(run.get("command", ""))
    # A card of before names the command alone, and has the flags in its configuration.
    bare = command.removeprefix("python -m train ")
    if bare in ("teacher", "distill") and isinstance(config, dict):
        short["command"] = _command(bare == "distill", config)
    return short


def _command(student: bool, config: dict[str, Any]) -> str:
    """From a configuration as a dict, of this version or of an older one, which may have fewer or other entries."""
    try:
        config = dataclasses.asdict(from_json(DistillConfig if student else TeacherConfig, json.dumps(config)))
    except ConfigError:
        pass  # an entry that is gone by now: what is left is compared
    named = presets.DISTILL if student else presets.TEACHER
    plain = _plain(config)
    flags = {name: _flags(plain, _plain(dataclasses.asdict(preset))) for name, preset in named.items()}
    nearest = min(flags, key=lambda name: len(flags[name]))
    return " ".join(["python -m train", "distill" if student else "teacher", nearest, *flags[nearest]])


def _flags(config: dict[str, Any], preset: dict[str, Any]) -> list[str]:
    """What has to be said on the command line to make the preset this configuration."""
    found = []
    for section in _SECTIONS:
        known = preset.get(section, {})
        for name, value in config.get(section, {}).items():
            if name not in _LEFT_OUT and name in known and value != known[name]:
                found.append(_flag(f"{section}.{name}".replace("_", "-"), value))
    seed = config.get("run", {}).get("seed", 0)
    return found + ([f"--run.seed {seed}"] if seed else [])


def _plain(config: dict[str, Any]) -> dict[str, Any]:
    """As JSON holds it, which has lists where a configuration has tuples."""
    plain: dict[str, Any] = json.loads(json.dumps(config))
    return plain


def _flag(name: str, value: Any) -> str:
    if isinstance(value, bool):
        section, _, field = name.partition(".")
        return f"--{name}" if value else f"--{section}.no-{field}"
    values = value if isinstance(value, list) else [value]
    return " ".join([f"--{name}", *(shlex.quote(str(item)) for item in values)])
