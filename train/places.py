"""What lies in a workdir and in a folder of targets; that it can be written is proven before the backend is loaded.

A folder in the place of `teacher.keras` would else be found when a run of days ends.
"""

from __future__ import annotations

from pathlib import Path

from impasto.files import prove_writable, remove_empty
from train import metrics
from train.config import CONFIG, Config, DistillConfig

# Of a workdir: what a run was begun with, the picture grids, the checkpoints.
RUN, PICTURES, CHECKPOINTS = "run.json", "pictures", "checkpoints"
# Of a folder of targets: what they are of, and the arrays.
TARGETS = "targets.json"
ARRAYS = ("content", "content_scale", "identity", "identity_scale", "style", "style_scale")


def artefact(workdir: Path, config: Config) -> Path:
    """Where a run's result lies; of several the one that is written last."""
    return artefacts(workdir, config)[-1]


def artefacts(workdir: Path, config: Config) -> list[Path]:
    """Where the trainer's `results` lie, in the order in which they are written."""
    if isinstance(config, DistillConfig):
        names = ["student"]
    else:
        names = [*(["student-large", "student"] if config.student.start_from else []), "teacher"]
    return [workdir / f"{name}.keras" for name in names]


def prove_workdir(workdir: Path, config: Config) -> None:
    """Makes the workdir.

    Raises:
        FileError: it, or something that a run writes into it, cannot be written.
    """
    prove_writable([*artefacts(workdir, config), *(workdir / name for name in (CONFIG, RUN, metrics.FILE))])
    for name in (PICTURES, CHECKPOINTS, metrics.TENSORBOARD):
        remove_empty(prove_writable([workdir / name / "trial"]))


def prove_targets(folder: Path) -> None:
    """Makes the folder of targets; raises likewise."""
    prove_writable([folder / TARGETS, *(folder / f"{name}.npy" for name in ARRAYS)])
