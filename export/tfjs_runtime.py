"""Running exported graph models in TensorFlow.js under Node: NumPy arrays in, NumPy arrays out."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import ExportError, GraphEntry

RUNNER = Path(__file__).with_name("tfjs_runner.mjs")
PACKAGES = ("tfjs-core", "tfjs-converter")


@dataclass(frozen=True)
class Run:
    """One execution of a graph.

    Attributes:
        graph: Entry of the manifest.
        inputs: Array for each input's name, or the index of an earlier run whose answer is fed.
        repeats: Timed repetitions after the first.
    """

    graph: GraphEntry
    inputs: Mapping[str, np.ndarray | int]
    repeats: int = 0


@dataclass(frozen=True)
class Answer:
    """float32 `values` and the fastest repetition in `milliseconds` (None without repetitions)."""

    values: np.ndarray
    milliseconds: float | None


def require_runtime(node_modules: Path, backend: str = "wasm") -> str:
    """Path of the Node executable, after checking that TensorFlow.js is there.

    Raises:
        ExportError: Node or a package is missing; the message says how to get it.
    """
    node = shutil.which("node")
    remedy = "or pass --no-verify to export without running the result"
    if node is None:
        raise ExportError(f"verifying needs Node 20 or later, and no `node` is on the PATH: install it, {remedy}")
    for name in (*PACKAGES, f"tfjs-backend-{backend}"):
        if not (node_modules / "@tensorflow" / name / "package.json").is_file():
            raise ExportError(
                f"verifying needs the npm package @tensorflow/{name}, which is not in {node_modules}: "
                f"run `npm ci` in {node_modules.parent}, {remedy}"
            )
    return node


def execute(folder: Path, runs: Sequence[Run], node_modules: Path, backend: str = "wasm") -> tuple[str, list[Answer]]:
    """Executes `runs` in order in one Node process: `(runtime's name and version, answers)`.

    Args:
        folder: Exported folder, which the graphs' paths are relative to.
        runs: What to execute.
        node_modules: Where npm installed TensorFlow.js.
        backend: "wasm" or "cpu".

    Raises:
        ExportError: the runtime is missing or the run failed; the message holds the runtime's own.
    """
    node = require_runtime(node_modules, backend)
    with tempfile.TemporaryDirectory(prefix="impasto-tfjs-") as scratch:
        job = _write_job(folder, runs, node_modules, backend, Path(scratch))
        report = Path(scratch, "report.json")
        done = subprocess.run([node, RUNNER, job, report], capture_output=True, text=True, check=False)
        if done.returncode or not report.is_file():
            raise ExportError(f"TensorFlow.js could not run the exported model in {folder}: {_reason(done.stderr)}")
        answered = json.loads(report.read_text())
        answers = [
            Answer(np.fromfile(Path(scratch, f"result{index}"), "<f4").reshape(run["shape"]), run["milliseconds"])
            for index, run in enumerate(answered["runs"])
        ]
    return answered["runtime"], answers


def _write_job(folder: Path, runs: Sequence[Run], node_modules: Path, backend: str, scratch: Path) -> Path:
    job: dict[str, Any] = {"nodeModules": str(node_modules.resolve()), "backend": backend, "runs": []}
    for index, run in enumerate(runs):
        feeds: dict[str, dict[str, Any]] = {}
        for name, value in run.inputs.items():
            if isinstance(value, int):
                feeds[run.graph.inputs[name]] = {"answer": value}
                continue
            file = scratch / f"input{index}-{name}"
            np.ascontiguousarray(value, "<f4").tofile(file)
            feeds[run.graph.inputs[name]] = {"file": str(file), "shape": list(value.shape)}
        job["runs"].append(
            {
                "model": str(folder / run.graph.model),
                "inputs": feeds,
                "output": run.graph.output,
                "result": str(scratch / f"result{index}"),
                "repeats": run.repeats,
            }
        )
    path = scratch / "job.json"
    path.write_text(json.dumps(job))
    return path


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "Error:" in line]
    return (errors or lines or ["no message"])[0]
