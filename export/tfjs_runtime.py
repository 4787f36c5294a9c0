"""Running TensorFlow.js graph models under Node: NumPy arrays in, NumPy arrays out."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from export.manifest import ExportError
from export.runtime import ExportedModel

RUNNER = Path(__file__).with_name("tfjs_runner.mjs")
PACKAGES = ("tfjs-core", "tfjs-converter")
NODE_MODULES = Path("web_demo/node_modules")


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


class TfjsSession:
    """A Node process that runs graph models; a context manager, since the process must end.

    Attributes:
        name: The runtime and its version.

    Args:
        node_modules: Where npm installed TensorFlow.js.
        backend: "wasm" or "cpu".

    Raises:
        ExportError: Node or a package is missing, or TensorFlow.js does not start.
    """

    def __init__(self, node_modules: Path = NODE_MODULES, backend: str = "wasm") -> None:
        node = require_runtime(node_modules, backend)
        self._scratch = tempfile.TemporaryDirectory(prefix="impasto-tfjs-")
        self._errors = Path(self._scratch.name, "errors")
        with self._errors.open("wb") as errors:
            self._process = subprocess.Popen(
                [node, RUNNER, node_modules, backend],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            )  # fmt: skip
        try:
            self.name: str = self._listen()["runtime"]
        except BaseException:
            self.close()
            raise

    def run(self, model: Path, feeds: Mapping[str, np.ndarray], outputs: Sequence[str]) -> list[np.ndarray]:
        """Executes the graph model in the file `model`; float32 answers in the order of `outputs`.

        Args:
            model: A model.json.
            feeds: Array for each tensor's name.
            outputs: Names of tensors.

        Raises:
            ExportError: the runtime refused; the message holds its own.
        """
        scratch = Path(self._scratch.name)
        request: dict[str, Any] = {"model": str(model), "feeds": {}, "outputs": []}
        for index, (tensor, values) in enumerate(feeds.items()):
            file = scratch / f"feed{index}"
            np.ascontiguousarray(values, "<f4").tofile(file)
            request["feeds"][tensor] = {"file": str(file), "shape": list(values.shape)}
        files = [scratch / f"output{index}" for index in range(len(outputs))]
        request["outputs"] = [
            {"tensor": tensor, "file": str(file)} for tensor, file in zip(outputs, files, strict=True)
        ]
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._listen()
        if "error" in answer:
            raise ExportError(f"TensorFlow.js could not run {model}: {answer['error']}")
        return [np.fromfile(file, "<f4").reshape(shape) for file, shape in zip(files, answer["shapes"], strict=True)]

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.communicate()
        self._scratch.cleanup()

    def __enter__(self) -> TfjsSession:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _listen(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            self._process.wait()
            raise ExportError(f"Node stopped while running TensorFlow.js: {_reason(self._errors.read_text())}")
        answer: dict[str, Any] = json.loads(line)
        return answer


class TfjsModel(ExportedModel):
    """An exported folder of TensorFlow.js graph models, run under Node.

    Args:
        folder: What `python -m export tfjs` wrote.
        node_modules: Where npm installed TensorFlow.js.
        backend: "wasm" or "cpu".
        painter: One of the folder's further painters; None for the first.
    """

    runtime = "tfjs"

    def __init__(
        self,
        folder: Path,
        node_modules: Path = NODE_MODULES,
        backend: str = "wasm",
        painter: str | None = None,
    ) -> None:
        super().__init__(folder, painter)
        self._session = TfjsSession(node_modules, backend)
        self.name = self._session.name

    def run(self, graph: str, inputs: dict[str, np.ndarray], outputs: tuple[str, ...]) -> tuple[np.ndarray, ...]:
        entry = self.manifest.graph(graph)
        feeds = {entry.inputs[name]: array for name, array in inputs.items()}
        names = [entry.outputs[name] for name in outputs]
        return tuple(self._session.run(self.folder / entry.model, feeds, names))

    def paint_tile(self, content: np.ndarray, affine: np.ndarray) -> np.ndarray:
        """A part of a picture `[1, H, W, 3]`, painted with the whole's `affine` `[1, T]`."""
        entry = self.manifest.transformer
        feeds, start = {entry.inputs["content"]: content}, 0
        for node in entry.affine_nodes or ():
            feeds[node["node"]] = affine[0, start : start + node["size"]]
            start += node["size"]
        return self._session.run(self.folder / entry.model, feeds, [entry.outputs["stylised"]])[0]

    def close(self) -> None:
        self._session.close()


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    errors = [line for line in lines if "Error:" in line]
    return (errors or lines or ["no message"])[0]
