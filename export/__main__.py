"""`python -m export`: an artefact in the formats of other runtimes."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from export.manifest import PRECISIONS, ExportError, total_bytes
from models.startup import load_backend_quietly

SHIPPED = Path("models/shipped/student.keras")

TFJS_HELP = """\
Writes the style predictor and the transformer as TensorFlow.js graph models that take any batch, height and
width, with manifest.json beside them. The exported files are then run in TensorFlow.js (Node, WebAssembly) on
a photograph, and compared with Keras; where they differ by more than the precision allows, nothing is written
and the exit code is 1. The folder is replaced as a whole, and only at the end: an earlier export stays until
the new one has passed."""

TFJS_EXAMPLES = """\
examples:
  python -m export tfjs --out web_demo/public/model
  python -m export tfjs --model runs/student/student.keras --precision float16 --out /tmp/model
  python -m export tfjs --out /tmp/model --photo cat.jpg --painting waves.jpg

precisions (how weights are stored; TensorFlow.js always computes in float32):
  float32  as trained
  float16  half the download, the same picture to the eye
  uint8    a quarter of the download: matrices and pointwise kernels as uint8, the rest as float16; visibly
  another picture
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m export",
        description="Export an artefact to other runtimes, and prove that it paints the same.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="FORMAT")
    tfjs = commands.add_parser(
        "tfjs", help="TensorFlow.js graph models and the manifest that the page reads", description=TFJS_HELP,
        epilog=TFJS_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    tfjs.add_argument("--model", type=Path, default=SHIPPED, help="artefact to export (default: %(default)s)")
    tfjs.add_argument("--out", type=Path, required=True, help="folder to write: absent, empty, or an earlier export")
    tfjs.add_argument("--precision", choices=PRECISIONS, default="float32", help="see below (default: %(default)s)")
    tfjs.add_argument("--no-verify", action="store_true", help="do not run the result; the manifest's parity is null")
    tfjs.add_argument(
        "--node-modules", type=Path, default=Path("web_demo/node_modules"),
        help="where npm installed TensorFlow.js (default: %(default)s)",
    )  # fmt: skip
    tfjs.add_argument("--photo", type=Path, help="photograph to verify on (default: scikit-image's astronaut)")
    tfjs.add_argument("--painting", type=Path, help="style to verify with (default: a stained tissue of scikit-image)")
    tfjs.set_defaults(run=_tfjs)
    return parser


def _tfjs(options: argparse.Namespace) -> None:
    load_backend_quietly()
    from export.tfjs import export_tfjs, verifier
    from export.tfjs_runtime import require_runtime
    from models.stylizer import Stylizer

    start = time.perf_counter()
    if not options.no_verify:
        require_runtime(options.node_modules)  # first of all: what is missing is said at once
    stylizer = Stylizer.load(options.model)
    check = None
    if not options.no_verify:
        check = verifier(stylizer, options.photo, options.painting, options.node_modules, print)
    manifest = export_tfjs(stylizer, options.out, name=options.model.stem, precision=options.precision, check=check)
    print(
        f"{options.out}: {manifest.name}, {manifest.precision}, {total_bytes(manifest) / 1e6:.2f} MB, "
        f"{'verified' if manifest.parity else 'not verified'}, {time.perf_counter() - start:.1f} s"
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code. 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except KeyboardInterrupt:
        print("interrupted: nothing was replaced", file=sys.stderr)
        return 130
    except (ExportError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
