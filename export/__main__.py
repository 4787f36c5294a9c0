"""`python -m export`: an artefact in the formats of other runtimes."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from export.manifest import FILE_NAME, ExportError, total_bytes
from export.publish import prove_publishable
from export.registry import FORMATS
from export.verify import read_picture
from impasto import console
from impasto.arguments import add_command
from impasto.files import prove_writable
from models.startup import load_backend_quietly

SHIPPED = Path("models/shipped/student.keras")
PACKAGE = Path("impasto/shipped")

DESCRIPTION = """\
Writes an artefact as three graphs for another runtime, with manifest.json and the model card card.json beside them:

  predictor     style [B, h, w, 3]                               -> embedding [B, 100]     once a painting
  conditioning  embedding [B, 100]                               -> conditioning [B, T]    once a style or blend
  transformer   content [1, H, W, 3], conditioning [1, T]        -> stylised [1, H, W, 3], affine [1, T]

The transformer also takes given_affine [1, T] and given_share [1] (tfjs: its nodes can be fed): statistics to paint
with instead of the picture's own, so that tiles of a large picture, or frames of a film, fit together.

Pictures are float32 RGB in [0, 1]; any h and w, and any H and W that content.multiple of
manifest.json's preprocessing divides."""

PROOF = """\
The exported files are then run in {runner} on a photograph, and compared with Keras at two sizes; where they
differ by more than the precision allows, nothing is written and the exit code is 1. The folder is replaced as
a whole, and only at the end: an earlier export stays until the new one has passed."""


def _painter(text: str) -> tuple[str, Path]:
    name, equals, path = text.partition("=")
    if not (name.isidentifier() and equals and path):
        raise argparse.ArgumentTypeError(f"expected NAME=ARTEFACT, such as fine=student-fine.keras, received {text!r}")
    return name, Path(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m export",
        description="Export an artefact to other runtimes, and prove that it paints the same.",
        epilog="Every format has its own help, with examples: python -m export tfjs --help",
    )
    commands = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
    for name, chosen in FORMATS.items():
        command = add_command(
            commands, name, chosen.summary,
            f"{chosen.summary}.\n\n{DESCRIPTION}\n\n{PROOF.format(runner=chosen.runner)}", chosen.help,
        )  # fmt: skip
        add = command.add_argument
        add("--model", type=Path, default=SHIPPED, help="artefact to export (default: %(default)s)")
        add("--out", type=Path, required=True, help="folder to write: absent, empty, or an earlier export")
        add(
            "--painter", type=_painter, action="append", default=[], metavar="NAME=ARTEFACT",
            help="another transformer for this folder, of an artefact with the same style predictor; repeatable",
        )  # fmt: skip
        add(
            "--precision", choices=chosen.precisions, default=chosen.precisions[0],
            help="of the weights (default: %(default)s)",
        )  # fmt: skip
        add("--no-verify", action="store_true", help="do not run the result; the manifest's parity is null")
        add("--photo", type=Path, help="photograph to verify on (default: scikit-image's astronaut)")
        add("--painting", type=Path, help="style to verify with (default: a stained tissue of scikit-image)")
        chosen.add_arguments(add)
    command = add_command(
        commands, "package", "the exports that ship inside the package impasto",
        "Writes every shipped artefact for LiteRT and ONNX Runtime, weights in float16, into the package impasto,\n"
        "each after its proof. To be run whenever a shipped artefact or its export changes.",
        "examples:\n  python -m export package\n",
    )  # fmt: skip
    command.add_argument("--out", type=Path, default=PACKAGE, help="folder to write (default: %(default)s)")
    command = add_command(
        commands, "vectors", "the style vectors of the page's sample paintings",
        "Writes vectors.json beside the page's samples: the style vector of every sample painting, as the\n"
        "exported style predictor gives it. The page's first picture then needs no style predictor.",
        "example:\n  python -m export vectors --model web_demo/public/model --samples web_demo/public/samples\n",
    )  # fmt: skip
    command.add_argument("--model", type=Path, required=True, help="what `python -m export tfjs` wrote")
    command.add_argument("--samples", type=Path, required=True, help="what `python -m datasets samples` wrote")
    FORMATS["tfjs"].add_arguments(command.add_argument)
    command = add_command(
        commands, "release", "what a release consists of: wheel, page, models, checksums, notes",
        "Writes wheel, page and exported models as archives, the artefacts, NOTES.md from CHANGELOG.md,\n"
        "and SHA256SUMS: the same bytes from the same checkout. `make release` builds the page first.",
        "example:\n  python -m export release --page web_demo/dist --out build/release\n",
    )  # fmt: skip
    command.add_argument(
        "--page", type=Path, default=Path("web_demo/dist"), help="the built page (default: %(default)s)"
    )
    command.add_argument(
        "--out",
        type=Path,
        default=Path("build/release"),
        help="folder to write: absent, empty, or an earlier release (default: %(default)s)",
    )
    command = add_command(
        commands, "licences", "licences of what is shipped, from bills of materials",
        "Lists name, version and licence of every component of bills of materials (CycloneDX, JSON), and\n"
        "exits with 1 where one is missing or not accepted. `make sbom` writes the bills and runs this.",
        "example:\n  python -m export licences build/sbom/python.cdx.json build/sbom/page.cdx.json\n",
    )  # fmt: skip
    command.add_argument("bills", type=Path, nargs="+", help="files of `make sbom`")
    return parser


