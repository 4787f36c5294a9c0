"""The model card's account of a training run: what was learnt from what, for how long, and where it stands."""

from __future__ import annotations

import dataclasses
import platform
from datetime import date
from pathlib import Path
from typing import Any

import keras

from train import metrics, resuming
from train.config import Config, DistillConfig
from train.lineage import command_line


def card_of(card: dict[str, Any], result: str, config: Config) -> dict[str, Any]:
    """The card of one of a run's results, of the card of the run: another name, another architecture.

    Args:
        card: Of `training_card`.
        result: As in the trainer's `results`.
        config: Of the run.
    """
    if isinstance(config, DistillConfig) or result == "teacher":
        return card
    model, student = config.model, config.student
    transformer = model.transformer if result == "student-large" else student.transformer
    return {
        **card,
        "name": f"impasto-{result}",
        "architecture": {"predictor": student.predictor, "transformer": transformer},
    }


def training_card(config: Config, workdir: Path, step: int, skipped: list[Any]) -> dict[str, Any]:
    """Card entries of a run that stands at `step`: architecture, provenance with its lineage, and the last losses."""
    student = isinstance(config, DistillConfig)
    lines = metrics.read(workdir)
    model = config.model
    provenance: dict[str, Any] = {
        "command": command_line(config),
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
