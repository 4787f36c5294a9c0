"""An artefact as TensorFlow.js graph models."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from export.captured import failed
from export.format import Format
from export.manifest import GRAPHS, ExportError, GraphEntry, graph_entry
from export.networks import networks
from export.tfjs_converter import SMALLEST_UINT8
from export.tfjs_runtime import NODE_MODULES, TfjsModel, require_runtime

if TYPE_CHECKING:
    from models.stylizer import Stylizer

CONVERTER = Path(__file__).with_name("tfjs_converter.py")


class TfjsFormat(Format):
    """Graph models of TensorFlow.js, for the page and for Node."""

    name = "tfjs"
    summary = "TensorFlow.js graph models: what the page runs"
    runner = "TensorFlow.js (Node, WebAssembly)"
    precisions = ("float32", "float16", "uint8")
    help = """\
examples:
  python -m export tfjs --out web_demo/public/model
  python -m export tfjs --model runs/student/student.keras --precision float16 --out /tmp/model
  python -m export tfjs --out /tmp/model --photo cat.jpg --painting waves.jpg

precisions (how weights are stored; TensorFlow.js always computes in float32):
  float32  as trained
  float16  half the download, the same picture to the eye
  uint8    a quarter of the predictor's download: large kernels as uint8 with a scale a channel, the rest as
           float16; on average half a grey level of 255 from float32
"""

    def convert(self, stylizer: Stylizer, folder: Path, precision: str) -> dict[str, GraphEntry]:
        """Converts every graph into a folder of its name in `folder`, in a process of its own.

        Args:
            stylizer: The artefact.
            folder: Empty.
            precision: How weights are stored, one of `precisions`; TensorFlow.js computes in float32.

        Raises:
            ExportError: as `networks`, or the converter refused an operation.
        """
        from export.channel_scales import scale_channels
        from export.rewriting import for_tensorflow_js
        from models.inference import style_heads

        models = networks(stylizer, as_convolution=True, given=False)
        models["transformer"] = for_tensorflow_js(models["transformer"])
        if precision == "uint8":
            # The transformer stays as it is: a scale a channel would cost time in every picture.
            models = {
                name: model if name == "transformer" else scale_channels(model, SMALLEST_UINT8)
                for name, model in models.items()
            }
        with tempfile.TemporaryDirectory(prefix="impasto-export-") as scratch:
            folders = []
            for name, model in models.items():
                saved_model = Path(scratch, name)
                model.export(saved_model, format="tf_saved_model", verbose=False)
                folders += [saved_model, folder / name]
            # -P: the script's folder stays off the path, where its neighbours could hide installed packages.
            done = subprocess.run(
                [sys.executable, "-P", CONVERTER, precision, *folders],
                capture_output=True,
                text=True,
                check=False,
                # No keras.json of somebody else's is to be read, as in models.startup.
                env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "KERAS_HOME": scratch},
            )
        if done.returncode:
            raise failed("the TensorFlow.js converter", done.stderr.strip().rpartition("\n")[2], folder)
        sizes = [count for count in style_heads(stylizer.transformer).channels for _ in ("scale", "shift")]
        return {name: _entry(folder, name, sizes) for name in GRAPHS}

    def load(self, folder: Path, **settings: Any) -> TfjsModel:
        return TfjsModel(folder, **settings)

    def add_arguments(self, add: Callable[..., Any]) -> None:
        add(
            "--node-modules", type=Path, default=NODE_MODULES,
            help="where npm installed TensorFlow.js (default: %(default)s)",
        )  # fmt: skip

    def load_settings(self, options: argparse.Namespace) -> dict[str, Any]:
        require_runtime(options.node_modules)
        return {"node_modules": options.node_modules}


def _entry(folder: Path, name: str, sizes: list[int]) -> GraphEntry:
    """The manifest's entry, tensors' names taken from the converted model's signature."""
    model = f"{name}/model.json"
    graph = json.loads((folder / model).read_text(encoding="utf-8"))
    signature = graph["signature"]
    inputs = {key: entry["name"] for key, entry in signature["inputs"].items()}
    outputs = {key: entry["name"] for key, entry in signature["outputs"].items()}
    affine = _affine_nodes(graph, outputs["affine"], sizes) if "affine" in outputs else None
    return graph_entry(folder, name, model, inputs, outputs, affine)


def _affine_nodes(graph: dict[str, Any], output: str, sizes: list[int]) -> list[dict[str, Any]]:
    """What the concatenation behind the output `affine` joins: nodes that can be fed instead of computed.

    Raises:
        ExportError: the converter made another graph of it.
    """
    nodes = {node["name"]: node for node in graph["modelTopology"]["node"]}
    node = nodes[output.partition(":")[0]]
    while node["op"] in ("Identity", "Reshape"):
        node = nodes[node["input"][0].partition(":")[0]]
    *parts, _axis = node["input"] if node["op"] == "ConcatV2" else [""]
    if len(parts) != len(sizes):
        raise ExportError(
            f"expected a concatenation of {len(sizes)} vectors behind the output affine of the converted graph, "
            f"found {node['op']} of {len(parts)}"
        )
    return [{"node": part, "size": size} for part, size in zip(parts, sizes, strict=True)]
