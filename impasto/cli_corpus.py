"""`impasto corpus`: millions of photographs in many styles, on this machine or on many."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from impasto.arguments import add_command, count, number, pixels
from impasto.bulk import runners
from impasto.console import complain, say, shown
from impasto.library import RUNTIMES

if TYPE_CHECKING:
    from impasto.bulk.painting import Look
    from impasto.bulk.work import Work

HELP = """\
Paints every photograph in every style, as --out/STYLE/PLACE.jpg: a folder for each style, in which the pictures lie
as the photographs lie in theirs. Made for millions: the work is cut into parts, which Apache Beam gives to the
processes of this machine, or to those of a Flink, Spark or Dataflow cluster (pip install 'impasto[beam]').

Every picture is written once and whole. Whatever ends the command, a killed machine too, the same command goes on; it
looks at each painting once. Photographs that cannot be painted are named with the reason in --out/report.json, and the
exit code is 1. When all is done, the same command with more photographs or more styles paints what is new.

Photographs and --out may also be places of a bucket, such as gs://bucket/photos, where the file system's package is
installed (gcsfs, s3fs, adlfs)."""

EXAMPLES = """\
examples:
  impasto corpus --content photos/ --style paintings/ --out painted/
  impasto corpus --content photos/ --style waves.jpg night.jpg --out painted/ --size 512 --format webp --workers 8
  impasto corpus --content gs://bucket/photos --style waves.jpg --out gs://bucket/painted \\
      --runner dataflow --beam project=NAME --beam region=europe-west1 --beam temp_location=gs://bucket/temp
  impasto corpus --content /share/photos --style waves.jpg --out /share/painted --runner flink \\
      --beam flink_master=host:8081 --beam parallelism=64