def _release(options: argparse.Namespace) -> None:
    from export.package import artefacts
    from export.release import write_release

    for path in write_release(Path(), options.out, options.page, artefacts().values()):
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def _licences(options: argparse.Namespace) -> None:
    from export.licences import check

    for row in check(options.bills):
        print("{:40} {:24} {}".format(*row))


def _package(options: argparse.Namespace) -> None:
    from export.package import RUNTIMES, artefacts, write_package

    for runtime in RUNTIMES:
        prove_publishable(options.out / runtime, FILE_NAME)
    load_backend_quietly()
    write_package(options.out, artefacts())


def _write_vectors(options: argparse.Namespace) -> None:
    from export.tfjs_runtime import TfjsModel, require_runtime
    from export.vectors import FILE_NAME, write_vectors

    prove_writable([options.samples / FILE_NAME])
    require_runtime(options.node_modules)
    with TfjsModel(options.model, options.node_modules) as model:
        path = write_vectors(model, options.samples)
    print(f"{path}: {path.stat().st_size / 1e3:.1f} kB")


def _export(options: argparse.Namespace) -> None:
    start = time.perf_counter()
    chosen = FORMATS[options.format]
    # First of all: what cannot be written, and what is missing for the proof, is said at once.
    prove_publishable(options.out, FILE_NAME)
    settings = {} if options.no_verify else chosen.load_settings(options)
    for path in (options.photo, options.painting):
        if path is not None:
            read_picture(path, "")
    load_backend_quietly()
    from export.proven import write_proven

    manifest = write_proven(
        options.model, options.out, chosen, name=options.model.stem, precision=options.precision,
        painters=dict(options.painter), photo=options.photo, painting=options.painting, settings=settings,
        verify=not options.no_verify,
    )  # fmt: skip
    print(
        f"{options.out}: {manifest.name}, {manifest.runtime} {manifest.precision}, "
        f"{total_bytes(manifest) / 1e6:.2f} MB, {'verified' if manifest.parity else 'not verified'}, "
        f"{time.perf_counter() - start:.1f} s"
    )


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit code. 130 after Ctrl-C."""
    console.prepare()
    options = _parser().parse_args(arguments)

    def run() -> int:
        others = {"package": _package, "vectors": _write_vectors, "release": _release, "licences": _licences}
        others.get(options.format, _export)(options)
        return 0

    return console.run(run, "interrupted: nothing was replaced", (ExportError,))


if __name__ == "__main__":
    sys.exit(main())
