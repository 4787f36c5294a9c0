"""An artefact as TensorFlow SavedModels, for servers and for converters of others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.captured import conversion
from export.format import Format
from export.manifest import GraphEntry, graph_entry
from export.networks import networks, own_names
from export.saved_model_runtime import SavedModel

if TYPE_CHECKING:
    import keras

    from models.stylizer import Stylizer


class SavedModelFormat(Format):
    """SavedModels of TensorFlow, for its servers and for converters of others."""

    name = "saved_model"
    summary = "TensorFlow SavedModels: TensorFlow Serving, and others' converters"
    runner = "TensorFlow without Keras"
    precisions = ("float32",)
    help = """\
examples:
  python -m export saved_model --out /tmp/saved_model

To run it: tf.saved_model.load("/tmp/saved_model/predictor").signatures["serving_default"](style=...).
"""

    def convert(self, stylizer: Stylizer, folder: Path, precision: str) -> dict[str, GraphEntry]:
        """Writes every graph as a SavedModel into a folder of its name in `folder`.

        Args:
            stylizer: The artefact.
            folder: Empty.
            precision: "float32".

        Raises:
            ExportError: as `networks`, or Keras cannot export a layer.
        """
        entries = {}
        for name, model in networks(stylizer, as_convolution=False).items():
            with conversion(f"the export of the {name} as a SavedModel", folder / name):
                _write(model, folder / name)
            # By the names of the signature `serving_default`, which are the model's own.
            entries[name] = graph_entry(folder, name, name, own_names(model))
        return entries

    def load(self, folder: Path, **settings: Any) -> SavedModel:
        return SavedModel(folder, **settings)


def _write(model: keras.Model, path: Path) -> None:
    """As `model.export`, which stores every weight twice in Keras 3.15: as the model's, and as what its call reads."""
    import keras
    import tensorflow as tf

    def serve(*inputs: Any) -> Any:
        return model(inputs[0] if len(inputs) == 1 else list(inputs), training=False)

    archive = keras.export.ExportArchive()
    signature = [tf.TensorSpec(tensor.shape, tensor.dtype, tensor.name) for tensor in model.inputs]
    archive.add_endpoint("serve", serve, input_signature=signature)
    archive.write_out(path, verbose=False)
