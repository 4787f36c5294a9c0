"""The same run on the JAX backend, on packed arrays, on a machine where TensorFlow cannot be imported."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from without_tensorflow import TRAIN

from datasets.opening import open_source
from datasets.packed import pack
from models.stylizer import Stylizer
from train import metrics

ROOT = Path(__file__).parent.parent


@pytest.mark.slow  # of compiling; `make test-jax` runs it
def test_two_steps_on_jax(tmp_path: Path) -> None:
    for role in ("content", "style"):
        pack(open_source("synthetic:6:64", role=role), tmp_path / f"{role}.npy", canvas=64, role=role)
    workdir = tmp_path / "run"
    command = [
        sys.executable, "-c", TRAIN, "teacher", "tiny", "--workdir", str(workdir),
        "--data.content", f"packed:{tmp_path}/content.npy", "--data.style", f"packed:{tmp_path}/style.npy",
        "--data.on-device", "--data.canvas", "64", "--data.content-size", "32", "--data.style-size", "32", "33",
        "--optim.steps", "2", "--run.log-every", "1", "--run.picture-every", "1", "--run.checkpoint-every", "1",
    ]  # fmt: skip
    # XLA takes twice as long to optimise these two steps as to compile them.
    environment = os.environ | {
        "KERAS_BACKEND": "jax",
        "JAX_PLATFORMS": "cpu",
        "XLA_FLAGS": "--xla_backend_optimization_level=0",
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = metrics.read(workdir)
    assert [line["step"] for line in lines] == [1, 2]
    signals = {f"{signal}/{part}" for signal in ("gradient", "update") for part in ("predictor", "transformer")}
    assert signals | {"learning_rate", "pairs_per_second", "waiting"} <= set(lines[1])
    assert all(lines[0][name] > 0 for name in signals)
    card = Stylizer.load(workdir / "teacher.keras").card
    assert card["provenance"]["machine"].endswith("on jax")
