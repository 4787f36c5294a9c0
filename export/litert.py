"""An artefact as LiteRT (TensorFlow Lite) models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.captured import conversion
from export.format import Format
from export.manifest import GraphEntry, check_folder, graph_entry
from export.networks import networks, own_names
from impasto.exported import ExportedFolder
from impasto.runtimes.litert import LiteRTRuntime

if TYPE_CHECKING:
    from models.stylizer import Stylizer


class LiteRTFormat(Format):
    """Models of LiteRT, for phones and for a PC's processor."""

    name = "litert"
    summary = "LiteRT (TensorFlow Lite) models: phones, and the fastest on a PC's processor"
    runner = "LiteRT"
    precisions = ("float32", "float16", "int8")
    help = """\
examples:
  python -m export litert --out /tmp/litert
  python -m export litert --precision float16 --out /tmp/litert

precisions:
  float32  as trained
  float16  weights stored in half the size, but for the predictor's; computes in float32
  int8     weights in a quarter of the size, the predictor's in half, and large products in 8 bits (dynamic
           range); visibly another picture

To run it: impasto.load("/tmp/litert"). Elsewhere: load NAME.tflite, resize its inputs, and call
its signature serving_default by the names above.
"""

    def convert(self, stylizer: Stylizer, folder: Path, precision: str) -> dict[str, GraphEntry]:
        """Converts every graph into `folder`/NAME/NAME.tflite.

        Args:
            stylizer: The artefact.
            folder: Empty.
            precision: "float32"; "float16" for how weights are stored; "int8" for weights, one scale a channel, and
                for what convolutions and products are fed, rounded in every run (dynamic range). The predictor is one
                step finer: see `_PREDICTOR`.

        Raises:
            ExportError: as `networks`, or the converter refused an operation.
        """
        from export.rewriting import for_litert

        models = networks(stylizer, as_convolution=False)
        models["transformer"] = for_litert(models["transformer"])
        entries = {}
        for name, model in models.items():
            path = folder / name / f"{name}.tflite"
            path.parent.mkdir(parents=True)
            stored = _PREDICTOR[precision] if name == "predictor" else precision
            with conversion(f"the conversion of the {name} to LiteRT", path):
                model.export(path, format="litert", verbose=False, **_options(stored))
            file = path.relative_to(folder).as_posix()
            # By the names of the file's signature, which are the model's own.
            entries[name] = graph_entry(folder, name, file, own_names(model))
        return entries

    def load(self, folder: Path, **settings: Any) -> LiteRTRuntime:
        check_folder(folder, self.name)
        return LiteRTRuntime(ExportedFolder.read(folder), settings.get("threads") or 1)


# How the predictor's weights are stored. The converter folds normalisation into kernels and biases before it rounds,
# and rounds the smallest arrays too: in float16 that moves an embedding by 0.8 % (median of 60 paintings, 2.0 % at
# most), where ONNX and TensorFlow.js stay near 0.1 %. In 8 bits, one scale for statistics of very different sizes would
# ruin it.
_PREDICTOR = {"float32": "float32", "float16": "float32", "int8": "float16"}


def _options(precision: str) -> dict[str, Any]:
    """Attributes of the converter."""
    import tensorflow as tf

    # Keras also allows TensorFlow's own operations, for which a phone would have to carry TensorFlow along.
    target: dict[str, Any] = {"supported_ops": [tf.lite.OpsSet.TFLITE_BUILTINS]}
    if precision == "float32":
        return {"target_spec": target}
    if precision == "float16":
        target["supported_types"] = [tf.float16]
    return {"target_spec": target, "optimizations": [tf.lite.Optimize.DEFAULT]}
