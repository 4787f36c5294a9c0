"""The exports that ship inside the package `impasto`: each shipped artefact for each of its runtimes, proven."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from export.manifest import Manifest
from export.proven import write_proven
from export.registry import FORMATS

# What ships, by its name in impasto.library; the first is the folder's own painter.
_SHIPPED = {"fast": Path("models/shipped/student.keras"), "fine": Path("models/shipped/student-fine.keras")}
# What impasto runs, and how weights are stored: rounded to float16, a wheel holds twice as many.
RUNTIMES = ("litert", "onnx")
PRECISION = "float16"


def artefacts(root: Path = Path()) -> dict[str, Path]:
    """The shipped artefacts of a checkout by name: all that are there, and `fast` in any case."""
    return {name: root / path for name, path in _SHIPPED.items() if name == "fast" or (root / path).is_file()}


def write_package(
    out: Path,
    artefacts: dict[str, Path],
    report: Callable[[str], None] = print,
    *,
    verify: bool = True,
) -> list[Manifest]:
    """Writes `out`/RUNTIME for every runtime, all painters in one folder, each as a whole and after its proof.

    Args:
        out: The package's folder of models.
        artefacts: Paths by name; all with one predictor.
        report: Told one line an export and size.
        verify: Whether to prove that the exports paint what Keras paints.

    Raises:
        ExportError: as for any export.
    """
    first, *others = artefacts.items()
    written = []
    for runtime in RUNTIMES:
        folder = out / runtime
        written.append(
            write_proven(
                first[1], folder, FORMATS[runtime], name=first[0], precision=PRECISION, painters=dict(others),
                verify=verify, report=report,
            )
        )  # fmt: skip
        report(f"{folder}: written")
    return written
