"""`python -m export`: an artefact in the formats of other runtimes."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path

from export.formats import FORMATS
from export.manifest import ExportError, total_bytes
from export.tfjs_runtime import NODE_MODULES, TfjsModel, require_runtime
from models.startup import load_backend_quietly

SHIPPED = Path("models/shipped/student.keras")

DESCRIPTION = """\
Writes an artefact as three graphs for another runtime, with manifest.json beside them:

  predictor     style [B, h, w, 3]                               -> embedding [B, 100]     once a painting
  conditioning  embedding [B, 100]                               -> conditioning [B, T]    once a style or blend
  transformer   content [1, H, W, 3], conditioning [1, T]        -> stylised [1, H, W, 3], affine [1, T]

Pictures are float32 RGB in [0, 1]; any h and w, and any H and W that manifest.json's size_multiple divides."""

PROOF = """\
The exported files are then run in {runner} on a photograph, and compared with Keras at two sizes; where they
differ by more than the precision allows, nothing is written and the exit code is 1. The folder is replaced as
a whole, and only at the end: an earlier export stays until the new one has passed."""

SUMMARIES = {
    "tfjs": "TensorFlow.js graph models: what the page runs",
    "litert": "LiteRT (TensorFlow Lite) models: phones, and the fastest on a PC's processor",
    "onnx": "ONNX models: ONNX Runtime and whatever else reads ONNX",
    "saved_model": "TensorFlow SavedModels: TensorFlow Serving, and others' converters",
}

RUNNERS = {
    "tfjs": "TensorFlow.js (Node, WebAssembly)",
    "litert": "LiteRT",
    "onnx": "ONNX Runtime",
    "saved_model": "TensorFlow without Keras",
}

EPILOGS = {
    "tfjs": """\
examples:
  python -m export tfjs --out web_demo/public/model
  python -m export tfjs --model runs/student/student.keras --precision float16 --out /tmp/model
  python -m export tfjs --out /tmp/model --photo cat.jpg --painting waves.jpg

precisions (how weights are stored; TensorFlow.js always computes in float32):
  float32  as trained
  float16  half the download, the same picture to the eye
  uint8    a quarter of the predictor's download: large kernels as uint8 with a scale a channel, the rest as
           float16; on average half a grey level of 255 from float32
""",
    "litert": """\
examples:
  python -m export litert --out /tmp/litert
  python -m export litert --precision float16 --out /tmp/litert

precisions:
  float32  as trained
  float16  weights stored in half the size; computes in float32
  int8     weights in a quarter of the size, and large products in 8 bits (dynamic range); visibly another
           picture

To run it: export/litert_runtime.py, in forty lines. Elsewhere: load NAME.tflite, resize its inputs, and call
its signature serving_default by the names above.
""",
    "onnx": """\
examples:
  python -m export onnx --out /tmp/onnx
  python -m export onnx --precision float16 --out /tmp/onnx

precisions:
  float32  as trained
  float16  weights stored in half the size; computes in float32

To run it: export/onnx_runtime.py, in forty lines.
""",
    "saved_model": """\
examples:
  python -m export saved_model --out /tmp/saved_model

To run it: tf.saved_model.load("/tmp/saved_model/predictor").signatures["serving_default"](style=...).
""",
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m export",
        description="Export an artefact to other runtimes, and prove that it paints the same.",
        epilog="Every format has its own help, with examples: python -m export tfjs --help",
    )
    commands = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
    for name, chosen in FORMATS.items():
        command = commands.add_parser(
            name,
            help=SUMMARIES[name],
            description=f"{SUMMARIES[name]}.\n\n{DESCRIPTION}\n\n{PROOF.format(runner=RUNNERS[name])}",
            epilog=EPILOGS[name],
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add = command.add_argument
        add("--model", type=Path, default=SHIPPED, help="artefact to export (default: %(default)s)")
        add("--out", type=Path, required=True, help="folder to write: absent, empty, or an earlier export")
        add(
            "--precision", choices=chosen.precisions, default=chosen.precisions[0],
            help="of the weights (default: %(default)s)",
        )  # fmt: skip
        add("--no-verify", action="store_true", help="do not run the result; the manifest's parity is null")
        add("--photo", type=Path, help="photograph to verify on (default: scikit-image's astronaut)")
        add("--painting", type=Path, help="style to verify with (default: a stained tissue of scikit-image)")
        if name == "tfjs":
            add(
                "--node-modules", type=Path, default=NODE_MODULES,
                help="where npm installed TensorFlow.js (default: %(default)s)",
            )  # fmt: skip
    return parser


def _export(options: argparse.Namespace) -> None:
    start = time.perf_counter()
    load = FORMATS[options.format].load
    if options.format == "tfjs" and not options.no_verify:
        require_runtime(options.node_modules)  # first of all: what is missing is said at once
        load = partial(TfjsModel, node_modules=options.node_modules)
    load_backend_quietly()
    from export.folder import write_export
    from export.verify import verifier
    from models.stylizer import Stylizer

    stylizer = Stylizer.load(options.model)
    check = None if options.no_verify else verifier(stylizer, options.photo, options.painting, load)
    manifest = write_export(
        stylizer, options.out, options.format, name=options.model.stem, precision=options.precision, check=check
    )
    print(
        f"{options.out}: {manifest.name}, {manifest.runtime} {manifest.precision}, "
        f"{total_bytes(manifest) / 1e6:.2f} MB, {'verified' if manifest.parity else 'not verified'}, "
        f"{time.perf_counter() - start:.1f} s"
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code. 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        _export(options)
    except KeyboardInterrupt:
        print("interrupted: nothing was replaced", file=sys.stderr)
        return 130
    except (ExportError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
