"""An artefact as LiteRT (TensorFlow Lite) models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.captured import conversion
from export.manifest import GraphEntry, graph_entry
from export.networks import networks

if TYPE_CHECKING:
    from models.stylizer import Stylizer

PRECISIONS = ("float32", "float16", "int8")


def convert(stylizer: Stylizer, folder: Path, precision: str) -> dict[str, GraphEntry]:
    """Converts every graph into `folder`/NAME/NAME.tflite.

    Args:
        stylizer: The artefact.
        folder: Empty.
        precision: "float32"; "float16" for how weights are stored; "int8" for weights, one scale a channel, and for
            what convolutions and products are fed, rounded in every run (dynamic range). The predictor is float16 then:
            it ends in a product with statistics of very different sizes, which one scale for all of them would ruin.

    Raises:
        ExportError: as `networks`, or the converter refused an operation.
    """
    from export.forms import for_litert

    models = networks(stylizer, as_convolution=False)
    models["transformer"] = for_litert(models["transformer"])
    entries = {}
    for name, model in models.items():
        path = folder / name / f"{name}.tflite"
        path.parent.mkdir(parents=True)
        stored = "float16" if (name, precision) == ("predictor", "int8") else precision
        with conversion(f"the conversion of the {name} to LiteRT"):
            model.export(path, format="litert", verbose=False, **_options(stored))
        file = path.relative_to(folder).as_posix()
        # By the names of the file's signature, which are the model's own.
        entries[name] = graph_entry(folder, name, file)
    return entries


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