"""


def add_to(commands: Any) -> None:
    """Adds the command to the subcommands of a parser."""
    corpus = add_command(commands, "corpus", "paint millions of photographs", HELP, EXAMPLES)
    add = corpus.add_argument
    add("--content", nargs="+", required=True, metavar="PATH", help="photographs: folders, files, places of buckets")
    add(
        "--style", nargs="+", required=True, metavar="PATH",
        help="paintings of this machine: files, folders or both; saved styles and links",
    )  # fmt: skip
    add("--out", required=True, metavar="PATH", help="folder, or place of a bucket, to write")
    add("--model", metavar="NAME", help="of `impasto models`, or an exported folder (default: the first)")
    add("--runtime", choices=tuple(RUNTIMES), help="what computes (default: the fastest that is installed)")
    add("--threads", type=count(1, 1024), default=1, metavar="N", help="for computing, in each process (default: 1)")
    look = corpus.add_argument_group("how to paint")
    add = look.add_argument
    add(
        "--strength", type=number(0, 10), metavar="S",
        help="0 paints photographs in their own style, 1 in the other (default: 1, or what a saved style says)",
    )  # fmt: skip
    add("--size", type=pixels, metavar="N", help="long side of the pictures (default: the photographs' own)")
    add(
        "--stroke", type=number(0, 16), default=1.0, metavar="X",
        help="size of the strokes, as of impasto image; 0 gives them the network's own size in pixels (default: 1)",
    )  # fmt: skip
    add("--keep-color", choices=("luma",), help="keep the photographs' colours, as of impasto image")
    add("--tile", type=pixels, metavar="N", help="largest side that is painted at once, in pixels, for less memory")
    add = corpus.add_argument_group("what to write").add_argument
    add("--format", choices=("jpg", "png", "webp", "tif", "avif"), default="jpg", help="of the pictures (default: jpg)")
    add("--quality", type=count(1, 100), default=95, metavar="N", help="of JPEG, WebP and AVIF (default: 95)")
    add("--no-metadata", action="store_true", help="write no EXIF, resolution and profile of the photographs")
    runners.add_flags(corpus)
    corpus.set_defaults(run=_run, interrupted="interrupted; the same command goes on")


def _run(options: argparse.Namespace) -> int:
    from impasto.bulk.painting import WORK, Corpus, Look, from_json
    from impasto.bulk.places import Place
    from impasto.bulk.work import Work

    choice = runners.chosen(options)
    look = Look(
        strength=options.strength, stroke=options.stroke or None, size=options.size, keep_color=options.keep_color,
        tile=options.tile, format=options.format, quality=options.quality, keep_metadata=not options.no_metadata,
    )  # fmt: skip
    work = Work(Place(options.out), WORK)
    with work.alone():
        plan = _planned(options, work, look)
        styles = [from_json(kept) for kept in plan["styles"]]
        doer = Corpus(work, styles, look, options.model, options.runtime, options.threads)
        runners.run(doer, plan["parts"], choice, "painting")
        return _report(options.out, work, plan)


def _planned(options: argparse.Namespace, work: Work, look: Look) -> dict[str, Any]:
    """What is to be painted: the plan that lies there, unless all of it is done and there is more to paint now."""
    from impasto.bulk.painting import as_json, parts, photographs, settings
    from impasto.bulk.work import refuse_another
    from impasto.cli_image import named_styles
    from impasto.library import find, own_styles

    asked = {"content": options.content, "style": options.style}
    own = settings(look, find(options.model, options.runtime).fingerprint)
    before = work.begun()
    if before is not None:
        refuse_another(before["settings"], own, options.out, "painting")
        if len(work.done()) < before["parts"]:
            refuse_another(before["asked"], asked, options.out, "painting")
            return before
    folders = set() if before is None else {style["label"] for style in before["styles"]} | {*before.get("folders", ())}
    found, ignored, refused = photographs(options.content, options.out, sorted(folders))
    styles, labels, _ = named_styles(options.style, own_styles(options.model, options.runtime))
    _tell(ignored, [str(error) for error in refused])
    listing = hashlib.sha256(json.dumps([found, [str(style) for style in styles]]).encode()).hexdigest()
    if before is not None and before["listing"] == listing:
        return before
    embedded = [as_json(*pair) for pair in _embedded(options, styles, labels)]
    if before is None:
        work.refuse_taken(["report.json", *(style["label"] for style in embedded)])
    else:
        _refuse_exchanged(work, before, found, embedded)
    plan = {
        "settings": own, "asked": asked, "listing": listing, "styles": embedded, "photographs": len(found),
        # Of all runs: what was painted in a style that is asked for no more is no photograph either.
        "folders": sorted(folders | {style["label"] for style in embedded}),
    }  # fmt: skip
    return work.begin(plan, parts(found))


def _tell(ignored: Sequence[str], refused: Sequence[str]) -> None:
    if ignored:
        first = ", ".join(shown(name) for name in ignored[:3]) + (", ..." if len(ignored) > 3 else "")
        complain(f"note: {len(ignored)} files are no pictures and passed over: {first}")
    for reason in refused:
        complain(f"error: {reason}")


def _embedded(options: argparse.Namespace, styles: Sequence[Any], labels: Sequence[str]) -> list[tuple[str, Any]]:
    """Every style with the name of its folder, looked at once."""
    from impasto.painter import load
    from impasto.pictures.names import shortened, unique

    with load(options.model, runtime=options.runtime) as painter:
        # A folder that begins with a dot is left out where pictures are looked for.
        names = unique([shortened(label.lstrip("."), 200) or "style" for label in labels])
        return [(name, painter.embed(style)) for name, style in zip(names, styles, strict=True)]


def _refuse_exchanged(
    work: Work, before: dict[str, Any], found: Sequence[tuple[str, str]], styles: Sequence[dict[str, Any]]
) -> None:
    """Raises ValueError where a picture that is there would be taken for that of another photograph or painting."""
    earlier = {style["label"]: style["embedding"] for style in before["styles"]}
    for style in styles:
        if earlier.get(style["label"], style["embedding"]) != style["embedding"]:
            raise ValueError(
                f"{shown(work.place)}: the pictures in {shown(style['label'])} were painted in another painting of "
                "that name; choose another folder, or rename the painting"
            )
    owners = {name: source for source, name in found}
    for part in map(work.part, range(before["parts"])):
        for source, name in part:
            if owners.get(name, source) != source:
                raise ValueError(
                    f"{shown(work.place)}: the name {shown(name)} was given to {shown(source)} before, and now would "
                    f"be that of {shown(owners[name])}; choose another folder, or rename the photograph"
                )


def _report(out: str, work: Work, plan: dict[str, Any]) -> int:
    """Writes and tells what came of all parts; returns the exit code."""
    written, failed = 0, []
    for result in work.results():
        written += result["written"]
        failed += result["failed"]
    report = {
        "format": "impasto-corpus",
        "version": 1,
        "photographs": plan["photographs"],
        "styles": [style["label"] for style in plan["styles"]],
        "pictures": written,
        "failed": failed,
    }
    work.place.write("report.json", (json.dumps(report, indent=1) + "\n").encode(), work.drafts)
    for entry in failed[:20]:
        complain(f"error: {shown(entry['name'])}: {shown(entry['reason'])}")
    if len(failed) > 20:
        complain(f"error: ... and {len(failed) - 20} more, named in {shown(work.place.path('report.json'))}")
    total = plan["photographs"] * len(plan["styles"])
    say(f"{shown(out)}: {written} of {total} pictures are there")
    return 1 if failed else 0
