"""The exports that ship inside the package `impasto`: each shipped artefact for each of its runtimes, proven."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from export.manifest import Manifest
from export.registry import FORMATS

if TYPE_CHECKING:
    from models.stylizer import Stylizer

# What ships, by its name in impasto.library.
ARTEFACTS = {"fast": Path("models/shipped/student.keras")}
# What impasto runs, and how weights are stored: rounded to float16, a wheel holds twice as many.
RUNTIMES = ("litert", "onnx")
PRECISION = "float16"


def write_package(
    out: Path,
    artefacts: dict[str, Path],
    report: Callable[[str], None] = print,
    *,
    verify: bool = True,
) -> list[Manifest]:
    """Writes `out`/NAME/RUNTIME for every artefact and runtime, each as a whole and after its proof.

    Args:
        out: The package's folder of models.
        artefacts: Paths by name.
        report: Told one line an export and size.
        verify: Whether to prove that the exports paint what Keras paints.

    Raises:
        ExportError: as for any export.
    """
    from export.folder import write_export
    from export.verify import verifier
    from models.stylizer import Stylizer

    written = []
    for name, path in artefacts.items():
        stylizer: Stylizer = Stylizer.load(path)
        for runtime in RUNTIMES:
            chosen = FORMATS[runtime]
            check = verifier(stylizer, None, None, partial(chosen.load), report) if verify else None
            folder = out / name / runtime
            written.append(write_export(stylizer, folder, chosen, name=name, precision=PRECISION, check=check))
            report(f"{folder}: written")
    return written
