"""An artefact as two TensorFlow.js graph models and a manifest, verified before they replace older ones."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from export.manifest import (
    FILE_NAME,
    GRAPH_INPUTS,
    PRECISIONS,
    ExportError,
    GraphEntry,
    Manifest,
    check_folder,
    describe_graph,
)
from export.publish import publish

if TYPE_CHECKING:
    import keras

    from models.stylizer import Stylizer

CONVERTER = Path(__file__).with_name("tfjs_converter.py")

# Takes the folder of the draft and its manifest, returns the manifest to publish; raises ExportError to
# refuse.
Check = Callable[[Path, Manifest], Manifest]


def export_tfjs(
    stylizer: Stylizer, out: Path, *, name: str, precision: str = "float32", check: Check | None = None
) -> Manifest:
    """Writes `out`/predictor, `out`/transformer and `out`/manifest.json, replacing an earlier export as a
    whole.

    Everything is made and checked beside `out` and moved into place at the end (export.publish), so that
    `out` holds a whole export at any time.

    Args:
        stylizer: The artefact.
        out: Folder; must be absent, empty, or an earlier export.
        name: For the manifest, where the model card has none.
        precision: How weights are stored: "float32", "float16", or "uint8" (large arrays; the rest in
            float16).
        check: Called with the finished draft.

    Returns:
        The manifest as written.

    Raises:
        ExportError: `out` holds something else, the networks cannot be converted, or `check` refused.
        ValueError: unknown precision.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision must be one of {PRECISIONS}. Received: {precision!r}")

    def fill(draft: Path) -> Manifest:
        convert(stylizer, draft, precision)
        manifest = _manifest(stylizer, draft, name, precision)
        if check is not None:
            manifest = check(draft, manifest)
        manifest.write(draft)
        return check_folder(draft)

    return publish(out, fill, marker=FILE_NAME)


def convert(stylizer: Stylizer, folder: Path, precision: str) -> None:
    """Converts both networks into `folder`/predictor and `folder`/transformer, in a process of its own.

    Raises:
        ExportError: Keras runs on another backend than TensorFlow, computes in another type than float32, or
            the converter refused an operation.
    """
    import keras

    if keras.backend.backend() != "tensorflow":
        raise ExportError(
            f"exporting to TensorFlow.js needs KERAS_BACKEND=tensorflow, found {keras.backend.backend()!r}"
        )
    for network in (stylizer.predictor, stylizer.transformer):
        if reduced := _compute_dtypes(network) - {"float32"}:
            raise ExportError(
                f"TensorFlow.js computes in float32, but the {network.name} of this artefact computes in "
                f"{', '.join(sorted(reduced))}: save it from float32 networks"
            )
    with tempfile.TemporaryDirectory(prefix="impasto-export-") as scratch:
        folders = []
        for network in (stylizer.predictor, stylizer.transformer):
            saved_model = Path(scratch, network.name)
            network.export(saved_model, format="tf_saved_model", verbose=False)
            folders += [saved_model, folder / network.name]
        # -P: the script's folder stays off the path, where its neighbours could hide installed packages.
        done = subprocess.run(
            [sys.executable, "-P", CONVERTER, precision, *folders],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        )
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        raise ExportError(f"the TensorFlow.js converter failed: {lines[-1] if lines else 'no message'}")


def _compute_dtypes(network: keras.Model) -> set[str]:
    dtypes: set[str] = set()
    for layer in network.layers:
        nested = getattr(layer, "layers", None)
        dtypes |= _compute_dtypes(layer) if nested else {layer.compute_dtype}
    return dtypes


def _manifest(stylizer: Stylizer, folder: Path, name: str, precision: str) -> Manifest:
    graphs: dict[str, GraphEntry] = {graph: describe_graph(folder, graph) for graph in GRAPH_INPUTS}
    card = stylizer.card
    return Manifest(
        name=card.get("name") or name,
        precision=precision,
        size_multiple=stylizer.size_multiple,
        embedding_size=stylizer.predictor.output_shape[-1],
        style_size=stylizer.style_size,
        license=card.get("license") or "Apache-2.0",
        predictor=graphs["predictor"],
        transformer=graphs["transformer"],
        parity=None,
        card=card,
    )


def verifier(
    stylizer: Stylizer,
    photo: Path | None,
    painting: Path | None,
    node_modules: Path,
    report: Callable[[str], None] = print,
) -> Check:
    """A `check` that runs the draft in TensorFlow.js, compares it with Keras, and notes the figures in the
    manifest."""
    from export.verify import compare, judge, read_picture

    # Before the conversion: a wrong path is said at once.
    content, style = read_picture(photo, "astronaut"), read_picture(painting, "immunohistochemistry")

    def check(folder: Path, manifest: Manifest) -> Manifest:
        runtime, differences = compare(folder, manifest, stylizer, content, style, node_modules)
        for found in differences:
            height, width = found.size
            report(
                f"{runtime} {height}x{width}: {found.milliseconds:.0f} ms; differs from Keras by at most "
                f"{found.maximum:.2g}, mean {found.mean:.2g} (given the same embedding at most "
                f"{found.same_embedding:.2g}; the embedding itself {found.embedding:.2g} relative)"
            )
        return dataclasses.replace(manifest, parity=judge(manifest.precision, runtime, differences))

    return check
