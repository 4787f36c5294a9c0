"""An artefact as ONNX models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from export.captured import conversion
from export.format import Format
from export.manifest import GraphEntry, check_folder, graph_entry
from export.networks import networks, own_names
from impasto.exported import ExportedFolder
from impasto.runtimes.onnx import OnnxRuntime

if TYPE_CHECKING:
    import keras

    from models.stylizer import Stylizer


# 17, of 2022: read by every runtime of note. tf2onnx writes up to 18.
OPSET = 17

# Arrays with fewer numbers stay in float32: they save next to nothing.
SMALLEST_FLOAT16 = 1024


class OnnxFormat(Format):
    """Models in the ONNX format, for ONNX Runtime and others."""

    name = "onnx"
    summary = "ONNX models: ONNX Runtime and whatever else reads ONNX"
    runner = "ONNX Runtime"
    precisions = ("float32", "float16")
    help = """\
examples:
  python -m export onnx --out /tmp/onnx
  python -m export onnx --precision float16 --out /tmp/onnx

precisions:
  float32  as trained
  float16  weights stored in half the size; computes in float32

To run it: impasto.load("/tmp/onnx").
"""

    def convert(self, stylizer: Stylizer, folder: Path, precision: str) -> dict[str, GraphEntry]:
        """Converts every graph into `folder`/NAME/NAME.onnx.

        Args:
            stylizer: The artefact.
            folder: Empty.
            precision: "float32", or "float16" for how weights are stored; ONNX Runtime widens them once, when it loads.

        Raises:
            ExportError: as `networks`, or the converter refused an operation.
        """
        import onnx

        from export.rewriting import for_onnx_runtime

        models = networks(stylizer, as_convolution=True)
        models["transformer"] = for_onnx_runtime(models["transformer"])
        entries = {}
        for name, model in models.items():
            path = folder / name / f"{name}.onnx"
            path.parent.mkdir(parents=True)
            with conversion(f"the conversion of the {name} to ONNX", path):
                model(_examples(model))  # Keras exports what has been called
                model.export(path, format="onnx", verbose=False, opset_version=OPSET)
                converted = onnx.load(path)
                _name_sizes(converted.graph)
                if precision == "float16":
                    halve(converted.graph)
                onnx.checker.check_model(converted)
                onnx.save(converted, path)
            file = path.relative_to(folder).as_posix()
            entries[name] = graph_entry(folder, name, file, own_names(model))
        return entries

    def load(self, folder: Path, **settings: Any) -> OnnxRuntime:
        check_folder(folder, self.name)
        return OnnxRuntime(ExportedFolder.read(folder), settings.get("threads") or 1)


def _examples(model: keras.Model) -> list[np.ndarray]:
    return [np.zeros([side or 64 for side in tensor.shape], np.float32) for tensor in model.inputs]


def _name_sizes(graph: Any) -> None:
    """Calls the free sizes of inputs and outputs what they are, instead of unk__123."""
    for value in (*graph.input, *graph.output):
        sizes = value.type.tensor_type.shape.dim
        names = ("batch", "height", "width", "channels") if len(sizes) == 4 else ("batch", "features")[: len(sizes)]
        for size, name in zip(sizes, names, strict=True):
            if not size.HasField("dim_value"):
                size.dim_param = name


def halve(graph: Any) -> None:
    """Stores large arrays as float16, each with a cast that runtimes do once, when they load the model."""
    from onnx import TensorProto, helper, numpy_helper

    casts = []
    for stored in graph.initializer:
        values = numpy_helper.to_array(stored)
        if values.dtype != np.float32 or values.size < SMALLEST_FLOAT16:
            continue
        name = stored.name
        stored.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}/float16"))
        casts.append(helper.make_node("Cast", [stored.name], [name], name=f"{name}/cast", to=TensorProto.FLOAT))
    nodes = [*casts, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
