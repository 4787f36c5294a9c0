"""The models that ship with the package, and loading them or any exported folder."""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from impasto.errors import ModelError
from impasto.exported import FILE_NAME, ExportedFolder, painters_of

if TYPE_CHECKING:
    from impasto.runtimes.protocol import Runtime

SHIPPED = Path(__file__).with_name("shipped")
# The fastest first. Each with the module that it needs.
RUNTIMES = {"litert": "ai_edge_litert", "onnx": "onnxruntime"}
# More threads than this make pictures of usual sizes no faster.
_MOST_THREADS = 8


@dataclass(frozen=True)
class Model:
    """A model that ships with the package.

    Attributes:
        name: For `impasto.load`.
        summary: One line: what it is good for.
        licence: Of the weights.
        bytes: On the disk, of one runtime's files; the predictor's, which all share, among them.
        runtimes: That it can be run in here.
        folder: Where it lies.
    """

    name: str
    summary: str
    licence: str
    bytes: int
    runtimes: tuple[str, ...]
    folder: Path


# By name, the best for still pictures first: the default.
SUMMARIES = {
    "fine": "larger and finer, for still pictures",
    "fast": "small and fast: previews, films, phones",
}
# What a folder's own graphs are; its further painters have names there. All share its style predictor.
_FIRST = "fast"


def models() -> list[Model]:
    """The models that ship with the package; the first is what `impasto.load()` loads."""
    return [_model(name) for name in shipped()]


def shipped() -> list[str]:
    """Names of the models that ship with the package, the best for still pictures first."""
    folders = [SHIPPED / runtime for runtime in RUNTIMES if (SHIPPED / runtime / FILE_NAME).is_file()]
    if not folders:
        return []
    there = {_FIRST, *painters_of(folders[0])}
    return [name for name in SUMMARIES if name in there]


def _painter(name: str) -> str | None:
    """What a shipped model is called in its folder's manifest."""
    return None if name == _FIRST else name


def _model(name: str) -> Model:
    written = [runtime for runtime in RUNTIMES if (SHIPPED / runtime / FILE_NAME).is_file()]
    found = ExportedFolder.read(SHIPPED / written[0], _painter(name))
    return Model(
        name=name,
        summary=SUMMARIES[name],
        licence=found.licence,
        bytes=sum(graph.file.stat().st_size for graph in found.graphs.values()),
        runtimes=tuple(runtime for runtime in written if is_installed(runtime)),
        folder=found.folder,
    )


def is_installed(runtime: str) -> bool:
    """Whether a runtime of `RUNTIMES` can be imported."""
    return importlib.util.find_spec(RUNTIMES[runtime]) is not None


def find(name_or_folder: str | os.PathLike[str] | None, runtime: str | None) -> ExportedFolder:
    """The exported folder that a model's name, or a folder's, stands for.

    Args:
        name_or_folder: None for the default.
        runtime: One of `RUNTIMES`; None for the fastest that is installed.

    Raises:
        ModelError: there is no such model or folder, or it cannot be run here; says what there is.
    """
    if runtime is not None and runtime not in RUNTIMES:
        raise ModelError(f"runtime must be one of {', '.join(RUNTIMES)}, received {runtime!r}")
    names = shipped()
    wanted = names[0] if name_or_folder is None else os.fspath(name_or_folder)
    if wanted in names:
        runtime = runtime or next((one for one in RUNTIMES if is_installed(one)), None)
        if runtime is None:
            raise ModelError("no runtime is installed: pip install ai-edge-litert, or pip install 'impasto[onnx]'")
        return ExportedFolder.read(SHIPPED / runtime, _painter(wanted))
    if not Path(wanted).is_dir():
        found = "a file" if Path(wanted).exists() else "no folder of that name"
        raise ModelError(
            f"{wanted}: expected an exported folder, or one of the models {', '.join(names)}, found {found}"
        )
    folder = ExportedFolder.read(wanted)
    if folder.runtime not in RUNTIMES:
        raise ModelError(
            f"{wanted}: exported for {folder.runtime}, which runs elsewhere; here run {', '.join(RUNTIMES)}"
        )
    if runtime not in (None, folder.runtime):
        raise ModelError(f"{wanted}: exported for {folder.runtime}, not for {runtime}")
    return folder


def own_styles(name_or_folder: str | None, runtime: str | None) -> tuple[str, ...]:
    """The styles by number of a model that was made for a few; those that ship paint any, and so have none.

    Raises:
        ModelError: as `find`.
    """
    if name_or_folder is None or name_or_folder.endswith(".keras"):  # artefacts of training are refused elsewhere
        return ()
    return find(name_or_folder, runtime).styles


def open_runtime(folder: ExportedFolder, threads: int | None) -> Runtime:
    """The runtime that a folder was written for.

    Args:
        folder: Of `find`.
        threads: For computing; None takes one a processor, 8 at most.
    """
    if threads is not None and threads < 1:
        raise ValueError(f"threads must be 1 or more. Received: {threads}")
    count = threads or min(processors(), _MOST_THREADS)
    if folder.runtime == "litert":
        from impasto.runtimes.litert import LiteRTRuntime

        return LiteRTRuntime(folder, count)
    from impasto.runtimes.onnx import OnnxRuntime

    return OnnxRuntime(folder, count)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux: also tells what a container allows
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
