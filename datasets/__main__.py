"""`python -m datasets`: check, split, pack and look at pictures."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from datasets import prepare_command
from datasets.folder import FolderSource
from datasets.opening import SPEC_HELP, files_of, open_source
from impasto import console
from impasto.arguments import Help, add_command, count, picture_file, pixels
from impasto.bulk.places import is_url
from impasto.console import say, shown
from impasto.files import prove_writable, refuse_inputs, remove_empty, write_json


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m datasets",
        description="Check, split, pack and look at the pictures that training uses.",
        epilog=SPEC_HELP,
        formatter_class=Help,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, summary: str, example: str) -> argparse.ArgumentParser:
        return add_command(commands, name, summary, summary, f"example:\n  python -m datasets {example}\n\n{SPEC_HELP}")

    check = add(
        "check",
        "Report what a folder of pictures holds: counts, sizes, duplicates, unreadable files.",
        "check paintings --sheet paintings.png",
    )
    check.add_argument("folder", type=Path, help="folder of pictures, any depth")
    check.add_argument("--sheet", type=picture_file, help="also write a contact sheet PNG here")
    check.add_argument("--json", type=Path, help="also write the whole report as JSON here")
    check.add_argument(
        "--near",
        type=count(0, 64),
        default=4,
        metavar="BITS",
        help="pictures whose 64-bit perceptual hashes differ in at most this many bits are near duplicates",
    )

    split = add(
        "split",
        "Divide a folder into training and held-out pictures, by file or by group.",
        "split paintings --out split.json --groups paintings.csv --column artist --file-column file",
    )
    split.add_argument("folder", type=Path, help="folder of pictures, any depth")
    split.add_argument("--out", type=Path, required=True, help="split file to write (JSON)")
    split.add_argument("--holdout", type=float, default=0.05, help="share of files or groups that is held out")
    split.add_argument("--groups", type=Path, help="CSV that tells each file's group; a group is never divided")
    split.add_argument("--column", default="artist", help="column of the CSV that names the group")
    split.add_argument("--file-column", default="file", help="column of the CSV that names the file")
    split.add_argument("--seed", type=count(0, 2**32 - 1), default=0, help="another seed chooses other pictures")

    pack = add(
        "pack",
        "Pack a source into one memory-mapped uint8 array. Interrupted, the same command goes on.",
        "pack folder:paintings@split.json#train --out styles.npy --canvas 288 --role style",
    )
    pack.add_argument("spec", help="source to pack, see below")
    pack.add_argument("--out", type=Path, required=True, help="array to write, ends in .npy")
    pack.add_argument(
        "--canvas", type=count(8, 16384), default=288, help="side of each stored square picture in pixels"
    )
    pack.add_argument(
        "--role",
        choices=("content", "style"),
        default="content",
        help="content squares are cut from the centre, style squares from anywhere along the long side",
    )
    pack.add_argument(
        "--seed", type=count(0, 2**32 - 1), default=0, help="places the style squares; seeds a synthetic source"
    )
    pack.add_argument("--workers", type=count(1, 1024), default=os.cpu_count() or 1, help="threads")

    prepare_command.add_flags(add("prepare", prepare_command.SUMMARY, prepare_command.EXAMPLE))

    download = add(
        "download",
        "Download a TensorFlow dataset, once, so that tfds:NAME can read it.",
        "download painter_by_numbers --manual-dir downloads/painter-by-numbers",
    )
    download.add_argument("name", help="dataset, NAME or NAME/CONFIG, for example imagenette/320px-v2 or dtd")
    download.add_argument("--data-dir", help="where prepared datasets lie (default: TFDS_DATA_DIR, else TFDS's own)")
    download.add_argument("--manual-dir", help="folder of files that must be downloaded by hand")

    sheet = add("sheet", "Write a contact sheet of any source.", "sheet synthetic:60 --role style --out styles.png")
    sheet.add_argument("spec", help="source to show, see below")
    sheet.add_argument("--out", type=picture_file, required=True, help="PNG to write")
    sheet.add_argument("--role", choices=("content", "style"), default="style", help="what a synthetic source makes")
    sheet.add_argument(
        "--count", type=count(1, 100_000), default=60, help="pictures shown, spread evenly over the source"
    )
    sheet.add_argument("--columns", type=count(1, 1000), default=10, help="pictures in a row")
    sheet.add_argument("--cell", type=pixels, default=160, help="side of a cell in pixels")
    sheet.add_argument("--seed", type=count(0, 2**32 - 1), default=0, help="seeds a synthetic source")

    samples = add(
        "samples",
        "Write the free sample photographs and generated styles that the page offers.",
        "samples --out web_demo/public/samples",
    )
    samples.add_argument("--out", type=Path, required=True, help="folder to write")
    samples.add_argument("--size", type=pixels, default=512, help="side of the style pictures in pixels")
    return parser


def _check(args: argparse.Namespace) -> None:
    from datasets.checking import check_folder, report_lines, write_sheet

    source = FolderSource(args.folder)
    _prove([args.sheet, args.json], files_of(source))
    report = check_folder(source, near=args.near)
    say("\n".join(report_lines(report)))
    if args.json:
        write_json(args.json, report)
    if args.sheet:
        write_sheet(args.folder, report, args.sheet)
        say(f"contact sheet: {shown(args.sheet)}")


def _prove(outputs: Sequence[Path | None], inputs: Sequence[str]) -> None:
    """What is to be written can be, and is nothing that is read: said before the work, not after it."""
    paths = [path for path in outputs if path is not None]
    refuse_inputs(paths, [Path(path) for path in inputs])
    prove_writable(paths)


def _split(args: argparse.Namespace) -> None:
    from datasets.splitting import read_groups, split_folder

    source = FolderSource(args.folder)
    tables = [] if args.groups is None else [str(args.groups)]
    _prove([args.out], [*files_of(source), *tables])
    groups = read_groups(args.groups, args.column, args.file_column) if args.groups else None
    result = split_folder(source, holdout=args.holdout, seed=args.seed, groups=groups, column=args.column)
    write_json(args.out, result)
    say(f"{shown(args.out)}: {len(result['train'])} train, {len(result['val'])} val")
    if groups is not None:
        alone = len(source) - result["grouped_files"]
        grouped, count = result["grouped_files"], result["groups"]
        say(f"{grouped} pictures lie in {count} groups; {alone} are not in the table, each alone")


def _pack(args: argparse.Namespace) -> None:
    from datasets.packed import index_path, pack

    source = open_source(args.spec, role=args.role, seed=args.seed)
    _prove([args.out, index_path(args.out)], files_of(source))
    index = pack(
        source,
        args.out,
        canvas=args.canvas,
        role=args.role,
        seed=args.seed,
        spec=args.spec,
        workers=args.workers,
    )
    say(f"{shown(args.out)}: {index['count']} pictures of {args.canvas} px, {len(index['skipped'])} skipped")


def _download(args: argparse.Namespace) -> None:
    folder = args.data_dir or os.environ.get("TFDS_DATA_DIR")
    if folder and not is_url(folder):
        remove_empty(prove_writable([Path(folder) / "trial"]))
    from datasets.tfds_source import download

    say(download(args.name, data_dir=args.data_dir, manual_dir=args.manual_dir))


def _sheet(args: argparse.Namespace) -> None:
    from datasets.contact_sheet import source_sheet
    from impasto.pictures.writing import write

    source = open_source(args.spec, role=args.role, seed=args.seed)
    _prove([args.out], files_of(source))
    write(args.out, source_sheet(source, count=args.count, columns=args.columns, cell=args.cell))
    say(shown(args.out))


def _samples(args: argparse.Namespace) -> None:
    from datasets.samples import write_samples

    listing = write_samples(args.out, size=args.size)
    say(f"{shown(args.out)}: {len(listing['photos'])} photographs, {len(listing['styles'])} styles")


def main(argv: list[str] | None = None) -> int:
    console.prepare()
    args = _parser().parse_args(argv)
    commands: dict[str, Callable[[argparse.Namespace], int | None]] = {
        "check": _check,
        "split": _split,
        "pack": _pack,
        "prepare": prepare_command.run,
        "download": _download,
        "sheet": _sheet,
        "samples": _samples,
    }

    def run() -> int:
        return commands[args.command](args) or 0

    goes_on = args.command in ("pack", "prepare")
    return console.run(run, "stopped; the same command goes on from here" if goes_on else "stopped")


if __name__ == "__main__":
    sys.exit(main())
