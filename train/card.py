"""The model card's account of a training run: what was learnt from what, for how long, and where it stands."""

from __future__ import annotations

import dataclasses
import platform
from datetime import date
from pathlib import Path
from typing import Any

import keras

from models.artefact import ArtefactError, read_card, runs
from train import metrics, resuming
from train.config import Config, DistillConfig


def training_card(config: Config, workdir: Path, step: int, skipped: list[Any]) -> dict[str, Any]:
    """Card entries of a run that stands at `step`: architecture, provenance with its lineage, and the last losses."""
    student = isinstance(config, DistillConfig)
    lines = metrics.read(workdir)
    model = config.model
    provenance: dict[str, Any] = {
        "command": f"python -m train {'distill' if student else 'teacher'}",
        "workdir": str(workdir),
        "steps": step,
        "pairs": step * config.data.batch_size,
        "hours": round(lines[-1]["seconds"] / 3600, 2) if lines else 0.0,
        "date": date.today().isoformat(),
        "machine": f"{platform.machine()} {platform.system()}, Keras {keras.__version__} on {keras.backend.backend()}",
        "starting_weights": {
            "predictor": Path(model.start_from or model.predictor_from or model.predictor_weights).name,
            "loss_network": Path(config.loss.vgg16_weights).name,
            **(
                {"second_loss_network": Path(config.loss.mobilenet_weights).name}
                if config.loss.mobilenet_weight
                else {}
            ),
        },
        "data": {"content": config.data.content, "style": config.data.style, "skipped": len(skipped)},
        "config": dataclasses.asdict(config),
    }
    record = resuming.record(workdir)
    holds = record.get("holds", {})
    provenance["data"] |= {"holds": {name: holds[f"data.{name}"] for name in ("content", "style") if holds}}
    if len(record.get("legs", [])) > 1:
        provenance["prolonged"] = [{"after": start, "to": steps} for start, steps in record["legs"][1:]]
    provenance["lineage"] = record.get("lineage", [])
    architecture: dict[str, str] = {"predictor": model.predictor, "transformer": model.transformer}
    if isinstance(config, DistillConfig) and config.distillation.transformer == "teacher":
        architecture["transformer"] = "the teacher's"
    return {
        "name": f"impasto-{'student' if student else 'teacher'}",
        "architecture": architecture,
        "provenance": provenance,
        "figures": {"training": {k: v for k, v in lines[-1].items() if k != "seconds"} if lines else {}},
    }


def lineage(config: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs that this one's starting networks and teacher came from, oldest first, each with its own config."""
    found: dict[str, dict[str, Any]] = {}
    distillation = config.get("distillation", {})
    origins = (config["model"].get(name) for name in ("start_from", "predictor_from"))
    for path in (*origins, distillation.get("teacher"), distillation.get("painter")):
        if not path:
            continue
        try:
            card = read_card(path)
        except ArtefactError:  # moved since: its name is all that can be said
            found[path] = {"name": Path(path).name}
            continue
        provenance = card.get("provenance", {})
        if not provenance.get("lineage"):
            card |= {"provenance": {**provenance, "lineage": lineage(provenance.get("config", {"model": {}}))}}
        for checksum, run in runs(card).items():
            found.setdefault(checksum, run)
    return list(found.values())
